package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient/sandbox"
)

func TestUsersPage(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.users("")).want(http.StatusOK)
	if rows := got.Find("table#users tbody tr").Length(); rows != 50 {
		t.Errorf("%d rows, want 50", rows)
	}
	got.has("#users-count", "214")
	got.has(".foot-bar", "1–50 of 214")
	got.has(".sync", "Read from Toggl", "just now", "requests left this hour")
	if next := got.attr("a[rel=next]", "href"); next != a.users("page=2") {
		t.Errorf("next page %q", next)
	}
	if got.Find("a[rel=prev]").Length() != 0 {
		t.Error("there is a page before the first")
	}
	if sort := got.attr("#users thead th", "aria-sort"); sort != "ascending" {
		t.Errorf("aria-sort %q", sort)
	}
	if got.attr("nav[aria-label=Main] a[aria-current=page]", "href") != a.users("") {
		t.Error("Users isn't the current item")
	}
	if title := got.text("title"); title != "Users · Halden & Moss · Roster" {
		t.Errorf("title %q", title)
	}
}

// TestUsersRow compares one row with what the sandbox holds.
func TestUsersRow(t *testing.T) {
	a := signedIn(t)
	owner := a.upstream.Owner()
	row := a.get(a.users("filter=" + owner.Email)).want(http.StatusOK).Find("#users tbody tr")
	if row.Length() != 1 {
		t.Fatalf("%d rows", row.Length())
	}
	cells := row.Children().Map(func(_ int, s *selection) string { return oneLine(s.Find(".av").Remove().End().Text()) })
	if len(cells) != 9 || cells[1] != owner.Name+" "+owner.Email || cells[2] != "Active" || cells[3] != "Owner" {
		t.Errorf("cells %q", cells)
	}
	tick := row.Children().First().Find("input[type=checkbox]")
	if id, label := tick.AttrOr("value", ""), tick.AttrOr("aria-label", ""); id != number(owner.OrganizationUserID) || label != "Select "+owner.Name {
		t.Errorf("%q ticks %q", label, id)
	}
	want := a.orgURL() + "/users/" + number(owner.OrganizationUserID) + "?email=" + strings.ReplaceAll(owner.Email, "@", "%40")
	links := row.Find("a").Map(func(_ int, s *selection) string { return s.AttrOr("href", "") })
	if diff := cmp.Diff([]string{want, want}, links); diff != "" { // the name and the menu
		t.Errorf("the row leads elsewhere (-want +got):\n%s", diff)
	}
}

// TestUsersInvited: who hasn't joined shows when they were invited, and who
// is active in no workspace stands out.
func TestUsersInvited(t *testing.T) {
	a := signedIn(t)
	id := a.upstream.Member().OrganizationUserID
	a.upstream.Replace(id, func(u *sandbox.User) {
		u.Name, u.Email, u.Joined, u.CreatedAt = "", "new@example.com", false, start.Add(-time.Hour)
	})
	got := a.get(a.users("filter=new@example.com&columns=status,two_factor,updated,created")).want(http.StatusOK)
	if row := got.text("#users tbody tr"); row != "? new@example.com new@example.com Invited – Invited Today Today" {
		t.Errorf("the row says %q", row)
	}
	if a.get(a.users("active_status=active&per_page=200")).Find("#users .tag.warn").Length() == 0 {
		t.Error("nobody in no workspace stands out")
	}
}

func TestUsersFragment(t *testing.T) {
	a := signedIn(t)
	got := a.getFragment(a.users("active_status=invited"), a.users("")).want(http.StatusOK)
	if got.isPage() || got.Find("#users-results table#users").Length() != 1 {
		t.Fatal("not the results alone")
	}
	if got.Find("#users-search").Length() != 0 {
		t.Error("the fragment replaces the search box, and with it what is being typed")
	}
	want := []string{"users-count", "users-tabs", "users-chips", "users-filter-count", "announce"}
	ids := got.Find("[hx-swap-oob]").Map(func(_ int, s *selection) string { return s.AttrOr("id", "") })
	for _, id := range want {
		if !slices.Contains(ids, id) {
			t.Errorf("%s isn't brought up to date", id)
		}
	}
	got.has("#announce", "users")
	got.has("#chip-active_status", "Status Invited")
}

// TestUsersPageAndFragmentAgree: both show the same table.
func TestUsersPageAndFragmentAgree(t *testing.T) {
	a := signedIn(t)
	for _, query := range []string{"", "page=2", "only_admins=true", "filter=zzzz", "page=0"} {
		whole, fragment := a.get(a.users(query)), a.getFragment(a.users(query), "")
		one, _ := whole.Find("#users-results").Html()      // of a parsed document
		other, _ := fragment.Find("#users-results").Html() // of a parsed document
		if diff := cmp.Diff(one, other); diff != "" || one == "" {
			t.Errorf("?%s: page and fragment differ (-page +fragment):\n%s", query, diff)
		}
		if whole.status != fragment.status {
			t.Errorf("?%s: status %d and %d", query, whole.status, fragment.status)
		}
	}
}

