package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

const (
	// busyTimeout is how long a writer waits for another one.
	busyTimeout = 5 * time.Second
	// poolSize is the number of connections: enough for reads beside the one
	// writer that SQLite allows, and each costs about 2 MB of cache at most.
	poolSize = 4
)

// connectFile opens the database in the file at path, which is made if missing.
func connectFile(path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := createPrivate(path); err != nil {
		return nil, err
	}
	db, err := openFile(path, "NORMAL", poolSize)
	if err != nil {
		return nil, err
	}
	durable, err := openFile(path, "FULL", 1)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Store{db: db, durable: durable}, nil
}

// openFile makes a pool of at most so many connections, of which there is none
// before the first query. Synchronous FULL brings each commit to the disk before it
// returns; NORMAL, which is faster, may lose the last ones with the power, though
// never with the process.
func openFile(path, synchronous string, connections int) (*sql.DB, error) {
	options := sqliteOptions()
	options.Set("_journal_mode", "WAL")
	options.Set("_synchronous", synchronous)
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// connectMemory opens a database in memory. SQLite's memdb shares it between all
// connections of the pool, where plain ":memory:" would give each its own.
func connectMemory(ctx context.Context) (*Store, error) {
	options := sqliteOptions()
	options.Set("vfs", "memdb")
	db, err := sql.Open("sqlite", "file:/"+rand.Text()+"?"+options.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(poolSize + 1)
	db.SetMaxIdleConns(poolSize + 1)
	anchor, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Store{db: db, durable: db, anchor: anchor}, nil
}

func sqliteOptions() url.Values {
	return url.Values{
		"_busy_timeout": {strconv.FormatInt(busyTimeout.Milliseconds(), 10)},
		"_foreign_keys": {"on"},
		// A transaction that reads and then writes can't be refused half-way.
		"_txlock": {"immediate"},
		// "name" is a column or a mistake, never a string.
		"_dqs":       {"0"},
		"_defensive": {"1"},
		"_error_rc":  {"1"},
	}
}

// createPrivate makes an empty file that only its owner can read; SQLite gives the
// same mode to the files it keeps beside it. A file that exists is left as it is:
// opening and closing it here would drop the locks of another connection.
func createPrivate(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return fmt.Errorf("%s is a directory: name a file in it", path)
	}
	if err == nil {
		return nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- the operator's own setting
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot create the database, its directory must exist and be writable: %w", err)
	}
	return f.Close()
}
