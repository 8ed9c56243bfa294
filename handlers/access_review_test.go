package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"roster/apiclient"
	"roster/apiclient/sandbox"
)

// requestsOf counts the requests of each operation since the last look.
func (a *app) requestsOf() map[string]int {
	counts := map[string]int{}
	for _, operation := range a.calls() {
		counts[operation]++
	}
	return counts
}

// TestAccessReview: from what it costs to everybody in every workspace.
func TestAccessReview(t *testing.T) {
	a := signedIn(t)
	start := a.get(a.access("")).want(http.StatusOK)
	start.has(".facts", "Users 214", "Workspaces 8", "Requests to Toggl 10", "about 10 seconds")
	a.calls()
	got := a.reads(nil)
	if counts := a.requestsOf(); counts["ListOrganizationUsers"] != 2 || counts["ListWorkspaceUsers"] != 8 {
		t.Errorf("asked %v", counts)
	}
	got.has(".facts", "People 214", "Workspaces 8", "Read just now", "at 10:04", "Invited over 14 days ago 8")
	if folded := got.texts(".access .rows > li"); len(folded) != 8 {
		t.Fatalf("%d workspaces: %q", len(folded), folded)
	}
	got.has("#no-workspace", "In no workspace")
	a.get(a.access("workspace=2000006")).has(".facts", "People 21 ", "Workspaces 1 ")

	for _, u := range a.upstreamUsers("") {
		for _, w := range u.Workspaces {
			if u.Owner || w.WorkspaceName != "Labs" {
				continue
			}
			row := a.get(a.access("workspace="+number(w.WorkspaceID))).accessRow("workspace-"+number(w.WorkspaceID), u.Name)
			hasWords(t, row, u.Email)
			for _, g := range w.Groups {
				hasWords(t, row, g.Name)
			}
		}
	}
}

// TestAccessReviewMarks: two-factor off, long invited and inactive, and only those
// where that is asked.
func TestAccessReviewMarks(t *testing.T) {
	a := signedIn(t)
	people := map[string]apiclient.OrganizationUser{}
	for mark, suits := range map[string]func(apiclient.OrganizationUser) bool{
		"Off":         func(u apiclient.OrganizationUser) bool { return u.Joined && !u.Inactive && !u.TwoFactorEnabled },
		"20 days ago": func(u apiclient.OrganizationUser) bool { return !u.Joined && !u.Inactive },
		"Inactive":    func(u apiclient.OrganizationUser) bool { return u.Inactive },
	} {
		people[mark] = a.pick(func(u apiclient.OrganizationUser) bool { return suits(u) && len(u.Workspaces) > 0 })
	}
	a.upstream.Replace(people["20 days ago"].ID, func(u *sandbox.User) { u.CreatedAt = start.Add(-20 * 24 * time.Hour) })
	fine := a.pick(func(u apiclient.OrganizationUser) bool {
		return u.Joined && !u.Inactive && u.TwoFactorEnabled && len(u.Workspaces) > 0
	})
	a.reads(nil)
	for mark, u := range people {
		id := number(u.Workspaces[0].WorkspaceID)
		got := a.get(a.access("only=exceptions&workspace=" + id)).want(http.StatusOK)
		hasWords(t, got.accessRow("workspace-"+id, u.Name), mark)
		if got.attr("[name=only]", "checked") == "" && got.Find("[name=only][checked]").Length() != 1 {
			t.Error("the filter isn't shown as set")
		}
	}
	id := number(fine.Workspaces[0].WorkspaceID)
	if text := a.get(a.access("only=exceptions&workspace=" + id)).text("tbody"); strings.Contains(text, fine.Email) {
		t.Errorf("%s is no exception", fine.Name)
	}
	a.get(a.access("only=exceptions&workspace=999")).want(http.StatusOK).has(".empty", "No access matches these filters")
}

