package e2e

import (
	"testing"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// tick ticks the rows with these numbers, from 1, of the users table.
func (p person) tick(numbers ...int) {
	p.t.Helper()
	for _, n := range numbers {
		p.check(p.rows().Nth(n - 1).GetByRole("checkbox"))
	}
}

// accessibleTo is accessible where there are scripts to run axe.
func (p person) accessibleTo(o browsertest.Options) {
	p.t.Helper()
	if !o.NoScript {
		p.accessible(p.path())
	}
}

// ways are those in which every change of many users can be made.
var ways = map[string]browsertest.Options{
	"scripts": {}, "no scripts": {NoScript: true}, "phone": {Width: browsertest.Phone, Touch: true, Dark: true},
}

// eachWay is signed in as the owner of an organization of its own.
func eachWay(t *testing.T, upstream sandbox.Options, do func(p person, s server, o browsertest.Options)) {
	t.Helper()
	for name, o := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, upstream)
			p := at(t, s.URL, o)
			p.signIn(s.upstream.Owner())
			do(p, s, o)
		})
	}
}

// TestRemoveUsers: tick, read who it is about, agree. The same without scripts.
func TestRemoveUsers(t *testing.T) {
	t.Parallel()
	eachWay(t, sandbox.Options{}, func(p person, s server, o browsertest.Options) {
		p.Open(s.usersPath() + "?active_status=active")
		names := p.names()
		p.seeCount(p.Locator(".bulk:visible"), 0)
		p.tick(2, 4)
		p.seeText(p.Locator(".bulk"), "selected")
		p.click(p.button("Remove…"))
		p.see(p.heading("Remove 2 users"))
		p.seeText(p.Locator("#people"), names[1])
		p.seeText(p.Locator("#people"), names[3])
		p.accessibleTo(o)
		p.click(p.button("Remove 2 users"))
		p.seeText(p.Locator("#flash"), "Removed 2 users")
		p.seeQuery("active_status=active")
		p.seeCount(p.rows().Filter(filterText(names[1])), 0)
	})
}

// TestRemoveGoesOnWithoutTheRefused: the row that Toggl names is marked, and
// the others can be sent without it.
func TestRemoveGoesOnWithoutTheRefused(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.signIn(s.upstream.Owner())
	p.Open(s.usersPath() + "?active_status=active")
	id, err := p.rows().Nth(1).GetByRole("checkbox").GetAttribute("value")
	p.Must(err)
	p.tick(2, 3)
	p.click(p.button("Remove…"))
	words := "Cannot remove the paying user with organization user ID='" + id + "'."
	s.upstream.Script(sandbox.Failure{Operation: "BulkUpdateOrganizationUsers", Status: 400, Body: `"` + words + `"`})
	p.Allow("status of 422")
	p.click(p.button("Remove 2 users"))
	p.focused(p.Locator("#errors"))
	p.seeText(p.Locator("#refused #chosen-"+id), words)
	p.Accessible()
	p.click(p.button("Remove the other user"))
	p.seeText(p.Locator("#flash"), "Removed 1 user ")
}
