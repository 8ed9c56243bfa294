package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestCallsOfAssignments is the table of what the grid costs.
func TestCallsOfAssignments(t *testing.T) {
	grid := func(query string) func(*app) { return opens(func(a *app) string { return a.assignments(query) }) }
	tick := func(query string) func(*app) {
		return func(a *app) {
			a.t.Helper()
			cell := a.get(a.assignments(query)).cellNamed("Aisha Rahman in Labs")
			a.stage(query, "add", cell).want(http.StatusOK)
			a.stage(query, "remove", cell).want(http.StatusOK)
		}
	}
	form := func(a *app) {
		a.t.Helper()
		shown := a.get(a.assignments(""))
		a.post(a.assignments(""), shown.form(shown.cellNamed("Aisha Rahman in Labs"))).want(http.StatusSeeOther)
	}
	eight := strings.TrimSpace(strings.Repeat("ListWorkspaceUsers ", 8))
	a := newApp(t)
	for _, s := range []step{
		{"sign in", signsIn, "GetMe ListMyOrganizations"},
		{"cold", grid(""), "ListOrganizationUsers"},
		{"warm", grid(""), ""},
		{"the users table, which is the same list", users(""), ""},
		{"a filter", grid("active_status=active"), "ListOrganizationUsers"},
		{"other columns", grid("workspace_page=2"), ""},
		{"ticks", tick(""), ""},
		{"ticks of a filtered list", tick("active_status=active"), ""},
		{"the whole form", form, ""},
		{"rows with changes", grid("staged=true"), ""},
		{"who is direct", grid("direct=true"), eight},
		{"who is direct, again", grid("direct=true"), ""},
		{"who is direct, of other rows", grid("direct=true&active_status=active"), ""},
		{"ticks where it is told", tick("direct=true"), ""},
		{"groups", grid("rows=groups"), "ListGroups"},
		{"groups again", grid("rows=groups&filter=a"), ""},
		{"a tick when the list is old", func(a *app) {
			cell := a.get(a.assignments("")).cellNamed("Aisha Rahman in Labs")
			minute(a)
			a.stage("", "add", cell).want(http.StatusOK)
		}, ""},
		{"rows with changes, when the list is old", grid("staged=true"), ""},
		{"after a minute", grid(""), "ListOrganizationUsers"},
		{"groups after a minute", grid("rows=groups"), "ListGroups"},
	} {
		s.do(a)
		if got := joined(a.calls()); got != s.want {
			t.Errorf("%s: asked for %q, want %q", s.name, got, s.want)
		}
	}
}
