package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
)

// deactivating starts to deactivate the first n active users and returns the
// address of the progress, and their ids.
func (a *app) deactivating(n int) (address string, ids []string) {
	a.t.Helper()
	ids = a.get(a.users("active_status=active")).rowIDs()[:n]
	address = a.start(a.tick("/changes/deactivation", "active_status=active", ids...))
	return address, ids
}

// userMessages are documented refusals of UpdateOrganizationUser that a bulk
// change can meet: said at the row, in Toggl's words.
var userMessages = []string{
	"Cannot deactivate owner.", "Cannot deactivate paying user.", "User does not exist in the organization.",
	"At least one field is required.", "Missing or invalid organization_id.", "Invalid role_id.",
	"Cannot remove admin privileges from owner.", "Cannot remove admin privileges from paying user.",
	"Invalid organization role.", "Invalid role ID: 1234.", "Group '5' is not in Organization '7'.",
}

func TestBatchSaysWhatTogglSaid(t *testing.T) {
	a := withBatches(t)
	for _, words := range userMessages {
		t.Run(words, func(t *testing.T) {
			a := a.in(t)
			a.upstream.Script(sandbox.Failure{Operation: "UpdateOrganizationUser", Status: 400, Body: jsonString(words)})
			address, ids := a.deactivating(2)
			end := a.ended(address)
			end.has("#batch-state", "1 of 2 done, 1 failed")
			end.has("#row-"+ids[0], "Failed", words, "from Toggl")
			end.has("#row-"+ids[1], "Done")
			end.has("#batch-retry", "Try the failed one again")
			failed := a.get(address + "?show=failed").want(http.StatusOK)
			if failed.Find("#batch-rows li").Length() != 1 || failed.Find("#row-"+ids[0]).Length() != 1 {
				t.Error("not the failed one alone")
			}
		})
	}
}

func TestTryTheFailedOnesAgain(t *testing.T) {
	a := withBatches(t)
	a.upstream.Script(sandbox.Failure{Operation: "UpdateOrganizationUser", Status: 400, Body: jsonString("Cannot deactivate paying user.")})
	address, ids := a.deactivating(3)
	end := a.ended(address)
	a.upstream.ResetRequests()
	again := a.post(end.attr("form:has(#batch-retry)", "action"), nil).want(http.StatusSeeOther).header.Get("Location")
	if again == address {
		t.Fatal("the same batch again")
	}
	after := a.ended(again)
	after.has("#batch-state", "1 of 1 done")
	after.has("#row-"+ids[0], "Done")
	if n := len(a.bodiesOf("UpdateOrganizationUser")); n != 1 {
		t.Errorf("%d calls", n)
	}
	if after.Find("#batch-retry").Length() != 0 {
		t.Error("there is something to try again")
	}
}

// TestBatchWaitsForTheQuota, says until when, and can be stopped meanwhile.
func TestBatchWaitsForTheQuota(t *testing.T) {
	a := withBatches(t)
	a.upstream.Script(sandbox.Failure{
		Operation: "UpdateOrganizationUser", Status: 402, Body: jsonString("You have hit your hourly limit for API calls."),
		Header: http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"1800"}},
	})
	address, ids := a.deactivating(2)
	var got page
	for range 200 {
		if got = a.get(address); got.Find("#batch .note").Length() > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	got.has("#batch .note", "Toggl's limit is used up.", "goes on by itself at 10:34")
	got.has("#row-"+ids[0], "Not sent")
	if got.Find("#batch [hx-get], #batch[hx-get]").Length() != 1 || got.Find("noscript meta[http-equiv=refresh]").Length()+strings.Count(got.body, `http-equiv="refresh"`) == 0 {
		t.Error("the page doesn't ask again by itself")
	}
	a.get(a.users("active_status=active")).has(".notes", "Deactivating 2 users.", "0 of 2 done", "Show progress")
	a.post(got.attr("form:has(#batch-stop)", "action"), nil).leadsTo(address)
	end := a.ended(address)
	end.has("#batch-state", "0 of 2 done, 2 not sent")
	end.has("#batch .note", "Stopped.", "2 users were not sent")
	end.has("#batch-retry", "Send the 2 that were not sent")
}

