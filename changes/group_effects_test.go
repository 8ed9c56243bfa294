package changes_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/changes"
)

// members of a group, and what it opens.
func (m *model) extent(group int64) changes.GroupExtent {
	var e changes.GroupExtent
	for i := range m.users {
		if id := m.user(i); m.member[[2]int64{id, group}] {
			e.Members = append(e.Members, id)
		}
	}
	for i := range m.workspaces {
		if id := m.workspace(i); m.opens[[2]int64{group, id}] {
			e.Workspaces = append(e.Workspaces, id)
		}
	}
	return e
}

// hold is what changes.Holds should say, from the plain model.
func (m *model) hold(user, workspace, group int64, exact bool) changes.MemberHold {
	others := slices.DeleteFunc(m.via(user, workspace), func(id int64) bool { return id == group })
	direct := m.direct[[2]int64{user, workspace}]
	throughGroups := len(m.via(user, workspace)) > 0
	h := changes.MemberHold{UserID: user, Hold: changes.HoldNone, Via: others, Admin: m.has(user, workspace) && m.admin[[2]int64{user, workspace}]}
	surely := direct && (exact || !throughGroups)
	switch {
	case !m.has(user, workspace):
		h.Hold = changes.HoldAbsent
	case surely:
		h.Hold = changes.HoldDirect
	case len(others) > 0:
		h.Hold = changes.HoldGroups
	case !exact:
		h.Hold = changes.HoldPerhaps
	}
	return h
}

func TestHoldsAreThoseOfTheModel(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 11))
	seen := map[changes.Hold]int{}
	for range 40 {
		m := randomModel(random, 12, 5, 4)
		for _, exact := range []bool{false, true} {
			a := m.access(exact)
			for g := range m.groups {
				group := m.group(g)
				extent := m.extent(group)
				for w := range m.workspaces {
					workspace := m.workspace(w)
					want := changes.GroupEffect{WorkspaceID: workspace, Members: len(extent.Members)}
					i := 0
					for got := range a.Holds(group, workspace, extent.Members) {
						hold := m.hold(extent.Members[i], workspace, group, exact)
						if diff := cmp.Diff(hold, got, cmp.Comparer(slices.Equal[[]int64])); diff != "" {
							t.Fatalf("exact %v: %s", exact, diff)
						}
						seen[got.Hold]++
						count(&want, hold)
						i++
					}
					if i != len(extent.Members) {
						t.Fatalf("%d of %d members", i, len(extent.Members))
					}
					got := a.GroupEffect(group, workspace, extent.Members)
					got.AdminsKnown, got.AdminsLeft = false, 0
					if got != want {
						t.Fatalf("exact %v: %+v, want %+v", exact, got, want)
					}
				}
			}
		}
	}
	for _, hold := range []changes.Hold{changes.HoldNone, changes.HoldDirect, changes.HoldGroups, changes.HoldPerhaps, changes.HoldAbsent} {
		if seen[hold] == 0 {
			t.Errorf("nobody holds by %q", hold)
		}
	}
}

func count(e *changes.GroupEffect, m changes.MemberHold) {
	switch m.Hold {
	case changes.HoldNone:
		e.Only++
		if m.Admin {
			e.AdminsOnly++
		}
	case changes.HoldDirect:
		e.Direct++
	case changes.HoldGroups:
		e.Groups++
	case changes.HoldPerhaps:
		e.Perhaps++
	case changes.HoldAbsent:
		e.Absent++
	case changes.HoldUnread:
		e.Unread++
	}
}

