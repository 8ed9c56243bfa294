package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient/sandbox"
)

func (a *app) groups(query string) string {
	if query != "" {
		query = "?" + query
	}
	return a.orgURL() + "/groups" + query
}

func TestGroups(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.groups("")).want(http.StatusOK)
	if got.text("h1") != "Groups 17" || got.text(".side nav a[aria-current=page]") != "Groups" {
		t.Errorf("heading %q, here %q", got.text("h1"), got.text(".side nav a[aria-current=page]"))
	}
	got.has("p.sub", "These are Focus’s.")
	if diff := cmp.Diff([]string{"Name", "Members", "Workspaces", "Placeholders", "Changed"}, got.texts("#groups thead th")); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	if names := got.texts("#groups tbody th a"); len(names) != 17 || !slices.IsSortedFunc(names, compareFold) {
		t.Errorf("groups %q", names)
	}
	rows := got.texts("#groups tbody tr")
	if i := slices.IndexFunc(rows, func(row string) bool { return strings.Contains(row, "Directors") }); i < 0 || !strings.Contains(rows[i], "🧭 Directors 6 Delivery, Design Studio +6") {
		t.Errorf("rows %q", rows)
	}
	got.has("#groups tbody", "Contractor 1, Contractor 2")
	if got.Find("#notes .note").Length() != 0 {
		t.Errorf("notes %q", got.texts("#notes .note"))
	}
}

// TestGroupsParameters: all parameters of the call stand in the address, and in
// the form that changes them.
func TestGroupsParameters(t *testing.T) {
	a := withFocus(t)
	query := url.Values{
		"workspace_id": {"2000002"}, "page": {"2"}, "per_page": {"25"}, "sort_dir": {"desc"}, "filter": {"e"},
		"organization_user_id": {number(a.upstream.Owner().OrganizationUserID)}, "group_ids": {"5,6"},
	}
	got := a.get(a.groups(query.Encode())).want(http.StatusOK)
	if diff := cmp.Diff(query, a.asked("ListTeams")); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	got.has("#users-results .empty", "No group matches these filters")
	sent := got.fields("#groups-filter", "")
	query.Del("page") // a new filter begins at the first
	if diff := cmp.Diff(query, sent); diff != "" {
		t.Errorf("the form sends (-want +got):\n%s", diff)
	}
	usual := url.Values{"workspace_id": {"2000002"}, "per_page": {"100"}}
	a.calls()
	a.get(a.groups("")).want(http.StatusOK)
	if diff := cmp.Diff(usual, a.asked("ListTeams")); diff != "" {
		t.Errorf("without filters it asked for (-want +got):\n%s", diff)
	}
}

// TestGroupsWorkspace: the one that was chosen is remembered, one that Focus
// refuses is not, and each organization has its own.
func TestGroupsWorkspace(t *testing.T) {
	a := withFocus(t)
	chosen := func() string { return a.get(a.groups("")).want(http.StatusOK).text("#workspace_id option[selected]") }
	if chosen() != "Delivery" {
		t.Errorf("at first it is %q", chosen())
	}
	a.get(a.groups("workspace_id=2000002")).want(http.StatusOK)
	other := chosen()
	if other == "Delivery" || other == "" {
		t.Errorf("then it is %q", other)
	}
	got := a.get(a.groups("workspace_id=5")).want(http.StatusForbidden)
	got.has("#users-error", "You are not allowed to see this.", "User does not have permission to view groups from Toggl", "Toggl Focus looked in Workspace 5")
	got.has("#users-error .trace", "Code forbidden", "Trace id")
	if got.text("#workspace_id option[selected]") != "Workspace 5" || chosen() != other {
		t.Errorf("after a refusal it is %q, then %q", got.text("#workspace_id option[selected]"), chosen())
	}
}

// TestGroupsFragment: what is typed is answered with the results and the address.
func TestGroupsFragment(t *testing.T) {
	a := withFocus(t)
	got := a.getFragment(a.groups("filter=eng&workspace_id=2000001&sort_dir=&organization_user_id=&group_ids="), a.groups("workspace_id=2000001")).want(http.StatusOK)
	if got.isPage() || got.header.Get("HX-Replace-Url") != a.groups("filter=eng&workspace_id=2000001") {
		t.Errorf("page %v, address %q", got.isPage(), got.header.Get("HX-Replace-Url"))
	}
	if diff := cmp.Diff([]string{"Engineering"}, got.texts("#groups tbody th a")); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	got.has("#groups-count", "1")
	got.has("#announce", "1 group")
}

func TestGroupsPages(t *testing.T) {
	a := withFocus(t, func(o *sandbox.Options) { o.Groups = 60 })
	got := a.get(a.groups("per_page=25")).want(http.StatusOK)
	got.has(".foot-bar", "1–25 of 60")
	if next := got.attr(".pager a[rel=next]", "href"); next != a.groups("page=2&per_page=25") {
		t.Errorf("next %q", next)
	}
	got = a.get(a.groups("page=3&per_page=25&sort_dir=desc")).want(http.StatusOK)
	if rows := got.Find("#groups tbody tr").Length(); rows != 10 || got.attr("#groups th[aria-sort]", "aria-sort") != "descending" {
		t.Errorf("%d rows, %s", rows, got.attr("#groups th[aria-sort]", "aria-sort"))
	}
	link := got.attr("#groups tbody th a", "href")
	beside := a.get(link).want(http.StatusOK)
	if len(beside.texts(".glist a")) != 10 || beside.attr(".crumbs a", "href") != a.groups("page=3&per_page=25&sort_dir=desc") {
		t.Errorf("beside the group stand %q", beside.texts(".glist a"))
	}
}

