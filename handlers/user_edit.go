package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// userForm is one rendering of the form: the user as Toggl tells, what is in
// the fields, and what is wrong with it.
type userForm struct {
	organizationID int64
	user           apiclient.OrganizationUser
	was, typed     userFields
	faults         map[string]views.FieldError
	general        []views.SummaryLine
	conflicts      []views.Conflict
	choices        userChoices
}

// showUser is one organization user as a form. There is no call for one user:
// the lists that are cached are looked through first.
func (h *Handlers) showUser(c echo.Context, api *apiclient.Client) error {
	f, err := h.readUserForm(c, api, api)
	if err != nil {
		return err
	}
	return h.renderUser(c, http.StatusOK, api, f)
}

// readUserForm finds the user through source: what is cached may do to show
// the form, never to change anything.
func (h *Handlers) readUserForm(c echo.Context, api, source *apiclient.Client) (userForm, error) {
	id, err := organizationID(c)
	if err != nil {
		return userForm{}, err
	}
	organizationUserID, err := pathID(c, "organization_user_id")
	if err != nil {
		return userForm{}, err
	}
	u, err := source.FindOrganizationUser(c.Request().Context(), id, organizationUserID, c.QueryParam("email"))
	if err != nil {
		return userForm{}, err
	}
	fields := fieldsOf(u)
	return userForm{
		organizationID: id, user: u, was: fields, typed: fields,
		choices: readUserChoices(c.Request().Context(), api, id),
	}, nil
}

// updateUser reads the user again, sends what changed, and reads what was
// really stored. Nothing that was typed is lost on the way.
func (h *Handlers) updateUser(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	f, err := h.readUserForm(c, api, api.Fresh())
	if err != nil {
		return err
	}
	was, ok := decodeFields(form.Get("was"))
	if !ok {
		was = f.was // a form without memory: what is now is what was
	}
	f.typed = readUserFields(form, was)
	if f.conflicts = resolveConflicts(form, was, f.was, f.typed, f.choices); len(f.conflicts) > 0 {
		return h.renderUser(c, http.StatusConflict, api, f)
	}
	if faults := f.typed.validate(); len(faults) > 0 {
		f.faults = fieldErrors(faults)
		return h.renderUser(c, http.StatusUnprocessableEntity, api, f)
	}
	changes := changed(f.was, f.typed)
	if len(changes) == 0 {
		return h.doneUser(c, s, f, auth.Flash{Text: "Nothing was changed, so nothing was saved."})
	}
	if err := f.send(c.Request().Context(), api, changes); err != nil {
		return h.refuseUser(c, api, f, err)
	}
	return h.doneUser(c, s, f, h.readStored(c, api, f, changes))
}

// send makes the calls: one for everything about the user, then one for each
// workspace that the user leaves.
func (f userForm) send(ctx context.Context, api *apiclient.Client, changes []string) error {
	if input, ok := f.input(changes); ok {
		if err := api.UpdateOrganizationUser(ctx, f.organizationID, f.user.ID, input); err != nil {
			return err
		}
	}
	for _, w := range f.user.Workspaces {
		if f.typed[workspaceField(w.WorkspaceID, memberRemove)] != "true" {
			continue
		}
		if err := api.RemoveWorkspaceUsers(ctx, f.organizationID, w.WorkspaceID, []int64{w.WorkspaceUserID}); err != nil {
			return &removalError{workspaceID: w.WorkspaceID, err: err}
		}
	}
	return nil
}

// removalError says from which workspace the user could not be removed.
type removalError struct {
	workspaceID int64
	err         error
}

func (e *removalError) Error() string { return "remove from workspace: " + e.err.Error() }
func (e *removalError) Unwrap() error { return e.err }

