package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// TestGroupJourney makes a group, edits it, meets somebody else's change, and
// deletes it: with scripts, without them, and on a phone.
func TestGroupJourney(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]browsertest.Options{"desktop": {}, "without scripts": noScript, "phone": looks["phone"]} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, sandbox.Options{})
			p := at(t, s.URL, look)
			p.Allow("status of 422")
			p.Allow("status of 409")
			p.signIn(s.upstream.Owner())
			p.Open("/settings")
			p.connectFocus(s.upstream.Owner().FocusKey)
			p.Open(s.organizationPath() + "/groups")
			p.createGroup(look)
			id := p.path()[strings.LastIndex(p.path(), "/")+1:]
			p.editGroup(look)
			s.renameGroup(t, id, "Theirs")
			p.meetConflict(look)
			p.deleteGroup(look)
		})
	}
}

// createGroup is refused at first: Focus takes no group without a name.
func (p person) createGroup(look browsertest.Options) {
	p.t.Helper()
	p.click(p.link("New group"))
	p.see(p.heading("New group"))
	if !look.NoScript {
		p.click(p.button("Choose an emoji"))
		p.holds(look, "emojis")
		p.click(p.Locator("#emojis button[value='🚀']"))
		p.Must(p.Expect.Locator(p.field("Emoji")).ToHaveValue("🚀"))
	} else {
		p.Must(p.field("Emoji").Fill("🚀"))
	}
	p.click(p.button("Create group"))
	p.see(p.Locator("#name-error"))
	p.holds(look, "refused")
	p.Must(p.field("Name").Fill("Night owls"))
	p.check(p.Locator(".wbox").Filter(filterText("Labs")).GetByRole("checkbox"))
	p.click(p.button("Create group"))
	p.see(p.heading("Night owls"))
	p.seeText(p.Locator("#flash"), "Created the group Night owls.")
	p.holds(look, "group")
}

func (p person) editGroup(look browsertest.Options) {
	p.t.Helper()
	p.Must(p.field("Name").Fill("Early birds"))
	if !look.NoScript {
		p.seeText(p.Locator("#unsaved"), "Unsaved changes: 1")
	}
	p.check(p.Locator(".wbox").Filter(filterText("Sales")).GetByRole("checkbox"))
	p.click(p.button("Save changes").Last())
	p.see(p.heading("Early birds"))
	p.seeText(p.Locator("#flash"), "Saved 2 changes to Early birds.")
}

// meetConflict saves over what somebody else has changed since: both sides are
// shown, and nothing is saved before the choice.
func (p person) meetConflict(look browsertest.Options) {
	p.t.Helper()
	p.Must(p.field("Name").Fill("Mine"))
	p.click(p.button("Save changes").Last())
	p.seeText(p.Locator("#conflict"), "Changed in Toggl since you opened this form.")
	p.seeText(p.Locator("#conflict tbody tr").First(), "Theirs")
	p.holds(look, "conflict")
	p.check(p.Locator("#conflict").GetByRole("radio").First())
	p.click(p.button("Save changes").Last())
	p.see(p.heading("Theirs"))
}

func (p person) deleteGroup(look browsertest.Options) {
	p.t.Helper()
	p.click(p.link("Delete group…"))
	p.see(p.heading("Delete Theirs?"))
	p.seeText(p.Locator(".danger-zone"), "Labs and Sales")
	p.holds(look, "deletion")
	p.click(p.button("Delete the group"))
	p.seeText(p.Locator("#flash"), "Deleted the group Theirs.")
	p.see(p.heading("Groups"))
	p.seeCount(p.link("Theirs"), 0)
}

// renameGroup is what somebody else does meanwhile.
func (s server) renameGroup(t *testing.T, id, name string) {
	t.Helper()
	path := fmt.Sprintf("/api/v9/organizations/%d/groups/%s", s.upstream.OrganizationID(), id)
	r := httptest.NewRequest(http.MethodPut, path, strings.NewReader(fmt.Sprintf(`{"name":%q}`, name)))
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(s.upstream.Owner().APIToken, "api_token")
	w := httptest.NewRecorder()
	s.upstream.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("renaming: %d %s", w.Code, w.Body)
	}
}

// TestGroupsByKeyboard finds a group while typing, and goes there by keys.
func TestGroupsByKeyboard(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.signIn(s.upstream.Owner())
	p.Open(s.organizationPath())
	p.press("g", "g")
	p.see(p.heading("Groups"))
	p.press("/")
	p.Must(p.Keyboard().Type("field"))
	p.seeCount(p.Locator("#groups tbody tr"), 1)
	p.seeQuery("filter=field")
	p.press("Tab", "Escape")
	p.Must(p.Locator("#groups tbody th a").Focus())
	p.press("Enter")
	p.see(p.heading("Field crew"))
}
