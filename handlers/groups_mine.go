package handlers

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// showMyGroups are the groups that the person is in.
func (h *Handlers) showMyGroups(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	v := views.MyGroups{Sub: "The groups of Toggl Focus that you are in.", BackURL: views.GroupsURL(id, nil)}
	read := focusMyGroups
	if s.FocusKey == "" {
		read, v.Sub = trackMyGroups, "The groups of Toggl Track that you are in."
	}
	if v.Rows, err = read(c.Request().Context(), api, s, id); err != nil {
		return err
	}
	page := h.withFlash(c, h.newPage(c, api, "My groups"))
	if s.FocusKey == "" {
		page.Notes = append(page.Notes, h.notConnected(c, withoutFocus))
	}
	return render(c, http.StatusOK, views.MyGroupsPage(page, v))
}

func focusMyGroups(ctx context.Context, api *apiclient.Client, s *auth.Session, id int64) ([]views.GroupRow, error) {
	mine, err := api.ListMyGroups(ctx, focusID(s, id))
	rows := make([]views.GroupRow, len(mine))
	for i, g := range mine {
		rows[i] = views.GroupRow{Emoji: g.Emoji, Name: groupName(group{ID: g.ID, Name: g.Name}), URL: views.GroupURL(id, g.ID, nil)}
	}
	return rows, err
}

// trackMyGroups finds the person among the members of all groups: Track has no
// call for one's own.
func trackMyGroups(ctx context.Context, api *apiclient.Client, s *auth.Session, id int64) ([]views.GroupRow, error) {
	found, err := trackGroups{organizationID: id}.list(ctx, api, groupsQuery{PerPage: maxListed})
	var rows []views.GroupRow
	for _, g := range found.Groups {
		if slices.ContainsFunc(g.Members, func(m groupMember) bool { return m.UserID == s.UserID }) {
			rows = append(rows, views.GroupRow{
				Name: groupName(g), URL: views.GroupURL(id, g.ID, nil), Members: views.Count(len(g.Members)),
				WorkspaceCount: views.Plural(len(g.Workspaces), "workspace", "workspaces"),
			})
		}
	}
	return rows, err
}
