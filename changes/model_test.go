package changes_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
)

// A model is an organization's access in the plainest form, which is what the
// package's own is compared with.
type model struct {
	users, groups, workspaces int
	direct                    map[[2]int64]bool // user, workspace
	member                    map[[2]int64]bool // user, group
	opens                     map[[2]int64]bool // group, workspace
	admin                     map[[2]int64]bool // user, workspace
}

// Ids of each kind begin elsewhere, so that a mix-up is seen.
const (
	firstUser      = 9_000_000
	firstOrgUser   = 5_000_000
	firstGroup     = 300_000
	firstWorkspace = 2_000_000
)

func (m *model) user(i int) int64      { return firstUser + int64(i) }
func (m *model) group(i int) int64     { return firstGroup + int64(i) }
func (m *model) workspace(i int) int64 { return firstWorkspace + int64(i) }

func randomModel(random *rand.Rand, users, groups, workspaces int) *model {
	m := &model{users, groups, workspaces, map[[2]int64]bool{}, map[[2]int64]bool{}, map[[2]int64]bool{}, map[[2]int64]bool{}}
	sow := func(into map[[2]int64]bool, rows, columns int, row, column func(int) int64, share float64) {
		for i := range rows {
			for j := range columns {
				if random.Float64() < share {
					into[[2]int64{row(i), column(j)}] = true
				}
			}
		}
	}
	sow(m.direct, users, workspaces, m.user, m.workspace, 0.3)
	sow(m.member, users, groups, m.user, m.group, 0.3)
	sow(m.opens, groups, workspaces, m.group, m.workspace, 0.3)
	sow(m.admin, users, workspaces, m.user, m.workspace, 0.2)
	return m
}

// via are the groups through which a user has a workspace.
func (m *model) via(user, workspace int64) []int64 {
	var ids []int64
	for i := range m.groups {
		g := m.group(i)
		if m.member[[2]int64{user, g}] && m.opens[[2]int64{g, workspace}] {
			ids = append(ids, g)
		}
	}
	return ids
}

func (m *model) has(user, workspace int64) bool {
	return m.direct[[2]int64{user, workspace}] || len(m.via(user, workspace)) > 0
}

func (m *model) apply(s store.Step) {
	into := m.direct
	if s.RowKind == store.RowGroup {
		into = m.opens
	}
	into[[2]int64{s.RowID, s.WorkspaceID}] = s.Op == store.OpAdd
}

func (m *model) apiGroups() []apiclient.Group {
	list := make([]apiclient.Group, m.groups)
	for i := range list {
		g := apiclient.Group{GroupID: m.group(i), Name: fmt.Sprintf("Group %d", i)}
		for u := range m.users {
			if m.member[[2]int64{m.user(u), g.GroupID}] {
				g.Users = append(g.Users, apiclient.GroupUser{UserID: m.user(u)})
			}
		}
		for w := range m.workspaces {
			if m.opens[[2]int64{g.GroupID, m.workspace(w)}] {
				g.Workspaces = append(g.Workspaces, m.workspace(w))
			}
		}
		list[i] = g
	}
	return list
}

func (m *model) apiUsers() []apiclient.OrganizationUser {
	list := make([]apiclient.OrganizationUser, m.users)
	for i := range list {
		u := apiclient.OrganizationUser{
			ID: firstOrgUser + int64(i), UserID: m.user(i), Name: fmt.Sprintf("User %d", i), Email: fmt.Sprintf("user%d@example.com", i),
		}
		for w := range m.workspaces {
			id := m.workspace(w)
			if !m.has(u.UserID, id) {
				continue
			}
			membership := apiclient.UserWorkspace{
				WorkspaceID: id, WorkspaceName: fmt.Sprintf("Workspace %d", w), Admin: m.admin[[2]int64{u.UserID, id}],
			}
			for _, g := range slices.Backward(m.via(u.UserID, id)) { // the order isn't documented
				membership.Groups = append(membership.Groups, apiclient.GroupRef{GroupID: g, Name: "of the list"})
			}
			u.Workspaces = append(u.Workspaces, membership)
		}
		list[i] = u
	}
	return list
}

func (m *model) apiWorkspaceUsers(workspace int64) []apiclient.WorkspaceUser {
	var list []apiclient.WorkspaceUser
	for i := range m.users {
		if user := m.user(i); m.has(user, workspace) {
			list = append(list, apiclient.WorkspaceUser{
				ID: int64(7_000_000 + i), UserID: user, Name: fmt.Sprintf("User %d", i), WorkspaceID: workspace,
				IsDirect: m.direct[[2]int64{user, workspace}], GroupIDs: m.via(user, workspace), Admin: m.admin[[2]int64{user, workspace}],
			})
		}
	}
	return list
}

// access is the package's view; exact: whether all workspaces' users were read.
func (m *model) access(exact bool) *changes.Access {
	a := changes.NewAccess()
	for i := range m.workspaces {
		a.AddWorkspaces([]apiclient.Workspace{{ID: m.workspace(i), Name: fmt.Sprintf("Workspace %d", i)}})
	}
	a.AddUsers(m.apiUsers())
	a.AddGroups(m.apiGroups())
	if exact {
		for i := range m.workspaces {
			a.AddWorkspaceUsers(m.workspace(i), m.apiWorkspaceUsers(m.workspace(i)))
		}
	}
	return a
}

// cells writes down every cell.
func (m *model) cells(a *changes.Access) []string {
	var all []string
	for w := range m.workspaces {
		for u := range m.users {
			all = append(all, fmt.Sprintf("user %d in %d: %s", u, w, a.Cell(store.RowUser, m.user(u), m.workspace(w))))
		}
		for g := range m.groups {
			all = append(all, fmt.Sprintf("group %d in %d: %s", g, w, a.Cell(store.RowGroup, m.group(g), m.workspace(w))))
		}
	}
	return all
}

// stageMany ticks cells at random, as a person would.
func (m *model) stageMany(t testing.TB, random *rand.Rand, a *changes.Access, ticks int) []store.Step {
	t.Helper()
	staged := changes.Staged{}
	for range ticks {
		at := changes.Target{RowKind: store.RowUser, RowID: m.user(random.IntN(m.users)), WorkspaceID: m.workspace(random.IntN(m.workspaces))}
		if random.IntN(5) == 0 {
			at.RowKind, at.RowID = store.RowGroup, m.group(random.IntN(m.groups))
		}
		op := []string{store.OpAdd, store.OpRemove}[random.IntN(2)]
		switch step, unstage, err := changes.Stage(a, staged, at, op); {
		case err != nil:
		case unstage:
			delete(staged, at)
		default:
			step.ID = int64(len(staged) + 1)
			staged[at] = &step
		}
	}
	var steps []store.Step
	for _, s := range staged {
		steps = append(steps, *s)
	}
	return steps // in no order, on purpose
}
