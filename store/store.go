// Package store keeps what outlives a request: sessions, kept connections, change
// sets, the activity, and records of what was done. It sees secrets only sealed; package auth holds the keys.
//
// Statements are written with $1 placeholders and plain SQL, which SQLite and
// PostgreSQL both take; what differs between databases stands in dialect.go. Methods
// with an error of the database leave nothing half done and can be called again.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Setting is the name of the setting that [Open] is given. Errors of Open name it.
const Setting = "ROSTER_DATABASE_URL"

var (
	// ErrNotFound means that there is no such row (any more).
	ErrNotFound = errors.New("store: not found")
	// ErrConflict means that the row is no longer as the caller takes it to be:
	// changed since it was read, in another state, or somebody else's.
	ErrConflict = errors.New("store: changed since it was read")
)

// A Store is a database with Roster's tables. It is safe for concurrent use.
type Store struct {
	db      *sql.DB
	dialect dialect
	// durable is a database whose commits survive a loss of power; db where that
	// makes no difference.
	durable *sql.DB
	// anchor keeps a database in memory alive: it lasts as long as a connection to it.
	anchor *sql.Conn
	// These run on every request, or on every tick, so they are prepared once.
	readSession, countStaged, readStaged, readHeld *sql.Stmt
}

// Open opens the database at databaseURL, makes it if there is none, and brings its
// tables up to date. It takes
//
//	sqlite:///path/file.db   an absolute path
//	sqlite:file.db           a path relative to the working directory
//	path/file.db             the same without a scheme
//	:memory:                 a database of its own that ends with Close
//	postgres://user:password@host:5432/database?sslmode=verify-full
//
// where the last takes the options of libpq, connects to the database, which must
// exist, and makes its tables in the first schema of the search path. A new file can
// be read by its owner alone (mode 0600). Errors name [Setting] and never hold the
// password of an address.
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
	s.dialect = d
	if err := migrate(ctx, s.db, d); err != nil {
		return err
	}
	for query, stmt := range map[string]**sql.Stmt{
		selectSession: &s.readSession, countStaged: &s.countStaged, readStaged: &s.readStaged, s.selectHeld(): &s.readHeld,
	} {
		prepared, err := s.db.PrepareContext(ctx, query)
		if err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
		*stmt = prepared
	}
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
	for _, stmt := range []*sql.Stmt{s.readSession, s.countStaged, s.readStaged, s.readHeld} {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	if s.anchor != nil {
		errs = append(errs, s.anchor.Close())
	}
	if s.durable != s.db {
		errs = append(errs, s.durable.Close())
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
