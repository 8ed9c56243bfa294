package e2e

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// A person sits at a browser. Every step waits for what it needs, and ends the
// test when it can't be done.
type person struct {
	*browsertest.Page
	t    *testing.T
	base string
}

// at opens a browser on a running Roster.
func at(t *testing.T, base string, o browsertest.Options) person {
	t.Helper()
	o.BaseURL = base
	return person{Page: browsertest.NewPage(t, o), t: t, base: base}
}

// atDemo is signed in to the demo with one of its buttons and stands where that
// led: the owner at the choice of organizations, the admin at the overview.
func atDemo(t *testing.T, role string, o browsertest.Options) person {
	t.Helper()
	p := at(t, demo(t), o)
	p.Open("/sign-in")
	p.click(p.GetByRole("button", playwright.PageGetByRoleOptions{Name: regexp.MustCompile(", " + role + "$")}))
	p.see(p.Locator("body:not(.auth) main"))
	return p
}

// atDemoUsers stands at the users table of the demo's large organization.
func atDemoUsers(t *testing.T, o browsertest.Options) person {
	t.Helper()
	p := atDemo(t, "admin", o)
	p.Open(p.path() + "/users")
	return p
}

// signIn gives a token at the sign-in page, or comes from where one is asked to.
func (p person) signIn(who sandbox.Persona) {
	p.t.Helper()
	if p.URL() == "about:blank" {
		p.Open("/sign-in")
	}
	p.Must(p.GetByLabel("Toggl Track API token").Fill(who.APIToken))
	p.click(p.GetByRole("form", playwright.PageGetByRoleOptions{Name: "With an API token"}).GetByRole("button"))
	p.see(p.Locator("body:not(.auth) main"))
}

// connectFocus gives the key on the settings page.
func (p person) connectFocus(key string) {
	p.t.Helper()
	p.Must(p.field("Focus API key").Fill(key))
	p.click(p.button("Connect"))
}

func (p person) button(name string) playwright.Locator {
	return p.GetByRole("button", playwright.PageGetByRoleOptions{Name: name, Exact: playwright.Bool(true)})
}

func (p person) link(name string) playwright.Locator {
	return p.GetByRole("link", playwright.PageGetByRoleOptions{Name: name, Exact: playwright.Bool(true)})
}

func (p person) heading(name string) playwright.Locator {
	return p.GetByRole("heading", playwright.PageGetByRoleOptions{Name: name})
}

// navigation is the link of the side bar with these words.
func (p person) navigation(name string) playwright.Locator {
	return p.GetByRole("navigation", playwright.PageGetByRoleOptions{Name: "Main", Exact: playwright.Bool(true)}).
		GetByText(name, playwright.LocatorGetByTextOptions{Exact: playwright.Bool(true)})
}

// search is the box above the users table.
func (p person) search() playwright.Locator { return p.GetByLabel("Name or email") }

// rows are those of the users table.
func (p person) rows() playwright.Locator { return p.Locator("table#users tbody tr") }

// rowLink is the name in a row of the users table, from 0.
func (p person) rowLink(n int) playwright.Locator {
	return p.rows().Nth(n).GetByRole("rowheader").GetByRole("link")
}

// chip is the button of one filter.
func (p person) chip(name string) playwright.Locator {
	return p.GetByRole("search", playwright.PageGetByRoleOptions{Name: "Filter users"}).
		GetByRole("button", playwright.LocatorGetByRoleOptions{Name: regexp.MustCompile("^" + name + "( |$)")})
}

// menu is what a filter's button opens.
func (p person) menu(name string) playwright.Locator {
	return p.GetByRole("group", playwright.PageGetByRoleOptions{Name: name, Exact: playwright.Bool(true)})
}

func (p person) click(l playwright.Locator) {
	p.t.Helper()
	p.Must(l.Click())
}

func (p person) check(l playwright.Locator) {
	p.t.Helper()
	p.Must(l.Check())
}

func (p person) see(l playwright.Locator) {
	p.t.Helper()
	p.Must(p.Expect.Locator(l).ToBeVisible())
}

func (p person) seeText(l playwright.Locator, text string) {
	p.t.Helper()
	p.Must(p.Expect.Locator(l).ToContainText(text))
}

func (p person) seeCount(l playwright.Locator, n int) {
	p.t.Helper()
	p.Must(p.Expect.Locator(l).ToHaveCount(n))
}

func (p person) focused(l playwright.Locator) {
	p.t.Helper()
	p.Must(p.Expect.Locator(l).ToBeFocused())
}

// press presses keys one after the other.
func (p person) press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		p.Must(p.Keyboard().Press(key))
	}
}

// path of the address in the bar, without the query.
func (p person) path() string {
	p.t.Helper()
	u, err := url.Parse(p.URL())
	p.Must(err)
	return u.Path
}

// seeQuery waits until the address has exactly these parameters, in any order;
// "" stands for none.
func (p person) seeQuery(query string) {
	p.t.Helper()
	end := `\?` + regexp.QuoteMeta(query) + "$"
	if query == "" {
		end = `^[^?]*$`
	}
	p.Must(p.Expect.Page(p).ToHaveURL(regexp.MustCompile(end)))
}

// seeParameter waits until the address has the parameter, among others.
func (p person) seeParameter(name, value string) {
	p.t.Helper()
	p.Must(p.Expect.Page(p).ToHaveURL(regexp.MustCompile(`[?&]` + name + `=` + regexp.QuoteMeta(value) + `(&|$)`)))
}

// seePath waits for an address whose path this is.
func (p person) seePath(path string) {
	p.t.Helper()
	p.Must(p.Expect.Page(p).ToHaveURL(regexp.MustCompile("^" + regexp.QuoteMeta(p.base+path) + `(\?.*)?(#.*)?$`)))
}

// back and forward are the browser's own buttons.
func (p person) back() {
	p.t.Helper()
	_, err := p.GoBack()
	p.Must(err)
}

func (p person) forward() {
	p.t.Helper()
	_, err := p.GoForward()
	p.Must(err)
}

// ask evaluates an expression in the page and returns its value.
func ask[T any](p person, expression string, arg ...any) T {
	p.t.Helper()
	value, err := p.Evaluate(expression, arg...)
	p.Must(err)
	answer, ok := value.(T)
	if !ok {
		p.t.Fatalf("the page answered %T %v to %s", value, value, expression)
	}
	return answer
}

// names are the links of the rows, from the top.
func (p person) names() []string {
	p.t.Helper()
	names, err := p.rows().GetByRole("rowheader").GetByRole("link").AllInnerTexts()
	p.Must(err)
	return slices.DeleteFunc(names, func(name string) bool { return strings.TrimSpace(name) == "" })
}

func (p person) text(l playwright.Locator) string {
	p.t.Helper()
	text, err := l.InnerText()
	p.Must(err)
	return text
}

func (p person) box(l playwright.Locator) *playwright.Rect {
	p.t.Helper()
	box, err := l.BoundingBox()
	p.Must(err)
	if box == nil {
		p.t.Fatal("the element is not shown")
	}
	return box
}
