// Package changes plans changes, sends them one after the other at the pace
// that Toggl allows, and remembers what became of each. It knows no request
// and no page.
package changes

import (
	"context"
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
	// Client is asked before each step, so that a batch never holds on to what
	// the factory has forgotten.
	Client func() *apiclient.Client
}

// State says how far a step is.
type State string

// The states of a step. One that still waits when its batch has ended was
// never sent.
const (
	Waiting State = "waiting"
	Sending State = "sending"
	Done    State = "done"
	Failed  State = "failed"
)

// Result is what became of a step.
type Result struct {
	State State
	Err   error     // why it failed
	At    time.Time // when it was done or failed
}

// Row is a step with its result.
type Row struct {
	Step
	Result
}

// Progress is how far a batch is.
type Progress struct {
	Total, Done, Failed  int
	StartedAt, EndedAt   time.Time // EndedAt is zero while it runs
	ResumesAt            time.Time // not zero: Toggl's limit is used up until then
	Halt                 error     // why it ended before its last step; nil: it didn't
	StopAsked, Uncertain bool      // somebody wants it stopped; a step may or may not have been carried out
}

// Running reports whether more will be sent.
func (p Progress) Running() bool { return p.EndedAt.IsZero() }

// Left is how many steps have not been sent.
func (p Progress) Left() int { return p.Total - p.Done - p.Failed }

// Batch is a plan on its way. It is safe for concurrent use.
type Batch struct {
	ID   string
	plan Plan
	now  func() time.Time

	stop     chan struct{} // closed: send no more
	stopOnce sync.Once

	mu       sync.Mutex
	results  []Result
	progress Progress
}

func newBatch(id string, plan Plan, now func() time.Time) *Batch {
	b := &Batch{ID: id, plan: plan, now: now, stop: make(chan struct{}), results: make([]Result, len(plan.Steps))}
	for i := range b.results {
		b.results[i].State = Waiting
	}
	b.progress = Progress{Total: len(plan.Steps), StartedAt: now()}
	return b
}

// OrganizationID is where it changes something.
func (b *Batch) OrganizationID() int64 { return b.plan.OrganizationID }

// Change is what is done to each user.
func (b *Batch) Change() UserChange { return b.plan.Change }

// Progress tells how far it is.
func (b *Batch) Progress() Progress {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.progress
}

// Rows are at most limit steps from the offset-th on, of those in one of the
// states or, without any, of all; and how many there are.
func (b *Batch) Rows(offset, limit int, states ...State) (rows []Row, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, result := range b.results {
		if !oneOf(result.State, states) {
			continue
		}
		if total >= offset && len(rows) < limit {
			rows = append(rows, Row{b.plan.Steps[i], result})
		}
		total++
	}
	return rows, total
}

func oneOf(state State, states []State) bool {
	for _, s := range states {
		if s == state {
			return true
		}
	}
	return len(states) == 0
}

// Unfinished are the ids of the steps that failed or were never sent.
func (b *Batch) Unfinished() []int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []int64
	for i, result := range b.results {
		if result.State != Done {
			ids = append(ids, b.plan.Steps[i].ID)
		}
	}
	return ids
}

// Stop lets the step that is under way come to its end and sends no more.
func (b *Batch) Stop() {
	b.stopOnce.Do(func() {
		b.mu.Lock()
		b.progress.StopAsked = b.progress.Running()
		b.mu.Unlock()
		close(b.stop)
	})
}
