package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient/sandbox"
)

// everything is a Focus user with every field that the API has.
const everything = `[{"id":7,"user_account_id":8,"user_id":"acc-9","organization_id":4128077,"name":"Ada Lovelace","email":"ada@example.com",
	"active":true,"joined":false,"invite_sent":true,"owner":false,"admin":true,"can_edit_personal_details":false,"2fa_enabled":true,
	"account_locked_at":"2026-11-02T08:00:00Z","created_at":"2025-03-04T12:00:00Z","updated_at":"2026-11-21T14:04:05Z","deleted_at":"2026-11-20T12:00:00Z",
	"workspaces":[
		{"id":5,"workspace_user_id":55,"name":"Yard","focus_role_id":15,"track_role_id":1,"work_role_id":777,"toggl_products":["track","focus","plan"],"groups":[{"id":6,"name":"Crew","emoji":"🚚"}]},
		{"id":4,"workspace_user_id":44,"name":"","toggl_products":null,"groups":null}],
	"groups":[{"id":6,"name":"Crew","emoji":"🚚","workspace_ids":[5,12]}],
	"tags":[{"id":1,"label":"Contractor","color":"#C56BFF"},{"id":2,"label":"Mentor","color":""}],
	"rate":{"hourly_rate":95,"currency":"EUR","start_at":"2026-01-05T12:00:00Z","end_at":"2026-12-31T12:00:00Z","workspace_id":5,"workspace_rate_id":31,"workspace_user_rate_id":32},
	"working_hours":7.5,"permissions":{"plan_work":true,"seats":{"used":2},"level":"high"}}]`

func (p page) facts(heading string) map[string]string {
	facts := map[string]string{}
	p.Find("[aria-labelledby=" + heading + "] .facts > div").Each(func(_ int, s *selection) { facts[textOf(s.Find("dt"))] = textOf(s.Find("dd")) })
	return facts
}

// TestFocusUser: whatever Focus tells of somebody is on their page.
func TestFocusUser(t *testing.T) {
	a := withFocus(t)
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListUsers", Body: everything})
	got := a.get(a.focusUsers("") + "/7").want(http.StatusOK)
	if asked := a.asked("ListUsers"); asked.Get("org_user_ids") != "7" || asked.Get("include_rates") != "true" || asked.Get("include_working_hours") != "true" {
		t.Errorf("asked for %v", asked)
	}
	got.has("h1", "Ada Lovelace")
	got.has(".page-head .chips", "Invited", "Admin", "Deleted", "ada@example.com")
	if diff := cmp.Diff(map[string]string{
		"Two-factor": "On", "Locked": "2 Nov", "Active": "Yes", "Joined": "No", "Invitation sent": "Yes", "Owner": "No", "Admin": "Yes",
		"Details can be edited": "No", "Created": "4 Mar 2025", "Updated": "1 h ago", "Deleted": "20 Nov", "Organization user ID": "7",
		"Account ID": "8", "User ID": "acc-9", "Organization ID": "4128077",
	}, got.facts("h-account")); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{
		"Hourly rate": "€95.00", "Valid from": "5 Jan", "Valid until": "31 Dec", "Rate of": "Yard", "Workspace rate ID": "31",
		"Workspace user rate ID": "32", "Working hours": "7.5",
	}, got.facts("h-pay")); diff != "" {
		t.Errorf("rate (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"plan_work": "Yes", "seats": `{"used":2}`, "level": "high"}, got.facts("h-permissions")); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"Yard Workspace 5, user 55 Track, Focus, plan Workspace admin Workspace admin Role 777 🚚 Crew",
		"Workspace 4 Workspace 4, user 44 – – – – –",
	}, got.texts("#focus-workspaces tbody tr")); diff != "" {
		t.Errorf("workspaces (-want +got):\n%s", diff)
	}
	got.has("#focus-groups", "🚚", "Crew", "Group 6, opens Yard, Workspace 12")
	if tags := got.texts("#tags li"); joined(tags) != "Contractor Mentor" {
		t.Errorf("tags %q", tags)
	}
	if link := got.attr(".page-head .actions a", "href"); link != a.users("")+"/7?email="+escape("ada@example.com") {
		t.Errorf("Track is at %q", link)
	}
}

