package changes

import "roster/store"

// Consequences are what follows from a step when the whole plan is applied, as
// far as it can be known from what was read.
type Consequences struct {
	Gains, Loses bool    // the user's access to the workspace begins or ends
	KeepsVia     []int64 // groups that keep the access of a user whose direct membership goes
	Uncertain    bool    // whether there is a direct membership isn't known
	AdminLost    bool    // a workspace admin loses access
	LastAdmin    bool    // and no other one remains
	AdminsLeft   int     // how many remain; with AdminLost or AdminsLost
	Group        GroupConsequences
}

// GroupConsequences are what follows for a group's members.
type GroupConsequences struct {
	Members     int // of the group
	HaveAlready int // of whom so many have access before; with add
	Keep        int // so many keep access otherwise; with remove
	Lose        int // so many lose access; with remove
	AdminsLost  int // so many of those are workspace admins
}

func consequences(s *StepPlan, before, after *Access, count Headcount) Consequences {
	if s.Step.RowKind == store.RowGroup {
		return groupConsequences(&s.Step, before, after, count)
	}
	c := Consequences{
		Gains:     !s.Now.HasAccess() && s.After.HasAccess(),
		Loses:     s.Now.HasAccess() && !s.After.HasAccess(),
		Uncertain: s.Now.Membership == MaybeDirect,
	}
	if adds(s.Step.Op) {
		return c
	}
	if s.After.HasAccess() {
		c.KeepsVia = s.After.Groups
	}
	c.AdminLost = c.Loses && before.columns[s.Step.WorkspaceID].members[s.Step.RowID].admin
	c.countAdmins(c.AdminLost, count)
	return c
}

func (c *Consequences) countAdmins(lost bool, count Headcount) {
	if !lost || !count.Known {
		return
	}
	c.AdminsLeft, c.LastAdmin = count.AdminsNow, count.AdminsNow == 0
}

func groupConsequences(s *store.Step, before, after *Access, count Headcount) Consequences {
	members := before.groups[s.RowID].members
	c := Consequences{Group: GroupConsequences{Members: len(members)}}
	for _, id := range members {
		had := before.userCell(id, s.WorkspaceID).HasAccess()
		if adds(s.Op) {
			if had {
				c.Group.HaveAlready++
			}
			continue
		}
		switch {
		case after.userCell(id, s.WorkspaceID).HasAccess():
			c.Group.Keep++
		case had:
			c.Group.Lose++
			if before.columns[s.WorkspaceID].members[id].admin {
				c.Group.AdminsLost++
			}
		}
	}
	c.AdminLost = c.Group.AdminsLost > 0
	c.countAdmins(c.AdminLost, count)
	return c
}

func headcount(workspaceID int64, before, after *Access) Headcount {
	was, ok := before.columns[workspaceID]
	if !ok || !was.complete {
		return Headcount{}
	}
	now := after.columns[workspaceID]
	h := Headcount{Known: true, MembersBefore: len(was.members), MembersNow: len(now.members)}
	for id, m := range was.members {
		if !m.admin {
			continue
		}
		h.AdminsBefore++
		if _, stays := now.members[id]; stays {
			h.AdminsNow++
		} else {
			h.AdminsLost++
		}
	}
	return h
}
