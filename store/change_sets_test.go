package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const organization = 7

func createSet(t testing.TB, s *Store, id string) {
	t.Helper()
	if err := s.CreateChangeSet(t.Context(), ChangeSet{ID: id, OrganizationID: organization, Subject: "toggl:1"}); err != nil {
		t.Fatal(err)
	}
}

func claim(t testing.TB, s *Store, id, holder string, lease time.Duration) {
	t.Helper()
	if _, err := s.ClaimChangeSet(t.Context(), id, holder, []string{SetStaged}, lease); err != nil {
		t.Fatal(err)
	}
}

func mustSet(t *testing.T, s *Store, id string) ChangeSet {
	t.Helper()
	set, err := s.ChangeSet(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestChangeSets(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		if _, err := s.StagedChangeSet(ctx, organization, "toggl:1"); !errors.Is(err, ErrNotFound) {
			t.Errorf("before: %v, want %v", err, ErrNotFound)
		}
		id := rand.Text()
		began := time.Now()
		if err := s.CreateChangeSet(ctx, ChangeSet{ID: id, OrganizationID: organization, Subject: "toggl:1", UndoOf: "first"}); err != nil {
			t.Fatal(err)
		}
		for name, other := range map[string]ChangeSet{
			"id":     {ID: id, OrganizationID: 8, Subject: "toggl:2"},
			"person": {ID: "second", OrganizationID: organization, Subject: "toggl:1"},
		} {
			if err := s.CreateChangeSet(ctx, other); !errors.Is(err, ErrConflict) {
				t.Errorf("same %s: %v, want %v", name, err, ErrConflict)
			}
		}
		got, err := s.StagedChangeSet(ctx, organization, "toggl:1")
		if err != nil {
			t.Fatal(err)
		}
		want := ChangeSet{ID: id, OrganizationID: organization, Subject: "toggl:1", State: SetStaged, UndoOf: "first"}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(ChangeSet{}, "CreatedAt", "UpdatedAt")); diff != "" {
			t.Error(diff)
		}
		if off := got.CreatedAt.Sub(began).Abs(); off > time.Minute || !got.CreatedAt.Equal(got.UpdatedAt) {
			t.Errorf("created %v, updated %v, want about %v", got.CreatedAt, got.UpdatedAt, began)
		}
		if _, err := s.ChangeSet(ctx, "missing"); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v, want %v", err, ErrNotFound)
		}
	})
}

func TestChangeSetsAreListedNewestFirst(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		for i := range 3 {
			set := ChangeSet{ID: fmt.Sprint("set", i), OrganizationID: organization, Subject: fmt.Sprint("toggl:", i)}
			if err := s.CreateChangeSet(t.Context(), set); err != nil {
				t.Fatal(err)
			}
			execDirect(t, s, `UPDATE change_sets SET created = $1 WHERE id = $2`, i, set.ID)
		}
		if err := s.CreateChangeSet(t.Context(), ChangeSet{ID: "other", OrganizationID: 8}); err != nil {
			t.Fatal(err)
		}
		sets, err := s.ChangeSets(t.Context(), organization, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(sets) != 2 || sets[0].ID != "set2" || sets[1].ID != "set1" {
			t.Errorf("got %+v, want set2 and set1", sets)
		}
	})
}

func TestClaim(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		createSet(t, s, "set")
		if _, err := s.ClaimChangeSet(ctx, "missing", "a", []string{SetStaged}, time.Minute); !errors.Is(err, ErrNotFound) {
			t.Errorf("missing: %v, want %v", err, ErrNotFound)
		}
		if _, err := s.ClaimChangeSet(ctx, "set", "a", []string{SetStopped}, time.Minute); !errors.Is(err, ErrConflict) {
			t.Errorf("from another state: %v, want %v", err, ErrConflict)
		}
		got, err := s.ClaimChangeSet(ctx, "set", "a", []string{SetStaged, SetStopped}, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if got.State != SetApplying || got.Holder != "a" || got.HeldUntil.Sub(got.UpdatedAt) != time.Minute {
			t.Errorf("claimed is %+v", got)
		}
		if diff := cmp.Diff(got, mustSet(t, s, "set")); diff != "" {
			t.Error(diff)
		}
		for _, holder := range []string{"a", "b"} {
			if _, err := s.ClaimChangeSet(ctx, "set", holder, []string{SetApplying}, time.Minute); !errors.Is(err, ErrConflict) {
				t.Errorf("claimed again by %s: %v, want %v", holder, err, ErrConflict)
			}
		}
		// There is room for another staged set.
		createSet(t, s, "next")
	})
}

func TestClaimAfterLease(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		claimed(t, s, 1)
		execDirect(t, s, `UPDATE change_sets SET held_until = 1`)
		if err := s.BeginSteps(ctx, "set", "holder", []int64{1}); !errors.Is(err, ErrConflict) {
			t.Errorf("begun without a lease: %v, want %v", err, ErrConflict)
		}
		if _, err := s.ClaimChangeSet(ctx, "set", "second", []string{SetStaged}, time.Minute); !errors.Is(err, ErrConflict) {
			t.Errorf("taken over without asking to: %v, want %v", err, ErrConflict)
		}
		if err := s.RenewChangeSet(ctx, "set", "holder", time.Minute); err != nil {
			t.Errorf("renewing what nobody else has claimed: %v", err)
		}
		if err := s.BeginSteps(ctx, "set", "holder", []int64{1}); err != nil {
			t.Errorf("after renewing: %v", err)
		}
		execDirect(t, s, `UPDATE change_sets SET held_until = 1`)
		if _, err := s.ClaimChangeSet(ctx, "set", "second", []string{SetApplying}, time.Minute); err != nil {
			t.Fatal(err)
		}
		// The first holder has lost the set for good.
		for name, err := range map[string]error{
			"renew":  s.RenewChangeSet(ctx, "set", "holder", time.Minute),
			"begin":  s.BeginSteps(ctx, "set", "holder", []int64{1}),
			"end":    s.EndSteps(ctx, "set", "holder", []StepResult{{ID: 1, State: StepDone}}),
			"finish": s.FinishChangeSet(ctx, "set", "holder", SetApplied, "", time.Time{}),
		} {
			if !errors.Is(err, ErrConflict) {
				t.Errorf("%s: %v, want %v", name, err, ErrConflict)
			}
		}
		if diff := cmp.Diff([]string{"sending "}, states(t, s, "set")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestEndAfterLease(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		claimed(t, s, 1)
		execDirect(t, s, `UPDATE change_sets SET held_until = 1`)
		// What the upstream said must not be lost because it was slow to say so.
		if err := s.EndSteps(t.Context(), "set", "holder", []StepResult{{ID: 1, State: StepDone}}); err != nil {
			t.Error(err)
		}
	})
}

