package handlers

import (
	"slices"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// showWorkspaceUserRemoval names who is removed from where, and what is lost,
// before it is done.
func (h *Handlers) showWorkspaceUserRemoval(c echo.Context, api *apiclient.Client) error {
	f, err := readWorkspaceUserForm(c, api, api)
	if err != nil {
		return err
	}
	return h.renderWorkspaceUserRemoval(c, api, f)
}

func (h *Handlers) renderWorkspaceUserRemoval(c echo.Context, api *apiclient.Client, f workspaceUserForm) error {
	u, names := f.user, f.names(c, api)
	v := views.WorkspaceUserRemoval{
		Name: displayName(u.Name, u.Email), Email: u.Email, Avatar: views.AvatarOf(u.Name), Workspace: f.workspace.name,
		Groups: joinNames(names.groupNames(u.GroupIDs), 3), OnlyGroups: !u.IsDirect && len(u.GroupIDs) > 0,
		Facts: []views.Fact{
			{Term: "Role", Value: names.roleName(u)},
			{Term: "Billable rate", Value: f.value(fieldRate, f.was[fieldRate])},
			{Term: "Labor cost", Value: f.value(fieldLaborCost, f.was[fieldLaborCost])},
			{Term: "Working hours", Value: f.value(fieldHours, f.was[fieldHours])},
		},
		Action:  views.WorkspaceUserRemovalURL(f.organizationID, f.workspace.id, u.ID, f.filter),
		BackURL: f.url(), WorkspaceURL: f.listURL(), Refusal: f.refusal.general,
	}
	page := h.withFlash(c, h.newPage(c, api, "Remove "+v.Name+" from "+v.Workspace))
	page.Failed = len(v.Refusal) > 0
	return render(c, f.refusal.answer(), views.WorkspaceUserRemovalPage(page, v))
}

// removeWorkspaceUser removes one user, and looks whether Toggl did: whom a
// group brought into the workspace it may keep.
func (h *Handlers) removeWorkspaceUser(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	f, err := readWorkspaceUserForm(c, api, api)
	if err != nil {
		return err
	}
	err = api.RemoveWorkspaceUsers(c.Request().Context(), f.organizationID, f.workspace.id, []int64{f.user.ID})
	if err != nil {
		if f.refusal, err = h.refusalOf(c, err, nil); err != nil {
			return err
		}
		return h.renderWorkspaceUserRemoval(c, api, f)
	}
	return h.done(c, s, h.removedWorkspaceUser(c, api, f), f.listURL())
}

func (h *Handlers) removedWorkspaceUser(c echo.Context, api *apiclient.Client, f workspaceUserForm) auth.Flash {
	name := displayName(f.user.Name, f.user.Email)
	done := auth.Flash{Kind: "ok", Text: "Removed " + name + " from " + f.workspace.name + "."}
	users, err := api.Fresh().ListWorkspaceUsers(c.Request().Context(), f.organizationID, f.workspace.id, apiclient.ListWorkspaceUsersOptions{Name: f.user.Name})
	if err != nil {
		return auth.Flash{Kind: "warn", Text: done.Text + " It could not be read back to make sure: " + h.problemOf(c, err).Title + "."}
	}
	i := slices.IndexFunc(users, func(u apiclient.WorkspaceUser) bool { return u.ID == f.user.ID })
	if i < 0 {
		return done
	}
	text := "Toggl took the removal, but still shows " + name + " in " + f.workspace.name
	if len(users[i].GroupIDs) > 0 {
		text += ", where a group brings them"
	}
	return auth.Flash{Kind: "warn", Text: text + "."}
}
