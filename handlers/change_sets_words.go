package handlers

import (
	"cmp"
	"strconv"

	"roster/changes"
	"roster/store"
	"roster/views"
)

// planWords say what follows from a staged step, or why it isn't sent; empty for
// what nobody needs to be told. Bad is what somebody should look at twice.
func planWords(p *changes.StepPlan, a *changes.Access) (text string, bad bool) {
	switch p.Fate {
	case changes.WillSkip:
		return "Already so, nothing is sent", false
	case changes.WillHold:
		was, _ := changes.ParseCell(p.Step.Was) // what can't be read has no words
		return "Changed since you staged it: was " + cellWords(was, a) + ", now " + cellWords(p.Now, a) + ". It is held back", true
	case changes.WillBlock:
		return lockWords(p.Now.Lock), true
	case changes.WillNotFind:
		return "Can't be found any more, nothing is sent", true
	}
	if p.Step.RowKind == store.RowGroup {
		return groupWords(p)
	}
	return userWords(p, a)
}

func userWords(p *changes.StepPlan, a *changes.Access) (text string, bad bool) {
	c := &p.Consequences
	adds := p.Step.Op == store.OpAdd
	switch {
	case c.AdminLost && c.LastAdmin:
		return "Last admin of " + p.Step.WorkspaceName, true
	case c.AdminLost && c.AdminsLeft > 0:
		return "Loses 1 admin, " + remain(c.AdminsLeft), true
	case c.Loses:
		return "Loses access", false
	case len(c.KeepsVia) > 0:
		return "Keeps access via " + groupNamesOf(c.KeepsVia, a), false
	case c.Uncertain:
		return "In through " + groupNamesOf(p.Now.Groups, a) + "; whether also directly isn't read yet", false
	case adds && len(p.Now.Groups) > 0:
		return "Has access via " + groupNamesOf(p.Now.Groups, a) + " already", false
	}
	return "", false
}

func groupWords(p *changes.StepPlan) (text string, bad bool) {
	c, g := &p.Consequences, &p.Consequences.Group
	members := views.Plural(g.Members, "member", "members")
	switch {
	case p.Step.Op == store.OpAdd && g.HaveAlready > 0:
		return members + ", " + views.Count(g.HaveAlready) + " with access already", false
	case p.Step.Op == store.OpAdd:
		return members, false
	case c.LastAdmin:
		return "Takes the last admin out of " + p.Step.WorkspaceName, true
	case g.AdminsLost > 0 && c.AdminsLeft > 0:
		return "Loses " + views.Plural(g.AdminsLost, "admin", "admins") + ", " + remain(c.AdminsLeft), true
	case g.Lose > 0:
		return verb(g.Lose, "loses", "lose") + " access, " + verb(g.Keep, "keeps", "keep") + " it", false
	}
	return members + ", all keep access", false
}

func remain(n int) string { return verb(n, "remains", "remain") }

// verb is "1 loses" and "2 lose".
func verb(n int, one, many string) string { return views.Plural(n, one, many) }

// cellWords are how somebody has a workspace.
func cellWords(cell changes.Cell, a *changes.Access) string {
	via := ""
	if len(cell.Groups) > 0 && a != nil {
		via = groupNamesOf(cell.Groups, a)
	}
	via = cmp.Or(via, "a group")
	switch cell.Membership {
	case changes.NotMember:
		return "not a member"
	case changes.Direct:
		return "a direct member"
	case changes.ThroughGroup:
		return "in through " + via
	case changes.DirectAndGroup:
		return "a direct member, also in through " + via
	case changes.MaybeDirect:
		return "in through " + via + ", perhaps also directly"
	}
	return "not known"
}

func lockWords(lock changes.Lock) string {
	switch lock {
	case changes.LockOwner:
		return "Owns the organization and can't be removed"
	case changes.LockAdmin:
		return "Is an admin of the organization and can't be removed"
	case changes.LockPaying:
		return "Pays for the organization and can't be removed"
	}
	return "Can't be removed"
}

func groupNamesOf(ids []int64, a *changes.Access) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = cmp.Or(a.GroupName(id), "group "+strconv.FormatInt(id, 10))
	}
	return joinNames(names, 3)
}
