package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// send makes the calls: one for everything about the user, then one for each
// workspace that the user leaves. Sent is how many were taken before one was not.
func (f userForm) send(ctx context.Context, api *apiclient.Client, changes []string) (sent int, err error) {
	for _, part := range f.parts(changes) {
		if sent > 0 { // what the part before it changed decides what goes along
			if f.user, err = findStored(ctx, api, f); err != nil {
				return sent, err
			}
			f.forgetLeft()
		}
		input, ok := f.input(part)
		if !ok {
			continue
		}
		if err := api.UpdateOrganizationUser(withOld(ctx, f.user), f.organizationID, f.user.ID, input); err != nil {
			return sent, err
		}
		sent++
	}
	for _, w := range f.user.Workspaces {
		if f.typed[workspaceField(w.WorkspaceID, memberRemove)] != "true" {
			continue
		}
		if err := api.RemoveWorkspaceUsers(ctx, f.organizationID, w.WorkspaceID, []int64{w.WorkspaceUserID}); err != nil {
			return sent, &removalError{workspaceID: w.WorkspaceID, err: err}
		}
		sent++
	}
	return sent, nil
}

// parts splits the changes in two where a group is left that gives access to a
// workspace: all workspaces go along with a change of one, and to name that
// one in the same call could make the user a direct member of it.
func (f userForm) parts(changes []string) [][]string {
	var first, workspaces []string
	for _, name := range changes {
		if _, _, ok := parseWorkspaceField(name); ok {
			workspaces = append(workspaces, name)
		} else {
			first = append(first, name)
		}
	}
	left := func(g apiclient.GroupRef) bool { return slices.Contains(first, groupField(g.GroupID)) }
	loses := func(w apiclient.UserWorkspace) bool { return slices.ContainsFunc(w.Groups, left) }
	if len(workspaces) > 0 && slices.ContainsFunc(f.user.Workspaces, loses) {
		return [][]string{first, workspaces}
	}
	return [][]string{changes}
}

