package changes_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
)

func TestStage(t *testing.T) {
	a := changes.NewAccess()
	a.AddWorkspaces([]apiclient.Workspace{{ID: 1, Name: "Delivery"}})
	a.AddGroups([]apiclient.Group{{GroupID: 7, Name: "Leads", Workspaces: []int64{1}}, {GroupID: 8, Name: "Crew", Workspaces: []int64{}}})
	listed := func(id int64, groups ...apiclient.GroupRef) []apiclient.UserWorkspace {
		return []apiclient.UserWorkspace{{WorkspaceID: id, Groups: groups}}
	}
	a.AddUsers([]apiclient.OrganizationUser{
		{ID: 51, UserID: 1, Name: "Direct", Email: "d@example.com", Workspaces: listed(1)},
		{ID: 52, UserID: 2, Name: "Maybe", Workspaces: listed(1, apiclient.GroupRef{GroupID: 7, Name: "Leads"})},
		{ID: 53, UserID: 3, Name: "Nowhere"},
		{ID: 54, UserID: 4, Name: "Owner", Owner: true, Workspaces: listed(1)},
		{ID: 55, UserID: 5, Name: "Admin", Admin: true, Workspaces: listed(1)},
		{ID: 57, UserID: 7, Name: "Admin elsewhere", Admin: true},
	})
	a.AddWorkspaceUsers(2, []apiclient.WorkspaceUser{{UserID: 2, GroupIDs: []int64{7}}})
	for _, tt := range []struct {
		name      string
		kind      string
		row       int64
		workspace int64
		op        string
		was       string
		err       error
	}{
		{"add", store.RowUser, 3, 1, store.OpAdd, "none", nil},
		{"remove", store.RowUser, 1, 1, store.OpRemove, "direct", nil},
		{"remove, perhaps only through a group", store.RowUser, 2, 1, store.OpRemove, "maybe:7", nil},
		{"add, perhaps direct", store.RowUser, 2, 1, store.OpAdd, "maybe:7", nil},
		{"remove, only through a group", store.RowUser, 2, 2, store.OpRemove, "", changes.ErrOnlyGroup},
		{"add, only through a group", store.RowUser, 2, 2, store.OpAdd, "group:7", nil},
		{"add what is", store.RowUser, 1, 1, store.OpAdd, "", changes.ErrAlready},
		{"remove what isn't", store.RowUser, 3, 1, store.OpRemove, "", changes.ErrAlready},
		{"the owner", store.RowUser, 4, 1, store.OpRemove, "", changes.ErrLocked},
		{"an admin", store.RowUser, 5, 1, store.OpRemove, "", changes.ErrLocked},
		{"an admin may be added", store.RowUser, 7, 1, store.OpAdd, "none", nil},
		{"a group", store.RowGroup, 8, 1, store.OpAdd, "none", nil},
		{"a group out", store.RowGroup, 7, 1, store.OpRemove, "direct", nil},
		{"a group that is", store.RowGroup, 7, 1, store.OpAdd, "", changes.ErrAlready},
		{"nobody", store.RowUser, 99, 1, store.OpAdd, "", changes.ErrNoRow},
		{"no group", store.RowGroup, 1, 1, store.OpAdd, "", changes.ErrNoRow},
		{"no kind", "team", 1, 1, store.OpAdd, "", changes.ErrNoRow},
		{"no operation", store.RowUser, 1, 1, "toggle", "", changes.ErrBadOp},
	} {
		step, unstage, err := changes.Stage(a, nil, changes.Target{RowKind: tt.kind, RowID: tt.row, WorkspaceID: tt.workspace}, tt.op)
		if !errors.Is(err, tt.err) || err == nil != (tt.err == nil) || unstage || step.Was != tt.was {
			t.Errorf("%s: was %q, unstage %v, error %v", tt.name, step.Was, unstage, err)
		}
	}
	want := store.Step{
		RowKind: store.RowUser, RowID: 1, OrganizationUserID: 51, RowName: "Direct", RowEmail: "d@example.com",
		WorkspaceID: 1, WorkspaceName: "Delivery", Op: store.OpRemove, Was: "direct", State: store.StepStaged,
	}
	got, _, err := changes.Stage(a, nil, changes.Target{RowKind: store.RowUser, RowID: 1, WorkspaceID: 1}, store.OpRemove)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, step (-want +got):\n%s", err, diff)
	}
	for user, lock := range map[int64]changes.Lock{4: changes.LockOwner, 5: changes.LockAdmin, 1: changes.Unlocked} {
		if cell := a.Cell(store.RowUser, user, 1); cell.Lock != lock {
			t.Errorf("user %d: lock %q", user, cell.Lock)
		}
	}
}

