package handlers

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"roster/auth"
	"roster/views"
)

// keepDraft is for forms that take a while to fill in: where the session ended
// meanwhile, what was typed goes through the sign-in page and is there to be
// sent again after it. Never use it for forms that hold secrets.
func (h *Handlers) keepDraft(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if sessionOf(c) != nil || isHTMX(c) || !h.door.keepsDrafts() {
			return next(c)
		}
		form, err := readForm(c)
		if err != nil {
			return err
		}
		if len(form) == 0 {
			return next(c)
		}
		return h.renderSignIn(c, http.StatusUnauthorized, signInForm{
			ReturnTo: c.Request().URL.RequestURI(), Draft: form.Encode(),
		}, nil)
	}
}

// renderDraft shows that the form is still there, after signing in. To send it
// without asking would save what the person may have forgotten about.
func (h *Handlers) renderDraft(c echo.Context, form signInForm, name string) error {
	fields, err := url.ParseQuery(form.Draft)
	back := auth.SafeReturn(form.ReturnTo)
	if err != nil || back == views.PathHome {
		return redirect(c, back)
	}
	v := views.Draft{Name: name, Action: back}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		for _, value := range fields[field] {
			v.Fields = append(v.Fields, views.Parameter{Name: field, Value: value})
		}
	}
	return render(c, http.StatusOK, views.DraftPage(h.newPage(c, nil, "Signed in again"), v))
}
