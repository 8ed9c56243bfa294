package changes

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"roster/store"
)

const (
	// MaxSteps is how many steps a batch may have.
	MaxSteps = 10_000

	maxBatches = 200 // at once
	maxRunning = 3   // at once for one owner: they share one pace
)

var (
	// ErrNothing is of a plan without steps.
	ErrNothing = errors.New("changes: nothing to do")
	// ErrTooMany is of a plan of more than MaxSteps.
	ErrTooMany = errors.New("changes: too many steps")
	// ErrBusy is where too many batches are running.
	ErrBusy = errors.New("changes: too many batches are running")
	// ErrClosed is where the program is about to end.
	ErrClosed = errors.New("changes: stopping")
)

// RunnerOptions are what a Runner is made of.
type RunnerOptions struct {
	// Store is where batches are written down, so that any process tells how far they
	// are, and stops them; nil where only who started one knows of it.
	Store *store.Store
	// Kind tells the batches of one runner from those of another in the store.
	Kind string
	Now  func() time.Time // nil: time.Now
}

// Runner runs batches in the background.
type Runner struct {
	options RunnerOptions

	mu      sync.Mutex
	batches map[string]*Batch // that this process runs
	closed  bool
	running sync.WaitGroup
	cancels map[string]context.CancelFunc
}

// NewRunner makes a runner.
func NewRunner(options RunnerOptions) *Runner {
	if options.Now == nil {
		options.Now = time.Now
	}
	return &Runner{options: options, batches: map[string]*Batch{}, cancels: map[string]context.CancelFunc{}}
}

// Start begins to send the plan, once that is written down. The batch goes on when ctx
// has ended.
func (r *Runner) Start(ctx context.Context, plan Plan) (*Batch, error) {
	switch {
	case len(plan.Steps) == 0:
		return nil, ErrNothing
	case len(plan.Steps) > MaxSteps:
		return nil, ErrTooMany
	}
	b := newBatch(rand.Text(), plan, r.options.Now)
	lasting, err := r.admit(ctx, b)
	if err != nil {
		return nil, err
	}
	if r.options.Store != nil {
		report := b.Report()
		if b.record, err = newBatchRecord(ctx, r.options.Store, r.options.Kind, plan.Owner, &report); err != nil {
			r.ended(b.ID)
			return nil, err
		}
	}
	go func() {
		defer r.ended(b.ID)
		b.runHeld(lasting)
	}()
	return b, nil
}

// admit counts the batch among those that run, until ended.
func (r *Runner) admit(ctx context.Context, b *Batch) (lasting context.Context, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	own := 0
	for _, other := range r.batches {
		if other.plan.Owner == b.plan.Owner {
			own++
		}
	}
	if own >= maxRunning || len(r.batches) >= maxBatches {
		return nil, ErrBusy
	}
	lasting, r.cancels[b.ID] = context.WithCancel(context.WithoutCancel(ctx))
	r.batches[b.ID] = b
	r.running.Add(1)
	return lasting, nil
}

func (r *Runner) ended(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cancels[id]()
	delete(r.cancels, id)
	delete(r.batches, id)
	r.running.Done()
}

func (r *Runner) key(id, owner string, organizationID int64) store.RecordKey {
	return store.RecordKey{Kind: r.options.Kind, ID: id, Subject: owner, OrganizationID: organizationID}
}

// Find tells how far a batch of the owner is, whichever process runs it or ran it, for
// at least a day after its end; nobody else's exists: [store.ErrNotFound].
func (r *Runner) Find(ctx context.Context, id, owner string, organizationID int64) (Report, error) {
	record, err := r.options.Store.Record(ctx, r.key(id, owner, organizationID), r.options.Now())
	if err != nil {
		return Report{}, fmt.Errorf("changes: find a batch: %w", err)
	}
	return readReport(record)
}

// Latest is the owner's newest batch in an organization.
func (r *Runner) Latest(ctx context.Context, owner string, organizationID int64) (Report, error) {
	record, err := r.options.Store.LatestRecord(ctx, r.options.Kind, owner, organizationID, r.options.Now())
	if err != nil {
		return Report{}, fmt.Errorf("changes: find the latest batch: %w", err)
	}
	return readReport(record)
}

// Running are the owner's batches that are under way in an organization, in any
// process, the oldest first.
func (r *Runner) Running(ctx context.Context, owner string, organizationID int64) ([]Report, error) {
	records, err := r.options.Store.HeldRecords(ctx, r.options.Kind, owner, organizationID)
	if err != nil {
		return nil, fmt.Errorf("changes: list batches: %w", err)
	}
	var list []Report
	for _, record := range records {
		report, err := readReport(record)
		if err != nil {
			return nil, err
		}
		list = append(list, report)
	}
	return list, nil
}

// Stop asks the process that runs a batch to send no more of it.
func (r *Runner) Stop(ctx context.Context, id, owner string, organizationID int64) error {
	if err := r.options.Store.StopRecord(ctx, r.key(id, owner, organizationID)); err != nil {
		return fmt.Errorf("changes: stop a batch: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if b, ok := r.batches[id]; ok && b.plan.Owner == owner { // needs no message
		b.Stop()
	}
	return nil
}

// Settle makes sure that a batch that has ended, or whose process died, sends no more,
// before what is left of it is sent anew. It returns [store.ErrConflict] while it runs.
func (r *Runner) Settle(ctx context.Context, id, owner string, organizationID int64) error {
	if err := r.options.Store.ReleaseRecord(ctx, r.key(id, owner, organizationID)); err != nil {
		return fmt.Errorf("changes: settle a batch: %w", err)
	}
	return nil
}

// Close sends nothing more. It waits for the steps that are under way until ctx
// ends, and then cuts them off.
func (r *Runner) Close(ctx context.Context) error {
	r.mu.Lock()
	r.closed = true
	for _, b := range r.batches {
		b.Stop()
	}
	r.mu.Unlock()
	all := make(chan struct{})
	go func() {
		r.running.Wait()
		close(all)
	}()
	select {
	case <-all:
		return nil
	case <-ctx.Done():
	}
	r.mu.Lock()
	for _, cancel := range r.cancels {
		cancel()
	}
	r.mu.Unlock()
	<-all
	return ctx.Err()
}
