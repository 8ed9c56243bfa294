package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient/sandbox"
)

func TestFilterMenu(t *testing.T) {
	a := signedIn(t)
	for name, want := range map[string]int{"groups": 17, "workspaces": 8} {
		address := a.users("") + "/filters/" + name
		menu := a.getFragment(address, a.users("")).want(http.StatusOK)
		labels := menu.texts("label.mi")
		if len(labels) != want || !slices.IsSortedFunc(labels, compareFold) {
			t.Errorf("%s: %q", name, labels)
		}
		if menu.Find("#choices-"+name+" input[type=checkbox][name="+name+"]").Length() != want || menu.Find("button").Length() != 1 {
			t.Errorf("%s: not the boxes and one button", name)
		}
		whole := a.get(address).want(http.StatusOK)
		if diff := cmp.Diff(labels, whole.texts("main label.mi")); diff != "" {
			t.Errorf("%s: menu and page differ: %s", name, diff)
		}
	}
}

// TestFilterPageKeepsTheRest: without scripts the choice of one filter carries
// the others along and comes back to the list.
func TestFilterPageKeepsTheRest(t *testing.T) {
	a := signedIn(t)
	address := a.users("") + "/filters/groups?filter=mar&active_status=active%2Cinvited&groups=5&per_page=25&page=2"
	got := a.get(address).want(http.StatusOK)
	form := got.Find("main form")
	if form.AttrOr("action", "") != a.users("") || form.AttrOr("method", "") != "get" {
		t.Errorf("the form goes to %q", form.AttrOr("action", ""))
	}
	want := url.Values{"filter": {"mar"}, "active_status": {"active,invited"}, "groups": {"5"}, "per_page": {"25"}}
	if diff := cmp.Diff(want, got.fields("main form", "")); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

// TestChipBeforeItsMenu: what is chosen travels along though its name isn't
// known, and the menu asks with what else is filtered.
func TestChipBeforeItsMenu(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.users("groups=3000001,3000002&filter=a")).want(http.StatusOK)
	got.has("#chip-groups", "Group", "2 chosen")
	hidden := got.Find("#choices-groups input[type=hidden][name=groups]").Map(func(_ int, s *selection) string { return s.AttrOr("value", "") })
	if joined(hidden) != "3000001 3000002" {
		t.Errorf("travelling along: %q", hidden)
	}
	link := got.attr("#choices-groups a", "href")
	if link != got.attr("#choices-groups a", "hx-get") || link != a.users("")+"/filters/groups?filter=a&groups=3000001%2C3000002" {
		t.Errorf("the menu asks %q", link)
	}
	menu := a.getFragment(link, a.users("")).want(http.StatusOK)
	checked := menu.texts("label:has(input[checked])")
	got = a.get(a.users("groups=3000001,3000002&filter=a")).want(http.StatusOK)
	if len(checked) != 2 || got.text("#chip-groups b") != checked[0]+" and "+checked[1] && got.text("#chip-groups b") != checked[1]+" and "+checked[0] {
		t.Errorf("checked %q, the chip says %q", checked, got.text("#chip-groups b"))
	}
}

// TestFilterMenuRefused: the menu says why it is empty, in its own place, and
// keeps what was chosen; the page is a problem page.
func TestFilterMenuRefused(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Operation: "ListGroups", Status: 403, Body: `"no groups for you"`, Times: 2})
	address := a.users("") + "/filters/groups?groups=5"
	menu := a.getFragment(address, a.users("")).want(http.StatusOK)
	menu.has("#failed-groups", "You are not allowed to see this. no groups for you", "from Toggl")
	if menu.attr("input[name=groups][checked]", "value") != "5" {
		t.Error("the choice is lost")
	}
	a.get(address).want(http.StatusForbidden).has("#problem", "no groups for you")
	a.get(address).want(http.StatusOK)
}

// TestFiltersCombined: each filter narrows, and the form says what is chosen.
func TestFiltersCombined(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.users("only_admins=true&active_status=active&filter=a")).want(http.StatusOK)
	got.has("#chip-only_admins b", "Admins only")
	got.has("#chip-active_status b", "Active")
	if used := got.text("#users-filter-count"); used != "2" {
		t.Errorf("%s filters are said to be used", used)
	}
	if href := got.attr("#users-chips > a", "href"); href != a.users("") {
		t.Errorf("clear leads to %q", href)
	}
	for _, role := range got.texts("#users tbody .c-b") {
		if role != "Admin" && role != "Owner" {
			t.Errorf("a %s among the admins", role)
		}
	}
}
