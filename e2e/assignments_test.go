package e2e

import (
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// assignmentsPath is the grid of the large organization.
func (s server) assignmentsPath() string {
	return strings.TrimSuffix(s.usersPath(), "users") + "assignments"
}

// atAssignments stands at the grid, on a Roster of its own.
func atAssignments(t *testing.T, look browsertest.Options) (person, server) {
	t.Helper()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, look)
	p.signIn(s.upstream.Owner())
	p.Open(s.assignmentsPath())
	p.see(p.heading("Assignments"))
	return p, s
}

func (p person) drawer() playwright.Locator { return p.Locator("#staged") }

// isTicked waits until a box is on or off.
func (p person) isTicked(label string, on bool) {
	p.t.Helper()
	p.Must(p.Expect.Locator(p.field(label)).ToBeChecked(playwright.LocatorAssertionsToBeCheckedOptions{Checked: playwright.Bool(on)}))
}

// sentNothing: whatever is staged, Toggl is only read.
func (s server) sentNothing(t *testing.T) {
	t.Helper()
	for _, r := range s.upstream.Requests() {
		if r.Method != "GET" {
			t.Errorf("%s was sent", r.Operation)
		}
	}
}

func TestStageWithThePointer(t *testing.T) {
	t.Parallel()
	p, s := atAssignments(t, browsertest.Options{Width: 1440, Height: 960})
	p.click(p.field("Aisha Rahman in Labs"))
	p.seeText(p.drawer(), "1 staged change")
	p.seeText(p.Locator("#announce"), "Staged: add Aisha Rahman to Labs. 1 change")
	p.click(p.field("Aisha Rahman in Sales"))
	p.click(p.field("Adaeze Mwangi in Internal"))
	p.seeText(p.drawer(), "3 staged changes")
	p.seeText(p.drawer(), "Sent as 3 requests, one per workspace.")
	p.seeText(p.Locator(".side .staged-nav"), "3 staged changes")
	p.holds(browsertest.Options{}, "the grid with changes")

	_, err := p.Reload()
	p.Must(err)
	p.isTicked("Aisha Rahman in Labs", true)
	p.isTicked("Aisha Rahman in Sales", false)
	p.seeText(p.drawer(), "3 staged changes")

	other := at(t, s.URL, browsertest.Options{Width: 1440})
	other.signIn(s.upstream.Owner())
	other.Open(s.assignmentsPath())
	other.isTicked("Aisha Rahman in Labs", true)
	other.click(other.button("Undo: add Aisha Rahman to Labs"))
	other.isTicked("Aisha Rahman in Labs", false)
	other.seeText(other.drawer(), "2 staged changes")
	other.focused(other.drawer())

	somebody := at(t, s.URL, browsertest.Options{})
	somebody.signIn(s.upstream.Admin())
	somebody.Open(s.assignmentsPath())
	somebody.isTicked("Aisha Rahman in Sales", true)
	s.sentNothing(t)
}

// TestStageManyAtOnce: ticks that come faster than their answers are all kept.
func TestStageManyAtOnce(t *testing.T) {
	t.Parallel()
	p, s := atAssignments(t, browsertest.Options{Width: 1440, Height: 960})
	n := ask[int](p, `() => { const list = [...document.querySelectorAll('.mx [data-was="0"]:not(:checked)')].slice(0, 30)
		for (const box of list) box.click()
		list[0].click()
		return list.length }`)
	if n != 30 {
		t.Fatalf("%d boxes", n)
	}
	p.seeText(p.drawer(), "29 staged changes")
	p.seeCount(p.Locator(`.mx [data-was="0"]:checked`), 29)
	_, err := p.Reload()
	p.Must(err)
	p.seeCount(p.Locator(`.mx [data-was="0"]:checked`), 29)
	s.sentNothing(t)
}

func TestStageByKeyboard(t *testing.T) {
	t.Parallel()
	p, _ := atAssignments(t, browsertest.Options{Width: 1440, Height: 960})
	p.Must(p.field("Adaeze Mwangi in Delivery").Focus())
	p.press("ArrowRight")
	p.focused(p.field("Adaeze Mwangi in Design Studio"))
	p.press("ArrowDown")
	p.focused(p.field("Aino Ångström in Design Studio"))
	p.press("Space")
	p.seeText(p.drawer(), "1 staged change")
	p.focused(p.field("Aino Ångström in Design Studio"))
	p.press("End")
	p.focused(p.field("Aino Ångström in Sales"))
	p.press("Home")
	p.focused(p.field("Aino Ångström in Delivery"))
	p.press("Control+End", "Control+Home", "n")
	p.focused(p.field("Aino Ångström in Design Studio"))
	p.press("ArrowLeft", "Space")
	p.seeText(p.drawer(), "2 staged changes")
	p.press("n")
	p.focused(p.field("Aino Ångström in Design Studio"))
	p.press("p")
	p.focused(p.field("Aino Ångström in Delivery"))
	p.press("z")
	p.seeText(p.drawer(), "1 staged change")
	p.isTicked("Aino Ångström in Delivery", false)
	p.focused(p.field("Aino Ångström in Delivery"))
	// One stop by Tab, not a thousand.
	p.seeCount(p.Locator(".mx tbody input[tabindex='0']"), 1)
	p.press("Control+Enter")
	p.seePath(strings.TrimSuffix(p.path(), "/review") + "/review")
}

