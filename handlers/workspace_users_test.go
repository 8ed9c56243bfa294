package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient/sandbox"
)

func TestWorkspaceUsers(t *testing.T) {
	a := signedIn(t)
	address := a.workspace("Delivery")
	got := a.get(address).want(http.StatusOK)
	got.has("h1", "Delivery 137")
	got.has(".foot-bar", "1–50 of 137")
	if rows := got.Find("#workspace-users tbody tr").Length(); rows != 50 {
		t.Errorf("%d rows", rows)
	}
	got.has("nav[aria-label=Main] a[aria-current=page]", "Workspaces")
	if title := got.text("title"); title != "Delivery · Halden & Moss · Roster" {
		t.Errorf("title %q", title)
	}
	if next := got.attr("a[rel=next]", "href"); next != address+"?page=2" {
		t.Errorf("next page %q", next)
	}
	a.calls()
	a.get(address+"?page=3").want(http.StatusOK).has(".foot-bar", "101–137 of 137")
	a.get(address+"?page=4").want(http.StatusOK).has(".empty", "There is no page 4", "First page")
	a.get(address+"?page=9223372036854775807").want(http.StatusOK).has(".empty", "There is no page 9223372036854775807")
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("other pages asked %v", calls)
	}
	if export := got.attr("#users-export", "href"); export != address+"/users.csv" {
		t.Errorf("the export is %q", export)
	}
	searched := a.getFragment(address+"?name=amara", address)
	if export := searched.attr("#users-export[hx-swap-oob]", "href"); export != address+"/users.csv?name=amara" {
		t.Errorf("the export of a search is %q", export)
	}
	got.has(".page-head .actions", "In the users table")
	a.get(got.attr(".page-head .actions a:not(#users-export)", "href")).want(http.StatusOK).has("#users-count", "137")
}

// TestWorkspaceUserRow holds a row against what Toggl tells of the user.
func TestWorkspaceUserRow(t *testing.T) {
	a := signedIn(t)
	address := a.workspace("Delivery")
	a.upstream.Script(sandbox.Failure{Operation: "ListWorkspaceUsers", Body: `[{
		"id":7300001,"uid":9000002,"user_id":9000002,"wid":1,"workspace_id":1,"name":"Ada <i>L.</i>","email":"ada@example.com",
		"active":true,"inactive":false,"admin":true,"workspace_admin":true,"organization_admin":true,"role":"ws_admin","role_id":1,
		"is_direct":true,"group_ids":[424242],"rate":95.5,"rate_last_updated":"2026-03-02T10:00:00Z","labor_cost":40,
		"labor_cost_last_updated":"2025-12-24T10:00:00Z","working_hours_in_minutes":440,"timezone":"Europe/Oslo","2fa_enabled":false,
		"view_edit_billable_rates":true,"view_edit_labor_costs":true,"at":"2026-11-20T10:00:00Z",
		"invitation_code":"not-a-secret-code","invite_url":"https://example.com/not-a-secret-link","avatar_file_name":"https://example.com/a.png"
	}]`})
	row := a.get(address + "?name=ada").want(http.StatusOK).Find("#workspace-users tbody tr")
	row.Find(".av").Remove()
	cells := row.Children().Map(func(_ int, s *selection) string { return oneLine(s.Text()) })
	want := []string{
		"Ada <i>L.</i> ada@example.com", "Active", "Workspace admin Organization admin", "Direct, and via Group 424242",
		"€95.50 since 2 Mar", "€40.00 since 24 Dec 2025", "7:20 Europe/Oslo", "Rates, Costs", "Off", "20 Nov", "",
	}
	if diff := cmp.Diff(want, cells); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if src := row.Find("img"); src.Length() != 0 {
		t.Error("a picture of another host is loaded")
	}
	if href := row.Find("th a").AttrOr("href", ""); href != a.orgURL()+"/accounts/9000002?email=ada%40example.com" {
		t.Errorf("the row leads to %q", href)
	}
	if href := row.Find(".c-act a").AttrOr("href", ""); href != address+"/users/7300001?name=ada" {
		t.Errorf("it is edited at %q", href)
	}
}

