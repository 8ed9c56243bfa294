package handlers_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
	"roster/handlers"
	"roster/store"
)

// A setApp is an app whose change sets are sent on a database in a file, with the
// clock of the test.
type setApp struct {
	*app
	options handlers.Options
	store   *store.Store
	path    string
	people  []member
}

// A member is somebody of the organization, as the export has them.
type member struct {
	id, email, name    string
	workspaces, groups []string
}

// withSets is signed in as the owner.
func withSets(t testing.TB, options ...any) *setApp {
	t.Helper()
	s := &setApp{path: filepath.Join(t.TempDir(), "sets.db")}
	s.store = openStore(t, s.path)
	options = append(options, func(o *handlers.Options) {
		o.Store, o.Wait = s.store, func(ctx context.Context, d time.Duration) error { return s.wait(ctx, d) }
		s.options = *o
	})
	s.app = signedIn(t, options...)
	s.closeAtEnd(s.handlers)
	s.people = s.readPeople()
	s.upstream.ResetRequests()
	return s
}

func openStore(t testing.TB, path string) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), path)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func (s *setApp) closeAtEnd(h *handlers.Handlers) {
	s.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.t.Context()), 10*time.Second)
		defer cancel()
		_ = h.Close(ctx)
	})
}

// wait waits by the test's clock.
func (s *setApp) wait(ctx context.Context, d time.Duration) error {
	until := s.clock().Add(d)
	for s.clock().Before(until) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
	return nil
}

// another is Roster in a second process: the same database, sessions and
// browser, another server.
func (s *setApp) another(db *store.Store) *setApp {
	s.t.Helper()
	server := httptest.NewUnstartedServer(nil)
	o := s.options
	o.PublicURL, o.Store = &url.URL{Scheme: "http", Host: server.Listener.Addr().String()}, db
	h, err := handlers.New(o)
	must(s.t, err)
	server.Config.Handler = h
	server.Start()
	s.t.Cleanup(server.Close)
	s.closeAtEnd(h)
	other := *s
	other.app = &app{t: s.t, upstream: s.upstream, handlers: h, server: server, client: s.client, log: s.log, org: s.org, now: s.clock()}
	other.store = db
	return &other
}

func (s *setApp) readPeople() []member {
	s.t.Helper()
	file := s.get(s.orgURL() + "/users.csv").want(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	must(s.t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	split := func(text string) []string {
		return strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == ' ' })
	}
	var people []member
	for _, row := range rows[1:] {
		if row[column["owner"]] == "true" || row[column["admin"]] == "true" || row[column["inactive"]] == "true" || row[column["joined"]] != "true" {
			continue
		}
		people = append(people, member{
			id: row[column["id"]], email: row[column["email"]], name: row[column["name"]],
			workspaces: strings.Split(row[column["workspaces.workspace_name"]], "; "), groups: split(row[column["groups.group_id"]]),
		})
	}
	return people
}

// outside are n members who aren't in a workspace, inside those who are in it,
// through no group.
func (s *setApp) outside(workspace string, n int) []member { return s.members(workspace, false, n) }
func (s *setApp) inside(workspace string, n int) []member  { return s.members(workspace, true, n) }

func (s *setApp) members(workspace string, in bool, n int) []member {
	s.t.Helper()
	var found []member
	for _, m := range s.people {
		if slices.Contains(m.workspaces, workspace) == in && len(m.groups) == 0 && len(found) < n {
			found = append(found, m)
		}
	}
	if len(found) < n {
		s.t.Fatalf("only %d of %s", len(found), workspace)
	}
	return found
}

func adds(workspace string, members ...member) []string { return lines(workspace, "add", members) }

func removes(workspace string, members ...member) []string {
	return lines(workspace, "remove", members)
}

func lines(workspace, op string, members []member) []string {
	var list []string
	for _, m := range members {
		list = append(list, m.email+","+workspace+","+op)
	}
	return list
}

