package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
)

// TestCallsOfGroupMembers is the table of what adding members costs, and what it
// costs to know what a group adds.
func TestCallsOfGroupMembers(t *testing.T) {
	group := func(rest string) func(*app) {
		return opens(func(a *app) string { return a.orgURL() + "/groups/310007" + rest })
	}
	send := func(text string, steps ...string) func(*app) {
		return func(a *app) {
			a.t.Helper()
			form := url.Values{"people": {text}}
			for _, step := range steps {
				form.Set("step", step)
				got := a.post(a.orgURL()+"/groups/310007/members", form)
				if got.status == http.StatusOK {
					form = got.fields("#group-members", "")
				}
			}
		}
	}
	take := func(a *app) {
		a.t.Helper()
		address := a.orgURL() + "/groups/310007"
		form := a.get(address).fields("#group-form", "")
		form.Del("workspaces[2000001]")
		form.Set("direct", "true")
		a.post(address, form).want(http.StatusOK).has("#group-loss .loss", "access")
	}
	const two, tanaka = "kim.larsen@nowhere.example\nZaphod", "Tanaka\nMoyo"
	checkCalls(t, map[string][]step{
		"Track": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"the form", group("/members"), "ListGroups"},
			{"the form again", group("/members"), ""},
			{"two people", send(two, "find"), "ListOrganizationUsers ListOrganizationUsers"},
			{"the same two", send(two, "find"), ""},
			{"nobody is added", send(two, "find", "add"), ""},
			{"four, which is as much as the whole list", send(two+"\n"+tanaka, "find"), "ListOrganizationUsers ListOrganizationUsers"},
			{"everybody is known now", send("Sato", "find"), "ListOrganizationUsers"},
			{"an address is known", send("ana.popescu@haldenmoss.example", "find"), ""},
			{"adding", send("mei.tanaka@haldenmoss.example", "find", "add"), "ListGroups PatchTrackGroup"},
			{"the form after it", group("/members"), "ListGroups"},
		},
		"Focus": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"connect", connects, "ListMyGroups"},
			{"the form", group("/members"), "ListMyWorkspaces ListTeams"},
			{"one person", send("mei.tanaka@haldenmoss.example", "find"), "ListOrganizationUsers"},
			{"adding", send("mei.tanaka@haldenmoss.example", "find", "add"), "ListTeams UpdateGroup"},
		},
		"what a group adds": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"the group", group(""), "GetWorkspaceStatistics ListGroups ListMyWorkspaces"},
			{"who is direct", group("?direct=true"), "ListWorkspaceUsers ListWorkspaceUsers"},
			{"who is direct, again", group("?direct=true"), ""},
			{"what deleting takes", group("/deletion"), ""},
			{"what deleting takes, for certain", group("/deletion?direct=true"), ""},
			{"what taking a workspace takes", take, "ListGroups"},
		},
		"what taking a workspace takes, cold": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"one of two", take, "GetWorkspaceStatistics ListGroups ListGroups ListMyWorkspaces ListWorkspaceUsers"},
		},
	})
}
