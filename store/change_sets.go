package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// The states of a change set.
const (
	SetStaged    = "staged"    // cells are still added and taken away
	SetApplying  = "applying"  // a holder sends it, or died while sending it
	SetStopped   = "stopped"   // applied in part: it can be gone on with
	SetApplied   = "applied"   // every step has an answer
	SetDiscarded = "discarded" // given up by its person
)

// A ChangeSet is what one person wants to be different in one organization. Times
// are kept to the millisecond.
type ChangeSet struct {
	ID             string // random, of 26 characters: crypto/rand.Text
	OrganizationID int64
	Subject        string    // whose it is
	State          string    // SetStaged, …
	UndoOf         string    // id of the set that this one takes back; empty: none
	Note           string    // why it stopped, in words
	ResumeAt       time.Time // when it may go on by itself; zero: not by itself
	Holder         string    // who applies it: a name that no two runs share; empty: nobody
	HeldUntil      time.Time // when the holder's lease ends; zero: nobody holds it
	CreatedAt      time.Time
	UpdatedAt      time.Time
	AppliedAt      time.Time // zero: not applied
}

const changeSetColumns = `id, organization_id, subject, state, undo_of, note, resume_at, holder, held_until, created, updated, applied`

// scanner is a row, or one of several.
type scanner interface{ Scan(dest ...any) error }

func scanChangeSet(row scanner) (ChangeSet, error) {
	var set ChangeSet
	var resumeAt, heldUntil, created, updated, applied int64
	err := row.Scan(&set.ID, &set.OrganizationID, &set.Subject, &set.State, &set.UndoOf, &set.Note, &resumeAt,
		&set.Holder, &heldUntil, &created, &updated, &applied)
	if errors.Is(err, sql.ErrNoRows) {
		return ChangeSet{}, ErrNotFound
	}
	if err != nil {
		return ChangeSet{}, err
	}
	set.ResumeAt, set.HeldUntil = fromOptionalMillis(resumeAt), fromOptionalMillis(heldUntil)
	set.CreatedAt, set.UpdatedAt, set.AppliedAt = fromMillis(created), fromMillis(updated), fromOptionalMillis(applied)
	return set, nil
}

// ChangeSet returns the set with this id, or [ErrNotFound].
func (s *Store) ChangeSet(ctx context.Context, id string) (ChangeSet, error) {
	set, err := scanChangeSet(s.db.QueryRowContext(ctx, `SELECT `+changeSetColumns+` FROM change_sets WHERE id = $1`, id))
	if err != nil {
		return ChangeSet{}, fmt.Errorf("store: read change set: %w", err)
	}
	return set, nil
}

// StagedChangeSet returns the set that the person is filling for the organization,
// of which there is at most one, or [ErrNotFound].
func (s *Store) StagedChangeSet(ctx context.Context, organizationID int64, subject string) (ChangeSet, error) {
	set, err := scanChangeSet(s.db.QueryRowContext(ctx,
		`SELECT `+changeSetColumns+` FROM change_sets WHERE organization_id = $1 AND subject = $2 AND state = 'staged'`,
		organizationID, subject))
	if err != nil {
		return ChangeSet{}, fmt.Errorf("store: read staged change set: %w", err)
	}
	return set, nil
}

// ChangeSets returns the organization's sets of all persons, newest first and at
// most limit.
func (s *Store) ChangeSets(ctx context.Context, organizationID int64, limit int) ([]ChangeSet, error) {
	sets, err := collect(scanChangeSet)(s.db.QueryContext(ctx,
		`SELECT `+changeSetColumns+` FROM change_sets WHERE organization_id = $1 ORDER BY created DESC, id LIMIT $2`,
		organizationID, limit))
	if err != nil {
		return nil, fmt.Errorf("store: list change sets: %w", err)
	}
	return sets, nil
}

// CreateChangeSet adds a staged set without steps, of which ID, OrganizationID,
// Subject and UndoOf are taken. It returns [ErrConflict] where the id is taken or the
// person has a staged set in the organization.
func (s *Store) CreateChangeSet(ctx context.Context, set ChangeSet) error {
	err := s.write(ctx, func(tx transaction) error {
		n, err := tx.exec(ctx,
			`INSERT INTO change_sets (`+changeSetColumns+`)
			 VALUES ($1, $2, $3, 'staged', $4, '', 0, '', 0, $5, $5, 0) ON CONFLICT DO NOTHING`,
			set.ID, set.OrganizationID, storable(set.Subject), set.UndoOf, tx.now)
		if err == nil && n == 0 {
			return ErrConflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("store: create change set: %w", err)
	}
	return nil
}

// DiscardChangeSet gives up the person's set while it is staged or stopped. It
// returns [ErrConflict] for one in another state, and [ErrNotFound] where the person
// has none with this id.
func (s *Store) DiscardChangeSet(ctx context.Context, id, subject string) error {
	err := s.write(ctx, func(tx transaction) error {
		n, err := tx.exec(ctx,
			`UPDATE change_sets SET state = 'discarded', resume_at = 0, updated = $1
			 WHERE id = $2 AND subject = $3 AND state IN ('staged', 'stopped')`, tx.now, id, subject)
		if err != nil || n == 1 {
			return err
		}
		return tx.conflictIf(ctx, `SELECT 1 FROM change_sets WHERE id = $1 AND subject = $2`, id, subject)
	})
	if err != nil {
		return fmt.Errorf("store: discard change set: %w", err)
	}
	return nil
}

const (
	// KeepDiscarded is how long a discarded set is kept after its last change.
	KeepDiscarded = 30 * 24 * time.Hour
	// KeepApplied is how long an applied set is kept, and so can be undone, after
	// its last change. The activity, which is kept, still says what was done.
	KeepApplied = 365 * 24 * time.Hour
)

// DeleteOldChangeSets removes discarded and applied sets, with their steps, that
// have been kept for as long as they are at now, and returns how many. Sets that are
// staged, stopped or being applied stay.
func (s *Store) DeleteOldChangeSets(ctx context.Context, now time.Time) (int, error) {
	n, err := affected(s.db.ExecContext(ctx,
		`DELETE FROM change_sets WHERE (state = 'discarded' AND updated <= $1) OR (state = 'applied' AND updated <= $2)`,
		millis(now.Add(-KeepDiscarded)), millis(now.Add(-KeepApplied))))
	if err != nil {
		return 0, fmt.Errorf("store: delete old change sets: %w", err)
	}
	return n, nil
}