func TestUsersPagesAndOrder(t *testing.T) {
	a := signedIn(t)
	var names []string
	address := a.users("per_page=100")
	for address != "" {
		got := a.get(address).want(http.StatusOK)
		names = append(names, got.texts("#users tbody th a")...)
		address = got.attr("a[rel=next]", "href")
	}
	if len(names) != 214 {
		t.Fatalf("%d users on all pages", len(names))
	}
	last := a.get(a.users("per_page=100&page=3")).want(http.StatusOK)
	last.has(".foot-bar", "201–214 of 214")
	if prev := last.attr("a[rel=prev]", "href"); prev != a.users("page=2&per_page=100") {
		t.Errorf("previous page %q", prev)
	}
	if current := last.text("nav.pager a[aria-current=page]"); current != "3" {
		t.Errorf("current page %q", current)
	}

	turned := a.get(a.get(a.users("")).attr("#users-sort", "href")).want(http.StatusOK)
	if sort := turned.attr("#users thead th", "aria-sort"); sort != "descending" {
		t.Errorf("aria-sort %q", sort)
	}
	if first := turned.texts("#users tbody th a")[0]; first != names[len(names)-1] {
		t.Errorf("the turned list begins with %q, want %q", first, names[len(names)-1])
	}
	if back := turned.attr("#users-sort", "href"); back != a.users("") {
		t.Errorf("turning back leads to %q", back)
	}
}

// TestUsersWithoutPageHeaders: without figures from upstream only a short page
// is known to be the last.
func TestUsersWithoutPageHeaders(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.NoPageHeaders = true; o.Users = 100 })
	got := a.get(a.users("")).want(http.StatusOK)
	if got.text("#users-count") != "" || got.Find("nav.pager a[aria-label^='Page ']").Length() != 0 {
		t.Error("the page counts what nobody counted")
	}
	if got.attr("a[rel=next]", "href") != a.users("page=2") {
		t.Error("no next page after a full one")
	}
	got = a.get(a.users("page=3")).want(http.StatusOK)
	got.has(".empty", "There is no page 3", "First page")
	if href := got.attr(".empty a", "href"); href != a.users("") {
		t.Errorf("first page is %q", href)
	}
}

// TestUsersBelievesNoAbsurdCount: a page count that can't be is not looped over.
func TestUsersBelievesNoAbsurdCount(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{
		Operation: "ListOrganizationUsers", Body: `[{"id":1,"user_id":2,"name":"Ada","email":"ada@example.com"}]`,
		Header: http.Header{"X-Page": {"7"}, "X-Pages": {"9223372036854775807"}, "X-Records": {"9223372036854775807"}},
	})
	got := a.get(a.users("page=7")).want(http.StatusOK)
	want := []string{"1", "6", "7", "8", "9223372036854775807"}
	if diff := cmp.Diff(want, got.texts("nav.pager a[aria-label^='Page ']")); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

func TestUsersEmpty(t *testing.T) {
	a := signedIn(t)
	tests := []struct{ query, strong, link string }{
		{"filter=zzzz&per_page=25", "No users match these filters Name or email contains “zzzz”.", a.users("per_page=25")},
		{"filter=zzzz&active_status=invited", "Name or email contains “zzzz”, and status is Invited.", a.users("")},
		{"page=99", "There is no page 99", a.users("")},
	}
	for _, tt := range tests {
		got := a.get(a.users(tt.query)).want(http.StatusOK)
		got.has("#users-results .empty", tt.strong)
		if href := got.attr("#users-results .empty a", "href"); href != tt.link {
			t.Errorf("?%s: the way on is %q, want %q", tt.query, href, tt.link)
		}
		if got.Find("#users").Length() != 0 {
			t.Errorf("?%s: an empty table", tt.query)
		}
	}
	a.upstream.Script(sandbox.Failure{Operation: "ListOrganizationUsers", Body: "null"})
	a.get(a.users("per_page=7")).want(http.StatusOK).has(".empty", "No users in this organization")
}

func TestUsersTabs(t *testing.T) {
	a := signedIn(t)
	for _, tt := range []struct{ query, tab string }{
		{"", "Everyone"},
		{"only_admins=true", "Admins"},
		{"active_status=invited", "Invited"},
		{"active_status=inactive", "Inactive"},
		{"page=2", "Everyone"},
		{"filter=a", ""},
		{"active_status=active", ""},
	} {
		got := a.get(a.users(tt.query)).want(http.StatusOK)
		current := got.Find("#users-tabs a[aria-current]").Clone()
		current.Find(".n").Remove()
		if name := oneLine(current.Text()); name != tt.tab {
			t.Errorf("?%s: current tab %q, want %q", tt.query, name, tt.tab)
		}
		if tt.tab != "" && got.attr("#users-tabs a[aria-current]", "href") != a.users(strings.TrimPrefix(tt.query, "page=2")) {
			t.Errorf("?%s: the current tab leads to %q", tt.query, got.attr("#users-tabs a[aria-current]", "href"))
		}
	}
	counts := a.get(a.users("")).texts("#users-tabs .n")
	if len(counts) != 4 || counts[0] != "214" {
		t.Errorf("counts of tabs that were read: %q", counts)
	}
}

func TestUsersOfAMember(t *testing.T) {
	a := newApp(t)
	a.signIn(a.upstream.Member())
	got := a.get(a.users("")).want(http.StatusForbidden)
	got.has("#problem", "You are not allowed to see this", "User is not authorized to list the organization users", "from Toggl")
	fragment := a.getFragment(a.users(""), a.users("")).want(http.StatusForbidden)
	fragment.has(".note.bad", "User is not authorized to list the organization users")
	if fragment.header.Get("HX-Retarget") != "#flash" {
		t.Error("the failure lands in the table")
	}
}
