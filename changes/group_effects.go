package changes

import (
	"iter"
	"slices"
)

// Hold is what gives a member of a group one of the group's workspaces besides
// the group itself: what remains when the group no longer does.
type Hold string

// The holds. A member who surely is direct has HoldDirect, in other groups or not.
const (
	HoldNone    Hold = "none"    // nothing: the member has it only through this group
	HoldDirect  Hold = "direct"  // a direct membership
	HoldGroups  Hold = "groups"  // other groups, and perhaps a direct membership
	HoldPerhaps Hold = "perhaps" // at most a direct membership; the users list doesn't say
	HoldAbsent  Hold = "absent"  // the member didn't have the workspace when it was read
	HoldUnread  Hold = "unread"  // nothing is known
)

// MemberHold is what a member keeps of a workspace without a group.
type MemberHold struct {
	UserID int64
	Hold   Hold
	Via    []int64 // the other groups, ascending
	Admin  bool    // of the workspace
}

// GroupEffect is what a group does for its members in one workspace: so many of
// them have each hold besides it.
type GroupEffect struct {
	WorkspaceID int64
	Members     int // who were looked at; the sum of the six below
	Only        int // HoldNone
	Direct      int
	Groups      int
	Perhaps     int
	Absent      int
	Unread      int
	// AdminsOnly are the workspace's admins among Only; AdminsLeft are those that
	// remain without them, where AdminsKnown.
	AdminsOnly, AdminsLeft int
	AdminsKnown            bool
}

// Certain reports whether it is known of every member what the group adds.
func (e GroupEffect) Certain() bool { return e.Perhaps == 0 && e.Unread == 0 }

// Takes reports whether anybody loses the workspace without the group, or may.
func (e GroupEffect) Takes() bool { return e.Only+e.Perhaps+e.Unread > 0 }

// GroupExtent is what a group holds.
type GroupExtent struct {
	Members    []int64 // global user ids
	Workspaces []int64
}

// Holds are what members keep of a workspace without a group, in the order in
// which they are given.
func (a *Access) Holds(groupID, workspaceID int64, members []int64) iter.Seq[MemberHold] {
	return func(yield func(MemberHold) bool) {
		for _, id := range members {
			cell := a.userCell(id, workspaceID)
			m := MemberHold{UserID: id, Hold: cell.holdWithout(groupID), Admin: a.adminOf(id, workspaceID)}
			if cell.othersThan(groupID) > 0 {
				m.Via = withGroup(cell.Groups, groupID, false)
			}
			if !yield(m) {
				return
			}
		}
	}
}

// GroupEffect counts the holds of members.
func (a *Access) GroupEffect(groupID, workspaceID int64, members []int64) GroupEffect {
	e := GroupEffect{WorkspaceID: workspaceID, Members: len(members)}
	for _, id := range members {
		switch a.userCell(id, workspaceID).holdWithout(groupID) {
		case HoldNone:
			e.Only++
			if a.adminOf(id, workspaceID) {
				e.AdminsOnly++
			}
		case HoldDirect:
			e.Direct++
		case HoldGroups:
			e.Groups++
		case HoldPerhaps:
			e.Perhaps++
		case HoldAbsent:
			e.Absent++
		case HoldUnread:
			e.Unread++
		}
	}
	if c, ok := a.columns[workspaceID]; ok && c.complete && e.AdminsOnly > 0 {
		e.AdminsKnown, e.AdminsLeft = true, c.admins()-e.AdminsOnly
	}
	return e
}

// Taken yields the workspaces of e that after takes from members, and from
// whom, in the order of e.
func (e GroupExtent) Taken(after GroupExtent) iter.Seq2[int64, []int64] {
	return func(yield func(int64, []int64) bool) {
		stays := make(map[int64]bool, len(after.Members))
		for _, id := range after.Members {
			stays[id] = true
		}
		leaving := slices.DeleteFunc(slices.Clone(e.Members), func(id int64) bool { return stays[id] })
		for _, workspaceID := range e.Workspaces {
			members := leaving
			if !slices.Contains(after.Workspaces, workspaceID) {
				members = e.Members
			}
			if len(members) > 0 && !yield(workspaceID, members) {
				return
			}
		}
	}
}

func (c Cell) holdWithout(groupID int64) Hold {
	direct, known := c.IsDirect()
	switch {
	case c.Membership == Unread:
		return HoldUnread
	case c.Membership == NotMember:
		return HoldAbsent
	case known && direct:
		return HoldDirect
	case c.othersThan(groupID) > 0:
		return HoldGroups
	case known:
		return HoldNone
	}
	return HoldPerhaps
}

// othersThan counts the groups but one.
func (c Cell) othersThan(groupID int64) int {
	n := len(c.Groups)
	if _, found := slices.BinarySearch(c.Groups, groupID); found {
		n--
	}
	return n
}

func (a *Access) adminOf(userID, workspaceID int64) bool {
	c, ok := a.columns[workspaceID]
	return ok && c.members[userID].admin
}

func (c *column) admins() int {
	n := 0
	for _, m := range c.members {
		if m.admin {
			n++
		}
	}
	return n
}
