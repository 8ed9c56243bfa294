package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ClaimChangeSet makes the set, which must be in one of the states from, an applying
// one that is the holder's until the lease ends, by the clock of the database, and
// forgets why it stopped. A set that is applying already can be claimed when its
// lease has ended, which needs SetApplying in from. Of several that claim at once one
// wins; the others get [ErrConflict], as does the holder itself: it renews. A set
// that isn't there gives [ErrNotFound].
func (s *Store) ClaimChangeSet(ctx context.Context, id, holder string, from []string, lease time.Duration) (ChangeSet, error) {
	set, err := s.claimChangeSet(ctx, id, holder, from, lease)
	if err != nil {
		return ChangeSet{}, fmt.Errorf("store: claim change set: %w", err)
	}
	return set, nil
}

func (s *Store) claimChangeSet(ctx context.Context, id, holder string, from []string, lease time.Duration) (set ChangeSet, err error) {
	if holder == "" || len(from) == 0 {
		return ChangeSet{}, errors.New("no holder, or no states to claim from")
	}
	err = s.writeDurably(ctx, func(tx transaction) error {
		args := append([]any{holder, tx.now + lease.Milliseconds(), tx.now, id}, anys(from)...)
		set, err = scanChangeSet(tx.QueryRowContext(ctx,
			`UPDATE change_sets SET state = 'applying', holder = $1, held_until = $2, note = '', resume_at = 0, updated = $3
			 WHERE id = $4 AND state IN (`+placeholders(5, len(from))+`) AND (state <> 'applying' OR held_until <= $3)
			 RETURNING `+changeSetColumns, args...))
		if errors.Is(err, ErrNotFound) {
			return tx.conflictIf(ctx, `SELECT 1 FROM change_sets WHERE id = $1`, id)
		}
		return err
	})
	return set, err
}

// RenewChangeSet lets the holder's lease start anew, also where it had ended and
// nobody else claimed the set. It returns [ErrConflict] when the holder lost it.
func (s *Store) RenewChangeSet(ctx context.Context, id, holder string, lease time.Duration) error {
	err := s.write(ctx, func(tx transaction) error {
		n, err := tx.exec(ctx,
			`UPDATE change_sets SET held_until = $1 WHERE id = $2 AND holder = $3 AND state = 'applying'`,
			tx.now+lease.Milliseconds(), id, holder)
		if err == nil && n == 0 {
			return ErrConflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("store: renew change set: %w", err)
	}
	return nil
}

// FinishChangeSet ends the holder's work: the set is SetApplied, or SetStopped with
// a note why and, where it may go on by itself, from when on. It returns
// [ErrConflict] when the holder lost it.
func (s *Store) FinishChangeSet(ctx context.Context, id, holder, state, note string, resumeAt time.Time) error {
	if err := s.finishChangeSet(ctx, id, holder, state, note, resumeAt); err != nil {
		return fmt.Errorf("store: finish change set: %w", err)
	}
	return nil
}

func (s *Store) finishChangeSet(ctx context.Context, id, holder, state, note string, resumeAt time.Time) error {
	if state != SetApplied && state != SetStopped {
		return fmt.Errorf("a set can't be finished as %q", state)
	}
	return s.writeDurably(ctx, func(tx transaction) error {
		var applied int64
		if state == SetApplied {
			applied = tx.now
		}
		n, err := tx.exec(ctx,
			`UPDATE change_sets SET state = $1, note = $2, resume_at = $3, holder = '', held_until = 0, updated = $4, applied = $5
			 WHERE id = $6 AND holder = $7 AND state = 'applying'`,
			state, storable(note), optionalMillis(resumeAt), tx.now, applied, id, holder)
		if err == nil && n == 0 {
			return ErrConflict
		}
		return err
	})
}

// hold keeps the set as it is until the transaction ends. It returns [ErrConflict]
// when the holder lost the set, or its lease has ended and must not have.
func (t transaction) hold(ctx context.Context, setID, holder string, leased bool) error {
	var oldest int64
	if leased {
		oldest = t.now + 1
	}
	n, err := t.exec(ctx,
		`UPDATE change_sets SET updated = $1 WHERE id = $2 AND holder = $3 AND state = 'applying' AND held_until >= $4`,
		t.now, setID, holder, oldest)
	if err == nil && n == 0 {
		return ErrConflict
	}
	return err
}

// holdStaged keeps the set staged until the transaction ends. It returns
// [ErrConflict] if the set is in another state, and [ErrNotFound] if it is gone.
func (t transaction) holdStaged(ctx context.Context, setID string) error {
	n, err := t.exec(ctx, `UPDATE change_sets SET updated = $1 WHERE id = $2 AND state = 'staged'`, t.now, setID)
	if err != nil || n == 1 {
		return err
	}
	return t.conflictIf(ctx, `SELECT 1 FROM change_sets WHERE id = $1`, setID)
}

// conflictIf returns [ErrConflict] if the query finds a row, else [ErrNotFound].
func (t transaction) conflictIf(ctx context.Context, query string, args ...any) error {
	found, err := t.exists(ctx, query, args...)
	if err != nil {
		return err
	}
	if found {
		return ErrConflict
	}
	return ErrNotFound
}
