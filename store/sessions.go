package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Session is one row of the sessions table. Times are kept to the millisecond.
type Session struct {
	Key      []byte    // SHA-256 of the id; the id itself never gets here
	Subject  string    // whose session it is; what [Store.DeleteSubjectSessions] finds it by
	Provider []byte    // names the OpenID provider's session for [Store.LogOut]; nil without one
	Created  time.Time // the sign-in
	LastSeen time.Time
	Expires  time.Time
	Revision int64  // changes with Data
	Data     []byte // sealed
}

const selectSession = `SELECT subject, provider, created, last_seen, expires, revision, data FROM sessions WHERE key = $1`

// Session returns the session with this key, expired or not, or [ErrNotFound].
func (s *Store) Session(ctx context.Context, key []byte) (Session, error) {
	row := Session{Key: key}
	var created, lastSeen, expires int64
	err := s.readSession.QueryRowContext(ctx, key).
		Scan(&row.Subject, &row.Provider, &created, &lastSeen, &expires, &row.Revision, &row.Data)
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, ErrNotFound
	}
	if err != nil {
		return Session{}, fmt.Errorf("store: read session: %w", err)
	}
	row.Created, row.LastSeen, row.Expires = fromMillis(created), fromMillis(lastSeen), fromMillis(expires)
	return row, nil
}

// CreateSession adds a session and, in the same step, deletes the one with the key
// replaces, if there is one. A nil replaces deletes nothing.
func (s *Store) CreateSession(ctx context.Context, row Session, replaces []byte) error {
	err := s.write(ctx, func(tx transaction) error {
		if replaces != nil {
			if _, err := tx.exec(ctx, `DELETE FROM sessions WHERE key = $1`, replaces); err != nil {
				return err
			}
		}
		_, err := tx.exec(ctx,
			`INSERT INTO sessions (key, subject, provider, created, last_seen, expires, revision, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			row.Key, row.Subject, row.Provider, millis(row.Created), millis(row.LastSeen), millis(row.Expires), row.Revision, row.Data)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: create session: %w", err)
	}
	return nil
}

// UpdateSession replaces the content of the session that still has this revision,
// and raises the revision by one. A session that is gone stays gone ([ErrNotFound]);
// one that somebody else has changed is left as it is ([ErrConflict]).
func (s *Store) UpdateSession(ctx context.Context, key []byte, revision int64, data []byte) error {
	n, err := affected(s.db.ExecContext(ctx,
		`UPDATE sessions SET data = $1, revision = revision + 1 WHERE key = $2 AND revision = $3`,
		data, key, revision))
	if err != nil {
		return fmt.Errorf("store: update session: %w", err)
	}
	if n > 0 {
		return nil
	}
	if _, err := s.Session(ctx, key); err != nil {
		return err
	}
	return ErrConflict
}

// TouchSession notes that the session was used, and until when it lasts for that.
// It returns [ErrNotFound] if the session is gone.
func (s *Store) TouchSession(ctx context.Context, key []byte, lastSeen, expires time.Time) error {
	n, err := affected(s.db.ExecContext(ctx,
		`UPDATE sessions SET last_seen = $1, expires = $2 WHERE key = $3`,
		millis(lastSeen), millis(expires), key))
	if err != nil {
		return fmt.Errorf("store: touch session: %w", err)
	}
	if n == 0 {
		return ErrNotFound
	}
	return nil
}

// DeleteSession ends a session. It is no error if there is none.
func (s *Store) DeleteSession(ctx context.Context, key []byte) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM sessions WHERE key = $1`, key); err != nil {
		return fmt.Errorf("store: delete session: %w", err)
	}
	return nil
}

// DeleteSubjectSessions ends every session of the subject and returns how many.
func (s *Store) DeleteSubjectSessions(ctx context.Context, subject string) (int, error) {
	n, err := affected(s.db.ExecContext(ctx, `DELETE FROM sessions WHERE subject = $1`, subject))
	if err != nil {
		return 0, fmt.Errorf("store: delete sessions of a subject: %w", err)
	}
	return n, nil
}

// DeleteExpiredSessions removes the sessions that ended at or before now and returns
// how many.
func (s *Store) DeleteExpiredSessions(ctx context.Context, now time.Time) (int, error) {
	n, err := affected(s.db.ExecContext(ctx, `DELETE FROM sessions WHERE expires <= $1`, millis(now)))
	if err != nil {
		return 0, fmt.Errorf("store: delete expired sessions: %w", err)
	}
	return n, nil
}
