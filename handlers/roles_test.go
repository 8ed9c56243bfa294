package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient/sandbox"
	"roster/handlers"
)

func (a *app) roles(rest string) string { return a.orgURL() + "/roles" + rest }

// withFocus is signed in as the owner, with Toggl Focus connected.
func withFocus(t testing.TB, options ...any) *app {
	t.Helper()
	a := signedIn(t, options...)
	connects(a)
	a.upstream.ResetRequests()
	return a
}

// answersRoles makes Focus list these roles.
func (a *app) answersRoles(body string) {
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListRoles", Body: body, Times: -1})
}

func TestRoles(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.roles("")).want(http.StatusOK)
	got.has(".page-head", "Roles", "The roles of Toggl Focus")
	names := got.texts("#roles tbody th a")
	want := []string{
		"Organization owner", "Organization admin", "Organization member",
		"Workspace admin", "Workspace manager", "Workspace member", "Workspace guest", "Project manager", "Group lead",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	admin := oneLine(got.Find("#roles tbody tr").Eq(3).Text())
	for _, words := range []string{"ws_admin", "Full control of one workspace in Focus.", "workspace", "admin", "40", "25 permissions", "1 with a condition"} {
		if !strings.Contains(admin, words) {
			t.Errorf("the row is %q, without %q", admin, words)
		}
	}
	if n := got.text(".tabs [aria-current] .n"); n != "9" {
		t.Errorf("the tab counts %q", n)
	}
	if n := a.get("/settings").Find(".side .nav .n"); n.Length() > 0 && strings.Contains(n.Text(), "9") {
		t.Error("the settings have no organization")
	}
	a.get(a.roles("")).has(".side a[href='"+a.roles("")+"']", "Roles", "9")
}

func TestRolesSearch(t *testing.T) {
	a := withFocus(t)
	tests := []struct {
		q    string
		want []string
	}{
		{"LEAD", []string{"Group lead"}},
		{"ws_guest", []string{"Workspace guest"}},
		{"its plan", []string{"Organization owner"}},
		{"project", []string{"Workspace guest", "Project manager"}},
		{"owner", []string{"Organization owner"}},
	}
	for _, tt := range tests {
		t.Run(tt.q, func(t *testing.T) {
			a := a.in(t)
			address := a.roles("?q=" + escape(tt.q))
			got := a.get(address).want(http.StatusOK)
			if diff := cmp.Diff(tt.want, got.texts("#roles tbody th a")); diff != "" {
				t.Error(diff)
			}
			if typed := got.attr("#roles-search", "value"); typed != tt.q {
				t.Errorf("the box holds %q", typed)
			}
			fragment := a.getFragment(address, a.roles(""))
			if fragment.isPage() || fragment.header.Get("HX-Replace-Url") != address {
				t.Errorf("the address becomes %q", fragment.header.Get("HX-Replace-Url"))
			}
		})
	}
	none := a.get(a.roles("?q=zzz"))
	none.has(".empty", "No roles match this search", "“zzz”")
	if clear := none.attr(".empty a", "href"); clear != a.roles("") {
		t.Errorf("Clear leads to %q", clear)
	}
}

// TestRolesOfTrack: without a Focus key the page says what to connect, and shows
// what Track has; with one both can be seen.
func TestRolesOfTrack(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.roles("")).want(http.StatusOK)
	got.has(".note", "Toggl Focus is not connected.", "These are the roles of Toggl Track.", "Connect Toggl Focus")
	if connect := got.attr(".note a", "href"); !strings.Contains(connect, escape(a.roles(""))) {
		t.Errorf("connecting leads to %q, and not back", connect)
	}
	got.has("#roles", "Team lead", "ws_project_lead")
	if strings.Contains(got.text("#roles"), "Workspace guest") {
		t.Error("a role of Focus")
	}
	if got := joined(a.calls()); got != "ListRoles" {
		t.Errorf("asked %q", got)
	}
	connects(a)
	got = a.get(a.roles("")).want(http.StatusOK)
	if got.Find(".note").Length() > 1 || !strings.Contains(got.text("#roles"), "Workspace guest") {
		t.Errorf("connected: %s", got.text(".note"))
	}
	track := got.attr(".sub a", "href")
	got = a.get(track).want(http.StatusOK)
	got.has(".sub", "The roles of Toggl Track", "Show those of Focus")
	got.has("#roles", "Team lead")
	if kept := got.attr("#roles-form [name=source]", "value"); kept != "track" {
		t.Errorf("comparing keeps %q", kept)
	}
	for _, link := range []string{"#roles tbody th a", ".tabs a:nth-child(2)", ".tabs a:nth-child(3)"} {
		if href := got.attr(link, "href"); !strings.Contains(href, "source=track") {
			t.Errorf("%s leads to %q", link, href)
		}
	}
}

