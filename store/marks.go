package store

import (
	"context"
	"fmt"
	"time"
)

const markUsed = `INSERT INTO used_marks (key, expires) VALUES ($1, $2)
	ON CONFLICT (key) DO UPDATE SET expires = excluded.expires WHERE used_marks.expires <= $3`

// MarkUsed notes that what the key stands for, such as the hash of a token that is good
// once, is used. Until expires nobody else can, whichever process they ask: they get
// [ErrConflict]. From then on the key is free again.
func (s *Store) MarkUsed(ctx context.Context, key []byte, now, expires time.Time) error {
	n, err := affected(s.db.ExecContext(ctx, markUsed, key, millis(expires), millis(now)))
	if err != nil {
		return fmt.Errorf("store: mark as used: %w", err)
	}
	if n == 0 {
		return ErrConflict
	}
	return nil
}

// A Logout is an order of an OpenID provider to end sessions, which is good once.
type Logout struct {
	Mark         []byte // what the order is known by, as in [Store.MarkUsed]
	Now, Expires time.Time
	Subject      string // whose sessions; may be empty where Provider is not
	Provider     []byte // the [Session.Provider] of those that end; nil: all of the subject
}

// LogOut ends the sessions that the order names and marks it as used, or, where either
// fails, does neither. Sessions of the subject that don't know their Provider end with
// any of its: one of them may be the one that is meant. It returns how many ended, or
// [ErrConflict] for an order that is used.
func (s *Store) LogOut(ctx context.Context, l Logout) (ended int, err error) {
	err = s.write(ctx, func(tx transaction) error {
		marked, err := tx.exec(ctx, markUsed, l.Mark, millis(l.Expires), millis(l.Now))
		switch {
		case err != nil:
			return err
		case marked == 0:
			return ErrConflict
		case l.Provider == nil:
			ended, err = tx.exec(ctx, `DELETE FROM sessions WHERE subject = $1`, l.Subject)
		default:
			ended, err = tx.exec(ctx, `DELETE FROM sessions WHERE provider = $1 OR (subject = $2 AND provider IS NULL)`, l.Provider, l.Subject)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store: log out: %w", err)
	}
	return ended, nil
}

// DeleteExpiredMarks removes the marks that no longer hold at now.
func (s *Store) DeleteExpiredMarks(ctx context.Context, now time.Time) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM used_marks WHERE expires <= $1`, millis(now)); err != nil {
		return fmt.Errorf("store: delete expired marks: %w", err)
	}
	return nil
}
