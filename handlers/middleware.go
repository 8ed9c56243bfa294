package handlers

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// A request id from outside is taken only in this form: it is echoed in the
// answer, the log and on problem pages.
var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

func requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if !requestIDForm.MatchString(id) {
			id = rand.Text()
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

func requestIDOf(c echo.Context) string {
	return c.Response().Header().Get(echo.HeaderXRequestID)
}

// logRequests writes one line a request: the path, never the query, which may
// hold names and e-mail addresses. It renders errors, so that the status is known.
func (h *Handlers) logRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := h.now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		took := h.now().Sub(start)
		h.metrics.observeRequest(c, took)
		level := slog.LevelInfo
		if c.Path() == "/healthz" || c.Path() == "/static/*" {
			level = slog.LevelDebug
		}
		h.log.LogAttrs(c.Request().Context(), level, "request",
			slog.String("id", requestIDOf(c)),
			slog.String("method", c.Request().Method),
			slog.String("path", c.Request().URL.Path),
			slog.Int("status", c.Response().Status),
			slog.Int64("bytes", c.Response().Size),
			slog.Duration("took", took.Round(time.Microsecond)),
			slog.String("ip", c.RealIP()),
		)
		if errors.Is(err, errCutShort) {
			panic(http.ErrAbortHandler) // the server's way to cut a connection
		}
		return nil
	}
}

func (h *Handlers) logPanic(c echo.Context, err error, stack []byte) error {
	h.log.Error("panic", "id", requestIDOf(c), "error", err, "stack", string(stack))
	return err
}

// passError hands a timeout to the error handler like any other error.
func passError(err error, _ echo.Context) error { return err }

// noStore keeps signed-in pages out of every cache, the browser's included.
func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		setNoStore(c)
		return next(c)
	}
}

func setNoStore(c echo.Context) {
	header := c.Response().Header()
	if header.Get(echo.HeaderCacheControl) == "" {
		header.Set(echo.HeaderCacheControl, "no-store")
		header.Add(echo.HeaderVary, headerRequest)
	}
}

// refuseCrossSite refuses changes that another site's page asked for.
func (h *Handlers) refuseCrossSite(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Path() == "/csp-report" { // browsers send reports without cookies, from anywhere
			return next(c)
		}
		if err := h.crossSite.Check(c.Request()); err != nil {
			h.log.Warn("cross-site request refused", "id", requestIDOf(c), "ip", c.RealIP(), "path", c.Request().URL.Path)
			return err
		}
		return next(c)
	}
}

// pathUnknown matches what no other route does.
const pathUnknown = "/*"

// refuseUnknown tells an address that doesn't exist from one that is used in
// the wrong way.
func (h *Handlers) refuseUnknown(c echo.Context) error {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := h.echo.NewContext(c.Request(), nil)
		h.echo.Router().Find(method, echo.GetPath(c.Request()), other)
		if other.Path() != pathUnknown {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		return echo.ErrNotFound
	}
	c.Response().Header().Set(echo.HeaderAllow, strings.Join(allowed, ", "))
	return echo.ErrMethodNotAllowed
}

// reportCSP takes the browser's report that a page broke its own policy. That
// is always a bug of ours, so it is logged, without the addresses in it.
func (h *Handlers) reportCSP(c echo.Context) error {
	h.log.Warn("content security policy report", "id", requestIDOf(c), "bytes", c.Request().ContentLength)
	return c.NoContent(http.StatusNoContent)
}
