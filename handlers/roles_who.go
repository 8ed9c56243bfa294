package handlers

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// showWhoCan asks for a permission, and says which roles have it, and who has
// these roles: that is a call of its own where Focus can list them, and else
// what is known of Track's users.
func (h *Handlers) showWhoCan(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	r, err := readRoles(c, api, s)
	if err != nil {
		return err
	}
	v := views.WhoCan{RolesFrame: h.rolesFrame(c, api, &r, views.RolesWho), Action: views.RolePermissionsURL(r.organizationID, nil), Filter: r.query.Text}
	title := "Who can…"
	switch {
	case r.query.Permission != "":
		v.Chosen = h.whoCan(c, api, &r)
	case len(r.query.Roles) > 0:
		v.Chosen = h.whoHas(c, api, &r)
	default:
		r.choosePermission(&v)
	}
	if v.Chosen != nil {
		title, v.Announce = v.Chosen.Question+v.Chosen.Label, v.Chosen.Label
	}
	page := h.newPage(c, api, title)
	page.Here = views.RolePermissionsURL(r.organizationID, r.query.whoValues())
	showAddress(c, page.Here, onlyTyped(c, "q", r.query.whoValues(), tidyWho))
	return renderEither(c, http.StatusOK, views.WhoCanPage(h.withFlash(c, page), v), views.WhoCanFragment(page, v))
}

// choosePermission lists all permissions that any role has.
func (r *organizationRoles) choosePermission(v *views.WhoCan) {
	all := compareRoles(r.roles, r.roles)
	found := 0
	for i := range all.rows {
		p := &all.rows[i]
		if !p.matches(r.query.Text) {
			continue
		}
		found++
		row := r.permissionRow(p.Permission)
		row.Roles = views.Plural(p.allowed(), "role", "roles")
		v.Groups = addPermission(v.Groups, p.Entity, row)
	}
	v.Count = views.Plural(found, "permission", "permissions") + ", each with the number of roles that have it"
	v.Announce = views.Plural(found, "permission", "permissions")
	switch {
	case found > 0:
	case len(all.rows) == 0:
		v.Empty = &views.EmptyList{Strong: "Toggl lists no permissions", Text: "No role of this organization comes with any."}
	default:
		v.Empty = &views.EmptyList{
			Strong: "No permissions match this search", Text: "Name, description or condition contains “" + r.query.Text + "”.",
			Link: views.Link{Label: "Clear", URL: r.whoURL(rolesQuery{})},
		}
	}
}

// allowed is how many of the compared roles have the permission.
func (p *comparedPermission) allowed() int {
	n := 0
	for _, g := range p.grants {
		if g.Allowed {
			n++
		}
	}
	return n
}

// whoCan is who has the permission of the address.
func (h *Handlers) whoCan(c echo.Context, api *apiclient.Client, r *organizationRoles) *views.WhoCanAnswer {
	all := compareRoles(r.roles, r.roles)
	a := &views.WhoCanAnswer{Question: "Who can: ", Label: r.query.Permission, ChooseURL: r.whoURL(rolesQuery{})}
	i := slices.IndexFunc(all.rows, func(p comparedPermission) bool { return keyOf(p.Permission).String() == r.query.Permission })
	if i < 0 {
		a.Missing = &views.EmptyList{
			Strong: "No role has this permission", Text: "Toggl lists no permission “" + r.query.Permission + "” with any role.",
			Link: views.Link{Label: "Choose another", URL: a.ChooseURL},
		}
		return a
	}
	p := &all.rows[i]
	a.Label, a.Entity = permissionLabel(p.Permission), p.Entity
	if p.Name != a.Label {
		a.Name = p.Name
	}
	var roles []apiclient.Role
	var grants []views.Grant
	for i, g := range p.grants {
		if !g.Allowed {
			a.Without = append(a.Without, roleTitle(&r.roles[i]))
			continue
		}
		roles, grants = append(roles, r.roles[i]), append(grants, g)
	}
	h.answerPeople(c, api, r, roles, grants, a)
	return a
}

// whoHas is who has the role of the address.
func (h *Handlers) whoHas(c echo.Context, api *apiclient.Client, r *organizationRoles) *views.WhoCanAnswer {
	a := &views.WhoCanAnswer{Question: "Who has the role: ", Label: "Role " + strconv.FormatInt(r.query.Role, 10), ChooseURL: r.whoURL(rolesQuery{})}
	role, found := r.find(r.query.Role)
	if !found {
		a.Missing = &views.EmptyList{
			Strong: "Toggl lists no such role", Text: "It may be gone, or be one of the other product.",
			Link: views.Link{Label: "All roles", URL: views.RolesURL(r.organizationID, rolesQuery{Track: r.query.Track}.values())},
		}
		return a
	}
	a.Label, a.Name, a.Entity = roleTitle(&role), role.Code, role.Entity
	h.answerPeople(c, api, r, []apiclient.Role{role}, []views.Grant{{}}, a)
	return a
}

