package store

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// An ActivityEntry is a row together with what became of it: Result,
// UpstreamStatus, UpstreamRequestID and Message are those of the completion, where
// there is one. Hash is the one of the row that began it.
type ActivityEntry struct {
	Activity
	EndedAt time.Time // zero: not completed, or never begun
}

// An ActivityFilter says which entries are wanted. Fields that are empty want all;
// OrganizationID is always compared.
type ActivityFilter struct {
	OrganizationID int64
	Person         string // the subject, or a part of the name in whatever case
	Target         string // "kind:id", or a part of the target's name in whatever case
	Operation      string
	Result         string
	From, To       time.Time // from From to before To
	Before         int64     // only entries with smaller ids: the page after the one that ended with it
	Limit          int       // 0: 50, at most 1,000
}

const (
	activityLimit    = 50
	activityMaxLimit = 1000
)

// Activities returns entries, newest first.
func (s *Store) Activities(ctx context.Context, filter ActivityFilter) ([]ActivityEntry, error) {
	query, args := filter.query()
	entries, err := collect(scanActivityEntry)(s.db.QueryContext(ctx, query, args...))
	if err != nil {
		return nil, fmt.Errorf("store: list activity: %w", err)
	}
	return entries, nil
}

// query is written so that each filter which compares whole values has an index that
// gives the order too; what looks for parts goes through the organization's entries,
// newest first, until there are enough.
func (f ActivityFilter) query() (query string, args []any) {
	var where strings.Builder
	add := func(condition string, value any) {
		args = append(args, value)
		where.WriteString(strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args))))
	}
	add(`b.begins_id IS NULL AND b.organization_id = ?`, f.OrganizationID)
	if f.Person != "" {
		add(` AND (b.subject = ?`, f.Person)
		add(` OR b.name_folded LIKE ? ESCAPE '\')`, containing(fold(f.Person)))
	}
	if kind, id, ok := targetKey(f.Target); ok {
		add(` AND b.target_kind = ?`, kind)
		add(` AND b.target_id = ?`, id)
	} else if f.Target != "" {
		add(` AND b.target_name_folded LIKE ? ESCAPE '\'`, containing(fold(f.Target)))
	}
	if f.Operation != "" {
		add(` AND b.operation = ?`, f.Operation)
	}
	if f.Result != "" {
		add(` AND coalesce(e.result, b.result) = ?`, f.Result)
	}
	if !f.From.IsZero() {
		add(` AND b.at >= ?`, millis(f.From))
	}
	if !f.To.IsZero() {
		add(` AND b.at < ?`, millis(f.To))
	}
	if f.Before > 0 {
		add(` AND b.id < ?`, f.Before)
	}
	add(` ORDER BY b.id DESC LIMIT ?`, min(max(cmp.Or(f.Limit, activityLimit), 1), activityMaxLimit))
	return selectActivityEntries + where.String(), args
}

// targetKey reads "kind:id".
func targetKey(target string) (kind string, id int64, ok bool) {
	kind, digits, ok := strings.Cut(target, ":")
	if !ok || kind == "" {
		return "", 0, false
	}
	id, err := strconv.ParseInt(digits, 10, 64)
	return kind, id, err == nil
}

const selectActivityEntries = `SELECT b.id, b.at, b.issuer, b.subject, b.name, b.ip, b.request_id, b.organization_id, b.operation,
	b.target_kind, b.target_id, b.target_name, b.old_values, b.new_values, coalesce(e.result, b.result),
	coalesce(e.upstream_status, b.upstream_status), coalesce(e.upstream_request_id, b.upstream_request_id),
	coalesce(e.message, b.message), b.hash, coalesce(e.at, 0)
	FROM activity b LEFT JOIN activity e ON e.begins_id = b.id WHERE `

func scanActivityEntry(row scanner) (ActivityEntry, error) {
	var e ActivityEntry
	var at, ended int64
	err := row.Scan(&e.ID, &at, &e.Issuer, &e.Subject, &e.Name, &e.IP, &e.RequestID, &e.OrganizationID, &e.Operation,
		&e.TargetKind, &e.TargetID, &e.TargetName, &e.Old, &e.New, &e.Result,
		&e.UpstreamStatus, &e.UpstreamRequestID, &e.Message, &e.Hash, &ended)
	e.At, e.EndedAt = fromMillis(at), fromOptionalMillis(ended)
	return e, err
}
