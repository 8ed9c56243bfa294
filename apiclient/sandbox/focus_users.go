package sandbox

import (
	"slices"
	"strings"
)

// focusUsersQuery has all parameters of the Focus users list.
type focusUsersQuery struct {
	workspaces, accounts, users, groups, roles, tags, pinned []int64
	products, statuses                                       []string
	filter                                                   string // lower case
	onlyAdmins, descending, workingHours, rates              bool
	page, perPage                                            int
}

func readFocusUsersQuery(q *focusQuery) focusUsersQuery {
	query := focusUsersQuery{
		workspaces: q.ids("workspaces"), accounts: q.ids("user_account_ids"), users: q.ids("org_user_ids"),
		groups: q.ids("groups"), roles: q.ids("roles"), tags: q.ids("tag_ids"), pinned: q.ids("pinned_ids"),
		products: q.words("toggl_products", "ListUsers", "TogglProducts", "track", "focus", "work"),
		statuses: q.words("active_status", "ListUsers", "ActiveStatus", "active", "inactive", "invited"),
		filter:   strings.ToLower(strings.TrimSpace(q.values.Get("filter"))), onlyAdmins: q.flag("only_admins"),
		descending: q.descending(), workingHours: q.flag("include_working_hours"), rates: q.flag("include_rates"),
	}
	query.page, query.perPage = q.page()
	return query
}

func listFocusUsers(c *call) answer {
	u, refusal := c.focusOrganization("User does not have access to the organization")
	if u == nil {
		return refusal
	}
	q := c.focusQuery()
	query := readFocusUsersQuery(q)
	if q.refusal != "" {
		return c.invalid(q.refusal)
	}
	var rows []focusUserWire
	for _, found := range query.find(u.org) {
		rows = append(rows, found.focusWire(query.workingHours, query.rates))
	}
	return listOf(c, rows)
}

// find returns one page: first those that are pinned, in the order asked for,
// then the others by name.
func (q *focusUsersQuery) find(o *organization) []*orgUser {
	var rows []*orgUser
	skip := (q.page - 1) * q.perPage
	keep := func(u *orgUser) (full bool) {
		if skip > 0 {
			skip--
			return false
		}
		rows = append(rows, u)
		return len(rows) == q.perPage
	}
	for i, id := range q.pinned {
		u := o.users[id]
		if u != nil && q.matches(u) && slices.Index(q.pinned, id) == i && keep(u) {
			return rows
		}
	}
	for i := range o.sorted {
		u := o.sorted[i]
		if q.descending {
			u = o.sorted[len(o.sorted)-1-i]
		}
		if !slices.Contains(q.pinned, u.id) && q.matches(u) && keep(u) {
			return rows
		}
	}
	return rows
}

func (q *focusUsersQuery) matches(u *orgUser) bool {
	return (!q.onlyAdmins || u.isAdmin()) &&
		(len(q.statuses) == 0 || slices.Contains(q.statuses, u.status())) &&
		(len(q.workspaces) == 0 || slices.ContainsFunc(q.workspaces, u.inWorkspace)) &&
		(len(q.groups) == 0 || slices.ContainsFunc(q.groups, u.hasGroup)) &&
		(len(q.accounts) == 0 || slices.Contains(q.accounts, u.account.id)) &&
		(len(q.users) == 0 || slices.Contains(q.users, u.id)) &&
		(len(q.tags) == 0 || u.hasTag(q.tags)) &&
		(len(q.roles) == 0 || u.hasRole(q.roles)) &&
		(len(q.products) == 0 || u.hasProduct(q.products)) &&
		(q.filter == "" || strings.Contains(u.account.search, q.filter))
}

// hasRole looks at the role in the organization and at those in workspaces,
// on Track and on Focus.
func (u *orgUser) hasRole(roles []int64) bool {
	return slices.Contains(roles, u.role) || slices.ContainsFunc(u.memberships, func(m membership) bool {
		return slices.Contains(roles, int64(m.role)) ||
			m.workspace.has("focus") && slices.Contains(roles, focusRole(int64(m.role)))
	})
}

func (u *orgUser) hasProduct(products []string) bool {
	return slices.ContainsFunc(u.memberships, func(m membership) bool { return slices.ContainsFunc(products, m.workspace.has) })
}

func (u *orgUser) hasTag(ids []int64) bool {
	return slices.ContainsFunc(u.tagsWire(), func(t tagWire) bool { return slices.Contains(ids, t.ID) })
}

// products are the parts of Toggl that a workspace uses: every fourth has
// Track alone.
func (ws *workspace) products() []string {
	if ws.id%4 == 0 {
		return []string{"track"}
	}
	return []string{"track", "focus"}
}

func (ws *workspace) has(product string) bool { return slices.Contains(ws.products(), product) }