func (s *setApp) url(path string) string { return s.orgURL() + path }

// stage has lines of CSV staged.
func (s *setApp) stage(lists ...[]string) {
	s.t.Helper()
	text := strings.Join(slices.Concat(lists...), "\n")
	s.post(s.url("/assignments/import"), url.Values{"csv": {text}}).leadsTo(s.url("/assignments/review"))
}

// apply presses the button of the review and returns the address of the set.
func (s *setApp) apply() string {
	s.t.Helper()
	review := s.get(s.url("/assignments/review")).want(http.StatusOK)
	s.upstream.ResetRequests()
	return s.post(s.url("/assignments/applications"), hidden(review, "form:has(#apply)")).want(http.StatusSeeOther).header.Get("Location")
}

func hidden(p page, form string) url.Values {
	values := url.Values{}
	p.Find(form + " input[type=hidden]").Each(func(_ int, s *selection) { values.Add(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	return values
}

// until looks at a page until the element has the words.
func (s *setApp) until(address, selector, words string) page {
	s.t.Helper()
	var got page
	for range 1000 {
		got = s.get(address).want(http.StatusOK)
		if strings.Contains(got.text(selector), words) {
			return got
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.t.Fatalf("%s: %s is %.300q, never with %q", got.name, selector, got.text(selector), words)
	return got
}

// done looks until nothing more is sent.
func (s *setApp) done(address string) page {
	s.t.Helper()
	for range 1000 {
		if got := s.get(address).want(http.StatusOK); got.Find("#change-set[hx-get]").Length() == 0 {
			return got
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.t.Fatalf("%s doesn't come to its end", address)
	return page{}
}

// assignments are the elements that Toggl got, in order, each as operation, user,
// status and path.
func (s *setApp) assignments() []string {
	s.t.Helper()
	var list []string
	for _, r := range s.upstream.Requests() {
		if r.Operation != "ChangeAssignments" {
			continue
		}
		var elements []struct {
			Operation string
			UserID    int64 `json:"user_id"`
		}
		must(s.t, json.Unmarshal([]byte(r.Body), &elements))
		for _, e := range elements {
			list = append(list, fmt.Sprintf("%s %d %d %s", e.Operation, e.UserID, r.Status, r.Path))
		}
	}
	return list
}

func refuseAssignments(times int, words string) sandbox.Failure {
	return sandbox.Failure{Operation: "ChangeAssignments", Times: times, Status: 400, Body: jsonString(words)}
}

var usedUp = sandbox.Failure{
	Operation: "ChangeAssignments", Status: 402, Body: jsonString("You have hit your hourly limit for API calls."),
	Header: http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"1800"}},
}

func TestReviewAndApply(t *testing.T) {
	s := withSets(t)
	in, out := s.outside("Finance", 2), s.inside("Delivery", 1)
	s.stage(adds("Finance", in...), removes("Delivery", out...))
	review := s.get(s.url("/assignments/review")).want(http.StatusOK)
	review.has("h1", "Review 3 changes")
	review.has("#warnings", "1 person loses access to Delivery")
	review.has("#cost", "Sent as 2 requests, one for each workspace", "2 more read", "4 requests", "more this hour")
	review.has("#plan", "Finance", "+2", in[0].name, in[1].name, "Delivery", "−1", out[0].name, "Loses access")
	review.has("#apply", "Apply 3 changes")
	address := s.apply()
	end := s.done(address)
	end.has("#change-set-state", "3 applied")
	end.has("#change-set-rows", "Applied", out[0].name)
	if got := s.assignments(); len(got) != 3 {
		t.Errorf("sent %v", got)
	}
	s.get(s.url("/assignments/review")).has("main", "Nothing is staged")
	s.get(s.url("/changes")).want(http.StatusOK).has("#change-sets", "3 changes", "You", "3 applied", "Applied")
	// A second click sends nothing more.
	s.upstream.ResetRequests()
	s.post(s.url("/assignments/applications"), hidden(review, "form:has(#apply)")).leadsTo(address)
	if got := s.assignments(); len(got) != 0 {
		t.Errorf("sent again: %v", got)
	}
}

// TestApplyWhatWasSeen: what was staged in another tab since is looked at first.
func TestApplyWhatWasSeen(t *testing.T) {
	s := withSets(t)
	in := s.outside("Finance", 2)
	s.stage(adds("Finance", in[0]))
	seen := hidden(s.get(s.url("/assignments/review")), "form:has(#apply)")
	s.stage(adds("Finance", in[1]))
	s.upstream.ResetRequests()
	again := s.post(s.url("/assignments/applications"), seen).want(http.StatusConflict)
	again.has("main", "Nothing was sent.", in[1].name)
	again.has("#apply", "Apply 2 changes")
	if got := s.assignments(); len(got) != 0 {
		t.Errorf("sent %v", got)
	}
	s.post(s.url("/assignments/applications"), nil).leadsTo(s.url("/assignments/review"))
}

func TestApplyWithOneRefusal(t *testing.T) {
	s := withSets(t)
	in := s.outside("Finance", 3)
	s.stage(adds("Finance", in...))
	s.upstream.Script(refuseAssignments(2, "Invalid user_id.")) // the list, and its first element alone
	address := s.apply()
	end := s.done(address)
	end.has("#change-set-state", "2 applied, 1 rejected")
	end.has("#change-set .note", "2 applied, 1 rejected.", "The rejected change is still staged so you can fix or undo it.")
	end.has("#change-set-rows .has-error", "Invalid user_id.", "from Toggl", "Rejected")
	s.get(address+"?show=rejected").has("#change-set-rows", "Invalid user_id.")
	review := s.get(s.url("/assignments/review")).want(http.StatusOK)
	review.has("h1", "Review 1 change")
	review.has("#plan", "Toggl refused it before:", "Invalid user_id.")
	if got := s.assignments(); len(got) != 6 {
		t.Errorf("sent %v", got)
	}
	refused := s.get(s.url("/activity?result=refused")).texts("#activity > li")
	if len(refused) != 4 || !strings.Contains(refused[0], "Invalid user_id. from Toggl") || !strings.Contains(refused[0], "Direct access to Finance No → becomes Yes") {
		t.Errorf("in the log: %q", refused)
	}
	// What is staged again is no more than what was refused: undo gives it up.
	undo := s.post(end.attr("form:has(#change-set-undo)", "action"), nil)
	undo.leadsTo(s.url("/assignments/review"))
	back := s.get(s.url("/assignments/review")).want(http.StatusOK)
	back.has("h1", "Review 2 changes")
	back.has("main", "This takes back the changes of", "Staged the way back")
	back.has("#plan", "−2")
	undone := s.done(s.apply())
	undone.has("h1", "Undo of 2 changes")
	undone.has("#change-set-state", "2 applied")
	s.stage(adds("Finance", in...)) // nobody is in it: all can be staged
}

func TestUndoBesideOtherChanges(t *testing.T) {
	s := withSets(t)
	in := s.outside("Finance", 2)
	s.stage(adds("Finance", in[0]))
	address := s.apply()
	s.done(address)
	s.stage(adds("Labs", s.outside("Labs", 1)...))
	end := s.get(address)
	end.has("#change-set-undo", "Discard 1 staged change and undo")
	s.post(address+"/undo", nil).leadsTo(address)
	s.get(address).has("#flash", "Nothing was changed: 1 other change is staged.")
	s.get(s.url("/assignments/review")).has("#plan", "Labs")
	s.post(address+"/undo", hidden(end, "form:has(#change-set-undo)")).leadsTo(s.url("/assignments/review"))
	review := s.get(s.url("/assignments/review"))
	review.has("#plan", "Finance", in[0].name)
	if strings.Contains(review.text("#plan"), "Labs") {
		t.Error("the other change is still staged")
	}
	// What somebody else took back meanwhile isn't taken back again.
	s.done(s.apply())
	s.post(address+"/undo", nil).leadsTo(address)
	s.get(address).has("#flash", "Nothing of it can be undone", in[0].name+" in Finance was changed since")
}

func TestApplyWithoutAssignments(t *testing.T) {
	s := withSets(t, func(o *sandbox.Options) { o.NoAssignments = true })
	in, out := s.outside("Finance", 1), s.inside("Delivery", 1)
	s.stage(adds("Finance", in...), removes("Delivery", out...))
	s.done(s.apply()).has("#change-set-state", "2 applied")
	var used []string
	for _, r := range s.upstream.Requests() {
		if r.Method != http.MethodGet {
			used = append(used, r.Operation+" "+number(int64(r.Status)))
		}
	}
	slices.Sort(used)
	if got := strings.Join(used, ", "); got != "ChangeAssignments 405, RemoveWorkspaceUsers 200, UpdateOrganizationUser 200" {
		t.Errorf("used %s", got)
	}
}

func TestQuotaStopsAndGoesOn(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 2)...))
	s.get(s.url("")) // the overview is remembered
	s.upstream.Script(usedUp)
	address := s.apply()
	waiting := s.until(address, "#change-set .note", "Toggl's hourly limit is used up.")
	waiting.has("#change-set .note", "It goes on by itself at 10:34")
	waiting.has("#change-set-state", "0 applied, 2 left")
	if waiting.Find("#change-set[hx-get]").Length() != 1 || !strings.Contains(waiting.body, `http-equiv="refresh"`) {
		t.Error("the page doesn't ask again by itself")
	}
	s.get(s.url("")).has(".notes", "Changes are being sent.", "Show progress")
	s.pass(31 * time.Minute)
	s.signIn(s.upstream.Owner()) // the first session has ended
	end := s.done(address)
	end.has("#change-set-state", "2 applied")
}

// TestAnotherSessionIsTold whose connection a run goes on with.
func TestAnotherSessionIsTold(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 1)...))
	s.upstream.Script(usedUp)
	address := s.apply()
	s.until(address, "#change-set .note", "used up")
	s.post("/sign-out", nil)
	s.pass(time.Second)
	s.signIn(s.upstream.Owner())
	s.get(address).has("#change-set", "It was started in another session of yours.")
	s.pass(time.Hour)
	s.signIn(s.upstream.Owner())
	s.done(address).has("#change-set-state", "1 applied")
}

