package e2e

import (
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/e2e/browsertest"
)

// looks are the ways in which every page must hold, each of them also in the dark.
var looks = map[string]browsertest.Options{
	"desktop": {},
	"phone":   {Width: browsertest.Phone, Height: 844, Touch: true},
}

// addresses are every page, below the path of an organization.
var addresses = map[string]string{
	"overview": "",
	"users":    "/users?per_page=10",
	"filtered": "/users?active_status=active,invited&only_admins=true&per_page=10&page=1&filter=a",
	"empty":    "/users?filter=zzzz",
	"refused":  "/users?active_status=x",
	"groups":   "/users/filters/groups",
	"missing":  "/users/1",
	"selected": "/users?scope=all&per_page=10",
	"export":   "/users/export",
	"invite":   "/invitations",

	"usage":     "/usage",
	"departure": "/departure",

	"workspaces":                "/workspaces",
	"new workspace":             "/workspaces/new",
	"workspace":                 "/workspaces/2000001?per_page=25",
	"workspace without a match": "/workspaces/2000001?name=zzzz",

	"groups of the organization": "/groups",
	"groups filtered":            "/groups?filter=e&organization_user_id=5100002&per_page=25",
	"groups refused":             "/groups?per_page=200",
	"no group":                   "/groups?filter=zzzz",
	"my groups":                  "/groups/mine",
	"new group":                  "/groups/new",
	"group":                      "/groups/310007",
	"group without members":      "/groups/310017",
	"group deletion":             "/groups/310007/deletion",
	"effects of a group":         "/groups/310007?direct=true",
	"members to add":             "/groups/310007/members?people=an",
	"no such group":              "/groups/999999999",

	"roles":              "/roles",
	"roles with counts":  "/roles?reads=10",
	"no role found":      "/roles?q=zzzz",
	"comparison":         "/roles/comparison?role=15&role=16&role=17&role=10&role=11&all=1",
	"comparison of none": "/roles/comparison",
	"permissions":        "/roles/permissions",
	"who can":            "/roles/permissions?permission=11",
	"who has a role":     "/roles/permissions?role=16",
	"roles of Track":     "/roles?source=track",

	"focus users":         "/focus-users?per_page=25&include_rates=true&include_working_hours=true",
	"focus users refused": "/focus-users?roles=x",
	"focus users empty":   "/focus-users?filter=zzzz",
	"focus roles":         "/focus-users/filters/roles",
	"focus user":          "/focus-users/5100002",

	"access review":       "/access",
	"access of a user":    "/users/5100002/access",
	"access to workspace": "/workspaces/2000006/access",
	"access of a group":   "/groups/310010/access",
	"access of its group": "/groups/310010/access?of=focus",

	"grid":     "/assignments",
	"review":   "/assignments/review",
	"changes":  "/changes",
	"activity": "/activity",
}

// everyPage calls look on every page of somebody who is signed in, from the
// address of an organization's overview on.
func (p person) everyPage(look func(name string)) {
	p.t.Helper()
	for _, line := range []string{"status of 404", "status of 422"} {
		p.Allow(line)
	}
	organization := p.path()
	for name, path := range addresses {
		p.Open(organization + path)
		look(name)
	}
	for name, path := range p.pagesOfPeople(organization) {
		p.Open(path)
		look(name)
	}
	p.Open(organization)
}

// focusPages connects Focus, and calls look on every page that has more to show
// with it, from the address of an organization's overview on.
func (p person) focusPages(key string, look func(name string)) {
	p.t.Helper()
	organization := p.path()
	p.Open(organization + "/focus-users")
	p.click(p.link("Connect Toggl Focus"))
	p.connectFocus(key)
	p.seePath(organization + "/focus-users")
	for name, path := range addresses {
		for _, feature := range []string{"/groups", "/roles", "/focus-users", "/access"} {
			if strings.HasPrefix(path, feature) {
				p.Open(organization + path)
				look(name + " with Focus")
			}
		}
	}
	p.Open(organization)
}

