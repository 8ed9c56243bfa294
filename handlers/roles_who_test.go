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

func TestChooseAPermission(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.roles("/permissions")).want(http.StatusOK)
	if n := got.Find("#who li").Length(); n != 34 {
		t.Errorf("%d permissions", n)
	}
	got.has("#who", "34 permissions, each with the number of roles", "view_workspace_users 4 roles")
	got = a.getFragment(a.roles("/permissions?q=labor"), a.roles("/permissions"))
	if n := got.Find("#who li").Length(); n != 1 || got.text("#announce") != "1 permission" {
		t.Errorf("%d permissions are found, %q", n, got.text("#announce"))
	}
	chosen := got.attr("#who li a", "href")
	if chosen != a.roles("/permissions?permission=18") {
		t.Errorf("it leads to %q", chosen)
	}
	a.get(a.roles("/permissions?q=zzz")).has("#who .empty", "No permissions match this search")
}

func TestWhoCan(t *testing.T) {
	a := withFocus(t)
	a.get(a.roles(""))
	a.calls()
	got := a.get(a.roles("/permissions?permission=11")).want(http.StatusOK) // manage groups
	if calls := joined(a.calls()); calls != "ListUsers" {
		t.Errorf("asked %q", calls)
	}
	got.has("#h-holding", "Who can: Manage groups")
	got.has("#who-roles", "Organization owner", "Allowed", "Group lead", "Conditional The group they lead")
	got.has("#who-without", "Not allowed:", "Workspace member")
	if compare := got.attr("#who header a", "href"); compare != a.roles("/comparison?role=10&role=11&role=15&role=21") {
		t.Errorf("comparing is at %s", compare)
	}
	owner := a.upstream.Owner()
	row := got.Find("#who-people li").FilterFunction(func(_ int, s *selection) bool { return strings.Contains(s.Text(), owner.Email) })
	if text := textOf(row); !strings.Contains(text, "Organization owner Workspace admin in") {
		t.Errorf("the owner is %q", text)
	}
	if link := row.Find("a").AttrOr("href", ""); link != a.userURL(owner)+"?email="+escape(owner.Email) {
		t.Errorf("the owner is at %s", link)
	}
	if n := got.Find("#who-people li").Length(); number(int64(n)) != got.text("#h-people .count") {
		t.Errorf("%d people, counted %s", n, got.text("#h-people .count"))
	}
	got.has(".counted", "Listed by Toggl Focus", "just now")
	if got.Find("#who-groups li").Length() == 0 || got.attr("#who-groups a", "href") == "" {
		t.Error("no groups")
	}
	if via := got.text("#who-people"); !strings.Contains(via, "Via "+got.text("#who-groups li:first-child a")) {
		t.Error("nobody is in the first group")
	}
}

// TestWhoCanOfMany: Focus lists a hundred at a time.
func TestWhoCanOfMany(t *testing.T) {
	a := withFocus(t)
	address := a.roles("/permissions?permission=31") // track time: nearly everybody
	got := a.get(address).want(http.StatusOK)
	if n := got.Find("#who-people li").Length(); n != 100 || got.text("#h-people .count") != "at least 100" {
		t.Errorf("%d people, counted %q", n, got.text("#h-people .count"))
	}
	seen := got.texts("#who-people .who a")
	for next := got.attr("[rel=next]", "href"); next != ""; next = got.attr("[rel=next]", "href") {
		got = a.get(next).want(http.StatusOK)
		seen = append(seen, got.texts("#who-people .who a")...)
	}
	if count := got.text("#h-people .count"); count != number(int64(len(seen))) || len(seen) < 200 {
		t.Errorf("%d people, counted %s", len(seen), count)
	}
	if back := got.attr("[rel=prev]", "href"); back == "" {
		t.Error("no way back")
	}
}

