package e2e

import (
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// TestInviteUsers: pasted addresses, one of which Toggl refuses; the others are
// invited without it.
func TestInviteUsers(t *testing.T) {
	t.Parallel()
	eachWay(t, sandbox.Options{}, func(p person, s server, o browsertest.Options) {
		p.Open(s.usersPath() + "?active_status=inactive")
		gone := p.text(p.rows().First().Locator("small"))
		p.click(p.link("Invite users"))
		p.Allow("status of 422")
		p.Must(p.GetByLabel("E-mail addresses").Fill("Ann Lee <ann@new.example>\nnobody\n" + gone))
		p.click(p.button("Send invitations"))
		p.seeText(p.Locator("#emails-lines"), "Line 2")
		p.seeText(p.Locator("#workspaces-error"), "Choose at least one workspace.")
		p.accessibleTo(o)
		p.Must(p.GetByLabel("E-mail addresses").Fill("Ann Lee <ann@new.example>\n" + gone))
		p.check(p.GetByLabel("Delivery", playwright.PageGetByLabelOptions{Exact: playwright.Bool(true)}))
		p.click(p.button("Send invitations"))
		p.seeText(p.Locator("#emails-error"), gone+"' is already an inactive member")
		p.click(p.button("Invite the other one without it"))
		p.see(p.heading("Invited 1 user"))
		p.seeText(p.Locator("#addresses li").First(), "ann@new.example")
		p.accessibleTo(o)
		p.click(p.link("Show who is invited"))
		p.seeText(p.Locator("#users"), "ann@new.example")
	})
}
