package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"
)

// A transaction is one that writes. SQLite has one of them at a time.
type transaction struct {
	*sql.Tx
	now int64 // milliseconds, by the clock of the database: one for all processes
}

// write runs f in a transaction, which is committed when f returns nil.
func (s *Store) write(ctx context.Context, f func(transaction) error) error {
	return s.inTransaction(ctx, s.db, f)
}

// writeDurably is write for what must be on the disk before the next thing happens.
func (s *Store) writeDurably(ctx context.Context, f func(transaction) error) error {
	return s.inTransaction(ctx, s.durable, f)
}

func (s *Store) inTransaction(ctx context.Context, db *sql.DB, f func(transaction) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	t := transaction{Tx: tx}
	if err := tx.QueryRowContext(ctx, s.dialect.clock).Scan(&t.now); err != nil {
		return err
	}
	if err := f(t); err != nil {
		return err
	}
	return tx.Commit()
}

// exec runs a statement and returns how many rows it changed.
func (t transaction) exec(ctx context.Context, query string, args ...any) (int, error) {
	return affected(t.ExecContext(ctx, query, args...))
}

// exists reports whether the query, which selects a number, finds a row.
func (t transaction) exists(ctx context.Context, query string, args ...any) (bool, error) {
	var one int
	err := t.QueryRowContext(ctx, query, args...).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// collect returns a reader of all rows of a query.
func collect[T any](scan func(scanner) (T, error)) func(*sql.Rows, error) ([]T, error) {
	return func(rows *sql.Rows, err error) ([]T, error) {
		if err != nil {
			return nil, err
		}
		defer func() { _ = rows.Close() }()
		var all []T
		for rows.Next() {
			v, err := scan(rows)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		return all, rows.Err()
	}
}

// placeholders returns n of them from $first on, with commas between.
func placeholders(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
	}
	return b.String()
}

// anys makes arguments of values of one type.
func anys[T any](values []T) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return args
}

// millis is the form in which times are kept: the same in every database.
func millis(t time.Time) int64 { return t.UnixMilli() }

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// optionalMillis is millis for times that may be zero, which is kept as 0.
func optionalMillis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return millis(t)
}

func fromOptionalMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return fromMillis(ms)
}
