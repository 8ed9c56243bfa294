package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
)

// TestCallsOfWorkspaces is the table of what each page and action about the
// organization and its workspaces costs.
func TestCallsOfWorkspaces(t *testing.T) {
	delivery := func(a *app) string { return a.workspaces() + "/2000001" }
	someone := func(a *app) string { return delivery(a) + "/users/7300092" }
	list := opens((*app).workspaces)
	posts := func(path func(a *app) string, form url.Values) func(*app) {
		return func(a *app) { a.t.Helper(); a.post(path(a), form).want(http.StatusSeeOther) }
	}
	search := func(name string) func(*app) {
		return func(a *app) {
			a.t.Helper()
			a.getFragment(delivery(a)+"?name="+name, delivery(a)).want(http.StatusOK)
		}
	}
	signIn := step{"sign in", signsIn, "GetMe ListMyOrganizations"}
	const allOfList = "GetOrganization GetWorkspaceStatistics ListMyWorkspaces"
	journeys := map[string][]step{
		"organization": {
			signIn,
			{"the form of a new one", opens(func(*app) string { return "/orgs/new" }), ""},
			{"making it", posts(func(*app) string { return "/orgs" }, url.Values{"name": {"Second"}, "workspace_name": {"Yard"}}), "CreateOrganization ListMyOrganizations"},
			{"renaming", posts(func(a *app) string { return a.orgURL() + "/name" }, url.Values{"name": {"Renamed"}}), "UpdateOrganization"},
			{"the overview after it", overview, allOfOverview},
			{"owner and usage", opens(func(a *app) string { return a.orgURL() + "/usage" }), "GetOwner ListUsage"},
			{"owner and usage again", opens(func(a *app) string { return a.orgURL() + "/usage" }), ""},
			{"what leaving does", opens(func(a *app) string { return a.orgURL() + "/departure" }), ""},
		},
		"workspaces": {
			signIn,
			{"cold", list, allOfList},
			{"warm", list, ""},
			{"the form of a new one", opens(func(a *app) string { return a.workspaces() + "/new" }), ""},
			{"making it", posts((*app).workspaces, url.Values{"name": {"Yard"}}), "CreateWorkspace"},
			{"the list after it", list, allOfList},
			{"after the overview", func(a *app) { overview(a); a.calls(); list(a) }, ""},
		},
		"users of a workspace": {
			signIn,
			{"cold", opens(delivery), "ListGroups ListMyWorkspaces ListRoles ListWorkspaceUsers"},
			{"warm", opens(delivery), ""},
			{"the next page", opens(func(a *app) string { return delivery(a) + "?page=2" }), ""},
			{"the other way round", opens(func(a *app) string { return delivery(a) + "?sort_dir=desc" }), ""},
			{"a search", search("amara"), "ListWorkspaceUsers"},
			{"somebody of the search", opens(func(a *app) string { return someone(a) + "?name=amara" }), ""},
			{"somebody of the whole list", opens(someone), ""},
			{"nothing changed", posts(someone, url.Values{}), "ListWorkspaceUsers"},
			{"saving", posts(someone, url.Values{"rate": {"80"}}), "ListWorkspaceUsers ListWorkspaceUsers UpdateWorkspaceUser"},
			{"the form after it", opens(someone), "ListRoles ListWorkspaceUsers"},
			{"what removing does", opens(func(a *app) string { return someone(a) + "/removal" }), ""},
			{"removing", posts(func(a *app) string { return someone(a) + "/removal" }, nil), "ListWorkspaceUsers RemoveWorkspaceUsers"},
			{"the list after it", opens(delivery), "ListGroups ListRoles ListWorkspaceUsers"},
		},
		"somebody, straight": {
			signIn,
			{"the form, cold", opens(someone), "ListMyWorkspaces ListRoles ListWorkspaceUsers"},
		},
	}
	checkCalls(t, journeys)
}
