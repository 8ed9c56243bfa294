package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStepCounts(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for id, steps := range map[string][]Step{"a": {sampleStep(1, 7), sampleStep(2, 7)}, "b": {sampleStep(1, 8)}, "empty": nil} {
			if err := s.CreateChangeSet(ctx, ChangeSet{ID: id, OrganizationID: 7, Subject: id}); err != nil {
				t.Fatal(err)
			}
			if err := s.StageSteps(ctx, id, steps); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.ClaimChangeSet(ctx, "a", "holder", []string{SetStaged}, 1<<30); err != nil {
			t.Fatal(err)
		}
		if err := s.BeginSteps(ctx, "a", "holder", []int64{1}); err != nil {
			t.Fatal(err)
		}
		got, err := s.StepCounts(ctx, []string{"a", "b", "empty", "nowhere"})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]map[string]int{"a": {StepSending: 1, StepStaged: 1}, "b": {StepStaged: 1}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
		if got, err := s.StepCounts(ctx, nil); err != nil || len(got) != 0 {
			t.Errorf("of no sets: %v, %v", got, err)
		}
	})
}
