package handlers

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/views"
)

// A removal is one rendering of the page that asks before users are removed.
type removal struct {
	organizationID int64
	chosen         selection
	users          []apiclient.OrganizationUser
	missing        []int64
	// refused are Toggl's words about single users, summary those about none.
	refused map[int64]views.FieldError
	summary []views.SummaryLine
	// uncertain: no answer came, so they may have been removed all the same.
	uncertain bool
}

// removeUsers names everybody who is meant and, once that is confirmed, removes
// them in one call: all of them or none.
func (h *Handlers) removeUsers(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	values, err := readValues(c)
	if err != nil {
		return err
	}
	r := removal{organizationID: id, chosen: readSelection(values)}
	if r.chosen.empty() {
		return h.done(c, s, auth.Flash{Kind: "warn", Text: "Nobody was selected, so nothing was changed."}, r.chosen.back(id))
	}
	if c.Request().Method == http.MethodPost && values.Get("confirmed") == "true" && len(r.chosen.ids) > 0 {
		return h.confirmRemoval(c, api, s, r)
	}
	if r.users, r.missing, err = r.chosen.users(c.Request().Context(), api, id); err != nil {
		return h.tooMany(c, s, r.chosen, err)
	}
	return h.renderRemoval(c, http.StatusOK, api, s, r)
}

// tooMany leads back to the list where more is selected than can be done.
func (h *Handlers) tooMany(c echo.Context, s *auth.Session, chosen selection, err error) error {
	id, idErr := organizationID(c)
	if !errors.Is(err, errTooManySelected) || idErr != nil {
		return err
	}
	text := "More than " + views.Count(changes.MaxSteps) + " users match, which is more than can be changed at once. Narrow the filters. Nothing was changed."
	return h.done(c, s, auth.Flash{Kind: "warn", Text: text}, chosen.back(id))
}

func (h *Handlers) confirmRemoval(c echo.Context, api *apiclient.Client, s *auth.Session, r removal) error {
	err := api.BulkUpdateOrganizationUsers(c.Request().Context(), r.organizationID, r.chosen.ids)
	if err == nil {
		done := auth.Flash{Kind: "ok", Text: "Removed " + views.Plural(len(r.chosen.ids), "user", "users") + " from the organization."}
		list := r.chosen.list.on("1").unselected()
		return h.done(c, s, done, views.UsersURL(r.organizationID, list.values()))
	}
	var upstream *apiclient.Error
	if !errors.As(err, &upstream) {
		return err
	}
	status := r.refuse(h, c, upstream)
	// Who they are is known from before, or read again; where it can't be, their
	// ids have to do.
	var readErr error
	if r.users, r.missing, readErr = r.chosen.users(c.Request().Context(), api, r.organizationID); readErr != nil {
		r.users, r.missing = nil, r.chosen.ids
	}
	return h.renderRemoval(c, status, api, s, r)
}

// namedUsers finds the ids in the refusals that name them.
var namedUsers = regexp.MustCompile(`organization user IDs?\b[^']*'([\d,\s]+)'`)

// refuse marks the users that Toggl's words name, or says them above the list.
func (r *removal) refuse(h *Handlers, c echo.Context, e *apiclient.Error) (status int) {
	p := h.changeProblem(c, e)
	if m := namedUsers.FindStringSubmatch(e.Message); m != nil {
		r.refused = map[int64]views.FieldError{}
		for _, text := range readList([]string{m[1]}) {
			id, err := strconv.ParseInt(text, 10, 64)
			if err == nil && slices.Contains(r.chosen.ids, id) {
				r.refused[id] = wordsOf(e)
			}
		}
	}
	r.uncertain = unanswered(e)
	line := failureLine(e, p)
	if len(r.refused) > 0 {
		line.Href, line.Place = "#refused", views.Plural(len(r.refused), "person is marked", "people are marked")
	}
	r.summary = []views.SummaryLine{line}
	return p.Status
}

