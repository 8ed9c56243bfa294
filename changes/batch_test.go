package changes_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/changes"
)

// A call answers one error after the other, then succeeds, and takes its time.
type call struct {
	mu      sync.Mutex
	answers []error
	takes   time.Duration
	sent    []time.Time
}

func (c *call) Send(ctx context.Context, _ *apiclient.Client) error {
	select {
	case <-time.After(c.takes):
	case <-ctx.Done():
		return ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, time.Now())
	if len(c.answers) == 0 {
		return nil
	}
	err := c.answers[0]
	c.answers = c.answers[1:]
	return err
}

func (c *call) times() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.sent)
}

func refused(kind apiclient.Kind, after time.Duration) error {
	return &apiclient.Error{API: "track", Op: "UpdateOrganizationUser", Kind: kind, RetryAfter: after}
}

// plan has a step a second for each call.
func plan(owner string, calls ...*call) changes.Plan {
	p := changes.Plan{Owner: owner, OrganizationID: 7, Client: func() *apiclient.Client { return nil }}
	for i, c := range calls {
		if c.takes == 0 {
			c.takes = time.Second
		}
		p.Steps = append(p.Steps, changes.Step{ID: int64(i + 1), Call: c})
	}
	return p
}

func start(t *testing.T, r *changes.Runner, p changes.Plan) *changes.Batch {
	t.Helper()
	b, err := r.Start(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func states(b *changes.Batch) string {
	report := b.Report()
	rows, _ := report.Rows(0, 100)
	text := ""
	for _, row := range rows {
		text += string(row.State[0])
	}
	return text
}

func unfinished(b *changes.Batch) []int64 {
	report := b.Report()
	return report.Unfinished()
}

// run waits until the batch has ended.
func run(b *changes.Batch) {
	for b.Progress().Running() {
		time.Sleep(time.Second)
	}
	synctest.Wait()
}

func TestStepsAreSentInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := changes.NewRunner(changes.RunnerOptions{})
		one, two, three := &call{}, &call{answers: []error{refused(apiclient.ErrRefused, 0)}}, &call{}
		b := start(t, r, plan("ann", one, two, three))
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		if got := states(b); got != "dsw" {
			t.Errorf("after a step and a half: %s, want done, sending, waiting", got)
		}
		run(b)
		if got := states(b); got != "dfd" {
			t.Errorf("at the end: %s, want one failed in the middle", got)
		}
		p := b.Progress()
		if p.Done != 2 || p.Failed != 1 || p.Left() != 0 || p.Halt != nil || p.Uncertain {
			t.Errorf("progress %+v", p)
		}
		if diff := cmp.Diff([]int64{2}, unfinished(b)); diff != "" {
			t.Errorf("unfinished (-want +got):\n%s", diff)
		}
		if one.sent[0].After(two.sent[0]) || two.sent[0].After(three.sent[0]) {
			t.Error("out of order")
		}
	})
}

// TestQuota: the step waits until Toggl's hour is over, and is sent then.
func TestQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &call{answers: []error{refused(apiclient.ErrQuota, 40*time.Minute)}}
		b := start(t, changes.NewRunner(changes.RunnerOptions{}), plan("ann", c, &call{}))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		p := b.Progress()
		if wait := time.Until(p.ResumesAt); wait < 39*time.Minute || wait > 41*time.Minute {
			t.Errorf("goes on in %v, want about 40 minutes", wait)
		}
		if states(b) != "ww" || !p.Running() || p.Failed != 0 {
			t.Errorf("while it waits: %s, %+v", states(b), p)
		}
		run(b)
		if states(b) != "dd" || c.times() != 2 || !b.Progress().ResumesAt.IsZero() {
			t.Errorf("after the hour: %s, sent %d times, %+v", states(b), c.times(), b.Progress())
		}
	})
}

func TestQuotaWithoutATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &call{answers: []error{refused(apiclient.ErrQuota, 0), refused(apiclient.ErrQuota, 0)}}
		b := start(t, changes.NewRunner(changes.RunnerOptions{}), plan("ann", c))
		run(b)
		if gap := c.sent[1].Sub(c.sent[0]); gap < 10*time.Minute || states(b) != "d" {
			t.Errorf("asked again after %v, ended %s", gap, states(b))
		}
	})
}

// TestSlowDown: "too many requests" is waited for, but not for ever.
func TestSlowDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var always []error
		for range 20 {
			always = append(always, refused(apiclient.ErrRateLimited, time.Second))
		}
		c := &call{answers: always}
		b := start(t, changes.NewRunner(changes.RunnerOptions{}), plan("ann", c, &call{}))
		run(b)
		if states(b) != "fd" || c.times() != 6 {
			t.Errorf("%s after %d times, want a failure after the sixth", states(b), c.times())
		}
		if gap := c.sent[1].Sub(c.sent[0]); gap < 30*time.Second {
			t.Errorf("asked again after %v", gap)
		}
	})
}

