package handlers_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	got.has(".page-head", "Owner", "Active")
	for _, term := range []string{
		"Two-factor", "Joined", "Workspaces", "Picture", "Created", "Updated", "Organization user ID", "User ID",
		"Highest workspace role", "Via Directors", "May see and edit rates", "May see and edit costs",
	} {
		if !slices.Contains(got.texts("main dl dt"), term) {
			t.Errorf("no %q", term)
		}
	}
	if labels := got.texts("#user-form label[for]"); joined(labels) != "Name Email Organization role Active" {
		t.Errorf("labels %q", labels)
	}
	row := got.Find("#user-workspaces tbody tr").First()
	workspace := oneLine(row.Find("th bdi").First().Text())
	var named []string
	row.Find("[aria-label]").Each(func(_ int, s *selection) { named = append(named, s.AttrOr("aria-label", "")) })
	want := []string{
		"Role in ", "Rate in ", "Labor cost in ", "Working hours in ", "View and edit billable rates in ", "View and edit labor costs in ",
		"Inactive in ", "Remove from ",
	}
	for i := range want {
		want[i] += workspace
	}
	if diff := cmp.Diff(want, named); diff != "" {
		t.Errorf("fields of a workspace (-want +got):\n%s", diff)
	}
	if name, email := got.attr("#name", "value"), got.attr("#email", "value"); name != owner.Name || email != owner.Email {
		t.Errorf("the form holds %q and %q", name, email)
	}
	got.has("main dl", number(owner.OrganizationUserID), number(owner.UserID))
	if back := got.attr(".crumbs a", "href"); back != a.users("") {
		t.Errorf("back leads to %q", back)
	}
	if got.Find("img").Length() != 0 {
		t.Error("a picture is loaded")
	}
}

// TestUserFromTheTable: each row and its menu lead to the page of that user,
// whom nobody needs to be asked for; what the form offers is read once.
func TestUserFromTheTable(t *testing.T) {
	a := signedIn(t)
	table := a.get(a.users("per_page=10"))
	a.calls()
	table.Find("#users tbody tr").Each(func(_ int, s *selection) {
		link := s.Find("th a")
		got := a.get(link.AttrOr("href", "")).want(http.StatusOK)
		if name, want := got.text("h1"), oneLine(link.Text()); name != want {
			t.Errorf("%q leads to %q", want, name)
		}
		if email, want := got.attr("#email", "value"), oneLine(s.Find("th small").Text()); email != want {
			t.Errorf("%q leads to %q", want, email)
		}
		if menu := s.Find("td:last-child a").AttrOr("href", ""); menu != link.AttrOr("href", "") {
			t.Errorf("the menu leads to %q", menu)
		}
	})
	if calls := joined(a.calls()); calls != "ListGroups ListMyWorkspaces ListRoles" {
		t.Errorf("asked %q", calls)
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
