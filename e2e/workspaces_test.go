package e2e

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// atWorkspace stands at the users of the workspace Delivery, on a Roster of its own.
func atWorkspace(t *testing.T, look browsertest.Options) (person, server) {
	t.Helper()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, look)
	p.signIn(s.upstream.Admin())
	p.click(p.link("All workspaces"))
	p.see(p.heading("Workspaces"))
	p.click(p.GetByRole("table", playwright.PageGetByRoleOptions{Name: "Workspaces"}).GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Delivery"}))
	p.see(p.heading("Delivery"))
	return p, s
}

// field is the one with exactly this label.
func (p person) field(label string) playwright.Locator {
	return p.GetByLabel(label, playwright.PageGetByLabelOptions{Exact: playwright.Bool(true)})
}

// holds looks at the layout and at what assistive technology gets, which takes
// scripts.
func (p person) holds(look browsertest.Options, name string) {
	p.t.Helper()
	if look.NoScript {
		return
	}
	p.fits(name)
	p.Accessible()
}

func (p person) workspaceUsers() playwright.Locator { return p.Locator("#workspace-users tbody tr") }

func TestCreateAWorkspace(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.Allow("status of 422")
	p.signIn(s.upstream.Owner())
	p.Open(strings.TrimSuffix(s.usersPath(), "/users"))
	p.press("g", "w")
	p.click(p.link("New workspace"))
	p.Must(p.field("Name").Fill("Delivery"))
	p.Must(p.field("Admins besides you").Fill(s.upstream.Admin().Email))
	p.click(p.button("Create workspace"))
	p.see(p.Locator("#name-error").GetByText("another workspace with same name exists in organization"))
	p.Accessible()
	p.Must(p.field("Name").Fill("Yard"))
	p.press("Enter")
	p.see(p.heading("Yard"))
	p.seeCount(p.workspaceUsers(), 2)
}

// TestSearchUsersOfAWorkspace types faster than Toggl answers.
func TestSearchUsersOfAWorkspace(t *testing.T) {
	t.Parallel()
	p, s := atWorkspace(t, browsertest.Options{})
	s.upstream.SetLatency(200 * time.Millisecond)
	s.upstream.ResetRequests()
	box := p.field("Name")
	p.Must(box.PressSequentially("amara m", playwright.LocatorPressSequentiallyOptions{Delay: playwright.Float(40)}))
	p.seeCount(p.workspaceUsers(), 1)
	p.seeText(p.workspaceUsers(), "Amara Moyo")
	p.seeQuery("name=amara+m")
	p.focused(box)
	p.seeText(p.Locator("#announce"), "1 user of Delivery")
	if sent := len(s.upstream.Requests()); sent > 3 {
		t.Errorf("%d requests for one name", sent)
	}
	p.click(p.workspaceUsers().GetByRole("rowheader").GetByRole("link"))
	p.see(p.heading("Amara Moyo"))
	p.Must(p.Expect.Page(p).ToHaveURL(regexp.MustCompile(`/users/\d+\?email=amara.moyo`)))
	p.back()
	p.seeQuery("name=amara+m")
	p.seeText(p.workspaceUsers(), "Amara Moyo")
}

// TestEditAndRemoveAUserOfAWorkspace: change, save, be refused, remove.
func TestEditAndRemoveAUserOfAWorkspace(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]browsertest.Options{
		"scripts": {}, "no scripts": {NoScript: true}, "phone in the dark": {Width: browsertest.Phone, Height: 844, Touch: true, Dark: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _ := atWorkspace(t, look)
			p.Allow("status of 422")
			p.holds(look, "users of a workspace")
			p.Must(p.field("Name").Fill("amara moyo"))
			p.press("Enter")
			p.seeCount(p.workspaceUsers(), 1)
			p.click(p.link("Edit Amara Moyo in this workspace"))
			p.see(p.heading("Amara Moyo in Delivery"))
			p.Must(p.field("Billable rate").Fill("82,5"))
			p.Must(p.field("Working hours").Fill("-1"))
			if !look.NoScript {
				p.seeText(p.Locator("#unsaved-count"), "2")
			}
			p.holds(look, "a user of a workspace")
			p.click(p.button("Save changes"))
			p.see(p.Locator("#working_hours_in_minutes-error").GetByText("Working hours must be positive or null"))
			p.Must(p.Expect.Locator(p.field("Billable rate")).ToHaveValue("82.50"))
			p.Must(p.field("Working hours").Fill("7:30"))
			p.click(p.button("Save changes"))
			p.see(p.GetByText("Saved 2 changes to Amara Moyo in Delivery."))
			p.Must(p.Expect.Locator(p.field("Working hours")).ToHaveValue("7.5"))

			p.click(p.link("Remove from workspace…"))
			p.seeText(p.Locator(".danger-zone"), "€82.50")
			p.holds(look, "removing")
			p.click(p.button("Remove from the workspace"))
			p.see(p.GetByText("Removed Amara Moyo from Delivery."))
			p.see(p.GetByText("No users match this filter"))
		})
	}
}
