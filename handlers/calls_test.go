package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"
)

// A step is something a person does, and what Toggl is asked for it.
type step struct {
	name string
	do   func(a *app)
	want string // operations in alphabetical order, with spaces
}

func opens(path func(a *app) string) func(*app) {
	return func(a *app) { a.t.Helper(); a.get(path(a)).want(http.StatusOK) }
}

func users(query string) func(*app) { return opens(func(a *app) string { return a.users(query) }) }

var (
	organizations = opens(func(*app) string { return "/orgs" })
	overview      = opens((*app).orgURL)
	settings      = opens(func(*app) string { return "/settings" })
	groupsMenu    = func(a *app) {
		a.t.Helper()
		a.getFragment(a.users("")+"/filters/groups", a.users("")).want(http.StatusOK)
	}
	workspaceMenu = func(a *app) {
		a.t.Helper()
		a.getFragment(a.users("")+"/filters/workspaces", a.users("")).want(http.StatusOK)
	}
	ownerPage   = opens(func(a *app) string { return a.userURL(a.upstream.Owner()) })
	ownerHint   = opens(func(a *app) string { return a.userURL(a.upstream.Owner()) + "?email=" + a.upstream.Owner().Email })
	nextOfTable = opens(func(a *app) string { return a.get(a.users("")).attr("#users tbody tr:nth-child(2) th a", "href") })
	savesOwner  = func(a *app) {
		a.t.Helper()
		got := a.get(a.userURL(a.upstream.Owner()))
		a.post(got.attr("#user-form", "action"), got.fields("#user-form", "")).want(http.StatusSeeOther)
	}
	refresh  = func(a *app) { a.t.Helper(); a.post(a.orgURL()+"/refresh", nil).want(http.StatusSeeOther) }
	minute   = func(a *app) { a.pass(time.Minute) }
	signsIn  = func(a *app) { a.t.Helper(); a.signIn(a.upstream.Owner()) }
	signsOut = func(a *app) { a.t.Helper(); a.post("/sign-out", nil).want(http.StatusSeeOther) }
	connects = func(a *app) {
		a.t.Helper()
		a.post("/settings/focus", url.Values{"focus_key": {a.upstream.Owner().FocusKey}}).want(http.StatusSeeOther)
	}
	looks = func(a *app) {
		a.t.Helper()
		a.post("/settings/appearance", url.Values{"theme": {"dark"}}).want(http.StatusSeeOther)
	}
	columns = func(a *app) { a.t.Helper(); a.post(a.users("")+"/columns", nil).want(http.StatusSeeOther) }
)

const allOfOverview = "GetOrganization GetWorkspaceStatistics ListMyWorkspaces ListOrganizationUsers"

// allOfUser is the user, and what else the form offers: that is asked for once
// and then known.
const allOfUser = "ListGroups ListMyWorkspaces ListOrganizationUsers ListRoles"

// TestCalls is the table of what each page and action costs: calls are money.
func TestCalls(t *testing.T) {
	journeys := map[string][]step{
		"sign-in": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"the picker after it", organizations, ""},
			{"settings", settings, ""},
			{"the picker a minute later", func(a *app) { minute(a); organizations(a) }, "ListMyOrganizations"},
			{"sign out", signsOut, ""},
			{"sign in again", signsIn, "GetMe ListMyOrganizations"},
		},
		"overview": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"cold", overview, allOfOverview},
			{"warm", overview, ""},
			{"the refresh itself", refresh, ""},
			{"after the refresh", overview, allOfOverview},
			{"a minute later", func(a *app) { minute(a); overview(a) }, allOfOverview},
		},
		"users": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"cold", users(""), "ListOrganizationUsers"},
			{"warm", users(""), ""},
			{"the same list written otherwise", users("filter=&only_admins=&unknown=1"), ""},
			{"a filter", users("active_status=active&active_status=invited"), "ListOrganizationUsers"},
			{"the same filter", users("active_status=active,invited"), ""},
			{"the next page", users("page=2"), "ListOrganizationUsers"},
			{"other columns", columns, ""},
			{"another look", looks, ""},
			{"and back", users(""), ""},
			{"a menu", groupsMenu, "ListGroups"},
			{"the same menu", groupsMenu, ""},
			{"the other menu", workspaceMenu, "ListMyWorkspaces"},
			{"the other menu again", workspaceMenu, ""},
			{"a filter after the menus", users("groups=1"), "ListOrganizationUsers"},
			{"after a refresh", func(a *app) { refresh(a); users("")(a) }, "ListOrganizationUsers"},
		},
		"user": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"with the address as a hint", ownerHint, allOfUser},
			{"again", ownerHint, ""},
			{"without it, but known", ownerPage, ""},
			{"the table", users(""), "ListOrganizationUsers"},
			{"the next one in it", nextOfTable, ""},
			{"a menu of the table", groupsMenu, ""},
			{"nothing changed", savesOwner, "ListOrganizationUsers"},
			{"after the table, a minute later", func(a *app) { minute(a); users("filter=ingrid")(a); a.calls(); ownerHint(a) }, ""},
		},
		"user, straight": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"without a hint, on the first page of 200", ownerPage, allOfUser},
		},
		"focus": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"connect", connects, "ListMyGroups"},
			{"settings after it", settings, ""},
		},
	}
	checkCalls(t, journeys)
}

// checkCalls takes each journey with an app of its own.
func checkCalls(t *testing.T, journeys map[string][]step) {
	t.Helper()
	for name, steps := range journeys {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newApp(t)
			for _, s := range steps {
				s.do(a)
				if got := joined(a.calls()); got != s.want {
					t.Errorf("%s: asked for %q, want %q", s.name, got, s.want)
				}
			}
		})
	}
}

// TestCallsOfManyAtOnce: equal reads on their way are shared.
func TestCallsOfManyAtOnce(t *testing.T) {
	a := signedIn(t)
	a.upstream.SetLatency(100 * time.Millisecond)
	done := make(chan int)
	for range 10 {
		go func() {
			res, err := a.client.Do(a.request(http.MethodGet, a.users(""), nil))
			if err != nil {
				done <- 0
				return
			}
			res.Body.Close()
			done <- res.StatusCode
		}()
	}
	for range 10 {
		if status := <-done; status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
	if got := joined(a.calls()); got != "ListOrganizationUsers" {
		t.Errorf("ten views at once asked for %q", got)
	}
}

func TestCallsWhileSignedOut(t *testing.T) {
	a := newApp(t)
	for _, address := range []string{"/", "/orgs", a.orgURL(), a.users(""), "/settings", "/sign-in", "/nowhere", "/healthz", "/readyz"} {
		a.get(address)
	}
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("asked %v for nobody", calls)
	}
}