// TestWhoCanOfTrack: Track lists nobody by role, so people are those that are
// known, or were read because somebody asked for it.
func TestWhoCanOfTrack(t *testing.T) {
	a := signedIn(t)
	address := a.roles("/permissions?permission=11")
	got := a.get(address).want(http.StatusOK)
	if calls := joined(a.calls()); calls != "ListRoles" {
		t.Errorf("asked %q", calls)
	}
	got.has(".counted", "have been read yet", "Read the users (at most 10 requests to Toggl)")
	if got.Find("#who-people").Length() != 0 {
		t.Error("somebody of nobody known")
	}
	got = a.get(got.attr(".counted a", "href")).want(http.StatusOK)
	if calls := joined(a.calls()); calls != "ListOrganizationUsers" {
		t.Errorf("asked %q", calls)
	}
	got.has(".counted", "all 214 users")
	got.has("#who-people", "Organization owner", "Team lead in")
	a.pass(10 * time.Minute)
	again := a.get(address)
	again.has(".counted", "all 214 users", "10 min ago")
	if !slices.Equal(again.texts("#who-people .who a"), got.texts("#who-people .who a")) {
		t.Error("what is known is someone else")
	}
	if calls := joined(a.calls()); calls != "ListRoles" {
		t.Errorf("what is known asked %q", calls)
	}
	list := a.get(a.roles(""))
	link := list.Find("#roles tbody tr").FilterFunction(func(_ int, s *selection) bool { return strings.Contains(s.Text(), "ws_team_lead") }).Find("td").Last()
	holders := a.get(link.Find("a").AttrOr("href", "")).want(http.StatusOK)
	holders.has("#h-holding", "Who has the role: Team lead")
	if count := holders.text("#h-people .count"); textOf(link) != count+" users with the role Team lead" {
		t.Errorf("the list says %q, its page %s", textOf(link), count)
	}
}

func TestWhoCanOfNobody(t *testing.T) {
	a := withFocus(t)
	a.get(a.roles("/permissions?permission=21&role=18")).want(http.StatusOK).has("#h-holding", "Delete tags")
	a.answersRoles(`[{"role_id":18,"name":"Guest","entity":"workspace","permissions":[{"permission_id":1,"name":"look"}]}]`)
	a.pass(2 * time.Minute)
	a.get(a.roles("/permissions?permission=1")).want(http.StatusOK).has("#who .note", "Nobody.", "this role")
	for path, words := range map[string]string{
		"/permissions?permission=99": "No role has this permission", "/permissions?permission=" + escape("<b>x"): "Toggl lists no permission “<b>x”", "/permissions?role=99": "Toggl lists no such role",
	} {
		a.get(a.roles(path)).want(http.StatusOK).has("#who .empty", words)
	}
}

// TestWhoCanRefusals: what Focus says of the users stands where they would.
func TestWhoCanRefusals(t *testing.T) {
	for status, words := range map[int][]string{
		400: {"The users could not be read.", "Invalid request", "Toggl refused this."},
		401: {"The users could not be read.", "Toggl Focus refused the API key."},
		403: {"The users could not be read.", "Invalid request"},
		500: {"The users could not be read.", "Toggl couldn't answer."},
	} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			a := withFocus(t)
			a.upstream.Script(sandbox.Failure{
				API: "focus", Operation: "ListUsers", Status: status, Times: -1,
				Body: `{"error":"some_code","error_description":"Invalid request","trace_id":"trace-9"}`,
			})
			got := a.get(a.roles("/permissions?permission=11")).want(http.StatusOK)
			got.has("section[aria-labelledby=h-people] .note", append(words, "trace-9")...)
			got.has("#who-roles", "Organization owner")
			if got.text("#h-people .count") != "" || got.Find(".counted").Length() != 0 {
				t.Error("nobody was counted")
			}
		})
	}
}

// TestWhoCanAgrees: people listed for a permission have one of its roles by the
// list's own word, or the list doesn't name their role.
func TestWhoCanAgrees(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.roles("/permissions?permission=30")).want(http.StatusOK)
	roles := got.texts("#who-roles .grow a bdi")
	if diff := cmp.Diff([]string{"Workspace admin", "Workspace manager"}, roles[:2]); diff != "" {
		t.Error(diff)
	}
	got.Find("#who-people .held").Each(func(_ int, s *selection) {
		if text := textOf(s); !strings.HasPrefix(text, roles[0]) && !strings.HasPrefix(text, roles[1]) && !strings.Contains(text, "doesn’t name") {
			t.Errorf("somebody with %q", text)
		}
	})
}
