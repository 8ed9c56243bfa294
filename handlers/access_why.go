package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"roster/apiclient"
	"roster/changes"
	"roster/views"
)

// mostGroupMembers bounds whose access is read for the page of a group: five calls.
const mostGroupMembers = 1000

// accessWhy is what a page about why somebody has access is made of.
type accessWhy struct {
	organizationID int64
	access         *changes.Access
	reviews        []changes.WorkspaceReview
	roles          []apiclient.Role
	rolesErr       error
	query          accessQuery
	view           views.Access
	alsoRoles      []int64      // whose permissions are said besides those of the rows
	direct         []views.Fact // where it is known from who is direct
	url            func(url.Values) string
}

// renderAccess is the one way to show such a page.
func (h *Handlers) renderAccess(c echo.Context, api *apiclient.Client, w accessWhy, sections func(accessPrinter) views.AccessList) error {
	p := accessPrinter{
		organizationID: w.organizationID, clock: h.clock(c), names: workspaceNamesOf{roles: w.roles}, groups: w.access.GroupNames(),
		query: w.query, url: w.url,
	}
	w.view.Roles = p.roles(w.roles, w.reviews, w.alsoRoles...)
	if w.rolesErr != nil {
		w.view.RolesNote = h.partNote(c, "What roles permit could not be read.", w.rolesErr)
	}
	w.view.List = sections(p)
	w.view.Stamp = h.accessStamp(c, api.ReadAt())
	return render(c, http.StatusOK, views.AccessPage(h.withFlash(c, h.newPage(c, api, w.view.Title)), w.view))
}

// readRoles takes what is known, of whatever age, before it asks.
func (w *accessWhy) readRoles(ctx context.Context, api *apiclient.Client) {
	w.roles, w.rolesErr = knownFirst(api, func(api *apiclient.Client) ([]apiclient.Role, error) {
		return api.ListTrackRoles(ctx, w.organizationID)
	})
}

