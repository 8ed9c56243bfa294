package changes_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
)

// processes are two runners on one database, as of two processes, and a way to have
// leases end.
type processes struct {
	a, b      *changes.Runner
	endLeases func()
}

func newProcesses(t *testing.T) processes {
	t.Helper()
	path := filepath.Join(t.TempDir(), "batches.db")
	runner := func() *changes.Runner {
		db, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		r := changes.NewRunner(changes.RunnerOptions{Store: db, Kind: "batch"})
		t.Cleanup(func() {
			ended, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
			cancel()
			_ = r.Close(ended)
		})
		return r
	}
	p := processes{a: runner(), b: runner()}
	direct, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = direct.Close() })
	p.endLeases = func() {
		t.Helper()
		if _, err := direct.ExecContext(t.Context(), `UPDATE records SET held_until = 1 WHERE holder <> ''`); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func find(t *testing.T, r *changes.Runner, id string) changes.Report {
	t.Helper()
	report, err := r.Find(t.Context(), id, "ann", 7)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// findWhen looks at a batch until it is as wanted.
func findWhen(t *testing.T, r *changes.Runner, id string, wanted func(*changes.Report) bool) changes.Report {
	t.Helper()
	for range 1000 {
		if report := find(t, r, id); wanted(&report) {
			return report
		}
		time.Sleep(5 * time.Millisecond)
	}
	report := find(t, r, id)
	t.Fatalf("it stays %s, %+v", letters(&report), report.Progress)
	return changes.Report{}
}

func letters(r *changes.Report) string {
	text := ""
	for _, result := range r.Results {
		text += string(result.State[0])
	}
	return text
}

func quick(answers ...error) *call { return &call{takes: time.Millisecond, answers: answers} }

func endless() *call { return &call{takes: time.Hour} }

// TestAnyProcessTellsOfABatch: what the one that runs it has, with all that the pages
// show, is what another reads.
func TestAnyProcessTellsOfABatch(t *testing.T) {
	p := newProcesses(t)
	plan := plan("ann", quick(), quick(&apiclient.Error{API: "track", Op: "UpdateOrganizationUser", Kind: apiclient.ErrRefused, Status: 400, Message: "No."}), quick(), quick(refused(apiclient.ErrForbidden, 0)), quick())
	plan.Change = changes.UserChange{Kind: changes.AddToGroups, GroupIDs: []int64{4, 5}}
	plan.Steps[0].Name, plan.Steps[0].Email = "Zoë", "zoe@example.com"
	b := start(t, p.a, plan)
	ended := func(r *changes.Report) bool { return !r.Progress.Running() }
	got := findWhen(t, p.b, b.ID, ended)
	for b.Progress().Running() {
		time.Sleep(time.Millisecond)
	}
	want := b.Report()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(changes.Step{}, "Call"), cmpopts.EquateApproxTime(20*time.Millisecond)); diff != "" {
		t.Errorf("the other process reads (-want +got):\n%s", diff)
	}
	if letters(&got) != "dfdfw" || !errors.Is(got.Progress.Halt, apiclient.ErrForbidden) {
		t.Errorf("%s, %+v", letters(&got), got.Progress)
	}
	for owner, organization := range map[string]int64{"bob": 7, "ann": 8} {
		if _, err := p.b.Find(t.Context(), b.ID, owner, organization); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s in %d: %v", owner, organization, err)
		}
	}
}

// TestAnyProcessStopsABatch between two steps, and only for its owner.
func TestAnyProcessStopsABatch(t *testing.T) {
	p := newProcesses(t)
	first, gate := quick(), endless()
	gate.takes = 300 * time.Millisecond
	last := quick()
	b := start(t, p.a, plan("ann", first, gate, last))
	findWhen(t, p.b, b.ID, func(r *changes.Report) bool { return letters(r) == "dsw" })
	if list, err := p.b.Running(t.Context(), "ann", 7); err != nil || len(list) != 1 || list[0].ID != b.ID {
		t.Errorf("running are %+v, %v", list, err)
	}
	for owner, organization := range map[string]int64{"bob": 7, "ann": 8} {
		if list, err := p.b.Running(t.Context(), owner, organization); err != nil || len(list) != 0 {
			t.Errorf("of %s in %d run %+v, %v", owner, organization, list, err)
		}
	}
	if err := p.b.Settle(t.Context(), b.ID, "ann", 7); !errors.Is(err, store.ErrConflict) {
		t.Errorf("settled while it runs: %v", err)
	}
	if err := p.b.Stop(t.Context(), b.ID, "ann", 7); err != nil {
		t.Error(err)
	}
	got := findWhen(t, p.b, b.ID, func(r *changes.Report) bool { return !r.Progress.Running() })
	if letters(&got) != "ddw" || !errors.Is(got.Progress.Halt, changes.ErrStopped) || last.times() != 0 {
		t.Errorf("stopped: %s, %+v, sent %d times", letters(&got), got.Progress, last.times())
	}
}

