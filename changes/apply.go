package changes

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"roster/apiclient"
	"roster/store"
)

const (
	// defaultLease is how long a process that died keeps others from going on.
	defaultLease = 30 * time.Second
	// lastWords is how long the journal may take once the run's context has ended.
	lastWords = 10 * time.Second
)

// Journal is where a run writes what it is about to send and what became of it.
// *store.Store is the one of the program.
type Journal interface {
	Steps(ctx context.Context, setID string) ([]store.Step, error)
	ClaimChangeSet(ctx context.Context, id, holder string, from []string, lease time.Duration) (store.ChangeSet, error)
	RenewChangeSet(ctx context.Context, id, holder string, lease time.Duration) error
	FinishChangeSet(ctx context.Context, id, holder, state, note string, resumeAt time.Time) error
	BeginSteps(ctx context.Context, setID, holder string, stepIDs []int64) error
	EndSteps(ctx context.Context, setID, holder string, results []store.StepResult) error
}

// ApplierOptions are the Applier's. The zero value is what the program uses.
type ApplierOptions struct {
	Now   func() time.Time                                 // nil: time.Now
	Wait  func(ctx context.Context, d time.Duration) error // nil: waits
	Lease time.Duration                                    // 0: 30 seconds
}

// Applier carries change sets out. It is safe for concurrent use, and any
// number of them, in any number of processes, may share a database.
type Applier struct {
	journal Journal
	options ApplierOptions
}

// NewApplier makes an Applier.
func NewApplier(journal Journal, options ApplierOptions) *Applier {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Wait == nil {
		options.Wait = Wait
	}
	if options.Lease <= 0 {
		options.Lease = defaultLease
	}
	return &Applier{journal, options}
}

// Job is a set to be carried out.
type Job struct {
	SetID string
	// Client is asked before each request, so that a run never holds on to what
	// the factory has forgotten.
	Client func() *apiclient.Client
	// Record, unless nil, is called before each request that changes something;
	// where it fails the request is not sent. What it returns is called with the
	// request's outcome, before the journal has it.
	Record func(ctx context.Context, r Request) (end func(ctx context.Context, outcome error), err error)
}

// Request is a request that changes something.
type Request struct {
	OrganizationID int64
	Operation      string       // the contract's operationId
	TargetKind     string       // "workspace", "group" or "organization_user"
	TargetID       int64        // of that kind
	Steps          []store.Step // that it carries out
}

// Why a set stopped, as ChangeSet.Note keeps it.
const (
	NoteQuota       = "quota"       // the hourly calls are used up; ResumeAt says until when
	NoteRateLimited = "rate limit"  // upstream wants it slower than a run waits for
	NoteUnreachable = "unreachable" // upstream gives no answer
	NoteCredential  = "credential"  // upstream doesn't take the credential
	NoteStopped     = "stopped"     // by the person, or by the end of the program
	NoteUnrecorded  = "unrecorded"  // the change could not be written down beforehand
	NoteFailed      = "failed"      // the journal, or this program
)

// Outcome is how a run ended.
type Outcome struct {
	State    string // store.SetApplied, store.SetStopped
	Note     string // why it stopped
	ResumeAt time.Time
}

// Apply carries out a staged set, until every step has an answer or something
// stands in its way; Resume goes on then. It sends one PUT assignments for each
// workspace, and reads the workspace's users before it (for steps of users) and
// the groups once (for steps of groups). When ctx ends the request under way is
// waited for and nothing more is sent.
//
// An error that is store.ErrConflict means that the set isn't staged, or that
// somebody else applies it; any other one that the journal failed.
func (a *Applier) Apply(ctx context.Context, job Job) (Outcome, error) {
	return a.run(ctx, job, store.SetStaged)
}

// Resume goes on with a set that stopped, or whose process died: what was sent
// without an answer is read again first, and never repeated blindly. Errors are
// those of Apply.
func (a *Applier) Resume(ctx context.Context, job Job) (Outcome, error) {
	return a.run(ctx, job, store.SetStopped, store.SetApplying)
}

func (a *Applier) run(ctx context.Context, job Job, from ...string) (Outcome, error) {
	holder := rand.Text()
	set, err := a.journal.ClaimChangeSet(ctx, job.SetID, holder, from, a.options.Lease)
	if err != nil {
		return Outcome{}, fmt.Errorf("changes: claim: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var renewing sync.WaitGroup
	renewing.Go(func() { a.renew(ctx, cancel, set.ID, holder) })
	r := &applying{Applier: a, job: job, set: set, holder: holder}
	err = r.all(ctx)
	if errors.Is(context.Cause(ctx), store.ErrConflict) {
		err = context.Cause(ctx)
	}
	cancel(nil)
	renewing.Wait()
	return r.finish(ctx, err)
}

// renew keeps the lease until ctx ends, and ends ctx when the lease is lost.
func (a *Applier) renew(ctx context.Context, cancel context.CancelCauseFunc, setID, holder string) {
	tick := time.NewTicker(a.options.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := a.journal.RenewChangeSet(ctx, setID, holder, a.options.Lease); errors.Is(err, store.ErrConflict) {
			cancel(fmt.Errorf("changes: lease lost: %w", err))
			return
		}
	}
}

func (r *applying) finish(ctx context.Context, why error) (Outcome, error) {
	if errors.Is(why, store.ErrConflict) {
		return Outcome{}, why // it is somebody else's
	}
	out := Outcome{State: store.SetApplied}
	var h *halt
	switch {
	case errors.As(why, &h):
		out, why = Outcome{store.SetStopped, h.note, h.resumeAt}, nil
	case why != nil:
		out = Outcome{State: store.SetStopped, Note: NoteFailed}
	case len(r.in(store.StepStaged, store.StepSending, store.StepUnknown)) > 0:
		out = Outcome{State: store.SetStopped, Note: NoteUnreachable}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
	defer cancel()
	if err := r.journal.FinishChangeSet(ctx, r.set.ID, r.holder, out.State, out.Note, out.ResumeAt); err != nil {
		return out, errors.Join(why, fmt.Errorf("changes: finish: %w", err))
	}
	return out, why
}

// Wait waits for d, or until ctx ends, which is its error.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
