package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

var (
	// errNotConnected: somebody is signed in, but not connected to Toggl.
	errNotConnected = errors.New("not connected to Toggl")
	// errSharedRefused: Toggl doesn't take the connection that everybody shares.
	errSharedRefused = errors.New("the shared connection is refused")
)

// connects reports whether people connect to Toggl by themselves, after a proxy or
// a provider has signed them in.
func (h *Handlers) connects() bool {
	return (h.gate.ByProxy() || h.gate.ByProvider()) && !h.isShared()
}

// connected makes sure that the session can ask Toggl: with its own connection, the
// one that the person keeps, or the one that everybody shares. The error is
// errNotConnected where the person has to connect.
func (h *Handlers) connected(c echo.Context, s *auth.Session) error {
	if s.UserID != 0 {
		return nil
	}
	if h.isShared() {
		err := h.adopt(c, s, h.shared)
		if isRefusal(err) {
			return errors.Join(errSharedRefused, err)
		}
		return err
	}
	kept, err := h.keptFor(c.Request().Context(), s)
	switch {
	case errors.Is(err, auth.ErrConnectionUnreadable):
		h.log.Warn("a kept connection can't be opened", "id", requestIDOf(c), "error", err)
		return h.connectAgain(c, s, "The connection to Toggl that you kept can't be opened any more.")
	case err != nil:
		return errors.Join(errStore, err)
	case kept == nil:
		return errNotConnected
	}
	s.Track, s.FocusKey, s.FocusKeyAddedAt, s.FocusOrganizations = kept.Track, kept.FocusKey, kept.FocusKeyAddedAt, kept.FocusOrganizations
	err = h.adopt(c, s, h.credentials(s))
	if isRefusal(err) {
		return h.connectAgain(c, s, "Toggl no longer takes the connection that you kept.")
	}
	return err
}

// isRefusal reports whether Toggl doesn't know the credentials: of those that are
// wrong it says either.
func isRefusal(err error) bool {
	return errors.Is(err, apiclient.ErrUnauthorized) || errors.Is(err, apiclient.ErrForbidden)
}

func (h *Handlers) connectAgain(c echo.Context, s *auth.Session, why string) error {
	forgetToggl(s)
	s.Flash = append(s.Flash, auth.Flash{Kind: "warn", Text: why + " Connect again."})
	if err := h.save(c, s); err != nil {
		return err
	}
	return errNotConnected
}

func (h *Handlers) keptFor(ctx context.Context, s *auth.Session) (*auth.Connection, error) {
	if h.kept == nil || !h.connects() {
		return nil, nil
	}
	return h.kept.Load(ctx, s.Subject)
}

// adopt asks Toggl whose the credentials are, and has the session remember it.
func (h *Handlers) adopt(c echo.Context, s *auth.Session, credentials apiclient.Credentials) error {
	ctx, api := c.Request().Context(), h.factory.Client(credentials)
	me, err := api.GetMe(ctx)
	if err != nil {
		return err
	}
	h.remember(ctx, s, api, me)
	return h.save(c, s)
}

// remember has the session know the account. Where the organizations can't be read
// the picker says why.
func (h *Handlers) remember(ctx context.Context, s *auth.Session, api *apiclient.Client, me apiclient.Me) {
	s.UserID, s.TimeZone, s.Account = me.ID, me.Timezone, displayName(me.Fullname, me.Email)+", "+me.Email
	if list, err := api.ListMyOrganizations(ctx); err == nil {
		s.Organizations = rememberOrganizations(list)
	}
}

func forgetToggl(s *auth.Session) {
	s.Track, s.FocusKey, s.FocusKeyAddedAt, s.FocusOrganizations = auth.TrackCredentials{}, "", time.Time{}, nil
	s.UserID, s.Account, s.Organizations = 0, "", nil
}

func (h *Handlers) save(c echo.Context, s *auth.Session) error {
	if err := h.sessions.Save(c.Response(), c.Request(), s); err != nil {
		return errors.Join(errStore, err)
	}
	return nil
}

// unconnectedKey is where authorize leaves that the person has to connect first.
const unconnectedKey = "unconnected"

func isUnconnected(c echo.Context) bool {
	unconnected, _ := c.Get(unconnectedKey).(bool)
	return unconnected
}

// askToConnect leads to the page on which the person connects, and back.
func askToConnect(c echo.Context) error { return askAt(c, views.ConnectURL) }

// A connectForm is what was typed to connect. The secrets never go back to the page.
type connectForm struct {
	signInForm
	FocusKey string
	Keep     bool
}

func (h *Handlers) showConnect(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	form := connectForm{signInForm: signInForm{ReturnTo: c.QueryParam("return_to")}}
	return h.renderConnect(c, http.StatusOK, s, form, nil)
}

func (h *Handlers) renderConnect(c echo.Context, status int, s *auth.Session, form connectForm, faults map[string]string) error {
	page := h.withFlash(c, h.newPage(c, nil, "Connect Toggl"))
	page.Failed, page.Person = len(faults) > 0, views.Person{}
	return render(c, status, views.ConnectPage(page, views.Connect{
		SignIn: views.SignIn{ReturnTo: auth.SafeReturn(form.ReturnTo), Email: form.Email, Errors: fieldErrors(faults)},
		As:     s.Name, MayKeep: h.kept != nil, Keep: form.Keep,
	}))
}

