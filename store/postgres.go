package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	// postgresPool is the number of connections: a server gives 100 by default, to
	// all of its programs together.
	postgresPool = 10
	// postgresIdle and postgresLifetime let connections end that are not needed, or
	// that lead to a server which is no longer the one that the name stands for.
	postgresIdle     = 5 * time.Minute
	postgresLifetime = time.Hour
	// postgresConnect is how long a connection may take to be made, unless the
	// address says connect_timeout.
	postgresConnect = 5 * time.Second
	// postgresLocks is the first half of our advisory locks, the letters "Rost".
	postgresLocks = "1383035764"
)

// parsePostgres reads a postgres:// address. Its errors say nothing of the address,
// which may be a password for the most part.
func parsePostgres(databaseURL string) (location, error) {
	_, rest, _ := strings.Cut(databaseURL, ":")
	databaseURL = "postgres:" + rest // pgx wants it in small letters
	u, err := url.Parse(databaseURL)
	if err != nil || u.Opaque != "" {
		return location{}, errors.New("postgres: write postgres://user:password@host:5432/database, with %XX for special characters in the password")
	}
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return location{}, errors.New("postgres: an option of the address is not understood, or a file that it names can't be read")
	}
	if u.Query().Get("connect_timeout") == "" {
		config.ConnectTimeout = postgresConnect
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "roster"
	}
	return location{dialect: postgres, path: strings.TrimPrefix(u.Path, "/"), config: config}, nil
}

// connectPostgres connects to the server. A connection that was idle for a second is
// asked whether it lives before it is used again (by stdlib), so that a restart of
// the server costs at most the calls of that moment.
func connectPostgres(ctx context.Context, config *pgx.ConnConfig) (*Store, error) {
	db := sql.OpenDB(stdlib.GetConnector(*config))
	db.SetMaxOpenConns(postgresPool)
	db.SetMaxIdleConns(postgresPool)
	db.SetConnMaxIdleTime(postgresIdle)
	db.SetConnMaxLifetime(postgresLifetime)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Store{db: db, durable: db}, nil
}

// postgresLocker waits in the database. Goose's own asks again every few seconds.
type postgresLocker struct{}

// SessionLock waits until no other process migrates.
func (postgresLocker) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(`+postgresLocks+`, 1)`)
	return err
}

// SessionUnlock lets the next process migrate.
func (postgresLocker) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock(`+postgresLocks+`, 1)`)
	return err
}