// Of many that claim at once, in two processes, one wins, each time.
func TestOneClaimWins(t *testing.T) {
	onShared(t, func(t *testing.T, a, b *Store) {
		createSet(t, a, "set")
		from := []string{SetStaged, SetStopped}
		for round := range 20 {
			var won, lost atomic.Int32
			var winner atomic.Value
			var wg sync.WaitGroup
			for i := range 8 {
				s, holder := []*Store{a, b}[i%2], fmt.Sprint("holder", round, "-", i)
				wg.Go(func() {
					_, err := s.ClaimChangeSet(t.Context(), "set", holder, from, time.Minute)
					switch {
					case err == nil:
						won.Add(1)
						winner.Store(holder)
					case errors.Is(err, ErrConflict):
						lost.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 || lost.Load() != 7 {
				t.Fatalf("%d won and %d lost, want 1 and 7", won.Load(), lost.Load())
			}
			if err := a.FinishChangeSet(t.Context(), "set", winner.Load().(string), SetStopped, "", time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestFinish(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		claimed(t, s, 1)
		resume := signIn.Add(time.Hour)
		if err := s.FinishChangeSet(ctx, "set", "holder", SetStaged, "", time.Time{}); err == nil {
			t.Error("a set was finished as staged")
		}
		if err := s.FinishChangeSet(ctx, "set", "holder", SetStopped, "quota", resume); err != nil {
			t.Fatal(err)
		}
		got := mustSet(t, s, "set")
		if got.State != SetStopped || got.Note != "quota" || !got.ResumeAt.Equal(resume) || got.Holder != "" ||
			!got.HeldUntil.IsZero() || !got.AppliedAt.IsZero() {
			t.Errorf("stopped is %+v", got)
		}
		got, err := s.ClaimChangeSet(ctx, "set", "second", []string{SetStopped}, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if got.Note != "" || !got.ResumeAt.IsZero() {
			t.Errorf("it goes on with %+v, want why it stopped to be forgotten", got)
		}
		if err := s.FinishChangeSet(ctx, "set", "second", SetApplied, "", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if got := mustSet(t, s, "set"); got.State != SetApplied || got.AppliedAt.IsZero() {
			t.Errorf("applied is %+v", got)
		}
	})
}

func TestDiscard(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		createSet(t, s, "set")
		if err := s.DiscardChangeSet(ctx, "set", "toggl:2"); !errors.Is(err, ErrNotFound) {
			t.Errorf("by another person: %v, want %v", err, ErrNotFound)
		}
		if err := s.DiscardChangeSet(ctx, "set", "toggl:1"); err != nil {
			t.Fatal(err)
		}
		if got := mustSet(t, s, "set"); got.State != SetDiscarded {
			t.Errorf("it is %s", got.State)
		}
		if err := s.DiscardChangeSet(ctx, "set", "toggl:1"); !errors.Is(err, ErrConflict) {
			t.Errorf("again: %v, want %v", err, ErrConflict)
		}
		if _, err := s.ClaimChangeSet(ctx, "set", "holder", []string{SetStaged}, time.Minute); !errors.Is(err, ErrConflict) {
			t.Errorf("claimed: %v, want %v", err, ErrConflict)
		}
	})
}

func TestDeleteOldChangeSets(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for id, age := range map[string]time.Duration{
			SetDiscarded: KeepDiscarded, SetApplied: KeepApplied, SetStopped: 10 * KeepApplied, SetStaged: 10 * KeepApplied,
			"young " + SetDiscarded: KeepDiscarded - time.Second, "young " + SetApplied: KeepApplied - time.Second,
		} {
			if err := s.CreateChangeSet(ctx, ChangeSet{ID: id, OrganizationID: organization, Subject: id}); err != nil {
				t.Fatal(err)
			}
			if err := s.StageStep(ctx, id, sampleStep(1, 7)); err != nil {
				t.Fatal(err)
			}
			state := strings.TrimPrefix(id, "young ")
			execDirect(t, s, `UPDATE change_sets SET state = $1, updated = $2 WHERE id = $3`, state, millis(signIn.Add(-age)), id)
		}
		if n, err := s.DeleteOldChangeSets(ctx, signIn); n != 2 || err != nil {
			t.Errorf("got %d, %v, want 2", n, err)
		}
		for _, gone := range []string{SetDiscarded, SetApplied} {
			if _, err := s.ChangeSet(ctx, gone); !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: %v, want %v", gone, err, ErrNotFound)
			}
			if got := states(t, s, gone); len(got) != 0 {
				t.Errorf("%s left its steps %v", gone, got)
			}
		}
	})
}