// forgetLeft drops from what is to be sent the workspaces that were left with a
// group.
func (f *userForm) forgetLeft() {
	for _, id := range f.workspaceIDs() {
		name := workspaceField(id, "")
		isIn := slices.ContainsFunc(f.user.Workspaces, func(w apiclient.UserWorkspace) bool { return w.WorkspaceID == id })
		if f.was[name] == "true" && !isIn {
			takeOver(f.typed, userFields{}, name)
		}
	}
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
func (h *Handlers) refuseUser(c echo.Context, api *apiclient.Client, f userForm, sent int, err error) error {
	var upstream *apiclient.Error
	if !errors.As(err, &upstream) {
		return err
	}
	p := h.upstreamProblem(c, upstream)
	var removal *removalError
	switch {
	case errors.As(err, &removal) && p.Status != http.StatusBadGateway:
		f.faults = map[string]views.FieldError{
			workspaceField(removal.workspaceID, memberRemove): {Text: refusalWords(upstream, p), API: upstream.Message != ""},
		}
	case p.Status == http.StatusUnprocessableEntity:
		f.place(upstream)
	}
	if len(f.faults) == 0 {
		f.general = []views.SummaryLine{generalRefusal(upstream, p)}
	}
	f.head = refusalHead(f, upstream, sent)
	if sent > 0 {
		h.readPartly(c, api, &f)
	}
	return h.renderUser(c, p.Status, api, f)
}

// refusalHead says what became of what was sent. Of a call that got no answer
// that isn't known; saving again is safe, for the user is read first.
func refusalHead(f userForm, e *apiclient.Error, sent int) string {
	unanswered := e.Kind == apiclient.ErrUnreachable || e.Kind == apiclient.ErrBadAnswer
	fields := views.Plural(len(f.faults), "field", "fields")
	switch {
	case unanswered && sent > 0:
		return "A part was saved; of the rest Toggl didn't say. Save again: what is stored is read first."
	case unanswered:
		return "Toggl didn't say whether it saved this. Save again: what is stored is read first."
	case sent > 0:
		return "A part was saved. What is still listed as unsaved was not."
	case len(f.faults) > 0:
		return "Nothing was saved. Fix " + fields + " and save again."
	default:
		return "Nothing was saved. What you typed is still here."
	}
}

// readPartly takes what Toggl holds after a part was saved as what was, so that
// only the rest counts as unsaved.
func (h *Handlers) readPartly(c echo.Context, api *apiclient.Client, f *userForm) {
	stored, err := findStored(c.Request().Context(), api, *f)
	if err != nil {
		return // saving again compares, and asks
	}
	f.user, f.was = stored, fieldsOf(stored)
	for _, id := range f.workspaceIDs() { // those that were left
		if name := workspaceField(id, ""); f.typed[workspaceField(id, memberRemove)] == "true" && f.was[name] == "" {
			takeOver(f.typed, userFields{}, name)
		}
	}
}

// generalRefusal is for words about no field in particular.
func generalRefusal(e *apiclient.Error, p problem) views.SummaryLine {
	place := p.Title + "."
	if e.Kind == apiclient.ErrForbidden {
		place = "Your role does not allow it."
	}
	if e.Message == "" {
		place = ""
	}
	return views.SummaryLine{Text: refusalWords(e, p), API: e.Message != "", Place: strings.TrimSpace(place + " " + statusText(e.Status)), Trace: traceOf(e)}
}

func statusText(status int) string {
	if status == 0 {
		return ""
	}
	return "Status " + strconv.Itoa(status) + "."
}

func refusalWords(e *apiclient.Error, p problem) string {
	switch {
	case e.Message != "":
		return e.Message
	case e.Kind == apiclient.ErrUnreachable || e.Kind == apiclient.ErrBadAnswer:
		return p.Title + ". It usually passes within a few minutes."
	default:
		return p.Title + ". " + p.Text
	}
}

// readStored reads the user again and says what Toggl does not show, if
// anything: it answers OK before all of its services know.
func (h *Handlers) readStored(c echo.Context, api *apiclient.Client, f userForm, changes []string) auth.Flash {
	saved := "Saved " + views.Plural(len(changes), "change", "changes") + " to " + displayName(f.typed[fieldName], f.typed[fieldEmail]) + "."
	stored, err := findStored(c.Request().Context(), api, f)
	if errors.Is(err, apiclient.ErrNotFound) {
		return auth.Flash{Kind: "warn", Text: "Toggl took the changes, but doesn't show the user yet. Read again in a moment."}
	}
	if err != nil {
		return auth.Flash{Kind: "warn", Text: saved + " It could not be read back to make sure: " + h.problemOf(c, err).Title + "."}
	}
	now := fieldsOf(stored)
	var other []string
	for _, name := range changes {
		if !isStored(now, f.typed, name) {
			other = append(other, f.shown(name, now))
		}
	}
	if len(other) > 0 {
		return auth.Flash{Kind: "warn", Text: "Toggl took the changes, but shows otherwise so far: " + joinNames(other, 3) + ". Read again in a moment."}
	}
	return auth.Flash{Kind: "ok", Text: saved}
}

// findStored looks for the user by the address that they should have by now,
// then by the one before. It does not go through the whole organization.
func findStored(ctx context.Context, api *apiclient.Client, f userForm) (apiclient.OrganizationUser, error) {
	hints := []string{f.typed[fieldEmail], f.was[fieldEmail]}
	for _, hint := range slices.Compact(hints) {
		page, err := api.Fresh().ListOrganizationUsers(ctx, f.organizationID, apiclient.ListOrganizationUsersOptions{
			Filter: hint, PerPage: strconv.Itoa(storedPage),
		})
		if err != nil {
			return apiclient.OrganizationUser{}, err
		}
		for _, u := range page.Users {
			if u.ID == f.user.ID {
				return u, nil
			}
		}
	}
	return apiclient.OrganizationUser{}, &apiclient.Error{API: "track", Op: "ListOrganizationUsers", Kind: apiclient.ErrNotFound}
}

// storedPage is how many users may match an e-mail address: those whose own
// contains it.
const storedPage = 200

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

// shown is a field as Toggl shows it: "Rate in Delivery €85.00".
func (f userForm) shown(name string, now userFields) string {
	id, member, ok := parseWorkspaceField(name)
	if ok && member == memberRemove {
		words := "still in " + f.choices.workspaceName(id)
		if i := slices.IndexFunc(f.user.Workspaces, func(w apiclient.UserWorkspace) bool { return w.WorkspaceID == id }); i >= 0 && len(f.user.Workspaces[i].Groups) > 0 {
			words += " through " + groupNames(f.user.Workspaces[i].Groups)
		}
		return words
	}
	return f.choices.label(name) + " " + f.choices.value(name, now[name])
}
