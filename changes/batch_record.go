package changes

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"roster/store"
)

const (
	// batchLease is how long a process that died leaves its batches as if they were
	// running; it is renewed every batchBeat, which is also how long another
	// process's wish to stop may take to arrive.
	batchLease = 30 * time.Second
	batchBeat  = 3 * time.Second
	// keepBatch is how long a batch is found from its start on: the longest run, and
	// a day after it.
	keepBatch = longestRun + 24*time.Hour
	// keptBatches is how many of a person's batches of a kind are kept for an organization.
	keptBatches = 20
	// saveTries is how often the progress is written before a batch ends for that,
	// savePause apart. Nothing is sent meanwhile.
	saveTries   = 5
	savePause   = time.Second
	saveTimeout = 10 * time.Second
)

// A batchRecord is the record of a batch that this process runs; nil where nobody else
// has to know of it.
type batchRecord struct {
	db      *store.Store
	id      string
	holder  string
	planned int // steps that are in the record's plan
}

// newBatchRecord writes down what the batch will do, before it does anything.
func newBatchRecord(ctx context.Context, db *store.Store, kind, owner string, r *Report) (*batchRecord, error) {
	record := &batchRecord{db: db, id: r.ID, holder: rand.Text(), planned: len(r.Steps)}
	plan, err := r.packPlan()
	if err != nil {
		return nil, err
	}
	progress, err := r.packProgress(record.planned)
	if err != nil {
		return nil, err
	}
	row := store.Record{
		RecordKey: store.RecordKey{Kind: kind, ID: r.ID, Subject: owner, OrganizationID: r.OrganizationID},
		Data:      plan, Progress: progress, Holder: record.holder, ExpiresAt: r.Progress.StartedAt.Add(keepBatch),
	}
	if err := db.CreateRecord(ctx, row, batchLease, keptBatches); err != nil {
		return nil, err
	}
	return record, nil
}

// save writes how far the batch is, and reports whether somebody asked it to stop.
func (r *batchRecord) save(ctx context.Context, report *Report) (stop bool, err error) {
	if r == nil {
		return false, nil
	}
	progress, err := report.packProgress(r.planned)
	if err != nil {
		return false, err
	}
	err = r.try(ctx, func(ctx context.Context) error {
		stop, err = r.db.SaveRecord(ctx, r.id, r.holder, progress, batchLease)
		return err
	})
	return stop, err
}

// finish writes what became of it all, also where ctx has ended. Where it can't, the
// batch is taken for interrupted once the lease has ended.
func (r *batchRecord) finish(ctx context.Context, report *Report) error {
	if r == nil {
		return nil
	}
	progress, err := report.packProgress(r.planned)
	if err != nil {
		return err
	}
	lasting, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	return r.try(lasting, func(ctx context.Context) error {
		return r.db.FinishRecord(ctx, r.id, r.holder, progress)
	})
}

func (r *batchRecord) try(ctx context.Context, write func(context.Context) error) (err error) {
	for i := range saveTries {
		if i > 0 && Wait(ctx, savePause) != nil {
			break
		}
		limited, cancel := context.WithTimeout(ctx, saveTimeout)
		err = write(limited)
		cancel()
		if err == nil || errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrTooLarge) {
			return err
		}
	}
	return fmt.Errorf("changes: write down a batch: %w", err)
}

// beat keeps the lease until ctx ends, and passes on that the batch is to stop, or was
// taken for dead.
func (r *batchRecord) beat(ctx context.Context, stop func()) {
	if r == nil {
		return
	}
	tick := time.NewTicker(batchBeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		asked, err := r.db.SaveRecord(ctx, r.id, r.holder, nil, batchLease)
		if asked || errors.Is(err, store.ErrConflict) {
			stop()
		}
	}
}
