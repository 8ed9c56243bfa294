package changes_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/apiclient/sandbox"
	"roster/changes"
	"roster/store"
)

// An office is an upstream, a database and an organization to change.
type office struct {
	upstream *sandbox.Server
	api      *apiclient.Client
	store    *store.Store
	org      int64
	users    []apiclient.OrganizationUser
	groups   []apiclient.Group
	waited   []time.Duration
	applier  *changes.Applier
	gate     *gate
}

// A gate lets requests through to the upstream until the process is "killed".
type gate struct {
	next http.RoundTripper
	mu   sync.Mutex
	pass func(r *http.Request) (before, after error)
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	g.mu.Lock()
	pass := g.pass
	g.mu.Unlock()
	if pass == nil {
		return g.next.RoundTrip(r)
	}
	before, after := pass(r)
	if before != nil {
		return nil, before
	}
	answer, err := g.next.RoundTrip(r)
	if err == nil && after != nil {
		answer.Body.Close()
		return nil, after
	}
	return answer, err
}

func openOffice(t testing.TB, options sandbox.Options) *office {
	t.Helper()
	o := &office{upstream: sandbox.New(options)}
	server := httptest.NewServer(o.upstream)
	t.Cleanup(server.Close)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	o.gate = &gate{next: transport}
	factory, err := apiclient.NewFactory(apiclient.Options{
		TrackURL: server.URL + "/api/v9", FocusURL: server.URL + "/focus/api", RatePerSecond: 1e6, Burst: 1000, Transport: o.gate,
		Timeout: 5 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.api = factory.Client(apiclient.Credentials{APIToken: o.upstream.Owner().APIToken})
	if o.store, err = store.Open(t.Context(), ":memory:"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.store.Close() })
	o.org = o.upstream.OrganizationID()
	o.read(t)
	o.applier = o.newApplier(o.store)
	return o
}

func (o *office) newApplier(journal changes.Journal) *changes.Applier {
	return changes.NewApplier(journal, changes.ApplierOptions{Wait: func(ctx context.Context, d time.Duration) error {
		o.waited = append(o.waited, d)
		return ctx.Err()
	}})
}

func (o *office) read(t testing.TB) {
	t.Helper()
	o.users = nil
	for user, err := range o.api.Fresh().AllOrganizationUsers(t.Context(), o.org, apiclient.ListOrganizationUsersOptions{}, 1e6) {
		if err != nil {
			t.Fatal(err)
		}
		o.users = append(o.users, user)
	}
	var err error
	if o.groups, err = o.api.Fresh().ListGroups(t.Context(), o.org, apiclient.ListGroupsOptions{}); err != nil {
		t.Fatal(err)
	}
	o.upstream.ResetRequests()
}

// access is as of the last reading, with these workspaces' users as they are.
func (o *office) access(t testing.TB, workspaces ...int64) *changes.Access {
	t.Helper()
	a := changes.NewAccess()
	a.AddUsers(o.users)
	a.AddGroups(o.groups)
	for _, id := range workspaces {
		users, err := o.api.Fresh().ListWorkspaceUsers(t.Context(), o.org, id, apiclient.ListWorkspaceUsersOptions{})
		if err != nil {
			t.Fatal(err)
		}
		a.AddWorkspaceUsers(id, users)
	}
	o.upstream.ResetRequests()
	return a
}

const staff = "Ana, who stages"

// set keeps steps as a staged set.
func (o *office) set(t testing.TB, steps ...store.Step) string {
	t.Helper()
	id := rand.Text()
	// One set per person and organization is staged at a time: each has a person.
	err := o.store.CreateChangeSet(t.Context(), store.ChangeSet{ID: id, OrganizationID: o.org, Subject: staff + id})
	if err = errors.Join(err, o.store.StageSteps(t.Context(), id, steps)); err != nil {
		t.Fatal(err)
	}
	return id
}

func (o *office) job(id string) changes.Job {
	return changes.Job{SetID: id, Client: func() *apiclient.Client { return o.api }}
}

// apply applies a set and says how it ended and what became of its steps.
func (o *office) apply(t testing.TB, id string) (changes.Outcome, string) {
	t.Helper()
	out, err := o.applier.Apply(t.Context(), o.job(id))
	if err != nil {
		t.Fatal(err)
	}
	return out, o.results(t, id)
}

func (o *office) resume(t testing.TB, id string) (changes.Outcome, string) {
	t.Helper()
	out, err := o.applier.Resume(t.Context(), o.job(id))
	if err != nil {
		t.Fatal(err)
	}
	return out, o.results(t, id)
}

// results are the states of a set's steps, counted where there are several.
func (o *office) results(t testing.TB, id string) string {
	t.Helper()
	steps, err := o.store.Steps(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, s := range steps {
		counts[s.State]++
	}
	var parts []string
	for _, state := range []string{"staged", "sending", "done", "refused", "unknown", "held", "already"} {
		if counts[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[state], state))
		}
	}
	return strings.Join(parts, ", ")
}

