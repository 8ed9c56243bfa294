package sandbox

import "strconv"

type statisticsWire struct {
	Admins       []statisticsAdminWire `json:"admins"`
	MembersCount int                   `json:"members_count"`
	GroupsCount  int                   `json:"groups_count"`
}

type statisticsAdminWire struct {
	UserID int64  `json:"user_id"`
	Name   string `json:"name"`
}

// getWorkspaceStatistics counts in one pass over the users, so that it stays
// fast with many workspaces.
func getWorkspaceStatistics(c *call) answer {
	if c.organization() == nil {
		return c.notFound("Resource can not be found")
	}
	org, _ := c.admin()
	if org == nil {
		return c.deny("Forbidden")
	}
	byWorkspace := make(map[*workspace]*statisticsWire, len(org.workspaces))
	statistics := make(map[string]*statisticsWire, len(org.workspaces))
	for _, ws := range org.workspaces {
		s := &statisticsWire{}
		byWorkspace[ws], statistics[strconv.FormatInt(ws.id, 10)] = s, s
	}
	for _, u := range org.sorted {
		for i := range u.memberships {
			m := &u.memberships[i]
			if m.inactive || u.inactive {
				continue
			}
			s := byWorkspace[m.workspace]
			s.MembersCount++
			if m.role == roleWorkspaceAdmin {
				s.Admins = append(s.Admins, statisticsAdminWire{u.account.id, u.account.name})
			}
		}
	}
	for _, g := range org.groups {
		for _, ws := range g.workspaces {
			byWorkspace[ws].GroupsCount++
		}
	}
	return ok(statistics)
}