// pagesOfPeople are the pages whose addresses stand in a row of a table, and
// those below no organization.
func (p person) pagesOfPeople(organization string) map[string]string {
	p.t.Helper()
	href := func(l playwright.Locator) string {
		address, err := l.GetAttribute("href")
		p.Must(err)
		return address
	}
	p.Open(organization + "/workspaces/2000001?per_page=25")
	acts := p.workspaceUsers().Locator(".c-act a")
	pages := map[string]string{
		"organizations": "/orgs", "new organization": "/orgs/new", "settings": "/settings",
		"workspace user": href(acts.First()), "removal from a workspace": href(acts.Nth(1)),
	}
	p.Open(organization + "/users?active_status=active&per_page=25")
	pages["user"] = href(p.rowLink(1))
	var ids []string
	for n := range 3 {
		id, err := p.rows().Nth(n).GetByRole("checkbox").GetAttribute("value")
		p.Must(err)
		ids = append(ids, id)
	}
	chosen := "?id=" + strings.Join(ids, ",")
	pages["removal"] = organization + "/users/removal" + chosen
	for _, change := range []string{"deactivation", "role", "groups"} {
		pages[change] = organization + "/users/changes/" + change + chosen
	}
	return pages
}

// menus opens each menu of the users page, and calls look while it is open.
func (p person) menus(look func(name string)) {
	p.t.Helper()
	p.Open(p.path() + "/users?per_page=10")
	for _, id := range []string{"chip-active_status", "chip-groups", "columns", "switcher", "account", "row-menu"} {
		opener := p.Locator("#" + id + ", [popovertarget=" + id + "], [data-menu=" + id + "]").Locator("visible=true").First()
		if filters := p.button("Filters"); must(p, filters.IsVisible) && (id == "chip-active_status" || id == "chip-groups") {
			p.click(filters)
		}
		if !must(p, opener.IsVisible) {
			continue // what a narrow screen has no room for is on the settings page
		}
		p.click(opener)
		open := p.Locator(".menu:popover-open")
		p.see(open)
		if id == "chip-groups" {
			p.see(open.GetByRole("checkbox").First())
		}
		look(id)
		p.press("Escape", "Escape")
		p.seeCount(p.Locator(":popover-open"), 0)
	}
}

func must(p person, ask func(...playwright.LocatorIsVisibleOptions) (bool, error)) bool {
	p.t.Helper()
	yes, err := ask()
	p.Must(err)
	return yes
}

// accessible holds for every page, and for what is open on it: to axe, for
// fingers, and in any window.
func (p person) accessible(name string) {
	p.t.Helper()
	p.Accessible()
	p.largeEnough(name)
	p.fits(name)
}

func TestEveryPageIsAccessible(t *testing.T) {
	t.Parallel()
	for name, o := range looks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := atDemo(t, "admin", o)
			look := func(name string) {
				p.accessible(name)
				p.AccessibleInTheDark()
			}
			p.everyPage(look)
			p.menus(look)
			if must(p, p.Locator("summary[aria-label=Menu]").IsVisible) {
				p.click(p.Locator("summary[aria-label=Menu]"))
				p.see(p.GetByRole("navigation", playwright.PageGetByRoleOptions{Name: "Main menu"}))
				p.Accessible()
			}
		})
	}
}

// TestForcedColors: with the colours of the system alone, what is chosen and
// what is open is still to be seen.
func TestForcedColors(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{ForcedColors: true})
	p.Accessible()
	for _, current := range []string{".nav a[aria-current]", ".tabs a[aria-current]", ".pager a[aria-current]"} {
		if !ask[bool](p, "selector => getComputedStyle(document.querySelector(selector)).outlineStyle === 'solid'", current) {
			t.Errorf("%s is marked by a colour alone", current)
		}
	}
	p.click(p.chip("Status"))
	p.check(p.menu("Status").GetByLabel("Invited"))
	if look := ask[string](p, "() => getComputedStyle(document.querySelector('#menu-active_status :checked')).appearance"); look != "auto" {
		t.Errorf("a checked box has the appearance %s, not the system's", look)
	}
	p.Accessible()
}

func TestSignInIsAccessible(t *testing.T) {
	t.Parallel()
	for name, o := range looks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := at(t, demo(t), o)
			p.Allow("status of 422")
			p.Open("/sign-in")
			p.click(p.GetByText("Sign in with e-mail and password"))
			p.Accessible()
			p.AccessibleInTheDark()
			_, err := p.Evaluate("() => document.getElementById('sign-in-token').noValidate = true")
			p.Must(err)
			p.click(p.Locator("#sign-in-token button"))
			p.see(p.GetByText("Enter your API token."))
			p.Accessible()
			p.AccessibleInTheDark()
		})
	}
}
