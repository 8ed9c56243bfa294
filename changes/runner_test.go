package changes_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"roster/apiclient"
	"roster/changes"
)

// TestBatchOutlivesItsRequest: the context of the request that started it is
// over long before the batch is.
func TestBatchOutlivesItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b, err := changes.NewRunner(changes.RunnerOptions{}).Start(ctx, plan("ann", &call{}, &call{}))
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		run(b)
		if states(b) != "dd" {
			t.Errorf("%s", states(b))
		}
	})
}

func TestStartRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := changes.NewRunner(changes.RunnerOptions{})
		if _, err := r.Start(t.Context(), plan("ann")); !errors.Is(err, changes.ErrNothing) {
			t.Errorf("no steps: %v", err)
		}
		many := plan("ann", &call{})
		for range changes.MaxSteps {
			many.Steps = append(many.Steps, many.Steps[0])
		}
		if _, err := r.Start(t.Context(), many); !errors.Is(err, changes.ErrTooMany) {
			t.Errorf("too many steps: %v", err)
		}
		var last *changes.Batch
		for range 3 {
			last = start(t, r, plan("ann", &call{takes: time.Minute}))
		}
		if _, err := r.Start(t.Context(), plan("ann", &call{})); !errors.Is(err, changes.ErrBusy) {
			t.Errorf("a fourth at once: %v", err)
		}
		start(t, r, plan("bob", &call{}))
		run(last)
		run(start(t, r, plan("ann", &call{})))
	})
}

// TestClose lets the step under way end, and sends nothing more.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := changes.NewRunner(changes.RunnerOptions{})
		b := start(t, r, plan("ann", &call{takes: 5 * time.Second}, &call{}))
		time.Sleep(time.Second)
		if err := r.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if states(b) != "dw" {
			t.Errorf("%s, want the first done and the second not sent", states(b))
		}
		if _, err := r.Start(t.Context(), plan("ann", &call{})); !errors.Is(err, changes.ErrClosed) {
			t.Errorf("after the end: %v", err)
		}
	})
}

// TestCloseCutsOff what takes longer than the program can wait.
func TestCloseCutsOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := changes.NewRunner(changes.RunnerOptions{})
		b := start(t, r, plan("ann", &call{takes: time.Hour}, &call{}))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if err := r.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("closed with %v", err)
		}
		p := b.Progress()
		if states(b) != "fw" || !p.Uncertain || !errors.Is(p.Halt, changes.ErrStopped) {
			t.Errorf("%s, %+v", states(b), p)
		}
	})
}

func TestClientIsAskedForEachStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		p := plan("ann", &call{}, &call{})
		p.Client = func() *apiclient.Client { asked++; return nil }
		run(start(t, changes.NewRunner(changes.RunnerOptions{}), p))
		if asked != 2 {
			t.Errorf("asked %d times", asked)
		}
	})
}
