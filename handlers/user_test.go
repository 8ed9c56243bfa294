package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
)

func (a *app) userURL(p sandbox.Persona) string {
	return a.orgURL() + "/users/" + number(p.OrganizationUserID)
}

func TestUserPage(t *testing.T) {
	a := signedIn(t)
	owner := a.upstream.Owner()
	got := a.get(a.userURL(owner) + "?email=" + owner.Email).want(http.StatusOK)
	got.has("h1", owner.Name)
	got.has("main", owner.Email, "Owner", "Active")
	for _, term := range []string{
		"Name", "Email", "Two-factor", "Joined", "Role ID", "Workspaces", "Picture", "Created", "Updated", "Organization user ID", "User ID",
		"Rate per hour", "Labor cost per hour", "Working hours", "Sees and edits billable rates", "Sees and edits labor costs",
		"Inactive here", "Through groups", "Workspace ID", "Workspace user ID",
	} {
		if !strings.Contains(got.text("main dl"), term) {
			t.Errorf("no %q", term)
		}
	}
	got.has("main dl", number(owner.OrganizationUserID), number(owner.UserID))
	if back := got.attr(".crumbs a", "href"); back != a.users("") {
		t.Errorf("back leads to %q", back)
	}
	if got.Find("img").Length() != 0 {
		t.Error("a picture is loaded")
	}
}

// TestUserFromTheTable: each row leads to the page of that user, without a call.
func TestUserFromTheTable(t *testing.T) {
	a := signedIn(t)
	table := a.get(a.users("per_page=10"))
	a.calls()
	table.Find("#users tbody tr").Each(func(_ int, s *selection) {
		got := a.get(s.Find("a").AttrOr("href", "")).want(http.StatusOK)
		got.has("h1", oneLine(s.Find("a").Text()))
		got.has("main", oneLine(s.Find("small").First().Text()))
	})
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("asked %v", calls)
	}
}

func TestUserNotFound(t *testing.T) {
	a := signedIn(t)
	a.get(a.orgURL()+"/users/99999999").want(http.StatusNotFound).has("#problem", "Toggl has no such thing", "The organization has no such user.")
	a.get(a.orgURL() + "/users/99999999?email=nobody@example.com").want(http.StatusNotFound)
}

// TestUserWithTheWrongHint: the address in the query is a hint, never who is shown.
func TestUserWithTheWrongHint(t *testing.T) {
	a := signedIn(t)
	owner, admin := a.upstream.Owner(), a.upstream.Admin()
	a.get(a.userURL(owner)+"?email="+admin.Email).want(http.StatusOK).has("h1", owner.Name)
}

func TestUserRefused(t *testing.T) {
	a := newApp(t)
	a.signIn(a.upstream.Member())
	a.get(a.userURL(a.upstream.Owner())).want(http.StatusForbidden).has("#problem", "User is not authorized to list the organization users")
}

func TestUserWhileTogglIsDown(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Status: 500, Times: -1})
	address := a.userURL(a.upstream.Owner())
	got := a.get(address).want(http.StatusBadGateway)
	if retry := got.attr("#problem a.primary", "href"); retry != address {
		t.Errorf("retry leads to %q", retry)
	}
}
