package handlers_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"roster/apiclient/sandbox"
)

// hostile are names that somebody may give themselves, their organization,
// workspace or group.
var hostile = map[string]string{
	"markup":        `<img src=x onerror=alert(1)><b>bold</b>`,
	"a script":      `</title></script><script>alert(1)</script>`,
	"quotes":        `" onmouseover="alert(1)" x='y' & &amp; &lt;`,
	"htmx":          `" hx-get="/sign-out" hx-trigger="load`,
	"right to left": "\u202egpj.eciohc\u202c \u200fעברית\u2067x",
	"140 letters":   strings.Repeat("Wolfeschlegelstein ", 7) + "GmbHxyz",
	"one long word": strings.Repeat("ä", 140),
	"emoji":         "👩‍👩‍👧‍👦 🇳🇴 Zoë ́́́",
	"control":       "Ada\x01\x08\x1b[31m\x7fLovelace",
	"a formula":     `=HYPERLINK("https://evil.example","x")`,
	"a template":    "{{.}} ${x} %s %[1]d",
	"an address":    "javascript:alert(1)//https://evil.example",
	"a cell":        "@SUM(1+1)|cmd",
}

// shown is how a browser shows a text: HTML has no way to hold some control
// characters, and they may not be there.
func shown(text string) string { return oneLine(strings.ReplaceAll(text, "\x00", "")) }

// TestHostileUsers: on every page a name is a text like any other.
func TestHostileUsers(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			a := signedIn(t)
			owner := a.upstream.Owner()
			a.shapes() // what else a page offers is on it from the second visit on
			plain := a.shapes()
			a.upstream.Replace(owner.OrganizationUserID, func(u *sandbox.User) { u.Name, u.TwoFactorEnabled = text, false })
			a.post("/sign-out", nil)
			a.signIn(a.upstream.Owner())

			got := a.get(a.users("filter=" + owner.Email)).want(http.StatusOK)
			if name := got.text("#users tbody th a"); name != shown(text) {
				t.Errorf("the table says %q, want %q", name, text)
			}
			if name := a.get(got.attr("#users tbody th a", "href")).want(http.StatusOK).text("h1"); name != shown(text) {
				t.Errorf("the user's page says %q", name)
			}
			if name := a.get("/settings").text(".me b"); name != shown(text) {
				t.Errorf("the account menu says %q", name)
			}
			if !strings.Contains(a.get(a.orgURL()).text("#workspaces"), strings.Fields(shown(text))[0]) {
				t.Error("the overview doesn't name the admin")
			}
			if shapes := a.shapes(); !slices.Equal(shapes, plain) {
				t.Errorf("the pages have elements of the name's making: %v, want %v", shapes, plain)
			}
		})
	}
}

// shapes are how many elements of each suspicious kind, and how many
// attributes in all, the pages have.
func (a *app) shapes() []string {
	a.t.Helper()
	owner := a.upstream.Owner()
	var shapes []string
	for _, path := range []string{
		"/orgs", a.orgURL(), a.users("filter=" + owner.Email), a.userURL(owner), "/settings",
		a.users("") + "/removal?id=" + number(owner.OrganizationUserID),
	} {
		got := a.get(path).want(http.StatusOK)
		attributes := 0
		got.Find("main, header").Find("*").Each(func(_ int, s *selection) { attributes += len(s.Get(0).Attr) })
		shapes = append(shapes, path+" "+countOf(got, "script")+" "+countOf(got, "img, iframe, object, style")+" "+countOf(got, "[hx-get], [hx-post]"))
		if strings.Contains(path, "/users") || path == "/settings" {
			shapes = append(shapes, countOf(got, "*"), number(int64(attributes)))
		}
	}
	return shapes
}

func countOf(p page, selector string) string { return strconv.Itoa(p.Find(selector).Length()) }

