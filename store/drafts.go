package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Draft is one row of the drafts table: a form to be sent later.
type Draft struct {
	Key     []byte // SHA-256 of the secret that the browser has
	Expires time.Time
	Data    []byte // sealed
}

// PutDraft keeps the draft in place of what was kept under its key.
func (s *Store) PutDraft(ctx context.Context, d Draft) error {
	_, err := s.db.ExecContext(ctx,
		`INSERT INTO drafts (key, expires, data) VALUES ($1, $2, $3)
		 ON CONFLICT (key) DO UPDATE SET expires = excluded.expires, data = excluded.data`,
		d.Key, millis(d.Expires), d.Data)
	if err != nil {
		return fmt.Errorf("store: keep draft: %w", err)
	}
	return nil
}

// Draft returns the draft with this key, expired or not, or [ErrNotFound].
func (s *Store) Draft(ctx context.Context, key []byte) (Draft, error) {
	d := Draft{Key: key}
	var expires int64
	err := s.db.QueryRowContext(ctx, `SELECT expires, data FROM drafts WHERE key = $1`, key).Scan(&expires, &d.Data)
	if errors.Is(err, sql.ErrNoRows) {
		return Draft{}, ErrNotFound
	}
	if err != nil {
		return Draft{}, fmt.Errorf("store: read draft: %w", err)
	}
	d.Expires = fromMillis(expires)
	return d, nil
}

// DeleteDraft forgets the draft with this key. It is no error if there is none.
func (s *Store) DeleteDraft(ctx context.Context, key []byte) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM drafts WHERE key = $1`, key); err != nil {
		return fmt.Errorf("store: delete draft: %w", err)
	}
	return nil
}

// DeleteExpiredDrafts removes the drafts that expired at or before now.
func (s *Store) DeleteExpiredDrafts(ctx context.Context, now time.Time) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM drafts WHERE expires <= $1`, millis(now)); err != nil {
		return fmt.Errorf("store: delete expired drafts: %w", err)
	}
	return nil
}
