package e2e

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/e2e/browsertest"
)

// stop describes what has the focus: its words, whether it shows that it has,
// and whether it can be seen.
const stop = `() => {
	const el = document.activeElement
	if (el === document.body) return {name: '', ring: true, seen: true}
	const look = node => { const s = getComputedStyle(node); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 }
	const ring = look(el) || [el.parentElement, el.closest('.search, .jump, label')].some(node => node && look(node))
	const box = el.getBoundingClientRect(), cut = getComputedStyle(el.closest('thead') ?? el).clipPath
	return {name: (el.ariaLabel || el.labels?.[0]?.textContent || el.textContent).trim().replace(/\s+/g, ' '), ring,
		seen: box.width > 1 && box.height > 1 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight && cut === 'none'}
}`

// tour presses a key until the focus leaves the page, and returns where it
// stopped. Each stop must show that it has the focus.
func (p person) tour(key string) []string {
	p.t.Helper()
	var names []string
	for range 200 {
		p.press(key)
		at := ask[map[string]any](p, stop)
		name, _ := at["name"].(string)
		if name == "" {
			return names
		}
		if at["ring"] != true {
			p.t.Errorf("%q has the focus and doesn't show it", name)
		}
		if at["seen"] != true {
			p.t.Errorf("%q has the focus and can't be seen", name)
		}
		names = append(names, name)
	}
	p.t.Fatalf("the focus doesn't leave the page by %s: %v", key, names)
	return nil
}

func TestTabLeadsThroughThePage(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]browsertest.Options{"desktop": {}, "phone": {Width: browsertest.Phone, Height: 844}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := atDemoUsers(t, o)
			p.Open(p.path() + "?per_page=10")
			there := p.tour("Tab")
			back := p.tour("Shift+Tab")
			slices.Reverse(back)
			if !slices.Equal(there, back) {
				t.Errorf("Tab stops at %q, Shift+Tab at %q", there, back)
			}
			if there[0] != "Skip to content" {
				t.Errorf("the first stop is %q", there[0])
			}
			last := -1
			for _, name := range []string{"Everyone 214", "Name or email", p.names()[0], p.names()[9], "Next page"} {
				at := slices.Index(there, name)
				if at <= last {
					t.Errorf("%q is stop %d, want one after %d", name, at, last)
				}
				last = at
			}
		})
	}
}

func TestSkipLink(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	p.press("Tab")
	skip := p.link("Skip to content")
	p.focused(skip)
	p.Must(p.Expect.Locator(skip).ToBeInViewport())
	p.press("Enter")
	p.focused(p.Locator("main"))
	p.press("Tab")
	p.focused(p.link("Export CSV"))
}

func TestShortcuts(t *testing.T) {
	t.Parallel()
	p := atDemo(t, "admin", browsertest.Options{})
	overview := p.path()
	p.press("/")
	p.focused(p.GetByLabel("Find a user by name or email"))
	p.press("Escape")
	p.Must(p.Locator("main").Focus())
	p.press("g", "u")
	p.seePath(overview + "/users")

	p.press("j")
	p.focused(p.rowLink(0))
	p.press("j", "j", "k")
	p.focused(p.rowLink(1))
	p.press("/")
	p.focused(p.search())
	p.press("j", "?", "g", "o", "/") // are letters in a box
	p.Must(p.Expect.Locator(p.search()).ToHaveValue("j?go/"))
	p.seeQuery("filter=j%3Fgo%2F")
	p.press("Control+a", "Delete")
	p.seeQuery("")

	p.Must(p.Locator("main").Focus())
	p.press("g", "o")
	p.seePath(overview)
	p.press("?")
	p.seePath("/settings")
	p.Must(p.Expect.Locator(p.heading("Keyboard")).ToBeInViewport())

	p.click(p.button("Turn one-key shortcuts off"))
	p.see(p.button("Turn one-key shortcuts on"))
	p.Open(overview + "/users")
	p.press("/", "j", "g", "o")
	if at := ask[map[string]any](p, stop); at["name"] != "" {
		t.Errorf("with shortcuts off a key moved the focus to %q", at["name"])
	}
	p.seePath(overview + "/users")
	p.Open("/settings")
	p.click(p.button("Turn one-key shortcuts on"))
	p.see(p.button("Turn one-key shortcuts off"))
	p.press("g", "l")
	p.seePath("/orgs")
}

