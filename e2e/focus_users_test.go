package e2e

import (
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// focusRows are those of the table of Focus users.
func (p person) focusRows() playwright.Locator { return p.Locator("table#focus-users tbody tr") }

// TestFocusUsers goes from a page that says what to connect to one person there
// and in Track, with scripts, without them, and on a phone.
func TestFocusUsers(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]browsertest.Options{"desktop": {}, "without scripts": noScript, "phone": looks["phone"]} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, sandbox.Options{})
			p := at(t, s.URL, look)
			p.Allow("status of 422")
			p.signIn(s.upstream.Owner())
			focus := strings.TrimSuffix(s.usersPath(), "/users") + "/focus-users"
			p.Open(focus)
			p.see(p.Locator("#not-connected").GetByText("Toggl Focus is not connected"))
			p.holds(look, "not connected")
			p.click(p.link("Connect Toggl Focus"))
			p.connectFocus(s.upstream.Owner().FocusKey)
			p.seePath(focus)
			p.see(p.Locator("#flash").GetByText("Toggl Focus is connected."))
			p.seeCount(p.focusRows(), 50)
			p.holds(look, "Focus users")
			p.filterFocusUsers(look, focus)
			p.followFocusUser(look, s)
		})
	}
}

// openChip opens the menu of a filter, which on a phone stands in a sheet.
func (p person) openChip(look browsertest.Options, name string) {
	p.t.Helper()
	if look.Width == browsertest.Phone {
		p.click(p.Locator("[popovertarget=users-chips]"))
	}
	p.click(p.chip(name))
}

func (p person) filterFocusUsers(look browsertest.Options, focus string) {
	p.t.Helper()
	p.openChip(look, "Product")
	p.check(p.menu("Product").GetByLabel("Focus"))
	p.click(p.menu("Product").GetByRole("button", playwright.LocatorGetByRoleOptions{Name: "Show users"}))
	p.seeParameter("toggl_products", "focus")
	p.openChip(look, "Columns")
	p.check(p.menu("Columns").GetByLabel("Rate"))
	p.click(p.menu("Columns").GetByRole("button", playwright.LocatorGetByRoleOptions{Name: "Show users"}))
	p.seeParameter("include_rates", "true")
	p.seeParameter("toggl_products", "focus")
	p.openChip(look, "IDs")
	p.Must(p.menu("IDs").GetByLabel("Account IDs").Fill("9000002, x"))
	p.press("Enter")
	p.see(p.Locator("#users-error").GetByText(`parsing "x": invalid syntax`))
	p.holds(look, "refused")
	p.click(p.Locator("#users-error summary"))
	p.see(p.Locator("#users-error").GetByText("Trace id"))
	p.Open(focus)
	p.Must(p.search().Fill("ana kov"))
	p.press("Enter")
	p.seeParameter("filter", "ana+kov")
	p.seeCount(p.focusRows(), 1)
}

// followFocusUser goes to the person's page, to the same in Track, and back.
func (p person) followFocusUser(look browsertest.Options, s server) {
	p.t.Helper()
	p.click(p.focusRows().First().GetByRole("rowheader").GetByRole("link"))
	p.see(p.heading("Ana Kovač"))
	p.see(p.heading("Workspaces and roles"))
	p.seeText(p.Locator("#focus-workspaces"), "Workspace admin")
	p.holds(look, "a Focus user")
	address := p.path()
	p.click(p.link("In Toggl Track"))
	p.seePath(s.usersPath() + strings.TrimPrefix(address, strings.TrimSuffix(s.usersPath(), "/users")+"/focus-users"))
	p.see(p.heading("Ana Kovač"))
	p.click(p.link("In Toggl Focus"))
	p.seePath(address)
}

// TestFocusUsersByKey: everything that the mouse can do, the keyboard can.
func TestFocusUsersByKey(t *testing.T) {
	t.Parallel()
	p := atDemo(t, "admin", browsertest.Options{})
	p.press("g", "f")
	p.see(p.heading("Focus users"))
	p.press("j", "j")
	p.focused(p.focusRows().Nth(1).GetByRole("rowheader").GetByRole("link"))
	p.press("Enter")
	p.see(p.heading("Workspaces and roles"))
	p.back()
	p.press("/")
	p.focused(p.search())
}