func TestStopAndContinue(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 2)...))
	s.get(s.url("")) // the overview is remembered
	s.upstream.Script(usedUp)
	address := s.apply()
	waiting := s.until(address, "#change-set .note", "used up")
	s.post(waiting.attr("form:has(#change-set-stop)", "action"), nil).leadsTo(address)
	stopped := s.done(address)
	stopped.has("#change-set-resume", "Continue with 2 changes")
	s.get(s.url("")).has(".notes", "Changes were not sent to their end.")
	s.pass(time.Hour)
	s.signIn(s.upstream.Owner())
	s.post(stopped.attr("form:has(#change-set-resume)", "action"), nil).leadsTo(address)
	s.done(address).has("#change-set-state", "2 applied")
}

// TestRestart: the program ends while a set waits; the next one asks.
func TestRestart(t *testing.T) {
	s := withSets(t)
	one, two := s.outside("Delivery", 1), s.outside("Finance", 1)
	s.stage(adds("Delivery", one...), adds("Finance", two...))
	late := usedUp
	s.upstream.Script(sandbox.Failure{Operation: "ChangeAssignments", Delay: time.Millisecond}) // Delivery goes through
	s.upstream.Script(late)
	address := s.apply()
	s.until(address, "#change-set .note", "used up")
	must(t, s.handlers.Close(t.Context()))
	next := s.another(openStore(t, s.path))
	next.pass(time.Hour)
	next.signIn(next.upstream.Owner())
	asked := next.done(address)
	asked.has("#change-set .note", "Roster ended meanwhile, so it doesn't go on by itself.")
	before := len(next.assignments())
	time.Sleep(20 * time.Millisecond)
	if got := next.assignments(); len(got) != before {
		t.Errorf("it went on by itself: %v", got)
	}
	next.post(asked.attr("form:has(#change-set-resume)", "action"), nil).leadsTo(address)
	next.done(address).has("#change-set-state", "2 applied")
	sent := map[string]int{}
	for _, e := range next.assignments() {
		if strings.Contains(e, " 200 ") {
			sent[e]++
		}
	}
	if len(sent) != 2 {
		t.Errorf("carried out: %v", sent)
	}
	for e, n := range sent {
		if n != 1 {
			t.Errorf("%s was carried out %d times", e, n)
		}
	}
}