// TestEscapeClosesMenus, and the focus is where it was.
func TestEscapeClosesMenus(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	for _, opener := range []playwright.Locator{
		p.chip("Status"), p.chip("Group"), p.button("Columns"), p.button("Your account"), p.Locator("[popovertarget=switcher]"),
	} {
		p.Must(opener.Focus())
		p.press("Enter")
		open := p.Locator(".menu:popover-open")
		p.see(open)
		p.press("Tab")
		if !ask[bool](p, "() => document.querySelector(':popover-open').contains(document.activeElement)") {
			t.Errorf("Tab leads past the open menu to %v", ask[map[string]any](p, stop)["name"])
		}
		p.press("Escape")
		p.seeCount(open, 0)
		p.focused(opener)
	}
}

func TestFilterByKeyboard(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	p.Must(p.chip("Status").Focus())
	p.press("Enter", "Tab", "Tab", "Space")
	p.Must(p.Expect.Locator(p.menu("Status").GetByLabel("Invited")).ToBeChecked())
	p.press("Tab", "Tab", "Enter")
	p.seeQuery("active_status=invited")
	p.focused(p.chip("Status"))
	p.Must(p.Expect.Locator(p.Locator("#announce")).ToHaveText(regexp.MustCompile(`^\d+ users$`)))
	p.press("Shift+Tab")
	p.focused(p.search())
}

// TestSheetOfFilters is what the filters are on a narrow screen.
func TestSheetOfFilters(t *testing.T) {
	t.Parallel()
	filters := func(p person) playwright.Locator {
		return p.GetByRole("button", playwright.PageGetByRoleOptions{Name: regexp.MustCompile("^Filters")})
	}
	t.Run("keyboard", func(t *testing.T) {
		t.Parallel()
		p := atDemoUsers(t, browsertest.Options{Width: browsertest.Phone, Height: 844})
		p.Must(filters(p).Focus())
		p.press("Enter", "Tab")
		p.focused(p.chip("Status"))
		p.press("Enter", "Tab", "Space")
		p.Must(p.Expect.Locator(p.menu("Status").GetByLabel("Active", playwright.LocatorGetByLabelOptions{Exact: playwright.Bool(true)})).ToBeChecked())
		p.press("Escape")
		p.focused(p.chip("Status"))
		p.press("Escape")
		p.focused(filters(p))
		p.press("Enter", "Tab", "Enter", "Tab", "Tab", "Tab", "Tab", "Enter")
		p.seeQuery("active_status=active")
		p.focused(filters(p))
		p.Must(p.Expect.Locator(filters(p)).ToHaveAccessibleName("Filters 1"))
	})
	t.Run("touch", func(t *testing.T) {
		t.Parallel()
		p := atDemoUsers(t, looks["phone"])
		p.Must(filters(p).Tap())
		p.Must(p.chip("Workspace").Tap())
		p.Must(p.menu("Workspace").GetByText("Labs").Tap())
		for name, control := range map[string]playwright.Locator{
			"a choice":   p.menu("Workspace").GetByRole("checkbox").First().Locator("xpath=.."),
			"Show users": p.menu("Workspace").GetByRole("button", playwright.LocatorGetByRoleOptions{Name: "Show users"}),
		} {
			if box := p.box(control); box.Height < 44 {
				t.Errorf("%s is %v px high on a coarse pointer, want 44", name, box.Height)
			}
		}
		p.Must(p.menu("Workspace").GetByRole("button", playwright.LocatorGetByRoleOptions{Name: "Show users"}).Tap())
		p.Must(p.Expect.Page(p).ToHaveURL(regexp.MustCompile(`\?workspaces=\d+$`)))
		p.seeCount(p.Locator(":popover-open"), 0)
		p.Must(filters(p).Tap())
		p.seeText(p.chip("Workspace"), "Labs")
		p.Must(p.link("Clear").Tap())
		p.seeQuery("")
		if text := p.text(filters(p)); strings.TrimSpace(text) != "Filters" {
			t.Errorf("the button says %q after Clear", text)
		}
	})
}
