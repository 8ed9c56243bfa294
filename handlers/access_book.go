package handlers

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"roster/auth"
	"roster/changes"
	"roster/store"
)

const (
	// reviewsKept bounds how many access reviews are kept in memory, reviewRowsKept
	// how many rows they may have together, and reviewKept for how long each is.
	reviewsKept    = 50
	reviewRowsKept = 2_000_000
	reviewKept     = 2 * time.Hour
)

// A reviewKey is whose review it is: a session's, of one organization.
type reviewKey struct {
	session        string
	organizationID int64
}

func reviewKeyOf(s *auth.Session, organizationID int64) reviewKey {
	return reviewKey{reviewSession(s), organizationID}
}

func reviewSession(s *auth.Session) string {
	return s.Subject + " " + strconv.FormatInt(s.SignedInAt.UnixNano(), 10)
}

// reviewBook keeps access reviews, and runs their reading in the background. How far
// a reading is, and what it made, is in the store as well; what is missing from one can
// only be read by the process that began it.
type reviewBook struct {
	db     *store.Store
	log    *slog.Logger
	now    func() time.Time
	runner *changes.Runner

	mu   sync.Mutex
	kept map[reviewKey]*keptReview
}

// A keptReview is the last reading of a review, and what it made.
type keptReview struct {
	id             string
	organizationID int64
	reading        *reading       // nil: of another process, as is batch
	batch          *changes.Batch // nil: report has it
	report         changes.Report
	begun          time.Time
	ended          bool
	made           *accessReview // of reading, once that has ended; nil where nothing was read
	before         *accessReview // the last whole one before that
}

func newReviewBook(db *store.Store, log *slog.Logger, now func() time.Time) *reviewBook {
	return &reviewBook{
		db: db, log: log, now: now, kept: map[reviewKey]*keptReview{},
		runner: changes.NewRunner(changes.RunnerOptions{Store: db, Kind: kindReading, Now: now}),
	}
}

// start begins to read, or with resume goes on with what is missing. Where it is
// being read already, or nothing is missing, nothing happens.
func (b *reviewBook) start(ctx context.Context, key reviewKey, resume bool, anew func() *reading, plan changes.Plan) error {
	last, err := b.find(ctx, key)
	if err != nil || (last != nil && !last.ended) || (last == nil && resume) {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	k := b.settled(key)
	switch {
	case k != nil && !k.ended:
		return nil
	case !resume || k == nil || k.id != last.id || !k.here():
		next := &keptReview{organizationID: key.organizationID, reading: anew()}
		if last != nil {
			next.before = last.shown()
		}
		if k != nil && k.here() {
			k.reading.forget()
		}
		k = next
	}
	reading := k.reading
	plan.Owner, plan.OrganizationID = key.session, key.organizationID
	plan.Steps, plan.More = reading.begin(), reading.more
	plan.Ended = func(ctx context.Context, id string) { b.publish(ctx, key, reading, id) }
	if len(plan.Steps) == 0 {
		return nil
	}
	batch, err := b.runner.Start(ctx, plan)
	if err != nil {
		return err
	}
	k.id, k.batch, k.begun, k.ended, k.made = batch.ID, batch, b.now(), false, nil
	b.kept[key] = k
	return nil
}

// settled makes the review up once its reading has ended. It needs the lock.
func (b *reviewBook) settled(key reviewKey) *keptReview {
	k := b.kept[key]
	if k == nil || k.ended || k.progress().Running() {
		return k
	}
	k.ended, k.made = true, k.reading.makeUp()
	if k.made != nil && k.made.missing == 0 {
		k.reading.forget() // nothing is left to go on with
		k.before = nil
	}
	return k
}

// shown is the review to show: what was read last, unless that is a part only
// and there is a whole one from before.
func (k *keptReview) shown() *accessReview {
	switch {
	case k.ended && k.made != nil && (k.before == nil || k.made.missing == 0):
		return k.made
	case k.before != nil:
		return k.before
	case !k.here():
		return nil
	}
	return k.reading.review()
}

// stop ends the reading, wherever it is; what was read is kept.
func (b *reviewBook) stop(ctx context.Context, key reviewKey) error {
	k, err := b.find(ctx, key)
	if err != nil || k == nil {
		return err
	}
	if err := b.runner.Stop(ctx, k.id, key.session, key.organizationID); err != nil {
		return errors.Join(errStore, err)
	}
	return nil
}

// sweep drops what is too old, and of the rest the oldest while there is too much.
// It needs the lock.
func (b *reviewBook) sweep() {
	for key, k := range b.kept {
		if b.now().Sub(k.begun) > reviewKept && !k.progress().Running() {
			b.drop(key)
		}
	}
	for len(b.kept) > reviewsKept || b.rows() > reviewRowsKept {
		key, ok := b.oldest()
		if !ok {
			return
		}
		b.drop(key)
	}
}

func (b *reviewBook) rows() int {
	n := 0
	for _, k := range b.kept {
		for _, r := range []*accessReview{k.made, k.before} {
			if r != nil {
				n += r.rows
			}
		}
	}
	return n
}

// oldest is the review that was begun first of those that are not the only one.
func (b *reviewBook) oldest() (first reviewKey, ok bool) {
	for key, k := range b.kept {
		if !ok || k.begun.Before(b.kept[first].begun) {
			first, ok = key, true
		}
	}
	return first, len(b.kept) > 1
}

func (b *reviewBook) drop(key reviewKey) {
	if k := b.kept[key]; k.here() {
		k.batch.Stop()
		k.reading.forget()
	}
	delete(b.kept, key)
}

// Close reads nothing more.
func (b *reviewBook) Close(ctx context.Context) error { return b.runner.Close(ctx) }
