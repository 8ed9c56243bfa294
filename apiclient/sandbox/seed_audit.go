package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// seedAudit writes some weeks of history, oldest first.
func (s *seeder) seedAudit() {
	o := s.world.organizations[largeOrganizationID]
	for _, u := range o.sorted[:min(len(o.sorted), 40)] {
		if u.invitation != 0 {
			o.record(event{u.invitedAt, o.owner.account.id, "create", "invitation", u.invitation, 0, nil, map[string]any{"email": u.account.email}})
		}
	}
	actors := []*orgUser{o.owner, o.paying, s.world.personas.admin}
	for i := range min(60, len(o.sorted)) {
		u := o.sorted[(i*37)%len(o.sorted)]
		at := s.now.ago(time.Duration(60-i) * 19 * time.Hour)
		by := actors[i%len(actors)].account.id
		switch {
		case i%3 == 0 && len(u.groups) > 0:
			o.record(event{at, by, "update", "group", u.groups[0].id, 0, nil, map[string]any{"user_added": u.account.id}})
		case i%3 == 1 && len(u.memberships) > 0:
			m := u.memberships[0]
			o.record(event{at, by, "update", "workspace_user", m.id, m.workspace.id, map[string]any{"role_id": roleWorkspaceUser}, map[string]any{"role_id": m.role}})
		default:
			o.record(event{at, by, "update", "organization_user", u.id, 0, map[string]any{"inactive": !u.inactive}, map[string]any{"inactive": u.inactive}})
		}
	}
	slices.SortStableFunc(o.audit, func(a, b event) int { return cmp.Compare(a.at, b.at) })
}