// TestWorkspaceUserStates: what is unusual about a user is said.
func TestWorkspaceUserStates(t *testing.T) {
	a := signedIn(t)
	address := a.workspace("Delivery")
	for _, tt := range []struct{ user, words string }{
		{`"active":false`, "Invited"},
		{`"active":true,"inactive":true`, "Inactive"},
		{`"role":"projectlead"`, "Projectlead"},
		{`"role_id":99`, "Role 99"},
		{`"is_direct":false`, "Not direct"},
		{`"working_hours_in_minutes":450`, "7.5"},
		{`"working_hours_in_minutes":0`, "0"},
	} {
		a.upstream.Script(sandbox.Failure{Operation: "ListWorkspaceUsers", Body: `[{"id":1,"user_id":2,` + tt.user + `}]`})
		a.pass(1 << 38)
		a.get(address+"?name=x").want(http.StatusOK).has("#workspace-users tbody tr", tt.words, "No name")
	}
}

func TestWorkspaceUsersFilter(t *testing.T) {
	a := signedIn(t)
	address := a.workspace("Delivery")
	page := a.get(address + "?per_page=25&sort_dir=desc").want(http.StatusOK)
	if page.attr("#users-filter input[name=per_page]", "value") != "25" || page.attr("#users-filter input[name=sort_dir]", "value") != "desc" {
		t.Error("a search forgets the order")
	}
	a.calls()
	got := a.getFragment(address+"?name=ana&per_page=25", address+"?per_page=25").want(http.StatusOK)
	if got.isPage() || got.Find("#users-results #workspace-users").Length() != 1 || got.Find("#users-search").Length() != 0 {
		t.Error("not the results alone")
	}
	if query := a.upstream.Requests()[0].Query; !strings.Contains(query, "name=ana") {
		t.Errorf("Toggl was asked ?%s", query)
	}
	if got.header.Get("HX-Replace-Url") != address+"?name=ana&per_page=25" {
		t.Errorf("the address becomes %q", got.header)
	}
	for _, name := range got.texts("#workspace-users tbody th") {
		if !strings.Contains(strings.ToLower(name), "ana") {
			t.Errorf("%q doesn't match", name)
		}
	}
	got.has("#announce", "of Delivery")
	if pushed := a.getFragment(address+"?sort_dir=desc", address).header.Get("HX-Push-Url"); pushed != address+"?sort_dir=desc" {
		t.Errorf("pushed %q", pushed)
	}
	if pushed := a.getFragment(address+"?name=ana&sort_dir=desc", address).header.Get("HX-Push-Url"); pushed != address+"?name=ana&sort_dir=desc" {
		t.Errorf("a search in another order replaces the address: %q", pushed)
	}
	for _, answer := range []string{address + "?name=ana", address + "?name=zzzz"} {
		one, _ := a.get(answer).Find("#users-results").Html()               // of a parsed document
		other, _ := a.getFragment(answer, "").Find("#users-results").Html() // of a parsed document
		if diff := cmp.Diff(one, other); diff != "" || one == "" {
			t.Errorf("page and fragment differ (-page +fragment):\n%s", diff)
		}
	}
	empty := a.get(address + "?name=zzzz&sort_dir=desc").want(http.StatusOK)
	empty.has(".empty", "No users match this filter Name contains “zzzz”.")
	if href := empty.attr(".empty a", "href"); href != address+"?sort_dir=desc" {
		t.Errorf("clear leads to %q", href)
	}
}

