package e2e

import (
	"os"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/e2e/browsertest"
)

// rolesLooks are the ways in which the pages about roles are walked through.
var rolesLooks = map[string]browsertest.Options{
	"scripts": {}, "no scripts": {NoScript: true}, "phone in the dark": {Width: browsertest.Phone, Height: 844, Touch: true, Dark: true},
}

// atRoles stands at the list of roles of the demo, which is connected to Focus.
func atRoles(t *testing.T, look browsertest.Options) person {
	t.Helper()
	p := atDemo(t, "admin", look)
	p.Open(p.path() + "/roles")
	p.see(p.heading("Roles"))
	return p
}

func (p person) comparedRows() playwright.Locator {
	return p.Locator("#comparison tbody tr:not(.ent):not(.samerow)")
}

// TestCompareRoles: choose, compare, look for a permission, add, remove, and the
// file of it; all of it in the address.
func TestCompareRoles(t *testing.T) {
	t.Parallel()
	for name, look := range rolesLooks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := atRoles(t, look)
			p.holds(look, "roles")
			p.check(p.GetByLabel("Compare Workspace admin"))
			p.check(p.GetByLabel("Compare Workspace manager"))
			p.click(p.button("Compare selected"))
			p.see(p.heading("Compare roles"))
			p.seeQuery("role=15&role=16")
			p.seeText(p.Locator("#comparison-tools"), "of 34 permissions differ")
			p.holds(look, "comparison")

			p.click(p.button("Add role"))
			p.click(p.Locator("#add-role").GetByText("Workspace member"))
			p.seeCount(p.Locator(".rolehd"), 3)
			p.seeCount(p.comparedRows(), 24)
			p.seeText(p.comparedRows().Filter(filterText("Create projects")), "If workspace settings allow it")

			p.Must(p.GetByLabel("Find a permission").Fill("labor"))
			p.press("Enter")
			p.seeCount(p.comparedRows(), 1)
			p.Must(p.GetByLabel("Find a permission").Fill(""))
			p.Must(p.GetByLabel("Only differences").Uncheck())
			if look.NoScript {
				p.click(p.button("Apply"))
			}
			p.seeCount(p.comparedRows(), 34)
			p.seeParameter("all", "1")
			p.holds(look, "all permissions")

			p.click(p.link("Remove Workspace manager from the comparison"))
			p.seeCount(p.Locator(".rolehd"), 2)
			p.seeParameter("all", "1")
			_, err := p.Reload()
			p.Must(err)
			p.seeCount(p.comparedRows(), 34)

			file, err := p.ExpectDownload(func() error { return p.link("Export CSV").Click() })
			p.Must(err)
			path, err := file.Path()
			p.Must(err)
			text, err := os.ReadFile(path)
			p.Must(err)
			if lines := strings.Count(string(text), "\r\n"); lines != 35 || !strings.HasPrefix(file.SuggestedFilename(), "roles-") {
				t.Errorf("%s has %d lines", file.SuggestedFilename(), lines)
			}
		})
	}
}

// TestComparisonKeepsItsHead: the names of the roles and of the permissions stay
// in sight while the rest is scrolled, with the keyboard, too.
func TestComparisonKeepsItsHead(t *testing.T) {
	t.Parallel()
	p := atRoles(t, browsertest.Options{Width: 1100, Height: 600})
	p.Open(p.path() + "/comparison?role=10&role=11&role=12&role=15&role=16&role=17&role=18&role=20&role=21")
	p.Must(p.Locator(".cmp-wrap").Focus())
	p.press("End")
	_, err := p.Evaluate("() => document.querySelector('.cmp-wrap').scrollTo(600, 600)")
	p.Must(err)
	wrap, head, first := p.box(p.Locator(".cmp-wrap")), p.box(p.Locator(".cmp thead th").First()), p.box(p.comparedRows().Last().Locator("th"))
	if head.Y < wrap.Y-1 || head.Y > wrap.Y+1 || head.X > wrap.X+1 || first.X > wrap.X+1 {
		t.Errorf("the head is at %v,%v, a first cell at %v, their frame at %v,%v", head.X, head.Y, first.X, wrap.X, wrap.Y)
	}
	p.Accessible()
}

// TestCopyLink puts the address of a comparison into the clipboard.
func TestCopyLink(t *testing.T) {
	t.Parallel()
	p := atRoles(t, browsertest.Options{})
	p.Must(p.Context().GrantPermissions([]string{"clipboard-read", "clipboard-write"}))
	p.Open(p.path() + "/comparison?role=15&role=16&q=&unknown=1")
	p.click(p.link("Copy link"))
	p.seeText(p.Locator("#announce"), "Link copied")
	if copied := ask[string](p, "() => navigator.clipboard.readText()"); !strings.HasSuffix(copied, "/roles/comparison?role=15&role=16") || !strings.HasPrefix(copied, p.base) {
		t.Errorf("copied %q", copied)
	}
}

// TestWhoCan: from a word to the people who may do it.
func TestWhoCan(t *testing.T) {
	t.Parallel()
	for name, look := range rolesLooks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := atRoles(t, look)
			p.click(p.link("Who can…"))
			p.Must(p.GetByLabel("Find a permission").Fill("manage gr"))
			p.press("Enter")
			p.seeCount(p.Locator("#who li"), 1)
			p.holds(look, "permissions")
			p.click(p.Locator("#who li a"))
			p.see(p.heading("Who can: Manage groups"))
			p.seeText(p.Locator("#who-roles"), "The group they lead")
			p.seeText(p.Locator("#who-people"), "Organization owner")
			p.see(p.Locator("#who-groups li").First())
			p.holds(look, "who can")
			person := p.Locator("#who-people .who a").First()
			who := p.text(person)
			p.click(person)
			p.see(p.heading(who))
		})
	}
}

// TestRolesByKeyboard: two keys lead to the roles, others to a row.
func TestRolesByKeyboard(t *testing.T) {
	t.Parallel()
	p := atDemo(t, "admin", browsertest.Options{})
	p.press("g", "r")
	p.see(p.heading("Roles"))
	p.press("j", "j", "Enter")
	p.see(p.heading("Compare roles"))
	p.seeText(p.Locator(".rolehd"), "Organization admin")
}
