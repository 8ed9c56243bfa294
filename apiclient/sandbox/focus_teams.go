package sandbox

import (
	"slices"
	"strings"
)

type teamPageWire struct {
	Data  []teamWire `json:"data"`
	Page  int        `json:"page"`
	Rows  int        `json:"rows"`
	Total int        `json:"total"`
}

type teamWire struct {
	focusGroupWire
	Ghosts []ghostWire `json:"ghosts"`
}

type ghostWire struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// teamsQuery has all parameters of the teams list.
type teamsQuery struct {
	workspace, user int64
	groups          []int64
	filter          string // lower case
	descending      bool
	page, perPage   int
}

func listTeams(c *call) answer {
	u, refusal := c.focusOrganization("User does not have permission to view groups")
	if u == nil {
		return refusal
	}
	q := c.focusQuery()
	query := teamsQuery{
		workspace: q.id("workspace_id"), user: q.id("organization_user_id"), groups: q.ids("group_ids"),
		filter: strings.ToLower(strings.TrimSpace(q.values.Get("filter"))), descending: q.descending(),
	}
	query.page, query.perPage = q.page()
	if q.values.Get("workspace_id") == "" {
		q.refuseField("ListTeams", "WorkspaceID", "required")
	}
	if q.refusal != "" {
		return c.invalid(q.refusal)
	}
	if !u.seesGroups(query.workspace) {
		return c.deny("User does not have permission to view groups")
	}
	found := query.find(u.org)
	first := min((query.page-1)*query.perPage, len(found))
	shown := found[first:min(first+query.perPage, len(found))]
	page := teamPageWire{Data: make([]teamWire, len(shown)), Page: query.page, Rows: len(shown), Total: len(found)}
	for i, g := range shown {
		page.Data[i] = teamWire{g.focusWire(), g.ghostsWire()}
	}
	return ok(page)
}

// seesGroups: admins of the organization, and whoever is more than a user in
// the workspace.
func (u *orgUser) seesGroups(workspaceID int64) bool {
	ws := u.org.workspace(workspaceID)
	if ws == nil {
		return false
	}
	m := u.in(ws)
	return u.isAdmin() || m != nil && m.role != roleWorkspaceUser
}

func (q *teamsQuery) find(o *organization) []*group {
	var found []*group
	for _, g := range o.groups {
		if (len(q.groups) == 0 || slices.Contains(q.groups, g.id)) &&
			(q.user == 0 || o.users[q.user] != nil && o.users[q.user].hasGroup(g.id)) &&
			strings.Contains(strings.ToLower(g.name), q.filter) {
			found = append(found, g)
		}
	}
	slices.SortStableFunc(found, func(a, b *group) int { return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) })
	if q.descending {
		slices.Reverse(found)
	}
	return found
}

func (g *group) ghostsWire() []ghostWire {
	rows := []ghostWire{}
	for _, ghost := range g.ghosts {
		rows = append(rows, ghostWire{ghost.id, ghost.name})
	}
	return rows
}
