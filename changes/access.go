package changes

import (
	"cmp"
	"slices"
	"time"

	"roster/apiclient"
	"roster/store"
)

// Access is who has which workspace of an organization, as far as it was read.
// It is filled by its Add methods and is only read afterwards; then it is safe
// for concurrent use.
type Access struct {
	users   map[int64]User
	groups  map[int64]accessGroup
	columns map[int64]*column
}

// User is a person as a row.
type User struct {
	UserID, OrganizationUserID int64
	Name, Email                string
	Owner, Admin               bool  // of the organization
	RoleID                     int64 // in the organization; 0: not known
	Joined, Inactive           bool
	TwoFactor                  bool
	CreatedAt                  time.Time // zero: not known
	listed                     bool      // all workspaces are known
}

type accessGroup struct {
	id         int64
	name       string
	members    []int64 // global user ids
	workspaces map[int64]bool
}

// A column is a workspace. The slices of its members are shared between copies
// and never changed.
type column struct {
	name     string
	complete bool // all members are known, and whether they are direct
	members  map[int64]member
}

type member struct {
	groups          []int64 // ascending
	direct, known   bool    // known: whether it is direct
	admin, inactive bool
	workspaceUserID int64
	roleID          int64  // 0: not known
	role            string // as upstream used to call it
}

// NewAccess is an Access of which nothing is known.
func NewAccess() *Access {
	return &Access{
		users: map[int64]User{}, groups: map[int64]accessGroup{}, columns: map[int64]*column{},
	}
}

// AddWorkspaces gives workspaces their names.
func (a *Access) AddWorkspaces(workspaces []apiclient.Workspace) {
	for _, w := range workspaces {
		a.column(w.ID).name = w.Name
	}
}

func (a *Access) column(workspaceID int64) *column {
	c, ok := a.columns[workspaceID]
	if !ok {
		c = &column{members: map[int64]member{}}
		a.columns[workspaceID] = c
	}
	return c
}

// AddUsers adds rows of the users list. A member of a group may also be direct:
// the list doesn't say. What AddWorkspaceUsers said about a workspace stays.
func (a *Access) AddUsers(users []apiclient.OrganizationUser) {
	for i := range users {
		u := &users[i]
		a.users[u.UserID] = User{
			UserID: u.UserID, OrganizationUserID: u.ID, Name: u.Name, Email: u.Email,
			Owner: u.Owner, Admin: u.Admin || u.Owner, RoleID: deref(u.RoleID), Joined: u.Joined, Inactive: u.Inactive,
			TwoFactor: u.TwoFactorEnabled, CreatedAt: u.CreatedAt, listed: true,
		}
		for j := range u.Workspaces {
			a.addMembership(u.UserID, &u.Workspaces[j])
		}
	}
}

func (a *Access) addMembership(userID int64, w *apiclient.UserWorkspace) {
	c := a.column(w.WorkspaceID)
	if c.name == "" {
		c.name = w.WorkspaceName
	}
	if c.complete {
		return
	}
	m := member{admin: w.Admin, inactive: w.Inactive, workspaceUserID: w.WorkspaceUserID, roleID: deref(w.RoleID), role: w.Role}
	for _, g := range w.Groups {
		m.groups = append(m.groups, g.GroupID)
		if _, ok := a.groups[g.GroupID]; !ok {
			a.groups[g.GroupID] = accessGroup{id: g.GroupID, name: g.Name}
		}
	}
	slices.Sort(m.groups)
	m.direct, m.known = len(m.groups) == 0, len(m.groups) == 0
	c.members[userID] = m
}

