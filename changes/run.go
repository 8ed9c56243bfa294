package changes

import (
	"context"
	"errors"
	"time"

	"roster/apiclient"
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
)

// run sends the steps in order. ctx ends only when the program can wait no more.
func (b *Batch) run(ctx context.Context) {
	unanswered := 0
	for i := 0; b.has(i); i++ {
		err := b.send(ctx, i)
		if errors.Is(err, ErrStopped) || errors.Is(err, ErrTooLong) {
			b.end(err)
			return
		}
		b.record(i, err)
		unanswered++
		if !withoutAnswer(err) {
			unanswered = 0
		}
		if hopeless(err) || unanswered == maxUnanswered {
			b.end(err)
			return
		}
	}
	b.end(nil)
}

// has reports whether there is a step i, of the plan or of what it has more.
func (b *Batch) has(i int) bool {
	if i < len(b.plan.Steps) {
		return true
	}
	if b.plan.More == nil || i >= MaxSteps {
		return false
	}
	more := b.plan.More()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.plan.Steps = append(b.plan.Steps, more...)
	for range more {
		b.results = append(b.results, Result{State: Waiting})
	}
	b.progress.Total = len(b.plan.Steps)
	return len(more) > 0
}

// send sends one step, again after each wait that Toggl's limits ask for.
func (b *Batch) send(ctx context.Context, i int) error {
	for slowDowns := 0; ; {
		if b.now().Sub(b.Progress().StartedAt) > longestRun {
			return ErrTooLong
		}
		if !b.begin(i) {
			return ErrStopped
		}
		err := b.plan.Steps[i].Call.Send(ctx, b.plan.Client())
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

// begin marks a step as under way, unless no more is to be sent.
func (b *Batch) begin(i int) bool {
	select {
	case <-b.stop:
		return false
	default:
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.results[i].State = Sending
	return true
}

// pause waits until Toggl takes requests again; false: the batch was stopped.
func (b *Batch) pause(ctx context.Context, i int, wait time.Duration) bool {
	b.mu.Lock()
	b.results[i].State = Waiting
	b.progress.ResumesAt = b.now().Add(wait)
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		b.progress.ResumesAt = time.Time{}
		b.mu.Unlock()
	}()
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

func (b *Batch) record(i int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.results[i] = Result{State: Done, Err: err, At: b.now()}
	if err == nil {
		b.progress.Done++
		return
	}
	b.results[i].State = Failed
	b.progress.Failed++
	b.progress.Uncertain = b.progress.Uncertain || withoutAnswer(err)
}

func (b *Batch) end(why error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.progress.EndedAt, b.progress.Halt = b.now(), why
	b.plan.Client, b.plan.More = nil, nil // they hold a credential, and what was read
	if b.progress.Left() == 0 {
		b.progress.Halt = nil
	}
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
