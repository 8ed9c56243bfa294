package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
)

// activityFormat begins what is hashed, so that another format can't be taken for
// this one.
const activityFormat = "roster activity 1"

// activityRow is a row of the table: also what stands there to be searched.
type activityRow struct {
	Activity
	nameFolded, targetNameFolded string
}

// sum is the hash of a row that follows one with the hash previous (empty: none).
// It is SHA-256 over activityFormat, previous and then all columns in the order
// below: a number as 8 bytes, big-endian two's complement, where times are
// milliseconds since 1970 and a BeginsID that isn't there is 0; texts and bytes as
// their length in the form of a number and then themselves.
func (a activityRow) sum(previous []byte) []byte {
	e := encoder(make([]byte, 0, 512))
	e.text(activityFormat)
	e.text(string(previous))
	e.number(a.ID)
	e.number(millis(a.At))
	e.text(a.Issuer)
	e.text(a.Subject)
	e.text(a.Name)
	e.text(a.nameFolded)
	e.text(a.IP)
	e.text(a.RequestID)
	e.number(a.OrganizationID)
	e.text(a.Operation)
	e.text(a.TargetKind)
	e.number(a.TargetID)
	e.text(a.TargetName)
	e.text(a.targetNameFolded)
	e.text(a.Old)
	e.text(a.New)
	e.text(a.Result)
	e.number(int64(a.UpstreamStatus))
	e.text(a.UpstreamRequestID)
	e.text(a.Message)
	e.number(a.BeginsID)
	hash := sha256.Sum256(e)
	return hash[:]
}

type encoder []byte

func (e *encoder) number(n int64) {
	*e = binary.BigEndian.AppendUint64(*e, uint64(n)) // #nosec G115 -- two's complement is meant
}

func (e *encoder) text(s string) {
	e.number(int64(len(s)))
	*e = append(*e, s...)
}

const selectActivityHead = `SELECT id, hash FROM activity ORDER BY id DESC LIMIT 1`

// ActivityHead returns the id and the hash of the last row, or [ErrNotFound]. Who
// keeps them elsewhere can tell later whether rows were cut off at the end, or the
// whole chain was made anew, which VerifyActivity alone can't.
func (s *Store) ActivityHead(ctx context.Context) (id int64, hash []byte, err error) {
	err = s.db.QueryRowContext(ctx, selectActivityHead).Scan(&id, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, ErrNotFound
	}
	if err != nil {
		return 0, nil, fmt.Errorf("store: read head of activity: %w", err)
	}
	return id, hash, nil
}

// VerifyActivity reads the whole log and returns how many rows from its beginning
// are as they were written, and the id of the first one that was changed, put in or
// taken away, or 0 if there is none.
func (s *Store) VerifyActivity(ctx context.Context) (rows int, firstBroken int64, err error) {
	rows, firstBroken, err = s.verifyActivity(ctx)
	if err != nil {
		return rows, 0, fmt.Errorf("store: verify activity: %w", err)
	}
	return rows, firstBroken, nil
}

func (s *Store) verifyActivity(ctx context.Context) (rows int, firstBroken int64, err error) {
	found, err := s.db.QueryContext(ctx,
		`SELECT `+activityColumns+`, name_folded, target_name_folded FROM activity ORDER BY id`)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = found.Close() }()
	var hash []byte
	for found.Next() {
		a, err := scanActivityRow(found)
		if err != nil {
			return rows, 0, err
		}
		expected := int64(rows) + 1
		if a.ID != expected || !bytes.Equal(a.Hash, a.sum(hash)) {
			return rows, min(a.ID, expected), nil
		}
		rows, hash = rows+1, a.Hash
	}
	return rows, 0, found.Err()
}

func scanActivityRow(row scanner) (activityRow, error) {
	var a activityRow
	var at int64
	var begins sql.NullInt64
	err := row.Scan(&a.ID, &at, &a.Issuer, &a.Subject, &a.Name, &a.IP, &a.RequestID, &a.OrganizationID, &a.Operation,
		&a.TargetKind, &a.TargetID, &a.TargetName, &a.Old, &a.New, &a.Result, &a.UpstreamStatus, &a.UpstreamRequestID, &a.Message,
		&begins, &a.Hash, &a.nameFolded, &a.targetNameFolded)
	a.At, a.BeginsID = fromMillis(at), begins.Int64
	if begins.Valid && begins.Int64 == 0 {
		a.BeginsID = -1 // a 0 hides the row from lists, and is not what NULL is
	}
	return a, err
}
