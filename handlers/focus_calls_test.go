package handlers_test

import (
	"net/http"
	"testing"
)

// TestCallsOfFocusUsers is the table of what the pages of Focus users cost.
func TestCallsOfFocusUsers(t *testing.T) {
	opensFocus := func(query string) func(*app) { return opens(func(a *app) string { return a.focusUsers(query) }) }
	someone := func(a *app) string { return a.focusUsers("") + "/" + number(a.upstream.Owner().OrganizationUserID) }
	menu := func(name string) func(*app) {
		return func(a *app) {
			a.t.Helper()
			a.getFragment(a.focusUsers("")+"/filters/"+name, a.focusUsers("")).want(http.StatusOK)
		}
	}
	a := signedIn(t)
	for _, s := range []step{
		{"without a key", opensFocus(""), ""},
		{"a user without a key", opens(someone), ""},
		{"connecting", connects, "ListMyGroups"},
		{"cold", opensFocus(""), "ListUsers"},
		{"warm", opensFocus(""), ""},
		{"the next page", opensFocus("page=2"), "ListUsers"},
		{"with rates and hours", opensFocus("include_rates=true&include_working_hours=true"), "ListUsers"},
		{"the menu of roles", menu("roles"), "ListRoles"},
		{"the menu of groups", menu("groups"), "ListGroups"},
		{"the menu of workspaces", menu("workspaces"), "ListMyWorkspaces"},
		{"someone, and Track's roles", opens(someone), "ListRoles ListUsers"},
		{"someone again", opens(someone), ""},
		{"Track's page of them", ownerHint, "ListOrganizationUsers"},
		{"the refresh itself", refresh, ""},
		{"after the refresh", opensFocus(""), "ListUsers"},
	} {
		a.calls()
		s.do(a)
		if got := joined(a.calls()); got != s.want {
			t.Errorf("%s: asked for %q, want %q", s.name, got, s.want)
		}
	}
}

// BenchmarkFocusUsersPage serves the table of 50 Focus users from a warm cache.
func BenchmarkFocusUsersPage(b *testing.B) {
	a := withFocus(b)
	a.serve(b, a.warm(a.focusUsers("include_rates=true&include_working_hours=true")))
}
