package e2e

import (
	"regexp"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

func filterText(text string) playwright.LocatorFilterOptions {
	return playwright.LocatorFilterOptions{HasText: text}
}

// TestDeactivateInBulk: preview, progress that moves by itself and survives a
// reload, results; with scripts and without.
func TestDeactivateInBulk(t *testing.T) {
	t.Parallel()
	eachWay(t, sandbox.Options{Latency: 300 * time.Millisecond}, func(p person, s server, o browsertest.Options) {
		p.Open(s.usersPath() + "?active_status=active")
		names := p.names()
		s.upstream.Script(sandbox.Failure{Operation: "UpdateOrganizationUser", Status: 400, Body: `"Cannot deactivate paying user."`})
		p.tick(2, 3, 4, 5)
		p.click(p.button("Deactivate"))
		p.seeText(p.Locator("form .facts"), "inactive: true")
		p.accessibleTo(o)
		p.click(p.button("Deactivate 4 users"))
		p.see(p.Locator("#batch"))
		_, err := p.Reload()
		p.Must(err)
		p.seeText(p.Locator("#batch-state"), "3 of 4 done, 1 failed")
		p.seeText(p.Locator("#batch-rows li").First(), names[1])
		p.seeText(p.Locator("#batch-rows li").First(), "Cannot deactivate paying user.")
		p.accessibleTo(o)
		p.click(p.button("Try the failed one again"))
		p.seeText(p.Locator("#batch-state"), "1 of 1 done")
	})
}

// TestSelectEverybody: all that match, on every page, without their ids.
func TestSelectEverybody(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	p.check(p.GetByLabel("Select all on this page"))
	p.seeText(p.Locator("#announce"), "50 selected")
	p.click(p.link("Select all 214"))
	p.seeQuery("scope=all")
	p.seeText(p.Locator(".bulk"), "All 214 selected")
	p.click(p.button("Add to group"))
	p.seeText(p.Locator("#h-people + .sub"), "214")
	p.Accessible()
}

// TestRangeAndKeys: Shift takes all rows in between; x takes the row at hand.
func TestRangeAndKeys(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	p.tick(2)
	p.Must(p.rows().Nth(5).GetByRole("checkbox").Click(playwright.LocatorClickOptions{
		Modifiers: []playwright.KeyboardModifier{*playwright.KeyboardModifierShift},
	}))
	p.seeCount(p.Locator("#users tbody .cb:checked"), 5)
	p.press("j", "x")
	p.Must(p.Expect.Locator(p.rows().First().GetByRole("checkbox")).ToBeChecked())
	p.click(p.button("Clear selection"))
	p.seeCount(p.Locator("#users tbody .cb:checked"), 0)
}

// TestRowMenu is one menu for all rows, about the row that opened it; without
// scripts its button leads to the user's page, which has the same actions.
func TestRowMenu(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	p.Open(p.path() + "?active_status=invited")
	name := p.names()[1]
	opener := p.link("Actions for " + name)
	p.Must(opener.Focus())
	p.press("Enter")
	menu := p.Locator("#row-menu")
	p.see(menu)
	p.focused(menu.GetByText("Edit"))
	p.see(menu.GetByText("Resend invitation"))
	p.seeCount(menu.GetByText("Reactivate").And(p.Locator(":visible")), 0)
	p.Accessible()
	p.press("Escape")
	p.focused(opener)
	p.press("Enter")
	p.click(menu.GetByText("Resend invitation"))
	p.seeText(p.Locator("#flash"), "Sent the invitation to "+name+" again.")
	p.seeQuery("active_status=invited")
	p.click(p.link("Actions for " + name))
	p.click(menu.GetByText("Remove from organization…"))
	p.seeText(p.Locator("#people"), name)

	plain := atDemo(t, "admin", browsertest.Options{NoScript: true})
	plain.Open(plain.path() + "/users?active_status=invited")
	plain.click(plain.link("Actions for " + name))
	plain.Must(plain.Expect.Page(plain).ToHaveURL(regexp.MustCompile(`/users/\d+`)))
	plain.click(plain.button("More actions for " + name))
	plain.see(plain.Locator("#user-actions").GetByText("Remove from organization…"))
}
