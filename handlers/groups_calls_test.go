package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
)

// TestGroupsCalls is the table of what the pages about groups cost.
func TestGroupsCalls(t *testing.T) {
	groups := func(query string) func(*app) { return opens(func(a *app) string { return a.groups(query) }) }
	group := opens(func(a *app) string { return a.groupURL("Events 2027") })
	form := opens(func(a *app) string { return a.groups("") + "/new" })
	mine := opens(func(a *app) string { return a.groups("") + "/mine" })
	saves := func(a *app) {
		a.t.Helper()
		address := a.groupURL("Events 2027")
		sent := editing(a.get(address).want(http.StatusOK))
		a.calls()
		a.post(address, withValue(sent, "workspaces[2000002]", "true")).leadsTo(address)
	}
	deletes := func(a *app) {
		a.t.Helper()
		address := a.groupURL("Events 2027") + "/deletion"
		a.get(address).want(http.StatusOK)
		a.calls()
		a.post(address, url.Values{"workspace_id": {"2000001"}}).want(http.StatusSeeOther)
	}
	confirms := opens(func(a *app) string { return a.groupURL("Events 2027") + "/deletion" })
	checkCalls(t, map[string][]step{
		"Focus": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"connect", connects, "ListMyGroups"},
			{"cold: Focus wants a workspace", groups(""), "ListMyWorkspaces ListTeams"},
			{"warm", groups(""), ""},
			{"a filter", groups("filter=e"), "ListTeams"},
			{"a workspace", groups("workspace_id=2000002"), "ListTeams"},
			{"remembered, a minute later", func(a *app) { minute(a); groups("")(a) }, "ListTeams"},
			{"a group of the list", group, "GetWorkspaceStatistics"},
			{"again", group, ""},
			{"the form for a new one", form, ""},
			{"one's own", mine, "ListMyGroups"},
			{"a change is read first", saves, "ListTeams UpdateGroup"},
			{"the question before deleting", confirms, "ListTeams"},
			{"deleting", deletes, "DeleteGroup"},
		},
		"Focus, remembered": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"connect", connects, "ListMyGroups"},
			{"a workspace in the address", groups("workspace_id=2000001"), "ListTeams"},
			{"without it", groups("sort_dir=desc"), "ListTeams"},
			{"a group that isn't on the page", opens(func(a *app) string { return a.groupURL("Events 2027") + "?filter=Sales" }), "GetWorkspaceStatistics ListMyWorkspaces ListTeams ListTeams"},
		},
		"after the overview": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"connect", connects, "ListMyGroups"},
			{"overview", overview, allOfOverview},
			{"groups", groups(""), "ListTeams"},
			{"a group", group, ""},
		},
		"Track": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"cold", groups(""), "ListGroups"},
			{"another order", groups("sort_dir=desc&per_page=25"), ""},
			{"a group", group, "GetWorkspaceStatistics ListMyWorkspaces"},
			{"one's own", mine, ""},
			{"a change is read first", saves, "ListGroups PatchTrackGroup"},
			{"deleting", deletes, "DeleteTrackGroup"},
		},
	})
}

func withValue(form url.Values, name, value string) url.Values {
	form.Set(name, value)
	return form
}
