package handlers

import (
	"errors"
	"net/url"

	"github.com/labstack/echo/v4"

	"roster/auth"
	"roster/views"
)

// A door is how people come in and go out: there is one for each way to sign in.
type door interface {
	// show answers whoever opens the sign-in page, begin whoever sends its form.
	show(c echo.Context) error
	begin(c echo.Context) error
	// farewell answers whoever has signed out. address is where the proxy or the
	// provider ends its own session; it may be empty.
	farewell(c echo.Context, address string) error
	// keep answers whoever has sent a form after their session had ended, so that
	// it is there to be sent again once they have signed in.
	keep(c echo.Context, form url.Values) error
}

func (h *Handlers) newDoor() door {
	switch {
	case h.gate.ByProxy():
		return proxyDoor{h}
	case h.gate.ByProvider():
		return providerDoor{h}
	}
	return togglDoor{h}
}

func (h *Handlers) showSignIn(c echo.Context) error { return h.door.show(c) }
func (h *Handlers) signIn(c echo.Context) error     { return h.door.begin(c) }

// entryKey is where enter leaves why nobody was let in.
const entryKey = "entry"

// enter is the session of the request, nil where the person has to sign in. On
// routes that are open to everybody it is no failure that nobody is.
func (h *Handlers) enter(c echo.Context) (*auth.Session, error) {
	begins := c.Request().Method == echo.GET && !isHTMX(c)
	s, err := h.gate.Enter(c.Response(), c.Request(), begins)
	nobody := errors.Is(err, auth.ErrSignInAgain) // also where noting that down failed
	if h.rules[c.Request().Method+" "+c.Path()] == ruleOpen {
		nobody = nobody || errors.Is(err, auth.ErrNoIdentity) || errors.Is(err, auth.ErrKeys) || errors.Is(err, auth.ErrProvider)
	}
	switch {
	case err == nil:
		if s != nil && s.Issuer == "" {
			h.gate.Judge(s, togglIdentityOf(s))
		}
		return s, nil
	case isSecurityEvent(err):
		return nil, h.doubt(c, err)
	case nobody:
		c.Set(entryKey, err)
		return nil, nil
	case isEntryError(err):
		return nil, err
	}
	return nil, errors.Join(errStore, err)
}

// doubt notes that somebody may be pretending to be somebody else.
func (h *Handlers) doubt(c echo.Context, err error) error {
	h.metrics.securityEvents.WithLabelValues(securityEvent(err)).Inc()
	h.log.Warn("security event", "event", securityEvent(err), "id", requestIDOf(c), "ip", c.RealIP(), "path", c.Request().URL.Path, "error", err)
	return err
}

// securityEvent names the event in the log and in the metrics; empty is none.
func securityEvent(err error) string {
	switch {
	case errors.Is(err, auth.ErrUntrustedPeer):
		return "untrusted_peer"
	case errors.Is(err, auth.ErrBadIdentity):
		return "bad_identity"
	case errors.Is(err, auth.ErrBadAnswer):
		return "bad_answer"
	case errors.Is(err, auth.ErrLogoutRefused):
		return "logout_refused"
	}
	return ""
}

func isSecurityEvent(err error) bool { return securityEvent(err) != "" }

// isEntryError reports whether it is the proxy's or the provider's word that is
// missing, not our own store.
func isEntryError(err error) bool {
	return errors.Is(err, auth.ErrNoIdentity) || errors.Is(err, auth.ErrKeys) || errors.Is(err, auth.ErrProvider) || isSecurityEvent(err)
}

// signOut ends the session at the server and forgets what was read with it.
func (h *Handlers) signOut(c echo.Context) error {
	s, err := h.sessions.Load(c.Request()) // also one that nobody vouches for any more
	if err != nil {
		return errors.Join(errStore, err)
	}
	address, err := h.gate.Leave(c.Response(), c.Request())
	if err != nil {
		return errors.Join(errStore, err)
	}
	if s != nil {
		h.forget(c, s)
		h.log.Info("signed out", "id", requestIDOf(c), "user_id", s.UserID)
	}
	return h.door.farewell(c, address)
}

// signOutEverywhere ends the person's sessions in all browsers. What they have
// under way goes on to its end, as after any sign-out.
func (h *Handlers) signOutEverywhere(c echo.Context) error {
	s := sessionOf(c)
	if s == nil {
		return askToSignIn(c)
	}
	address, ended, err := h.gate.LeaveEverywhere(c.Response(), c.Request())
	if err != nil && !errors.Is(err, auth.ErrSessionGone) {
		return errors.Join(errStore, err)
	}
	h.forget(c, s)
	h.log.Info("signed out everywhere", "id", requestIDOf(c), "user_id", s.UserID, "sessions", ended)
	return h.door.farewell(c, address)
}

// leadOn sends the browser to another site. A redirect would be refused after a
// form ("form-action 'self'"), so a page does it.
func (h *Handlers) leadOn(c echo.Context, v views.Forward) error {
	if isHTMX(c) {
		c.Response().Header().Set(headerRedirect, v.Next.URL)
		return c.NoContent(200)
	}
	page := h.newPage(c, nil, v.Title)
	page.Person, page.Forward = views.Person{}, v.Next.URL
	return render(c, 200, views.ForwardPage(page, v))
}