// TestHostileOrganization: the names of the organization, its workspaces and
// its groups stand in every page's frame, in menus and in chips.
func TestHostileOrganization(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			a := signedIn(t)
			quoted := jsonString(text)
			id := number(a.org)
			organization := `{"id":` + id + `,"name":` + quoted + `,"pricing_plan_name":` + quoted + `,"user_count":1,"owner":true,"permissions":[` + quoted + `]}`
			user := `[{"id":1,"user_id":2,"joined":true,"name":` + quoted + `,"email":` + quoted + `,"workspaces":[{"workspace_id":5,"workspace_name":` + quoted +
				`,"role":` + quoted + `,"rate":1,"default_currency":` + quoted + `,"groups":[{"group_id":6,"name":` + quoted + `}]}],"groups":[{"group_id":6,"name":` + quoted + `}]}]`
			for operation, body := range map[string]string{
				"ListMyOrganizations": "[" + organization + "]", "GetOrganization": organization, "ListOrganizationUsers": user,
				"ListMyWorkspaces":   `[{"id":5,"organization_id":` + id + `,"name":` + quoted + `}]`,
				"ListWorkspaceUsers": `[{"id":9,"user_id":2,"active":true,"timezone":` + quoted + `,"name":` + quoted + `,"email":` + quoted + `}]`,
				"GetOwner":           `{"user_id":2,"organization_user_id":1,"name":` + quoted + `,"email":` + quoted + `}`,
				"ListGroups":         `[{"group_id":6,"name":` + quoted + `}]`, "GetWorkspaceStatistics": `{"5":{"admins":[{"user_id":2,"name":` + quoted + `}],"members_count":1,"groups_count":1}}`,
			} {
				a.upstream.Script(sandbox.Failure{Operation: operation, Body: body, Times: -1})
			}
			a.post(a.orgURL()+"/refresh", nil)
			want := shown(text)
			for _, place := range []struct{ path, selector string }{
				{"/orgs", "#organizations a"},
				{a.orgURL(), "h1"},
				{a.orgURL(), ".side .org b"},
				{a.orgURL(), "#workspaces a"},
				{a.orgURL(), "section[aria-labelledby=h-groups] a"},
				{a.users(""), "#users tbody th a"},
				{a.users(""), "#users tbody th small"},
				{a.orgURL() + "/users/1", "h1"},
				{a.orgURL() + "/users/1", "#groups label bdi"},
				{a.orgURL() + "/users/1", "#user-workspaces th[scope=row] > bdi"},
				{a.workspaces(), "main tbody th a"},
				{a.workspaces() + "/5", "h1 bdi"},
				{a.workspaces() + "/5", "#workspace-users tbody th a"},
				{a.workspaces() + "/5/users/9/removal", "main .crumbs a:first-child"},
				{a.orgURL() + "/usage", "#organization-usage a.trunc"},
				{a.invitations(), "#workspaces label bdi"},
				{a.invitations(), "#groups label bdi"},
				{a.users("") + "/removal?id=1", "#people a"},
				{a.users("") + "/changes/deactivation?id=1", "#people a"},
				{a.users("") + "/filters/groups", ".choices bdi"},
				{a.users("") + "/filters/workspaces", ".choices bdi"},
				{a.users("groups=6"), "#chip-groups b"},
				{a.users("workspaces=5"), "#chip-workspaces b"},
			} {
				if got := a.get(place.path).want(http.StatusOK).text(place.selector); got != want {
					t.Errorf("%s, %s: %q, want %q", place.path, place.selector, got, want)
				}
			}
			if menu := a.getFragment(a.users("")+"/filters/groups", a.users("")).text("bdi"); menu != want {
				t.Errorf("the menu says %q", menu)
			}
			a.get(a.orgURL()).Find("main *").Each(func(_ int, s *selection) {
				if slices.Contains([]string{"script", "img", "style"}, goquery.NodeName(s)) {
					t.Errorf("a <%s>", goquery.NodeName(s))
				}
			})
		})
	}
}

// TestHostileQuery: what stands in the address is shown as text, and travels on
// as it is.
func TestHostileQuery(t *testing.T) {
	a := signedIn(t)
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			a := a.in(t)
			got := a.get(a.users("filter=" + escape(text) + "&groups=" + escape(text)))
			if typed := got.attr("#users-search", "value"); typed != strings.TrimSpace(text) {
				t.Errorf("the search box holds %q", typed)
			}
			a.getFragment(a.users("filter="+escape(text)), a.users(""))
			a.get("/sign-in?return_to=" + escape(text))
			a.get("/" + escape(text))
			a.get(a.users("") + "/filters/" + escape(text))
		})
	}
}

// TestHostileRefusal: Toggl's own words are quoted, not believed.
func TestHostileRefusal(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			a := signedIn(t)
			a.upstream.Script(sandbox.Failure{Operation: "ListOrganizationUsers", Status: 400, Body: jsonString("page: " + text)})
			got := a.get(a.users("")).want(http.StatusUnprocessableEntity)
			if got.Find("#users-error img, #users-error script, main b").Length() != 0 {
				t.Error("an element of the message's making")
			}
			if strings.ContainsAny(got.text("#users-error"), "\u202e\u2067\x1b") {
				t.Error("the message turns the words around it")
			}
		})
	}
}
