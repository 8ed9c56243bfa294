// Package changes plans changes, sends them one after the other at the pace
// that Toggl allows, and remembers what became of each. It knows no request
// and no page.
package changes

import (
	"context"
	"slices"
	"sync"
	"time"

	"roster/apiclient"
)

// A Call is one change as data, to be sent by whoever has a client.
type Call interface {
	Send(ctx context.Context, api *apiclient.Client) error
}

// Step is one change of a batch, about one thing with a name. The steps of a
// batch are independent: each is sent whatever became of the others.
type Step struct {
	ID          int64 // of what is changed, unique in its batch
	Name, Email string
	Call        Call
}

// Plan is what a batch will do.
type Plan struct {
	Owner          string // subject of the session that started it; nobody else sees it
	OrganizationID int64
	Change         UserChange
	Steps          []Step
	// More is asked for further steps whenever all have been sent, where only the
	// answers tell what else there is to do; it ends with none. Nil: there are none.
	More func() []Step
	// Ended is told once nothing more is sent, before the batch is known to have ended.
	Ended func(ctx context.Context, id string)
	// Client is asked before each step, so that a batch never holds on to what
	// the factory has forgotten.
	Client func() *apiclient.Client
}

// Batch is a plan on its way. It is safe for concurrent use.
type Batch struct {
	ID     string
	plan   Plan
	now    func() time.Time
	record *batchRecord

	stop     chan struct{} // closed: send no more
	stopOnce sync.Once

	mu     sync.Mutex
	report Report
}

func newBatch(id string, plan Plan, now func() time.Time) *Batch {
	b := &Batch{ID: id, plan: plan, now: now, stop: make(chan struct{})}
	b.report = Report{
		ID: id, OrganizationID: plan.OrganizationID, Change: plan.Change, Steps: slices.Clone(plan.Steps), Results: waiting(len(plan.Steps)),
		Progress: Progress{Total: len(plan.Steps), StartedAt: now()},
	}
	return b
}

func waiting(n int) []Result {
	return slices.Repeat([]Result{{State: Waiting}}, n)
}

// Report is the batch as it is now.
func (b *Batch) Report() Report {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.report
	r.Steps, r.Results = slices.Clone(r.Steps), slices.Clone(r.Results)
	return r
}

// Progress tells how far it is.
func (b *Batch) Progress() Progress {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.report.Progress
}

// Stop lets the step that is under way come to its end and sends no more.
func (b *Batch) Stop() {
	b.stopOnce.Do(func() {
		b.mu.Lock()
		b.report.Progress.StopAsked = b.report.Progress.Running()
		b.mu.Unlock()
		close(b.stop)
	})
}
