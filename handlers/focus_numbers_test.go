package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
	"roster/store"
)

// otherOrganization is another of the owner's, under whose number the tests have
// Focus know the large one.
func (a *app) otherOrganization() string {
	a.t.Helper()
	id := strings.TrimPrefix(a.get("/orgs").attr("#organizations a:not([href='"+a.orgURL()+"'])", "href"), "/orgs/")
	if id == "" {
		a.t.Fatal("the owner has one organization")
	}
	return id
}

// numberedDifferently has Focus know the organization under another number.
func (a *app) numberedDifferently() string {
	a.t.Helper()
	other := a.otherOrganization()
	a.post("/settings/focus", url.Values{
		"focus_key": {a.upstream.Owner().FocusKey}, "organization_id": {number(a.org)}, "focus_organization_id": {other},
	}).want(http.StatusSeeOther)
	a.upstream.ResetRequests()
	return other
}

// TestChangesThroughFocusAreTheOrganizations: the log of an organization has its
// changes, whichever number Focus has for it.
func TestChangesThroughFocusAreTheOrganizations(t *testing.T) {
	s := withSets(t)
	other := s.numberedDifferently()
	s.post(s.url("/groups"), url.Values{"name": {"Night owls"}, "emoji": {"🦉"}}).want(http.StatusSeeOther)
	sent := s.upstream.Requests()
	if last := sent[len(sent)-1]; !strings.Contains(last.Path, "/organizations/"+other+"/groups") {
		t.Fatalf("sent to %s", last.Path)
	}
	rows, err := s.store.Activities(t.Context(), store.ActivityFilter{OrganizationID: s.org, Limit: 10})
	must(t, err)
	if len(rows) != 1 || rows[0].Operation != "CreateGroup" || rows[0].TargetKind != "organization" || rows[0].TargetID != s.org {
		t.Fatalf("the log of the organization has %+v", rows)
	}
	s.get(s.url("/activity")).has("#main", "Night owls")
}

// TestQuotaOfBothNumbers: the scarcer of the two is shown, as each product counts
// for its own number of the organization.
func TestQuotaOfBothNumbers(t *testing.T) {
	a := signedIn(t)
	a.numberedDifferently()
	quota := func(api string, left string) sandbox.Failure {
		body := map[string]string{"track": "[]", "focus": `{"data":[],"page":1,"rows":0,"total":0}`}[api]
		return sandbox.Failure{API: api, Operation: map[string]string{"track": "ListOrganizationUsers", "focus": "ListTeams"}[api], Body: body, Header: http.Header{
			"X-Toggl-Quota-Remaining": {left}, "X-Toggl-Quota-Resets-In": {"600"},
		}}
	}
	a.upstream.Script(quota("track", "41"))
	a.upstream.Script(quota("focus", "7"))
	a.get(a.users("filter=x")).has(".sync", "41 requests left")
	a.get(a.groups("workspace_id=2000001")).has(".sync", "7 requests left")
	a.get(a.users("filter=x")).has(".sync", "7 requests left")
}

// TestRefreshAndChangesUnderBothNumbers: what was read through Focus is read again.
func TestRefreshAndChangesUnderBothNumbers(t *testing.T) {
	a := signedIn(t)
	a.numberedDifferently()
	list := a.groups("workspace_id=2000001")
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListTeams", Times: -1, Body: `{"data":[],"page":1,"rows":0,"total":0}`})
	asks := func(words, want string) {
		t.Helper()
		a.calls()
		a.get(list).want(http.StatusOK)
		if got := joined(a.calls()); got != want {
			t.Errorf("%s: asked %q, want %q", words, got, want)
		}
	}
	asks("at first", "ListTeams")
	asks("again", "")
	a.post(a.orgURL()+"/refresh", nil)
	asks("refreshed", "ListTeams")
	a.post(a.orgURL()+"/workspaces", url.Values{"name": {"Yard"}, "default_currency": {"EUR"}}).want(http.StatusSeeOther)
	asks("after a change through Track", "ListTeams")
}

// TestDaysOfRates: a date without a time is that day for somebody far in the west.
func TestDaysOfRates(t *testing.T) {
	a := newApp(t)
	a.upstream.Script(sandbox.Failure{Operation: "GetMe", Body: `{"id":9000001,"email":"ingrid.solheim@haldenmoss.example","fullname":"Ingrid Solheim","timezone":"America/Los_Angeles"}`})
	a.signIn(a.upstream.Owner())
	connects(a)
	address := a.workspace("Delivery")
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListUsers", Times: -1, Body: `[{"id":7,"user_account_id":8,"name":"Ada","active":true,
		"updated_at":"2026-11-10T02:00:00Z","rate":{"hourly_rate":95,"currency":"EUR","start_at":"2026-01-05T00:00:00Z","end_at":"2026-12-31"}}]`})
	a.upstream.Script(sandbox.Failure{Operation: "ListWorkspaceUsers", Times: -1, Body: `[{"id":1,"user_id":2,"name":"Ada","active":true,
		"rate":95.5,"rate_last_updated":"2026-03-02T00:00:00Z","labor_cost":40,"labor_cost_last_updated":"2025-12-24","at":"2026-11-10T02:00:00Z"}]`})
	if pay := a.get(a.focusUsers("") + "/7").facts("h-pay"); pay["Valid from"] != "5 Jan" || pay["Valid until"] != "31 Dec" {
		t.Errorf("the rate is valid from %q until %q", pay["Valid from"], pay["Valid until"])
	}
	a.get(a.focusUsers("include_rates=true")).has("#focus-users tbody tr", "since 5 Jan", "9 Nov") // a moment is at home
	a.get(address+"?name=ada").has("#workspace-users tbody tr", "since 2 Mar", "since 24 Dec 2025", "9 Nov")
}