func TestUnreadCells(t *testing.T) {
	a := changes.NewAccess()
	a.AddWorkspaceUsers(1, []apiclient.WorkspaceUser{{UserID: 1, IsDirect: true}})
	a.AddUsers([]apiclient.OrganizationUser{{UserID: 2, Workspaces: []apiclient.UserWorkspace{{WorkspaceID: 3, Groups: []apiclient.GroupRef{{GroupID: 9, Name: "Nine"}}}}}})
	for at, want := range map[changes.Target]changes.Membership{
		{RowKind: store.RowUser, RowID: 1, WorkspaceID: 1}:  changes.Direct,
		{RowKind: store.RowUser, RowID: 5, WorkspaceID: 1}:  changes.NotMember, // all of 1 was read
		{RowKind: store.RowUser, RowID: 2, WorkspaceID: 2}:  changes.NotMember, // all of user 2 was read
		{RowKind: store.RowUser, RowID: 1, WorkspaceID: 2}:  changes.Unread,
		{RowKind: store.RowUser, RowID: 1, WorkspaceID: 3}:  changes.Unread,
		{RowKind: store.RowGroup, RowID: 9, WorkspaceID: 3}: changes.Unread, // its name is known and no more
	} {
		if got := a.Cell(at.RowKind, at.RowID, at.WorkspaceID); got.Membership != want {
			t.Errorf("%+v: %s, want %s", at, got, want)
		}
	}
	if _, _, err := changes.Stage(a, nil, changes.Target{RowKind: store.RowUser, RowID: 1, WorkspaceID: 2}, store.OpAdd); !errors.Is(err, changes.ErrUnread) {
		t.Errorf("error %v", err)
	}
}

func TestToggleBackUnstages(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	m := randomModel(random, 5, 2, 2)
	a := m.access(true)
	for _, step := range m.stageMany(t, random, a, 20) {
		staged := changes.StagedOf([]store.Step{step})
		opposite := store.OpAdd
		if step.Op == store.OpAdd {
			opposite = store.OpRemove
		}
		got, unstage, err := changes.Stage(a, staged, changes.TargetOf(step), opposite)
		if err != nil || !unstage || got != step {
			t.Errorf("toggled back: %+v, %v, %v", got, unstage, err)
		}
		if _, unstage, err = changes.Stage(a, staged, changes.TargetOf(step), step.Op); unstage || !errors.Is(err, changes.ErrAlready) {
			t.Errorf("the same again: %v, %v", unstage, err)
		}
	}
}

func TestCellText(t *testing.T) {
	for _, c := range []changes.Cell{
		{Membership: changes.NotMember},
		{Membership: changes.Direct},
		{Membership: changes.Unread},
		{Membership: changes.ThroughGroup, Groups: []int64{3}},
		{Membership: changes.DirectAndGroup, Groups: []int64{3, 20}},
		{Membership: changes.MaybeDirect, Groups: []int64{1, 2, 3}},
	} {
		got, err := changes.ParseCell(c.String())
		if diff := cmp.Diff(c, got); diff != "" || err != nil {
			t.Errorf("%s: error %v, %s", c, err, diff)
		}
	}
	if text := (changes.Cell{Membership: changes.DirectAndGroup, Groups: []int64{3, 20}, Lock: changes.LockAdmin}).String(); text != "both:3,20" {
		t.Errorf("%q: stored texts must stay readable", text)
	}
	for _, text := range []string{"", "Direct", "both:", "both:x", "group:1,,2"} {
		if c, err := changes.ParseCell(text); err == nil {
			t.Errorf("%q is %+v", text, c)
		}
	}
}

func TestUndoKeeps(t *testing.T) {
	a := changes.NewAccess()
	a.AddUsers([]apiclient.OrganizationUser{{ID: 51, UserID: 1}, {ID: 52, UserID: 2, Admin: true}, {ID: 53, UserID: 3}})
	a.AddWorkspaceUsers(1, []apiclient.WorkspaceUser{{UserID: 1, IsDirect: true}, {UserID: 2, IsDirect: true}})
	a.AddGroups([]apiclient.Group{{GroupID: 7, Workspaces: []int64{}}})
	step := func(kind string, row int64, op, state string) store.Step {
		return store.Step{RowKind: kind, RowID: row, WorkspaceID: 1, Op: op, State: state}
	}
	for _, tt := range []struct {
		name string
		step store.Step
		why  error
	}{
		{"added", step(store.RowUser, 1, store.OpAdd, store.StepDone), nil},
		{"removed", step(store.RowUser, 3, store.OpRemove, store.StepDone), nil},
		{"removed, in no workspace that was read", step(store.RowUser, 9, store.OpRemove, store.StepDone), nil},
		{"group removed", step(store.RowGroup, 7, store.OpRemove, store.StepDone), nil},
		{"already so", step(store.RowUser, 1, store.OpAdd, store.StepAlready), changes.ErrNotDone},
		{"refused", step(store.RowUser, 1, store.OpAdd, store.StepRefused), changes.ErrNotDone},
		{"added, and removed since", step(store.RowUser, 3, store.OpAdd, store.StepDone), changes.ErrMovedOn},
		{"removed, and added since", step(store.RowUser, 1, store.OpRemove, store.StepDone), changes.ErrMovedOn},
		{"added, and an admin since", step(store.RowUser, 2, store.OpAdd, store.StepDone), changes.ErrLocked},
		{"the group is gone", step(store.RowGroup, 8, store.OpRemove, store.StepDone), changes.ErrNoRow},
	} {
		steps, kept := changes.Undo([]store.Step{tt.step}, a)
		switch {
		case tt.why != nil && (len(steps) != 0 || len(kept) != 1 || !errors.Is(kept[0].Why, tt.why)):
			t.Errorf("%s: %+v, kept %+v", tt.name, steps, kept)
		case tt.why == nil && (len(kept) != 0 || len(steps) != 1 || steps[0].Op == tt.step.Op || steps[0].RowID != tt.step.RowID):
			t.Errorf("%s: %+v, kept %+v", tt.name, steps, kept)
		}
	}
}