// TestCrash: a process dies between the request and its answer. The person is
// told what is done, unknown and left, and what is unknown is read.
func TestCrash(t *testing.T) {
	s := withSets(t)
	in := s.outside("Finance", 3)
	s.stage(adds("Finance", in...))
	set, err := s.store.StagedChangeSet(t.Context(), s.org, subject(s.upstream.Owner()))
	must(t, err)
	steps, err := s.store.Steps(t.Context(), set.ID)
	must(t, err)
	const lease = 300 * time.Millisecond
	_, err = s.store.ClaimChangeSet(t.Context(), set.ID, "dead", []string{store.SetStaged}, lease)
	must(t, err)
	must(t, s.store.BeginSteps(t.Context(), set.ID, "dead", []int64{steps[0].ID, steps[1].ID}))
	must(t, s.store.EndSteps(t.Context(), set.ID, "dead", []store.StepResult{{ID: steps[0].ID, State: store.StepDone}}))
	address := s.url("/changes/" + set.ID)
	s.get(address).has("#change-set", "Another process of Roster sends this.")
	s.post(address+"/resume", nil).leadsTo(address) // it is the other one's
	time.Sleep(lease + 50*time.Millisecond)
	asked := s.get(address)
	asked.has("#change-set .note", "Roster ended while it sent this.", "1 change is applied, 1 is unknown and will be read before anything more is sent, 1 is left.")
	asked.has("#change-set-rows", "Unknown")
	asked.has("#change-set-resume", "Continue with 2 changes")
	s.upstream.ResetRequests()
	s.post(asked.attr("form:has(#change-set-resume)", "action"), nil).leadsTo(address)
	s.done(address).has("#change-set-state", "3 applied")
	if got := s.assignments(); len(got) != 2 {
		t.Errorf("sent %v: the one that is done must not be among them", got)
	}
}

