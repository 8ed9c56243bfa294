package handlers

import (
	"context"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/changes"
	"roster/views"
)

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
	w.roles, w.rolesErr = knownTrackRoles(ctx, api, w.organizationID)
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
	w := accessWhy{organizationID: id, access: changes.NewAccess(), query: readAccessQuery(c)}
	w.query.workspaceID = 0
	w.url = func(values url.Values) string { return views.WorkspaceAccessURL(id, workspace, values) }
	w.readRoles(ctx, api.Known())
	w.access.AddGroups(data.names.groups)
	w.access.AddUsers(knownPeople(api, id, data.users))
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
func knownPeople(api *apiclient.Client, id int64, users []apiclient.WorkspaceUser) []apiclient.OrganizationUser {
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
