package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// The results of an activity.
const (
	ResultBegun   = "begun"   // written before the call, and not completed so far
	ResultDone    = "done"    // the upstream did it
	ResultRefused = "refused" // the upstream did not want it
	ResultFailed  = "failed"  // no answer, or none that says
	ResultDenied  = "denied"  // never sent: Roster's own rules forbid it
)

// An Activity is one row of the log of changes. Rows are only ever added: what
// became of a change is a row of its own that names the first one.
type Activity struct {
	ID                int64     // from 1, without gaps; given by the store
	At                time.Time // kept to the millisecond; zero when it is given: now
	Issuer            string    // who says that the person is Subject
	Subject           string
	Name              string // of the person
	IP                string
	RequestID         string // of the request to Roster
	OrganizationID    int64
	Operation         string // the contract's operationId
	TargetKind        string
	TargetID          int64
	TargetName        string
	Old, New          string // JSON, secrets left out; empty: none
	Result            string // ResultBegun, …
	UpstreamStatus    int    // HTTP status; 0: no answer
	UpstreamRequestID string
	Message           string // the upstream's words
	BeginsID          int64  // the row that this one completes; 0: none
	Hash              []byte // given by the store
}

// An ActivityEnd says what became of an activity that was begun.
type ActivityEnd struct {
	ID                int64 // of the row that began it
	Result            string
	UpstreamStatus    int
	UpstreamRequestID string
	Message           string
}

// BeginActivity adds a row and returns its id. It must be called before the change is
// sent, which must not be where this fails. An empty Result is ResultBegun; one of
// another is complete as it is, such as ResultDenied. ID, BeginsID and Hash are the
// store's to fill. The row is on the disk when BeginActivity returns.
func (s *Store) BeginActivity(ctx context.Context, a Activity) (int64, error) {
	ids, err := s.BeginActivities(ctx, []Activity{a})
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// BeginActivities is BeginActivity for many rows, of which all or none are added.
func (s *Store) BeginActivities(ctx context.Context, rows []Activity) ([]int64, error) {
	var ids []int64
	err := s.appendActivity(ctx, func(tx transaction, log *activityLog) error {
		ids = ids[:0]
		for _, a := range rows {
			a.BeginsID = 0
			if a.Result == "" {
				a.Result = ResultBegun
			}
			if err := log.add(ctx, tx, a); err != nil {
				return err
			}
			ids = append(ids, log.id)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: begin activity: %w", err)
	}
	return ids, nil
}

// EndActivity adds the row that says what became of the one with this id. It returns
// [ErrNotFound] if there is none, and [ErrConflict] if it was complete already.
func (s *Store) EndActivity(ctx context.Context, id int64, result string, status int, upstreamRequestID, message string) error {
	return s.EndActivities(ctx, []ActivityEnd{{
		ID: id, Result: result, UpstreamStatus: status, UpstreamRequestID: upstreamRequestID, Message: message,
	}})
}

// EndActivities is EndActivity for many rows, of which all or none are added.
func (s *Store) EndActivities(ctx context.Context, ends []ActivityEnd) error {
	err := s.appendActivity(ctx, func(tx transaction, log *activityLog) error {
		for _, end := range ends {
			if end.Result == "" || end.Result == ResultBegun {
				return fmt.Errorf("%q is no result to end with", end.Result)
			}
			if err := tx.openActivity(ctx, end.ID); err != nil {
				return err
			}
			err := log.add(ctx, tx, Activity{
				Result: end.Result, UpstreamStatus: end.UpstreamStatus, UpstreamRequestID: end.UpstreamRequestID,
				Message: end.Message, BeginsID: end.ID,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: end activity: %w", err)
	}
	return nil
}

// openActivity returns nil if the row waits for its completion.
func (t transaction) openActivity(ctx context.Context, id int64) error {
	var result string
	var ends int
	err := t.QueryRowContext(ctx,
		`SELECT result, (SELECT count(*) FROM activity WHERE begins_id = $1) FROM activity WHERE id = $1 AND begins_id IS NULL`, id).
		Scan(&result, &ends)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case err != nil:
		return err
	case result != ResultBegun || ends > 0:
		return ErrConflict
	default:
		return nil
	}
}

// activityLog is the end of the log while rows are added to it.
type activityLog struct {
	id   int64 // of the last row; 0: none
	hash []byte
}

// appendActivity runs f while nobody else adds to the log.
func (s *Store) appendActivity(ctx context.Context, f func(transaction, *activityLog) error) error {
	return s.writeDurably(ctx, func(tx transaction) error {
		if s.dialect.lockActivity != "" {
			if _, err := tx.ExecContext(ctx, s.dialect.lockActivity); err != nil {
				return err
			}
		}
		var log activityLog
		err := tx.QueryRowContext(ctx, selectActivityHead).Scan(&log.id, &log.hash)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		return f(tx, &log)
	})
}

const activityColumns = `id, at, issuer, subject, name, ip, request_id, organization_id, operation, target_kind, target_id, target_name,
	old_values, new_values, result, upstream_status, upstream_request_id, message, begins_id, hash`

// add adds a row at the end of the log.
func (l *activityLog) add(ctx context.Context, tx transaction, a Activity) error {
	at := tx.now
	if !a.At.IsZero() {
		at = millis(a.At)
	}
	a.ID, a.At = l.id+1, fromMillis(at)
	a = a.storable()
	row := activityRow{Activity: a, nameFolded: fold(a.Name), targetNameFolded: fold(a.TargetName)}
	hash := row.sum(l.hash)
	_, err := tx.exec(ctx,
		`INSERT INTO activity (`+activityColumns+`, name_folded, target_name_folded) VALUES (`+placeholders(1, 22)+`)`,
		a.ID, at, a.Issuer, a.Subject, a.Name, a.IP, a.RequestID, a.OrganizationID, a.Operation,
		a.TargetKind, a.TargetID, a.TargetName, a.Old, a.New, a.Result, a.UpstreamStatus, a.UpstreamRequestID, a.Message,
		sql.NullInt64{Int64: a.BeginsID, Valid: a.BeginsID != 0}, hash, row.nameFolded, row.targetNameFolded)
	if err != nil {
		return err
	}
	l.id, l.hash = a.ID, hash
	return nil
}

// storable returns the row with its text as the database will give it back.
func (a Activity) storable() Activity {
	for _, text := range []*string{
		&a.Issuer, &a.Subject, &a.Name, &a.IP, &a.RequestID, &a.Operation, &a.TargetKind, &a.TargetName,
		&a.Old, &a.New, &a.Result, &a.UpstreamRequestID, &a.Message,
	} {
		*text = storable(*text)
	}
	return a
}