// TestProcessDiesInABatch: another says what is done, what nobody knows, and what was
// not sent; and the first does no more, should it live after all.
func TestProcessDiesInABatch(t *testing.T) {
	p := newProcesses(t)
	slow, last := endless(), quick()
	slow.takes = 400 * time.Millisecond
	b := start(t, p.a, plan("ann", quick(), quick(refused(apiclient.ErrRefused, 0)), slow, last))
	findWhen(t, p.b, b.ID, func(r *changes.Report) bool { return letters(r) == "dfsw" })
	p.endLeases()
	got := find(t, p.b, b.ID)
	if letters(&got) != "dfuw" || !errors.Is(got.Progress.Halt, changes.ErrInterrupted) || !got.Progress.Uncertain {
		t.Errorf("%s, %+v", letters(&got), got.Progress)
	}
	if n := got.Progress; n.Done != 1 || n.Failed != 1 || n.Unknown != 1 || n.Left() != 1 || n.Running() {
		t.Errorf("progress %+v", n)
	}
	if diff := cmp.Diff([]int64{2, 3, 4}, got.Unfinished()); diff != "" {
		t.Errorf("unfinished (-want +got):\n%s", diff)
	}
	if list, err := p.b.Running(t.Context(), "ann", 7); err != nil || len(list) != 0 {
		t.Errorf("it runs: %+v, %v", list, err)
	}
	if err := p.b.Settle(t.Context(), b.ID, "ann", 7); err != nil {
		t.Fatal(err)
	}
	for b.Progress().Running() {
		time.Sleep(5 * time.Millisecond)
	}
	if last.times() != 0 {
		t.Error("what was taken for dead went on")
	}
	if after := find(t, p.b, b.ID); letters(&after) != "dfuw" {
		t.Errorf("it wrote all the same: %s", letters(&after))
	}
}

// TestBatchThatWaits is alive while it waits for Toggl's limit, and hears from another
// process that it is to stop.
func TestBatchThatWaits(t *testing.T) {
	t.Parallel()
	p := newProcesses(t)
	b := start(t, p.a, plan("ann", quick(refused(apiclient.ErrQuota, time.Hour))))
	findWhen(t, p.b, b.ID, func(r *changes.Report) bool { return !r.Progress.ResumesAt.IsZero() })
	p.endLeases()
	if got := find(t, p.b, b.ID); !errors.Is(got.Progress.Halt, changes.ErrInterrupted) {
		t.Errorf("without a lease it is %+v", got.Progress)
	}
	findWhen(t, p.b, b.ID, func(r *changes.Report) bool { return r.Progress.Running() })
	if err := p.b.Stop(t.Context(), b.ID, "ann", 7); err != nil {
		t.Error(err)
	}
	got := findWhen(t, p.b, b.ID, func(r *changes.Report) bool { return !r.Progress.Running() })
	if letters(&got) != "w" || !errors.Is(got.Progress.Halt, changes.ErrStopped) {
		t.Errorf("stopped: %s, %+v", letters(&got), got.Progress)
	}
}

// TestStepsThatWereAddedAreWrittenDown, too.
func TestStepsThatWereAddedAreWrittenDown(t *testing.T) {
	p := newProcesses(t)
	plan := plan("ann", quick())
	asked := false
	plan.More = func() []changes.Step {
		if asked {
			return nil
		}
		asked = true
		return []changes.Step{{ID: 9, Name: "Nine", Call: quick()}}
	}
	b := start(t, p.a, plan)
	got := findWhen(t, p.b, b.ID, func(r *changes.Report) bool { return !r.Progress.Running() })
	if rows, total := got.Rows(1, 1); total != 2 || rows[0].Name != "Nine" || got.Progress.Total != 2 || letters(&got) != "dd" {
		t.Errorf("%+v of %d, %+v", rows, total, got.Progress)
	}
	if latest, err := p.b.Latest(t.Context(), "ann", 7); err != nil || latest.ID != b.ID {
		t.Errorf("the latest is %q, %v", latest.ID, err)
	}
}

// TestNothingIsSentThatIsNotWrittenDown.
func TestNothingIsSentThatIsNotWrittenDown(t *testing.T) {
	db, err := store.Open(t.Context(), ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	r := changes.NewRunner(changes.RunnerOptions{Store: db, Kind: "batch"})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	c := quick()
	if _, err := r.Start(t.Context(), plan("ann", c)); err == nil || c.times() != 0 {
		t.Errorf("started with %v, sent %d times", err, c.times())
	}
	if err := r.Close(t.Context()); err != nil {
		t.Errorf("it is taken for running: %v", err)
	}
}
