package e2e

import (
	"net/http"
	"slices"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

var noScript = browsertest.Options{NoScript: true}

func TestWithoutScriptsFromSignInToAPageOfUsersAndBack(t *testing.T) {
	t.Parallel()
	p := atDemo(t, "owner", noScript)
	p.click(p.link("Halden & Moss"))
	p.click(p.navigation("Users"))
	p.seeCount(p.rows(), 50)

	p.Must(p.search().Fill("a"))
	p.press("Enter")
	p.seeParameter("filter", "a")
	p.Must(p.Expect.Locator(p.search()).ToHaveValue("a"))

	p.click(p.chip("Status")) // opens by itself: a native popover
	p.check(p.menu("Status").GetByLabel("Active", playwright.LocatorGetByLabelOptions{Exact: playwright.Bool(true)}))
	p.check(p.menu("Status").GetByLabel("Invited"))
	p.click(p.menu("Status").GetByRole("button", playwright.LocatorGetByRoleOptions{Name: "Show users"}))
	p.seeText(p.chip("Status"), "Active and Invited")
	p.seeParameter("filter", "a")
	first := p.names()

	p.click(p.Locator("a[rel=next]"))
	p.seeParameter("page", "2")
	p.seeParameter("filter", "a")
	if second := p.names(); second[0] == first[0] {
		t.Errorf("the second page begins with %q like the first", first[0])
	}
	p.back()
	p.Must(p.Expect.Locator(p.Locator("a[rel=prev]")).ToHaveCount(0))
	if again := p.names(); !slices.Equal(again, first) {
		t.Errorf("Back shows %v, want %v", again, first)
	}
}

// TestWithoutScriptsGroupsHaveAPage: the menu can't ask for its choices, so a
// link in it leads to them.
func TestWithoutScriptsGroupsHaveAPage(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{}) // on which nobody has asked for the groups yet
	p := at(t, s.URL, noScript)
	p.signIn(s.upstream.Admin())
	p.Open(s.usersPath() + "?active_status=active&filter=a")
	p.click(p.chip("Group"))
	p.click(p.menu("Group").GetByRole("link"))
	p.see(p.heading("Choose groups"))
	p.see(p.GetByLabel("Field crew"))
	p.Must(p.Expect.Locator(p.GetByLabel("Find a group")).ToBeHidden()) // which needs scripts
	p.check(p.GetByLabel("Field crew"))
	p.check(p.GetByLabel("Night shift"))
	p.click(p.button("Show users"))
	p.seeParameter("active_status", "active")
	p.seeParameter("filter", "a")
	p.seeText(p.chip("Group"), "Field crew")
	p.seeText(p.rows().First(), "Field crew")

	p.Must(p.search().Fill("an"))
	p.press("Enter")
	p.seeParameter("filter", "an")
	p.seeText(p.chip("Group"), "Field crew") // travelled along
	p.seeParameter("active_status", "active")
}

func TestWithoutScriptsMenusAndForms(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, noScript)
	column := p.GetByRole("columnheader", playwright.PageGetByRoleOptions{Name: "User ID"})
	p.seeCount(column, 0)
	p.click(p.button("Columns"))
	p.check(p.Locator("#menu-columns").GetByLabel("User ID"))
	p.click(p.Locator("#menu-columns").GetByText("Show columns"))
	p.see(column)

	p.click(p.button("Row height: comfortable. Change to compact"))
	p.see(p.Locator("html[data-density=compact]"))
	p.click(p.GetByRole("columnheader", playwright.PageGetByRoleOptions{Name: "Name"}).GetByRole("link"))
	p.seeParameter("sort_dir", "desc")
	p.see(p.Locator("th[aria-sort=descending]"))
	p.seeCount(p.Locator("kbd:visible"), 0) // shortcuts are not promised

	p.click(p.button("Read again from Toggl"))
	p.seeParameter("sort_dir", "desc")
	p.click(p.button("Your account"))
	p.click(p.Locator("#account").GetByRole("link"))
	p.check(p.GetByLabel("Dark", playwright.PageGetByLabelOptions{Exact: playwright.Bool(true)}))
	p.click(p.button("Save appearance"))
	p.see(p.Locator("html[data-theme=dark]"))
	p.click(p.Locator("[popovertarget=switcher]"))
	p.click(p.link("All organizations"))
	p.seePath("/orgs")
}

func TestWithoutScriptsRefusedParameters(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, noScript)
	p.Allow("status of 422")
	users := p.path()
	if status := p.Open(users + "?active_status=x&filter=ana"); status != http.StatusUnprocessableEntity {
		t.Errorf("status %d, want 422", status)
	}
	p.seeText(p.GetByRole("alert"), "active_status parameter can contain only 'active', 'inactive' or 'invited'.")
	p.Must(p.Expect.Locator(p.search()).ToHaveValue("ana"))
	p.click(p.link("Show the list without it"))
	p.seeQuery("filter=ana")
	p.Must(p.Expect.Locator(p.rows().First()).ToBeVisible())
}

func TestWithoutScriptsOnAPhone(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{NoScript: true, Width: browsertest.Phone, Height: 844, Touch: true})
	p.Must(p.Locator("summary[aria-label=Menu]").Tap())
	p.see(p.GetByRole("navigation", playwright.PageGetByRoleOptions{Name: "Main menu"}).GetByText("Overview"))
	p.Must(p.Locator("summary[aria-label=Menu]").Tap())
	p.Must(p.button("Filters").Tap())
	p.Must(p.chip("Role").Tap())
	p.Must(p.menu("Role").GetByText("Admins only").Tap())
	p.Must(p.menu("Role").GetByRole("button", playwright.LocatorGetByRoleOptions{Name: "Show users"}).Tap())
	p.seeParameter("only_admins", "true")
	p.Must(p.Expect.Locator(p.button("Filters 1")).ToBeVisible())
	p.seeText(p.rows().First(), "Admin")
}