// refuseUser shows Toggl's words beside what caused them; anything that is not
// a refusal is said above the form, which keeps what was typed.
func (h *Handlers) refuseUser(c echo.Context, api *apiclient.Client, f userForm, err error) error {
	var upstream *apiclient.Error
	if !errors.As(err, &upstream) {
		return err
	}
	p := h.upstreamProblem(c, upstream)
	var removal *removalError
	switch {
	case errors.As(err, &removal):
		f.faults = map[string]views.FieldError{
			workspaceField(removal.workspaceID, memberRemove): {Text: refusalWords(upstream, p), API: upstream.Message != ""},
		}
	case p.Status == http.StatusUnprocessableEntity || upstream.Kind == apiclient.ErrNotFound:
		f.place(upstream)
	}
	if len(f.faults) == 0 && len(f.general) == 0 {
		f.general = []views.SummaryLine{{
			Text: refusalWords(upstream, p), API: upstream.Message != "", Place: strings.TrimSpace(p.Title + ". " + statusText(upstream.Status)),
		}}
	}
	return h.renderUser(c, p.Status, api, f)
}

func statusText(status int) string {
	if status == 0 {
		return ""
	}
	return "Status " + strconv.Itoa(status) + "."
}

func refusalWords(e *apiclient.Error, p problem) string {
	if e.Message != "" {
		return e.Message
	}
	return p.Title + ". " + p.Text
}

// readStored reads the user again and says what Toggl did not store, if
// anything: it answers OK before all of its services know.
func (h *Handlers) readStored(c echo.Context, api *apiclient.Client, f userForm, changes []string) auth.Flash {
	done := auth.Flash{Kind: "ok", Text: "Saved " + views.Plural(len(changes), "change", "changes") + " to " + displayName(f.typed[fieldName], f.typed[fieldEmail]) + "."}
	stored, err := api.Fresh().FindOrganizationUser(c.Request().Context(), f.organizationID, f.user.ID, f.typed[fieldEmail])
	if err != nil {
		return done // the page that follows says why it can't be read
	}
	now := fieldsOf(stored)
	var missing []string
	for _, name := range changes {
		if !isStored(now, f.typed, name) {
			missing = append(missing, f.choices.label(name))
		}
	}
	if len(missing) > 0 {
		return auth.Flash{Kind: "warn", Text: "Toggl took the changes but doesn't show all of them yet: " + joinNames(missing, 3) + ". Read again in a moment."}
	}
	return done
}

func isStored(now, typed userFields, name string) bool {
	id, member, ok := parseWorkspaceField(name)
	switch {
	case ok && typed[workspaceField(id, memberRemove)] == "true":
		return now[workspaceField(id, "")] == ""
	case ok && member == memberRemove:
		return true
	default:
		return now[name] == typed[name] || absentFlag(now, name, typed[name])
	}
}

func (h *Handlers) doneUser(c echo.Context, s *auth.Session, f userForm, flash auth.Flash) error {
	s.Flash = append(s.Flash, flash)
	if err := h.sessions.Save(c.Response(), c.Request(), s); err != nil {
		return errors.Join(errStore, err)
	}
	return redirect(c, views.UserURL(f.organizationID, f.user.ID, f.typed[fieldEmail]))
}

// resolveConflicts compares the fields as they were when the form was opened
// with those that Toggl has now. Fields that only somebody else changed are
// taken over; where both changed one the person chooses. The result is empty
// when there is nothing left to choose; typed then holds what to save.
func resolveConflicts(form map[string][]string, was, now, typed userFields, choices userChoices) []views.Conflict {
	var conflicts []views.Conflict
	open := false
	for _, name := range changed(was, now) {
		mine := typed[name] != was[name] && typed[name] != now[name]
		choice := ""
		if values := form["resolve."+name]; len(values) > 0 {
			choice = values[0]
		}
		conflict := views.Conflict{
			Name: name, Label: choices.label(name), Both: mine,
			Was: choices.value(name, was[name]), Now: choices.value(name, now[name]), Mine: choices.value(name, typed[name]),
		}
		if !mine || choice == "theirs" {
			takeOver(typed, now, name)
		}
		open = open || choice == ""
		conflicts = append(conflicts, conflict)
	}
	if !open {
		return nil
	}
	return conflicts
}

func takeOver(typed, now userFields, name string) {
	if value, ok := now[name]; ok {
		typed[name] = value
	} else {
		delete(typed, name)
	}
}
