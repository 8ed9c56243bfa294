package handlers

import (
	"context"
	"errors"
	"time"

	"roster/auth"
	"roster/changes"
	"roster/store"
)

const (
	// kindReading is of the records that tell how far the reading of a review is,
	// kindReview of those that hold what it made.
	kindReading = "access reading"
	kindReview  = "access review"
	// keptReviews is how many results a session has of an organization.
	keptReviews = 2
	// publishTimeout bounds the writing of a result.
	publishTimeout = 30 * time.Second
)

// find is the session's last review of an organization, whichever replica reads or has
// read it; nil where there is none.
func (b *reviewBook) find(ctx context.Context, key reviewKey) (*keptReview, error) {
	report, err := b.runner.Latest(ctx, key.session, key.organizationID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, errors.Join(errStore, err)
	}
	if k := b.own(key, report.ID); k != nil {
		return k, nil
	}
	running := report.Progress.Running()
	if !running && b.now().Sub(report.Progress.StartedAt) > reviewKept {
		return nil, nil
	}
	k := &keptReview{id: report.ID, organizationID: key.organizationID, report: report, begun: report.Progress.StartedAt, ended: !running}
	if running {
		return k, nil
	}
	if k.made, err = b.published(ctx, key, report.ID); err != nil {
		return nil, errors.Join(errStore, err)
	}
	b.remember(key, k)
	return k, nil
}

// own is the review with this id, where this process has it.
func (b *reviewBook) own(key reviewKey, id string) *keptReview {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep()
	k := b.settled(key)
	if k == nil || k.id != id {
		return nil
	}
	found := *k
	return &found
}

// remember keeps what another process has read, so that it is unpacked once.
func (b *reviewBook) remember(key reviewKey, k *keptReview) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if old := b.settled(key); old != nil {
		if !old.ended {
			return
		}
		b.drop(key)
	}
	b.kept[key] = k
	b.sweep()
}

// publish writes what was read for other replicas, and for after a restart.
func (b *reviewBook) publish(ctx context.Context, key reviewKey, r *reading, id string) {
	made := r.makeUp()
	if made == nil {
		return
	}
	data, err := made.pack()
	if err == nil {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishTimeout)
		defer cancel()
		err = b.db.CreateRecord(limited, store.Record{RecordKey: key.result(id), Data: data, ExpiresAt: b.now().Add(reviewKept)}, 0, keptReviews)
	}
	if err != nil {
		r.keepToSelf()
		b.log.Warn("an access review stays in the memory of this process", "error", err)
	}
}

// published is nil where nothing was read, or it was too large to be published.
func (b *reviewBook) published(ctx context.Context, key reviewKey, id string) (*accessReview, error) {
	record, err := b.db.Record(ctx, key.result(id), b.now())
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return unpackReview(record.Data)
}

// result is the key of what the reading with this id made.
func (key reviewKey) result(id string) store.RecordKey {
	return store.RecordKey{Kind: kindReview, ID: "of " + id, Subject: key.session, OrganizationID: key.organizationID}
}

// forget drops all of a session's reviews; a replica that reads one loses its record
// and reads no more.
func (b *reviewBook) forget(ctx context.Context, s *auth.Session) error {
	b.mu.Lock()
	for key := range b.kept {
		if key.session == reviewSession(s) {
			b.drop(key)
		}
	}
	b.mu.Unlock()
	return errors.Join(b.db.DeleteRecords(ctx, kindReading, reviewSession(s)), b.db.DeleteRecords(ctx, kindReview, reviewSession(s)))
}

// progress is how far the reading is, wherever that is.
func (k *keptReview) progress() changes.Progress {
	if k.batch == nil {
		return k.report.Progress
	}
	return k.batch.Progress()
}

// steps are the requests, wherever they are sent.
func (k *keptReview) steps() changes.Report {
	if k.batch == nil {
		return k.report
	}
	return k.batch.Report()
}

// expected is how many requests there are in all, as far as is known here.
func (k *keptReview) expected() int {
	total := k.progress().Total
	if k.reading == nil {
		return total
	}
	return max(total, k.reading.expected())
}

// here reports whether this process has what was read.
func (k *keptReview) here() bool { return k.reading != nil }
