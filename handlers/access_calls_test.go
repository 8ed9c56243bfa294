package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestAccessCalls is what the pages about access cost.
func TestAccessCalls(t *testing.T) {
	owner := func(path string) func(*app) {
		return opens(func(a *app) string {
			return a.userURL(a.upstream.Owner()) + path + "?email=" + escape(a.upstream.Owner().Email)
		})
	}
	workspace := opens(func(a *app) string { return a.workspaces() + "/2000006/access" })
	group := opens(func(a *app) string { return a.orgURL() + "/groups/310010/access" })
	ofFocus := opens(func(a *app) string { return a.orgURL() + "/groups/310010/access?of=focus" })
	review := opens(func(a *app) string { return a.access("") })
	reads := func(a *app) { a.t.Helper(); a.reads(nil) }
	file := func(a *app) {
		a.t.Helper()
		if d := a.download(a.orgURL() + "/access.csv"); d.status != http.StatusOK {
			a.t.Errorf("status %d", d.status)
		}
	}
	allOfReview := "ListOrganizationUsers ListOrganizationUsers"
	allWorkspaces := strings.Repeat(" ListWorkspaceUsers", 8)
	checkCalls(t, map[string][]step{
		"user": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"cold", owner("/access"), "ListOrganizationUsers ListRoles"},
			{"warm", owner("/access"), ""},
			{"the user's own page", owner(""), "ListGroups ListMyWorkspaces"},
		},
		"user, known": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"the user's own page", owner(""), allOfUser},
			{"why", owner("/access"), ""},
		},
		"workspace": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"cold", workspace, "ListGroups ListMyWorkspaces ListRoles ListWorkspaceUsers"},
			{"warm", workspace, ""},
			{"a minute later", func(a *app) { minute(a); workspace(a) }, "ListWorkspaceUsers"},
		},
		"group": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"cold", group, "ListGroups ListOrganizationUsers ListRoles"},
			{"warm", group, ""},
		},
		"group of Focus": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"connect", connects, "ListMyGroups"},
			{"cold", ofFocus, "ListGroups ListMyWorkspaces ListOrganizationUsers ListRoles ListTeams"},
			{"warm", ofFocus, ""},
		},
		"review": {
			{"sign in", signsIn, "GetMe ListMyOrganizations"},
			{"what it costs", review, "ListMyWorkspaces"},
			{"reading, and the names of roles", reads, allOfReview + " ListRoles" + allWorkspaces},
			{"the review again", review, ""},
			{"a minute later", func(a *app) { minute(a); review(a) }, ""},
			{"a part of it", opens(func(a *app) string { return a.access("workspace=2000006&only=exceptions") }), ""},
			{"the file", file, ""},
			{"read again", reads, allOfReview + allWorkspaces},
		},
	})
}
