package handlers

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"roster/changes"
	"roster/store"
)

const (
	// longestApply bounds one run with the pauses that Toggl's limits ask for: that
	// long a run goes on where the session that started it has ended.
	longestApply = 24 * time.Hour
	// mostApplying bounds how many sets this process sends at once.
	mostApplying = 50
)

// errTooManyRuns: this process sends as many sets as it can.
var errTooManyRuns = errors.New("too many change sets are being sent")

// appliers are the change sets that this process sends, in the background. A set
// that waits for Toggl's limit goes on by itself as long as the process lives:
// the credentials are kept only in memory, and only until the run has ended.
type appliers struct {
	applier *changes.Applier
	store   *store.Store
	options changes.ApplierOptions
	log     *slog.Logger

	mu      sync.Mutex
	closed  bool
	runs    map[string]*applyRun // by the id of their set
	running sync.WaitGroup
}

// An applyRun is a set that is being sent, or waits to go on.
type applyRun struct {
	stop     context.CancelFunc
	signedIn time.Time // of the session that started it
}

func newAppliers(db *store.Store, journal changes.Journal, log *slog.Logger, options changes.ApplierOptions) *appliers {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Wait == nil {
		options.Wait = changes.Wait
	}
	return &appliers{
		applier: changes.NewApplier(journal, options), store: db, options: options, log: log, runs: map[string]*applyRun{},
	}
}

// start begins to send a staged set, or goes on with one. It goes on when ctx
// has ended, and does nothing where this process sends the set already.
func (a *appliers) start(ctx context.Context, job changes.Job, signedIn time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.closed:
		return changes.ErrClosed
	case a.runs[job.SetID] != nil:
		return nil
	case len(a.runs) >= mostApplying:
		return errTooManyRuns
	}
	lasting, stop := context.WithTimeout(context.WithoutCancel(ctx), longestApply)
	a.runs[job.SetID] = &applyRun{stop: stop, signedIn: signedIn}
	a.running.Go(func() {
		defer a.ended(job.SetID)
		if err := a.run(lasting, job); err != nil {
			a.log.Error("change set failed", "set", job.SetID, "error", err)
		}
	})
	return nil
}

func (a *appliers) ended(setID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.runs[setID].stop()
	delete(a.runs, setID)
}

// run sends the set until it has come to its end, somebody stopped it, or only a
// person can say how to go on.
func (a *appliers) run(ctx context.Context, job changes.Job) error {
	send := a.applier.Resume
	set, err := a.store.ChangeSet(ctx, job.SetID)
	if err != nil {
		return err
	}
	if set.State == store.SetStaged {
		send = a.applier.Apply
	}
	for {
		outcome, err := send(ctx, job)
		if errors.Is(err, store.ErrConflict) {
			return nil // another process has it, which is no failure
		}
		if err != nil || outcome.State == store.SetApplied || outcome.ResumeAt.IsZero() {
			return errors.Join(err, a.restage(ctx, job.SetID))
		}
		if !a.waited(ctx, outcome.ResumeAt) {
			return nil // it has stopped in the database, too
		}
		send = a.applier.Resume
	}
}

// waited is false where the run was stopped before it could go on.
func (a *appliers) waited(ctx context.Context, until time.Time) bool {
	return a.options.Wait(ctx, until.Sub(a.options.Now())) == nil
}

// find is the run of a set in this process.
func (a *appliers) find(setID string) (applyRun, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if run, ok := a.runs[setID]; ok {
		return *run, true
	}
	return applyRun{}, false
}

// stop lets what is under way come to its end and sends no more of the set.
func (a *appliers) stop(setID string) {
	if run, ok := a.find(setID); ok {
		run.stop()
	}
}

// stopAll lets every run end and begins no other.
func (a *appliers) stopAll() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	for _, run := range a.runs {
		run.stop()
	}
}

// Close stops all runs and waits for what is under way until ctx ends. What is
// cut off then is unknown in the journal, and settled by who goes on with it.
func (a *appliers) Close(ctx context.Context) error {
	a.stopAll()
	all := make(chan struct{})
	go func() {
		a.running.Wait()
		close(all)
	}()
	select {
	case <-all:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// restage puts what Toggl refused into the person's staged set again, so that it
// can be changed or given up, unless they have staged something else for that
// cell meanwhile. The words stay in the set that was sent.
func (a *appliers) restage(ctx context.Context, setID string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), restageTimeout)
	defer cancel()
	set, err := a.store.ChangeSet(ctx, setID)
	if err != nil || set.State != store.SetApplied {
		return err
	}
	steps, err := a.store.Steps(ctx, setID)
	if err != nil {
		return err
	}
	return stageAgain(ctx, a.store, set, stepsIn(steps, store.StepRefused))
}

const restageTimeout = 10 * time.Second
