package changes_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
)

// forModels runs a property on many organizations; a failure names the seed.
func forModels(t *testing.T, property func(t *testing.T, random *rand.Rand, m *model)) {
	t.Helper()
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 4))
		m := randomModel(random, 1+random.IntN(12), 1+random.IntN(5), 1+random.IntN(5))
		property(t, random, m)
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
}

func TestAPlanGivesExactlyWhatWasStaged(t *testing.T) {
	forModels(t, func(t *testing.T, random *rand.Rand, m *model) {
		a := m.access(true)
		steps := m.stageMany(t, random, a, 40)
		plan := changes.PlanSet(steps, a)
		if got := len(plan.Sendable()); got != len(steps) || plan.Adds+plan.Removes != got {
			t.Errorf("%d of %d staged steps are sent, +%d −%d", got, len(steps), plan.Adds, plan.Removes)
		}
		got := m.cells(a.After(plan.Sendable()))
		before := m.cells(a)
		for _, s := range steps {
			m.apply(s)
		}
		if diff := cmp.Diff(m.cells(m.access(true)), got); diff != "" {
			t.Errorf("after the plan (-want +got):\n%s", diff)
		}
		if len(steps) > 0 && slices.Equal(before, got) {
			t.Error("nothing changed")
		}
	})
}

