package store

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCountStaged(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		count := func(organizationID int64, subject string) int {
			t.Helper()
			n, err := s.CountStaged(ctx, organizationID, subject)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if got := count(7, "ingrid"); got != 0 {
			t.Errorf("%d staged without a set", got)
		}
		set := ChangeSet{ID: "set", OrganizationID: 7, Subject: "ingrid"}
		if err := s.CreateChangeSet(ctx, set); err != nil {
			t.Fatal(err)
		}
		if err := s.StageSteps(ctx, "set", []Step{sampleStep(1, 7), sampleStep(2, 7), sampleStep(1, 8)}); err != nil {
			t.Fatal(err)
		}
		if got := []int{count(7, "ingrid"), count(8, "ingrid"), count(7, "bruno")}; !cmp.Equal(got, []int{3, 0, 0}) {
			t.Errorf("staged are %v, want 3 of the person in the organization alone", got)
		}
		claim(t, s, "set", "holder", time.Minute)
		if got := count(7, "ingrid"); got != 0 {
			t.Errorf("%d staged in a set that is being applied", got)
		}
	})
}

// TestStagedSteps: they are the same as Steps has while the set is being filled,
// and none are once it was sent.
func TestStagedSteps(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		createSet(t, s, "set")
		if err := s.StageSteps(t.Context(), "set", []Step{sampleStep(2, 7), sampleStep(1, 8), sampleStep(1, 7)}); err != nil {
			t.Fatal(err)
		}
		all, err := s.Steps(t.Context(), "set")
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.StagedSteps(t.Context(), "set")
		if err != nil || len(got) != 3 {
			t.Fatal(got, err)
		}
		if diff := cmp.Diff(all, got); diff != "" {
			t.Error(diff)
		}
		claim(t, s, "set", "holder", time.Minute)
		if err := s.BeginSteps(t.Context(), "set", "holder", []int64{1, 3}); err != nil {
			t.Fatal(err)
		}
		if got, err = s.StagedSteps(t.Context(), "set"); err != nil || len(got) != 1 || got[0].ID != 2 {
			t.Errorf("%v, %v, want the second alone, which is not sent", got, err)
		}
	})
}

func TestRejectedSteps(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		apply := func(id string, results ...StepResult) {
			t.Helper()
			set := ChangeSet{ID: id, OrganizationID: 7, Subject: "ingrid"}
			if err := s.CreateChangeSet(ctx, set); err != nil {
				t.Fatal(err)
			}
			if err := s.StageSteps(ctx, id, []Step{sampleStep(1, 7), sampleStep(2, 7), sampleStep(3, 7)}); err != nil {
				t.Fatal(err)
			}
			claim(t, s, id, "holder", time.Minute)
			if err := s.BeginSteps(ctx, id, "holder", []int64{1, 2, 3}); err != nil {
				t.Fatal(err)
			}
			if err := s.EndSteps(ctx, id, "holder", results); err != nil {
				t.Fatal(err)
			}
			if err := s.FinishChangeSet(ctx, id, "holder", SetApplied, "", time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		rejected := func(subject string, limit int) string {
			t.Helper()
			steps, err := s.RejectedSteps(ctx, 7, subject, limit)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, step := range steps {
				all = append(all, step.State+" "+step.Message)
			}
			return strings.Join(all, "; ")
		}
		apply("first", StepResult{1, StepDone, ""}, StepResult{2, StepRefused, "Cannot remove workspace owner."}, StepResult{3, StepHeld, "none"})
		if got := rejected("ingrid", 9); got != "refused Cannot remove workspace owner.; held none" {
			t.Errorf("rejected are %q", got)
		}
		if got := rejected("ingrid", 1) + "|" + rejected("bruno", 9); got != "refused Cannot remove workspace owner.|" {
			t.Errorf("the first and somebody else's are %q", got)
		}
		time.Sleep(2 * time.Millisecond) // sets are told apart by the millisecond
		apply("second", StepResult{1, StepDone, ""}, StepResult{2, StepDone, ""}, StepResult{3, StepAlready, ""})
		if got := rejected("ingrid", 9); got != "" {
			t.Errorf("after a set that went well: %q", got)
		}
	})
}
