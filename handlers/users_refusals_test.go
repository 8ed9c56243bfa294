package handlers_test

import (
	"net/http"
	"testing"
)

// userRefusals are the API's refusals of the users list, each by the address
// that brings it about. Of the contract's messages only that of a bad
// organization id is missing: such an address is no page of ours.
var userRefusals = []struct{ query, words, chip, place, without string }{
	{"active_status=x", "active_status parameter can contain only 'active', 'inactive' or 'invited'.", "active_status", "Status", ""},
	{"active_status=active,x", "active_status parameter can contain only 'active', 'inactive' or 'invited'.", "active_status", "Status", ""},
	{"only_admins=x", "only_admins parameter can contain only 'true' or 'false'.", "only_admins", "Role", ""},
	{"page=x", "Invalid value sent for 'page'.", "", "Page", ""},
	{"page=0", "page parameter must contain values > 0.", "", "Page", ""},
	{"page=-1", "page parameter must contain values > 0.", "", "Page", ""},
	{"per_page=x", "Invalid value sent for 'per_page'.", "", "Rows on a page", ""},
	{"per_page=0", "per_page parameter must contain values > 0.", "", "Rows on a page", ""},
	{"sort_dir=x", "sort_dir parameter can contain only 'asc' or 'desc'.", "", "Order", ""},
	{"groups=x", "Invalid value sent for 'groups'.", "groups", "Group", ""},
	{"workspaces=1,x", "Invalid value sent for 'workspaces'.", "workspaces", "Workspace", ""},
	{"filter=mar&page=0", "page parameter must contain values > 0.", "", "Page", "filter=mar"},
	{"active_status=invited&filter=mar&groups=x", "Invalid value sent for 'groups'.", "groups", "Group", "active_status=invited&filter=mar"},
	{"filter=mar&groups=5&only_admins=x&workspaces=6", "only_admins parameter can contain only 'true' or 'false'.", "only_admins", "Role", "filter=mar&groups=5&workspaces=6"},
}

// TestUsersRefused: Toggl's own words, at the filter that they are about, with
// everything kept that was asked, as a page and as a fragment.
func TestUsersRefused(t *testing.T) {
	a := signedIn(t)
	for _, tt := range userRefusals {
		t.Run(tt.query, func(t *testing.T) {
			a := a.in(t)
			for _, got := range []page{a.get(a.users(tt.query)), a.getFragment(a.users(tt.query), a.users(""))} {
				got.want(http.StatusUnprocessableEntity)
				if words := got.text("#users-error strong"); words != tt.words {
					t.Errorf("words %q, want %q", words, tt.words)
				}
				got.has("#users-error", "from Toggl", tt.place)
				if got.attr("#users-error", "role") != "alert" {
					t.Error("the refusal isn't announced")
				}
				if href := got.attr("#users-error a", "href"); href != a.users(tt.without) {
					t.Errorf("the way on is %q, want %q", href, a.users(tt.without))
				}
				checkMarkedChip(t, got, tt.chip)
				if got.Find("#users").Length() != 0 {
					t.Error("there is a table beside the refusal")
				}
			}
		})
	}
}

func checkMarkedChip(t *testing.T, got page, chip string) {
	t.Helper()
	marked := got.Find(`#users-chips button[aria-describedby="users-error"]`)
	if chip == "" {
		if marked.Length() != 0 {
			t.Errorf("%s is marked, which isn't at fault", marked.AttrOr("id", ""))
		}
		return
	}
	if marked.Length() != 1 || marked.AttrOr("id", "") != "chip-"+chip || !marked.HasClass("has-error") {
		t.Errorf("marked: %q, want chip-%s", marked.AttrOr("id", ""), chip)
	}
}

// TestUsersRefusedKeepsTheForm: submitting the form again sends the same.
func TestUsersRefusedKeepsTheForm(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.users("filter=mar&active_status=invited,x&only_admins=true&groups=5&workspaces=y&per_page=25&sort_dir=desc"))
	got.want(http.StatusUnprocessableEntity)
	form := got.Find("#users-filter")
	if typed := form.Find("#users-search").AttrOr("value", ""); typed != "mar" {
		t.Errorf("the search box holds %q", typed)
	}
	kept := got.fields("#users-filter", "")
	for name, want := range map[string]string{
		"active_status": "invited x", "only_admins": "true", "groups": "5", "workspaces": "y", "per_page": "25", "sort_dir": "desc",
	} {
		if values := joined(kept[name]); values != want {
			t.Errorf("%s is %q, want %q", name, values, want)
		}
	}
	if title := got.text("title"); title != "Error: Users · Halden & Moss · Roster" {
		t.Errorf("title %q", title)
	}
}