// TestLossesAreWhatTheModelLoses: whoever is said to lose a workspace has it
// before, and not after, and nobody else does.
func TestLossesAreWhatTheModelLoses(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 3))
	for range 60 {
		m := randomModel(random, 10, 4, 4)
		a := m.access(true)
		group := m.group(random.IntN(m.groups))
		before := m.extent(group)
		after := before
		switch random.IntN(3) {
		case 0:
			after = changes.GroupExtent{} // deleted
		case 1:
			after.Members = before.Members[:len(before.Members)/2]
		default:
			after.Workspaces = before.Workspaces[:len(before.Workspaces)/2]
		}
		had := map[[2]int64]bool{}
		for u := range m.users {
			for w := range m.workspaces {
				had[[2]int64{m.user(u), m.workspace(w)}] = m.has(m.user(u), m.workspace(w))
			}
		}
		said := map[[2]int64]bool{}
		for workspace, members := range before.Taken(after) {
			for h := range a.Holds(group, workspace, members) {
				if h.Hold == changes.HoldNone {
					said[[2]int64{h.UserID, workspace}] = true
				}
			}
		}
		for workspace, members := range before.Taken(after) {
			if e := a.GroupEffect(group, workspace, members); !e.Certain() || e.Takes() != (e.Only > 0) {
				t.Errorf("all is known: %+v", e)
			}
		}
		m.become(group, before, after)
		for pair, before := range had {
			if lost := before && !m.has(pair[0], pair[1]); lost != said[pair] {
				t.Errorf("%v: lost %v, said %v", pair, lost, said[pair])
			}
		}
	}
}

func (m *model) become(group int64, before, after changes.GroupExtent) {
	for _, id := range before.Members {
		m.member[[2]int64{id, group}] = slices.Contains(after.Members, id)
	}
	for _, id := range before.Workspaces {
		m.opens[[2]int64{group, id}] = slices.Contains(after.Workspaces, id)
	}
}

// TestAdminsWhoRemain are counted where all of a workspace's users were read.
func TestAdminsWhoRemain(t *testing.T) {
	a := changes.NewAccess()
	users := []apiclient.WorkspaceUser{
		{ID: 1, UserID: 11, GroupIDs: []int64{300}, Admin: true},
		{ID: 2, UserID: 12, GroupIDs: []int64{300, 301}, Admin: true},
		{ID: 3, UserID: 13, IsDirect: true, Admin: true},
		{ID: 4, UserID: 14, GroupIDs: []int64{300}},
	}
	a.AddWorkspaceUsers(7, users)
	got := a.GroupEffect(300, 7, []int64{11, 12, 13, 14, 15})
	want := changes.GroupEffect{WorkspaceID: 7, Members: 5, Only: 2, Direct: 1, Groups: 1, Absent: 1, AdminsOnly: 1, AdminsLeft: 2, AdminsKnown: true}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := a.GroupEffect(300, 8, []int64{11}); got.Unread != 1 || got.Certain() || !got.Takes() {
		t.Errorf("of what wasn't read: %+v", got)
	}
}

// BenchmarkGroupLosses is a group of 10,000 members with 100 workspaces that is
// to be deleted.
func BenchmarkGroupLosses(b *testing.B) {
	const users, workspaces, group = 10_000, 100, 300
	a := changes.NewAccess()
	var before changes.GroupExtent
	for w := range workspaces {
		before.Workspaces = append(before.Workspaces, firstWorkspace+int64(w))
	}
	for u := range users {
		before.Members = append(before.Members, firstUser+int64(u))
	}
	for _, id := range before.Workspaces {
		list := make([]apiclient.WorkspaceUser, users)
		for u := range list {
			list[u] = apiclient.WorkspaceUser{
				ID: int64(u + 1), UserID: before.Members[u], IsDirect: u%3 == 0, Admin: u%50 == 1, GroupIDs: []int64{group, group + int64(u%4)}[:1+u%2],
			}
		}
		a.AddWorkspaceUsers(id, list)
	}
	b.ReportAllocs()
	for b.Loop() {
		taken := 0
		for workspace, members := range before.Taken(changes.GroupExtent{}) {
			if taken++; a.GroupEffect(group, workspace, members).Only == 0 {
				b.Fatal("nobody has it only through the group")
			}
		}
		if taken != workspaces {
			b.Fatal(taken)
		}
	}
}
