package handlers_test

import (
	"testing"

	"roster/apiclient/sandbox"
)

// TestAccessReviewRefusals: what Toggl refuses is said where it belongs, in its
// words, and the rest is read.
func TestAccessReviewRefusals(t *testing.T) {
	t.Run("a workspace", func(t *testing.T) {
		a := signedIn(t)
		a.upstream.Script(sandbox.Failure{Operation: "ListWorkspaceUsers", Status: 403, Body: jsonString("User is not admin of the workspace")})
		got := a.reads(nil)
		got.has(".access > .note", "Toggl didn’t give the own lists of 1 workspace.")
		got.has(".access .rows li:first-child", "didn’t give this workspace’s own list")
		one := a.get(got.attr(".access .rows a", "href"))
		one.has(".panel .note", "User is not admin of the workspace", "from Toggl")
		one.has("tbody", "perhaps direct, too")
		file := a.download(a.orgURL() + "/access.csv")
		if last := file.records[len(file.records)-1][0]; last != "# INCOMPLETE: Toggl did not give the own lists of 1 workspaces." {
			t.Errorf("the last line is %q", last)
		}
	})
	t.Run("the users", func(t *testing.T) {
		a := signedIn(t)
		a.upstream.Script(sandbox.Failure{Operation: "ListOrganizationUsers", Status: 403, Body: jsonString("User does not have access to the organization")})
		got := a.reads(nil)
		got.has(".access > .note", "You are not allowed to see this.", "User does not have access to the organization", "from Toggl")
		if got.Find("#access-csv").Length() != 0 {
			t.Error("there is a file of nothing")
		}
		if counts := a.requestsOf(); counts["ListWorkspaceUsers"] != 0 {
			t.Errorf("asked %v", counts)
		}
	})
	t.Run("the credentials", func(t *testing.T) {
		a := signedIn(t)
		a.upstream.Script(sandbox.Failure{Operation: "ListWorkspaceUsers", Times: -1, Status: 401})
		got := a.reads(nil)
		got.has(".access > .note", "Toggl refused your credentials.", "This review isn’t whole.")
		if counts := a.requestsOf(); counts["ListWorkspaceUsers"] != 1 {
			t.Errorf("asked %v", counts)
		}
	})
}

// TestAccessReviewWhileTogglIsDown ends after a few, keeps what was read, and goes
// on where it was.
func TestAccessReviewWhileTogglIsDown(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Operation: "ListWorkspaceUsers", Times: -1, Status: 500})
	got := a.reads(nil)
	got.has(".access > .note", "Toggl couldn't answer.", "This review isn’t whole.", "8 requests are missing")
	got.has(".access .rows", "Labs")
	got.has("#access-start", "Go on reading")
	a.upstream.ClearScripts()
	after := a.reads(got.fields("form:has(#access-start)", ""))
	after.has("#access-start", "Read again")
	if notes := after.text(".access > .note"); notes != "" {
		t.Errorf("missing: %q", notes)
	}
}
