package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// toFinance are three people without any workspace, to be added to one.
var toFinance = []string{
	"farid.benali@haldenmoss.example,Finance,add", "gabor.szabo@haldenmoss.example,Finance,add", "ufuk.gunes@haldenmoss.example,Finance,add",
}

// organizationPath is the large organization's.
func (s server) organizationPath() string { return strings.TrimSuffix(s.usersPath(), "/users") }

// stage types lines of CSV on the review page.
func (p person) stage(s server, lines []string) {
	p.t.Helper()
	p.Open(s.organizationPath() + "/assignments/review")
	p.click(p.GetByText("Upload a CSV…"))
	p.Must(p.GetByLabel("Or lines of text").Fill(strings.Join(lines, "\n")))
	p.click(p.button("Stage these changes"))
	p.see(p.heading("Review 3 changes"))
}

func (p person) note(strong string) playwright.Locator {
	return p.Locator(".note").Filter(playwright.LocatorFilterOptions{HasText: strong})
}

// TestChangeSet: staged, looked at after a reload, applied with one refusal,
// undone, and all of it in the log; also without scripts, and on a phone.
func TestChangeSet(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]browsertest.Options{
		"desk": {}, "dark": {Dark: true}, "phone": {Width: browsertest.Phone, Height: 844, Touch: true}, "noscript": noScript,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, sandbox.Options{})
			p := at(t, s.URL, o)
			sound := func() {
				if !o.NoScript { // the rules are looked at with scripts
					p.sound()
				}
			}
			p.signIn(s.upstream.Owner())
			p.stage(s, toFinance)
			p.Open(p.path()) // reload
			p.seeText(p.Locator("#plan"), "Farid Benali")
			sound()

			s.upstream.Script(sandbox.Failure{Operation: "ChangeAssignments", Times: 2, Status: 400, Body: `"Invalid user_id."`})
			p.click(p.button("Apply 3 changes"))
			p.see(p.note("2 applied, 1 rejected. The rejected change is still staged so you can fix or undo it."))
			p.seeText(p.Locator("#change-set-rows .has-error"), "Invalid user_id.")
			sound()

			p.click(p.button("Undo 2 changes…"))
			p.see(p.heading("Review 2 changes"))
			p.see(p.note("This takes back the changes of"))
			p.click(p.button("Apply 2 changes"))
			p.seeText(p.Locator("#change-set-state"), "2 applied")
			p.see(p.heading("Undo of 2 changes"))

			p.Open(s.organizationPath() + "/activity")
			p.seeCount(p.Locator("#activity > li"), 8) // 3 together, 3 alone, 2 back
			p.seeText(p.Locator("#activity .has-error").First(), "Invalid user_id.")
			sound()
			p.Must(p.GetByLabel("What").Fill("farid"))
			p.click(p.button("Filter"))
			p.seeParameter("target", "farid")
			p.see(p.Locator("#activity > li").First())
			p.click(p.Locator("#activity details").First())
			p.seeText(p.Locator("#activity details").First(), "ChangeAssignments")
			sound()
		})
	}
}

// sound holds the page against the rules for every page.
func (p person) sound() {
	p.t.Helper()
	p.Accessible()
	p.fits(p.path())
}

// TestChangeSetWaitsForTheQuota, says until when, and goes on by itself.
func TestChangeSetWaitsForTheQuota(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.signIn(s.upstream.Owner())
	p.stage(s, toFinance)
	s.upstream.Script(sandbox.Failure{
		Operation: "ChangeAssignments", Status: http.StatusPaymentRequired, Body: `"You have hit your hourly limit for API calls."`,
		Header: http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"4"}},
	})
	p.click(p.button("Apply 3 changes"))
	p.see(p.note("Toggl's hourly limit is used up. It goes on by itself at"))
	p.sound()
	p.Allow("Failed to fetch") // the question that the reload cuts off
	p.Open(p.path())           // a reload changes nothing
	p.see(p.note("It goes on by itself at"))
	p.seeText(p.Locator("#change-set-state"), "3 applied")
	p.see(p.button("Undo 3 changes…"))
}

// TestChangeSetFromTheKeyboard: with nothing but Tab and Enter.
func TestChangeSetFromTheKeyboard(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.signIn(s.upstream.Owner())
	p.stage(s, toFinance)
	p.Must(p.GetByText("Discard all…").Focus())
	p.press("Enter", "Tab")
	p.focused(p.button("Discard 3 changes"))
	p.press("Enter")
	p.seeText(p.Locator("#flash"), "Discarded 3 staged changes.")
	p.seePath(s.organizationPath() + "/assignments")
}
