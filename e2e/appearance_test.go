package e2e

import (
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/e2e/browsertest"
)

func TestColumnsAreRemembered(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	p.Open(p.path() + "?filter=a")
	column := func(name string) playwright.Locator {
		return p.GetByRole("columnheader", playwright.PageGetByRoleOptions{Name: name, Exact: playwright.Bool(true)})
	}
	menu := p.Locator("#menu-columns")
	p.see(column("Groups"))
	p.click(p.button("Columns"))
	p.Must(menu.GetByLabel("Groups").Uncheck())
	p.check(menu.GetByLabel("User ID"))
	p.click(menu.GetByText("Show columns"))
	p.see(column("User ID"))
	p.seeCount(column("Groups"), 0)
	p.seeQuery("filter=a")

	p.Open("/settings")
	p.back()
	p.see(column("User ID"))
	p.Must(p.search().Fill("an"))
	p.seeQuery("filter=an")
	p.see(column("User ID"))
	p.seeCount(column("Groups"), 0)

	p.click(p.button("Columns"))
	p.click(menu.GetByText("Default"))
	p.see(column("Groups"))
	p.seeCount(column("User ID"), 0)
	p.seeQuery("filter=an")
}

func TestRowHeight(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	height := func() float64 { return p.box(p.rows().First()).Height }
	usual := height()
	p.click(p.button("Row height: comfortable. Change to compact"))
	p.see(p.button("Row height: compact. Change to comfortable"))
	if compact := height(); compact > usual-6 {
		t.Errorf("compact rows are %v px high, usual ones %v", compact, usual)
	}
	p.click(p.button("Row height: compact. Change to comfortable"))
	p.see(p.button("Row height: comfortable. Change to compact"))
	if height() != usual {
		t.Errorf("back to comfortable rows are %v px high, want %v", height(), usual)
	}
}

func TestThemeIsKeptBeyondTheSession(t *testing.T) {
	t.Parallel()
	p := atDemo(t, "admin", browsertest.Options{})
	background := func() string { return ask[string](p, "() => getComputedStyle(document.body).backgroundColor") }
	p.Open("/settings")
	light := background()
	p.check(p.GetByLabel("Dark", playwright.PageGetByLabelOptions{Exact: playwright.Bool(true)}))
	p.click(p.button("Save appearance"))
	p.Must(p.Expect.Locator(p.Locator("html[data-theme=dark]")).ToHaveCount(1))
	dark := background()
	if dark == light {
		t.Errorf("the dark theme has the background %s of the light one", dark)
	}
	p.click(p.button("Your account"))
	p.click(p.button("Sign out"))
	p.seePath("/sign-in")
	p.Must(p.Expect.Locator(p.Locator("html[data-theme=dark]")).ToHaveCount(1))
}