// TestBatchEndsWhereEverythingWouldBeRefused: Toggl says that the person may
// not do it at all.
func TestBatchEndsWhereEverythingWouldBeRefused(t *testing.T) {
	a := withBatches(t)
	a.upstream.Script(sandbox.Failure{Operation: "UpdateOrganizationUser", Times: -1, Status: 403, Body: jsonString("User is not authorized to update the organization user")})
	address, _ := a.deactivating(3)
	end := a.ended(address)
	end.has("#batch-state", "0 of 3 done, 1 failed, 2 not sent")
	end.has("#batch .note", "You are not allowed to do this.", "User is not authorized to update the organization user")
	if n := len(a.bodiesOf("UpdateOrganizationUser")); n != 1 {
		t.Errorf("%d calls were sent", n)
	}
}

func TestBatchWithoutAnswer(t *testing.T) {
	a := withBatches(t)
	a.upstream.Script(sandbox.Failure{Operation: "UpdateOrganizationUser", Status: 500})
	address, ids := a.deactivating(2)
	end := a.ended(address)
	end.has("#row-"+ids[0], "Failed", "may or may not have been carried out")
	end.has("#batch .note", "Not every request was answered.")
}

// TestBatchIsItsOwners: nobody else's session finds it, and no other organization.
func TestBatchIsItsOwners(t *testing.T) {
	a := withBatches(t)
	address, _ := a.deactivating(1)
	a.ended(address)
	a.get(strings.Replace(address, a.orgURL(), "/orgs/1", 1)).want(http.StatusNotFound)
	a.post("/sign-out", nil)
	a.client = newBrowser(t)
	a.signIn(a.upstream.Admin())
	a.get(address).want(http.StatusNotFound)
	a.post(address+"/stop", nil).want(http.StatusNotFound)
	a.post(address+"/retry", nil).want(http.StatusNotFound)
	a.client = newBrowser(t)
	a.get(address).leadsTo("/sign-in?return_to=" + escape(address))
	a.signIn(a.upstream.Owner())
	a.get(address).want(http.StatusOK).has("#batch-state", "1 of 1 done")
}

// TestPollsDontExtendTheSession: what the page asks by itself is not somebody
// who is there.
func TestPollsDontExtendTheSession(t *testing.T) {
	a := withBatches(t)
	a.upstream.SetLatency(0)
	address, _ := a.deactivating(1)
	poll := address + "?auto=1"
	a.ended(address)
	for range 5 {
		a.pass(6 * time.Minute)
		a.do(asHTMX(a.request(http.MethodGet, poll, nil), a.server.URL+address))
	}
	a.pass(time.Minute)
	got := a.do(asHTMX(a.request(http.MethodGet, poll, nil), a.server.URL+address))
	if got.status != http.StatusUnauthorized || !strings.HasPrefix(got.header.Get("HX-Redirect"), "/sign-in?return_to=") {
		t.Errorf("after half an hour of polling: %d, %v", got.status, got.header)
	}
}

// TestProgressFragment is what the page asks for.
func TestProgressFragment(t *testing.T) {
	a := withBatches(t)
	address, _ := a.deactivating(1)
	a.ended(address)
	a.upstream.ResetRequests()
	got := a.getFragment(address+"?auto=1", address).want(http.StatusOK)
	if got.isPage() || got.Find("#batch").Length() != 1 {
		t.Error("not the progress alone")
	}
	got.has("#announce", "1 of 1 done")
	if n := len(a.calls()); n != 0 {
		t.Errorf("looking at it asks Toggl %d times", n)
	}
}

// TestUserChangeCalls is what each action costs.
func TestUserChangeCalls(t *testing.T) {
	a := withBatches(t)
	var address string
	var preview page
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"table", func() { a.get(a.users("")) }, "ListOrganizationUsers"},
		{"preview of two ticked rows", func() {
			ids := a.get(a.users("")).rowIDs()[1:3]
			preview = a.tick("/changes/deactivation", "", ids...)
		}, "ListGroups ListMyWorkspaces ListRoles"},
		{"start", func() { address = a.start(preview); a.ended(address) }, "ListOrganizationUsers UpdateOrganizationUser UpdateOrganizationUser"},
		{"progress", func() { a.get(address) }, ""},
		{"preview of all that match", func() {
			a.post(a.changing("reactivation"), url.Values{"scope": {"all"}}).want(http.StatusOK)
		}, "ListGroups ListMyWorkspaces ListOrganizationUsers ListOrganizationUsers ListRoles"},
		{"the same again", func() {
			a.post(a.removal(), url.Values{"scope": {"all"}}).want(http.StatusOK)
		}, ""},
	} {
		step.do()
		if got := joined(a.calls()); got != step.want {
			t.Errorf("%s: asked for %q, want %q", step.name, got, step.want)
		}
	}
}
