package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// DemoSignIn is one of the sandbox's people. Only the demo command has any.
type DemoSignIn struct {
	Name, Role string
	APIToken   string
	FocusKey   string
}

// signInForm is what was typed. The secrets never go back to the page.
type signInForm struct {
	APIToken, Email, Password string
	Demo                      string
	ReturnTo                  string
	// Draft is a form that was sent after the session had ended, encoded.
	Draft string
}

// togglDoor lets people in with their Toggl credentials.
type togglDoor struct{ *Handlers }

func (togglDoor) farewell(c echo.Context, _ string) error { return redirect(c, views.PathSignIn) }

func (h togglDoor) show(c echo.Context) error {
	form := signInForm{ReturnTo: c.QueryParam("return_to")}
	return h.renderSignIn(c, http.StatusOK, form, nil)
}

// begin checks the credentials with Toggl before a session exists.
func (h togglDoor) begin(c echo.Context) error {
	form := readSignIn(c)
	person, demo := h.demoPerson(form.Demo)
	if demo {
		form.APIToken = person.APIToken
	}
	if faults := form.validate(); len(faults) > 0 {
		return h.renderSignIn(c, http.StatusUnprocessableEntity, form, faults)
	}
	if !demo { // the demo's people have no secret to guess
		if wait := h.limiter.Allow(h.proxies.ClientIP(c.Request()), form.account()); wait > 0 {
			return h.refuseSignIn(c, form, wait)
		}
	}
	api := h.factory.Client(apiclient.Credentials{APIToken: form.APIToken, Email: form.Email, Password: form.Password})
	me, err := api.Fresh().GetMe(c.Request().Context())
	if err != nil {
		return h.failSignIn(c, form, err)
	}
	h.limiter.Succeeded(form.account())

	s := auth.Session{
		Subject: subjectOf(me), Role: h.gate.RoleOf(togglIdentity(me)), Name: displayName(me.Fullname, me.Email), Email: me.Email, UserID: me.ID, TimeZone: me.Timezone,
		Track: auth.TrackCredentials{APIToken: form.APIToken, Email: form.Email, Password: form.Password},
		Demo:  demo,
	}
	if demo {
		s.FocusKey, s.FocusKeyAddedAt = person.FocusKey, h.now()
	}
	// Where this fails the person is signed in all the same; the picker says why.
	if list, err := api.ListMyOrganizations(c.Request().Context()); err == nil {
		s.Organizations = rememberOrganizations(list)
	}
	if err := h.sessions.SignIn(c.Response(), c.Request(), s); err != nil {
		return errors.Join(errStore, err)
	}
	h.log.Info("signed in", "id", requestIDOf(c), "user_id", me.ID, "ip", c.RealIP())
	if form.Draft != "" {
		return h.sentDraft(c, form, s.Name)
	}
	return redirect(c, h.afterSignIn(form, &s))
}

func readSignIn(c echo.Context) signInForm {
	return signInForm{
		APIToken: strings.TrimSpace(c.FormValue("api_token")),
		Email:    strings.TrimSpace(c.FormValue("email")),
		Password: c.FormValue("password"),
		Demo:     c.FormValue("demo"),
		ReturnTo: c.FormValue("return_to"),
		Draft:    c.FormValue("draft"),
	}
}

// validate is by field name. A token alone is enough; without it both e-mail
// and password are needed.
func (f signInForm) validate() map[string]string {
	faults := map[string]string{}
	switch {
	case f.APIToken != "" || f.Demo != "":
	case f.Email == "" && f.Password == "":
		faults["api_token"] = "Enter your API token."
	case f.Email == "":
		faults["email"] = "Enter your e-mail address."
	case f.Password == "":
		faults["password"] = "Enter your password."
	}
	if f.Demo != "" && f.APIToken == "" {
		faults[""] = "There is no such person in this demo."
	}
	return faults
}

// account is what sign-in attempts are counted by, besides the address.
func (f signInForm) account() string {
	if f.APIToken != "" {
		return f.APIToken
	}
	return strings.ToLower(f.Email)
}