func deref(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

// AddWorkspaceUsers adds all users of a workspace, which says who is direct.
func (a *Access) AddWorkspaceUsers(workspaceID int64, users []apiclient.WorkspaceUser) {
	c := a.column(workspaceID)
	c.complete, c.members = true, make(map[int64]member, len(users))
	for i := range users {
		u := &users[i]
		id := cmp.Or(u.UserID, u.UID)
		c.members[id] = member{
			groups: slices.Sorted(slices.Values(u.GroupIDs)), direct: u.IsDirect, known: true,
			admin: u.Admin || u.WorkspaceAdmin, inactive: u.Inactive, workspaceUserID: u.ID, roleID: deref(u.RoleID), role: u.Role,
		}
		row, ok := a.users[id]
		if !ok {
			row = User{UserID: id, Name: u.Name, Email: u.Email, Joined: u.Active, TwoFactor: u.TwoFactorEnabled}
		}
		row.Admin = row.Admin || u.OrganizationAdmin
		a.users[id] = row
	}
}

// AddDirect adds what a workspace's own list says of who is direct, where the
// users list left that open; it may be older than the users list. It reports
// whether it added anything.
func (a *Access) AddDirect(workspaceID int64, users []apiclient.WorkspaceUser) (added bool) {
	c := a.column(workspaceID)
	for i := range users {
		u := &users[i]
		id := cmp.Or(u.UserID, u.UID)
		m, found := c.members[id]
		if !found || m.known || !slices.Equal(m.groups, slices.Sorted(slices.Values(u.GroupIDs))) {
			continue
		}
		m.direct, m.known = u.IsDirect, true
		c.members[id] = m
		added = true
	}
	return added
}

// AddGroups adds the organization's groups, with all that they hold.
func (a *Access) AddGroups(groups []apiclient.Group) {
	for _, g := range groups {
		row := accessGroup{id: g.GroupID, name: g.Name, workspaces: make(map[int64]bool, len(g.Workspaces))}
		for _, u := range g.Users {
			row.members = append(row.members, u.UserID)
		}
		for _, id := range g.Workspaces {
			row.workspaces[id] = true
		}
		a.groups[g.GroupID] = row
	}
}

// User is the row of a global user id.
func (a *Access) User(userID int64) (User, bool) {
	u, ok := a.users[userID]
	return u, ok
}

// GroupName is the name of a group; empty where it isn't known.
func (a *Access) GroupName(groupID int64) string { return a.groups[groupID].name }

// WorkspaceName is the name of a workspace; empty where it isn't known.
func (a *Access) WorkspaceName(workspaceID int64) string {
	if c, ok := a.columns[workspaceID]; ok {
		return c.name
	}
	return ""
}

// Cell is the state of a row of kind store.RowUser or store.RowGroup.
func (a *Access) Cell(rowKind string, rowID, workspaceID int64) Cell {
	if rowKind == store.RowGroup {
		return a.groupCell(rowID, workspaceID)
	}
	return a.userCell(rowID, workspaceID)
}

func (a *Access) groupCell(groupID, workspaceID int64) Cell {
	switch g, ok := a.groups[groupID]; {
	case !ok || g.workspaces == nil:
		return Cell{Membership: Unread}
	case g.workspaces[workspaceID]:
		return Cell{Membership: Direct}
	}
	return Cell{Membership: NotMember}
}

func (a *Access) userCell(userID, workspaceID int64) Cell {
	c, ok := a.columns[workspaceID]
	if !ok {
		c = &column{}
	}
	m, found := c.members[userID]
	switch {
	case !found && (c.complete || a.users[userID].listed):
		return Cell{Membership: NotMember}
	case !found:
		return Cell{Membership: Unread}
	}
	cell := Cell{Membership: m.membership(), Groups: m.groups}
	if cell.Membership != ThroughGroup {
		cell.Lock = a.lock(userID)
	}
	return cell
}

func (m member) membership() Membership {
	switch {
	case !m.known:
		return MaybeDirect
	case m.direct && len(m.groups) > 0:
		return DirectAndGroup
	case m.direct:
		return Direct
	}
	return ThroughGroup
}

func (a *Access) lock(userID int64) Lock {
	u := a.users[userID]
	switch {
	case u.Owner:
		return LockOwner
	case u.Admin:
		return LockAdmin
	}
	return Unlocked
}
