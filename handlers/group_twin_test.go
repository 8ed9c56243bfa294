package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
)

// TestFocusNumbersGroupsItsOwnWay: where Track's group of the same number is
// another, nothing is claimed about who has access through Focus' group.
func TestFocusNumbersGroupsItsOwnWay(t *testing.T) {
	const name = "Delivery leads"
	for words, groups := range map[string]string{
		"another name": `[{"group_id":ID,"name":"Catering","users":[{"user_id":9000001,"name":"Eve"}],"workspaces":[2000001]},{"group_id":77,"name":"` + name + `"}]`,
		"no number":    `[{"group_id":77,"name":"` + name + `","users":[],"workspaces":[]}]`,
	} {
		t.Run(words, func(t *testing.T) {
			a := withFocus(t)
			id, address := number(a.upstreamGroup(name).GroupID), a.groupURL(name)
			a.get(a.users("per_page=200")).want(http.StatusOK) // whose rows name groups by Track's numbers
			a.upstream.Script(sandbox.Failure{API: "track", Operation: "ListGroups", Times: -1, Body: strings.ReplaceAll(groups, "ID", id)})
			a.get(a.users("") + "/filters/groups").want(http.StatusOK) // from here on, Track's groups are known

			page := a.get(address).want(http.StatusOK)
			page.has("#main", "What this group gives to whom isn’t known.", "may number their groups differently")
			if text := page.text("#group-form"); strings.Contains(text, "only via") || strings.Contains(text, "also direct") {
				t.Errorf("it claims to know: %s", text)
			}
			page.has("#effects-offer", "Read Track’s groups again")
			a.calls()
			deletion := a.get(address + "/deletion?direct=true").want(http.StatusOK)
			deletion.has("#group-losses", "Of 20 members it isn’t known whether they lose access")
			deletion.has("#main", "What this group gives to whom isn’t known.")
			if deletion.Find("#effects-offer").Length() != 0 {
				t.Error("there is more to be known")
			}
			for _, call := range a.calls() {
				if call == "ListWorkspaceUsers" {
					t.Error("workspaces are asked about the members of another group")
				}
			}
			access := a.get(page.attr(`#main a[href*="/access"]`, "href")).want(http.StatusOK)
			access.has("h1", "What "+name+" gives access to")
			access.has("#main .note", "isn’t known", "Track’s group of this name")
			if access.Find("table").Length() != 0 || strings.Contains(access.text("#main"), "Catering") {
				t.Error("the access of another group is shown")
			}
			if link := access.attr("#main .note a", "href"); link != a.orgURL()+"/groups/77/access" {
				t.Errorf("Track's group of this name is at %q", link)
			}
		})
	}
}

// TestTrackGroupsAreRead: where it isn't known whether the numbers agree, that is
// a part of what reading who is direct costs.
func TestTrackGroupsAreRead(t *testing.T) {
	a := withFocus(t)
	g, _ := a.isMixed(t)
	page := a.get(a.groupURL(g.Name)).want(http.StatusOK)
	page.has("#effects-offer", "costs "+requests(len(g.Workspaces)+1))
	a.calls()
	a.upstream.Script(sandbox.Failure{API: "track", Operation: "ListGroups", Status: http.StatusForbidden, Body: `"not for you"`})
	failed := a.get(page.attr("#effects-offer a", "href")).want(http.StatusOK)
	failed.has("#main", "The groups of Toggl Track could not be read.", "not for you")
	a.calls()
	a.get(page.attr("#effects-offer a", "href")).want(http.StatusOK)
	want := "ListGroups" + strings.Repeat(" ListWorkspaceUsers", len(g.Workspaces))
	if got := joined(a.calls()); got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
}

// TestAccessOfAGroupOfFocus: the same group in both, and the way back to it.
func TestAccessOfAGroupOfFocus(t *testing.T) {
	a := withFocus(t)
	link := a.get(a.groupURL("Delivery leads")).attr(`#main a[href*="/access"]`, "href")
	got := a.get(link).want(http.StatusOK)
	got.has("h1", "What Delivery leads gives access to")
	if back := got.attr(".crumbs a:nth-of-type(2)", "href"); back != a.groupURL("Delivery leads") {
		t.Errorf("it leads back to %q", back)
	}
	// Without a word about Focus the number is Track's: another of Focus' may have it.
	address, err := url.Parse(link)
	must(t, err)
	of := a.get(address.Path).want(http.StatusOK)
	if back := of.attr(".crumbs a:nth-of-type(2)", "href"); back != a.groups("filter=Delivery+leads") {
		t.Errorf("the group of Track leads to %q", back)
	}
	a.get(a.orgURL() + "/groups/999999999/access?of=focus").want(http.StatusNotFound)
}