// TestGroupsOfTrack: without a Focus key the same page says whose groups it shows.
func TestGroupsOfTrack(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.groups("")).want(http.StatusOK)
	got.has("#notes .note", "Toggl Focus is not connected.", "These are the groups of Toggl Track")
	if link := got.attr("#notes .note a", "href"); !strings.HasPrefix(link, "/settings") || !strings.Contains(link, escape(a.groups(""))) {
		t.Errorf("the note leads to %q", link)
	}
	got.has("p.sub", "These are Track’s.")
	if names := got.texts("#groups tbody th a"); len(names) != 17 || !slices.IsSortedFunc(names, compareFold) {
		t.Errorf("groups %q", names)
	}
	if calls := joined(a.calls()); calls != "ListGroups" {
		t.Errorf("asked %q", calls)
	}
	got = a.get(a.groups("workspace_id=2000001&filter=d&sort_dir=desc&per_page=2&page=2")).want(http.StatusOK)
	requests := a.upstream.Requests()
	if query := requests[len(requests)-1].Query; query != "name=d&workspace=2000001" {
		t.Errorf("asked for %q", query)
	}
	if names := got.texts("#groups tbody th a"); len(names) != 2 || compareFold(names[0], names[1]) < 0 {
		t.Errorf("groups %q", names)
	}
	got = a.get(a.groups("page=99")).want(http.StatusOK)
	got.has("#users-results .empty", "No group matches these filters")
}

// TestGroupsRefused: Focus' words about the parameters stand above the list,
// which keeps them.
func TestGroupsRefused(t *testing.T) {
	for query, words := range map[string]string{
		"per_page=200":  "Field validation for 'PerPage' failed on the 'max' tag",
		"page=-1":       "Field validation for 'Page' failed on the 'min' tag",
		"sort_dir=some": "Field validation for 'SortDir' failed on the 'oneof' tag",
	} {
		a := withFocus(t)
		got := a.get(a.groups(query)).want(http.StatusUnprocessableEntity)
		got.has("#users-error", "Toggl refused this.", words, "from Toggl")
		got.has("#users-error .trace", "Code validation", "Trace id")
		if got.attr("#users-error a", "href") != a.groups("") || got.Find("#groups").Length() != 0 {
			t.Errorf("%s: leads to %q", query, got.attr("#users-error a", "href"))
		}
		fragment := a.getFragment(a.groups(query), a.groups("")).want(http.StatusUnprocessableEntity)
		fragment.has("#users-error", words)
	}
}

// TestGroupsUnread: what isn't about the list's parameters is a problem of the
// page.
func TestGroupsUnread(t *testing.T) {
	for status, want := range map[int]struct {
		status int
		title  string
	}{
		http.StatusUnauthorized:        {http.StatusForbidden, "Toggl Focus refused the API key"},
		http.StatusInternalServerError: {http.StatusBadGateway, "Toggl couldn't answer"},
	} {
		for operation, path := range map[string]string{"ListTeams": "", "ListMyGroups": "/mine"} {
			a := withFocus(t)
			a.post(a.orgURL()+"/refresh", nil) // connecting asks for one's own groups
			a.upstream.Script(focusFailure(operation, status, "words of Focus"))
			if operation == "ListMyGroups" && status == http.StatusInternalServerError { // they were read when Focus was connected
				a.get(a.groups("")+path).want(http.StatusOK).has("#notes", "Toggl couldn't answer.", "words of Focus", "trace4711")
				continue
			}
			got := a.get(a.groups("") + path).want(want.status)
			got.has("#problem h1", want.title)
			got.has("#problem", "trace4711")
		}
	}
	for status, want := range map[int]int{http.StatusBadRequest: http.StatusUnprocessableEntity, http.StatusForbidden: http.StatusForbidden} {
		a := withFocus(t)
		a.post(a.orgURL()+"/refresh", nil)
		a.upstream.Script(focusFailure("ListMyGroups", status, "words of Focus"))
		got := a.get(a.groups("") + "/mine").want(want)
		got.has("#problem", "words of Focus", "trace4711")
	}
}

// focusFailure is an answer with which Focus refuses.
func focusFailure(operation string, status int, words string) sandbox.Failure {
	return sandbox.Failure{
		API: "focus", Operation: operation, Status: status, Times: -1,
		Body: `{"error":"some_code","error_description":` + jsonString(words) + `,"trace_id":"trace4711"}`,
	}
}

func TestMyGroups(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, focus bool) {
		t.Helper()
		a.post(a.orgURL()+"/refresh", nil)
		got := a.get(a.groups("") + "/mine").want(http.StatusOK)
		want := "ListMyGroups"
		if !focus {
			want = "ListGroups"
			got.has("#notes .note", "Toggl Focus is not connected.")
		}
		if calls := joined(a.calls()); calls != want {
			t.Errorf("asked %q", calls)
		}
		names := got.texts(".glist b")
		if len(names) == 0 || got.text("h1") != "My groups "+number(int64(len(names))) {
			t.Fatalf("%q: %q", got.text("h1"), names)
		}
		for i, name := range names {
			members := memberIDs(a.upstreamGroup(name))
			if !slices.Contains(members, a.upstream.Owner().UserID) {
				t.Errorf("the owner isn't in %q", name)
			}
			a.get(got.Find(".glist a").Eq(i).AttrOr("href", "")).want(http.StatusOK).has("h1", name)
		}
	})
}