// TestFocusUserWithNothing: what Focus leaves out is said to be missing.
func TestFocusUserWithNothing(t *testing.T) {
	a := withFocus(t)
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListUsers", Body: `[{"id":7,"active":true,"workspaces":null,"groups":null,"tags":null,"rate":null}]`})
	got := a.get(a.focusUsers("") + "/7").want(http.StatusOK)
	got.has("h1", "No name")
	got.has("main", "Focus says that they are in no workspace.", "Invitation not sent")
	if pay := got.facts("h-pay"); pay["Hourly rate"] != "None" || pay["Working hours"] != "Not set" {
		t.Errorf("rate %v", pay)
	}
	if got.Find("#h-permissions").Length() != 0 || got.Find(".page-head .actions a").Length() != 0 {
		t.Error("there are permissions, or a user in Track, out of nothing")
	}
}

func TestFocusUserUnknown(t *testing.T) {
	a := withFocus(t)
	a.get(a.focusUsers("")+"/999").want(http.StatusNotFound).has("#problem", "Toggl has no such thing", "no such user in Focus")
	for _, id := range []string{"0", "-1", "x", "07"} {
		a.get(a.focusUsers("") + "/" + id).want(http.StatusNotFound)
	}
	// An answer with somebody else in it is no answer.
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListUsers", Body: everything})
	a.get(a.focusUsers("") + "/998").want(http.StatusNotFound)
}

// TestFocusUserWithoutRoleNames: where the roles can't be read, their numbers
// and the reason are shown, and all else.
func TestFocusUserWithoutRoleNames(t *testing.T) {
	a := withFocus(t)
	a.upstream.Script(sandbox.Failure{
		API: "focus", Operation: "ListRoles", Status: 403, Times: 3, Body: `{"error":"forbidden","error_description":"no roles for you","trace_id":"0f1e2d3c4b5a"}`,
	})
	a.upstream.Script(sandbox.Failure{API: "track", Operation: "ListRoles", Status: 403, Body: `"not yours"`, Times: 3})
	got := a.get(a.focusUsers("") + "/5100002").want(http.StatusOK)
	got.has("#focus-user", "The roles of Focus could not be read", "no roles for you", "The roles of Track could not be read", "not yours")
	got.has("#focus-user details.trace", "0f1e2d3c4b5a")
	got.has("#focus-workspaces tbody", "Role 1", "Role 15")
}

// TestFocusUserNotices: one thing about an account stands beside its status.
func TestFocusUserNotices(t *testing.T) {
	a := withFocus(t)
	member := a.upstream.Member().OrganizationUserID
	row := func() string {
		a.post(a.orgURL()+"/refresh", nil)
		return a.get(a.focusUsers("org_user_ids=" + number(member))).want(http.StatusOK).text("#focus-users tbody td:nth-child(2)")
	}
	if status := row(); status != "Active" {
		t.Errorf("at first: %q", status)
	}
	a.upstream.Replace(member, func(u *sandbox.User) { u.AccountLockedAt = start })
	if status := row(); status != "Active Locked" {
		t.Errorf("locked: %q", status)
	}
	a.upstream.Replace(member, func(u *sandbox.User) {
		u.AccountLockedAt, u.Joined, u.CreatedAt = time.Time{}, false, start.AddDate(0, 0, -1)
	})
	if status := row(); status != "Invited Invitation not sent" {
		t.Errorf("never invited: %q", status)
	}
}

// TestFocusAndTrackAreLinked: from each page of somebody to the other.
func TestFocusAndTrackAreLinked(t *testing.T) {
	a := withFocus(t)
	owner := a.upstream.Owner()
	track := a.get(a.userURL(owner)).want(http.StatusOK)
	focus := a.focusUsers("") + "/" + number(owner.OrganizationUserID)
	if track.Find(`.page-head a[href="`+focus+`"]`).Length() != 1 {
		t.Error("no link to Focus")
	}
	back := a.get(focus).want(http.StatusOK).attr(".page-head .actions a", "href")
	if !strings.HasPrefix(back, a.userURL(owner)) {
		t.Errorf("the way back is %q", back)
	}
	a.get(back).want(http.StatusOK).has("h1", owner.Name)
	alone := signedIn(t)
	if alone.get(alone.userURL(owner)).want(http.StatusOK).Find(`a[href*="focus-users/"]`).Length() != 0 {
		t.Error("a link to Focus without a key")
	}
}