func subject(p sandbox.Persona) string { return "toggl:" + number(p.UserID) }

// TestTwoProcesses: of two that apply the same set at once one does.
func TestTwoProcesses(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 3)...))
	other := s.another(openStore(t, s.path))
	form := hidden(s.get(s.url("/assignments/review")), "form:has(#apply)")
	s.upstream.ResetRequests()
	s.upstream.SetLatency(20 * time.Millisecond)
	answers := make(chan page, 2)
	for _, one := range []*setApp{s, other} {
		go func() { answers <- one.post(one.url("/assignments/applications"), form) }()
	}
	address := (<-answers).want(http.StatusSeeOther).header.Get("Location")
	(<-answers).leadsTo(address)
	s.done(address)
	other.done(address).has("#change-set-state", "3 applied")
	if got := s.assignments(); len(got) != 3 {
		t.Errorf("sent %v", got)
	}
}

func TestHeldBack(t *testing.T) {
	s := withSets(t)
	in := s.outside("Finance", 2)
	s.stage(removes("Delivery", s.inside("Delivery", 1)...), adds("Finance", in...))
	set, err := s.store.StagedChangeSet(t.Context(), s.org, subject(s.upstream.Owner()))
	must(t, err)
	steps, err := s.store.Steps(t.Context(), set.ID)
	must(t, err)
	steps[0].Was = "both:310003" // as if it had been so when it was staged
	must(t, s.store.StageStep(t.Context(), set.ID, steps[0]))
	s.get(s.url("/assignments/review")).has("#plan", "Changed in Toggl since you staged it")
	end := s.done(s.apply())
	end.has("#change-set-state", "2 applied, 1 held back")
	end.has("#change-set-rows", "Somebody changed it meanwhile: it was a direct member, also via a group, and is a direct member now.")
}

