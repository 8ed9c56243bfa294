package changes_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"roster/apiclient/sandbox"
	"roster/changes"
	"roster/store"
)

var errKilled = errors.New("killed")

// A life is a process that dies at one of the points where something happens:
// before or after a call of the journal, before a request leaves and when its
// answer arrives. From then on it does nothing any more.
type life struct {
	changes.Journal
	setID  string
	mu     sync.Mutex
	holder string
	points int
	last   int // dies at this point
	dead   bool
}

// point reports whether the process lives beyond it.
func (l *life) point() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead || l.points == l.last {
		l.dead = true
		return errKilled
	}
	l.points++
	return nil
}

func (l *life) around(do func() error) error {
	if err := l.point(); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return l.point()
}

func (l *life) Steps(ctx context.Context, setID string) (steps []store.Step, err error) {
	err = l.around(func() error { steps, err = l.Journal.Steps(ctx, setID); return err })
	return steps, err
}

func (l *life) ClaimChangeSet(ctx context.Context, id, holder string, from []string, lease time.Duration) (set store.ChangeSet, err error) {
	l.holder = holder
	err = l.around(func() error { set, err = l.Journal.ClaimChangeSet(ctx, id, holder, from, lease); return err })
	return set, err
}

func (l *life) FinishChangeSet(ctx context.Context, id, holder, state, note string, resumeAt time.Time) error {
	return l.around(func() error { return l.Journal.FinishChangeSet(ctx, id, holder, state, note, resumeAt) })
}

func (l *life) BeginSteps(ctx context.Context, setID, holder string, ids []int64) error {
	return l.around(func() error { return l.Journal.BeginSteps(ctx, setID, holder, ids) })
}

func (l *life) EndSteps(ctx context.Context, setID, holder string, results []store.StepResult) error {
	return l.around(func() error { return l.Journal.EndSteps(ctx, setID, holder, results) })
}

// bury lets the lease of the dead end.
func (l *life) bury(t *testing.T) {
	t.Helper()
	err := l.RenewChangeSet(t.Context(), l.setID, l.holder, time.Millisecond)
	if err != nil && !errors.Is(err, store.ErrConflict) {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Millisecond)
}

// TestKill kills the process at every point, and goes on with another one.
func TestKill(t *testing.T) {
	for _, tt := range []struct {
		name    string
		options sandbox.Options
		script  sandbox.Failure
	}{
		{"assignments", sandbox.Options{}, sandbox.Failure{}},
		{"a list that is refused", sandbox.Options{}, sandbox.Failure{Operation: "ChangeAssignments", Status: 400, Body: `"No."`}},
		{"without assignments", sandbox.Options{NoAssignments: true}, sandbox.Failure{}},
		{"without assignments, and absent workspaces dropped", sandbox.Options{NoAssignments: true, DropAbsentWorkspaces: true}, sandbox.Failure{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for last := 0; ; last++ {
				survived := false
				tt.options.Users = 60
				if !t.Run(fmt.Sprintf("at point %d", last), func(t *testing.T) { survived = killedAt(t, tt.options, tt.script, last) }) {
					return
				}
				if survived && last < 20 {
					t.Errorf("only %d points", last)
				}
				if survived {
					return
				}
			}
		})
	}
}

// killedAt reports whether the process reached its end.
func killedAt(t *testing.T, options sandbox.Options, script sandbox.Failure, last int) bool {
	t.Helper()
	o := openOffice(t, options)
	w := o.workspaces()
	a := o.access(t, w[0], w[1])
	steps := append(o.some(t, a, w[0], 2), o.some(t, a, w[1], 1)...)
	steps = append(steps, o.groupSteps(t, a, 2, w[2], w[3])...)
	id := o.set(t, steps...)
	if script.Status != 0 {
		o.upstream.Script(script)
	}
	l := &life{Journal: o.store, setID: id, last: last}
	o.gate.pass = func(r *http.Request) (before, after error) {
		if before = l.point(); before != nil {
			return before, nil
		}
		if r.Method != http.MethodGet && countState(o.steps(t, id), store.StepSending) == 0 {
			t.Errorf("%s %s left before the journal knew", r.Method, r.URL.Path)
		}
		return nil, nil
	}
	// The answer arrives at a point of its own.
	next := o.gate.next
	o.gate.next = roundTrip(func(r *http.Request) (*http.Response, error) {
		answer, err := next.RoundTrip(r)
		if err == nil && l.point() != nil {
			answer.Body.Close()
			return nil, errKilled
		}
		return answer, err
	})
	_, err := o.newApplier(l).Apply(t.Context(), o.job(id))
	survived := !l.dead
	if survived != (err == nil) {
		t.Errorf("killed %v, error %v", !survived, err)
	}
	o.gate.pass, o.gate.next = nil, next
	l.bury(t)
	o.goOn(t, id)
	if got := o.results(t, id); got != fmt.Sprintf("%d done", len(steps)) {
		t.Errorf("in the end: %s", got)
	}
	noneTwice(t, o.upstream.Requests())
	o.carriedOut(t, steps)
	return survived
}

