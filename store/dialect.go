package store

import (
	"context"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// dialect is what differs between kinds of databases, beside the migrations in the
// folder of its name.
type dialect struct {
	name  string
	goose goose.Dialect
	// migrating keeps processes that start at once from migrating at once; nil where
	// the database has no such lock.
	migrating lock.SessionLocker
	// migrationNeeds is what an operator may have to see to.
	migrationNeeds string
	// clock selects the milliseconds since 1970 by a clock that all processes share.
	clock string
	// lockActivity makes a transaction the only one that adds to the activity; empty
	// where each is the only one that writes.
	lockActivity string
}

var (
	sqlite = dialect{
		name:           "sqlite",
		goose:          goose.DialectSQLite3,
		migrationNeeds: "the file and its directory must be writable",
		clock:          `SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER)`,
	}
	postgres = dialect{
		name:           "postgres",
		goose:          goose.DialectPostgres,
		migrating:      postgresLocker{},
		migrationNeeds: "the user must be allowed to make tables, functions and triggers",
		clock:          `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint`,
		lockActivity:   `SELECT pg_advisory_xact_lock(` + postgresLocks + `, 2)`,
	}
)

// connect is the one switch over dialects.
func connect(ctx context.Context, loc location) (*Store, error) {
	switch {
	case loc.dialect == postgres:
		return connectPostgres(ctx, loc.config)
	case loc.dialect == sqlite && loc.path == memoryPath:
		return connectMemory(ctx)
	case loc.dialect == sqlite:
		return connectFile(loc.path)
	default:
		return nil, fmt.Errorf("no driver for %s", loc)
	}
}