func TestAPlanDoesNotChangeWhatItIsMadeOn(t *testing.T) {
	forModels(t, func(t *testing.T, random *rand.Rand, m *model) {
		a := m.access(random.IntN(2) == 0)
		before := m.cells(a)
		changes.PlanSet(m.stageMany(t, random, a, 40), a)
		if diff := cmp.Diff(before, m.cells(a)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAPlanOnTheStateAfterIsEmpty(t *testing.T) {
	forModels(t, func(t *testing.T, random *rand.Rand, m *model) {
		a := m.access(random.IntN(2) == 0)
		steps := m.stageMany(t, random, a, 40)
		after := changes.PlanSet(steps, a.After(steps))
		if after.Requests+after.Adds+after.Removes+len(after.Sendable()) != 0 {
			t.Errorf("%+v", after)
		}
		for _, w := range after.Workspaces {
			for _, s := range w.Steps {
				if s.Fate != changes.WillSkip {
					t.Errorf("%+v", s)
				}
			}
		}
	})
}

func TestUndoOfApplyGivesTheStateBefore(t *testing.T) {
	forModels(t, func(t *testing.T, random *rand.Rand, m *model) {
		a := m.access(true)
		steps := m.stageMany(t, random, a, 40)
		after := a.After(steps)
		for i := range steps {
			steps[i].State = store.StepDone
		}
		back, kept := changes.Undo(steps, after)
		if len(kept) != 0 || len(back) != len(steps) {
			t.Fatalf("%d of %d are taken back, kept %+v", len(back), len(steps), kept)
		}
		if diff := cmp.Diff(m.cells(a), m.cells(after.After(changes.PlanSet(back, after).Sendable()))); diff != "" {
			t.Error(diff)
		}
	})
}

// TestConsequences compares what a plan says with what the model does.
func TestConsequences(t *testing.T) {
	forModels(t, func(t *testing.T, random *rand.Rand, m *model) {
		a := m.access(true)
		steps := m.stageMany(t, random, a, 30)
		plan := changes.PlanSet(steps, a)
		was := func(user, workspace int64) bool {
			return a.Cell(store.RowUser, user, workspace).HasAccess()
		}
		for _, s := range steps {
			m.apply(s)
		}
		for _, w := range plan.Workspaces {
			var count changes.Headcount
			count.Known = true
			for i := range m.users {
				user, admin := m.user(i), m.admin[[2]int64{m.user(i), w.WorkspaceID}]
				before, after := was(user, w.WorkspaceID), m.has(user, w.WorkspaceID)
				count.MembersBefore += one(before)
				count.MembersNow += one(after)
				count.AdminsBefore += one(before && admin)
				count.AdminsNow += one(before && after && admin)
				count.AdminsLost += one(before && !after && admin)
			}
			if diff := cmp.Diff(count, w.Headcount); diff != "" {
				t.Errorf("workspace %d: %s", w.WorkspaceID, diff)
			}
			for _, s := range w.Steps {
				if diff := cmp.Diff(m.consequences(s, was, count), s.Consequences); diff != "" {
					t.Errorf("%s %s %d: %s", s.Step.Op, s.Step.RowKind, s.Step.RowID, diff)
				}
			}
		}
	})
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// consequences are worked out on the model as it is after the plan.
func (m *model) consequences(s changes.StepPlan, was func(user, workspace int64) bool, count changes.Headcount) changes.Consequences {
	var c changes.Consequences
	row, workspace, add := s.Step.RowID, s.Step.WorkspaceID, s.Step.Op == store.OpAdd
	lostAdmin := func(user int64) bool {
		return was(user, workspace) && !m.has(user, workspace) && m.admin[[2]int64{user, workspace}] && !add
	}
	if s.Step.RowKind == store.RowUser {
		c.Gains, c.Loses = !was(row, workspace) && m.has(row, workspace), was(row, workspace) && !m.has(row, workspace)
		if !add {
			c.KeepsVia = m.via(row, workspace)
		}
		c.AdminLost = lostAdmin(row)
	} else {
		for i := range m.users {
			user := m.user(i)
			if !m.member[[2]int64{user, row}] {
				continue
			}
			c.Group.Members++
			c.Group.HaveAlready += one(add && was(user, workspace))
			c.Group.Keep += one(!add && m.has(user, workspace))
			c.Group.Lose += one(!add && was(user, workspace) && !m.has(user, workspace))
			c.Group.AdminsLost += one(lostAdmin(user))
		}
		c.AdminLost = c.Group.AdminsLost > 0
	}
	if c.AdminLost {
		c.AdminsLeft, c.LastAdmin = count.AdminsNow, count.AdminsNow == 0
	}
	return c
}

func TestPlanIsInOneOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	m := randomModel(random, 30, 5, 6)
	a := m.access(true)
	steps := m.stageMany(t, random, a, 300)
	first := changes.PlanSet(steps, a)
	for range 5 {
		random.Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
		if diff := cmp.Diff(first, changes.PlanSet(steps, a)); diff != "" {
			t.Fatal(diff)
		}
	}
	for _, w := range first.Workspaces {
		for i, e := range w.Elements {
			if (e.UserID == 0) == (e.GroupID == 0) {
				t.Errorf("element %+v", e)
			}
			if i > 0 && e.Operation == store.OpAdd && w.Elements[i-1].Operation == store.OpRemove {
				t.Error("an addition after a removal")
			}
		}
	}
}

func TestFates(t *testing.T) {
	a := changes.NewAccess()
	a.AddGroups([]apiclient.Group{{GroupID: 7, Name: "Seven", Workspaces: []int64{1}}, {GroupID: 8, Name: "Eight"}})
	a.AddUsers([]apiclient.OrganizationUser{{UserID: 1, Name: "Direct"}, {UserID: 2, Name: "Both"}, {UserID: 3, Name: "Nowhere"}, {UserID: 4, Name: "Admin", Admin: true}})
	a.AddWorkspaceUsers(1, []apiclient.WorkspaceUser{
		{UserID: 1, IsDirect: true}, {UserID: 2, IsDirect: true, GroupIDs: []int64{7}}, {UserID: 4, IsDirect: true},
	})
	for _, tt := range []struct {
		name    string
		user    int64
		op, was string
		want    changes.Fate
	}{
		{"as staged", 1, store.OpRemove, "direct", changes.WillSend},
		{"in a group since", 2, store.OpRemove, "direct", changes.WillHold},
		{"as staged, in a group", 2, store.OpRemove, "both:7", changes.WillSend},
		{"staged without knowing", 2, store.OpRemove, "maybe:7", changes.WillSend},
		{"staged without knowing, other groups", 2, store.OpRemove, "maybe:7,8", changes.WillHold},
		{"already", 1, store.OpAdd, "none", changes.WillSkip},
		{"already gone", 3, store.OpRemove, "direct", changes.WillSkip},
		{"admin since", 4, store.OpRemove, "direct", changes.WillBlock},
		{"no longer through the group", 3, store.OpAdd, "group:7", changes.WillHold},
		{"not to be read", 3, store.OpAdd, "what?", changes.WillHold},
	} {
		plan := changes.PlanSet([]store.Step{{RowKind: store.RowUser, RowID: tt.user, WorkspaceID: 1, Op: tt.op, Was: tt.was, State: store.StepStaged}}, a)
		if got := plan.Workspaces[0].Steps[0].Fate; got != tt.want || plan.Requests != one(tt.want == changes.WillSend) {
			t.Errorf("%s: %s, %d requests", tt.name, got, plan.Requests)
		}
	}
	unknown := changes.PlanSet([]store.Step{{RowKind: store.RowUser, RowID: 99, WorkspaceID: 2, Op: store.OpAdd, Was: "none", State: store.StepStaged}}, a)
	if got := unknown.Workspaces[0].Steps[0].Fate; got != changes.WillNotFind {
		t.Errorf("a user that is gone: %s", got)
	}
	done := changes.PlanSet([]store.Step{{RowKind: store.RowUser, RowID: 1, WorkspaceID: 1, Op: store.OpRemove, Was: "direct", State: store.StepDone}}, a)
	if len(done.Workspaces) != 0 {
		t.Errorf("a step that is done: %+v", done)
	}
}
