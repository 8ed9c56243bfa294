package handlers_test

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
)

// twoReplicas are two processes on one database, of which the browser asks one or the
// other.
func twoReplicas(t *testing.T, options ...any) (a, b *setApp) {
	t.Helper()
	a = withSets(t, options...)
	return a, a.another(openStore(t, a.path))
}

// die makes it look as if whoever works on something had died.
func (s *setApp) die() {
	s.t.Helper()
	db, err := sql.Open("sqlite", s.path+"?_pragma=busy_timeout(5000)")
	must(s.t, err)
	defer func() { must(s.t, db.Close()) }()
	result, err := db.ExecContext(s.t.Context(), `UPDATE records SET held_until = 1 WHERE holder <> ''`)
	must(s.t, err)
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		s.t.Fatalf("%d are under way, %v", n, err)
	}
}

// slowly has one change of a user take that long.
func (s *setApp) slowly(d time.Duration) {
	s.upstream.Script(sandbox.Failure{Operation: "UpdateOrganizationUser", Status: http.StatusOK, Body: "{}", Delay: d})
}

// TestBatchAtAnotherReplica: seen, and stopped.
func TestBatchAtAnotherReplica(t *testing.T) {
	a, b := twoReplicas(t)
	a.slowly(300 * time.Millisecond)
	address, ids := a.deactivating(3)
	got := b.until(address, "#row-"+ids[0], "Being sent")
	got.has("#batch-state", "0 of 3 done")
	got.has("h1", "Deactivate 3 users")
	b.get(b.users("active_status=active")).has(".notes", "Deactivating 3 users.", "Show progress")
	b.post(got.attr("form:has(#batch-stop)", "action"), nil).leadsTo(address)
	for name, replica := range map[string]*setApp{"b": b, "a": a} {
		end := replica.ended(address)
		if text := end.text("#batch-state"); text != "1 of 3 done, 2 not sent" {
			t.Errorf("%s says %q", name, text)
		}
		end.has("#batch .note", "Stopped.", "2 users were not sent")
	}
	again := b.post(b.get(address).attr("form:has(#batch-retry)", "action"), nil).want(http.StatusSeeOther).header.Get("Location")
	a.ended(again).has("#batch-state", "2 of 2 done")
}

// TestBatchWhoseReplicaDied: what is done, what nobody knows, what was not sent; and
// the rest is sent by another, nothing of it twice.
func TestBatchWhoseReplicaDied(t *testing.T) {
	a, b := twoReplicas(t)
	address, ids := a.deactivating(1)
	a.ended(address)
	if calls := len(a.bodiesOf("UpdateOrganizationUser")); calls != 1 {
		t.Fatalf("%d calls", calls)
	}
	a.upstream.ResetRequests()
	ids = append(ids, a.get(a.users("active_status=active")).rowIDs()[:3]...)
	a.upstream.Script(sandbox.Failure{Operation: "UpdateOrganizationUser", Times: 1, Status: 400, Body: jsonString("Cannot deactivate paying user.")})
	a.slowly(600 * time.Millisecond)
	address = a.start(a.tick("/changes/deactivation", "", ids[1:]...))
	b.until(address, "#row-"+ids[2], "Being sent")
	a.die()
	got := b.get(address).want(http.StatusOK)
	got.has("#batch-state", "0 of 3 done, 1 failed, 1 not known, 1 not sent")
	got.has("#batch .note", "Roster ended while this was sent.", "Whether 1 change was carried out isn't known.", "1 user was not sent to Toggl.", "Nothing goes on by itself")
	got.has("#row-"+ids[1], "Failed", "Cannot deactivate paying user.")
	got.has("#row-"+ids[2], "Not known whether done")
	got.has("#row-"+ids[3], "Not sent")
	if only := b.get(address + "?show=unknown"); only.Find("#batch-rows li").Length() != 1 || only.Find("#row-"+ids[2]).Length() != 1 {
		t.Error("not the unknown one alone")
	}
	if got.attr("#batch", "hx-get") != "" || got.Find("#batch-stop").Length() != 0 {
		t.Error("it looks as if it went on")
	}
	if b.get(b.users("")).Find(".notes:contains('Deactivating')").Length() != 0 {
		t.Error("the list says that it runs")
	}
	got.has("#batch-retry", "Send the 3 that aren't known to be done")
	next := b.post(got.attr("form:has(#batch-retry)", "action"), nil).want(http.StatusSeeOther).header.Get("Location")
	b.ended(next).has("#batch-state", "3 of 3 done")
	time.Sleep(700 * time.Millisecond) // the first, which lives after all, would have gone on
	a.get(address).has("#batch-state", "0 of 3 done, 1 failed, 1 not known, 1 not sent")
	sent := map[string]int{}
	for _, r := range a.upstream.Requests() {
		if r.Operation == "UpdateOrganizationUser" {
			sent[r.Path]++
		}
	}
	if len(sent) != 3 {
		t.Errorf("changes of %d users were sent, want 3: %v", len(sent), sent)
	}
	for path, n := range sent { // those that were refused, or not known, once more
		if n > 1 && !strings.HasSuffix(path, ids[1]) && !strings.HasSuffix(path, ids[2]) {
			t.Errorf("%s was sent %d times", path, n)
		}
	}
}

