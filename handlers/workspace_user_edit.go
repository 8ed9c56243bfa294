package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// workspaceUserForm is one rendering of the form: the user as Toggl tells, what
// is in the fields, and what is wrong with it.
type workspaceUserForm struct {
	organizationID int64
	workspace      workspaceRef
	user           apiclient.WorkspaceUser
	// filter is the name by which the list was filtered that led here.
	filter     string
	was, typed userFields
	conflicts  []views.Conflict
	refusal    refusal
	choices    userChoices
}

// showWorkspaceUser is one user of a workspace as a form.
func (h *Handlers) showWorkspaceUser(c echo.Context, api *apiclient.Client) error {
	f, err := readWorkspaceUserForm(c, api, api)
	if err != nil {
		return err
	}
	return h.renderWorkspaceUser(c, api, f)
}

// readWorkspaceUserForm finds the user through source: what is cached may do to
// show the form, never to change anything.
func readWorkspaceUserForm(c echo.Context, api, source *apiclient.Client) (workspaceUserForm, error) {
	f := workspaceUserForm{filter: c.QueryParam("name")}
	var workspace, workspaceUserID int64
	for name, id := range map[string]*int64{
		"organization_id": &f.organizationID, "workspace_id": &workspace, "workspace_user_id": &workspaceUserID,
	} {
		var err error
		if *id, err = pathID(c, name); err != nil {
			return f, err
		}
	}
	ctx := c.Request().Context()
	var err error
	if f.user, err = findWorkspaceUser(ctx, source, f.organizationID, workspace, workspaceUserID, f.filter); err != nil {
		return f, err
	}
	f.workspace = findWorkspace(ctx, api, f.organizationID, workspace)
	f.choices.roles, f.choices.rolesErr = knownTrackRoles(ctx, api, f.organizationID)
	f.was = workspaceUserFields(f.user)
	f.typed = f.was
	return f, nil
}

// findWorkspaceUser looks in the list with this name, which is cached where the
// link came from it, and then in the whole one.
func findWorkspaceUser(ctx context.Context, api *apiclient.Client, organizationID, workspaceID, workspaceUserID int64, name string) (apiclient.WorkspaceUser, error) {
	for _, filter := range slices.Compact([]string{name, ""}) {
		users, err := api.ListWorkspaceUsers(ctx, organizationID, workspaceID, apiclient.ListWorkspaceUsersOptions{Name: filter})
		if err != nil {
			return apiclient.WorkspaceUser{}, err
		}
		if i := slices.IndexFunc(users, func(u apiclient.WorkspaceUser) bool { return u.ID == workspaceUserID }); i >= 0 {
			return users[i], nil
		}
	}
	return apiclient.WorkspaceUser{}, &apiclient.Error{
		API: "track", Op: "ListWorkspaceUsers", Kind: apiclient.ErrNotFound, Status: http.StatusNotFound,
		Message: "The workspace has no such user.",
	}
}

// updateWorkspaceUser reads the user again, sends what changed, and reads what
// was really stored. Nothing that was typed is lost on the way.
func (h *Handlers) updateWorkspaceUser(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	f, err := readWorkspaceUserForm(c, api, api.Fresh())
	if err != nil {
		return h.keepWorkspaceUser(c, api, form, err)
	}
	now := f.was
	f.read(form, now)
	f.conflicts, f.was = f.findConflicts(now), now
	if len(f.conflicts) > 0 {
		f.refusal.status = http.StatusConflict
		return h.renderWorkspaceUser(c, api, f)
	}
	changes := changedInWorkspace(now, f.typed)
	if faults := workspaceUserFaults(f.typed, changes); len(faults) > 0 {
		f.refusal = faultsOf(faults)
		return h.renderWorkspaceUser(c, api, f)
	}
	if len(changes) == 0 {
		return h.done(c, s, auth.Flash{Text: "Nothing was changed, so nothing was saved."}, f.url())
	}
	err = api.UpdateWorkspaceUser(withOld(c.Request().Context(), f.user), f.organizationID, f.workspace.id, f.user.ID, workspaceUserInput(f.typed, changes))
	if err != nil {
		if f.refusal, err = h.refusalOf(c, err, workspaceUserPlaces); err != nil {
			return err
		}
		return h.renderWorkspaceUser(c, api, f)
	}
	return h.done(c, s, h.storedWorkspaceUser(c, api, f, changes), f.url())
}

// keepWorkspaceUser shows the form again where Toggl could not be asked how the
// user is now, as far as it is known what the form was about.
func (h *Handlers) keepWorkspaceUser(c echo.Context, api *apiclient.Client, form url.Values, cause error) error {
	f, err := readWorkspaceUserForm(c, api.Known(), api.Known())
	if err != nil || errors.Is(cause, apiclient.ErrNotFound) {
		return cause
	}
	f.read(form, f.was)
	if f.refusal, err = h.refusalOf(c, cause, nil); err != nil {
		return err
	}
	return h.renderWorkspaceUser(c, api, f)
}

// read takes the form, with what the person chose where somebody else had
// changed the same field: "theirs" is the value that they were shown. A form
// without memory was opened with what is now.
func (f *workspaceUserForm) read(form url.Values, now userFields) {
	was, ok := decodeWorkspaceUserFields(form.Get("was"))
	if !ok {
		was = now
	}
	f.was = was
	f.typed = readWorkspaceUserFields(form, was)
	for _, name := range workspaceUserNames {
		if form.Get("resolve."+name) == "theirs" {
			f.typed[name] = was[name]
		}
	}
}

// findConflicts compares the fields as they were when the form was opened with
// those that Toggl has now. What only somebody else changed is taken over; where
// both changed a field, the person's value stays until they choose.
func (f *workspaceUserForm) findConflicts(now userFields) []views.Conflict {
	var conflicts []views.Conflict
	for _, name := range changedInWorkspace(f.was, now) {
		conflict := views.Conflict{
			Name: name, Label: workspaceUserLabels[name], Both: f.typed[name] != f.was[name] && f.typed[name] != now[name],
			Was: f.value(name, f.was[name]), Now: f.value(name, now[name]), Mine: f.value(name, f.typed[name]),
		}
		if !conflict.Both {
			f.typed[name] = now[name]
		}
		conflicts = append(conflicts, conflict)
	}
	return conflicts
}

// storedWorkspaceUser reads the user again and says what Toggl did not store.
func (h *Handlers) storedWorkspaceUser(c echo.Context, api *apiclient.Client, f workspaceUserForm, changes []string) auth.Flash {
	name := displayName(f.user.Name, f.user.Email)
	saved := "Saved " + views.Plural(len(changes), "change", "changes") + " to " + name + " in " + f.workspace.name + "."
	stored, err := findWorkspaceUser(c.Request().Context(), api.Fresh(), f.organizationID, f.workspace.id, f.user.ID, f.user.Name)
	if err != nil {
		return auth.Flash{Kind: "warn", Text: saved + " It could not be read back to make sure: " + h.problemOf(c, err).Title + "."}
	}
	now := workspaceUserFields(stored)
	var other []string
	for _, name := range changes {
		if now[name] != f.typed[name] {
			other = append(other, workspaceUserLabels[name]+" "+f.value(name, now[name]))
		}
	}
	if len(other) > 0 {
		return auth.Flash{Kind: "warn", Text: "Toggl took the changes, but shows otherwise so far: " + joinNames(other, 3) + ". Read again in a moment."}
	}
	return auth.Flash{Kind: "ok", Text: saved}
}

func (f workspaceUserForm) url() string {
	return views.WorkspaceUserURL(f.organizationID, f.workspace.id, f.user.ID, f.filter)
}
