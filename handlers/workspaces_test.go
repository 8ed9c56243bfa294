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

// workspaces is the list, and workspace the address of one of them.
func (a *app) workspaces() string { return a.orgURL() + "/workspaces" }

func (a *app) workspace(name string) string {
	a.t.Helper()
	got := a.get(a.workspaces()).want(http.StatusOK)
	i := slices.Index(got.texts("#workspaces tbody th"), name)
	if i < 0 {
		a.t.Fatalf("no workspace %q", name)
	}
	return got.Find("#workspaces tbody th a").Eq(i).AttrOr("href", "")
}

func TestWorkspaces(t *testing.T) {
	a := signedIn(t)
	overview := a.get(a.orgURL()).want(http.StatusOK)
	for _, selector := range []string{".figs a:last-child", "section[aria-labelledby=h-workspaces] header a"} {
		if href := overview.attr(selector, "href"); href != a.workspaces() {
			t.Errorf("%s leads to %q", selector, href)
		}
	}
	got := a.get(a.workspaces()).want(http.StatusOK)
	got.has("h1", "Workspaces 8")
	got.has(".page-head .sub", "4 more allowed.")
	got.has("nav[aria-label=Main] a[aria-current=page]", "Workspaces 8")
	if diff := cmp.Diff(overview.texts("#workspaces tbody tr"), got.texts("#workspaces tbody tr")); diff != "" {
		t.Errorf("overview and list differ (-overview +list):\n%s", diff)
	}
	if title := got.text("title"); title != "Workspaces · Halden & Moss · Roster" {
		t.Errorf("title %q", title)
	}
	a.get(got.attr("#workspaces tbody a", "href")).want(http.StatusOK).has("h1", "Delivery")
}

// TestWorkspacesNamedByUsers: who is in none of the workspaces sees their names
// nevertheless.
func TestWorkspacesNamedByUsers(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Operation: "ListMyWorkspaces", Body: "[]", Times: -1})
	got := a.get(a.workspaces()).want(http.StatusOK)
	if names := got.texts("#workspaces tbody th"); len(names) != 8 || names[0] != "Delivery" {
		t.Errorf("workspaces %q", names)
	}
	if calls := a.calls(); len(calls) > 4 {
		t.Errorf("asked %v", calls)
	}
	a.get(got.attr("#workspaces tbody a", "href")).want(http.StatusOK).has("h1", "Delivery")
}

func TestWorkspacesWithoutAPart(t *testing.T) {
	a := newApp(t)
	a.signIn(a.upstream.Member())
	got := a.get(a.workspaces()).want(http.StatusOK)
	got.has(".note.warn", "The workspaces' statistics could not be read.", "Forbidden")
	if got.Find("#workspaces tbody tr").Length() == 0 {
		t.Error("a member sees none of their workspaces")
	}
	a.upstream.Script(sandbox.Failure{Status: http.StatusServiceUnavailable, Times: -1})
	a.pass(1 << 40)
	a.client = newBrowser(t)
	a.upstream.ClearScripts()
	a.signIn(a.upstream.Owner())
	a.upstream.Script(sandbox.Failure{Status: http.StatusServiceUnavailable, Times: -1})
	a.get(a.workspaces()).want(http.StatusBadGateway).has("#problem", "Toggl couldn't answer")
}

func TestWorkspacesNone(t *testing.T) {
	a := signedIn(t)
	for _, operation := range []string{"ListMyWorkspaces", "GetWorkspaceStatistics"} {
		body := map[string]string{"ListMyWorkspaces": "null", "GetWorkspaceStatistics": "{}"}[operation]
		a.upstream.Script(sandbox.Failure{Operation: operation, Body: body})
	}
	a.get(a.workspaces()).want(http.StatusOK).has(".empty", "No workspace to show")
}

func TestCreateWorkspace(t *testing.T) {
	a := signedIn(t)
	admin := a.upstream.Admin()
	got := a.get(a.get(a.workspaces()).attr(".page-head a.btn", "href")).want(http.StatusOK)
	if got.attr("main form", "action") != a.workspaces() {
		t.Error("no form")
	}
	a.calls()
	form := url.Values{"name": {"Nordic <b>Yard</b>"}, "default_currency": {"nok"}, "admins": {admin.Email + ",\n" + strings.ToUpper(admin.Email)}}
	created := a.post(a.workspaces(), form).want(http.StatusSeeOther)
	want := []map[string]any{{"name": "Nordic <b>Yard</b>", "default_currency": "NOK", "admins": []any{float64(admin.UserID)}}}
	if diff := cmp.Diff(want, a.sent("CreateWorkspace")); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	if calls := a.calls(); !slices.Equal(calls, []string{"CreateWorkspace", "ListOrganizationUsers"}) {
		t.Errorf("asked %v", calls)
	}
	page := a.get(created.header.Get("Location")).want(http.StatusOK)
	page.has("#flash", "Created the workspace Nordic <b>Yard</b>.")
	page.has("h1", "Nordic <b>Yard</b> 2")
	page.has("#workspace-users", admin.Name, a.upstream.Owner().Name)
	a.get(a.workspaces()).has("#workspaces", "Nordic <b>Yard</b>")
}

// TestCreateWorkspaceKnowsAdmins: whom the overview has read is not asked for.
func TestCreateWorkspaceKnowsAdmins(t *testing.T) {
	a := signedIn(t)
	a.get(a.orgURL())
	a.calls()
	a.post(a.workspaces(), url.Values{"name": {"Yard"}, "admins": {a.upstream.Admin().Email}}).want(http.StatusSeeOther)
	if calls := a.calls(); !slices.Equal(calls, []string{"CreateWorkspace"}) {
		t.Errorf("asked %v", calls)
	}
}

// TestCreateWorkspaceFaults are those that are found before Toggl is asked to
// make one.
func TestCreateWorkspaceFaults(t *testing.T) {
	many := make([]string, 11)
	for i := range many {
		many[i] = "user" + number(int64(i)) + "@example.com"
	}
	for _, tt := range []struct{ currency, admins, field, words string }{
		{"E", "", "default_currency", "Enter the three letters of a currency"},
		{"€", "", "default_currency", "Enter the three letters of a currency"},
		{"", "nobody@example.com", "admins", "Nobody in this organization has the address nobody@example.com."},
		{"", strings.Join(many, "\n"), "admins", "Name at most 10 admins here."},
	} {
		a := signedIn(t)
		form := url.Values{"name": {"Yard"}, "default_currency": {tt.currency}, "admins": {tt.admins}}
		got := a.post(a.workspaces(), form).want(http.StatusUnprocessableEntity)
		got.refusedAt(tt.field, tt.words)
		if got.attr("#name", "value") != "Yard" || got.attr("#default_currency", "value") != tt.currency || got.Find("#admins").Text() != tt.admins {
			t.Errorf("%s: what was typed is lost", tt.words)
		}
		if slices.Contains(a.calls(), "CreateWorkspace") {
			t.Errorf("%s: it was made all the same", tt.words)
		}
	}
}

func TestCreateWorkspaceRefused(t *testing.T) {
	a := signedIn(t)
	a.post(a.workspaces(), url.Values{"name": {"delivery"}}).want(http.StatusUnprocessableEntity).
		refusedAt("name", "another workspace with same name exists in organization")
	free := "/orgs/" + number(a.org+1217)
	a.post(free+"/workspaces", url.Values{"name": {"Second"}}).want(http.StatusUnprocessableEntity).
		refusedAt("", "Multiple workspaces are not enabled in this organization.")
}
