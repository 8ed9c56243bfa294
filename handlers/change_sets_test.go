package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
)

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
