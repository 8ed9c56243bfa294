package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
)

const invalidX = `parsing "x": invalid syntax`

// focusRefusals are Focus' refusals of the users list, each by the address that
// brings it about.
var focusRefusals = []struct{ query, words, chips, place, without string }{
	{"per_page=101", "Key: 'Pagination.PerPage' Error:Field validation for 'PerPage' failed on the 'max' tag", "", "Rows on a page", ""},
	{"per_page=-1", "Key: 'Pagination.PerPage' Error:Field validation for 'PerPage' failed on the 'min' tag", "", "Rows on a page", ""},
	{"page=-2&per_page=25", "Key: 'Pagination.Page' Error:Field validation for 'Page' failed on the 'min' tag", "", "Page", "per_page=25"},
	{"sort_dir=x", "Key: 'Pagination.SortDir' Error:Field validation for 'SortDir' failed on the 'oneof' tag", "", "Order", ""},
	{"active_status=active,x", "Key: 'ListUsers.ActiveStatus[1]' Error:Field validation for 'ActiveStatus[1]' failed on the 'oneof' tag", "active_status", "Status", ""},
	{"toggl_products=x&filter=an", "Key: 'ListUsers.TogglProducts[0]' Error:Field validation for 'TogglProducts[0]' failed on the 'oneof' tag", "toggl_products", "Product", "filter=an"},
	{"only_admins=x", "strconv.ParseBool: " + invalidX, "only_admins", "Admins", ""},
	{"include_rates=x", "strconv.ParseBool: " + invalidX, "columns", "Rate", ""},
	{"include_working_hours=x", "strconv.ParseBool: " + invalidX, "columns", "Working hours", ""},
	{"roles=1,x", "strconv.ParseInt: " + invalidX, "roles", "Role", ""},
	{"workspaces=x", "strconv.ParseInt: " + invalidX, "workspaces", "Workspace", ""},
	{"groups=x", "strconv.ParseInt: " + invalidX, "groups", "Group", ""},
	{"tag_ids=x", "strconv.ParseInt: " + invalidX, "tag_ids", "Tag", ""},
	{"org_user_ids=x", "strconv.ParseInt: " + invalidX, "ids", "Organization user IDs", ""},
	{"user_account_ids=x", "strconv.ParseInt: " + invalidX, "ids", "Account IDs", ""},
	{"pinned_ids=x", "strconv.ParseInt: " + invalidX, "ids", "First in the list", ""},
	{"groups=x&roles=x&filter=x", "strconv.ParseInt: " + invalidX, "roles groups", "Group and Role", "filter=x"},
	{"page=x", "strconv.ParseInt: " + invalidX, "", "Page", ""},
	{`groups=%22&roles=1`, `strconv.ParseInt: parsing "\"": invalid syntax`, "groups", "Group", "roles=1"},
	{"groups=99999999999999999999", `strconv.ParseInt: parsing "99999999999999999999": value out of range`, "groups", "Group", ""},
}

// TestFocusUsersRefused: Focus' own words above the table, at the filter that
// they are about, with everything kept that was asked, and its trace.
func TestFocusUsersRefused(t *testing.T) {
	a := withFocus(t)
	for _, tt := range focusRefusals {
		t.Run(tt.query, func(t *testing.T) {
			a := a.in(t)
			for _, got := range []page{a.get(a.focusUsers(tt.query)), a.getFragment(a.focusUsers(tt.query), a.focusUsers(""))} {
				got.want(http.StatusUnprocessableEntity)
				if words := got.text("#users-error strong"); words != tt.words {
					t.Errorf("words %q, want %q", words, tt.words)
				}
				got.has("#users-error", "from Toggl")
				if place := got.text("#users-error .muted"); place != tt.place {
					t.Errorf("the place is %q, want %q", place, tt.place)
				}
				got.has("#users-error details", "Details", "Code validation", "Trace id")
				if trace := got.Find("#users-error details code").Last().Text(); len(trace) < 16 {
					t.Errorf("the trace id is %q", trace)
				}
				if href := got.attr("#users-error a", "href"); href != a.focusUsers(tt.without) {
					t.Errorf("the way on is %q, want %q", href, a.focusUsers(tt.without))
				}
				var marked []string
				got.Find(`#users-chips button.has-error[aria-describedby="users-error"]`).Each(func(_ int, s *selection) {
					marked = append(marked, strings.TrimPrefix(s.AttrOr("id", ""), "chip-"))
				})
				if joined(marked) != tt.chips {
					t.Errorf("marked %q, want %q", marked, tt.chips)
				}
				if got.Find("#focus-users").Length() != 0 {
					t.Error("there is a table beside the refusal")
				}
			}
		})
	}
}

