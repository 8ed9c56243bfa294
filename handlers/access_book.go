package handlers

import (
	"context"
	"strconv"
	"sync"
	"time"

	"roster/auth"
	"roster/changes"
)

const (
	// reviewsKept bounds how many access reviews are kept in memory, reviewRows how
	// many rows they may have together, and reviewKept for how long each is.
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

// reviewBook keeps access reviews, and runs their reading in the background. They
// are in memory only: a review names everybody, and is old in an hour.
type reviewBook struct {
	now    func() time.Time
	runner *changes.Runner

	mu   sync.Mutex
	kept map[reviewKey]*keptReview
}

// A keptReview is the last reading of a review, and what it made.
type keptReview struct {
	reading *reading
	batch   *changes.Batch
	begun   time.Time
	ended   bool
	made    *accessReview // of reading, once that has ended; nil where nothing was read
	before  *accessReview // the last whole one before that
}

func newReviewBook(now func() time.Time) *reviewBook {
	return &reviewBook{now: now, runner: changes.NewRunner(changes.RunnerOptions{Now: now}), kept: map[reviewKey]*keptReview{}}
}

// start begins to read, or with resume goes on with what is missing. Where it is
// being read already, or nothing is missing, nothing happens.
func (b *reviewBook) start(ctx context.Context, key reviewKey, resume bool, anew func() *reading, plan changes.Plan) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep()
	k := b.settled(key)
	switch {
	case k != nil && !k.ended, resume && k == nil:
		return nil
	case !resume:
		next := &keptReview{reading: anew()}
		if k != nil {
			next.before = k.shown()
			k.reading.forget()
		}
		k = next
	}
	plan.Owner, plan.OrganizationID = key.session, key.organizationID
	plan.Steps, plan.More = k.reading.begin(), k.reading.more
	if len(plan.Steps) == 0 {
		return nil
	}
	batch, err := b.runner.Start(ctx, plan)
	if err != nil {
		return err
	}
	k.batch, k.begun, k.ended, k.made = batch, b.now(), false, nil
	b.kept[key] = k
	return nil
}

// find is nil where there is none.
func (b *reviewBook) find(key reviewKey) *keptReview {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep()
	k := b.settled(key)
	if k == nil {
		return nil
	}
	found := *k
	return &found
}

// settled makes the review up once its reading has ended. It needs the lock.
func (b *reviewBook) settled(key reviewKey) *keptReview {
	k := b.kept[key]
	if k == nil || k.ended || k.batch.Progress().Running() {
		return k
	}
	k.ended, k.made = true, k.reading.review()
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
	}
	return k.reading.review()
}

// stop ends the reading; what was read is kept.
func (b *reviewBook) stop(key reviewKey) {
	if k := b.find(key); k != nil {
		k.batch.Stop()
	}
}

// forget drops all of a session's reviews.
func (b *reviewBook) forget(s *auth.Session) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key := range b.kept {
		if key.session == reviewSession(s) {
			b.drop(key)
		}
	}
}

// sweep needs the lock.
func (b *reviewBook) sweep() {
	for key, k := range b.kept {
		if b.now().Sub(k.begun) > reviewKept && !k.batch.Progress().Running() {
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
	b.kept[key].batch.Stop()
	b.kept[key].reading.forget()
	delete(b.kept, key)
}

// Close reads nothing more.
func (b *reviewBook) Close(ctx context.Context) error { return b.runner.Close(ctx) }
