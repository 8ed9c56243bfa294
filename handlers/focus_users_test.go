package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient/sandbox"
)

func (a *app) focusUsers(query string) string {
	address := a.orgURL() + "/focus-users"
	if query != "" {
		address += "?" + query
	}
	return address
}

// asked is the query of the last request of an operation to Focus.
func (a *app) asked(operation string) url.Values {
	a.t.Helper()
	requests := a.upstream.Requests()
	for _, r := range slices.Backward(requests) {
		if r.API == "focus" && r.Operation == operation {
			query, err := url.ParseQuery(r.Query)
			must(a.t, err)
			return query
		}
	}
	a.t.Fatalf("%s wasn't called", operation)
	return nil
}

func TestFocusUsers(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.focusUsers("include_rates=true&include_working_hours=true")).want(http.StatusOK)
	if rows := got.Find("#focus-users tbody tr").Length(); rows != 50 {
		t.Fatalf("%d rows", rows)
	}
	if here := got.Find("nav a[aria-current=page]").First(); got.text("h1") != "Focus users" || textOf(here) != "Focus users" {
		t.Errorf("heading %q, here %q", got.text("h1"), textOf(here))
	}
	heads := []string{"Name", "Status", "Role", "Products", "Workspaces", "Groups", "Tags", "Two-factor", "Rate / h", "Hours a day", "Updated"}
	if diff := cmp.Diff(heads, got.texts("#focus-users thead th")); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	got.has("#focus-users tbody", "Track, Focus", "Inactive", "since", "New joiner")
	if plain := a.get(a.focusUsers("")).want(http.StatusOK).texts("#focus-users thead th"); len(plain) != len(heads)-2 {
		t.Errorf("without rates and hours: %q", plain)
	}
	if next := got.attr("#page-next", "href"); next != a.focusUsers("include_rates=true&include_working_hours=true&page=2") {
		t.Errorf("the next page is %q", next)
	}
	if sizes := got.texts(".sizes a"); joined(sizes) != "25 50 100" {
		t.Errorf("sizes %q: Focus refuses more than 100", sizes)
	}
	if order := got.attr("#users-sort", "href"); order != a.focusUsers("include_rates=true&include_working_hours=true&sort_dir=desc") {
		t.Errorf("the order is turned by %q", order)
	}
}

// TestFocusUsersParameters: each of the API's sixteen parameters in the address
// reaches Focus as it is, and is in the form that comes back.
func TestFocusUsersParameters(t *testing.T) {
	a := withFocus(t)
	all := url.Values{
		"filter": {"an"}, "active_status": {"active,invited"}, "only_admins": {"true"}, "toggl_products": {"track,focus"}, "roles": {"10,11"},
		"workspaces": {"2000001,2000002"}, "groups": {"310007,310010"}, "tag_ids": {"9101,9105"}, "org_user_ids": {"5100002"},
		"user_account_ids": {"9000002"}, "pinned_ids": {"5100002,5100001"}, "include_working_hours": {"true"}, "include_rates": {"true"},
		"sort_dir": {"desc"}, "page": {"1"}, "per_page": {"25"},
	}
	got := a.get(a.focusUsers(all.Encode())).want(http.StatusOK)
	if diff := cmp.Diff(all, a.asked("ListUsers")); diff != "" {
		t.Errorf("Focus was asked (-want +got):\n%s", diff)
	}
	sent := got.fields("#users-filter", "")
	for name, want := range all {
		if name == "page" {
			continue // another choice begins at the first
		}
		values := slices.DeleteFunc(strings.Split(strings.Join(sent[name], ","), ","), func(s string) bool { return s == "" })
		if !slices.Equal(values, strings.Split(want[0], ",")) {
			t.Errorf("the form sends %s as %q, want %q", name, values, want)
		}
	}
}

// TestFocusUsersFiltersNarrow: what Focus is asked for is what is shown.
func TestFocusUsersFiltersNarrow(t *testing.T) {
	a := withFocus(t)
	for query, tt := range map[string]struct {
		chip, value string
		each        string // text of a cell in every row
	}{
		"active_status=invited":  {"active_status", "Invited", "Invited"},
		"active_status=inactive": {"active_status", "Inactive", "Inactive"},
		"tag_ids=9105":           {"tag_ids", "Mentor", "Mentor"},
		"toggl_products=focus":   {"toggl_products", "Focus", "Focus"},
	} {
		got := a.get(a.focusUsers(query)).want(http.StatusOK)
		got.has("#chip-"+tt.chip, tt.value)
		rows := got.texts("#focus-users tbody tr")
		if len(rows) == 0 {
			t.Errorf("%s shows nobody", query)
		}
		for _, row := range rows {
			if !strings.Contains(row, tt.each) {
				t.Errorf("%s shows %q", query, row)
			}
		}
		if clear := got.attr("#users-chips > a", "href"); clear != a.focusUsers("") {
			t.Errorf("%s is cleared by %q", query, clear)
		}
	}
	pinned := a.upstream.Member().OrganizationUserID
	first := a.get(a.focusUsers("pinned_ids=" + number(pinned))).want(http.StatusOK)
	if link := first.attr("#focus-users tbody th a", "href"); link != a.focusUsers("")+"/"+number(pinned) {
		t.Errorf("first in the list is %q", link)
	}
}