// TestHopeless: what every further step would be answered too ends the batch.
func TestHopeless(t *testing.T) {
	for _, kind := range []apiclient.Kind{apiclient.ErrUnauthorized, apiclient.ErrForbidden, apiclient.ErrNoTrack, apiclient.ErrPlan} {
		synctest.Test(t, func(t *testing.T) {
			after := &call{}
			b := start(t, changes.NewRunner(changes.RunnerOptions{}), plan("ann", &call{answers: []error{refused(kind, 0)}}, after))
			run(b)
			if states(b) != "fw" || after.times() != 0 || !errors.Is(b.Progress().Halt, kind) {
				t.Errorf("%v: %s, %+v", kind, states(b), b.Progress())
			}
		})
	}
}

// TestUnanswered: five steps in a row without an answer end the batch; one
// that is answered in between starts the count again.
func TestUnanswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lost := func() *call { return &call{answers: []error{refused(apiclient.ErrUnreachable, 0)}} }
		b := start(t, changes.NewRunner(changes.RunnerOptions{}), plan("ann", lost(), lost(), lost(), lost(), &call{}, lost(), lost(), lost(), lost(), lost(), &call{}))
		run(b)
		p := b.Progress()
		if states(b) != "ffffdfffffw" || !errors.Is(p.Halt, apiclient.ErrUnreachable) || !p.Uncertain {
			t.Errorf("%s, %+v", states(b), p)
		}
	})
}

// TestStop: the step that is under way comes to its end; no more is sent.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		after := &call{}
		b := start(t, changes.NewRunner(changes.RunnerOptions{}), plan("ann", &call{takes: 5 * time.Second}, after))
		time.Sleep(time.Second)
		b.Stop()
		b.Stop()
		if p := b.Progress(); !p.Running() || !p.StopAsked {
			t.Errorf("before the step has ended: %+v", p)
		}
		run(b)
		if states(b) != "dw" || after.times() != 0 || !errors.Is(b.Progress().Halt, changes.ErrStopped) {
			t.Errorf("%s, %+v", states(b), b.Progress())
		}
	})
}

func TestStopWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, changes.NewRunner(changes.RunnerOptions{}), plan("ann", &call{answers: []error{refused(apiclient.ErrQuota, time.Hour)}}))
		time.Sleep(time.Minute)
		b.Stop()
		synctest.Wait()
		if p := b.Progress(); p.Running() || p.Left() != 1 {
			t.Errorf("it still waits: %+v", p)
		}
	})
}

// TestTooLong: a batch doesn't outlive a day of hourly limits.
func TestTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var always []error
		for range 100 {
			always = append(always, refused(apiclient.ErrQuota, time.Hour))
		}
		b := start(t, changes.NewRunner(changes.RunnerOptions{}), plan("ann", &call{answers: always}))
		run(b)
		p := b.Progress()
		if age := p.EndedAt.Sub(p.StartedAt); !errors.Is(p.Halt, changes.ErrTooLong) || age < 24*time.Hour || age > 26*time.Hour {
			t.Errorf("ended after %v: %+v", age, p)
		}
	})
}

func TestRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		no := func() *call { return &call{answers: []error{refused(apiclient.ErrRefused, 0)}} }
		b := start(t, changes.NewRunner(changes.RunnerOptions{}), plan("ann", &call{}, no(), &call{}, no(), no()))
		run(b)
		report := b.Report()
		rows, total := report.Rows(1, 1, changes.Failed)
		if total != 3 || len(rows) != 1 || rows[0].ID != 4 {
			t.Errorf("second failure of %d: %+v", total, rows)
		}
		if _, total := report.Rows(0, 0, changes.Done, changes.Waiting); total != 2 {
			t.Errorf("%d done or waiting, want 2", total)
		}
		if rows, total := report.Rows(9, 5); total != 5 || rows != nil {
			t.Errorf("beyond the end: %d of %d", len(rows), total)
		}
	})
}

// TestMoreSteps: what else there is to do is known once the first steps are done.
func TestMoreSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two, three := &call{takes: time.Second}, &call{takes: time.Second}, &call{takes: time.Second}
		p := plan("ann", one)
		asked := 0
		p.More = func() []changes.Step {
			asked++
			switch asked {
			case 1:
				if one.times() != 1 {
					t.Error("asked for more before the first was sent")
				}
				return []changes.Step{{ID: 2, Call: two}, {ID: 3, Call: three}}
			default:
				return nil
			}
		}
		b := start(t, changes.NewRunner(changes.RunnerOptions{}), p)
		if total := b.Progress().Total; total != 1 {
			t.Errorf("total %d at the start", total)
		}
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		if got := states(b); got != "dsw" {
			t.Errorf("after a step and a half: %s", got)
		}
		run(b)
		if p := b.Progress(); states(b) != "ddd" || p.Total != 3 || p.Halt != nil || asked != 2 {
			t.Errorf("%s, %+v, asked %d times", states(b), p, asked)
		}
	})
}