func (o *office) steps(t testing.TB, id string) []store.Step {
	t.Helper()
	steps, err := o.store.Steps(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

// requests counts by operation what reached the upstream.
func (o *office) requests() string {
	var text strings.Builder
	last, n := "", 0
	flush := func() {
		if n > 0 {
			fmt.Fprintf(&text, "%d %s, ", n, last)
		}
	}
	for _, r := range o.upstream.Requests() {
		if r.Operation != last {
			flush()
			last, n = r.Operation, 0
		}
		n++
	}
	flush()
	return strings.TrimSuffix(text.String(), ", ")
}

// ordinary are users who are neither admins nor paying, and active.
func (o *office) ordinary() []apiclient.OrganizationUser {
	var list []apiclient.OrganizationUser
	for _, u := range o.users {
		if !u.Admin && !u.Owner && !u.Inactive && u.Joined {
			list = append(list, u)
		}
	}
	return list
}

func (o *office) workspaces() []int64 {
	var ids []int64
	for i := range 100 {
		if id := int64(2_000_001 + i); o.hasWorkspace(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (o *office) hasWorkspace(id int64) bool {
	for _, u := range o.users {
		for _, w := range u.Workspaces {
			if w.WorkspaceID == id {
				return true
			}
		}
	}
	return false
}

// some stages n additions and n removals of users in a workspace.
func (o *office) some(t testing.TB, a *changes.Access, workspace int64, n int) []store.Step {
	t.Helper()
	var steps []store.Step
	for _, op := range []string{store.OpAdd, store.OpRemove} {
		left := n
		for _, u := range o.ordinary() {
			cell := a.Cell(store.RowUser, u.UserID, workspace)
			if left == 0 || op == store.OpAdd && cell.HasAccess() || op == store.OpRemove && cell.Membership != changes.Direct {
				continue
			}
			step, _, err := changes.Stage(a, nil, changes.Target{RowKind: store.RowUser, RowID: u.UserID, WorkspaceID: workspace}, op)
			if err != nil {
				t.Fatal(err)
			}
			steps = append(steps, step)
			left--
		}
		if left > 0 {
			t.Fatalf("workspace %d: %d short to %s", workspace, left, op)
		}
	}
	return steps
}

// groupSteps closes each group's first workspace and opens another one.
func (o *office) groupSteps(t testing.TB, a *changes.Access, n int, workspaces ...int64) []store.Step {
	t.Helper()
	var steps []store.Step
	for _, g := range o.groups {
		for _, w := range workspaces {
			if len(steps) == n {
				return steps
			}
			op := store.OpAdd
			if a.Cell(store.RowGroup, g.GroupID, w).HasAccess() {
				op = store.OpRemove
			}
			step, _, err := changes.Stage(a, nil, changes.Target{RowKind: store.RowGroup, RowID: g.GroupID, WorkspaceID: w}, op)
			if err != nil {
				t.Fatal(err)
			}
			steps = append(steps, step)
		}
	}
	return steps
}

// carriedOut checks that upstream is as the steps want it.
func (o *office) carriedOut(t testing.TB, steps []store.Step) {
	t.Helper()
	o.read(t)
	var workspaces []int64
	for _, s := range steps {
		workspaces = append(workspaces, s.WorkspaceID)
	}
	a := o.access(t, workspaces...)
	for _, s := range steps {
		if now := a.Cell(s.RowKind, s.RowID, s.WorkspaceID); !now.Is(s.Op) {
			t.Errorf("%s %s %d in %d: it is %s", s.Op, s.RowKind, s.RowID, s.WorkspaceID, now)
		}
	}
}

func TestApply(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	w := o.workspaces()
	a := o.access(t, w[0], w[1])
	steps := append(o.some(t, a, w[0], 3), o.some(t, a, w[1], 2)...)
	steps = append(steps, o.groupSteps(t, a, 3, w[1], w[2])...)
	plan := changes.PlanSet(steps, a)
	out, results := o.apply(t, o.set(t, steps...))
	if results != "13 done" || out.State != store.SetApplied || plan.Requests != 3 {
		t.Errorf("%+v: %s, %d requests planned", out, results, plan.Requests)
	}
	want := "1 ListGroups, 1 ListWorkspaceUsers, 1 ChangeAssignments, 1 ListWorkspaceUsers, 2 ChangeAssignments"
	if got := o.requests(); got != want {
		t.Errorf("sent %s", got)
	}
	for i, r := range puts(o.upstream.Requests()) {
		var elements []apiclient.Assignment
		if err := json.Unmarshal([]byte(r.Body), &elements); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plan.Workspaces[i].Elements, elements); diff != "" {
			t.Errorf("request %d is not as planned: %s", i, diff)
		}
	}
	o.carriedOut(t, steps)
}

func puts(requests []sandbox.Request) []sandbox.Request {
	var list []sandbox.Request
	for _, r := range requests {
		if r.Method != http.MethodGet {
			list = append(list, r)
		}
	}
	return list
}

// TestWhatOthersDid: cells that changed since they were staged are held back,
// or are already so.
func TestWhatOthersDid(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	w := o.workspaces()[0]
	a := o.access(t, w)
	steps := o.some(t, a, w, 2)
	id := o.set(t, steps...)
	changed := changes.PlanSet(steps, a).Workspaces[0].Elements
	var group int64
	for _, g := range o.groups {
		if a.Cell(store.RowGroup, g.GroupID, w).HasAccess() {
			group = g.GroupID
		}
	}
	// Somebody adds the first, and puts the last into a group that has the workspace.
	err := o.api.ChangeAssignments(t.Context(), o.org, w, changed[:1])
	_, other := o.api.PatchTrackGroup(t.Context(), o.org, group, []apiclient.GroupPatch{{Op: "add", Path: "/users", Value: []int64{steps[3].RowID}}})
	if err = errors.Join(err, other); err != nil {
		t.Fatal(err)
	}
	o.upstream.ResetRequests()
	out, results := o.apply(t, id)
	if out.State != store.SetApplied || results != "2 done, 1 held, 1 already" || o.requests() != "1 ListWorkspaceUsers, 1 ChangeAssignments" {
		t.Errorf("%+v: %s; %s", out, results, o.requests())
	}
	for _, s := range o.steps(t, id) {
		if s.State != store.StepHeld {
			continue
		}
		now, ok := changes.ReadHeld(s)
		if !ok || now.Membership != changes.DirectAndGroup || s.RowID != steps[3].RowID {
			t.Errorf("held %+v: %+v", s, now)
		}
	}
}

// TestOwnGroupIsNobodyElse: a group that the set itself gave a workspace to
// doesn't hold its members' steps back when the run goes on later.
func TestOwnGroupIsNobodyElse(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	w := o.workspaces()[0]
	a := o.access(t, w)
	var steps []store.Step
	for _, g := range o.groups {
		if a.Cell(store.RowGroup, g.GroupID, w).HasAccess() {
			continue
		}
		for _, u := range g.Users {
			at := changes.Target{RowKind: store.RowUser, RowID: u.UserID, WorkspaceID: w}
			if step, _, err := changes.Stage(a, nil, at, store.OpRemove); err == nil && step.Was == "direct" && len(steps) == 0 {
				in, _, err := changes.Stage(a, nil, changes.Target{RowKind: store.RowGroup, RowID: g.GroupID, WorkspaceID: w}, store.OpAdd)
				if err != nil {
					t.Fatal(err)
				}
				steps = append(steps, in, step)
			}
		}
	}
	o.upstream.Script(sandbox.Failure{Operation: "ChangeAssignments", Status: 400, Body: `"Nothing doing."`})
	o.upstream.SetQuotaRemaining(3) // two reads, and the group alone
	id := o.set(t, steps...)
	if out, results := o.apply(t, id); out.Note != changes.NoteQuota || results != "1 staged, 1 done" {
		t.Fatalf("%+v: %s", out, results)
	}
	o.upstream.SetQuotaRemaining(-1)
	if out, results := o.resume(t, id); out.State != store.SetApplied || results != "2 done" {
		t.Errorf("%+v: %s", out, results)
	}
	o.carriedOut(t, steps)
}

func TestRefusals(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	w := o.workspaces()[0]
	a := o.access(t, w)
	steps := o.some(t, a, w, 20)
	gone := steps[7] // to be added, and removed from the organization meanwhile
	if err := o.api.BulkUpdateOrganizationUsers(t.Context(), o.org, []int64{gone.OrganizationUserID}); err != nil {
		t.Fatal(err)
	}
	o.upstream.ResetRequests()
	id := o.set(t, steps...)
	out, results := o.apply(t, id)
	if out.State != store.SetApplied || results != "39 done, 1 refused" {
		t.Errorf("%+v: %s", out, results)
	}
	for _, s := range o.steps(t, id) {
		if s.State == store.StepRefused && (s.RowID != gone.RowID || s.Message != "Invalid user_id.") {
			t.Errorf("refused: %+v", s)
		}
	}
	// 40 are refused, 20 are refused, and so on to one at a time: 10 are.
	if got := len(puts(o.upstream.Requests())); got != 1+2+2+10 {
		t.Errorf("%d requests", got)
	}
	o.carriedOut(t, append(steps[:7:7], steps[8:]...))
}

func TestRefusalsOfOneCell(t *testing.T) {
	for _, tt := range []struct {
		status            int
		body, state, says string
	}{
		{400, `"Cannot remove workspace owner."`, store.StepRefused, "Cannot remove workspace owner."},
		{400, `"Nothing to change."`, store.StepAlready, ""},
		{403, `"Forbidden"`, store.StepRefused, "Forbidden"},
		{403, ``, store.StepRefused, "Forbidden"},
		{402, `"Only for premium plans"`, store.StepRefused, "Only for premium plans"},
	} {
		o := openOffice(t, sandbox.Options{})
		w := o.workspaces()[0]
		id := o.set(t, o.some(t, o.access(t, w), w, 1)[1])
		o.upstream.Script(sandbox.Failure{Operation: "ChangeAssignments", Status: tt.status, Body: tt.body})
		out, _ := o.apply(t, id)
		s := o.steps(t, id)[0]
		if out.State != store.SetApplied || s.State != tt.state || s.Message != tt.says || len(puts(o.upstream.Requests())) != 1 {
			t.Errorf("%d %s: %+v, %s %q", tt.status, tt.body, out, s.State, s.Message)
		}
	}
}

// TestAWorkspaceThatCannotBeRead refuses its steps and goes on with the others.
func TestAWorkspaceThatCannotBeRead(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	w := o.workspaces()
	steps := append(o.some(t, o.access(t, w[0]), w[0], 1), o.some(t, o.access(t, w[1]), w[1], 1)...)
	o.upstream.Script(sandbox.Failure{Operation: "ListWorkspaceUsers", Status: 403, Body: `"Forbidden"`})
	if out, results := o.apply(t, o.set(t, steps...)); out.State != store.SetApplied || results != "2 done, 2 refused" {
		t.Errorf("%+v: %s", out, results)
	}
}

func TestUndoOnTheSandbox(t *testing.T) {
	o := openOffice(t, sandbox.Options{})
	w := o.workspaces()[:2]
	before := o.access(t, w...)
	steps := append(o.some(t, before, w[0], 3), o.groupSteps(t, before, 4, w...)...)
	id := o.set(t, steps...)
	if _, results := o.apply(t, id); results != "10 done" {
		t.Fatal(results)
	}
	o.read(t)
	back, kept := changes.Undo(o.steps(t, id), o.access(t, w...))
	if len(kept) != 0 {
		t.Fatalf("%+v", kept)
	}
	if _, results := o.apply(t, o.set(t, back...)); results != "10 done" {
		t.Fatal(results)
	}
	o.read(t)
	after := o.access(t, w...)
	for _, u := range o.users {
		for _, id := range w {
			was, is := before.Cell(store.RowUser, u.UserID, id), after.Cell(store.RowUser, u.UserID, id)
			if was.String() != is.String() {
				t.Errorf("user %d in %d: %s, was %s", u.UserID, id, is, was)
			}
		}
	}
}
