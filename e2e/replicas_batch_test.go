package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"roster/apiclient/sandbox"
)

// deactivate starts to deactivate the first n active members, and returns the page
// that tells how far that is, and their ids.
func (s *replicas) deactivate(v *visitor, n int) (progress answer, ids []string) {
	s.t.Helper()
	path := s.organizationPath() + "/users"
	list := v.page(http.MethodGet, path+"?active_status=active", nil)
	list.Find("#users tbody tr").Each(func(_ int, row *goquery.Selection) {
		if len(ids) < n && row.Find(".tag:contains('Owner')").Length() == 0 {
			ids = append(ids, row.Find("[name=id]").AttrOr("value", ""))
		}
	})
	if len(ids) < n {
		s.t.Fatalf("only %d of %d members", len(ids), n)
	}
	preview := v.page(http.MethodPost, path+"/changes/deactivation", url.Values{"id": ids, "active_status": {"active"}})
	form := preview.hidden("form.pad")
	form.Set("confirmed", "true")
	s.upstream.ResetRequests()
	return v.page(http.MethodPost, preview.Find("form.pad").AttrOr("action", ""), form), ids
}

// press sends the form of a button.
func (v *visitor) press(on answer, button string) answer {
	v.t.Helper()
	action, ok := on.Find("form:has(" + button + ")").Attr("action")
	if !ok {
		v.t.Fatalf("%s has no %s: %.400s", on.path, button, on.text("main"))
	}
	return v.page(http.MethodPost, action, on.hidden("form:has("+button+")"))
}

// updates counts the changes of users that reached Toggl, by the user's id.
func (s *replicas) updates() map[string]int {
	sent := map[string]int{}
	for _, r := range s.upstream.Requests() {
		if r.Operation == "UpdateOrganizationUser" {
			sent[r.Path[strings.LastIndex(r.Path, "/")+1:]]++
		}
	}
	return sent
}

// TestReplicaStopsTheOthersBatch: begun on one, seen and stopped on the other.
func TestReplicaStopsTheOthersBatch(t *testing.T) {
	t.Parallel()
	s := startReplicas(t, sandbox.Options{})
	v := s.visitor(1, "a").signIn(s.upstream.Owner())
	s.upstream.SetLatency(400 * time.Millisecond)
	batch, ids := s.deactivate(v, 12)
	v.on("b")
	var seen answer
	until(t, "the other replica tells how far it is", func() bool {
		seen = v.page(http.MethodGet, batch.path, nil)
		return strings.Contains(seen.text("#row-"+ids[0]), "Done")
	})
	v.press(seen, "#batch-stop")
	until(t, "it has stopped", func() bool {
		seen = v.page(http.MethodGet, batch.path, nil)
		return seen.Find("#batch-retry").Length() == 1
	})
	if got := seen.text("#batch .note"); !strings.HasPrefix(got, "Stopped.") {
		t.Errorf("it says %q", got)
	}
	if n := len(s.updates()); n >= len(ids) {
		t.Errorf("all %d were sent", n)
	}
}

// TestReplicaDiesInABatch: the other one says what is done, what nobody knows and what
// was not sent, and sends the rest; nothing twice.
func TestReplicaDiesInABatch(t *testing.T) {
	t.Parallel()
	s := startReplicas(t, sandbox.Options{})
	v := s.visitor(1, "a").signIn(s.upstream.Owner())
	s.upstream.SetLatency(400 * time.Millisecond)
	batch, ids := s.deactivate(v, 6)
	until(t, "two changes were sent", func() bool { return len(s.updates()) >= 2 })
	if err := s.a.Kill(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond) // what is under way comes to its end at Toggl
	s.upstream.SetLatency(0)
	before := len(s.updates())

	v.on("") // nginx finds out which one is left
	v.page(http.MethodGet, s.organizationPath()+"/users", nil)
	var shown answer
	until(t, "the other replica offers to send the rest", func() bool {
		shown = v.page(http.MethodGet, batch.path, nil)
		return shown.Find("#batch-retry").Length() == 1
	})
	if got := shown.text("#batch .note"); !strings.HasPrefix(got, "Roster ended") {
		t.Errorf("it says %q", got)
	}
	if got := shown.text("#batch-state"); !strings.Contains(got, " not sent") {
		t.Errorf("how far it is: %q", got)
	}
	if n := len(s.updates()); n != before {
		t.Errorf("%d were sent by themselves", n-before)
	}
	next := v.press(shown, "#batch-retry")
	until(t, "the rest is done", func() bool {
		shown = v.page(http.MethodGet, next.path, nil)
		return shown.Find("#batch[hx-get]").Length() == 0
	})
	if got := shown.text("#batch-state"); strings.Contains(got, "failed") || strings.Contains(got, "not sent") {
		t.Errorf("at the end: %q", got)
	}
	sent := s.updates()
	for _, id := range ids {
		if sent[id] != 1 {
			t.Errorf("%s was sent %d times", id, sent[id])
		}
	}
}

// TestReplicasShareResults: what became of an invitation.
func TestReplicasShareResults(t *testing.T) {
	t.Parallel()
	s := startReplicas(t, sandbox.Options{})
	v := s.visitor(1, "a").signIn(s.upstream.Owner())
	path := s.organizationPath() + "/invitations"
	form := v.page(http.MethodGet, path, nil)
	result := v.page(http.MethodPost, path, url.Values{
		"emails": {"ann@new.example"}, "workspaces": {form.Find("[name=workspaces]").First().AttrOr("value", "")},
	})
	v.on("b")
	again := v.page(http.MethodGet, result.path, nil)
	if got := again.text("#addresses"); got != "ann@new.example Invited" || got != result.text("#addresses") {
		t.Errorf("the other replica says %q", got)
	}
}

// TestSessionsStayWithAReplica as long as it lives, and go on at the other afterwards.
func TestSessionsStayWithAReplica(t *testing.T) {
	t.Parallel()
	s := startReplicas(t, sandbox.Options{})
	answeredBy := map[string]bool{}
	visitors := make([]*visitor, 12)
	for i := range visitors {
		visitors[i] = s.visitor(i, "").signIn(s.upstream.Admin())
		mine := map[string]bool{}
		for range 5 {
			replica := visitors[i].answeredBy(s.organizationPath() + "/users")
			mine[replica], answeredBy[replica] = true, true
		}
		if len(mine) != 1 {
			t.Errorf("visitor %d was answered by %v", i, mine)
		}
	}
	if len(answeredBy) != 2 {
		t.Errorf("all sessions are with %v", answeredBy)
	}
	if err := s.a.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, v := range visitors {
		if got := v.page(http.MethodGet, s.organizationPath()+"/users", nil); got.path == "/sign-in" {
			t.Error("somebody was signed out")
		}
	}
}

// answeredBy is the address of the replica that answers a request.
func (v *visitor) answeredBy(path string) string {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.base+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header = v.header.Clone()
	response, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.Header.Get("X-Answered-By")
}