// TestAccessReviewIsPaged: with 10,000 users and 100 workspaces no page is large.
func TestAccessReviewIsPaged(t *testing.T) {
	a := signedIn(t, inLargeOrganization)
	whole := a.reads(nil)
	if counts := a.requestsOf(); counts["ListOrganizationUsers"] != 50 || counts["ListWorkspaceUsers"] != 100 {
		t.Errorf("asked %v", counts)
	}
	const most = 300_000
	open := whole.attr(".access .rows a", "href")
	if size := len(whole.body); size > most || open == "" {
		t.Errorf("the review has %d bytes", size)
	}
	seen := map[string]bool{}
	address := a.access("workspace=2000005")
	for address != "" {
		got := a.get(address).want(http.StatusOK)
		if size := len(got.body); size > most {
			t.Errorf("%s has %d bytes", address, size)
		}
		for _, link := range got.Find("tbody th a").Map(func(_ int, s *selection) string { return s.AttrOr("href", "") }) {
			if seen[link] {
				t.Fatalf("%s twice", link)
			}
			seen[link] = true
		}
		address = got.attr("a[rel=next]", "href")
	}
	workspace := a.get(a.workspaces() + "/2000005").want(http.StatusOK)
	if count := workspace.text("#users-count"); strings.Map(digits, count) != number(int64(len(seen))) {
		t.Errorf("%d rows of %s", len(seen), count)
	}
}

func digits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

var workspacesUsedUp = sandbox.Failure{
	Operation: "ListWorkspaceUsers", Status: 402, Body: jsonString("You have hit your hourly limit for API calls."),
	Header: http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"1800"}},
}

// waiting is the review's page once it waits for Toggl's limit.
func (a *app) waiting() page {
	a.t.Helper()
	for range 500 {
		if got := a.get(a.access("")); strings.Contains(got.text("#access-reading"), "limit is used up") {
			return got
		}
		time.Sleep(10 * time.Millisecond)
	}
	a.t.Fatal("it doesn't wait")
	return page{}
}

// TestAccessReviewWaitsForTheQuota: what was read is shown meanwhile, and kept where
// somebody stops it; going on asks for the rest alone.
func TestAccessReviewWaitsForTheQuota(t *testing.T) {
	a := withBatches(t)
	a.get(a.access(""))
	a.upstream.Script(workspacesUsedUp)
	a.post(a.access(""), nil).leadsTo(a.access(""))
	got := a.waiting()
	got.has("#access-reading", "2 of 10 requests", "It goes on by itself at 10:34", "What was read so far is below")
	if got.attr("#access-reading", "hx-get") == "" || !strings.Contains(got.body, `http-equiv="refresh"`) {
		t.Error("the page doesn't ask again by itself")
	}
	got.has(".access .rows", "Labs")
	file := a.download(a.orgURL() + "/access.csv")
	if last := file.records[len(file.records)-1][0]; !strings.HasPrefix(last, "# INCOMPLETE: 8 requests to Toggl were not made") {
		t.Errorf("the last line is %q", last)
	}
	if name := file.header.Get("Content-Disposition"); !strings.Contains(name, "-incomplete.csv") {
		t.Errorf("the name is %q", name)
	}
	a.post(got.attr("form:has(#access-stop)", "action"), nil).leadsTo(a.access(""))
	end := a.readToEnd()
	end.has(".access > .note", "Stopped.", "This review isn’t whole.", "8 requests are missing")
	end.has(".access .rows", "Labs")
	end.has("#access-start", "Go on reading")
	a.calls()
	a.reads(end.fields("form:has(#access-start)", "")).has(".facts", "People 214")
	if counts := a.requestsOf(); counts["ListOrganizationUsers"] != 0 || counts["ListWorkspaceUsers"] != 8 {
		t.Errorf("asked %v", counts)
	}
	if whole := a.get(a.access("")); whole.Find(".access > .note").Length() != 0 {
		t.Errorf("something is still missing: %s", whole.text(".access > .note"))
	}
}

// TestAccessReviewAgain: until a newer one is whole, the older one is shown.
func TestAccessReviewAgain(t *testing.T) {
	a := withBatches(t)
	first := a.reads(nil)
	first.has("#access-start", "Read again")
	a.pass(10 * time.Minute)
	a.upstream.Script(workspacesUsedUp)
	a.post(a.access(""), nil).leadsTo(a.access(""))
	a.waiting().has(".facts", "Read 10 min ago", "at 10:04")
	a.post(a.access("")+"/stop", nil).leadsTo(a.access(""))
	end := a.readToEnd()
	end.has(".access > .note", "Stopped.", "This is the review of 10:04.", "The newer one isn’t whole.")
	end.has("#access-start", "Go on reading")
	end.has("[aria-label='In short']", "People 214", "at 10:04")
	if text := end.text(".access > .note"); strings.Contains(text, "This review isn’t whole") {
		t.Errorf("of the older one, which is: %q", text)
	}
}