func TestFocusUsersEmpty(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.focusUsers("filter=zzzz&active_status=invited&toggl_products=work&pinned_ids=1")).want(http.StatusOK)
	got.has("#users-results .empty", "No users match these filters", "Name or email contains “zzzz”, and status: Invited, and product: Work")
	if link := got.attr("#users-results .empty a", "href"); link != a.focusUsers("") {
		t.Errorf("the way on is %q", link)
	}
	beyond := a.get(a.focusUsers("page=99&sort_dir=desc")).want(http.StatusOK)
	beyond.has("#users-results .empty", "There is no page 99")
	if link := beyond.attr("#users-results .empty a", "href"); link != a.focusUsers("sort_dir=desc") {
		t.Errorf("the first page is %q", link)
	}
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListUsers", Body: `{"items":[]}`})
	a.get(a.focusUsers("per_page=25")).want(http.StatusOK).has("#users-results .empty", "Focus shows no users of this organization")
}

// TestFocusUsersFragment: htmx gets the results and what depends on the query,
// and the tidy address.
func TestFocusUsersFragment(t *testing.T) {
	a := withFocus(t)
	got := a.getFragment(a.focusUsers("filter=an&active_status=active&active_status=invited&groups=&tag_ids="), a.focusUsers("filter=a&active_status=active%2Cinvited")).want(http.StatusOK)
	tidy := a.focusUsers("active_status=active%2Cinvited&filter=an")
	if got.header.Get("HX-Replace-Url") != tidy {
		t.Errorf("while typing the address is %v", got.header)
	}
	if pushed := a.getFragment(a.focusUsers("active_status=active"), a.focusUsers("")).header.Get("HX-Push-Url"); pushed != a.focusUsers("active_status=active") {
		t.Errorf("a choice pushes %q", pushed)
	}
	for _, id := range []string{"#users-results", "#users-chips", "#users-tabs", "#users-count", "#announce"} {
		if got.Find(id).Length() != 1 {
			t.Errorf("%s is missing", id)
		}
	}
	if got.Find("#users-search").Length() != 0 {
		t.Error("what is being typed would be lost")
	}
}

// TestFocusUsersNotConnected: without a key the page says what to connect, and
// leads to what Track has, with the filters that both know.
func TestFocusUsersNotConnected(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.focusUsers("filter=an&active_status=invited&roles=5&page=2")).want(http.StatusOK)
	got.has("#not-connected", "Toggl Focus is not connected", "tags, rates and locked accounts")
	if link := got.attr("#not-connected a:not(.primary)", "href"); link != a.users("active_status=invited&filter=an") {
		t.Errorf("Track is at %q", link)
	}
	user := a.get(a.focusUsers("") + "/5100002").want(http.StatusOK)
	if link := user.attr("#not-connected a:not(.primary)", "href"); link != a.users("")+"/5100002" {
		t.Errorf("the user in Track is at %q", link)
	}
	a.get(a.focusUsers("")+"/filters/roles").want(http.StatusOK).has("#not-connected", "Toggl Focus is not connected")
	menu := a.getFragment(a.focusUsers("")+"/filters/roles", a.focusUsers("")).want(http.StatusOK)
	menu.has("#failed-roles", "Toggl Focus is not connected")
	a.getFragment(a.focusUsers("filter=x"), a.focusUsers("")).want(http.StatusForbidden).has(".note", "Toggl Focus is not connected", "Connect Toggl Focus")
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("asked %v without a key", calls)
	}

	connect := got.attr("#not-connected a.primary", "href")
	settings := a.get(connect).want(http.StatusOK)
	form := settings.fields(`form[action="/settings/focus"]`, "")
	form.Set("focus_key", a.upstream.Owner().FocusKey)
	back := a.post("/settings/focus", form)
	back.leadsTo(a.focusUsers("filter=an&active_status=invited&roles=5&page=2"))
}

func TestHostileFocusUsers(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			a := withFocus(t)
			quoted := jsonString(text)
			body := func(quoted string) string {
				return `[{"id":7,"name":` + quoted + `,"email":` + quoted + `,"user_id":` + quoted + `,"active":true,"joined":true,` +
					`"tags":[{"id":1,"label":` + quoted + `,"color":` + quoted + `}],"groups":[{"id":6,"name":` + quoted + `,"emoji":` + quoted + `,"workspace_ids":[5]}],` +
					`"workspaces":[{"id":5,"name":` + quoted + `,"track_role_id":1,"toggl_products":[` + quoted + `],"groups":[{"id":6,"name":` + quoted + `}]}],` +
					`"rate":{"hourly_rate":1,"currency":` + quoted + `,"workspace_id":5},"permissions":{` + quoted + `:` + quoted + `}}]`
			}
			shapes := func(text string) []string {
				a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListUsers", Body: body(jsonString(text)), Times: 2})
				a.post(a.orgURL()+"/refresh", nil)
				var list []string
				for _, path := range []string{a.focusUsers("include_rates=true"), a.focusUsers("") + "/7"} {
					got := a.get(path).want(http.StatusOK)
					attributes := 0
					got.Find("main *").Each(func(_ int, s *selection) { attributes += len(s.Get(0).Attr) })
					list = append(list, path, countOf(got, "*"), countOf(got, "script, img"), number(int64(attributes)))
				}
				return list
			}
			shapes("plain") // what else a page offers is on it from the second visit on
			plain := shapes("plain")
			if got := shapes(text); !slices.Equal(got, plain) {
				t.Errorf("elements of the name's making: %v, want %v", got, plain)
			}
			a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListUsers", Body: body(quoted), Times: 2})
			a.post(a.orgURL()+"/refresh", nil)
			list, page := a.get(a.focusUsers("include_rates=true")), a.get(a.focusUsers("")+"/7")
			for what, got := range map[string]string{
				"the list": list.text("#focus-users tbody th a"), "the tag": page.text("#tags li"), "the heading": page.text("h1"),
				"the workspace": page.text("#focus-workspaces tbody th a"), "a permission": page.text("[aria-labelledby=h-permissions] dt"),
			} {
				if got != shown(text) {
					t.Errorf("%s says %q, want %q", what, got, text)
				}
			}
		})
	}
}