func TestWorkspaceUsersOrder(t *testing.T) {
	a := signedIn(t)
	address := a.workspace("Labs")
	up := a.get(address + "?per_page=200").want(http.StatusOK)
	names := up.texts("#workspace-users tbody th a")
	folded := func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }
	if !slices.IsSortedFunc(names, folded) || len(names) < 5 {
		t.Errorf("order %q", names)
	}
	down := a.get(up.attr("#users-sort", "href")).want(http.StatusOK)
	turned := down.texts("#workspace-users tbody th a")
	slices.Reverse(turned)
	if diff := cmp.Diff(names, turned); diff != "" {
		t.Errorf("turned (-up +down):\n%s", diff)
	}
	if down.attr("#workspace-users thead th", "aria-sort") != "descending" || down.attr("#users-sort", "href") != address+"?per_page=200" {
		t.Error("the head doesn't say so")
	}
}

// TestWorkspaceUsersNonsense: what we choose to show can't be refused, so what
// makes no sense is the usual.
func TestWorkspaceUsersNonsense(t *testing.T) {
	a := signedIn(t)
	address := a.workspace("Delivery")
	usual, _ := a.get(address).Find("#users-results").Html() // of a parsed document
	for _, query := range []string{"page=0", "page=-1", "page=x", "per_page=7", "per_page=0", "sort_dir=x", "name=+"} {
		if got, _ := a.get(address + "?" + query).want(http.StatusOK).Find("#users-results").Html(); got != usual {
			t.Errorf("?%s isn't the usual list", query)
		}
	}
}

func TestWorkspaceUsersRefused(t *testing.T) {
	a := signedIn(t)
	a.get(a.workspaces()+"/1").want(http.StatusNotFound).has("#problem", "Resource can not be found", "from Toggl")
	a.get(a.workspaces() + "/x").want(http.StatusNotFound)
	address := a.workspace("Delivery")
	a.client = newBrowser(t)
	a.signIn(a.upstream.Member())
	a.get(address).want(http.StatusForbidden).has("#problem", "Forbidden", "from Toggl")
	got := a.getFragment(address, address).want(http.StatusForbidden)
	if got.header.Get("HX-Retarget") != "#flash" {
		t.Error("the failure lands in the table")
	}
	a.upstream.Script(sandbox.Failure{Status: http.StatusServiceUnavailable, Times: -1})
	a.get(address).want(http.StatusBadGateway)
}

// TestWorkspaceUsersWithoutNames: the table is there though roles, groups and
// workspaces can't be read.
func TestWorkspaceUsersWithoutNames(t *testing.T) {
	a := signedIn(t)
	address := a.workspace("Delivery")
	a.post("/sign-out", nil)
	a.client = newBrowser(t)
	a.signIn(a.upstream.Admin())
	for _, operation := range []string{"ListRoles", "ListGroups", "ListMyWorkspaces"} {
		a.upstream.Script(sandbox.Failure{Operation: operation, Status: http.StatusForbidden, Body: `"no"`, Times: -1})
	}
	got := a.get(address).want(http.StatusOK)
	got.has("h1", "Workspace ")
	if got.Find("#workspace-users tbody tr").Length() != 50 {
		t.Error("no rows")
	}
	got.has("#workspace-users", "Via Group ")
}

func TestAccountLeadsToTheUser(t *testing.T) {
	a := signedIn(t)
	admin := a.upstream.Admin()
	address := a.orgURL() + "/accounts/" + number(admin.UserID)
	want := a.userURL(admin) + "?email=" + strings.ReplaceAll(admin.Email, "@", "%40")
	a.get(address + "?email=" + admin.Email).leadsTo(want)
	if calls := a.calls(); !slices.Equal(calls, []string{"ListOrganizationUsers"}) {
		t.Errorf("asked %v", calls)
	}
	a.get(want).want(http.StatusOK)
	if slices.Contains(a.calls(), "ListOrganizationUsers") {
		t.Error("the user is looked for twice")
	}
	a.get(address).leadsTo(want) // without a hint it goes through all
	a.get(a.orgURL() + "/accounts/1?email=nobody@example.com").want(http.StatusNotFound)
	a.get(a.orgURL() + "/accounts/1").want(http.StatusNotFound)
}
