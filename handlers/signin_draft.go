package handlers

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// keepDraft is for forms that take a while to fill in: where the session ended
// meanwhile, and maybe another began that isn't connected to Toggl, what was typed is
// there to be sent again after that. Never use it for forms that hold secrets.
func (h *Handlers) keepDraft(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s := sessionOf(c); s != nil && !isUnconnected(c) {
			err := next(c)
			if err == nil {
				h.draftSent(c, s)
			}
			return err
		}
		if isHTMX(c) {
			return next(c)
		}
		form, err := readForm(c)
		if err != nil {
			return err
		}
		if len(form) == 0 {
			return next(c)
		}
		return h.door.keep(c, form)
	}
}

// draftSent forgets a draft that has been sent after all.
func (h *Handlers) draftSent(c echo.Context, s *auth.Session) {
	d, err := h.sessions.Draft(c.Request(), s.Subject)
	if err == nil && d != nil && d.Action == c.Request().URL.RequestURI() {
		err = h.sessions.DropDraft(c.Request())
	}
	if err != nil { // it'd be offered once more, within the hour
		h.log.Warn("a draft could not be forgotten", "id", requestIDOf(c), "error", err)
	}
}

// keep has the form go through the sign-in page itself.
func (h togglDoor) keep(c echo.Context, form url.Values) error {
	return h.renderSignIn(c, http.StatusUnauthorized, signInForm{
		ReturnTo: c.Request().URL.RequestURI(), Draft: form.Encode(),
	}, nil)
}

// keepForAuthor is for the doors that lead to another site: of what is typed, no page
// of ours gets through there.
func (h *Handlers) keepForAuthor(c echo.Context, form url.Values) error {
	action := c.Request().URL.RequestURI()
	kept, err := h.sessions.KeepDraft(c.Request(), auth.Draft{Action: action, Form: form})
	switch {
	case err != nil:
		return errors.Join(errStore, err)
	case !kept:
		return askToSignIn(c)
	}
	return redirect(c, views.SignInURL(action))
}

// afterEntry leads whoever the proxy or the provider has signed in to what they typed
// before, and else to where they wanted to go.
func (h *Handlers) afterEntry(c echo.Context, s *auth.Session, back string) error {
	d, err := h.sessions.Draft(c.Request(), s.Subject)
	switch {
	case err != nil:
		return errors.Join(errStore, err)
	case d != nil && s.Role.MayChange():
		return redirect(c, views.PathDraft)
	case back == views.PathHome:
		return redirect(c, startURL(s))
	}
	return redirect(c, back)
}

// showDraft shows that the form is still there. It is sent by the person alone.
func (h *Handlers) showDraft(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	d, err := h.sessions.Draft(c.Request(), s.Subject)
	switch {
	case err != nil:
		return errors.Join(errStore, err)
	case d == nil:
		return redirect(c, startURL(s))
	}
	return h.renderDraft(c, views.Draft{Name: s.Name, Action: auth.SafeReturn(d.Action), Fields: draftFields(d.Form), Leave: views.PathDraftRemoval})
}

// dropDraft forgets the form, and leads to the page that it is of.
func (h *Handlers) dropDraft(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	d, err := h.sessions.Draft(c.Request(), s.Subject)
	if err == nil {
		err = h.sessions.DropDraft(c.Request())
	}
	switch {
	case err != nil:
		return errors.Join(errStore, err)
	case d == nil:
		return redirect(c, startURL(s))
	}
	return redirect(c, auth.SafeReturn(d.Action))
}

// renderDraft shows that the form is still there, after signing in. To send it
// without asking would save what the person may have forgotten about.
func (h *Handlers) renderDraft(c echo.Context, v views.Draft) error {
	return render(c, http.StatusOK, views.DraftPage(h.newPage(c, nil, "Signed in again"), v))
}

// sentDraft offers what went through the sign-in page.
func (h togglDoor) sentDraft(c echo.Context, form signInForm, name string) error {
	fields, err := url.ParseQuery(form.Draft)
	back := auth.SafeReturn(form.ReturnTo)
	if err != nil || back == views.PathHome {
		return redirect(c, back)
	}
	return h.renderDraft(c, views.Draft{Name: name, Action: back, Fields: draftFields(fields)})
}

func draftFields(form url.Values) []views.Parameter {
	var fields []views.Parameter
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			fields = append(fields, views.Parameter{Name: name, Value: value})
		}
	}
	return fields
}
