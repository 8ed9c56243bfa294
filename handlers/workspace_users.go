package handlers

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"roster/apiclient"
	"roster/views"
)

// workspaceUsers is what the page is made of. The API gives all users of a
// workspace at once; what is shown of them on a page is chosen here.
type workspaceUsers struct {
	organizationID int64
	workspace      workspaceRef
	query          workspaceUsersQuery
	users          []apiclient.WorkspaceUser
	names          workspaceNamesOf
}

// workspaceNamesOf are the names of what the users only have the IDs of. Where
// they can't be read the IDs are shown.
type workspaceNamesOf struct {
	roles  []apiclient.Role
	groups []apiclient.Group
}

// showWorkspaceUsers is one call for the users, and one for each of the names
// that are not known yet: roles, groups and workspaces.
func (h *Handlers) showWorkspaceUsers(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	workspace, err := workspaceID(c)
	if err != nil {
		return err
	}
	data, err := readWorkspaceUsers(c.Request().Context(), api, id, workspace, readWorkspaceUsersQuery(c.QueryParams()))
	if err != nil {
		return err
	}
	v := h.workspaceUsersView(c, data)
	page := h.newPage(c, api, data.workspace.name)
	page.Here = data.url(data.query)
	showAddress(c, page.Here, onlyTyped(c, "name", data.query.values(), tidyWorkspaceUsers))
	if wantsFragment(c) {
		return render(c, http.StatusOK, views.WorkspaceUsersFragment(page, v))
	}
	return render(c, http.StatusOK, views.WorkspaceUsersPage(h.withFlash(c, page), v))
}

func readWorkspaceUsers(ctx context.Context, api *apiclient.Client, organizationID, workspaceID int64, q workspaceUsersQuery) (workspaceUsers, error) {
	data := workspaceUsers{organizationID: organizationID, query: q}
	calls, ctx := errgroup.WithContext(ctx)
	calls.Go(func() (err error) {
		data.users, err = api.ListWorkspaceUsers(ctx, organizationID, workspaceID, apiclient.ListWorkspaceUsersOptions{Name: q.Name})
		return err
	})
	calls.Go(func() error {
		data.workspace = findWorkspace(ctx, api, organizationID, workspaceID)
		return nil
	})
	calls.Go(func() error {
		data.names = readWorkspaceNames(ctx, api, organizationID)
		return nil
	})
	if err := calls.Wait(); err != nil {
		return data, err
	}
	data.users = sortedByName(data.users, q.SortDir)
	return data, nil
}

func readWorkspaceNames(ctx context.Context, api *apiclient.Client, organizationID int64) workspaceNamesOf {
	var names workspaceNamesOf
	names.roles, _ = knownTrackRoles(ctx, api, organizationID)
	names.groups, _ = knownFirst(api, func(api *apiclient.Client) ([]apiclient.Group, error) {
		return api.ListGroups(ctx, organizationID, apiclient.ListGroupsOptions{})
	})
	return names
}

// sortedByName copies the list, which the cache owns.
func sortedByName(users []apiclient.WorkspaceUser, direction string) []apiclient.WorkspaceUser {
	type keyed struct {
		key  string
		user apiclient.WorkspaceUser
	}
	list := make([]keyed, len(users))
	for i, u := range users {
		list[i] = keyed{strings.ToLower(displayName(u.Name, u.Email)), u}
	}
	slices.SortStableFunc(list, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.user.ID, b.user.ID))
	})
	if direction == descending {
		slices.Reverse(list)
	}
	sorted := make([]apiclient.WorkspaceUser, len(list))
	for i, item := range list {
		sorted[i] = item.user
	}
	return sorted
}

func (w workspaceUsers) url(q workspaceUsersQuery) string {
	return views.WorkspaceURL(w.organizationID, w.workspace.id, q.values())
}

func (h *Handlers) workspaceUsersView(c echo.Context, data workspaceUsers) views.WorkspaceUsers {
	q, clock := data.query, h.clock(c)
	v := views.WorkspaceUsers{
		Name: data.workspace.name, Count: views.Count(len(data.users)), Filter: q.Name,
		Action: views.WorkspaceURL(data.organizationID, data.workspace.id, nil), BackURL: views.WorkspacesURL(data.organizationID),
		UsersURL:  views.UsersURL(data.organizationID, url.Values{"workspaces": {strconv.FormatInt(data.workspace.id, 10)}}),
		ExportURL: views.WorkspaceUsersCSVURL(data.organizationID, data.workspace.id, q.Name),
		AccessURL: views.WorkspaceAccessURL(data.organizationID, data.workspace.id, nil),
		Kept:      q.kept(), Sort: data.sort(),
		Announce: views.Plural(len(data.users), "user", "users") + " of " + data.workspace.name,
	}
	if data.workspace.suspended {
		v.Tag = views.Tag{Text: "Suspended", Icon: "ban", Class: "bad"}
	}
	page := q.pageOf(len(data.users))
	first, last := q.rows(len(data.users))
	for _, u := range data.users[first:last] {
		v.Rows = append(v.Rows, data.row(u, clock))
	}
	v.Pager = data.pager(page)
	if len(v.Rows) == 0 {
		v.Empty = data.empty()
	}
	return v
}

func (w workspaceUsers) empty() *views.EmptyList {
	q := w.query
	switch {
	case len(w.users) > 0:
		return &views.EmptyList{
			Strong: "There is no page " + strconv.Itoa(q.Page), Text: "The list is shorter than that.",
			Link: views.Link{Label: "First page", URL: w.url(q.on(1))},
		}
	case q.Name == "":
		return &views.EmptyList{Strong: "Nobody is in this workspace", Text: "Add users to it on their own pages."}
	}
	all := q.on(1)
	all.Name = ""
	return &views.EmptyList{
		Strong: "No users match this filter", Text: "Name contains “" + q.Name + "”.",
		Link: views.Link{Label: "Clear", URL: w.url(all)},
	}
}
