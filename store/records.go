package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A RecordKey is whose record it is, and which: nobody else finds it.
type RecordKey struct {
	Kind           string // what it is about; each has its own form of Data
	ID             string // random, of 26 characters: crypto/rand.Text
	Subject        string
	OrganizationID int64
}

// A Record is what outlives the process that made it, for a while, and is read by any
// other. Times are kept to the millisecond.
type Record struct {
	RecordKey
	Data     []byte // as PackRecord makes it; never changed
	Progress []byte // what the holder writes; empty: nothing
	Holder   string // who works on it: a name that no two share; empty: nobody
	// Held: the holder's lease has not ended. A holder without one has died.
	Held      bool
	CreatedAt time.Time
	ExpiresAt time.Time
}

const (
	recordColumns = `id, kind, subject, organization_id, data, progress, holder, held_until, created, expires`
	// ofPerson compares a record with a person's kind of them, and byKey with its key.
	ofPerson = `kind = $1 AND subject = $2 AND organization_id = $3`
	byKey    = ofPerson + ` AND id = $4`
)

// args are those of byKey.
func (k RecordKey) args() []any {
	return []any{k.Kind, storable(k.Subject), k.OrganizationID, k.ID}
}

func scanRecord(row scanner) (Record, error) {
	var r Record
	var heldUntil, created, expires, now int64
	err := row.Scan(&r.ID, &r.Kind, &r.Subject, &r.OrganizationID, &r.Data, &r.Progress, &r.Holder, &heldUntil, &created, &expires, &now)
	if errors.Is(err, sql.ErrNoRows) {
		return Record{}, ErrNotFound
	}
	if err != nil {
		return Record{}, err
	}
	r.Held = heldUntil > now
	r.CreatedAt, r.ExpiresAt = fromMillis(created), fromMillis(expires)
	return r, nil
}

// selectRecords reads records and, beside each, the clock that leases are kept by.
func (s *Store) selectRecords(where string) string {
	return `SELECT ` + recordColumns + `, (` + s.dialect.clock + `) FROM records WHERE ` + where
}

// Record returns the record, or [ErrNotFound] where the person has none with this key
// that is still good at now.
func (s *Store) Record(ctx context.Context, key RecordKey, now time.Time) (Record, error) {
	r, err := scanRecord(s.db.QueryRowContext(ctx, s.selectRecords(byKey+` AND expires > $5`), append(key.args(), millis(now))...))
	if err != nil {
		return Record{}, fmt.Errorf("store: read record: %w", err)
	}
	return r, nil
}

// LatestRecord returns the person's newest record of a kind in the organization, or
// [ErrNotFound].
func (s *Store) LatestRecord(ctx context.Context, kind, subject string, organizationID int64, now time.Time) (Record, error) {
	r, err := scanRecord(s.db.QueryRowContext(ctx,
		s.selectRecords(ofPerson+` AND expires > $4 ORDER BY created DESC, id LIMIT 1`), kind, storable(subject), organizationID, millis(now)))
	if err != nil {
		return Record{}, fmt.Errorf("store: read latest record: %w", err)
	}
	return r, nil
}

// HeldRecords returns the person's records of a kind that somebody works on, the
// oldest first.
func (s *Store) HeldRecords(ctx context.Context, kind, subject string, organizationID int64) ([]Record, error) {
	list, err := collect(scanRecord)(s.readHeld.QueryContext(ctx, kind, storable(subject), organizationID))
	if err != nil {
		return nil, fmt.Errorf("store: list held records: %w", err)
	}
	return list, nil
}

func (s *Store) selectHeld() string {
	return s.selectRecords(ofPerson + ` AND holder <> '' AND held_until > (` + s.dialect.clock + `) ORDER BY created, id`)
}

// CreateRecord adds a record that is its Holder's, if it has one, until the lease ends
// by the clock of the database. Of the person's older ones of the kind at most most-1
// stay, and those that are held. It returns [ErrTooLarge] for more than [MaxRecord],
// and [ErrConflict] where the id is taken.
func (s *Store) CreateRecord(ctx context.Context, r Record, lease time.Duration, most int) error {
	if len(r.Data) > MaxRecord || len(r.Progress) > MaxRecord {
		return fmt.Errorf("store: create record: %w", ErrTooLarge)
	}
	err := s.write(ctx, func(tx transaction) error {
		var heldUntil int64
		if r.Holder != "" {
			heldUntil = tx.now + lease.Milliseconds()
		}
		if _, err := tx.exec(ctx,
			`DELETE FROM records WHERE `+ofPerson+` AND held_until <= $4 AND id NOT IN
			 (SELECT id FROM records WHERE `+ofPerson+` ORDER BY created DESC, id LIMIT $5)`,
			r.Kind, storable(r.Subject), r.OrganizationID, tx.now, max(most-1, 0)); err != nil {
			return err
		}
		n, err := tx.exec(ctx,
			`INSERT INTO records (`+recordColumns+`, stop) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) ON CONFLICT DO NOTHING`,
			r.ID, r.Kind, storable(r.Subject), r.OrganizationID, notNull(r.Data), notNull(r.Progress), r.Holder, heldUntil, tx.now, millis(r.ExpiresAt))
		if err == nil && n == 0 {
			return ErrConflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("store: create record: %w", err)
	}
	return nil
}

func notNull(data []byte) []byte {
	if data == nil {
		return []byte{}
	}
	return data
}

// DeleteRecords removes the person's records of a kind in all organizations.
func (s *Store) DeleteRecords(ctx context.Context, kind, subject string) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM records WHERE kind = $1 AND subject = $2`, kind, storable(subject)); err != nil {
		return fmt.Errorf("store: delete records: %w", err)
	}
	return nil
}

// DeleteExpiredRecords removes the records that are no longer good at now, and returns
// how many.
func (s *Store) DeleteExpiredRecords(ctx context.Context, now time.Time) (int, error) {
	n, err := affected(s.db.ExecContext(ctx, `DELETE FROM records WHERE expires <= $1`, millis(now)))
	if err != nil {
		return 0, fmt.Errorf("store: delete expired records: %w", err)
	}
	return n, nil
}