// TestBatchAfterARestart: a stop that was orderly, too, can be gone on with.
func TestBatchAfterARestart(t *testing.T) {
	a, b := twoReplicas(t)
	a.slowly(200 * time.Millisecond)
	address, ids := a.deactivating(2)
	b.until(address, "#row-"+ids[0], "Being sent")
	must(t, a.handlers.Close(t.Context()))
	got := b.get(address).want(http.StatusOK)
	got.has("#batch-state", "1 of 2 done, 1 not sent")
	next := b.post(got.attr("form:has(#batch-retry)", "action"), nil).want(http.StatusSeeOther).header.Get("Location")
	b.ended(next).has("#row-"+ids[1], "Done")
}

// TestInvitationResultAtAnotherReplica, and nobody else's.
func TestInvitationResultAtAnotherReplica(t *testing.T) {
	a, b := twoReplicas(t)
	address := a.post(a.invitations(), a.invitation("ann@new.example")).want(http.StatusSeeOther).header.Get("Location")
	want := a.get(address).want(http.StatusOK)
	got := b.get(address).want(http.StatusOK)
	got.has("h1", "Invited 1 user")
	if got.text("main") != want.text("main") {
		t.Errorf("the other says\n%s\nwant\n%s", got.text("main"), want.text("main"))
	}
	stranger := *b
	stranger.app = &app{t: t, upstream: b.upstream, handlers: b.handlers, server: b.server, client: newBrowser(t), log: b.log, org: b.org, now: b.clock()}
	stranger.signIn(b.upstream.Admin())
	stranger.get(address).want(http.StatusNotFound)
	a.pass(25 * time.Hour)
	if n, err := a.store.DeleteExpiredRecords(t.Context(), a.clock()); err != nil || n == 0 {
		t.Errorf("a day later %d are swept, %v", n, err)
	}
}

// TestResultThatCannotBeKept is the answer itself: the change was made.
func TestResultThatCannotBeKept(t *testing.T) {
	a, _ := twoReplicas(t)
	db, err := sql.Open("sqlite", a.path+"?_pragma=busy_timeout(5000)")
	must(t, err)
	defer func() { must(t, db.Close()) }()
	_, err = db.ExecContext(t.Context(), `CREATE TRIGGER full BEFORE INSERT ON records BEGIN SELECT RAISE(ABORT, 'full'); END`)
	must(t, err)
	a.post(a.invitations(), a.invitation("ann@new.example")).want(http.StatusOK).has("h1", "Invited 1 user")
	// What is not written down beforehand is not sent.
	ids := a.get(a.users("active_status=active")).rowIDs()[:1]
	a.upstream.ResetRequests()
	preview := a.tick("/changes/deactivation", "", ids...)
	a.post(preview.attr("form.pad", "action"), preview.fields("form.pad", "confirmed")).want(http.StatusServiceUnavailable)
	if n := len(a.bodiesOf("UpdateOrganizationUser")); n != 0 {
		t.Errorf("%d were sent", n)
	}
}

// reviewing starts to read who has access.
func (s *setApp) reviewing() {
	s.t.Helper()
	s.post(s.url("/access"), nil).leadsTo(s.url("/access"))
}

// TestReviewAtAnotherReplica: read by one, shown by the other, until the session ends.
func TestReviewAtAnotherReplica(t *testing.T) {
	a, b := twoReplicas(t)
	a.upstream.SetLatency(20 * time.Millisecond)
	a.reviewing()
	b.get(b.url("/access")).has("#access-reading", "0 of 1 request")
	b.reviewing() // is being read
	a.upstream.SetLatency(0)
	want := a.reviewed()
	const sections = ".access .rows, #no-workspace"
	if got := b.reviewed(); got.text(sections) != want.text(sections) || len(want.text(sections)) < 200 {
		t.Errorf("the other shows\n%s\nwant\n%s", got.text(sections), want.text(sections))
	}
	files := [2]string{a.get(a.url("/access.csv")).want(http.StatusOK).body, b.get(b.url("/access.csv")).want(http.StatusOK).body}
	if files[0] != files[1] || len(files[0]) < 1000 {
		t.Errorf("the files differ: %d and %d bytes", len(files[0]), len(files[1]))
	}
	third := a.another(openStore(t, a.path)) // as after a restart
	if got := third.reviewed(); got.text(sections) != want.text(sections) {
		t.Error("a new process shows something else")
	}
	b.reviewing()
	b.reviewed()
	a.get(a.url("/access")).want(http.StatusOK).has("main", "People 214", "Read just now")
	b.post("/sign-out", nil)
	var left int
	db, err := sql.Open("sqlite", a.path+"?_pragma=busy_timeout(5000)")
	must(t, err)
	defer func() { must(t, db.Close()) }()
	must(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM records`).Scan(&left))
	if left != 0 {
		t.Errorf("%d records are left after signing out", left)
	}
}

// reviewed waits until nothing more is read.
func (s *setApp) reviewed() page {
	s.t.Helper()
	for range 1000 {
		if got := s.get(s.url("/access")).want(http.StatusOK); got.Find("#access-reading").Length() == 0 {
			return got
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.t.Fatal("it is read for ever")
	return page{}
}

// TestReviewStoppedAtAnotherReplica, and one whose replica died.
func TestReviewStoppedAtAnotherReplica(t *testing.T) {
	a, b := twoReplicas(t)
	a.upstream.SetLatency(150 * time.Millisecond)
	a.reviewing()
	b.post(b.url("/access/stop"), nil).leadsTo(b.url("/access"))
	b.reviewed().has("main", "Stopped.")
	a.reviewing()
	b.get(b.url("/access")).has("#access-reading", "0 of 1 request")
	a.die()
	got := b.get(b.url("/access")).want(http.StatusOK)
	got.has("main", "Roster ended while it was read.")
	got.has("#access-start", "Read again")
}
