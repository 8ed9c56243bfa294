package changes

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Mark is something about a person's access that a review is there to find.
type Mark uint8

// The marks; a row may have several.
const (
	TwoFactorOff Mark = 1 << iota // has joined, and signs in with a password alone
	LongInvited                   // was invited long ago and has not joined
	Inactive                      // deactivated, in the organization or in the workspace
)

// ReviewRow is one person in one workspace, and why.
type ReviewRow struct {
	User       *User // never nil
	Membership Membership
	Groups     []int64 // that give access, ascending
	RoleID     int64   // in the workspace; 0: not known
	Role       string  // as upstream used to call it
	Admin      bool    // of the workspace
	Marks      Mark
}

// WorkspaceReview is everybody in a workspace: who owns or administers the
// organization first, then the workspace's admins, then all others, each by name.
type WorkspaceReview struct {
	WorkspaceID int64
	Name        string // empty: not known
	// Complete: the workspace's own list was read, so that it is known who is
	// direct. The users list alone leaves rows MaybeDirect.
	Complete bool
	Rows     []ReviewRow
}

// Scope narrows a review down; what is 0 doesn't.
type Scope struct{ WorkspaceID, UserID, GroupID int64 }

// Review is who has access to what, and why: workspace by workspace in the order
// of their names. Invitations from before invitedBefore are LongInvited. It shares
// with a what is never changed.
func (a *Access) Review(of Scope, invitedBefore time.Time) []WorkspaceReview {
	people := a.people(of.UserID, invitedBefore)
	var list []WorkspaceReview
	for _, id := range a.workspacesOf(of) {
		c := cmp.Or(a.columns[id], &column{})
		w := WorkspaceReview{WorkspaceID: id, Name: c.name, Complete: c.complete, Rows: c.review(people, of)}
		if of.UserID == 0 || len(w.Rows) > 0 {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(x, y WorkspaceReview) int {
		return cmp.Or(cmp.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)), cmp.Compare(x.WorkspaceID, y.WorkspaceID))
	})
	return list
}

// Homeless are the people who are in no workspace, in the order of a
// WorkspaceReview. Their rows are of NotMember.
func (a *Access) Homeless(invitedBefore time.Time) []ReviewRow {
	people := a.people(0, invitedBefore)
	for _, c := range a.columns {
		for id := range c.members {
			delete(people, id)
		}
	}
	r := newRanking(len(people))
	for _, p := range people {
		r.add(p.rank(false), ReviewRow{User: p.user, Membership: NotMember, Marks: p.marks})
	}
	return r.inOrder()
}

// Workspaces are the ids of all workspaces that are known of, ascending.
func (a *Access) Workspaces() []int64 { return slices.Sorted(maps.Keys(a.columns)) }

// Users is how many people are known of.
func (a *Access) Users() int { return len(a.users) }

func (a *Access) workspacesOf(of Scope) []int64 {
	switch {
	case of.WorkspaceID != 0:
		return []int64{of.WorkspaceID}
	case of.GroupID != 0:
		return slices.Sorted(maps.Keys(a.groups[of.GroupID].workspaces))
	}
	return a.Workspaces()
}

// A reviewed person has a place among all others by name, from 0.
type reviewed struct {
	user  *User
	place int
	marks Mark
}

// rank is where somebody stands in a workspace.
func (p reviewed) rank(admin bool) int {
	class := 3
	switch {
	case p.user.Owner:
		class = 0
	case p.user.Admin:
		class = 1
	case admin:
		class = 2
	}
	return class<<32 | p.place
}

func (a *Access) people(userID int64, invitedBefore time.Time) map[int64]reviewed {
	type named struct {
		name string
		user *User
	}
	list := make([]named, 0, len(a.users))
	for id, u := range a.users {
		if userID == 0 || id == userID {
			list = append(list, named{strings.ToLower(cmp.Or(u.Name, u.Email)), &u})
		}
	}
	slices.SortFunc(list, func(x, y named) int {
		return cmp.Or(cmp.Compare(x.name, y.name), cmp.Compare(x.user.UserID, y.user.UserID))
	})
	people := make(map[int64]reviewed, len(list))
	for place, n := range list {
		people[n.user.UserID] = reviewed{n.user, place, n.user.marks(invitedBefore)}
	}
	return people
}

func (u *User) marks(invitedBefore time.Time) Mark {
	switch {
	case u.Inactive:
		return Inactive
	case u.Joined && !u.TwoFactor:
		return TwoFactorOff
	case !u.Joined && !u.CreatedAt.IsZero() && u.CreatedAt.Before(invitedBefore):
		return LongInvited
	}
	return 0
}

// A ranking puts rows in order. Ranks are sorted, not rows, which are large.
type ranking struct {
	rows  []ReviewRow
	ranks []rankOf
}

type rankOf struct{ rank, row int }

func newRanking(size int) *ranking {
	return &ranking{rows: make([]ReviewRow, 0, size), ranks: make([]rankOf, 0, size)}
}

func (r *ranking) add(rank int, row ReviewRow) {
	r.ranks = append(r.ranks, rankOf{rank, len(r.rows)})
	r.rows = append(r.rows, row)
}

func (r *ranking) inOrder() []ReviewRow {
	slices.SortFunc(r.ranks, func(x, y rankOf) int { return cmp.Compare(x.rank, y.rank) })
	sorted := make([]ReviewRow, len(r.rows))
	for i, of := range r.ranks {
		sorted[i] = r.rows[of.row]
	}
	return sorted
}

func (c *column) review(people map[int64]reviewed, of Scope) []ReviewRow {
	if of.UserID != 0 {
		m, ok := c.members[of.UserID]
		p, known := people[of.UserID]
		if !ok || !known {
			return nil
		}
		return []ReviewRow{p.row(m)}
	}
	r := newRanking(len(c.members))
	for id, m := range c.members {
		given := of.GroupID == 0 || slices.Contains(m.groups, of.GroupID)
		if p, known := people[id]; known && given {
			r.add(p.rank(m.admin), p.row(m))
		}
	}
	return r.inOrder()
}

func (p reviewed) row(m member) ReviewRow {
	row := ReviewRow{
		User: p.user, Membership: m.membership(), Groups: m.groups, RoleID: m.roleID, Role: m.role, Admin: m.admin, Marks: p.marks,
	}
	if m.inactive {
		row.Marks |= Inactive
	}
	return row
}

// GroupNames are the names of all groups that are known of, by id.
func (a *Access) GroupNames() map[int64]string {
	names := make(map[int64]string, len(a.groups))
	for id, g := range a.groups {
		names[id] = g.name
	}
	return names
}
