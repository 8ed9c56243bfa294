package store

import (
	"context"
	"fmt"
	"time"
)

// MarkUsed notes that what the key stands for, such as the hash of a token that is good
// once, is used. Until expires nobody else can, whichever process they ask: they get
// [ErrConflict]. From then on the key is free again.
func (s *Store) MarkUsed(ctx context.Context, key []byte, now, expires time.Time) error {
	n, err := affected(s.db.ExecContext(ctx,
		`INSERT INTO used_marks (key, expires) VALUES ($1, $2)
		 ON CONFLICT (key) DO UPDATE SET expires = excluded.expires WHERE used_marks.expires <= $3`,
		key, millis(expires), millis(now)))
	if err != nil {
		return fmt.Errorf("store: mark as used: %w", err)
	}
	if n == 0 {
		return ErrConflict
	}
	return nil
}

// DeleteExpiredMarks removes the marks that no longer hold at now.
func (s *Store) DeleteExpiredMarks(ctx context.Context, now time.Time) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM used_marks WHERE expires <= $1`, millis(now)); err != nil {
		return fmt.Errorf("store: delete expired marks: %w", err)
	}
	return nil
}
