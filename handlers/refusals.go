package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// A refusal is why a change was not made, as the form that comes back says it.
// The zero value is a form that nothing is wrong with.
type refusal struct {
	status int
	// faults are words about a field, by its name.
	faults map[string]views.FieldError
	// general are words about no field.
	general []views.SummaryLine
}

// faultsOf is a refusal of our own: what can be known without asking Toggl.
func faultsOf(faults map[string]string) refusal {
	return refusal{status: http.StatusUnprocessableEntity, faults: fieldErrors(faults)}
}

// refusalOf puts Toggl's words beside the field that caused them; whatever else
// went wrong at Toggl's stands above the form. Other errors are returned.
func (h *Handlers) refusalOf(c echo.Context, err error, places []refusalPlace) (refusal, error) {
	var upstream *apiclient.Error
	if !errors.As(err, &upstream) {
		return refusal{}, err
	}
	p := h.upstreamProblem(c, upstream)
	r := refusal{status: p.Status}
	if p.Status == http.StatusUnprocessableEntity && upstream.Message != "" {
		for _, place := range places {
			if place.message.MatchString(upstream.Message) {
				r.faults = map[string]views.FieldError{place.field: wordsOf(upstream)}
				return r, nil
			}
		}
	}
	r.general = []views.SummaryLine{generalRefusal(upstream, p)}
	return r, nil
}

// summary lists what is wrong: first with the fields, in their order, then with
// the whole.
func (r refusal) summary(fields ...views.Field) []views.SummaryLine {
	var lines []views.SummaryLine
	for _, f := range fields {
		if f.Error.Text != "" {
			lines = append(lines, views.SummaryLine{Text: f.Error.Text, API: f.Error.API, Place: f.Label, Href: "#" + f.ID})
		}
	}
	return append(lines, r.general...)
}

// field is an input that stands under its own name.
func (r refusal) field(name, label, value, hint string) views.Field {
	return views.Field{ID: name, Name: name, Label: label, Value: value, Hint: hint, Error: r.faults[name]}
}

// answer is the status of the page that the refusal is shown on: 200 where
// nothing is wrong.
func (r refusal) answer() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}

// done keeps in the session what the action did, for the page that it leads to.
// What was done is done: to fail because the words about it can't be kept would
// say the opposite.
func (h *Handlers) done(c echo.Context, s *auth.Session, flash auth.Flash, address string) error {
	s.Flash = append(s.Flash, flash)
	if err := h.sessions.Save(c.Response(), c.Request(), s); err != nil {
		h.log.Warn("flash is lost", "id", requestIDOf(c), "error", err)
	}
	return redirect(c, address)
}
