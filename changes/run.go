package changes

import (
	"context"
	"errors"
	"time"

	"roster/apiclient"
	"roster/store"
)

const (
	// quotaWait is waited where Toggl refuses for the hourly limit without
	// saying when it comes back.
	quotaWait = 10 * time.Minute
	// slowDown is waited at least after "too many requests", of which
	// maxSlowDowns in a row are taken for one step.
	slowDown     = 30 * time.Second
	maxSlowDowns = 5
	// maxUnanswered steps in a row without an answer end a batch.
	maxUnanswered = 5
	// longestRun bounds a batch that waits for one hourly limit after the other.
	longestRun = 24 * time.Hour
)

var (
	// ErrStopped is why a batch ended that somebody stopped, or the end of the program.
	ErrStopped = errors.New("changes: stopped")
	// ErrTooLong is why a batch ended that ran for a day.
	ErrTooLong = errors.New("changes: took longer than a day")
	// ErrInterrupted is why a batch ended whose process died.
	ErrInterrupted = errors.New("changes: its process died")
	// ErrNotKept is why a batch ended whose progress could not be written down: what
	// isn't, is not sent.
	ErrNotKept = errors.New("changes: could not be written down")
)

// runHeld runs it as one that other processes know to be alive, and writes down how it
// ended. Where that can't be written they find out by themselves.
func (b *Batch) runHeld(ctx context.Context) {
	beating, end := context.WithCancel(ctx)
	go b.record.beat(beating, b.Stop)
	why := b.run(ctx)
	if b.plan.Ended != nil {
		b.plan.Ended(ctx, b.ID)
	}
	end()
	report := b.Report()
	report.end(why, b.now())
	_ = b.record.finish(ctx, &report)
	b.end(report)
}

// run sends the steps in order, and returns why it ended before the last. ctx ends
// only when the program can wait no more.
func (b *Batch) run(ctx context.Context) error {
	unanswered := 0
	for i := 0; b.has(i); i++ {
		err := b.send(ctx, i)
		if errors.Is(err, ErrStopped) || errors.Is(err, ErrTooLong) || errors.Is(err, ErrNotKept) {
			return err
		}
		b.settle(i, err)
		unanswered++
		if !withoutAnswer(err) {
			unanswered = 0
		}
		if hopeless(err) || unanswered == maxUnanswered {
			return err
		}
	}
	return nil
}

// has reports whether there is a step i, of the plan or of what it has more.
func (b *Batch) has(i int) bool {
	if i < len(b.report.Steps) { // only run adds to them
		return true
	}
	if b.plan.More == nil || i >= MaxSteps {
		return false
	}
	more := b.plan.More()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.report.Steps = append(b.report.Steps, more...)
	b.report.Results = append(b.report.Results, waiting(len(more))...)
	b.report.Progress.Total = len(b.report.Steps)
	return len(more) > 0
}

// send sends one step, again after each wait that Toggl's limits ask for.
func (b *Batch) send(ctx context.Context, i int) error {
	for slowDowns := 0; ; {
		if b.now().Sub(b.Progress().StartedAt) > longestRun {
			return ErrTooLong
		}
		if err := b.begin(ctx, i); err != nil {
			return err
		}
		err := b.report.Steps[i].Call.Send(ctx, b.plan.Client())
		var wait time.Duration
		switch {
		case errors.Is(err, apiclient.ErrQuota):
			wait = retryAfter(err, quotaWait) + time.Second // upstream counts in whole seconds
		case errors.Is(err, apiclient.ErrRateLimited) && slowDowns < maxSlowDowns:
			slowDowns++
			wait = max(retryAfter(err, slowDown), slowDown)
		default:
			return err
		}
		if !b.pause(ctx, i, wait) {
			return ErrStopped
		}
	}
}

func retryAfter(err error, fallback time.Duration) time.Duration {
	var upstream *apiclient.Error
	if errors.As(err, &upstream) && upstream.RetryAfter > 0 {
		return upstream.RetryAfter
	}
	return fallback
}

// begin marks a step as under way and has that written down, unless no more is to be
// sent.
func (b *Batch) begin(ctx context.Context, i int) error {
	if b.stopped() {
		return ErrStopped
	}
	b.set(i, Sending)
	if err := b.save(ctx); err != nil {
		b.set(i, Waiting)
		return err
	}
	if b.stopped() {
		b.set(i, Waiting)
		return ErrStopped
	}
	return nil
}

func (b *Batch) stopped() bool {
	select {
	case <-b.stop:
		return true
	default:
		return false
	}
}

func (b *Batch) set(i int, state State) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.report.Results[i].State = state
}

// save writes down how far it is, and stops where somebody asked for that or the batch
// was taken for dead.
func (b *Batch) save(ctx context.Context) error {
	if b.record == nil {
		return nil
	}
	report := b.Report()
	stop, err := b.record.save(ctx, &report)
	if stop || errors.Is(err, store.ErrConflict) {
		b.Stop()
		return nil
	}
	if err != nil {
		return errors.Join(ErrNotKept, err)
	}
	return nil
}

// pause waits until Toggl takes requests again; false: the batch was stopped.
func (b *Batch) pause(ctx context.Context, i int, wait time.Duration) bool {
	b.set(i, Waiting)
	b.resumes(b.now().Add(wait))
	defer b.resumes(time.Time{})
	if b.save(ctx) != nil {
		return true // which the step that follows finds out, too
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-b.stop:
	case <-ctx.Done():
	}
	return false
}

func (b *Batch) resumes(at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.report.Progress.ResumesAt = at
}

func (b *Batch) settle(i int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	state := Done
	if err != nil {
		state = Failed
	}
	b.report.Results[i] = Result{State: state, Err: err, At: b.now()}
	p := &b.report.Progress
	p.count(state)
	p.Uncertain = p.Uncertain || withoutAnswer(err)
}

func (b *Batch) end(report Report) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.report = report
	b.plan.Client, b.plan.More, b.plan.Ended = nil, nil, nil // they hold a credential, and what was read
}

// hopeless reports whether every further step would be refused the same way:
// the words are about who asks, not about what.
func hopeless(err error) bool {
	return errors.Is(err, apiclient.ErrUnauthorized) || errors.Is(err, apiclient.ErrForbidden) ||
		errors.Is(err, apiclient.ErrNoTrack) || errors.Is(err, apiclient.ErrPlan) || errors.Is(err, apiclient.ErrNotRecorded)
}

// withoutAnswer reports whether nobody knows if the change was carried out.
func withoutAnswer(err error) bool {
	return errors.Is(err, apiclient.ErrUnreachable) || errors.Is(err, apiclient.ErrBadAnswer) ||
		errors.Is(err, apiclient.ErrRateLimited) || errors.Is(err, context.Canceled)
}
