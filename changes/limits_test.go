package changes_test

import (
	"context"
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

// spread stages two steps in each of some workspaces.
func (o *office) spread(t *testing.T, workspaces int) []store.Step {
	t.Helper()
	var steps []store.Step
	for _, w := range o.workspaces()[:workspaces] {
		steps = append(steps, o.some(t, o.access(t, w), w, 1)...)
	}
	return steps
}

func TestQuotaStopsASet(t *testing.T) {
	for _, left := range []int{0, 1, 2, 3, 4, 5, 6, 7} {
		t.Run(fmt.Sprintf("%d left", left), func(t *testing.T) {
			o := openOffice(t, sandbox.Options{})
			steps := o.spread(t, 4)
			id := o.set(t, steps...)
			o.upstream.SetQuotaRemaining(left)
			start := time.Now()
			out, results := o.apply(t, id)
			done := left / 2 * 2 // a read and a write for two steps
			if want := describe(8-done, "staged", done, "done"); results != want {
				t.Errorf("%s, want %s", results, want)
			}
			if out.State != store.SetStopped || out.Note != changes.NoteQuota || out.ResumeAt.Sub(start) < 59*time.Minute || out.ResumeAt.Sub(start) > 61*time.Minute {
				t.Errorf("%+v", out)
			}
			if set, err := o.store.ChangeSet(t.Context(), id); err != nil || set.Note != changes.NoteQuota || set.ResumeAt.Sub(out.ResumeAt).Abs() > time.Millisecond {
				t.Errorf("%+v, %v", set, err)
			}
			if refused := countStatus(o.upstream.Requests(), http.StatusPaymentRequired); refused > 1 {
				t.Errorf("%d requests beyond the quota", refused)
			}
			o.upstream.SetQuotaRemaining(-1)
			// The answer tells the client that the hour is over.
			if _, err := o.api.Fresh().GetOrganization(t.Context(), o.org); err != nil {
				t.Fatal(err)
			}
			if out, results = o.resume(t, id); out.State != store.SetApplied || results != "8 done" {
				t.Errorf("later: %+v, %s", out, results)
			}
			noneTwice(t, o.upstream.Requests())
			o.upstream.SetQuotaRemaining(-1)
			o.carriedOut(t, steps)
		})
	}
}

func describe(n int, state string, m int, other string) string {
	if m == 0 {
		return fmt.Sprintf("%d %s", n, state)
	}
	return fmt.Sprintf("%d %s, %d %s", n, state, m, other)
}

func countStatus(requests []sandbox.Request, status int) int {
	n := 0
	for _, r := range requests {
		n += one(r.Status == status)
	}
	return n
}

func TestSlowedDown(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	steps := o.spread(t, 1)
	id := o.set(t, steps...)
	header := http.Header{"Retry-After": {"77"}}
	o.upstream.Script(sandbox.Failure{Operation: "ChangeAssignments", Times: 2, Status: http.StatusTooManyRequests, Header: header})
	if out, results := o.apply(t, id); out.State != store.SetApplied || results != "2 done" {
		t.Errorf("%+v, %s", out, results)
	}
	if !slices.Equal(o.waited, []time.Duration{77 * time.Second, 77 * time.Second}) {
		t.Errorf("waited %v", o.waited)
	}
	id = o.set(t, undoOf(t, o, id)...)
	o.upstream.Script(sandbox.Failure{Operation: "ChangeAssignments", Times: -1, Status: http.StatusTooManyRequests, Header: header})
	if out, results := o.apply(t, id); out.State != store.SetStopped || out.Note != changes.NoteRateLimited || results != "2 staged" || time.Until(out.ResumeAt) < time.Minute {
		t.Errorf("always too fast: %+v, %s", out, results)
	}
}

func undoOf(t *testing.T, o *office, id string) []store.Step {
	t.Helper()
	o.read(t)
	steps := o.steps(t, id)
	back, kept := changes.Undo(steps, o.access(t, steps[0].WorkspaceID))
	if len(kept) > 0 {
		t.Fatalf("%+v", kept)
	}
	return back
}

func TestCredentialIsRefused(t *testing.T) {
	for _, operation := range []string{"ListWorkspaceUsers", "ChangeAssignments"} {
		o := openOffice(t, sandbox.Options{})
		id := o.set(t, o.spread(t, 2)...)
		o.upstream.Script(sandbox.Failure{Operation: operation, Status: http.StatusUnauthorized})
		if out, results := o.apply(t, id); out.State != store.SetStopped || out.Note != changes.NoteCredential || results != "4 staged" {
			t.Errorf("%s: %+v, %s", operation, out, results)
		}
	}
}

// TestCancelParks ends the context at each request in turn: the request under
// way is finished, and nothing more is sent.
func TestCancelParks(t *testing.T) {
	for at := range 4 {
		o := openOffice(t, sandbox.Options{})
		steps := o.spread(t, 2)
		id := o.set(t, steps...)
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		o.gate.pass = func(*http.Request) (before, after error) {
			if n++; n-1 == at {
				cancel()
			}
			return nil, nil
		}
		out, err := o.applier.Apply(ctx, o.job(id))
		want := []string{"4 staged", "2 staged, 2 done", "2 staged, 2 done", "4 done"}[at]
		if results := o.results(t, id); err != nil || results != want || n != at+1 {
			t.Errorf("at %d: %+v, %s, %d requests, error %v", at, out, results, n, err)
		}
		if at < 3 && (out.State != store.SetStopped || out.Note != changes.NoteStopped) {
			t.Errorf("at %d: %+v", at, out)
		}
		if at == 3 {
			continue
		}
		o.gate.pass = nil
		if out, results := o.resume(t, id); out.State != store.SetApplied || results != "4 done" {
			t.Errorf("later: %+v, %s", out, results)
		}
		o.carriedOut(t, steps)
	}
}

func TestOnlyOneApplies(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	steps := o.spread(t, 4)
	id := o.set(t, steps...)
	var all sync.WaitGroup
	var mu sync.Mutex
	won, lost := 0, 0
	for range 8 {
		all.Go(func() {
			_, err := changes.NewApplier(o.store, changes.ApplierOptions{}).Apply(t.Context(), o.job(id))
			_, again := changes.NewApplier(o.store, changes.ApplierOptions{}).Resume(t.Context(), o.job(id))
			mu.Lock()
			defer mu.Unlock()
			won += one(err == nil)
			lost += one(errors.Is(err, store.ErrConflict) && errors.Is(again, store.ErrConflict))
		})
	}
	all.Wait()
	if won != 1 || lost != 7 || len(puts(o.upstream.Requests())) != 4 {
		t.Errorf("%d applied it, %d did not, %d requests", won, lost, len(puts(o.upstream.Requests())))
	}
	if _, err := o.applier.Apply(t.Context(), o.job("no such set")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no such set: %v", err)
	}
}

// A leased journal counts renewals, and loses the lease if told.
type leased struct {
	changes.Journal
	renewed chan struct{}
	err     error
}

func (l *leased) RenewChangeSet(ctx context.Context, id, holder string, lease time.Duration) error {
	if l.err != nil {
		return l.err
	}
	err := l.Journal.RenewChangeSet(ctx, id, holder, lease)
	select {
	case l.renewed <- struct{}{}:
	default:
	}
	return err
}

func TestLeaseIsRenewed(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	id := o.set(t, o.spread(t, 1)...)
	journal := &leased{Journal: o.store, renewed: make(chan struct{})}
	o.gate.pass = func(*http.Request) (before, after error) {
		<-journal.renewed
		return nil, nil
	}
	applier := changes.NewApplier(journal, changes.ApplierOptions{Lease: 3 * time.Second / 2})
	if out, err := applier.Apply(t.Context(), o.job(id)); err != nil || out.State != store.SetApplied {
		t.Errorf("%+v, %v", out, err)
	}
}

// TestLeaseIsLost: who lost a set sends nothing more and leaves it alone.
func TestLeaseIsLost(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	id := o.set(t, o.spread(t, 2)...)
	journal := &leased{Journal: o.store, err: store.ErrConflict}
	o.gate.pass = func(r *http.Request) (before, after error) {
		<-r.Context().Done() // a read that lasts until the run ends
		return r.Context().Err(), nil
	}
	applier := changes.NewApplier(journal, changes.ApplierOptions{Lease: 30 * time.Millisecond})
	_, err := applier.Apply(t.Context(), o.job(id))
	if set, _ := o.store.ChangeSet(t.Context(), id); !errors.Is(err, store.ErrConflict) || set.State != store.SetApplying {
		t.Errorf("%v, the set is %s", err, set.State)
	}
}

func TestRecord(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	steps := o.spread(t, 2)
	id := o.set(t, steps...)
	job := o.job(id)
	var log []string
	job.Record = func(_ context.Context, r changes.Request) (func(context.Context, error), error) {
		if len(log) == 2 {
			return nil, errors.New("disk full")
		}
		log = append(log, fmt.Sprintf("%s %s, %d steps", r.Operation, r.TargetKind, len(r.Steps)))
		return func(_ context.Context, err error) { log = append(log, fmt.Sprint(err)) }, nil
	}
	out, err := o.applier.Apply(t.Context(), job)
	if err != nil || out.State != store.SetStopped || out.Note != changes.NoteUnrecorded || o.results(t, id) != "2 staged, 2 done" {
		t.Errorf("%+v, %v, %s", out, err, o.results(t, id))
	}
	if !slices.Equal(log, []string{"ChangeAssignments workspace, 2 steps", "<nil>"}) || len(puts(o.upstream.Requests())) != 1 {
		t.Errorf("recorded %q, %d sent", log, len(puts(o.upstream.Requests())))
	}
}

// TestElementsOneByOne: an upstream that doesn't understand lists takes
// elements one by one, and may stop on the way.
func TestElementsOneByOne(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	w := o.workspaces()[0]
	steps := o.some(t, o.access(t, w), w, 3)
	id := o.set(t, steps...)
	o.upstream.Script(sandbox.Failure{Operation: "ChangeAssignments", Status: 400, Body: `"Invalid JSON input"`})
	o.upstream.Script(sandbox.Failure{Operation: "ChangeAssignments", Status: 200, Body: `OK`}) // only says so
	o.upstream.Script(sandbox.Failure{Operation: "ChangeAssignments", Status: 400, Body: `"Invalid user_id."`})
	out, results := o.apply(t, id)
	if out.State != store.SetApplied || results != "5 done, 1 refused" {
		t.Errorf("%+v, %s", out, results)
	}
	sent := puts(o.upstream.Requests())
	if len(sent) != 1+6 {
		t.Errorf("%d requests", len(sent))
	}
	for i, r := range sent {
		if (r.Body[0] == '{') != (i > 0) {
			t.Errorf("request %d is %s", i, r.Body)
		}
	}
	for i, s := range changes.PlanSet(steps, o.access(t)).Workspaces[0].Steps {
		if state := stateOf(o.steps(t, id), s.Step); (state == store.StepRefused) != (i == 1) {
			t.Errorf("element %d is %s", i, state)
		}
	}
}

func stateOf(steps []store.Step, like store.Step) string {
	i := slices.IndexFunc(steps, func(s store.Step) bool { return changes.TargetOf(s) == changes.TargetOf(like) })
	return steps[i].State
}

// TestLongList: what doesn't fit into one request goes in two.
func TestLongList(t *testing.T) {
	o := openOffice(t, sandbox.Options{Users: 1500})
	w := o.workspaces()[6]
	a := o.access(t, w)
	var steps []store.Step
	for _, u := range o.ordinary() {
		at := changes.Target{RowKind: store.RowUser, RowID: u.UserID, WorkspaceID: w}
		if step, _, err := changes.Stage(a, nil, at, store.OpAdd); err == nil && len(steps) < changes.MaxElements+1 {
			steps = append(steps, step)
		}
	}
	plan := changes.PlanSet(steps, a)
	_, results := o.apply(t, o.set(t, steps...))
	if results != "1001 done" || plan.Requests != 2 || o.requests() != "1 ListWorkspaceUsers, 2 ChangeAssignments" {
		t.Errorf("%s, %d planned, sent %s", results, plan.Requests, o.requests())
	}
}

func TestLargeSet(t *testing.T) {
	if testing.Short() {
		t.Skip("a large organization")
	}
	o := openOffice(t, sandbox.Options{Users: 10_000, Workspaces: 100, Groups: 40})
	steps := manySteps(t, o)
	id := o.set(t, steps...)
	start := time.Now()
	out, results := o.apply(t, id)
	if out.State != store.SetApplied || results != "5000 done" {
		t.Errorf("%+v, %s", out, results)
	}
	counts := map[string]int{}
	for _, r := range o.upstream.Requests() {
		counts[r.Operation]++
	}
	if counts["ChangeAssignments"] != 100 || counts["ListWorkspaceUsers"] != 100 || counts["ListGroups"] != 1 || len(counts) != 3 {
		t.Errorf("5,000 changes in 100 workspaces take %v", counts)
	}
	t.Logf("%v in %v", counts, time.Since(start))
}

// manySteps are 5,000 steps in 100 workspaces: 49 of users and one of a group in each.
func manySteps(t testing.TB, o *office) []store.Step {
	t.Helper()
	a := o.access(t)
	var steps []store.Step
	for _, w := range o.workspaces() {
		n := 0
		for _, u := range o.ordinary() {
			at := changes.Target{RowKind: store.RowUser, RowID: u.UserID, WorkspaceID: w}
			op := store.OpAdd
			cell := a.Cell(at.RowKind, at.RowID, at.WorkspaceID)
			if cell.Membership == changes.MaybeDirect {
				continue
			}
			if cell.HasAccess() {
				op = store.OpRemove
			}
			if step, _, err := changes.Stage(a, nil, at, op); err == nil && n < 49 {
				steps = append(steps, step)
				n++
			}
		}
	}
	for i, w := range o.workspaces() {
		steps = append(steps, o.groupSteps(t, a, len(o.groups)*100, w)[i%len(o.groups)])
	}
	if len(steps) != 5000 {
		t.Fatalf("%d steps", len(steps))
	}
	return steps
}

func BenchmarkPlan(b *testing.B) {
	o := openOffice(b, sandbox.Options{Users: 10_000, Workspaces: 100, Groups: 40})
	steps := manySteps(b, o)
	a := o.access(b, o.workspaces()...)
	b.Run("5000 changes", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if plan := changes.PlanSet(steps, a); plan.Requests != 100 {
				b.Fatal(plan.Requests)
			}
		}
	})
	b.Run("reading 10000 users", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			a := changes.NewAccess()
			a.AddUsers(o.users)
			a.AddGroups(o.groups)
		}
	})
	b.Run("staging a cell", func(b *testing.B) {
		b.ReportAllocs()
		at := changes.TargetOf(steps[0])
		for b.Loop() {
			if _, _, err := changes.Stage(a, nil, at, steps[0].Op); err != nil {
				b.Fatal(err)
			}
		}
	})
}
