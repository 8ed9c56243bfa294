package handlers

import (
	"errors"
	"strings"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// lockWords say why somebody can't be removed from a workspace.
var lockWords = map[changes.Lock]string{
	changes.LockOwner: "owner of the organization, can’t be removed",
	changes.LockAdmin: "admin of the organization, can’t be removed",
}

// via names the groups through which somebody has a workspace: "via Delivery
// leads and Design".
func via(access *changes.Access, groups []int64) string {
	names := make([]string, 0, len(groups))
	for _, id := range groups {
		if name := strings.TrimSpace(access.GroupName(id)); name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "via a group"
	}
	return "via " + joinNames(names, len(names))
}

// consequence is what follows from a step, in words; bad asks for attention.
// counts are of its workspace, as far as they are known.
func consequence(s *changes.StepPlan, access *changes.Access, counts adminCount) (text string, bad bool) {
	switch s.Fate {
	case changes.WillSkip:
		return "Already so, nothing is sent", false
	case changes.WillHold:
		return "Changed in Toggl since you staged it: now " + membershipWords(s.Now, access), true
	case changes.WillBlock:
		return capitalized(lockWords[s.Now.Lock]), true
	case changes.WillNotFind:
		return "Not found in Toggl any more", true
	case changes.WillSend:
	}
	if s.Step.RowKind == store.RowGroup {
		return groupConsequence(s, counts)
	}
	if s.Step.Op == store.OpAdd {
		if s.Now.HasAccess() {
			return "Has access " + via(access, s.Now.Groups) + ", becomes a direct member", false
		}
		return "", false
	}
	return removalConsequence(s, access, counts)
}

func removalConsequence(s *changes.StepPlan, access *changes.Access, counts adminCount) (text string, bad bool) {
	c := s.Consequences
	switch {
	case c.AdminLost:
		return counts.words()
	case len(c.KeepsVia) > 0 && c.Uncertain:
		return "Keeps access " + via(access, c.KeepsVia) + ", and may have no other", false
	case len(c.KeepsVia) > 0:
		return "Keeps access " + via(access, c.KeepsVia), false
	}
	return "", false
}

func groupConsequence(s *changes.StepPlan, counts adminCount) (text string, bad bool) {
	c := s.Consequences.Group
	if s.Step.Op == store.OpAdd {
		text = views.Plural(c.Members, "user", "users")
		if c.HaveAlready > 0 {
			text += ", " + views.Count(c.HaveAlready) + " with access already"
		}
		return text, false
	}
	if !counts.told && c.Lose+c.Keep > 0 { // a member may be direct as well
		return "Up to " + views.Plural(c.Lose+c.Keep, "user loses access", "users lose access"), false
	}
	var parts []string
	if c.Lose > 0 {
		parts = append(parts, views.Plural(c.Lose, "user loses access", "users lose access"))
	}
	if c.Keep > 0 {
		parts = append(parts, views.Plural(c.Keep, "user keeps access", "users keep access"))
	}
	if c.AdminsLost > 0 {
		words, last := counts.words()
		parts, bad = append(parts, uncapitalized(words)), last
	}
	return strings.Join(parts, ", "), bad
}

// adminCount is how many admins a workspace loses by the plan, and keeps.
type adminCount struct {
	workspace  string
	lost, left int
	known      bool // how many are left
	told       bool // the workspace said who is direct
}

// countAdmins takes what the plan knows, or else the workspace's statistics.
func countAdmins(w *changes.WorkspacePlan, statistics map[int64]apiclient.WorkspaceStatistics) adminCount {
	c := adminCount{workspace: w.Name, lost: w.Headcount.AdminsLost, left: w.Headcount.AdminsNow, known: w.Headcount.Known, told: w.Headcount.Known}
	if c.known {
		return c
	}
	for i := range w.Steps {
		switch s := &w.Steps[i]; {
		case s.Consequences.Group.AdminsLost > 0:
			c.lost += s.Consequences.Group.AdminsLost
		case s.Consequences.AdminLost:
			c.lost++
		}
	}
	all, known := statistics[w.WorkspaceID]
	c.known, c.left = known, max(0, len(all.Admins)-c.lost)
	return c
}

func (c adminCount) words() (text string, bad bool) {
	loses := "Loses " + views.Plural(c.lost, "admin", "admins")
	switch {
	case !c.known:
		return loses, false
	case c.left > 0:
		return loses + ", " + views.Plural(c.left, "remains", "remain"), false
	case c.lost == 1:
		return "Last admin of " + c.workspace, true
	}
	return loses + ", none remains", true
}

// membershipWords is a cell's state within a sentence.
func membershipWords(now changes.Cell, access *changes.Access) string {
	switch now.Membership {
	case changes.Direct:
		return "a direct member"
	case changes.DirectAndGroup:
		return "a direct member, also " + via(access, now.Groups)
	case changes.ThroughGroup:
		return "a member only " + via(access, now.Groups)
	case changes.MaybeDirect:
		return "a member " + via(access, now.Groups)
	case changes.NotMember:
		return "not a member"
	case changes.Unread:
	}
	return "not known"
}

// stagingWords say why a tick stages nothing.
func stagingWords(err error, at changes.Target, g *grid) string {
	now := g.access.Cell(at.RowKind, at.RowID, at.WorkspaceID)
	switch {
	case errors.Is(err, changes.ErrLocked):
		return lockWords[now.Lock]
	case errors.Is(err, changes.ErrOnlyGroup):
		return "a member only " + via(g.access, now.Groups) + ", so it is the group that has to change"
	case errors.Is(err, changes.ErrNoRow):
		return "not found in this organization"
	case errors.Is(err, changes.ErrTooMany):
		return "a set holds at most " + views.Count(changes.MaxSteps) + " changes; apply these first"
	}
	return "not known to Roster; read the page again"
}

// rejectedWords are what Toggl said of a step when it was sent, or how its cell
// had changed. upstream is true for Toggl's own words.
func rejectedWords(s store.Step, access *changes.Access) (words string, upstream bool) {
	now, held := changes.ReadHeld(s)
	if s.State == store.StepHeld && held {
		return "Changed in Toggl meanwhile: " + membershipWords(now, access), false
	}
	return s.Message, true
}

// stepWords name a change: "add Aisha Rahman to Labs".
func stepWords(op, row, workspace string) string {
	if op == store.OpAdd {
		return "add " + row + " to " + workspace
	}
	return "remove " + row + " from " + workspace
}

// The symbols of cells, whose addresses are looked up once: there are a thousand
// cells on a page.
var (
	groupIcon  = views.IconURL("users-round")
	lockIcon   = views.IconURL("lock")
	unreadIcon = views.IconURL("circle-help")
)

// describe gives a cell the class, the symbol and the words of its state.
func (g *grid) describe(v *views.AssignmentCell, now changes.Cell) {
	switch now.Membership {
	case changes.ThroughGroup:
		through := via(g.access, now.Groups)
		v.Class, v.Icon, v.Title = "g", groupIcon, "Only "+through
		v.Label += ", only " + through
	case changes.DirectAndGroup:
		through := via(g.access, now.Groups)
		v.Class, v.Icon, v.Title = "b", groupIcon, "Also "+through
		v.Label += ", also " + through
	case changes.MaybeDirect:
		through := via(g.access, now.Groups)
		v.Class, v.Icon, v.Title = "m", groupIcon, capitalized(through)+", perhaps also direct"
		v.Label += ", " + through + ", perhaps also direct"
	case changes.Unread:
		v.Class, v.Icon, v.Title, v.Disabled = "u", unreadIcon, "Not read", true
		v.Label += ", not read"
	case changes.Direct, changes.NotMember:
	}
}