// TestRolesCounts: people are counted among those that are known, or have been
// read because somebody asked for it.
func TestRolesCounts(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.roles(""))
	got.has(".counted", "not known yet", "at most 10 requests to Toggl")
	if text := got.text("#roles tbody tr:first-child td:last-child"); text != "Show users with the role Organization owner" {
		t.Errorf("a count of nothing known: %q", text)
	}
	a.get(a.orgURL()) // says how many users there are
	a.calls()
	got = a.get(a.roles(""))
	got.has(".counted", "(3 requests to Toggl)")
	got = a.get(got.attr(".counted a", "href")).want(http.StatusOK)
	if calls := joined(a.calls()); calls != "ListUsers ListUsers ListUsers" {
		t.Errorf("counting asked %q", calls)
	}
	counts := map[string]string{}
	got.Find("#roles tbody tr").Each(func(_ int, s *selection) {
		counts[textOf(s.Find("th a"))] = textOf(s.Find("td").Last())
	})
	for role, want := range map[string]string{
		"Organization owner": "1 user with the role Organization owner", "Organization member": "Show users with the role Organization member",
		"Workspace guest": "0 users with the role Workspace guest", "Group lead": "Show users with the role Group lead",
	} {
		if counts[role] != want {
			t.Errorf("%s: %q, want %q", role, counts[role], want)
		}
	}
	got.has(".counted", "Counted among all 214 users", "just now")
	a.pass(5 * time.Minute)
	got = a.get(a.roles(""))
	got.has(".counted", "all 214 users", "5 min ago")
	if calls := joined(a.calls()); calls != "ListRoles" {
		t.Errorf("what is known asked %q", calls)
	}
	link := got.attr("#roles tbody tr:nth-child(4) td:last-child a", "href")
	if link != a.orgURL()+"/focus-users?roles=15" {
		t.Errorf("the count leads to %q", link)
	}
	shown, _, _ := strings.Cut(counts["Workspace admin"], " ")
	if n := a.holders("15"); shown != n {
		t.Errorf("%s workspace admins, Focus lists %s", shown, n)
	}
}

// holders is how many users Focus lists for a role.
func (a *app) holders(role string) string {
	a.t.Helper()
	got := a.get(a.roles("/permissions?role=" + role)).want(http.StatusOK)
	return got.text("#h-people .count")
}

// TestRolesCountsOfMany: one request never reads more than ten pages, and says
// how far it came.
func TestRolesCountsOfMany(t *testing.T) {
	a := withFocus(t, func(o *sandbox.Options) { o.Users = 2500 })
	a.get(a.orgURL())
	a.calls()
	got := a.get(a.roles("?reads=1000")).want(http.StatusOK)
	if calls := a.calls(); len(calls) != 11 {
		t.Errorf("%d requests, one of them for the roles", len(calls))
	}
	got.has(".counted", "the first 1000 of 2500 users", "Read on (10 requests to Toggl)")
	if text := got.text("#roles tbody tr:nth-child(6) td:last-child"); !strings.HasPrefix(text, "at least ") {
		t.Errorf("the count is %q", text)
	}
	next := got.attr(".counted a", "href")
	got = a.get(next).want(http.StatusOK)
	if calls := a.calls(); len(calls) != 10 {
		t.Errorf("%s: %d requests", next, len(calls))
	}
	got.has(".counted", "the first 2000 of 2500 users", "Read on (6 requests to Toggl)")
	got = a.get(got.attr(".counted a", "href"))
	got.has(".counted", "all 2500 users")
	if calls := a.calls(); len(calls) != 6 { // the last is empty: Focus doesn't count
		t.Errorf("%d requests for the rest", len(calls))
	}
}

// TestRolesCountsFail: what can't be counted is said beside what can.
func TestRolesCountsFail(t *testing.T) {
	a := withFocus(t)
	a.upstream.Script(sandbox.Failure{
		API: "focus", Operation: "ListUsers", Status: http.StatusForbidden, Times: -1,
		Body: `{"error":"forbidden","error_description":"User does not have access to the organization","trace_id":"t-1"}`,
	})
	got := a.get(a.roles("?reads=10")).want(http.StatusOK)
	got.has(".note.warn", "The users could not be counted.", "User does not have access to the organization")
	if n := got.Find("#roles tbody tr").Length(); n != 9 {
		t.Errorf("%d roles", n)
	}
}

// TestRolesStale: while Toggl can't answer, what was read before is shown.
func TestRolesStale(t *testing.T) {
	a := withFocus(t)
	a.get(a.roles(""))
	a.pass(10 * time.Minute)
	a.upstream.Script(sandbox.Failure{API: "focus", Status: 500, Times: -1})
	got := a.get(a.roles("/comparison?role=15&role=16")).want(http.StatusOK)
	got.has("#notes", "Toggl couldn't answer.")
	if got.Find("#comparison td").Length() == 0 {
		t.Error("nothing is shown")
	}
}

// TestRolesOfFocusNumber: the organization may have another number in Focus.
func TestRolesOfFocusNumber(t *testing.T) {
	a := signedIn(t)
	a.post("/settings/focus", url.Values{
		"focus_key": {a.upstream.Owner().FocusKey}, "organization_id": {number(a.org)}, "focus_organization_id": {number(a.org)},
	}).want(http.StatusSeeOther)
	a.upstream.ResetRequests()
	a.get(a.roles("")).want(http.StatusOK)
	requests := a.upstream.Requests()
	if len(requests) != 1 || !strings.Contains(requests[0].Path, number(a.org)+"/roles") {
		t.Errorf("asked %+v", requests)
	}
}

// TestRolesAreSortedOnce: the list of the cache is not turned around by a page.
func TestRolesAreSortedOnce(t *testing.T) {
	a := withFocus(t)
	first := a.get(a.roles("")).texts("#roles tbody th a")
	if again := a.get(a.roles("")).texts("#roles tbody th a"); !slices.Equal(first, again) {
		t.Error("another order the second time")
	}
}

// TestRolesBudget: one call serves all pages about roles.
func TestRolesBudget(t *testing.T) {
	a := withFocus(t, func(o *handlers.Options) { o.API.CacheFor = time.Hour })
	a.get(a.roles(""))
	for _, path := range []string{"/comparison", "/comparison?role=15&role=16&all=1&q=x", "/comparison.csv?role=15", "/permissions"} {
		a.download(a.roles(path))
	}
	if got := joined(a.calls()); got != "ListRoles" {
		t.Errorf("all pages about roles asked %q", got)
	}
}