func TestDiscard(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 2)...))
	review := s.get(s.url("/assignments/review"))
	review.has("#discard", "2 staged changes are given up for good", "Discard 2 changes")
	s.post(s.url("/assignments/discard"), nil).leadsTo(s.url("/assignments/review")) // without the set nothing happens
	s.get(s.url("/assignments/review")).has("h1", "Review 2 changes")
	s.post(s.url("/assignments/discard"), hidden(review, "#discard form")).leadsTo(s.url("/assignments"))
	s.get(s.url("/assignments/review")).has("main", "Nothing is staged")
	if got := s.assignments(); len(got) != 0 {
		t.Errorf("sent %v", got)
	}
}

func TestImportErrors(t *testing.T) {
	s := withSets(t)
	good := s.outside("Finance", 2)
	text := "user,workspace,operation\r\n" + strings.Join([]string{
		good[0].email + ",Finance,add", "nobody@example.com,Finance,add", good[1].email + ",Nowhere,add",
		good[1].email + ",Finance,perhaps", "short", `"` + good[1].email + `",finance,ADD`, good[0].email + ",Finance,add",
		s.upstream.Owner().Email + ",Finance,remove",
	}, "\r\n")
	got := s.post(s.url("/assignments/import"), url.Values{"csv": {text}}).want(http.StatusUnprocessableEntity)
	got.has("title", "Error: ")
	got.has("#import", "6 lines were not staged.", "Staged 2 changes.", "Line 3", "Nobody in the organization has this e-mail address.",
		"Line 4", "No workspace has this name", "Write add or remove.", "A line needs a user or group", "Another line is about the same", "Can't be removed")
	kept := got.text("#import-text")
	for _, line := range []string{"nobody@example.com,Finance,add", "short", s.upstream.Owner().Email + ",Finance,remove"} {
		if !strings.Contains(kept, line) {
			t.Errorf("%q is lost: %q", line, kept)
		}
	}
	if strings.Contains(kept, "finance,ADD") {
		t.Error("what was staged comes back")
	}
	got.has("#plan", good[0].name, good[1].name)
	for name, tt := range map[string]struct {
		text   string
		status int
		words  string
	}{
		"nothing":  {"  \n", 422, "Choose a file, or type lines."},
		"no CSV":   {"\"a,b,c\n\"x\"y,\"", 422, "not staged"},
		"too many": {strings.Repeat(",,\n", 10_001), 422, "At most 10"},
		"too much": {strings.Repeat("x", 1<<20+1), 413, "too much at once"},
	} {
		t.Run(name, func(t *testing.T) {
			s.in(t)
			s.post(s.url("/assignments/import"), url.Values{"csv": {tt.text}}).want(tt.status).has("main", tt.words)
		})
	}
}