func (h *Handlers) demoPerson(key string) (DemoSignIn, bool) {
	i := slices.IndexFunc(h.demo, func(d DemoSignIn) bool { return d.Role == key })
	if i < 0 {
		return DemoSignIn{}, false
	}
	return h.demo[i], true
}

// subjectOf identifies a person across sessions: by Toggl's number, never by
// an address that can change.
func subjectOf(me apiclient.Me) string { return "toggl:" + formID(&me.ID) }

// togglIdentity is whom roles are given to in the mode toggl: the number alone
// is the subject, so that an operator's list can name it.
func togglIdentity(me apiclient.Me) auth.Identity {
	return auth.Identity{Issuer: issuerToggl, Subject: formID(&me.ID), Name: displayName(me.Fullname, me.Email), Email: me.Email}
}

// togglIdentityOf is the same of whoever has signed in.
func togglIdentityOf(s *auth.Session) auth.Identity {
	return auth.Identity{Issuer: issuerToggl, Subject: formID(&s.UserID), Name: s.Name, Email: s.Email}
}

func (h *Handlers) afterSignIn(form signInForm, s *auth.Session) string {
	if back := auth.SafeReturn(form.ReturnTo); back != views.PathHome {
		return back
	}
	return startURL(s)
}

func (h *Handlers) refuseSignIn(c echo.Context, form signInForm, wait time.Duration) error {
	h.log.Warn("sign-in attempts limited", "id", requestIDOf(c), "ip", c.RealIP())
	c.Response().Header().Set(echo.HeaderRetryAfter, retryAfter(wait))
	return h.renderSignIn(c, http.StatusTooManyRequests, form, map[string]string{"": h.tooManyAttempts(c, wait)})
}

func (h *Handlers) tooManyAttempts(c echo.Context, wait time.Duration) string {
	return "Too many attempts. Try again at " + h.clock(c).Hour(h.now().Add(wait).Add(time.Minute)) + " UTC."
}

// failSignIn tells beside the field that Toggl refused, and of anything else
// above the form: nothing typed is lost but the secrets.
func (h *Handlers) failSignIn(c echo.Context, form signInForm, err error) error {
	status, faults, err := h.signInFaults(c, form, err)
	if err != nil {
		return err
	}
	return h.renderSignIn(c, status, form, faults)
}

// signInFaults are what is wrong by field, if it is Toggl that says so.
func (h *Handlers) signInFaults(c echo.Context, form signInForm, err error) (int, map[string]string, error) {
	var upstream *apiclient.Error
	if !errors.As(err, &upstream) {
		return 0, nil, err
	}
	h.log.Warn("sign-in refused", "id", requestIDOf(c), "ip", c.RealIP(), "kind", string(upstream.Kind))
	if upstream.Kind == apiclient.ErrUnauthorized || upstream.Kind == apiclient.ErrForbidden {
		field, text := "api_token", "Toggl doesn't know this API token."
		if form.APIToken == "" {
			field, text = "password", "Toggl doesn't know this e-mail address with this password."
		}
		return http.StatusUnprocessableEntity, map[string]string{field: text}, nil
	}
	p := h.upstreamProblem(c, upstream)
	return p.Status, map[string]string{"": strings.TrimSpace(p.Title + ". " + p.Words)}, nil
}

func (h *Handlers) renderSignIn(c echo.Context, status int, form signInForm, faults map[string]string) error {
	page := h.newPage(c, nil, "Sign in")
	page.Organization, page.Failed = nil, len(faults) > 0
	v := views.SignIn{ReturnTo: auth.SafeReturn(form.ReturnTo), Draft: form.Draft, Email: form.Email, Errors: fieldErrors(faults)}
	if form.Email != "" {
		v.Method = "password"
	}
	for _, person := range h.demo {
		v.Demo = append(v.Demo, views.DemoPerson{Key: person.Role, Name: person.Name, Role: person.Role, Avatar: views.AvatarOf(person.Name)})
	}
	return render(c, status, views.SignInPage(page, v))
}

// fieldErrors are our own words, by field name.
func fieldErrors(faults map[string]string) map[string]views.FieldError {
	out := make(map[string]views.FieldError, len(faults))
	for name, text := range faults {
		out[name] = views.FieldError{Text: text}
	}
	return out
}
