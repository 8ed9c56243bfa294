package e2e

import (
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// TestAddMembersByPaste: from the group to many pasted people, who is meant, and
// what became of each; then out again, with what that takes. In Track and in
// Focus, with scripts, without them, and on a phone.
func TestAddMembersByPaste(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]browsertest.Options{"desktop": {}, "without scripts": noScript, "phone": looks["phone"]} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, sandbox.Options{})
			p := at(t, s.URL, look)
			p.Allow("status of 422")
			p.signIn(s.upstream.Owner())
			if name != "phone" { // the phone stays with the groups of Track
				p.Open("/settings")
				p.connectFocus(s.upstream.Owner().FocusKey)
			}
			p.Open(s.organizationPath() + "/groups?filter=archive")
			p.click(p.link("Archive"))
			p.click(p.link("Add many"))
			p.pastePeople(look)
			p.removeAgain(look)
		})
	}
}

func (p person) pastePeople(look browsertest.Options) {
	p.t.Helper()
	p.see(p.heading("Add members to Archive"))
	text := "Ana Kovač <ana.kovac@haldenmoss.example>; hana.sato@haldenmoss.example\nTanaka\nnobody@gone.example"
	p.Must(p.field("People").Fill(text))
	p.click(p.button("Find these people"))
	people := p.Locator("#group-people > li")
	p.seeCount(people, 4)
	p.seeText(p.Locator("#group-lead"), "2 people are ticked")
	p.seeText(people.Nth(2), "Several")
	p.seeText(people.Nth(3), "Nobody in the organization has this address.")
	p.Must(p.Expect.Locator(p.field("People")).ToHaveValue(text))
	p.holds(look, "who is meant")
	p.check(people.Nth(2).GetByRole("checkbox").First())
	p.click(p.button("Add the ticked people"))
	p.see(p.heading("Added 3 members to Archive"))
	results := p.Locator("#group-results li")
	p.seeText(results.Filter(filterText("Ana Kovač")), "Added")
	p.seeText(results.Filter(filterText("nobody@gone.example")), "Left out")
	p.holds(look, "results")
	p.click(p.link("Back to the group"))
	p.see(p.heading("Archive"))
	p.see(p.link("Hana Sato"))
}

// removeAgain gives the group a workspace and takes it away: what that takes is
// asked before.
func (p person) removeAgain(look browsertest.Options) {
	p.t.Helper()
	labs := p.Locator(".wbox").Filter(filterText("Labs")).GetByRole("checkbox")
	p.check(labs)
	p.click(p.button("Save changes").Last())
	p.see(p.Locator("#flash").GetByText("Saved 1 change to Archive."))
	p.Must(labs.Uncheck())
	p.click(p.button("Save changes").Last())
	p.see(p.heading("Take access from members of Archive?"))
	p.seeText(p.Locator(".note.warn"), "The group loses Labs.")
	p.holds(look, "what it takes")
	p.click(p.button("Read who is direct"))
	p.seeText(p.Locator("#group-losses"), "lose")
	p.seeCount(p.Locator("#effects-offer"), 0)
	p.holds(look, "what it takes, for certain")
	p.click(p.button("Back to the form"))
	p.Must(p.Expect.Locator(labs).ToBeChecked(playwright.LocatorAssertionsToBeCheckedOptions{Checked: playwright.Bool(false)}))
	p.click(p.button("Save changes").Last())
	p.click(p.button("Save changes"))
	p.see(p.Locator("#flash").GetByText("Saved 1 change to Archive."))
	if path := p.path(); !strings.Contains(path, "/groups/") {
		p.t.Errorf("it leads to %s", path)
	}
}
