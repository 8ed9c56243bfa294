package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// tooWide names the elements that stick out of the window, when the document
// can be scrolled sideways.
const tooWide = `() => document.documentElement.scrollWidth <= innerWidth ? '' :
	document.documentElement.scrollWidth + ' px wide: ' + [...document.body.querySelectorAll('*')]
		.filter(el => el.getBoundingClientRect().right > innerWidth + 1)
		.map(el => el.tagName + '.' + el.className + ' ' + Math.round(el.getBoundingClientRect().right)).slice(0, 8).join(', ')`

// tooSmall names the controls of less than the least size in CSS pixels that
// are not links within a text (WCAG 2.2, 2.5.8).
const tooSmall = `least => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary, label.mi')]
	.filter(el => el.checkVisibility({visibilityProperty: true}) && getComputedStyle(el).display !== 'inline')
	.filter(el => !el.closest('.skip, p, label') || el.matches('label'))
	.filter(el => !el.matches('.who a, .cards a')) // whose area is that of the cell around it
	.map(el => [el, el.getBoundingClientRect()])
	.filter(([, box]) => box.width > 0 && (box.width < least || box.height < least))
	.map(([el, box]) => el.outerHTML.slice(0, 90) + ' ' + box.width + ' × ' + box.height).join('\n')`

func TestNothingIsWiderThanTheWindow(t *testing.T) {
	t.Parallel()
	s := hostileServer(t)
	p := at(t, s.URL, browsertest.Options{Width: browsertest.Phone, Height: 844, Touch: true})
	look := func(name string) {
		for _, width := range []int{320, browsertest.Phone} {
			p.Must(p.SetViewportSize(width, 844))
			p.fits(fmt.Sprintf("%s at %d px", name, width))
		}
	}
	p.Open("/sign-in")
	look("sign-in")
	p.signIn(s.upstream.Admin())
	p.everyPage(look)
	p.menus(look)
	p.Open(p.organization(s))
	p.focusPages(s.upstream.Admin().FocusKey, look)
}

// TestFieldsOfAWorkspaceHaveRoom beside what stands next to them, where the
// window is not that narrow that they stand below each other.
func TestFieldsOfAWorkspaceHaveRoom(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	p.click(p.rowLink(1))
	p.see(p.Locator("#user-workspaces"))
	const cramped = `() => { const table = document.querySelector('#user-workspaces'), edge = table.parentElement.getBoundingClientRect().right + 1
		const out = [...table.querySelectorAll('*')].filter(el => el.getBoundingClientRect().right > edge)
		const over = [...table.querySelectorAll('.flags, .check, .affix')].filter(el => el.scrollWidth > el.clientWidth + 2)
		return [...out, ...over].map(el => el.tagName + '.' + el.className).slice(0, 5).join(', ') }`
	for _, width := range []int{1440, 1280, 1100, 800} {
		p.Must(p.SetViewportSize(width, 900))
		if names := ask[string](p, cramped); names != "" {
			t.Errorf("at %d px there is no room for %s", width, names)
		}
	}
}

// fits holds for a page, or for what is open on it.
func (p person) fits(name string) {
	p.t.Helper()
	if wide := ask[string](p, tooWide); wide != "" {
		p.t.Errorf("%s can be scrolled sideways: %s", name, wide)
	}
}

// largeEnough holds for every control of a page, or of what is open on it.
func (p person) largeEnough(name string) {
	p.t.Helper()
	if small := ask[string](p, tooSmall, 24); small != "" {
		p.t.Errorf("%s has targets under 24 px:\n%s", name, small)
	}
}

// TestRowsBecomeCards: on a narrow screen the table is still one to a screen reader.
func TestRowsBecomeCards(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, looks["phone"])
	table := p.GetByRole("table", playwright.PageGetByRoleOptions{Name: "214 users"})
	row := table.GetByRole("row").Nth(1)
	p.see(row.GetByRole("rowheader"))
	if display := ask[string](p, "() => getComputedStyle(document.querySelector('#users tbody tr')).display"); display != "grid" {
		t.Errorf("a row is displayed as %s, not as a card", display)
	}
	snapshot, err := row.AriaSnapshot()
	p.Must(err)
	for _, want := range []string{"- row ", "- rowheader ", "- cell "} {
		if !strings.Contains(snapshot, want) {
			t.Errorf("the card has no %q:\n%s", strings.Trim(want, "- "), snapshot)
		}
	}
	first, second := p.box(p.rows().First()), p.box(p.rows().Nth(1))
	if first.Height < 60 || second.Y < first.Y+first.Height {
		t.Errorf("cards lie at %v and %v", first, second)
	}
}

// TestHeadOfTheTableStays in sight, and covers nothing that has the focus.
func TestHeadOfTheTableStays(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	_, err := p.Evaluate("() => scrollTo(0, 1500)")
	p.Must(err)
	const topmost = `selector => { const el = document.querySelector(selector), box = el.getBoundingClientRect();
		return el.contains(document.elementFromPoint(box.x + 20, box.y + box.height / 2)) }`
	if head := p.box(p.GetByRole("columnheader").First()); head.Y != 0 {
		t.Errorf("the head of the table is at %v", head)
	}
	if !ask[bool](p, topmost, "#users thead th") {
		t.Error("something covers the head of the table")
	}
	p.Must(p.rowLink(45).Focus())
	for range 44 {
		p.press("k")
		if !ask[bool](p, `() => { const box = document.activeElement.getBoundingClientRect();
			return document.activeElement.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)) }`) {
			t.Fatalf("what has the focus is covered: %s", ask[string](p, "() => document.activeElement.textContent"))
		}
	}
}

// organization is the overview of the server's large organization.
func (person) organization(s server) string { return strings.TrimSuffix(s.usersPath(), "/users") }

// hostileServer has an organization whose names are as bad as names can be.
func hostileServer(t *testing.T) server {
	t.Helper()
	s := serve(t, sandbox.Options{})
	plant(t, s)
	return s
}
