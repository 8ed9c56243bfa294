package e2e

import (
	"encoding/csv"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// Elif Yılmaz is an ordinary member: in three workspaces, two of them through
// the group Delivery leads.
const elif = "elif.yilmaz@haldenmoss.example"

// atUser is signed in as an admin and came from the users table to Elif's page.
func atUser(t *testing.T, s server, o browsertest.Options) person {
	t.Helper()
	p := at(t, s.URL, o)
	p.signIn(s.upstream.Admin())
	p.Open(s.usersPath() + "?filter=" + elif)
	p.click(p.rowLink(0))
	p.see(p.heading("Elif Yılmaz"))
	return p
}

func (p person) save() { p.t.Helper(); p.click(p.button("Save changes")) }

func (p person) label(name string) playwright.Locator {
	return p.GetByLabel(name, playwright.PageGetByLabelOptions{Exact: playwright.Bool(true)})
}

// unsaved waits for the lines of what is typed and not saved; dots stand for
// anything.
func (p person) unsaved(lines ...string) {
	p.t.Helper()
	p.Must(p.Expect.Locator(p.Locator("#unsaved-list li")).ToHaveText(patterns(lines)))
}

// patterns are texts with any space, or none, where a blank is.
func patterns(texts []string) []*regexp.Regexp {
	list := make([]*regexp.Regexp, len(texts))
	for i, text := range texts {
		text = strings.ReplaceAll(regexp.QuoteMeta(text), "…", ".*")
		list[i] = regexp.MustCompile("^\\s*" + strings.ReplaceAll(text, " ", "\\s*") + "\\s*$")
	}
	return list
}

// TestEditAUser is the way of an admin who changes a few things at once.
func TestEditAUser(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := atUser(t, s, browsertest.Options{})
	page := p.path()
	p.Accessible()
	p.Must(p.Expect.Locator(p.Locator("#unsaved")).ToBeHidden())
	p.Must(p.label("Name").Fill("Elif Aydın"))
	p.Must(p.label("Rate in Delivery").Fill("85,50"))
	p.check(p.Locator("#groups").GetByLabel("Research"))
	p.unsaved("Name Elif Yılmaz → Elif Aydın", "Group Research off → on", "Rate in Delivery … → 85,50")
	p.Must(p.Locator("#groups").GetByLabel("Research").Uncheck())
	p.check(p.Locator("#groups").GetByLabel("Research"))
	p.seeText(p.Locator("#unsaved-count"), "3")

	asked := 0
	p.OnDialog(func(d playwright.Dialog) {
		asked++
		if d.Type() != "beforeunload" {
			t.Errorf("a dialog %s", d.Type())
		}
		if err := d.Dismiss(); err != nil {
			t.Error(err)
		}
	})
	p.click(p.GetByRole("navigation", playwright.PageGetByRoleOptions{Name: "Breadcrumb"}).GetByText("Users"))
	p.Must(p.Expect.Locator(p.label("Name")).ToHaveValue("Elif Aydın"))
	if asked != 1 || p.path() != page {
		t.Fatalf("asked %d times before leaving, now at %s", asked, p.path())
	}

	p.Must(p.label("Rate in Delivery").Focus())
	p.press("Control+Enter")
	p.seeText(p.Locator("#flash"), "Saved 3 changes to Elif Aydın.")
	p.see(p.heading("Elif Aydın"))
	p.Must(p.Expect.Locator(p.label("Rate in Delivery")).ToHaveValue("85.50"))
	p.Must(p.Expect.Locator(p.Locator("#groups").GetByLabel("Research")).ToBeChecked())
	p.Must(p.Expect.Locator(p.Locator("#unsaved")).ToBeHidden())
	p.click(p.GetByRole("navigation", playwright.PageGetByRoleOptions{Name: "Breadcrumb"}).GetByText("Users"))
	p.see(p.heading("Users"))
	if asked != 1 {
		t.Error("asked before leaving, with nothing unsaved")
	}
}

// TestMendARefusedUser: focus goes to the words, from there to the field, and
// what is mended is saved with the rest.
func TestMendARefusedUser(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := atUser(t, s, browsertest.Options{})
	p.Allow("status of 422")
	p.Must(p.label("Name").Fill("Elif Aydın"))
	p.Must(p.label("Email").Fill("ingrid.solheim@haldenmoss.example"))
	p.save()
	summary := p.Locator("#errors")
	p.focused(summary)
	p.seeText(summary, "Nothing was saved. Fix 1 field and save again.")
	p.Must(p.Expect.Page(p).ToHaveTitle(regexp.MustCompile("^Error: ")))
	p.Must(p.Expect.Locator(p.label("Email")).ToHaveAccessibleDescription(regexp.MustCompile("Email already exists. from Toggl")))
	p.unsaved("Name Elif Yılmaz → Elif Aydın", "Email "+elif+" → ingrid.solheim@haldenmoss.example")
	p.Accessible()

	p.click(summary.GetByRole("link"))
	p.focused(p.label("Email"))
	p.Must(p.label("Email").Fill(elif))
	p.unsaved("Name Elif Yılmaz → Elif Aydın")
	p.save()
	p.seeText(p.Locator("#flash"), "Saved 1 change to Elif Aydın.")
}

// TestConflictBetweenTwoAdmins: one saves, the other finds out and chooses.
func TestConflictBetweenTwoAdmins(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	first, second := atUser(t, s, browsertest.Options{}), atUser(t, s, browsertest.Options{})
	second.Must(second.label("Name").Fill("Second Name"))
	second.Must(second.label("Rate in Internal").Fill("99"))
	first.Must(first.label("Name").Fill("First Name"))
	first.save()
	first.seeText(first.Locator("#flash"), "Saved 1 change")

	second.Allow("status of 409")
	second.save()
	conflict := second.Locator("#conflict")
	second.focused(conflict)
	second.Must(second.Expect.Locator(conflict.Locator("tbody tr")).ToHaveText(patterns([]string{"Name Elif Yılmaz First Name Second Name"})))
	second.Accessible()
	second.check(conflict.GetByLabel("First Name"))
	second.save()
	second.seeText(second.Locator("#flash"), "Saved 1 change to First Name.")
	second.Must(second.Expect.Locator(second.label("Rate in Internal")).ToHaveValue("99.00"))
}

// TestUserWithoutScripts: the same form, and nothing typed is lost either.
func TestUserWithoutScripts(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := atUser(t, s, browsertest.Options{NoScript: true})
	p.Allow("status of 422")
	p.Must(p.label("Rate in Delivery").Fill("85,5o"))
	p.Must(p.label("Name").Fill("Elif Aydın"))
	p.check(p.label("Remove from Internal"))
	p.save()
	p.seeText(p.Locator("#errors"), "Enter a number, such as 85.50.")
	p.Must(p.Expect.Locator(p.label("Rate in Delivery")).ToHaveValue("85,5o"))
	p.seeText(p.Locator("#unsaved-list"), "Elif Aydın")
	p.Must(p.label("Rate in Delivery").Fill("85,50"))
	p.save()
	p.seeText(p.Locator("#flash"), "Saved 3 changes to Elif Aydın.")
	p.seeCount(p.label("Rate in Internal"), 0)
	_, err := p.label("Add to").SelectOption(playwright.SelectOptionValues{Labels: &[]string{"Labs"}})
	p.Must(err)
	p.save()
	p.seeText(p.Locator("#flash"), "Saved")
	p.see(p.label("Rate in Labs"))
}

// TestUserOnAPhone in the dark.
func TestUserOnAPhone(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := atUser(t, s, browsertest.Options{Width: browsertest.Phone, Height: 844, Dark: true, Touch: true})
	p.Accessible()
	if wide := ask[int](p, "() => document.documentElement.scrollWidth"); wide > browsertest.Phone {
		t.Errorf("the page is %d px wide", wide)
	}
	p.Allow("status of 422")
	p.Must(p.label("Rate in Delivery").Fill("x"))
	p.save()
	p.focused(p.Locator("#errors"))
	p.Accessible()
	if wide := ask[int](p, "() => document.documentElement.scrollWidth"); wide > browsertest.Phone {
		t.Errorf("with errors the page is %d px wide", wide)
	}
}

// TestExport follows a download to its end.
func TestExport(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.signIn(s.upstream.Admin())
	p.Open(s.usersPath())
	p.Must(p.search().Fill("an"))
	p.seeQuery("filter=an")
	p.Must(p.Expect.Locator(p.heading("Users")).Not().ToContainText("214"))
	count, err := strconv.Atoi(regexp.MustCompile(`\d+`).FindString(p.text(p.heading("Users"))))
	p.Must(err)
	p.click(p.link("Export CSV"))
	p.seeText(p.Locator(".facts").First(), strconv.Itoa(count))
	p.Accessible()
	file, err := p.ExpectDownload(func() error { return p.link("Download CSV").Click() })
	p.Must(err)
	p.seeText(p.Locator("#export-progress"), "All "+strconv.Itoa(count)+" users are in the file")
	path, err := file.Path()
	p.Must(err)
	data, err := os.ReadFile(path)
	p.Must(err)
	records, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	p.Must(err)
	if len(records) != count+1 || !regexp.MustCompile(`^organization-\d+-users-\d{4}-\d\d-\d\d\.csv$`).MatchString(file.SuggestedFilename()) {
		t.Errorf("%s holds %d records, want %d", file.SuggestedFilename(), len(records), count+1)
	}
}

// TestExportThatStops is no download that looks whole.
func TestExportThatStops(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{Users: 1000})
	p := at(t, s.URL, browsertest.Options{})
	p.signIn(s.upstream.Admin())
	p.Open(s.usersPath() + "/export")
	s.upstream.SetQuotaRemaining(2)
	file, err := p.ExpectDownload(func() error { return p.link("Download CSV").Click() })
	p.Must(err)
	p.seeText(p.Locator("#export-progress"), "Stopped after 400 of 1000 users.")
	if failure := file.Failure(); failure == nil {
		t.Error("the browser takes the file for whole")
	}
}
