package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func sampleStep(user, workspace int64) Step {
	return Step{
		RowKind: RowUser, RowID: user, OrganizationUserID: user + 1000, RowName: "Hana Sato", RowEmail: "hana@people.example",
		WorkspaceID: workspace, WorkspaceName: "Delivery", Op: OpAdd, Was: "none",
	}
}

// claimed makes a set of so many steps, and a holder's for a minute.
func claimed(t testing.TB, s *Store, steps int) {
	t.Helper()
	createSet(t, s, "set")
	var all []Step
	for i := range steps {
		all = append(all, sampleStep(int64(i+1), 7))
	}
	if err := s.StageSteps(t.Context(), "set", all); err != nil {
		t.Fatal(err)
	}
	claim(t, s, "set", "holder", time.Minute)
}

// states returns "state message" of each step.
func states(t *testing.T, s *Store, setID string) []string {
	t.Helper()
	steps, err := s.Steps(t.Context(), setID)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, step := range steps {
		all = append(all, step.State+" "+step.Message)
	}
	return all
}

func TestStageSteps(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		createSet(t, s, "set")
		group := sampleStep(1, 7)
		group.RowKind, group.OrganizationUserID, group.RowEmail = RowGroup, 0, ""
		hostile := sampleStep(2, 7)
		hostile.RowName, hostile.State, hostile.ID, hostile.Attempt = "a\x00b\xff <b>", StepDone, 99, 3
		if err := s.StageSteps(ctx, "set", []Step{sampleStep(1, 7), group, hostile}); err != nil {
			t.Fatal(err)
		}
		replaced := sampleStep(1, 7)
		replaced.Op, replaced.Was, replaced.WorkspaceName = OpRemove, "direct", "Delivery 2"
		if err := s.StageSteps(ctx, "set", []Step{sampleStep(1, 7), replaced}); err != nil {
			t.Fatal(err)
		}
		if err := s.UnstageStep(ctx, "set", RowUser, 3, 7); err != nil {
			t.Errorf("taking away what isn't there: %v", err)
		}
		hostile.RowName, hostile.Attempt = "a\uFFFDb\uFFFD <b>", 0
		want := []Step{replaced, group, hostile}
		for i := range want {
			want[i].ID, want[i].State = int64(i+1), StepStaged
		}
		got, err := s.Steps(ctx, "set")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if err := s.UnstageStep(ctx, "set", RowGroup, 1, 7); err != nil {
			t.Fatal(err)
		}
		if got := states(t, s, "set"); len(got) != 2 {
			t.Errorf("left are %v, want 2", got)
		}
	})
}

func TestStageManySteps(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		createSet(t, s, "set")
		var steps []Step
		for i := range 2*stageChunk + 1 {
			steps = append(steps, sampleStep(int64(i), 7))
		}
		last := sampleStep(0, 7) // the first one again, in another chunk
		last.Op = OpRemove
		if err := s.StageSteps(ctx, "set", append(steps, last)); err != nil {
			t.Fatal(err)
		}
		var got []Step
		for after := int64(0); ; after = got[len(got)-1].ID {
			page, err := s.StepsAfter(ctx, "set", after, 10)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
		}
		steps[0] = last
		if diff := cmp.Diff(steps, got, cmpopts.IgnoreFields(Step{}, "ID", "State")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestStageStepsIsAllOrNothing(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		createSet(t, s, "set")
		wrong := sampleStep(2, 7)
		for name, spoil := range map[string]func(*Step){
			"kind":      func(step *Step) { step.RowKind = "team" },
			"operation": func(step *Step) { step.Op = "toggle" },
		} {
			wrong := wrong
			spoil(&wrong)
			if err := s.StageSteps(t.Context(), "set", []Step{sampleStep(1, 7), wrong}); err == nil {
				t.Errorf("a step with a wrong %s was staged", name)
			}
		}
		if got := states(t, s, "set"); len(got) != 0 {
			t.Errorf("staged are %v, want none", got)
		}
	})
}

func TestStagingNeedsStagedSet(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		claimed(t, s, 1)
		for set, want := range map[string]error{"set": ErrConflict, "missing": ErrNotFound} {
			if err := s.StageStep(ctx, set, sampleStep(2, 7)); !errors.Is(err, want) {
				t.Errorf("staging in %s: %v, want %v", set, err, want)
			}
			if err := s.UnstageStep(ctx, set, RowUser, 1, 7); !errors.Is(err, want) {
				t.Errorf("unstaging in %s: %v, want %v", set, err, want)
			}
		}
		if got := states(t, s, "set"); len(got) != 1 {
			t.Errorf("steps are %v, want the one", got)
		}
	})
}

func TestStepsAreBegunAndEnded(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		claimed(t, s, 4)
		if err := s.BeginSteps(ctx, "set", "holder", []int64{1, 2, 3, 3}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"sending ", "sending ", "sending ", "staged "}, states(t, s, "set")); diff != "" {
			t.Error(diff)
		}
		results := []StepResult{
			{1, StepDone, ""},
			{2, StepRefused, "User is not allowed\x00"},
			{3, StepUnknown, "time-out"},
			{4, StepAlready, ""},
		}
		if err := s.EndSteps(ctx, "set", "holder", results); err != nil {
			t.Fatal(err)
		}
		want := []string{"done ", "refused User is not allowed\uFFFD", "unknown time-out", "already "}
		if diff := cmp.Diff(want, states(t, s, "set")); diff != "" {
			t.Error(diff)
		}
		steps, err := s.Steps(ctx, "set")
		if err != nil {
			t.Fatal(err)
		}
		for i, step := range steps {
			sent, done := i < 3, i != 2 // what became of the unknown one is to come
			if step.SentAt.IsZero() == sent || step.DoneAt.IsZero() == done || (step.Attempt == 1) != sent {
				t.Errorf("step %d: sent %v, done %v, attempt %d", step.ID, step.SentAt, step.DoneAt, step.Attempt)
			}
		}
		// A refused step and one whose answer was lost can be tried again.
		if err := s.BeginSteps(ctx, "set", "holder", []int64{2, 3}); err != nil {
			t.Fatal(err)
		}
		if err := s.EndSteps(ctx, "set", "holder", []StepResult{{ID: 2, State: StepStaged}}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"done ", "staged ", "sending ", "already "}, states(t, s, "set")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFinishedStepsDoNotBegin(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		claimed(t, s, 3)
		ends := []StepResult{{ID: 1, State: StepDone}, {ID: 2, State: StepAlready}}
		if err := s.EndSteps(ctx, "set", "holder", ends); err != nil {
			t.Fatal(err)
		}
		for _, ids := range [][]int64{{3, 1}, {3, 2}, {3, 4}} {
			if err := s.BeginSteps(ctx, "set", "holder", ids); !errors.Is(err, ErrConflict) {
				t.Errorf("%v: %v, want %v", ids, err, ErrConflict)
			}
		}
		if err := s.EndSteps(ctx, "set", "holder", []StepResult{{ID: 3, State: StepDone}, {ID: 4, State: StepDone}}); !errors.Is(err, ErrConflict) {
			t.Errorf("the end of a step that isn't there: %v, want %v", err, ErrConflict)
		}
		for _, state := range []string{StepSending, "finished", ""} {
			if err := s.EndSteps(ctx, "set", "holder", []StepResult{{ID: 3, State: state}}); err == nil {
				t.Errorf("a step ended as %q", state)
			}
		}
		if diff := cmp.Diff([]string{"done ", "already ", "staged "}, states(t, s, "set")); diff != "" {
			t.Error(diff)
		}
	})
}
