package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// A StepResult says what became of a step.
type StepResult struct {
	ID      int64
	State   string // StepDone, …
	Message string // the upstream's words
}

// stepChunk is how many steps one statement names: more than a request has, and far
// fewer than the 32,766 arguments that a database takes.
const stepChunk = 250

// BeginSteps notes that the steps are about to be sent, and must be called before
// they are. It returns [ErrConflict] and changes nothing when the holder lost the set
// or its lease has ended, or when one of the steps is done already or not there. A
// step that is StepSending can begin again: its holder knows that the last attempt
// changed nothing.
func (s *Store) BeginSteps(ctx context.Context, setID, holder string, stepIDs []int64) error {
	err := s.writeDurably(ctx, func(tx transaction) error {
		if err := tx.hold(ctx, setID, holder, true); err != nil {
			return err
		}
		return tx.updateSteps(ctx, setID, stepIDs, `state = 'sending', message = '', attempt = attempt + 1, sent = $2, done = 0`,
			`state NOT IN ('done', 'already')`, tx.now)
	})
	if err != nil {
		return fmt.Errorf("store: begin steps: %w", err)
	}
	return nil
}

// EndSteps notes what became of steps. A result of StepStaged says that the step was
// not sent after all. It returns [ErrConflict] and changes nothing when somebody else
// has claimed the set meanwhile, or when one of the steps is not there.
func (s *Store) EndSteps(ctx context.Context, setID, holder string, results []StepResult) error {
	if err := s.endSteps(ctx, setID, holder, results); err != nil {
		return fmt.Errorf("store: end steps: %w", err)
	}
	return nil
}

func (s *Store) endSteps(ctx context.Context, setID, holder string, results []StepResult) error {
	type answer struct{ state, message string }
	ids := make(map[answer][]int64)
	for _, r := range results {
		if r.State == StepSending {
			return errors.New("a step can't end as sending")
		}
		a := answer{r.State, storable(r.Message)}
		ids[a] = append(ids[a], r.ID)
	}
	return s.writeDurably(ctx, func(tx transaction) error {
		if err := tx.hold(ctx, setID, holder, false); err != nil {
			return err
		}
		for a, stepIDs := range ids {
			var done int64
			if a.state != StepStaged && a.state != StepUnknown {
				done = tx.now
			}
			err := tx.updateSteps(ctx, setID, stepIDs, `state = $2, message = $3, done = $4`, `TRUE`, a.state, a.message, done)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// updateSteps changes all of these steps or, with [ErrConflict], says that one of
// them isn't there or not as where wants it. The set's id is $1, args follow.
func (t transaction) updateSteps(ctx context.Context, setID string, ids []int64, set, where string, args ...any) error {
	args = append([]any{setID}, args...)
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for chunk := range slices.Chunk(ids, stepChunk) {
		n, err := t.exec(ctx,
			`UPDATE change_steps SET `+set+` WHERE set_id = $1 AND `+where+` AND id IN (`+placeholders(len(args)+1, len(chunk))+`)`,
			append(slices.Clip(args), anys(chunk)...)...)
		if err != nil {
			return err
		}
		if n != len(chunk) {
			return ErrConflict
		}
	}
	return nil
}
