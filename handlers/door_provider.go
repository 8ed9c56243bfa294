package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"roster/auth"
	"roster/views"
)

// providerDoor lets people in whom an OpenID provider vouches for. It is behind a
// button: a sign-in is begun by a POST, so no other site, no prefetch and no loop
// of redirects begins one.
type providerDoor struct{ *Handlers }

func (h providerDoor) keep(c echo.Context, form url.Values) error { return h.keepForAuthor(c, form) }

func (h providerDoor) show(c echo.Context) error {
	back := auth.SafeReturn(c.QueryParam("return_to"))
	if s := sessionOf(c); s != nil {
		return h.afterEntry(c, s, back)
	}
	kept, err := h.sessions.HasDraft(c.Request())
	if err != nil {
		return errors.Join(errStore, err)
	}
	page := h.newPage(c, nil, "Sign in")
	return render(c, http.StatusOK, views.SignInProviderPage(page, views.SignInProvider{ReturnTo: back, HasDraft: kept}))
}

func (h providerDoor) begin(c echo.Context) error {
	address, err := h.gate.Begin(c.Response(), c.Request(), c.FormValue("return_to"))
	if err != nil {
		return h.entryFailed(c, err)
	}
	return h.leadOn(c, views.Forward{
		Title: "Signing in", Text: "You are led to your company's sign-in page.", Next: views.Link{Label: "Continue", URL: address},
	})
}

func (h providerDoor) farewell(c echo.Context, address string) error {
	if address == "" {
		return redirect(c, views.PathSignIn)
	}
	return h.leadOn(c, views.Forward{
		Title: "Signed out of Roster", Text: "You are led on to sign out of your company's sign-in page too.", Next: views.Link{Label: "Continue", URL: address},
	})
}

// finishSignIn takes whoever comes back from the provider.
func (h *Handlers) finishSignIn(c echo.Context) error {
	s, back, err := h.gate.Finish(c.Response(), c.Request())
	if err != nil {
		return h.entryFailed(c, err)
	}
	h.log.Info("signed in", "id", requestIDOf(c), "ip", c.RealIP(), "role", string(s.Role))
	return h.afterEntry(c, s, back)
}

// entryFailed logs what the provider said, which pages don't show.
func (h *Handlers) entryFailed(c echo.Context, err error) error {
	var refused *auth.RefusedError
	switch {
	case isSecurityEvent(err):
		return h.doubt(c, err)
	case errors.As(err, &refused):
		h.log.Warn("sign-in refused", "id", requestIDOf(c), "ip", c.RealIP(), "code", refused.Code, "description", refused.Description)
		return err
	case errors.Is(err, auth.ErrAttempt), errors.Is(err, auth.ErrProvider):
		h.log.Warn("sign-in failed", "id", requestIDOf(c), "ip", c.RealIP(), "error", err)
		return err
	}
	return errors.Join(errStore, err)
}

// endByProvider is the provider's own order to end sessions. It comes from no
// browser: the signed token in it is all that counts, and the failed ones of an
// address are limited.
func (h *Handlers) endByProvider(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	address := h.proxies.ClientIP(c.Request())
	if wait := h.logouts.Wait(address); wait > 0 {
		c.Response().Header().Set(echo.HeaderRetryAfter, retryAfter(wait))
		return c.NoContent(http.StatusTooManyRequests)
	}
	ended, err := h.gate.BackChannel(c.Request())
	switch {
	case err == nil:
		h.log.Info("sessions ended by the provider", "id", requestIDOf(c), "sessions", ended)
		return c.NoContent(http.StatusOK)
	case isSecurityEvent(err):
		h.logouts.Allow(address, "") // counts it
		_ = h.doubt(c, err)
		return c.JSON(http.StatusBadRequest, map[string]string{"error": "invalid_request"})
	case errors.Is(err, auth.ErrProvider):
		h.log.Warn("a logout token can't be checked", "id", requestIDOf(c), "error", err)
		return c.NoContent(http.StatusServiceUnavailable)
	}
	h.log.Error("sessions could not be ended", "id", requestIDOf(c), "error", err)
	return c.NoContent(http.StatusServiceUnavailable)
}