// TestImportFile is the form as a browser sends it, with what Excel writes.
func TestImportFile(t *testing.T) {
	s := withSets(t)
	in := s.outside("Finance", 1)
	upload := func(content string) page {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		file, err := form.CreateFormFile("file", "../../changes.csv")
		must(t, err)
		_, err = file.Write([]byte(content))
		must(t, err)
		must(t, form.WriteField("csv", ""))
		must(t, form.Close())
		r := s.request(http.MethodPost, s.url("/assignments/import"), &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Header.Set("Origin", s.server.URL)
		return s.do(r)
	}
	upload("\ufeff" + in[0].email + ";Finance;add\r\n").leadsTo(s.url("/assignments/review"))
	s.get(s.url("/assignments/review")).has("#flash", "Staged 1 change.")
	// The file that is downloaded can be uploaded again, where it does nothing.
	review := s.get(s.url("/assignments/review"))
	down := s.get(review.attr(`.actions a[href$="csv"]`, "href")).want(http.StatusOK)
	if got := down.header.Get("Content-Disposition"); got != `attachment; filename="changes.csv"` {
		t.Errorf("named %s", got)
	}
	upload(down.body).want(http.StatusUnprocessableEntity).has("#import", "Already so, or staged already.")
	object := s.get(review.attr(`.actions a[href$="json"]`, "href")).want(http.StatusOK)
	var set struct {
		Steps []struct{ Email, Operation string }
	}
	must(t, json.Unmarshal([]byte(object.body), &set))
	if len(set.Steps) != 1 || set.Steps[0].Email != in[0].email || set.Steps[0].Operation != "add" {
		t.Errorf("as JSON: %s", object.body)
	}
	upload(strings.Repeat("x", 1<<20)).want(http.StatusRequestEntityTooLarge)
}

// TestImportWithoutToggl keeps the lines.
func TestImportWithoutToggl(t *testing.T) {
	s := withSets(t)
	in := s.outside("Finance", 1)
	s.pass(time.Hour)
	s.signIn(s.upstream.Owner())
	s.upstream.Script(sandbox.Failure{Operation: "ListGroups", Times: -1, Status: 400, Body: jsonString("Not today.")})
	got := s.post(s.url("/assignments/import"), url.Values{"csv": {in[0].email + ",Finance,add"}}).want(http.StatusUnprocessableEntity)
	got.has("#import", "Nothing was staged.", "Not today.")
	got.has("#import-text", in[0].email)
}

// TestWhoseSets: others' sets can be seen by admins, and are theirs to go on with.
func TestWhoseSets(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 1)...))
	set, err := s.store.StagedChangeSet(t.Context(), s.org, subject(s.upstream.Owner()))
	must(t, err)
	address := s.url("/changes/" + set.ID)
	s.get(address).leadsTo(s.url("/assignments/review"))
	s.client = newBrowser(t)
	s.signIn(s.upstream.Admin())
	s.get(address).want(http.StatusNotFound) // what isn't applied is nobody else's business
	s.client = newBrowser(t)
	s.signIn(s.upstream.Owner())
	s.done(s.apply())
	s.get(strings.Replace(address, s.orgURL(), "/orgs/1", 1)).want(http.StatusNotFound)
	s.client = newBrowser(t)
	s.signIn(s.upstream.Admin())
	s.get(address).want(http.StatusOK).has("#change-set", "1 applied")
	s.get(s.url("/changes")).want(http.StatusOK).has("#change-sets", "1 applied")
	s.post(address+"/stop", nil).want(http.StatusNotFound)
	s.post(address+"/resume", nil).want(http.StatusNotFound)
	s.client = newBrowser(t)
	s.signIn(s.upstream.Member())
	for _, path := range []string{address, address + "/steps.csv", address + "/steps.json"} {
		s.get(path).want(http.StatusNotFound)
	}
	s.get(s.url("/changes")).want(http.StatusOK).has("main", "Nothing has been applied yet")
}

// TestChangeSetPolls don't extend the session, and bring the progress alone.
func TestChangeSetPolls(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 1)...))
	address := s.apply()
	s.done(address)
	s.upstream.ResetRequests()
	got := s.getFragment(address+"?auto=1", address).want(http.StatusOK)
	if got.isPage() || got.Find("#change-set").Length() != 1 {
		t.Error("not the progress alone")
	}
	got.has("#announce", "1 applied")
	if calls := s.calls(); len(calls) != 0 {
		t.Errorf("looking at it asks Toggl for %v", calls)
	}
	for range 6 {
		s.pass(6 * time.Minute)
		got = s.do(asHTMX(s.request(http.MethodGet, address+"?auto=1", nil), s.server.URL+address))
	}
	if got.status != http.StatusUnauthorized {
		t.Errorf("after half an hour of polling: %d", got.status)
	}
}