// TestAccessReviewIsItsSessions: neither another person's nor another session's.
func TestAccessReviewIsItsSessions(t *testing.T) {
	a := signedIn(t)
	a.reads(nil)
	mine := a.client
	for _, persona := range []sandbox.Persona{a.upstream.Admin(), a.upstream.Owner()} {
		a.pass(time.Second)
		a.client = newBrowser(t)
		a.signIn(persona)
		if a.get(a.access("")).Find("#access-csv").Length() != 0 {
			t.Errorf("%s sees a review of another session", persona.Name)
		}
		a.get(a.orgURL() + "/access.csv").leadsTo(a.access(""))
	}
	a.client = mine
	a.get(a.access("")).has("#access-csv", "Export CSV")
	a.pass(2*time.Hour + time.Minute)
	a.client = newBrowser(t)
	a.signIn(a.upstream.Owner())
	if a.get(a.access("")).Find("#access-csv").Length() != 0 {
		t.Error("it is still there after its time")
	}
}

// TestAccessReviewPolls: looking at the progress asks Toggl nothing and doesn't
// extend the session; when it has ended the answer leads to the review.
func TestAccessReviewPolls(t *testing.T) {
	a := withBatches(t)
	a.get(a.access(""))
	a.upstream.Script(workspacesUsedUp)
	a.post(a.access(""), url.Values{}).leadsTo(a.access(""))
	poll := a.waiting().attr("#access-reading", "hx-get")
	a.calls()
	got := a.getFragment(poll, a.access("")).want(http.StatusOK)
	if got.isPage() || got.Find("#access-reading").Length() != 1 || got.Find(".rows").Length() != 0 {
		t.Error("not the progress alone")
	}
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("looking at it asks %v", calls)
	}
	a.post(a.access("")+"/stop", nil)
	a.readToEnd()
	if ended := a.getFragment(poll, a.access("")); ended.header.Get("HX-Location") != a.access("") {
		t.Errorf("at the end: %d, %v", ended.status, ended.header)
	}
	a.get(poll).leadsTo(a.access(""))
	for range 5 {
		a.pass(6 * time.Minute)
		a.getFragment(poll, a.access(""))
	}
	a.pass(time.Minute)
	if late := a.getFragment(poll, a.access("")); late.status != http.StatusUnauthorized {
		t.Errorf("after half an hour of polling: %d", late.status)
	}
}

// TestAccessReviewTwice: pressed twice, it is read once.
func TestAccessReviewTwice(t *testing.T) {
	a := withBatches(t)
	a.upstream.Script(workspacesUsedUp)
	for range 3 {
		a.post(a.access(""), nil).leadsTo(a.access(""))
	}
	a.waiting()
	if counts := a.requestsOf(); counts["ListOrganizationUsers"] != 2 {
		t.Errorf("asked %v", counts)
	}
	a.post(a.access("")+"/stop", nil)
}

// TestAccessReviewWithoutPageHeaders: one page leads to the next.
func TestAccessReviewWithoutPageHeaders(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.NoPageHeaders = true })
	a.reads(nil).has(".facts", "People 214")
	if counts := a.requestsOf(); counts["ListOrganizationUsers"] != 2 || counts["ListWorkspaceUsers"] != 8 {
		t.Errorf("asked %v", counts)
	}
}

// TestAccessReviewOfOneself: an organization of one person, and one that isn't theirs.
func TestAccessReviewOfOneself(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Users, o.Workspaces, o.Groups = 1, 1, 1 })
	got := a.reads(nil)
	got.has(".facts", "People 1")
	hasWords(t, got.Find("tbody tr"), a.upstream.Owner().Name, "Owner")
	a.post("/orgs/1/access", nil).leadsTo("/orgs/1/access")
	for range 500 {
		if got = a.get("/orgs/1/access"); got.Find("#access-reading").Length() == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	got.has(".access > .note", "from Toggl")
}
