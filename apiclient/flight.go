package apiclient

import (
	"context"
	"sync"
	"time"
)

// A flight is a read on its way that several callers wait for. It outlives the
// caller that began it and ends with the last one that waits: one who goes away
// takes nothing from the others.
type flight struct {
	context.Context // of the call upstream
	cancel          context.CancelFunc

	done     chan struct{}
	entry    *entry
	err      error
	panicked any

	mu       sync.Mutex
	waiting  int
	deadline time.Time
	patient  bool // someone waits without a deadline
}

// Deadline is that of the most patient caller. The call upstream runs in the
// flight as its context, and asks before it waits.
func (f *flight) Deadline() (time.Time, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.deadline, !f.patient
}

func (f *flight) join(ctx context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting++
	deadline, ok := ctx.Deadline()
	if !ok {
		f.patient = true
	}
	if deadline.After(f.deadline) {
		f.deadline = deadline
	}
}

// leave reports whether nobody waits any longer.
func (f *flight) leave() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting--
	return f.waiting == 0
}

// share runs read, or waits for the one with the same key that is on its way.
func (a *account) share(ctx context.Context, key string, read func(context.Context) (*entry, error)) (*entry, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	f := a.board(ctx, key, read)
	select {
	case <-f.done:
		if f.panicked != nil {
			panic(f.panicked) // in the caller's goroutine, where someone recovers
		}
		return f.entry, f.err
	case <-ctx.Done():
		a.leave(key, f)
		return nil, ctx.Err()
	}
}

// board joins the flight, or starts it.
func (a *account) board(ctx context.Context, key string, read func(context.Context) (*entry, error)) *flight {
	a.mu.Lock()
	defer a.mu.Unlock()
	if f, ok := a.flights[key]; ok {
		f.join(ctx)
		return f
	}
	f := &flight{done: make(chan struct{})}
	f.Context, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
	f.join(ctx)
	a.flights[key] = f
	go func() {
		defer func() {
			f.panicked = recover()
			f.cancel()
			a.land(key, f)
			close(f.done)
		}()
		f.entry, f.err = read(f)
	}()
	return f
}

// leave ends a flight that nobody waits for. Both under the account's lock, so
// that nobody boards in between.
func (a *account) leave(key string, f *flight) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !f.leave() {
		return
	}
	f.cancel()
	if a.flights[key] == f {
		delete(a.flights, key)
	}
}

func (a *account) land(key string, f *flight) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.flights[key] == f {
		delete(a.flights, key)
	}
}
