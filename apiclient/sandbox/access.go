package sandbox

import "slices"

// join gives a user direct access to a workspace. It returns the membership,
// the one there was or a new one.
func (w *world) join(u *orgUser, ws *workspace, now stamp) *membership {
	m := w.admit(u, ws, now)
	m.direct = true
	return m
}

// admit makes sure that there is a membership; a new one is not direct.
func (w *world) admit(u *orgUser, ws *workspace, now stamp) *membership {
	i, found := u.search(ws.id)
	if !found {
		u.memberships = slices.Insert(u.memberships, i, membership{
			id: next(&w.lastID.workspaceUser), workspace: ws, role: roleWorkspaceUser,
			rate: unset, cost: unset, minutes: unset, updatedAt: now,
		})
	}
	return &u.memberships[i]
}

// leave takes direct access away. What a group gives stays.
func (w *world) leave(u *orgUser, ws *workspace, now stamp) {
	m := u.in(ws)
	if m == nil {
		return
	}
	m.direct = false
	w.follow(u, now)
}

// follow brings the memberships in line with the user's groups: every
// workspace of a group is open, and what is neither direct nor a group's goes.
func (w *world) follow(u *orgUser, now stamp) {
	for _, g := range u.groups {
		for _, ws := range g.workspaces {
			w.admit(u, ws, now)
		}
	}
	u.memberships = slices.DeleteFunc(u.memberships, func(m membership) bool {
		if m.direct || slices.ContainsFunc(u.groups, func(g *group) bool { return g.opens(m.workspace) }) {
			return false
		}
		w.gone[m.id] = true
		return true
	})
	u.updatedAt = now
}

// enter adds a user to a group, with the access that it gives.
func (w *world) enter(g *group, u *orgUser, now stamp) {
	if u.hasGroup(g.id) {
		return
	}
	g.users = append(g.users, u)
	u.groups = append(u.groups, g)
	w.follow(u, now)
}

// exit removes a user from a group, with the access that only it gave.
func (w *world) exit(g *group, u *orgUser, now stamp) {
	if !u.hasGroup(g.id) {
		return
	}
	g.drop(u)
	w.follow(u, now)
}

func (g *group) drop(u *orgUser) {
	g.users = slices.DeleteFunc(g.users, func(other *orgUser) bool { return other == u })
	u.groups = slices.DeleteFunc(u.groups, func(other *group) bool { return other == g })
}

// setUsers makes the group's members exactly these.
func (w *world) setUsers(g *group, users []*orgUser, now stamp) {
	wanted := make(map[*orgUser]bool, len(users))
	for _, u := range users {
		wanted[u] = true
	}
	w.exitAll(g, func(u *orgUser) bool { return !wanted[u] }, now)
	for _, u := range users {
		w.enter(g, u, now)
	}
}

// exitAll removes many at once, in one pass over a large group.
func (w *world) exitAll(g *group, leaves func(*orgUser) bool, now stamp) {
	var left []*orgUser
	g.users = slices.DeleteFunc(g.users, func(u *orgUser) bool {
		if !leaves(u) {
			return false
		}
		left = append(left, u)
		return true
	})
	for _, u := range left {
		u.groups = slices.DeleteFunc(u.groups, func(other *group) bool { return other == g })
		w.follow(u, now)
	}
}

// setWorkspaces makes the group's workspaces exactly these.
func (w *world) setWorkspaces(g *group, workspaces []*workspace, now stamp) {
	g.workspaces = workspaces
	for _, u := range g.users {
		w.follow(u, now)
	}
}

// dissolve deletes a group. Its members stay in the organization.
func (w *world) dissolve(g *group, now stamp) {
	w.exitAll(g, func(*orgUser) bool { return true }, now)
	g.org.groups = slices.DeleteFunc(g.org.groups, func(other *group) bool { return other == g })
}