// connect checks the credentials with Toggl before the session has them.
func (h *Handlers) connect(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	form := connectForm{signInForm: readSignIn(c), FocusKey: strings.TrimSpace(c.FormValue("focus_key")), Keep: c.FormValue("keep") == isTrue}
	form.Demo, form.Draft = "", ""
	if faults := form.validate(); len(faults) > 0 {
		return h.renderConnect(c, http.StatusUnprocessableEntity, s, form, faults)
	}
	if wait := h.limiter.Allow(h.proxies.ClientIP(c.Request()), form.account()); wait > 0 {
		h.log.Warn("attempts to connect limited", "id", requestIDOf(c), "ip", c.RealIP())
		c.Response().Header().Set(echo.HeaderRetryAfter, retryAfter(wait))
		return h.renderConnect(c, http.StatusTooManyRequests, s, form, map[string]string{"": h.tooManyAttempts(c, wait)})
	}
	track := auth.TrackCredentials{APIToken: form.APIToken, Email: form.Email, Password: form.Password}
	api := h.factory.Client(credentialsOf(track, form.FocusKey))
	me, err := api.Fresh().GetMe(c.Request().Context())
	if err != nil {
		status, faults, err := h.signInFaults(c, form.signInForm, err)
		if err != nil {
			return err
		}
		return h.renderConnect(c, status, s, form, faults)
	}
	h.limiter.Succeeded(form.account())
	h.forget(c, s)
	forgetToggl(s)
	s.Track = track
	h.remember(c.Request().Context(), s, api, me)
	h.connectFocusToo(c, s, api, form.FocusKey)
	if err := h.keep(c, s, form.Keep); err != nil {
		return err
	}
	if err := h.save(c, s); err != nil {
		return err
	}
	h.log.Info("connected", "id", requestIDOf(c), "user_id", me.ID, "kept", form.Keep)
	return redirect(c, h.afterSignIn(form.signInForm, s))
}

func credentialsOf(track auth.TrackCredentials, focusKey string) apiclient.Credentials {
	return apiclient.Credentials{APIToken: track.APIToken, Email: track.Email, Password: track.Password, FocusKey: focusKey}
}

// connectFocusToo takes the key if Focus does. If not, the person is connected all
// the same, and told why that part is missing.
func (h *Handlers) connectFocusToo(c echo.Context, s *auth.Session, api *apiclient.Client, key string) {
	if key == "" {
		return
	}
	why := "Add it in the settings, with the organization's ID in Focus."
	if len(s.Organizations) > 0 {
		err := checkFocus(c.Request().Context(), api, s.Organizations[0].ID)
		if err == nil {
			s.FocusKey, s.FocusKeyAddedAt = key, h.now()
			return
		}
		var upstream *apiclient.Error
		if errors.As(err, &upstream) {
			why = "Toggl Focus said: " + focusWords(upstream) + " Add it in the settings."
		}
	}
	s.Flash = append(s.Flash, auth.Flash{Kind: "warn", Text: "The Focus API key was not taken. " + why})
}

// keep keeps what the session is connected with for the identity, or forgets it.
func (h *Handlers) keep(c echo.Context, s *auth.Session, wanted bool) error {
	if h.kept == nil {
		return nil
	}
	ctx := c.Request().Context()
	var err error
	if wanted {
		err = h.kept.Save(ctx, s.Subject, auth.Connection{
			Track: s.Track, FocusKey: s.FocusKey, FocusKeyAddedAt: s.FocusKeyAddedAt, FocusOrganizations: s.FocusOrganizations,
		})
	} else {
		err = h.kept.Delete(ctx, s.Subject)
	}
	if err != nil {
		return errors.Join(errStore, err)
	}
	return nil
}

// keepConnection keeps the connection of this session from the settings.
func (h *Handlers) keepConnection(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	if s.UserID == 0 || h.kept == nil {
		return askToConnect(c)
	}
	if err := h.keep(c, s, true); err != nil {
		return err
	}
	return h.saveSettings(c, s, "The connection is kept for your next sign-in.", views.PathSettings)
}

// disconnect forgets the connection, in this session and where it is kept.
func (h *Handlers) disconnect(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	if err := h.keep(c, s, false); err != nil {
		return err
	}
	h.forget(c, s)
	forgetToggl(s)
	return h.saveSettings(c, s, "Toggl is disconnected, and nothing of it is kept.", views.PathSettings)
}

// stillKept keeps what the settings have just changed, if the connection is kept.
func (h *Handlers) stillKept(c echo.Context, s *auth.Session) error {
	kept, err := h.keptFor(c.Request().Context(), s)
	if errors.Is(err, auth.ErrConnectionUnreadable) || err == nil && kept == nil {
		return nil
	}
	if err != nil {
		return errors.Join(errStore, err)
	}
	return h.keep(c, s, true)
}
