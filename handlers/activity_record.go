package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/store"
)

// issuerToggl says in the log of activity that it is Toggl who knows the person.
const issuerToggl = "toggl"

// recordTimeout bounds one row: a change waits for it.
const recordTimeout = 10 * time.Second

// A recorder writes one person's changes into the log of activity: each before
// it is sent, and what became of it after.
type recorder struct {
	store *store.Store
	log   *slog.Logger
	known *apiclient.Client // for names; asks Toggl nothing
	who   store.Activity    // the parts that are the same in every row
	// organizationID is what the page is about, and focusID its number in Focus; 0: none.
	organizationID, focusID int64
	now                     func() time.Time
}

// recorder is the session's. It may outlive the request, in changes that are
// sent in the background.
func (h *Handlers) recorder(c echo.Context, s *auth.Session) *recorder {
	id, _ := organizationID(c) // 0 where the page is about none
	return &recorder{
		organizationID: id, focusID: focusID(s, id),
		store: h.store, log: h.log, now: h.now, known: h.client(s).Known(),
		who: store.Activity{Issuer: issuerOf(s), Subject: subjectWords(s), Name: s.Name, IP: c.RealIP(), RequestID: requestIDOf(c)},
	}
}

// Begin writes a row for each thing that the change is about, under Track's
// number of the organization: that is whose log people read.
func (r *recorder) Begin(ctx context.Context, change apiclient.Change) (func(context.Context, apiclient.Outcome), error) {
	if change.API == apiFocus && change.OrganizationID == r.focusID {
		change.OrganizationID = r.organizationID
	}
	var rows []store.Activity
	for _, about := range targetsOf(change) {
		row := r.who
		row.OrganizationID, row.Operation = change.OrganizationID, change.Operation
		row.TargetKind, row.TargetID = about.kind, about.id
		row.TargetName = targetName(ctx, r.known, change, about)
		row.New, row.Old = string(about.body), string(pickOld(change.Old, about.body))
		rows = append(rows, row)
	}
	return r.begin(ctx, rows)
}

// begin writes rows that one request carries out.
func (r *recorder) begin(ctx context.Context, rows []store.Activity) (func(context.Context, apiclient.Outcome), error) {
	for i := range rows {
		rows[i].At = r.now()
	}
	limited, cancel := context.WithTimeout(ctx, recordTimeout)
	defer cancel()
	ids, err := r.store.BeginActivities(limited, rows)
	if err != nil {
		r.log.Error("a change was not sent: it could not be recorded", "request", r.who.RequestID, "error", err)
		return nil, err
	}
	return func(ctx context.Context, outcome apiclient.Outcome) { r.end(ctx, ids, outcome) }, nil
}

// deny writes down what was asked for and refused by Roster itself. The
// organization is only named where the person is in it: nobody writes into the log
// of others.
func (r *recorder) deny(c echo.Context) {
	row := r.who
	row.At, row.Result = r.now(), store.ResultDenied
	row.Operation, row.TargetName = c.Request().Method+" "+c.Path(), c.Request().URL.Path
	if id, err := organizationID(c); err == nil && isMember(sessionOf(c), id) {
		row.OrganizationID = id
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), recordTimeout)
	defer cancel()
	if _, err := r.store.BeginActivity(ctx, row); err != nil {
		r.log.Error("a refused change could not be recorded", "request", r.who.RequestID, "error", err)
	}
}

// end completes rows. Where it can't, they say for good that they were begun.
func (r *recorder) end(ctx context.Context, ids []int64, outcome apiclient.Outcome) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	ends := make([]store.ActivityEnd, len(ids))
	for i, id := range ids {
		ends[i] = store.ActivityEnd{
			ID: id, Result: resultOf(outcome.Err), UpstreamStatus: outcome.Status, UpstreamRequestID: outcome.RequestID,
			Message: messageOf(outcome.Err),
		}
	}
	if err := r.store.EndActivities(ctx, ends); err != nil {
		r.log.Error("what became of a change could not be recorded", "request", r.who.RequestID, "error", err)
	}
}

// resultOf tells a change that Toggl surely didn't carry out from one of which
// nobody knows.
func resultOf(err error) string {
	var upstream *apiclient.Error
	switch {
	case err == nil:
		return store.ResultDone
	case !errors.As(err, &upstream), unanswered(upstream):
		return store.ResultFailed
	}
	return store.ResultRefused
}

func messageOf(err error) string {
	var upstream *apiclient.Error
	if !errors.As(err, &upstream) {
		return ""
	}
	return upstream.Message
}

// withOld has the next change recorded together with what it replaces.
func withOld(ctx context.Context, was any) context.Context {
	old, err := json.Marshal(was)
	if err != nil {
		return ctx // without it the change is recorded all the same
	}
	return apiclient.WithOld(ctx, old)
}
