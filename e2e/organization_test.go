package e2e

import (
	"regexp"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// TestCreateRenameAndLeaveAnOrganization is the life of an organization, as far
// as Toggl lets it end, with scripts and without.
func TestCreateRenameAndLeaveAnOrganization(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]browsertest.Options{
		"scripts": {}, "no scripts": {NoScript: true}, "phone": {Width: browsertest.Phone, Height: 844, Touch: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, sandbox.Options{})
			p := at(t, s.URL, look)
			p.Allow("status of 422")
			p.signIn(s.upstream.Owner())

			p.click(p.link("New organization"))
			p.Must(p.field("Organization name").Fill("Second & Sons"))
			p.click(p.button("Create organization"))
			p.see(p.Locator("#errors").GetByText("workspace name must be provided"))
			p.Must(p.Expect.Locator(p.field("Organization name")).ToHaveValue("Second & Sons"))
			p.Must(p.field("Name of its first workspace").Fill("Yard"))
			p.holds(look, "the form of a new organization")
			p.click(p.button("Create organization"))
			p.see(p.heading("Second & Sons"))
			p.see(p.GetByText("Created the organization Second & Sons"))
			organization := p.path()

			p.click(p.Locator("#rename summary"))
			p.Must(p.field("Organization name").Fill(""))
			p.click(p.button("Rename"))
			p.see(p.Locator("#name-error").GetByText("field 'name' cannot be empty"))
			p.Must(p.field("Organization name").Fill("Sons & Daughters"))
			p.holds(look, "the form of a new name")
			p.click(p.button("Rename"))
			p.see(p.heading("Sons & Daughters"))
			p.Must(p.Expect.Page(p).ToHaveTitle("Sons & Daughters · Roster"))

			p.click(p.link("Leave this organization…"))
			p.seePath(organization + "/departure")
			p.see(p.GetByText("You are its last user, so the organization itself goes too"))
			p.holds(look, "leaving")
			p.click(p.button("Leave and remove the organization"))
			p.see(p.Locator("#errors").GetByText("Cannot remove the organization owner."))
			p.holds(look, "a departure refused")
		})
	}
}

func TestLeaveAnOrganization(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.signIn(s.upstream.Admin())
	p.click(p.link("Leave this organization…"))
	p.see(p.GetByText("It has 214 users now."))
	p.Accessible()
	p.click(p.button("Leave the organization"))
	p.seePath("/orgs")
	p.see(p.GetByText("You left Halden & Moss."))
	p.see(p.GetByText("You are in no organization"))
}

// TestOwnerAndUsageComeWhenAskedFor: in place, and the focus with them.
func TestOwnerAndUsageComeWhenAskedFor(t *testing.T) {
	t.Parallel()
	p := atDemo(t, "admin", browsertest.Options{})
	organization := p.path()
	p.Must(p.link("Show owner and usage").Focus())
	p.press("Enter")
	p.seeText(p.Locator("#organization-usage"), "Ingrid Solheim")
	p.focused(p.Locator("#organization-usage"))
	p.seePath(organization)
	p.Accessible()
	p.click(p.Locator("#organization-usage").GetByRole("link"))
	p.Must(p.Expect.Page(p).ToHaveURL(regexp.MustCompile(regexp.QuoteMeta(organization) + `/users/\d+`)))

	p = atDemo(t, "admin", browsertest.Options{NoScript: true})
	p.click(p.link("Show owner and usage"))
	p.seePath(organization + "/usage")
	p.seeText(p.Locator("#organization-usage"), "Ingrid Solheim")
	p.see(p.GetByRole("heading", playwright.PageGetByRoleOptions{Name: "Owner and usage", Level: playwright.Int(1)}))
}
