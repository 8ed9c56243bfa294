package e2e

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// TestFromSignInToAPageOfUsersAndBack is the way that an owner takes.
func TestFromSignInToAPageOfUsersAndBack(t *testing.T) {
	t.Parallel()
	p := atDemo(t, "owner", browsertest.Options{})
	p.seePath("/orgs")
	p.see(p.heading("Organizations"))
	p.click(p.link("Halden & Moss"))
	p.see(p.heading("Halden & Moss"))
	organization := p.path()
	p.see(p.GetByRole("table", playwright.PageGetByRoleOptions{Name: "Workspaces"}))
	p.click(p.navigation("Users"))
	p.seePath(organization + "/users")
	p.seeText(p.heading("Users"), "214")
	p.seeCount(p.rows(), 50)

	p.click(p.chip("Status"))
	p.check(p.menu("Status").GetByLabel("Active", playwright.LocatorGetByLabelOptions{Exact: playwright.Bool(true)}))
	p.click(p.menu("Status").GetByRole("button", playwright.LocatorGetByRoleOptions{Name: "Show users"}))
	p.seeQuery("active_status=active")
	p.seeText(p.chip("Status"), "Active")
	p.focused(p.chip("Status"))
	p.Must(p.Expect.Locator(p.heading("Users")).Not().ToContainText("214"))
	first := p.names()

	p.click(p.Locator("a[rel=next]"))
	p.seeQuery("active_status=active&page=2")
	p.Must(p.Expect.Locator(p.rows().First()).Not().ToContainText(first[0]))
	_, err := p.WaitForFunction("() => scrollY === 0", nil) // the next page is shown from its top
	p.Must(err)
	second := p.names()

	p.back()
	p.seeQuery("active_status=active")
	p.seeText(p.rows().First(), first[0])
	if again := p.names(); !slices.Equal(again, first) {
		t.Errorf("Back shows %v, want %v", again, first)
	}
	p.forward()
	p.seeQuery("active_status=active&page=2")
	p.seeText(p.rows().First(), second[0])
	p.Must(p.Expect.Locator(p.Locator("main")).ToHaveCount(1))
}

// TestFilterWhileTyping types faster than Toggl answers.
func TestFilterWhileTyping(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.signIn(s.upstream.Admin())
	p.Open(s.usersPath() + "?sort_dir=desc&page=2")
	var sent atomic.Int32
	p.OnRequest(func(r playwright.Request) {
		if strings.Contains(r.URL(), "filter=") {
			sent.Add(1)
		}
	})
	s.upstream.SetLatency(300 * time.Millisecond)

	box := p.search()
	p.Must(box.PressSequentially("kov"))
	p.Must(p.Expect.Locator(p.rows().First()).ToContainText(regexp.MustCompile("(?i)kov")))
	p.Must(box.PressSequentially("xxa", playwright.LocatorPressSequentiallyOptions{Delay: playwright.Float(60)}))
	p.Must(p.Expect.Locator(p.Locator("#users-results")).ToContainText("No users match these filters"))
	p.press("ArrowLeft", "Backspace")
	p.press("Backspace")
	p.Must(p.Expect.Locator(box).ToHaveValue("kova"))
	p.seeQuery("filter=kova&sort_dir=desc")
	p.focused(box)
	if caret := ask[int](p, "() => document.activeElement.selectionStart"); caret != 3 {
		t.Errorf("the caret is at %d, want 3", caret)
	}
	p.Must(p.Expect.Page(p).ToHaveTitle("Users · Halden & Moss · Roster"))
	n := len(p.names())
	if n == 0 || n == 50 {
		t.Fatalf("%d rows match the filter", n)
	}
	p.seeText(p.Locator("#announce"), users(n))
	p.seeText(p.heading("Users"), strings.TrimSuffix(strings.TrimSuffix(users(n), "s"), " user"))
	p.Must(p.Expect.Locator(p.link("Clear")).ToBeVisible())

	// One request a pause, not one a key.
	if n := sent.Load(); n > 4 {
		t.Errorf("%d requests were sent for three pauses of typing", n)
	}
	// The address was replaced as it grew, so Back leads past all of it.
	p.back()
	p.Must(p.Expect.Page(p).Not().ToHaveURL(regexp.MustCompile("filter=")))
}

