package changes

import (
	"maps"
	"slices"

	"roster/store"
)

// After is the access when the steps have been carried out. The rest is shared
// with a.
func (a *Access) After(steps []store.Step) *Access {
	after := &Access{users: a.users, groups: maps.Clone(a.groups), columns: maps.Clone(a.columns)}
	copied := map[int64]bool{}
	for i := range steps {
		s := &steps[i]
		if !copied[s.WorkspaceID] {
			copied[s.WorkspaceID] = true
			c := *after.column(s.WorkspaceID)
			c.members = maps.Clone(c.members)
			after.columns[s.WorkspaceID] = &c
		}
		if s.RowKind == store.RowGroup {
			after.setGroup(s.RowID, s.WorkspaceID, adds(s.Op))
			continue
		}
		after.columns[s.WorkspaceID].setDirect(s.RowID, adds(s.Op))
	}
	return after
}

func (c *column) setDirect(userID int64, direct bool) {
	m := c.members[userID]
	m.direct, m.known = direct, true
	c.put(userID, m)
}

func (c *column) put(userID int64, m member) {
	if m.known && !m.direct && len(m.groups) == 0 {
		delete(c.members, userID)
		return
	}
	c.members[userID] = m
}

func (a *Access) setGroup(groupID, workspaceID int64, has bool) {
	g := a.groups[groupID]
	g.workspaces = maps.Clone(g.workspaces)
	if g.workspaces == nil {
		g.workspaces = map[int64]bool{}
	}
	if has {
		g.workspaces[workspaceID] = true
	} else {
		delete(g.workspaces, workspaceID)
	}
	a.groups[groupID] = g
	c := a.columns[workspaceID]
	for _, userID := range g.members {
		m, found := c.members[userID]
		if !found {
			if !has {
				continue
			}
			m.known = c.complete || a.users[userID].listed
		}
		m.groups = withGroup(m.groups, groupID, has)
		c.put(userID, m)
	}
}

// withGroup is a new list: lists are shared.
func withGroup(groups []int64, groupID int64, has bool) []int64 {
	i, found := slices.BinarySearch(groups, groupID)
	switch {
	case found == has:
		return groups
	case has:
		return slices.Insert(slices.Clone(groups), i, groupID)
	}
	return slices.Delete(slices.Clone(groups), i, i+1)
}

// adds reports whether an operation gives access.
func adds(op string) bool { return op == store.OpAdd }
