package e2e

import (
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/e2e/browsertest"
)

// looks are the ways in which every page must hold.
var looks = map[string]browsertest.Options{
	"light": {},
	"dark":  {Dark: true},
	"phone": {Width: browsertest.Phone, Height: 844, Touch: true},
}

// addresses are every page, below the path of an organization.
var addresses = map[string]string{
	"overview": "",
	"users":    "/users?per_page=25",
	"filtered": "/users?active_status=active,invited&only_admins=true&per_page=25&page=1&filter=a",
	"empty":    "/users?filter=zzzz",
	"refused":  "/users?active_status=x",
	"groups":   "/users/filters/groups",
	"missing":  "/users/1",
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
	p.Open(organization + "/users?per_page=25")
	href, err := p.rows().GetByRole("link").First().GetAttribute("href")
	p.Must(err)
	for name, path := range map[string]string{"user": href, "organizations": "/orgs", "settings": "/settings"} {
		p.Open(path)
		look(name)
	}
	p.Open(organization)
}

// menus opens each menu of the users page, and calls look while it is open.
func (p person) menus(look func(name string)) {
	p.t.Helper()
	p.Open(p.path() + "/users?per_page=25")
	for _, id := range []string{"chip-active_status", "chip-groups", "columns", "switcher", "account"} {
		opener := p.Locator("#" + id + ", [popovertarget=" + id + "]").Locator("visible=true").First()
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

func TestEveryPageIsAccessible(t *testing.T) {
	t.Parallel()
	for name, o := range looks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := atDemo(t, "admin", o)
			check := func(name string) {
				p.Accessible()
				p.largeEnough(name)
				p.fits(name)
			}
			p.everyPage(check)
			p.menus(check)
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
			_, err := p.Evaluate("() => document.getElementById('sign-in-token').noValidate = true")
			p.Must(err)
			p.click(p.Locator("#sign-in-token button"))
			p.see(p.GetByText("Enter your API token."))
			p.Accessible()
		})
	}
}
