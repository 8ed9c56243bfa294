package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient/sandbox"
)

func TestFocusFilterMenu(t *testing.T) {
	a := withFocus(t)
	for name, want := range map[string]int{"roles": 9, "groups": 17, "workspaces": 8} {
		address := a.focusUsers("") + "/filters/" + name
		menu := a.getFragment(address, a.focusUsers("")).want(http.StatusOK)
		labels := menu.texts("label.mi")
		if len(labels) != want || !slices.IsSortedFunc(labels, compareFold) {
			t.Errorf("%s: %d, %q", name, len(labels), labels)
		}
		whole := a.get(address).want(http.StatusOK)
		if diff := cmp.Diff(labels, whole.texts("main label.mi")); diff != "" {
			t.Errorf("%s: menu and page differ: %s", name, diff)
		}
		whole.has(".crumbs", "Focus users")
	}
	a.get(a.focusUsers("") + "/filters/nothing").want(http.StatusNotFound)
	chip := a.get(a.focusUsers("roles=11,777")).want(http.StatusOK)
	chip.has("#chip-roles", "Organization admin (organization) and 777")
}

// TestFocusFilterPageKeepsTheRest: without scripts the choice of one filter
// carries the others along and comes back to the list.
func TestFocusFilterPageKeepsTheRest(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.focusUsers("") + "/filters/roles?filter=mar&tag_ids=9101,7&roles=10&per_page=25&page=2&include_rates=true").want(http.StatusOK)
	if action := got.attr("main form", "action"); action != a.focusUsers("") {
		t.Errorf("the form goes to %q", action)
	}
	want := url.Values{"filter": {"mar"}, "tag_ids": {"9101,7"}, "roles": {"10"}, "per_page": {"25"}, "include_rates": {"true"}}
	if diff := cmp.Diff(want, got.fields("main form", "")); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

func TestFocusFilterMenuRefused(t *testing.T) {
	a := withFocus(t)
	a.upstream.Script(sandbox.Failure{
		API: "focus", Operation: "ListRoles", Status: 403, Times: 3, Body: `{"error":"forbidden","error_description":"no roles for you","trace_id":"0f1e2d3c4b5a"}`,
	})
	address := a.focusUsers("") + "/filters/roles?roles=5"
	menu := a.getFragment(address, a.focusUsers("")).want(http.StatusOK)
	menu.has("#failed-roles", "You are not allowed to see this. no roles for you", "from Toggl")
	menu.has("#choices-roles details.trace", "0f1e2d3c4b5a")
	if menu.attr("input[name=roles][checked]", "value") != "5" {
		t.Error("the choice is lost")
	}
	a.get(address).want(http.StatusForbidden).has("#problem", "no roles for you")
}

// TestFocusTabs: views under a name, with how many they hold where that is known.
func TestFocusTabs(t *testing.T) {
	a := withFocus(t)
	a.get(a.focusUsers("only_admins=true")).want(http.StatusOK)
	got := a.get(a.focusUsers("include_rates=true")).want(http.StatusOK)
	if tabs := got.texts("#users-tabs a"); joined(tabs) != "Everyone Admins Invited Inactive" {
		t.Errorf("tabs %q: with rates nothing was read yet", tabs)
	}
	if tab := got.attr("#users-tabs a[aria-current]", "href"); tab != a.focusUsers("include_rates=true") {
		t.Errorf("here is %q", tab)
	}
	plain := a.get(a.focusUsers("")).want(http.StatusOK)
	if tabs := plain.texts("#users-tabs a"); len(tabs) != 4 || tabs[1] == "Admins" || tabs[2] != "Invited" {
		t.Errorf("tabs %q: the admins were read", tabs)
	}
}