// TestFocusUsersRefusedInUnknownWords: words about nothing known stand there too.
func TestFocusUsersRefusedInUnknownWords(t *testing.T) {
	a := withFocus(t)
	a.upstream.Script(sandbox.Failure{
		API: "focus", Operation: "ListUsers", Status: http.StatusBadRequest,
		Body: `{"error":"validation","error_description":"not on a Saturday","trace_id":"abc123"}`,
	})
	got := a.get(a.focusUsers("roles=10&sort_dir=desc")).want(http.StatusUnprocessableEntity)
	got.has("#users-error", "not on a Saturday", "from Toggl", "Clear filters")
	if title := got.text("title"); title != "Error: Focus users · Halden & Moss · Roster" {
		t.Errorf("title %q", title)
	}
	kept := got.fields("#users-filter", "")
	if joined(kept["roles"]) != "10" || joined(kept["sort_dir"]) != "desc" {
		t.Errorf("the form forgot: %v", kept)
	}
}

// TestFocusUsersFailures: every other status of the call has its page, with
// Focus' words, its code and its trace.
func TestFocusUsersFailures(t *testing.T) {
	refused := func(code, words string) string {
		return `{"error":"` + code + `","error_description":"` + words + `","trace_id":"0f1e2d3c4b5a"}`
	}
	for _, tt := range []struct {
		name        string
		failure     sandbox.Failure
		status      int
		title, link string
		words, code string
	}{
		{"a revoked key", sandbox.Failure{Status: 401, Body: refused("invalid_session", "the provided API key is invalid")}, 403, "Toggl Focus refused the API key", "Connect again", "the provided API key is invalid", "invalid_session"},
		{"not a member", sandbox.Failure{Status: 403, Body: refused("forbidden", "User does not have access to the organization")}, 403, "You are not allowed to see this", "Overview", "User does not have access to the organization", "forbidden"},
		{"the quota", sandbox.Failure{Status: 402, Header: http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"600"}}, Body: refused("quota_exceeded", "hourly limit")}, 402, "Toggl's hourly limit is used up", "Overview", "hourly limit", "quota_exceeded"},
		{"the plan", sandbox.Failure{Status: 402, Body: refused("feature", "upgrade to use it")}, 402, "The organization's plan doesn't include this", "Overview", "upgrade to use it", "feature"},
		{"too fast", sandbox.Failure{Status: 429, Header: http.Header{"Retry-After": {"120"}}, Body: refused("rate_limited", "slow down")}, 429, "Toggl is limiting requests", "Overview", "slow down", "rate_limited"},
		{"a fault", sandbox.Failure{Status: 500, Body: refused("error", "Server error"), Times: -1}, 502, "Toggl couldn't answer", "Try again", "", "error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.failure.API, tt.failure.Operation = "focus", "ListUsers"
			failing := func() *app { // anew: a quota that is used up isn't asked for again
				a := withFocus(t)
				a.upstream.Script(tt.failure)
				return a
			}
			for _, path := range []string{"?filter=an", "/5100002"} {
				a := failing()
				got := a.get(a.focusUsers("") + path).want(tt.status)
				got.has("#problem", tt.title, tt.link, tt.words)
				got.has("#problem details.trace", "Code "+tt.code, "Trace id 0f1e2d3c4b5a")
			}
			a := failing()
			fragment := a.getFragment(a.focusUsers("filter=an"), a.focusUsers("")).want(tt.status)
			fragment.has(".note", tt.title)
			fragment.has(".note details.trace", "0f1e2d3c4b5a")
			checkFlashed(t, fragment)
		})
	}
}

// TestFocusUsersStale: while Focus can't be asked, what was read stays, with its
// age and Focus' trace.
func TestFocusUsersStale(t *testing.T) {
	a := withFocus(t)
	a.get(a.focusUsers("")).want(http.StatusOK)
	a.pass(2 * time.Minute)
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListUsers", Status: 500, Times: -1, Body: `{"error":"error","error_description":"Server error","trace_id":"0f1e2d3c4b5a"}`})
	got := a.get(a.focusUsers("")).want(http.StatusOK)
	got.has("#notes", "Toggl couldn't answer.", "This was read at", "Code error", "Trace id 0f1e2d3c4b5a")
	if rows := got.Find("#focus-users tbody tr").Length(); rows != 50 {
		t.Errorf("%d rows", rows)
	}
}

// TestFocusUsersNotMine: a key of somebody who isn't in the organization is
// refused by Focus itself, and leads back after another is connected.
func TestFocusUsersNotMine(t *testing.T) {
	a := withFocus(t)
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListUsers", Status: 401, Body: `{"error":"invalid_session","error_description":"the provided API key is invalid"}`})
	got := a.get(a.focusUsers("filter=an")).want(http.StatusForbidden)
	if link := got.attr("#problem .actions a", "href"); link != "/settings?return_to="+escape(a.focusUsers("filter=an"))+"#h-focus" {
		t.Errorf("connecting again is at %q", link)
	}
}
