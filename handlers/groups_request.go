package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// groupsWorkspaceCookie holds the workspace in which Focus is to look whether
// the caller may. Its path is an organization's, so that each has its own.
const groupsWorkspaceCookie = "roster_groups_workspace"

// A groupsRequest is what every page about groups begins with: where groups
// are, what the address says about their list, and the workspaces by name.
type groupsRequest struct {
	organizationID int64
	query          groupsQuery
	source         groupSource
	focus          bool
	// workspaceID is where Focus looks whether the caller may; in Track a filter.
	workspaceID int64
	workspaces  groupWorkspaces
	// known are the organization's users, as far as lists of them are cached.
	known []apiclient.OrganizationUser
}

// readGroupsRequest asks for the person's workspaces where none is said or
// remembered: Focus wants one of them.
func (h *Handlers) readGroupsRequest(c echo.Context, api *apiclient.Client, s *auth.Session) (groupsRequest, error) {
	r := groupsRequest{query: readGroupsQuery(c.QueryParams()), focus: s.FocusKey != ""}
	var err error
	if r.organizationID, err = organizationID(c); err != nil {
		return r, err
	}
	ctx := c.Request().Context()
	r.readKnown(ctx, api)
	r.workspaceID = r.query.WorkspaceID
	if r.focus {
		remembered, _ := strconv.ParseInt(readCookie(c.Request(), groupsWorkspaceCookie), 10, 64) // 0: none
		if r.workspaceID = cmp.Or(r.workspaceID, remembered); r.workspaceID == 0 {
			if err := r.workspaces.ask(ctx, api, r.organizationID); err != nil {
				return r, err
			}
			r.workspaceID = r.workspaces.usual()
		}
	}
	r.source = newGroupSource(s, r.organizationID, r.workspaceID)
	return r, nil
}

// readKnown takes what is cached, and asks for nothing.
func (r *groupsRequest) readKnown(ctx context.Context, api *apiclient.Client) {
	r.known = api.KnownOrganizationUsers(r.organizationID)
	r.workspaces = knownGroupWorkspaces(ctx, api, r.organizationID, r.known)
}

// rememberGroupsWorkspace keeps the workspace that was chosen, once Focus has accepted it.
func (h *Handlers) rememberGroupsWorkspace(c echo.Context, r groupsRequest) {
	value := strconv.FormatInt(r.workspaceID, 10)
	if r.focus && r.query.WorkspaceID > 0 && readCookie(c.Request(), groupsWorkspaceCookie) != value {
		h.setCookieUnder(c, views.OrganizationURL(r.organizationID), groupsWorkspaceCookie, value)
	}
}

// url is the address of the list that a query says.
func (r groupsRequest) url(q groupsQuery) string {
	return views.GroupsURL(r.organizationID, q.values())
}

// groupURL is a group beside the list that the request is about.
func (r groupsRequest) groupURL(groupID int64) string {
	return views.GroupURL(r.organizationID, groupID, r.query.values())
}

// groupWorkspaces are an organization's workspaces, as far as they are known.
type groupWorkspaces struct {
	names map[int64]string
	// members are how many users each has; admin are those that the caller is an
	// admin of.
	members map[int64]int64
	admin   map[int64]bool
}

// knownGroupWorkspaces asks for nothing: users name the workspaces that they are in.
func knownGroupWorkspaces(ctx context.Context, api *apiclient.Client, organizationID int64, users []apiclient.OrganizationUser) groupWorkspaces {
	w := groupWorkspaces{names: map[int64]string{}, members: map[int64]int64{}, admin: map[int64]bool{}}
	_ = w.ask(ctx, api.Known(), organizationID) // unknown is none
	for i := range users {
		for _, workspace := range users[i].Workspaces {
			w.names[workspace.WorkspaceID] = cmp.Or(w.names[workspace.WorkspaceID], workspace.WorkspaceName)
		}
	}
	statistics, _ := api.Known().GetWorkspaceStatistics(ctx, organizationID) // unknown is none
	w.count(statistics)
	return w
}

// ask reads the caller's own workspaces: there is no call for all of them.
func (w groupWorkspaces) ask(ctx context.Context, api *apiclient.Client, organizationID int64) error {
	mine, err := api.ListMyWorkspaces(ctx)
	for _, workspace := range mine {
		if workspace.OrganizationID == organizationID {
			w.names[workspace.ID] = workspace.Name
			w.admin[workspace.ID] = workspace.Admin
		}
	}
	return err
}

func (w groupWorkspaces) count(statistics map[int64]apiclient.WorkspaceStatistics) {
	for id, s := range statistics {
		w.members[id] = s.MembersCount
		w.names[id] = cmp.Or(w.names[id], "") // there is one, of whatever name
	}
}

// learn takes the names that groups tell.
func (w groupWorkspaces) learn(groups ...group) {
	for _, g := range groups {
		for _, workspace := range g.Workspaces {
			w.names[workspace.ID] = cmp.Or(w.names[workspace.ID], workspace.Name)
		}
	}
}

// usual is the workspace that is meant where nobody has said: the first by name,
// of those that the caller is an admin of if there are any; 0 where they are in
// none.
func (w groupWorkspaces) usual() int64 {
	ids := w.ids()
	if i := slices.IndexFunc(ids, func(id int64) bool { return w.admin[id] }); i >= 0 {
		return ids[i]
	}
	return append(ids, 0)[0]
}

// ids are the workspaces by name.
func (w groupWorkspaces) ids() []int64 {
	ids := make([]int64, 0, len(w.names))
	for id := range w.names {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int {
		return cmp.Or(compareNames(w.name(a), w.name(b)), cmp.Compare(a, b))
	})
	return ids
}

func (w groupWorkspaces) name(id int64) string { return nameOr(w.names[id], "Workspace", id) }

// options are the choices of a select; first is what stands before them, empty
// for nothing.
func (w groupWorkspaces) options(chosen int64, first string) []views.Option {
	var list []views.Option
	if first != "" {
		list = append(list, views.Option{Label: first, Chosen: chosen == 0})
	}
	ids := w.ids()
	if chosen != 0 && !slices.Contains(ids, chosen) {
		ids = append(ids, chosen)
	}
	for _, id := range ids {
		list = append(list, views.Option{Value: strconv.FormatInt(id, 10), Label: w.name(id), Chosen: id == chosen})
	}
	return list
}

// groupNames are the names of a group's workspaces, in their order.
func (w groupWorkspaces) groupNames(g group) []string {
	names := make([]string, len(g.Workspaces))
	for i, workspace := range g.Workspaces {
		names[i] = w.name(workspace.ID)
	}
	slices.SortFunc(names, compareNames)
	return names
}
