package handlers

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"roster/auth"
)

// readyTimeout is how long a probe waits for the database.
const readyTimeout = 2 * time.Second

// showHealth says that the process answers.
func (h *Handlers) showHealth(c echo.Context) error {
	return c.String(http.StatusOK, "ok\n")
}

// showReady says whether requests can be served, and if not for want of what: the
// database, or the keys of the provider or proxy that signs people in. Toggl is not
// asked: when it is away, Roster still shows what it knows.
func (h *Handlers) showReady(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	if err := h.ready(ctx); err != nil {
		h.log.Warn("not ready", "id", requestIDOf(c), "error", err)
		return c.String(http.StatusServiceUnavailable, lacks(err)+"\n")
	}
	return c.String(http.StatusOK, "ok\n")
}

func lacks(err error) string {
	if errors.Is(err, auth.ErrKeys) || errors.Is(err, auth.ErrProvider) {
		return "keys"
	}
	return "database"
}

// retryAfter is a Retry-After header: whole seconds, rounded up.
func retryAfter(wait time.Duration) string {
	return strconv.Itoa(int(math.Ceil(wait.Seconds())))
}
