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

func TestNewOrganization(t *testing.T) {
	a := signedIn(t)
	if href := a.get("/orgs").attr(`.page-head a.btn`, "href"); href != "/orgs/new" {
		t.Errorf("the picker leads to %q", href)
	}
	a.calls()
	got := a.get("/orgs/new").want(http.StatusOK)
	if got.attr("main form", "action") != "/orgs" || got.attr("main form", "method") != "post" {
		t.Error("no form")
	}
	if title := got.text("title"); title != "New organization · Roster" {
		t.Errorf("title %q", title)
	}
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("asked %v", calls)
	}
}

// TestCreateOrganization: the new one opens, and every page's frame knows it.
func TestCreateOrganization(t *testing.T) {
	a := signedIn(t)
	got := a.post("/orgs", url.Values{"name": {"Second & Sons"}, "workspace_name": {"Yard"}}).want(http.StatusSeeOther)
	want := []map[string]any{{"name": "Second & Sons", "workspace_name": "Yard"}}
	if diff := cmp.Diff(want, a.sent("CreateOrganization")); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	page := a.get(got.header.Get("Location")).want(http.StatusOK)
	page.has("#flash", "Created the organization Second & Sons with the workspace Yard.")
	page.has("h1", "Second & Sons")
	page.has("section[aria-labelledby=h-facts]", "You are the owner")
	page.has("#workspaces", "Yard")
	if names := page.texts("#switcher a bdi"); !slices.Contains(names, "Second & Sons") || len(names) != 4 {
		t.Errorf("the switcher holds %q", names)
	}
	if a.get("/settings").text("#flash") != "" {
		t.Error("the flash is shown twice")
	}
}

// TestCreateOrganizationBeforeTheListKnows: the answer may be ahead of the list.
func TestCreateOrganizationBeforeTheListKnows(t *testing.T) {
	for name, failure := range map[string]sandbox.Failure{
		"not yet": {Body: "[]"}, "quota": {Status: 402, Body: `"You have hit your hourly limit for API calls."`}, "down": {Status: 503},
	} {
		t.Run(name, func(t *testing.T) {
			a := signedIn(t)
			failure.Operation, failure.Times = "ListMyOrganizations", -1
			a.upstream.Script(failure)
			a.post("/orgs", url.Values{"name": {"Early"}, "workspace_name": {"Bird"}}).want(http.StatusSeeOther)
			if names := a.get("/settings").texts("#switcher a bdi"); !slices.Contains(names, "Early") {
				t.Errorf("the switcher holds %q", names)
			}
		})
	}
}

// TestCreateOrganizationRefused are refusals that the sandbox itself makes.
func TestCreateOrganizationRefused(t *testing.T) {
	long := strings.Repeat("ä", 141)
	for _, tt := range []struct{ name, workspace, field, words string }{
		{"", "Yard", "name", "Field 'name' cannot be empty."},
		{"  ", "Yard", "name", "Field 'name' cannot be empty."},
		{long, "Yard", "name", "organization name too long, maximum length is 140"},
		{"Second", "", "workspace_name", "workspace name must be provided"},
		{"Second", " ", "workspace_name", "workspace name must contain non-space characters"},
		{"Second", long, "workspace_name", "workspace name must not be longer than 140"},
	} {
		t.Run(tt.words, func(t *testing.T) {
			a := signedIn(t)
			got := a.post("/orgs", url.Values{"name": {tt.name}, "workspace_name": {tt.workspace}}).want(http.StatusUnprocessableEntity)
			got.refusedAt(tt.field, tt.words)
			if got.attr("#name", "value") != tt.name || got.attr("#workspace_name", "value") != tt.workspace {
				t.Error("what was typed is lost")
			}
		})
	}
	a := newApp(t)
	a.signIn(a.upstream.Member())
	got := a.post("/orgs", url.Values{"name": {"Second"}, "workspace_name": {"Yard"}}).want(http.StatusForbidden)
	got.has("#errors", "User is not authorized to create an organization", "Status 403.", "from Toggl")
	if got.attr("#name", "value") != "Second" {
		t.Error("what was typed is lost")
	}
}

