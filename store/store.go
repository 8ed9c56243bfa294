// Package store keeps what outlives a request: sessions and kept connections. It
// sees secrets only sealed; package auth holds the keys.
//
// Statements are written with $1 placeholders and plain SQL, which SQLite and
// PostgreSQL both take; what differs between databases stands in dialect.go.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Setting is the name of the setting that [Open] is given. Errors of Open name it.
const Setting = "ROSTER_DATABASE_URL"

var (
	// ErrNotFound means that there is no such row (any more).
	ErrNotFound = errors.New("store: not found")
	// ErrConflict means that the row was changed since it was read.
	ErrConflict = errors.New("store: changed since it was read")
)

// A Store is a database with Roster's tables. It is safe for concurrent use.
type Store struct {
	db *sql.DB
	// anchor keeps a database in memory alive: it lasts as long as a connection to it.
	anchor *sql.Conn
	// readSession runs on every request, so it is prepared once.
	readSession *sql.Stmt
}

// Open opens the database at databaseURL, makes it if there is none, and brings its
// tables up to date. It takes
//
//	sqlite:///path/file.db   an absolute path
//	sqlite:file.db           a path relative to the working directory
//	path/file.db             the same without a scheme
//	:memory:                 a database of its own that ends with Close
//
// A new file can be read by its owner alone (mode 0600). Errors name [Setting] and
// never hold the address of a database server, which may contain a password.
func Open(ctx context.Context, databaseURL string) (*Store, error) {
	s, err := open(ctx, databaseURL)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Setting, err)
	}
	return s, nil
}

func open(ctx context.Context, databaseURL string) (*Store, error) {
	loc, err := parseURL(databaseURL)
	if err != nil {
		return nil, err
	}
	s, err := connect(ctx, loc)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, loc.dialect); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", loc, err), s.Close())
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context, d dialect) error {
	if err := migrate(ctx, s.db, d); err != nil {
		return err
	}
	stmt, err := s.db.PrepareContext(ctx, selectSession)
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	s.readSession = stmt
	return nil
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.db.QueryRowContext(ctx, `SELECT 1`).Scan(&one); err != nil {
		return fmt.Errorf("store: ping: %w", err)
	}
	return nil
}

// Close ends all connections. A database in memory is gone afterwards.
func (s *Store) Close() error {
	var errs []error
	if s.readSession != nil {
		errs = append(errs, s.readSession.Close())
	}
	if s.anchor != nil {
		errs = append(errs, s.anchor.Close())
	}
	return errors.Join(append(errs, s.db.Close())...)
}

// affected returns how many rows a statement changed.
func affected(res sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// millis is the form in which times are kept: the same in every database.
func millis(t time.Time) int64 { return t.UnixMilli() }

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