// showUserAccess says why a user has access: one call where the user isn't known,
// and one for what roles permit where that isn't.
func (h *Handlers) showUserAccess(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	userID, err := pathID(c, "organization_user_id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	u, err := api.FindOrganizationUser(ctx, id, userID, c.QueryParam("email"))
	if err != nil {
		return err
	}
	w := accessWhy{organizationID: id, access: changes.NewAccess(), query: readAccessQuery(c)}
	w.url = func(values url.Values) string {
		if u.Email != "" {
			values.Set("email", u.Email)
		}
		return views.UserAccessURL(id, u.ID, "") + "?" + values.Encode()
	}
	w.readRoles(ctx, api)
	w.access.AddUsers([]apiclient.OrganizationUser{u})
	h.addKnownDirect(c, api, &w)
	w.reviews = w.access.Review(changes.Scope{UserID: u.UserID}, h.now().Add(-oldInvitation))
	if u.RoleID != nil {
		w.alsoRoles = []int64{*u.RoleID}
	}
	name := displayName(u.Name, u.Email)
	w.view = views.Access{
		Back:    views.Link{Label: "Users", URL: views.UsersURL(id, nil)},
		Subject: views.Link{Label: name, URL: views.UserURL(id, u.ID, u.Email)},
		Title:   "Why " + name + " has access", Facts: append(append(w.userFacts(u), spreadFacts(w.reviews)...), w.direct...),
	}
	return h.renderAccess(c, api, w, func(p accessPrinter) views.AccessList { return p.ofUser(w.reviews) })
}

// addKnownDirect adds what the workspaces' own lists said when they were last
// read, whenever that was: who is direct besides a group. It asks Toggl nothing.
func (h *Handlers) addKnownDirect(c echo.Context, api *apiclient.Client, w *accessWhy) {
	known, added := api.Known(), false
	for _, id := range w.access.Workspaces() {
		users, _ := known.ListWorkspaceUsers(c.Request().Context(), w.organizationID, id, apiclient.ListWorkspaceUsersOptions{}) // unknown is none
		added = w.access.AddDirect(id, users) || added
	}
	if added {
		w.direct = []views.Fact{{Term: "Who is direct", Time: h.clock(c).Ago(known.ReadAt()), Hint: "from the workspaces’ own lists"}}
	}
}

func (w *accessWhy) userFacts(u apiclient.OrganizationUser) []views.Fact {
	role := views.Fact{Term: "In the organization", Value: userRole(&u).Text}
	if u.RoleID != nil {
		role.Value = workspaceNamesOf{roles: w.roles}.roleName(apiclient.WorkspaceUser{RoleID: u.RoleID})
	}
	if u.Owner || u.Admin {
		role.Hint = "manages its users, groups and workspaces"
	}
	facts := []views.Fact{role, {Term: "Status", Value: userStatus(&u).Text}, {Term: "Two-factor", Value: twoFactor(&u).Text}, {Term: "Workspaces", Value: views.Count(len(u.Workspaces))}}
	switch {
	case u.Inactive:
		facts = append(facts, views.Fact{Term: "As long as inactive", Value: "no access to any of it"})
	case !u.Joined:
		facts = append(facts, views.Fact{Term: "Until the invitation is accepted", Value: "no access to any of it"})
	}
	return facts
}

// ofUser is one section: a workspace in each row.
func (p accessPrinter) ofUser(reviews []changes.WorkspaceReview) views.AccessList {
	if len(reviews) == 0 {
		return views.AccessList{Empty: &views.EmptyList{Strong: "No access", Text: "This user is in no workspace."}}
	}
	s := views.AccessSection{ID: "workspaces", Title: "Workspaces", Main: "Workspace", Line: views.Plural(len(reviews), "workspace", "workspaces")}
	from := min(p.query.from, len(reviews))
	for _, w := range reviews[from:min(from+accessRows, len(reviews))] {
		row := views.AccessRow{URL: views.WorkspaceAccessURL(p.organizationID, w.WorkspaceID, nil), Name: p.section(w).Title}
		p.access(&row, &w.Rows[0])
		if row.Hint != "" {
			row.Hint += ": the workspace’s page knows"
		}
		s.Rows = append(s.Rows, row)
	}
	list := views.AccessList{Sections: []views.AccessSection{s}}
	p.page(&list, 0, from, len(s.Rows), len(reviews), accessRows)
	return list
}

// showWorkspaceAccess says who has a workspace, and why: one call for its users,
// and one for each of the names that are not known yet.
func (h *Handlers) showWorkspaceAccess(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	workspace, err := workspaceID(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	data, err := readWorkspaceUsers(ctx, api, id, workspace, workspaceUsersQuery{})
	if err != nil {
		return err
	}
	w := accessWhy{organizationID: id, access: changes.NewAccess(), query: readAccessQuery(c), roles: data.names.roles}
	w.query.workspaceID = 0
	w.url = func(values url.Values) string { return views.WorkspaceAccessURL(id, workspace, values) }
	w.readRoles(ctx, api.Known())
	w.access.AddGroups(data.names.groups)
	w.access.AddUsers(knownPeople(ctx, api, id, data.users))
	w.access.AddWorkspaces([]apiclient.Workspace{{ID: workspace, Name: data.workspace.name}})
	w.access.AddWorkspaceUsers(workspace, data.users)
	w.reviews = w.access.Review(changes.Scope{WorkspaceID: workspace}, h.now().Add(-oldInvitation))
	w.reviews = w.query.match(w.reviews)
	w.view = views.Access{
		Back:    views.Link{Label: "Workspaces", URL: views.WorkspacesURL(id)},
		Subject: views.Link{Label: data.workspace.name, URL: views.WorkspaceURL(id, workspace, nil)},
		Title:   "Who has access to " + data.workspace.name,
	}
	w.view.Facts = append([]views.Fact{{Term: "People", Value: views.Count(len(data.users))}}, spreadFacts(w.reviews)...)
	return h.renderAccess(c, api, w, func(p accessPrinter) views.AccessList {
		if len(data.users) == 0 {
			return views.AccessList{Empty: &views.EmptyList{Strong: "Nobody is in this workspace", Text: "So nobody has access to it but the organization’s owner and admins."}}
		}
		return p.list(w.reviews)
	})
}

// knownPeople are those users of a workspace whose rows in the users list are
// known without asking: when somebody was invited stands only there.
func knownPeople(ctx context.Context, api *apiclient.Client, id int64, users []apiclient.WorkspaceUser) []apiclient.OrganizationUser {
	in := make(map[int64]bool, len(users))
	for i := range users {
		in[accountOf(users[i])] = true
	}
	var people []apiclient.OrganizationUser
	for _, u := range api.KnownOrganizationUsers(id) {
		if in[u.UserID] {
			u.Workspaces = nil
			people = append(people, u)
		}
	}
	return people
}

// spreadFacts say by which path how many have their access.
func spreadFacts(reviews []changes.WorkspaceReview) []views.Fact {
	paths := map[changes.Membership]int{}
	for i := range reviews {
		for k := range reviews[i].Rows {
			paths[reviews[i].Rows[k].Membership]++
		}
	}
	var facts []views.Fact
	for _, path := range []struct {
		membership changes.Membership
		term, hint string
	}{
		{changes.Direct, "Direct alone", ""},
		{changes.ThroughGroup, "Through groups alone", ""},
		{changes.DirectAndGroup, "Both", ""},
		{changes.MaybeDirect, "Through groups, perhaps direct too", "the users list doesn’t say; each workspace’s page does"},
	} {
		if n := paths[path.membership]; n > 0 {
			facts = append(facts, views.Fact{Term: path.term, Value: views.Count(n), Hint: path.hint})
		}
	}
	return facts
}

// showGroupAccess says what a group gives to whom: one call for the groups where
// they aren't known, and one for each 200 members.
func (h *Handlers) showGroupAccess(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	groupID, err := pathID(c, "group_id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	w := accessWhy{organizationID: id, access: changes.NewAccess(), query: readAccessQuery(c)}
	w.url = func(values url.Values) string { return views.GroupAccessURL(id, groupID, values) }
	group, users, err := w.readGroup(ctx, api, groupID)
	if err != nil {
		return err
	}
	h.addKnownDirect(c, api, &w)
	all := w.access.Review(changes.Scope{GroupID: groupID}, h.now().Add(-oldInvitation))
	w.reviews = w.query.match(all)
	w.view = views.Access{
		Back:    views.Link{Label: "Groups", URL: views.GroupsURL(id, nil)},
		Subject: views.Link{Label: group.Name, URL: views.GroupURL(id, groupID, nil)},
		Title:   "What " + group.Name + " gives access to",
	}
	w.view.Facts = append([]views.Fact{
		{Term: "Members", Value: views.Count(len(group.Users))}, {Term: "Workspaces", Value: views.Count(len(group.Workspaces))},
	}, append(spreadFacts(all), w.direct...)...)
	if users < len(group.Users) {
		w.view.Notes = append(w.view.Notes, views.Note{
			Kind: "warn", Strong: "Not every member is listed.", Text: views.Count(users) + " of " + views.Count(len(group.Users)) + " were read. The access review reads everybody.",
			Link: views.Link{Label: "Access review", URL: views.AccessURL(id, nil)},
		})
	}
	return h.renderAccess(c, api, w, func(p accessPrinter) views.AccessList {
		if len(group.Workspaces) == 0 {
			return views.AccessList{Empty: &views.EmptyList{Strong: "This group opens no workspace", Text: "Its members have whatever access they have without it."}}
		}
		return p.list(w.reviews)
	})
}

// readGroup reads a group and the access of its members, in two calls at once.
func (w *accessWhy) readGroup(ctx context.Context, api *apiclient.Client, groupID int64) (group apiclient.Group, users int, err error) {
	groups, err := knownFirst(api, func(api *apiclient.Client) ([]apiclient.Group, error) {
		return api.ListGroups(ctx, w.organizationID, apiclient.ListGroupsOptions{})
	})
	if err != nil {
		return group, 0, err
	}
	for _, g := range groups {
		if g.GroupID == groupID {
			group = g
		}
	}
	if group.GroupID == 0 {
		return group, 0, &apiclient.Error{API: "track", Op: "ListGroups", Kind: apiclient.ErrNotFound, Status: http.StatusNotFound, Message: "The organization has no such group."}
	}
	w.access.AddGroups(groups)
	mine, _ := api.Known().ListMyWorkspaces(ctx) // unknown is none: the members' rows name theirs
	w.access.AddWorkspaces(workspacesIn(mine, w.organizationID))
	calls, ctx := errgroup.WithContext(ctx)
	calls.Go(func() error {
		w.readRoles(ctx, api)
		return nil
	})
	calls.Go(func() error {
		options := apiclient.ListOrganizationUsersOptions{Groups: []string{strconv.FormatInt(groupID, 10)}}
		for u, err := range api.AllOrganizationUsers(ctx, w.organizationID, options, mostGroupMembers) {
			if err != nil {
				return err
			}
			w.access.AddUsers([]apiclient.OrganizationUser{u})
			users++
		}
		return nil
	})
	return group, users, calls.Wait()
}
