package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Connection is what a person chose to keep beyond their session.
type Connection struct {
	Subject string
	Updated time.Time // kept to the millisecond
	Data    []byte    // sealed
}

// Connection returns what is kept for the subject, or [ErrNotFound].
func (s *Store) Connection(ctx context.Context, subject string) (Connection, error) {
	row := Connection{Subject: subject}
	var updated int64
	err := s.db.QueryRowContext(ctx, `SELECT updated, data FROM connections WHERE subject = $1`, subject).
		Scan(&updated, &row.Data)
	if errors.Is(err, sql.ErrNoRows) {
		return Connection{}, ErrNotFound
	}
	if err != nil {
		return Connection{}, fmt.Errorf("store: read connection: %w", err)
	}
	row.Updated = fromMillis(updated)
	return row, nil
}

// PutConnection keeps the connection in place of what was kept for its subject.
func (s *Store) PutConnection(ctx context.Context, row Connection) error {
	_, err := s.db.ExecContext(ctx,
		`INSERT INTO connections (subject, updated, data) VALUES ($1, $2, $3)
		 ON CONFLICT (subject) DO UPDATE SET updated = excluded.updated, data = excluded.data`,
		row.Subject, millis(row.Updated), row.Data)
	if err != nil {
		return fmt.Errorf("store: put connection: %w", err)
	}
	return nil
}

// ResealConnection replaces the data of a connection that still holds old, so that a
// connection which was changed or removed meanwhile is left alone.
func (s *Store) ResealConnection(ctx context.Context, subject string, old, data []byte) error {
	_, err := s.db.ExecContext(ctx,
		`UPDATE connections SET data = $1 WHERE subject = $2 AND data = $3`, data, subject, old)
	if err != nil {
		return fmt.Errorf("store: reseal connection: %w", err)
	}
	return nil
}

// DeleteConnection forgets what is kept for the subject. It is no error if there is
// nothing.
func (s *Store) DeleteConnection(ctx context.Context, subject string) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM connections WHERE subject = $1`, subject); err != nil {
		return fmt.Errorf("store: delete connection: %w", err)
	}
	return nil
}