// answerPeople adds the roles, who has them and through which groups.
func (h *Handlers) answerPeople(c echo.Context, api *apiclient.Client, r *organizationRoles, roles []apiclient.Role, grants []views.Grant, a *views.WhoCanAnswer) {
	people, err := h.readHolders(c.Request().Context(), api, r, roles)
	if err != nil {
		a.Note = h.partNote(c, "The users could not be read.", err)
	}
	known, _ := h.readRolePeople(c.Request().Context(), api.Known(), r) // what isn't known is not counted
	var compared []int64
	for i := range roles {
		role := &roles[i]
		holding := views.RoleHolding{
			Name: roleTitle(role), Code: role.Code, Entity: role.Entity, Level: "Level " + views.Count(role.PrivilegeLevel),
			URL: r.comparisonURL(rolesQuery{Roles: []int64{role.RoleID}}), People: r.count(role, known),
		}
		if grants[i].Allowed {
			holding.Grant = grants[i]
		}
		a.Roles = append(a.Roles, holding)
		compared = append(compared, role.RoleID)
	}
	if len(roles) > 1 {
		a.CompareURL = r.comparisonURL(rolesQuery{Roles: compared})
	}
	h.holdersView(c, r, roles, people, a)
	if a.Note == nil && len(people.list) == 0 && people.pages > 0 {
		a.Note = &views.Note{Strong: "Nobody.", Text: "None of the users that were looked at has " + ofThese(len(roles)) + "."}
	}
}

func ofThese(roles int) string {
	if roles == 1 {
		return "this role"
	}
	return "one of these roles"
}

// readHolders are the people who have one of the roles. Focus lists them, a page
// at a time; of Track's users they are picked here.
func (h *Handlers) readHolders(ctx context.Context, api *apiclient.Client, r *organizationRoles, roles []apiclient.Role) (rolePeople, error) {
	if !r.focus {
		people, err := h.readRolePeople(ctx, api, r)
		people.list = slices.DeleteFunc(people.list, func(p rolePerson) bool { return len(r.held(roles, &p)) == 0 })
		return people, err
	}
	o := apiclient.ListUsersOptions{}
	if r.query.Page > 1 {
		o.Page = strconv.Itoa(r.query.Page)
	}
	for i := range roles {
		o.Roles = append(o.Roles, strconv.FormatInt(roles[i].RoleID, 10))
	}
	slices.Sort(o.Roles) // the same question is asked once
	list, more, err := r.focusPeople(ctx, api, o)
	if err != nil {
		return rolePeople{}, err
	}
	return rolePeople{list: list, pages: r.query.Page, complete: !more, readAt: api.ReadAt()}, nil
}

// holdersView shows one page of people; Focus' are no more than that.
func (h *Handlers) holdersView(c echo.Context, r *organizationRoles, roles []apiclient.Role, people rolePeople, a *views.WhoCanAnswer) {
	q := r.query
	first, last := 0, len(people.list)
	more := !people.complete
	if !r.focus {
		first = min((q.Page-1)*focusPage, len(people.list))
		last = min(first+focusPage, len(people.list))
		more = last < len(people.list)
		a.Read = h.rolePeopleView(c, r, people, func(q rolesQuery) string { return views.RolePermissionsURL(r.organizationID, q.whoValues()) })
		if people.pages == 0 {
			a.Read.Text = "None of Track’s users have been read yet."
		}
	} else if people.pages > 0 {
		a.Read = views.RolePeople{Text: "Listed by Toggl Focus", Time: h.clock(c).Ago(people.readAt)}
	}
	a.PeopleCount = r.holdersCount(people)
	for i := range people.list[first:last] {
		a.People = append(a.People, r.holder(roles, &people.list[first+i]))
	}
	a.Groups = r.groupViews(roles, people.list[first:last])
	if q.Page > 1 {
		a.PrevURL = r.whoPage(q.Page - 1)
	}
	if more && len(people.list) > 0 {
		a.NextURL = r.whoPage(q.Page + 1)
	}
}

// holdersCount is "12", or "at least 100" where there may be more.
func (r *organizationRoles) holdersCount(people rolePeople) string {
	n := len(people.list)
	switch {
	case people.pages == 0:
		return ""
	case r.focus:
		n += (r.query.Page - 1) * focusPage
	}
	if people.complete {
		return views.Count(n)
	}
	return "at least " + views.Count(n)
}

func (r *organizationRoles) whoPage(page int) string {
	q := r.query
	q.Page = page
	return views.RolePermissionsURL(r.organizationID, q.whoValues())
}

func (r *organizationRoles) holder(roles []apiclient.Role, p *rolePerson) views.RoleHolder {
	list := r.held(roles, p)
	name := displayName(p.name, p.email)
	v := views.RoleHolder{Name: name, URL: views.UserURL(r.organizationID, p.id, p.email), Avatar: views.AvatarOf(name)}
	if name != p.email {
		v.Email = p.email
	}
	if p.status.Class != "" {
		v.Status = p.status
	}
	for _, h := range list {
		v.Roles = append(v.Roles, h.String())
	}
	if len(list) == 0 {
		v.Roles = []string{"In a role that Focus’ list of users doesn’t name"}
	}
	var groups []string
	for _, g := range groupsOf(list) {
		groups = append(groups, g.Name)
	}
	v.Via = joinNames(groups, len(groups))
	return v
}

// groupViews are the groups through which these people have the roles, those of
// the most people first.
func (r *organizationRoles) groupViews(roles []apiclient.Role, people []rolePerson) []views.RoleGroup {
	members := map[int64]int{}
	var groups []apiclient.MyGroup
	for i := range people {
		for _, g := range groupsOf(r.held(roles, &people[i])) {
			if members[g.ID]++; members[g.ID] == 1 {
				groups = append(groups, g)
			}
		}
	}
	slices.SortStableFunc(groups, func(a, b apiclient.MyGroup) int {
		return cmp.Or(cmp.Compare(members[b.ID], members[a.ID]), cmp.Compare(a.Name, b.Name))
	})
	list := make([]views.RoleGroup, len(groups))
	for i, g := range groups {
		list[i] = views.RoleGroup{
			Name: nameOr(g.Name, "Group", g.ID), Emoji: g.Emoji,
			URL: views.GroupURL(r.organizationID, g.ID, nil), People: views.Plural(members[g.ID], "user", "users"),
		}
	}
	return list
}