func TestRenameOrganization(t *testing.T) {
	a := signedIn(t)
	form := a.get(a.orgURL()).want(http.StatusOK).Find("#rename form")
	if form.AttrOr("action", "") != a.orgURL()+"/name" || form.Find("#name").AttrOr("value", "") != "Halden & Moss" {
		t.Error("the form isn't about this organization")
	}
	if _, open := form.Parent().Attr("open"); open {
		t.Error("the form is open before anybody opened it")
	}
	a.calls()
	a.post(a.orgURL()+"/name", url.Values{"name": {"Halden, Moss & Co"}}).leadsTo(a.orgURL())
	if calls := a.calls(); !slices.Equal(calls, []string{"UpdateOrganization"}) {
		t.Errorf("asked %v", calls)
	}
	a.get("/settings").has("#switcher", "Halden, Moss & Co")
	got := a.get(a.orgURL()).want(http.StatusOK)
	got.has("h1", "Halden, Moss & Co")
	got.has("title", "Halden, Moss & Co · Roster")
	got.has(".side .org", "Halden, Moss & Co")
}

func TestRenameOrganizationRefused(t *testing.T) {
	for name, words := range map[string]string{
		"": "field 'name' cannot be empty", " ": "field 'name' cannot be empty",
		strings.Repeat("x", 141): "organization name too long, maximum length is 140",
	} {
		a := signedIn(t)
		got := a.post(a.orgURL()+"/name", url.Values{"name": {name}}).want(http.StatusUnprocessableEntity)
		got.refusedAt("name", words)
		if _, open := got.Find("#rename").Attr("open"); !open || got.attr("#name", "value") != name {
			t.Errorf("%q: the form is closed or empty", name)
		}
		got.has("h1", "Halden & Moss")
	}
}

// TestRenameOrganizationOfAMember: no form, and Toggl's words for who sends it
// all the same.
func TestRenameOrganizationOfAMember(t *testing.T) {
	a := newApp(t)
	a.signIn(a.upstream.Member())
	if a.get(a.orgURL()).want(http.StatusOK).Find("#rename").Length() != 0 {
		t.Error("a member is offered what Toggl refuses")
	}
	got := a.post(a.orgURL()+"/name", url.Values{"name": {"Mine"}}).want(http.StatusForbidden)
	got.has("#errors", "User is not authorized to update the organization")
	if got.attr("#name", "value") != "Mine" {
		t.Error("what was typed is lost")
	}
}

// TestRenameOrganizationWhileDown: with nothing to show around it the form
// stands alone, and keeps what was typed.
func TestRenameOrganizationWhileDown(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Status: http.StatusServiceUnavailable, Times: -1})
	got := a.post(a.orgURL()+"/name", url.Values{"name": {"Halden"}}).want(http.StatusBadGateway)
	got.has("#errors", "Toggl couldn't answer")
	if got.attr("#name", "value") != "Halden" || got.attr("main form", "action") != a.orgURL()+"/name" {
		t.Error("what was typed is lost")
	}
}

func TestDeparture(t *testing.T) {
	a := newApp(t)
	a.signIn(a.upstream.Admin())
	if href := a.get(a.orgURL()).attr("section[aria-labelledby=h-facts] .foot a", "href"); href != a.orgURL()+"/departure" {
		t.Errorf("the overview leads to %q", href)
	}
	got := a.get(a.orgURL() + "/departure").want(http.StatusOK)
	got.has("h1", "Leave Halden & Moss?")
	got.has(".danger-zone", a.upstream.Admin().Email, "invite you again", "It has 214 users now.")
	if strings.Contains(got.text("main"), "last user") {
		t.Error("it says that the organization goes")
	}
	a.calls()
	a.post(a.orgURL()+"/departure", nil).leadsTo("/orgs")
	if calls := a.calls(); !slices.Equal(calls, []string{"LeaveOrganization"}) {
		t.Errorf("asked %v", calls)
	}
	settings := a.get("/settings").want(http.StatusOK) // which reads no list of organizations
	if names := settings.texts("#switcher a bdi"); slices.Contains(names, "Halden & Moss") {
		t.Errorf("the switcher holds %q", names)
	}
	settings.has("#flash", "You left Halden & Moss.")
	a.get("/orgs").want(http.StatusOK).has(".empty", "You are in no organization")
}