// failureLine says what went wrong about nothing in particular.
func failureLine(e *apiclient.Error, p problem) views.SummaryLine {
	line := views.SummaryLine{Text: failureWords(e, p), API: e.Message != "", Place: strings.TrimSpace(p.Title + ". " + statusText(e.Status)), Trace: traceOf(e)}
	if unanswered(e) && e.Message != "" {
		line.Place = p.Text
	}
	return line
}

// failureWords are Toggl's, or ours where it had none.
func failureWords(e *apiclient.Error, p problem) string {
	if e.Message != "" {
		return e.Message
	}
	return p.Title + ". " + p.Text
}

// unanswered reports whether nobody knows if a change was carried out.
func unanswered(e *apiclient.Error) bool {
	return e.Kind == apiclient.ErrUnreachable || e.Kind == apiclient.ErrBadAnswer
}

// changeProblem is upstreamProblem for a change: where no answer came, nobody
// knows whether it was carried out.
func (h *Handlers) changeProblem(c echo.Context, e *apiclient.Error) problem {
	p := h.upstreamProblem(c, e)
	switch {
	case unanswered(e):
		p.Text = "It may or may not have been carried out: look before you send it again."
	case e.Kind == apiclient.ErrForbidden:
		p.Title = "You are not allowed to do this"
	}
	return p
}

func (h *Handlers) renderRemoval(c echo.Context, status int, api *apiclient.Client, s *auth.Session, r removal) error {
	v := r.view(h.self(s))
	page := h.newPage(c, api, v.Title)
	page.Failed = len(v.Summary) > 0
	return render(c, status, views.RemovalPage(h.withFlash(c, page), v))
}

func (r removal) view(self int64) views.Removal {
	v := views.Removal{
		Action: views.UsersRemovalURL(r.organizationID, nil), Summary: r.summary,
		DeactivateURL: views.UsersChangeURL(r.organizationID, string(changes.Deactivate), nil),
	}
	v.BackURL = r.chosen.back(r.organizationID)
	v.Heading = "Nobody was removed."
	if r.uncertain {
		v.Heading = "It isn't known whether anybody was removed."
	}
	var ids []int64
	for _, u := range r.users {
		row := chosenUser(r.organizationID, u, self)
		row.Error = r.refused[u.ID]
		switch {
		case row.Error.Text != "":
			v.Refused = append(v.Refused, row)
		case u.Owner:
			row.Why = "The owner can't be removed."
			v.LeftOut = append(v.LeftOut, row)
		default:
			v.Rows = append(v.Rows, row)
			ids = append(ids, u.ID)
		}
	}
	r.addMissing(&v, &ids)
	v.Kept = r.chosen.kept(ids)
	v.Title = "Remove " + views.Plural(len(ids), "user", "users")
	switch {
	case len(ids) == 0:
		v.Title = "Nobody to remove"
	case len(v.Refused) > 0:
		v.Button = "Remove the other " + others(len(ids))
	default:
		v.Button = "Remove " + views.Plural(len(ids), "user", "users")
	}
	return v
}

// addMissing names those of whom only the id is known. They are left out as
// long as the list could be read, which then doesn't have them.
func (r removal) addMissing(v *views.Removal, ids *[]int64) {
	for _, id := range r.missing {
		row := unknownUser(id, r.refused[id])
		switch {
		case row.Error.Text != "":
			v.Refused = append(v.Refused, row)
		case len(r.users) > 0 || len(r.summary) == 0:
			row.Why = "No longer in the organization."
			v.LeftOut = append(v.LeftOut, row)
		default:
			v.Rows = append(v.Rows, row)
			*ids = append(*ids, id)
		}
	}
}

// others is "user" or "3 users", after "the other".
func others(n int) string {
	if n == 1 {
		return "user"
	}
	return views.Plural(n, "user", "users")
}
