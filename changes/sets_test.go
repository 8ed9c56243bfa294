package changes_test

import (
	"errors"
	"testing"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
)

func TestTicks(t *testing.T) {
	db, err := store.Open(t.Context(), ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	sets, a := changes.NewSets(db), fileAccess()
	hana := changes.Target{RowKind: changes.UserRow, RowID: 11, WorkspaceID: 2}
	leads := changes.Target{RowKind: changes.GroupRow, RowID: 7, WorkspaceID: 2}
	tick := func(at changes.Target, op string) error { return sets.Tick(t.Context(), 1, "ann", a, at, op) }
	count := func(want int) changes.Set {
		t.Helper()
		set, steps, err := sets.Staged(t.Context(), 1, "ann")
		if err != nil || len(steps) != want {
			t.Fatalf("%d steps, want %d, error %v", len(steps), want, err)
		}
		return set
	}
	if _, _, err := sets.Staged(t.Context(), 1, "ann"); !errors.Is(err, changes.ErrNoSet) {
		t.Errorf("before: %v", err)
	}
	if err := errors.Join(tick(hana, changes.Add), tick(leads, changes.Add)); err != nil {
		t.Fatal(err)
	}
	set := count(2)
	if err := tick(hana, changes.Add); !errors.Is(err, changes.ErrAlready) {
		t.Errorf("the same again: %v", err)
	}
	if err := tick(hana, changes.Remove); err != nil {
		t.Error(err)
	}
	count(1)
	for _, other := range []struct {
		organization int64
		subject      string
	}{{1, "bob"}, {2, "ann"}} {
		if _, _, err := sets.Find(t.Context(), other.organization, other.subject, set.ID); !errors.Is(err, changes.ErrNoSet) {
			t.Errorf("%s in %d finds it: %v", other.subject, other.organization, err)
		}
	}
	if _, err := sets.Put(t.Context(), 1, "ann", set.ID, nil); !errors.Is(err, store.ErrConflict) {
		t.Errorf("an undo beside a staged set: %v", err)
	}
	many := make([]changes.SetStep, changes.MaxSetSteps)
	for i := range many {
		many[i] = changes.SetStep{RowKind: changes.UserRow, RowID: int64(1000 + i), WorkspaceID: 1, Op: changes.Add}
	}
	if _, err := sets.Put(t.Context(), 1, "ann", "", many); !errors.Is(err, changes.ErrTooMany) {
		t.Errorf("one too many: %v", err)
	}
	_, steps, _ := sets.Find(t.Context(), 1, "ann", set.ID)
	if err := sets.Drop(t.Context(), 1, "ann", steps); err != nil {
		t.Error(err)
	}
	count(0)
	if err := sets.Discard(t.Context(), "bob", set.ID); !errors.Is(err, changes.ErrNoSet) {
		t.Errorf("bob discards it: %v", err)
	}
	if err := sets.Discard(t.Context(), "ann", set.ID); err != nil {
		t.Error(err)
	}
	if _, err := sets.Put(t.Context(), 1, "ann", set.ID, nil); err != nil {
		t.Errorf("an undo: %v", err)
	}
	if got := count(0); got.UndoOf != set.ID {
		t.Errorf("undo of %q", got.UndoOf)
	}
}

func TestRetry(t *testing.T) {
	a := fileAccess()
	step := func(row, workspace int64, op, state string) store.Step {
		return store.Step{RowKind: store.RowUser, RowID: row, WorkspaceID: workspace, Op: op, State: state}
	}
	steps, kept := changes.Retry([]store.Step{
		step(11, 2, store.OpAdd, store.StepRefused), step(11, 1, store.OpRemove, store.StepHeld),
		step(11, 1, store.OpAdd, store.StepRefused), step(12, 2, store.OpAdd, store.StepDone),
	}, a)
	if len(steps) != 2 || steps[0].Was != "none" || steps[1].Was != "direct" || len(kept) != 1 || !errors.Is(kept[0].Why, changes.ErrAlready) {
		t.Errorf("%+v, kept %+v", steps, kept)
	}
}

func TestRefusalsTellWhoPays(t *testing.T) {
	a := changes.NewAccess()
	a.AddUsers([]apiclient.OrganizationUser{{UserID: 1, Workspaces: []apiclient.UserWorkspace{{WorkspaceID: 1}}}})
	refused := store.Step{RowKind: store.RowUser, RowID: 1, WorkspaceID: 2, State: store.StepRefused, Message: "Cannot remove workspace owner."}
	if a.AddRefusals([]store.Step{refused}); a.Cell(store.RowUser, 1, 1).Lock != changes.Unlocked {
		t.Error("locked for other words")
	}
	refused.Message = "Cannot remove paying user."
	if a.AddRefusals([]store.Step{refused}); a.Cell(store.RowUser, 1, 1).Lock != changes.LockPaying {
		t.Error("not locked")
	}
}
