package e2e

import (
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// TestAccessReview is the way from what a review costs to why one person has
// access, with scripts and without, on a screen and on paper.
func TestAccessReview(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]browsertest.Options{
		"desktop": {Width: 1440, Height: 960}, "phone": {Width: browsertest.Phone, Height: 844, Touch: true}, "without scripts": noScript,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, sandbox.Options{})
			p := at(t, s.URL, look)
			p.signIn(s.upstream.Owner())
			p.Open(strings.TrimSuffix(s.usersPath(), "users") + "access")
			p.see(p.heading("Access review"))
			p.seeText(p.Locator("main .facts"), "one for each 200 users, and one for each workspace")
			p.holds(look, "what it costs")
			p.click(p.button("Read the organization"))
			p.see(p.Locator("#access-csv")) // it shows itself
			p.seeCount(p.Locator(".access .rows > li"), 8)
			p.holds(look, "the review")

			p.Must(selectOption(p, "Labs"))
			p.check(p.field("Only exceptions"))
			p.click(p.button("Filter"))
			p.seeParameter("only", "exceptions")
			p.seeText(p.Locator(".access table"), "Off")
			p.holds(look, "a part of the review")

			p.click(p.Locator(".access tbody th a").First())
			p.seeText(p.Locator("h1"), "Why ")
			p.see(p.heading("What these roles permit"))
			p.holds(look, "why a user has access")
			p.click(p.Locator(".permits summary").First())
			p.see(p.Locator(".permits li").First())
			p.click(p.Locator("#workspaces tbody th a").First())
			p.seeText(p.Locator("h1"), "Who has access to ")
			p.holds(look, "who has a workspace")
			p.click(p.Locator("tbody [data-l=Access] a").First())
			p.seeText(p.Locator("h1"), "gives access to")
			p.holds(look, "what a group gives")
			p.onPaper()
		})
	}
}

func selectOption(p person, label string) error {
	_, err := p.GetByLabel("Workspace", playwright.PageGetByLabelOptions{Exact: playwright.Bool(true)}).
		SelectOption(playwright.SelectOptionValues{Labels: &[]string{label}})
	return err
}

// onPaper: the page is printed without what leads to other pages, with its
// address, and with what roles permit.
func (p person) onPaper() {
	p.t.Helper()
	p.Must(p.EmulateMedia(playwright.PageEmulateMediaOptions{Media: playwright.MediaPrint}))
	p.see(p.Locator(".print-only"))
	p.seeText(p.Locator(".print-only"), "Read from Toggl")
	p.see(p.Locator(".permits li").First())
	p.Must(p.Expect.Locator(p.Locator(".side")).ToBeHidden())
	p.Must(p.EmulateMedia(playwright.PageEmulateMediaOptions{Media: playwright.MediaScreen}))
}
