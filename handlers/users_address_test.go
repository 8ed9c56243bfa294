package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func joined(values []string) string { return strings.Join(values, " ") }

// TestUsersTidyAddress: what a form sends becomes the address that a person
// would write.
func TestUsersTidyAddress(t *testing.T) {
	a := signedIn(t)
	for _, tt := range []struct{ sent, shown string }{
		{"filter=&only_admins=&sort_dir=", ""},
		{"filter=+mar+", "filter=mar"},
		{"active_status=active&active_status=invited", "active_status=active%2Cinvited"},
		{"active_status=active,invited,active,", "active_status=active%2Cinvited"},
		{"groups=5&groups=6&groups=5", "groups=5%2C6"},
		{"workspaces=6&unknown=1&columns=role", "workspaces=6"},
		{"per_page=25&filter=a&sort_dir=desc", "filter=a&per_page=25&sort_dir=desc"},
	} {
		got := a.getFragment(a.users(tt.sent), "/elsewhere")
		if shown := got.header.Get("HX-Push-Url") + got.header.Get("HX-Replace-Url"); shown != a.users(tt.shown) {
			t.Errorf("?%s is shown as %q, want %q", tt.sent, shown, a.users(tt.shown))
		}
		whole := a.get(a.users(tt.sent))
		if whole.header.Get("HX-Push-Url") != "" {
			t.Errorf("?%s: a page tells htmx an address", tt.sent)
		}
		if here := whole.attr("#menu-columns input[name=return_to]", "value"); here != a.users(tt.shown) {
			t.Errorf("?%s: forms come back to %q", tt.sent, here)
		}
	}
}

// TestUsersAddressWhileTyping: Back must not go through every key, but through
// every other change.
func TestUsersAddressWhileTyping(t *testing.T) {
	a := signedIn(t)
	for _, tt := range []struct {
		name, shown, asked string
		replaced           bool
	}{
		{"a first key", "", "filter=m", true},
		{"another key", "filter=m", "filter=ma", true},
		{"all deleted", "filter=m", "", true},
		{"from a later page", "filter=m&page=2", "filter=ma", true},
		{"beside another filter", "active_status=invited&filter=m", "active_status=invited&filter=ma", true},
		{"the same filter in another form", "active_status=active%2Cinvited", "active_status=active&active_status=invited&filter=m", true},
		{"a filter", "filter=m", "active_status=invited&filter=m", false},
		{"a filter and a key", "filter=m", "active_status=invited&filter=ma", false},
		{"the next page", "", "page=2", false},
		{"the order", "filter=m", "filter=m&sort_dir=desc", false},
		{"nothing", "filter=m", "filter=m", false},
	} {
		got := a.getFragment(a.users(tt.asked), a.users(tt.shown)).want(http.StatusOK)
		pushed, replaced := got.header.Get("HX-Push-Url"), got.header.Get("HX-Replace-Url")
		if (replaced != "") != tt.replaced || (pushed != "") == tt.replaced {
			t.Errorf("%s: push %q, replace %q", tt.name, pushed, replaced)
		}
	}
	got := a.getFragment(a.users("filter=m"), "")
	r := a.request(http.MethodGet, a.users("filter=m"), nil)
	asHTMX(r, "://no address")
	if odd := a.do(r).want(http.StatusOK); got.status != odd.status || odd.header.Get("HX-Push-Url") == "" {
		t.Error("an odd current address")
	}
}

// TestUsersFormsComeBackHere: after the fragment has changed the address, the
// other forms of the page lead back to it, not to where the page began.
func TestUsersFormsComeBackHere(t *testing.T) {
	a := signedIn(t)
	whole := a.get(a.users(""))
	got := a.getFragment(a.users("filter=mar&page=1"), a.users(""))
	forms := whole.Find("main input[name=return_to], .side input[name=return_to]")
	forms.Each(func(_ int, s *selection) {
		id := s.AttrOr("id", s.Closest("[id]").AttrOr("id", ""))
		fresh := got.Find("#" + id + "[hx-swap-oob]")
		if address := fresh.Find("input").AddSelection(fresh).AttrOr("value", ""); address != a.users("filter=mar&page=1") {
			t.Errorf("the form of %s comes back to %q", s.Closest("form").AttrOr("action", ""), address)
		}
	})
	if forms.Length() != 3 {
		t.Errorf("%d forms with a way back", forms.Length())
	}
}

func TestUsersColumns(t *testing.T) {
	a := signedIn(t)
	usual := joined(a.get(a.users("")).texts("#users thead th"))
	if usual != "Name Status Role Workspaces Groups Two-factor Updated" {
		t.Fatalf("usual columns: %s", usual)
	}
	for _, tt := range []struct {
		name string
		form url.Values
		want string
	}{
		{"chosen", url.Values{"columns": {"user_id", "role"}}, "Name Role User ID"},
		{"all", url.Values{"columns": {"status", "role", "workspaces", "groups", "two_factor", "updated", "created", "user_id"}}, "Name Status Role Workspaces Groups Two-factor Updated Created User ID"},
		{"none", url.Values{}, "Name"},
		{"unknown ones", url.Values{"columns": {"role", "evil\r\nSet-Cookie: x=1", "<b>"}}, "Name Role"},
		{"the usual ones again", url.Values{"default": {"true"}, "columns": {"role"}}, usual},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := a.in(t)
			tt.form.Set("return_to", a.users("filter=mar"))
			a.post(a.users("")+"/columns", tt.form).leadsTo(a.users("filter=mar"))
			got := a.get(a.users(""))
			if columns := joined(got.texts("#users thead th")); columns != tt.want {
				t.Errorf("columns %q, want %q", columns, tt.want)
			}
			row, head := got.Find("#users tbody tr").First().Children(), got.Find("#users thead tr").Children()
			if row.Length() != head.Length() || head.Length() != cells(got)+2 { // with the box and the menu
				t.Errorf("%d cells in a row, %d in its head", row.Length(), head.Length())
			}
			if checked := len(got.texts("#menu-columns input[checked]")); checked != cells(got)-1 {
				t.Errorf("%d boxes are ticked", checked)
			}
		})
	}
	if got := joined(a.get(a.users("columns=status")).texts("#users thead th")); got != "Name Status" {
		t.Errorf("columns of the address: %q", got)
	}
}

func cells(p page) int { return p.Find("#users thead th").Length() }
