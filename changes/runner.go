package changes

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"time"
)

const (
	// MaxSteps is how many steps a batch may have.
	MaxSteps = 10_000

	maxBatches  = 200 // kept in all, running or ended
	maxPerOwner = 20  // kept for one owner
	maxRunning  = 3   // at once for one owner: they share one pace
	keepFor     = 24 * time.Hour
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

// Runner runs batches in the background and keeps them, in memory, for a day
// after they ended.
type Runner struct {
	now func() time.Time

	mu      sync.Mutex
	batches map[string]*Batch
	closed  bool
	running sync.WaitGroup
	cancels map[string]context.CancelFunc
}

// NewRunner makes a runner; a nil clock is time.Now.
func NewRunner(now func() time.Time) *Runner {
	if now == nil {
		now = time.Now
	}
	return &Runner{now: now, batches: map[string]*Batch{}, cancels: map[string]context.CancelFunc{}}
}

// Start begins to send the plan. The batch goes on when ctx has ended.
func (r *Runner) Start(ctx context.Context, plan Plan) (*Batch, error) {
	switch {
	case len(plan.Steps) == 0:
		return nil, ErrNothing
	case len(plan.Steps) > MaxSteps:
		return nil, ErrTooMany
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	if !r.makeRoom(plan.Owner) {
		return nil, ErrBusy
	}
	b := newBatch(rand.Text(), plan, r.now)
	r.batches[b.ID] = b
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r.cancels[b.ID] = cancel
	r.running.Go(func() {
		defer r.ended(b.ID)
		b.run(lasting)
	})
	return b, nil
}

func (r *Runner) ended(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cancels[id]()
	delete(r.cancels, id)
}

// Find returns a batch of its owner; nobody else's exists.
func (r *Runner) Find(id, owner string) (*Batch, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, ok := r.batches[id]
	if !ok || b.plan.Owner != owner {
		return nil, false
	}
	return b, true
}

// Running are the owner's batches that are under way in an organization, the
// oldest first.
func (r *Runner) Running(owner string, organizationID int64) []*Batch {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []*Batch
	for _, b := range r.batches {
		if b.plan.Owner == owner && b.plan.OrganizationID == organizationID && b.Progress().Running() {
			list = append(list, b)
		}
	}
	slices.SortFunc(list, byStart)
	return list
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

// makeRoom drops what ended long ago, and the oldest that ended where there are
// too many. It needs the lock.
func (r *Runner) makeRoom(owner string) bool {
	var all, own []*Batch
	running := 0
	for id, b := range r.batches {
		p := b.Progress()
		if !p.Running() && r.now().Sub(p.EndedAt) > keepFor {
			delete(r.batches, id)
			continue
		}
		all = append(all, b)
		if b.plan.Owner == owner {
			own = append(own, b)
			if p.Running() {
				running++
			}
		}
	}
	if running >= maxRunning {
		return false
	}
	if len(own) >= maxPerOwner {
		return r.dropOldest(own)
	}
	return len(all) < maxBatches || r.dropOldest(all)
}

// dropOldest forgets the batch that started first of those that ended.
func (r *Runner) dropOldest(list []*Batch) bool {
	slices.SortFunc(list, byStart)
	i := slices.IndexFunc(list, func(b *Batch) bool { return !b.Progress().Running() })
	if i < 0 {
		return false
	}
	delete(r.batches, list[i].ID)
	return true
}

func byStart(a, b *Batch) int {
	return cmp.Or(a.Progress().StartedAt.Compare(b.Progress().StartedAt), cmp.Compare(a.ID, b.ID))
}