func TestDepartureOfTheOwner(t *testing.T) {
	a := signedIn(t)
	a.get(a.orgURL()+"/departure").want(http.StatusOK).has(".note.warn", "You own this organization.")
	got := a.post(a.orgURL()+"/departure", nil).want(http.StatusUnprocessableEntity)
	got.has("#errors", "You have not left.", "Cannot remove the organization owner.", "from Toggl")
	got.has("title", "Error: ")
	if got.Find("main form[method=post] button").Length() != 1 {
		t.Error("there is no way to try again")
	}
	if names := got.texts("#switcher a bdi"); !slices.Contains(names, "Halden & Moss") {
		t.Error("the session forgot it all the same")
	}
}

// TestDepartureOfTheLastUser: the organization goes too, and that is said.
func TestDepartureOfTheLastUser(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Operation: "GetOrganization", Body: `{"id":` + number(a.org) + `,"name":"Solo","user_count":1}`})
	got := a.get(a.orgURL() + "/departure").want(http.StatusOK)
	got.has(".danger-zone", "You are its last user, so the organization itself goes too,")
	got.has("main button", "Leave and remove the organization")
}

func TestUsage(t *testing.T) {
	a := signedIn(t)
	link := a.get(a.orgURL()).want(http.StatusOK).Find("#organization-usage a")
	address := a.orgURL() + "/usage"
	if link.AttrOr("href", "") != address || link.AttrOr("hx-get", "") != address || link.AttrOr("hx-target", "") != "#organization-usage" {
		t.Error("the overview doesn't lead there")
	}
	a.calls()
	fragment := a.getFragment(address, a.orgURL()).want(http.StatusOK)
	if calls := a.calls(); !slices.Equal(calls, []string{"GetOwner", "ListUsage"}) {
		t.Errorf("asked %v", calls)
	}
	whole := a.get(address).want(http.StatusOK)
	for _, got := range []page{fragment, whole} {
		got.has("#organization-usage", a.upstream.Owner().Name, a.upstream.Owner().Email, "Users 189", "Workspaces 8 of 12", "Groups 17")
		if href := got.attr("#organization-usage .who a", "href"); !strings.HasPrefix(href, a.userURL(a.upstream.Owner())) {
			t.Errorf("the owner leads to %q", href)
		}
	}
	if fragment.isPage() || fragment.Find("h1").Length() != 0 {
		t.Error("a page inside a page")
	}
}

func TestUsageWithoutAPart(t *testing.T) {
	for operation, tt := range map[string]struct{ note, kept string }{
		"GetOwner":  {"The owner could not be read. Toggl has no such thing.", "Workspaces 8 of 12"},
		"ListUsage": {"The usage could not be read. Toggl has no such thing.", "Ingrid Solheim"},
	} {
		a := signedIn(t)
		a.upstream.Script(sandbox.Failure{Operation: operation, Status: http.StatusNotFound, Body: `"gone"`})
		a.get(a.orgURL()+"/usage").want(http.StatusOK).has("#organization-usage", tt.note, tt.kept)
	}
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Status: http.StatusServiceUnavailable, Times: -1})
	got := a.getFragment(a.orgURL()+"/usage", a.orgURL()).want(http.StatusBadGateway)
	if got.header.Get("HX-Retarget") != "#flash" {
		t.Error("the failure lands in the overview")
	}
}