func users(n int) string {
	if n == 1 {
		return "1 user"
	}
	return strconv.Itoa(n) + " users"
}

func TestTabsCountWhatWasSeen(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	tabs := p.GetByRole("navigation", playwright.PageGetByRoleOptions{Name: "Views"})
	p.click(tabs.GetByText("Invited"))
	p.seeQuery("active_status=invited")
	current := tabs.Locator("[aria-current=true]")
	p.seeText(current, "Invited")
	count := regexp.MustCompile(`\d+`).FindString(p.text(current))
	p.Must(p.Expect.Locator(p.heading("Users")).ToHaveText(regexp.MustCompile(`Users\s+` + count + "$")))
	p.Must(p.search().Fill("zzzz"))
	p.see(p.GetByText("No users match these filters"))
	p.seeCount(tabs.Locator("[aria-current=true]"), 0)
	p.seeText(tabs.Locator("a", playwright.LocatorLocatorOptions{HasText: "Invited"}), count)
	p.click(p.link("Clear filters"))
	p.seeQuery("")
	p.Must(p.Expect.Locator(p.search()).ToHaveValue(""))
	p.seeText(current, "Everyone")
}

func TestSortAndRowsOnAPage(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	up := p.names()
	head := p.GetByRole("columnheader", playwright.PageGetByRoleOptions{Name: "Name"})
	p.Must(p.Expect.Locator(head).ToHaveAttribute("aria-sort", "ascending"))
	p.click(head.GetByRole("link"))
	p.seeQuery("sort_dir=desc")
	p.Must(p.Expect.Locator(head).ToHaveAttribute("aria-sort", "descending"))
	p.focused(head.GetByRole("link"))
	if down := p.names(); down[0] == up[0] || slices.Contains(down, up[0]) {
		t.Errorf("sorted the other way the first page still has %q", up[0])
	}
	p.click(p.link("25 rows on a page"))
	p.seeQuery("per_page=25&sort_dir=desc")
	p.seeCount(p.rows(), 25)
	p.Must(p.search().Fill("a"))
	p.seeQuery("filter=a&per_page=25&sort_dir=desc")
	p.seeCount(p.rows(), 25)
}

// TestLastPageKeepsFocus: where the control that was pressed is gone, focus
// goes to what it changed, not to the top of the document.
func TestLastPageKeepsFocus(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	p.Open(p.path() + "?per_page=200")
	p.Must(p.Locator("a[rel=next]").Focus())
	p.press("Enter")
	p.seeQuery("page=2&per_page=200")
	p.seeCount(p.Locator("a[rel=next]"), 0)
	p.see(p.Locator("#users-results:focus, #users-results :focus"))
}

func TestGroupsAreAskedForWhenTheirMenuOpens(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.signIn(s.upstream.Admin())
	p.Open(s.usersPath())
	s.upstream.ResetRequests()
	p.click(p.chip("Group"))
	menu := p.menu("Group")
	p.Must(menu.GetByLabel("Find a group").Fill("field"))
	p.seeCount(menu.GetByRole("checkbox"), 1)
	p.check(menu.GetByLabel("Field crew"))
	p.press("Enter")
	p.Must(p.Expect.Page(p).ToHaveURL(regexp.MustCompile(`\?groups=\d+$`)))
	p.seeText(p.chip("Group"), "Field crew")
	p.seeText(p.rows().First(), "Field crew")
	p.click(p.chip("Group"))
	p.Must(p.Expect.Locator(menu.GetByLabel("Field crew")).ToBeChecked())
	var asked []string
	for _, r := range s.upstream.Requests() {
		asked = append(asked, r.Operation)
	}
	if want := []string{"ListGroups", "ListOrganizationUsers"}; !slices.Equal(asked, want) {
		t.Errorf("Toggl was asked %v, want %v", asked, want)
	}
}