func TestStageIsRefused(t *testing.T) {
	t.Parallel()
	p, s := atAssignments(t, browsertest.Options{Width: 1440, Height: 960})
	p.Allow("status of 422")
	// The workspace is not of this organization: nobody's page has such a box.
	ask[bool](p, `() => { const box = document.querySelector('[aria-label="Aisha Rahman in Labs"]'); box.value = box.value.replace(/-\d+/, '-999999999'); return true }`)
	p.click(p.field("Aisha Rahman in Labs"))
	p.seeText(p.Locator("#flash"), "not known to Roster")
	p.isTicked("Aisha Rahman in Labs", false)
	p.seeText(p.drawer(), "Nothing staged")
	// And when Roster itself doesn't answer the box is as it was.
	p.Allow("Failed to load resource")
	p.Allow("htmx:error")
	p.Allow("Failed to fetch")
	p.Must(p.Context().SetOffline(true))
	p.click(p.field("Aisha Rahman in Finance"))
	p.seeText(p.Locator("#flash"), "Roster did not answer")
	p.isTicked("Aisha Rahman in Finance", false)
	p.Must(p.Context().SetOffline(false))
	s.sentNothing(t)
}

func TestAssignmentsFilters(t *testing.T) {
	t.Parallel()
	p, _ := atAssignments(t, browsertest.Options{Width: 1440, Height: 960})
	p.click(p.field("Aisha Rahman in Labs"))
	p.seeText(p.drawer(), "1 staged change")
	p.check(p.GetByLabel("Only rows with changes"))
	p.seeCount(p.rows(), 1)
	p.seeParameter("staged", "true")
	p.isTicked("Aisha Rahman in Labs", true)
	p.Must(p.GetByLabel("Only rows with changes").Uncheck())
	p.seeCount(p.rows(), 50)
	p.Must(p.search().Fill("aisha"))
	p.seeCount(p.rows(), 2)
	p.check(p.GetByLabel("Tell direct from via a group"))
	p.see(p.Locator("td.g, td.b").First())
	p.seeCount(p.Locator("td.m"), 0)
	p.click(p.field("Aisha Rahman in Finance"))
	p.seeText(p.drawer(), "2 staged changes")
	p.holds(browsertest.Options{}, "the grid, filtered")
	p.click(p.GetByRole("navigation", playwright.PageGetByRoleOptions{Name: "Rows"}).GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Groups"}))
	p.click(p.field("Research in Sales"))
	p.seeText(p.drawer(), "3 staged changes")
	p.holds(browsertest.Options{}, "the grid of groups")
}

// TestAssignmentsLooks: light, dark, narrow and in forced colours, with nothing
// that axe finds.
func TestAssignmentsLooks(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]browsertest.Options{
		"light": {}, "dark": {Dark: true, Width: 1440}, "phone": {Width: browsertest.Phone, Height: 844, Touch: true}, "tablet": {Width: 900}, "forced": {ForcedColors: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, s := atAssignments(t, look)
			p.Open(s.assignmentsPath() + "?per_page=25")
			p.holds(look, "the grid")
			p.click(p.field("Aisha Rahman in Labs"))
			bar := p.Locator("#stagebar")
			if look.Width == 0 || look.Width > 1200 {
				p.seeText(p.drawer(), "1 staged change")
			} else {
				p.seeText(bar, "1 staged")
				p.see(bar.GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Review"}))
			}
			p.holds(look, "the grid with a change")
			p.Open(s.assignmentsPath() + "?rows=groups")
			p.holds(look, "the grid of groups")
		})
	}
}

func TestWithoutScriptsStage(t *testing.T) {
	t.Parallel()
	p, s := atAssignments(t, noScript)
	p.check(p.field("Aisha Rahman in Labs"))
	p.Must(p.field("Aisha Rahman in Sales").Uncheck())
	p.click(p.button("Stage changes"))
	p.seeText(p.Locator("#flash"), "2 staged, 0 taken back. 2 changes.")
	p.isTicked("Aisha Rahman in Labs", true)
	p.isTicked("Aisha Rahman in Sales", false)
	p.seeText(p.Locator("#stagebar"), "2 staged")
	p.Must(p.field("Aisha Rahman in Labs").Uncheck())
	p.click(p.button("Stage changes"))
	p.seeText(p.Locator("#stagebar"), "1 staged")
	p.click(p.Locator("#stagebar").GetByRole("link", playwright.LocatorGetByRoleOptions{Name: "Review"}))
	p.seePath(s.assignmentsPath() + "/review")
	s.sentNothing(t)
}