// goOn does what the person is asked for after a restart.
func (o *office) goOn(t *testing.T, id string) {
	t.Helper()
	set, err := o.store.ChangeSet(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	switch set.State {
	case store.SetStaged: // it died before anything was claimed
		_, err = o.applier.Apply(t.Context(), o.job(id))
	case store.SetApplying, store.SetStopped:
		_, err = o.applier.Resume(t.Context(), o.job(id))
	}
	if err != nil {
		t.Errorf("to go on from %s: %v", set.State, err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func countState(steps []store.Step, state string) int {
	n := 0
	for _, s := range steps {
		n += one(s.State == state)
	}
	return n
}

// noneTwice finds elements that upstream carried out twice.
func noneTwice(t *testing.T, requests []sandbox.Request) {
	t.Helper()
	sent := map[string]bool{}
	for _, r := range puts(requests) {
		if r.Status != http.StatusOK {
			continue
		}
		for _, element := range elementsOf(t, r) {
			key := r.Method + " " + r.Path + " " + element
			if sent[key] {
				t.Errorf("sent twice: %s", key)
			}
			sent[key] = true
		}
	}
}

func elementsOf(t *testing.T, r sandbox.Request) []string {
	t.Helper()
	var list []json.RawMessage
	var deletion struct{ Delete []json.RawMessage }
	switch r.Operation {
	case "ChangeAssignments", "PatchTrackGroup":
		if err := json.Unmarshal([]byte(r.Body), &list); err != nil {
			t.Fatal(err)
		}
	case "RemoveWorkspaceUsers":
		if err := json.Unmarshal([]byte(r.Body), &deletion); err != nil {
			t.Fatal(err)
		}
		list = deletion.Delete
	default:
		return []string{""} // the path names all that it changes
	}
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = string(list[i])
	}
	return texts
}

// TestNoAnswer loses each request in turn, or its answer, while the process
// lives: everything is settled by reading, and nothing is carried out twice.
func TestNoAnswer(t *testing.T) {
	for _, without := range []bool{false, true} {
		for _, arrives := range []bool{false, true} {
			sent := 1
			for lost := 0; lost < sent; lost++ {
				name := fmt.Sprintf("without assignments %v, arrives %v, request %d", without, arrives, lost)
				if !t.Run(name, func(t *testing.T) { sent = losing(t, without, arrives, lost) }) {
					return
				}
			}
		}
	}
}

// losing reports how many requests that change something were sent.
func losing(t *testing.T, without, arrives bool, lost int) (sent int) {
	t.Helper()
	o := openOffice(t, sandbox.Options{NoAssignments: without, Users: 60})
	w := o.workspaces()
	a := o.access(t, w[0], w[1])
	steps := append(o.some(t, a, w[0], 2), o.some(t, a, w[1], 1)...)
	steps = append(steps, o.groupSteps(t, a, 2, w[2], w[3])...)
	id := o.set(t, steps...)
	o.gate.pass = func(r *http.Request) (before, after error) {
		if r.Method == http.MethodGet {
			return nil, nil
		}
		if sent++; sent-1 != lost {
			return nil, nil
		}
		if arrives {
			return nil, errors.New("reset")
		}
		return errors.New("reset"), nil
	}
	out, results := o.apply(t, id)
	if out.State != store.SetApplied || results != fmt.Sprintf("%d done", len(steps)) {
		t.Errorf("%+v, %s", out, results)
	}
	if sent > lost && !slices.Equal(o.waited, []time.Duration{5 * time.Second}) {
		t.Errorf("waited %v before it was read again", o.waited)
	}
	noneTwice(t, o.upstream.Requests())
	o.gate.pass = nil
	o.carriedOut(t, steps)
	return sent
}

// TestUpstreamIsDown: writes without an answer in a row stop the set.
func TestUpstreamIsDown(t *testing.T) {
	for _, failure := range []sandbox.Failure{
		{Operation: "ChangeAssignments", Times: -1, Status: 503},
		{Operation: "ChangeAssignments", Times: -1, Status: 200, Body: `"OK"`, Cut: true},
		{API: "track", Operation: "ListWorkspaceUsers", Times: -1, Status: 500},
	} {
		o := openOffice(t, sandbox.Options{})
		w := o.workspaces()[0]
		id := o.set(t, o.some(t, o.access(t, w), w, 2)...)
		o.upstream.Script(failure)
		out, results := o.apply(t, id)
		if out.State != store.SetStopped || out.Note != changes.NoteUnreachable || results != "4 staged" || len(puts(o.upstream.Requests())) > 3 {
			t.Errorf("%+v: %+v, %s, %d requests", failure, out, results, len(puts(o.upstream.Requests())))
		}
		o.upstream.ClearScripts()
		if out, results = o.resume(t, id); out.State != store.SetApplied || results != "4 done" {
			t.Errorf("when it is back: %+v, %s", out, results)
		}
	}
}

// TestUnknownStaysUnknown where the state can't be read either, and is settled
// by whoever goes on.
func TestUnknownStaysUnknown(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	w := o.workspaces()[0]
	steps := o.some(t, o.access(t, w), w, 2)
	id := o.set(t, steps...)
	down := false
	o.gate.pass = func(r *http.Request) (before, after error) {
		if down {
			return errors.New("down"), nil
		}
		if down = r.Method != http.MethodGet; down {
			return nil, errors.New("reset")
		}
		return nil, nil
	}
	out, results := o.apply(t, id)
	if out.State != store.SetStopped || out.Note != changes.NoteUnreachable || results != "4 unknown" {
		t.Errorf("%+v, %s", out, results)
	}
	o.gate.pass = nil
	if out, results = o.resume(t, id); out.State != store.SetApplied || results != "4 done" || len(puts(o.upstream.Requests())) != 1 {
		t.Errorf("%+v, %s, %d requests", out, results, len(puts(o.upstream.Requests())))
	}
}