func TestChangeSetCalls(t *testing.T) {
	s := withSets(t)
	s.pass(time.Hour)
	s.signIn(s.upstream.Owner())
	s.upstream.ResetRequests()
	var address string
	in, out := s.outside("Finance", 2), s.inside("Delivery", 1)
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"import", func() { s.stage(adds("Finance", in...), removes("Delivery", out...)) }, "ListGroups ListMyWorkspaces ListOrganizationUsers ListOrganizationUsers ListOrganizationUsers"},
		{"review", func() { s.get(s.url("/assignments/review")) }, "ListWorkspaceUsers ListWorkspaceUsers"},
		{"review again", func() { s.get(s.url("/assignments/review")) }, ""},
		{"apply", func() { address = s.apply(); s.done(address) }, "ChangeAssignments ChangeAssignments ListWorkspaceUsers ListWorkspaceUsers"},
		{"its page", func() { s.get(address) }, ""},
		{"the list", func() { s.get(s.url("/changes")) }, ""},
		{"undo", func() { s.post(address+"/undo", nil).want(http.StatusSeeOther) }, "ListWorkspaceUsers ListWorkspaceUsers"},
		{"activity", func() { s.get(s.url("/activity")).want(http.StatusOK) }, ""},
	} {
		step.do()
		if got := strings.Join(s.calls(), " "); got != step.want {
			t.Errorf("%s: asked for %q, want %q", step.name, got, step.want)
		}
	}
}

// TestReviewOfManyWorkspaces plans on what is known, and reads more when asked.
func TestReviewOfManyWorkspaces(t *testing.T) {
	s := withSets(t, func(o *sandbox.Options) { o.Workspaces = 30 })
	who := s.people[0]
	var text []string
	for _, w := range s.workspaceNames() {
		if !slices.Contains(who.workspaces, w) {
			text = append(text, who.email+","+w+",add")
		}
	}
	s.stage(text[:24])
	s.upstream.ResetRequests()
	review := s.get(s.url("/assignments/review")).want(http.StatusOK)
	if calls := s.calls(); len(calls) != 0 {
		t.Errorf("asked %v", calls)
	}
	review.has("main", "This plans on what is known.", "Read 20 workspaces of 24")
	more := s.get(s.url("/assignments/review?check=more")).want(http.StatusOK)
	if calls := s.calls(); len(calls) != 20 {
		t.Errorf("asked %d times", len(calls))
	}
	more.has("main", "Read 4 workspaces")
	s.get(s.url("/assignments/review?check=more")).want(http.StatusOK)
	if got := s.get(s.url("/assignments/review")); strings.Contains(got.text("main"), "plans on what is known") {
		t.Error("all are known by now")
	}
}

func (s *setApp) workspaceNames() []string {
	s.t.Helper()
	return s.get(s.url("/workspaces")).want(http.StatusOK).texts("#workspaces tbody th")
}

// TestApplyWhileClosing: who applies while the program ends is told.
func TestApplyWhileClosing(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 1)...))
	must(t, s.handlers.Close(t.Context()))
	review := s.get(s.url("/assignments/review"))
	s.post(s.url("/assignments/applications"), hidden(review, "form:has(#apply)")).leadsTo(s.url("/assignments/review"))
	s.get(s.url("/assignments/review")).has("#flash", "Roster is about to end, so nothing was sent.")
	if _, err := s.store.StagedChangeSet(t.Context(), s.org, subject(s.upstream.Owner())); errors.Is(err, store.ErrNotFound) {
		t.Error("the staged set is gone")
	}
}
