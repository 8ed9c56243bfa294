package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"roster/apiclient"
	"roster/apiclient/sandbox"
)

// upstreamGroup is a group as Track tells it now, by its name. The sandbox's log
// is as it was before.
func (a *app) upstreamGroup(name string) apiclient.Group {
	a.t.Helper()
	before := a.upstream.Requests()
	r := httptest.NewRequest(http.MethodGet, "/api/v9/organizations/"+number(a.org)+"/groups", nil)
	r.SetBasicAuth(a.upstream.Owner().APIToken, "api_token")
	w := httptest.NewRecorder()
	a.upstream.ServeHTTP(w, r)
	var groups []apiclient.Group
	if err := json.Unmarshal(w.Body.Bytes(), &groups); err != nil {
		a.t.Fatalf("%v: %s", err, w.Body)
	}
	if len(before) == 0 {
		a.upstream.ResetRequests()
	}
	i := slices.IndexFunc(groups, func(g apiclient.Group) bool { return g.Name == name })
	if i < 0 {
		a.t.Fatalf("no group %q", name)
	}
	return groups[i]
}

func memberIDs(g apiclient.Group) []int64 {
	ids := make([]int64, len(g.Users))
	for i, u := range g.Users {
		ids[i] = u.UserID
	}
	return ids
}

func (a *app) groupURL(name string) string {
	a.t.Helper()
	return a.orgURL() + "/groups/" + number(a.upstreamGroup(name).GroupID)
}

func (a *app) groupMembers(name string) string { a.t.Helper(); return a.groupURL(name) + "/members" }

// inBoth runs a test on the groups of Track and on those of Focus.
func inBoth(t *testing.T, test func(t *testing.T, a *app, focus bool)) {
	t.Helper()
	t.Run("Track", func(t *testing.T) { test(t, signedIn(t), false) })
	t.Run("Focus", func(t *testing.T) { test(t, withFocus(t), true) })
}

// outsiders are joined users who aren't in a group.
func (a *app) outsiders(group string, n int) []apiclient.OrganizationUser {
	a.t.Helper()
	members := memberIDs(a.upstreamGroup(group))
	var users []apiclient.OrganizationUser
	for _, u := range a.upstreamUsers("") {
		if len(users) < n && u.Joined && !u.Inactive && !slices.Contains(members, u.UserID) {
			users = append(users, u)
		}
	}
	if len(users) < n {
		a.t.Fatalf("only %d outsiders of %q", len(users), group)
	}
	return users
}

// find pastes a text and returns the page that says who is meant.
func (a *app) find(group, text string) page {
	a.t.Helper()
	return a.post(a.groupMembers(group), url.Values{"people": {text}, "step": {"find"}}).want(http.StatusOK)
}

// pressing is the form with the button of a step pressed.
func (p page) pressing(step string) url.Values {
	p.t.Helper()
	if p.Find("#group-members button[name=step][value="+step+"]").Length() != 1 {
		p.t.Fatalf("%s: no button %q", p.name, step)
	}
	values := p.fields("#group-members", "")
	values.Set("step", step)
	return values
}

func (p page) adding() url.Values { p.t.Helper(); return p.pressing("add") }

func TestAddMembers(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, focus bool) {
		const name = "Delivery leads"
		before := a.upstreamGroup(name)
		two := a.outsiders(name, 2)
		text := two[0].Name + " <" + two[0].Email + ">\n" + strings.ToUpper(two[1].Email) + ", nobody@gone.example\n" + before.Users[0].Name
		a.get(a.groupMembers(name)).want(http.StatusOK).has("h1", "Add members to "+name)
		found := a.find(name, text)
		found.has("#group-lead", "2 people are ticked", "Nothing is sent")
		found.has("#group-people li:nth-child(3)", "nobody@gone.example", "Nobody in the organization has this address.", "Nobody found")
		found.has("#group-people li:nth-child(4)", before.Users[0].Name, "Already a member")
		if kept := found.Find("#people").Text(); kept != text {
			t.Errorf("kept %q", kept)
		}
		if now := a.upstreamGroup(name); len(now.Users) != len(before.Users) {
			t.Fatal("somebody was added without a confirmation")
		}
		a.upstream.ResetRequests()
		answer := a.post(a.groupMembers(name), found.adding()).want(http.StatusSeeOther)
		want := "ListGroups PatchTrackGroup"
		if focus {
			want = "ListTeams UpdateGroup"
		}
		if got := joined(a.calls()); got != want {
			t.Errorf("asked for %q, want %q", got, want)
		}
		result := a.get(answer.header.Get("Location")).want(http.StatusOK)
		result.has("h1", "Added 2 members to "+name)
		rows := result.texts("#group-results li")
		if len(rows) != 4 || !strings.HasSuffix(rows[0], "Added") || !strings.HasSuffix(rows[1], "Added") ||
			!strings.HasSuffix(rows[2], "Already a member") && !strings.HasSuffix(rows[3], "Already a member") {
			t.Errorf("rows %q", rows)
		}
		result.has("#group-results", "nobody@gone.example Left out")
		after := a.upstreamGroup(name)
		if got := memberIDs(after); len(got) != len(before.Users)+2 || !slices.Contains(got, two[0].UserID) || !slices.Contains(got, two[1].UserID) {
			t.Errorf("members %v, were %v", got, memberIDs(before))
		}
		if !slices.Equal(after.Workspaces, before.Workspaces) || after.Name != before.Name {
			t.Errorf("the rest of the group changed: %+v", after)
		}
		a.get(a.orgURL()+"/activity").has("#main", name)
		a.client = newBrowser(t)
		a.signIn(a.upstream.Admin())
		a.get(answer.header.Get("Location")).want(http.StatusNotFound)
	})
}

// TestWhoIsMeant: a name may be that of several, or of too many.
func TestWhoIsMeant(t *testing.T) {
	a := signedIn(t)
	const name = "Archive" // nobody is in it
	two := a.outsiders(name, 2)
	for _, u := range two {
		a.upstream.Replace(u.ID, func(u *sandbox.User) { u.Name = "Kim Twin" })
	}
	found := a.find(name, "kim  twin\nZaphod\na")
	found.has("#group-people li:nth-child(1)", "kim twin", "2 people match", two[0].Email, two[1].Email, "Several")
	found.has("#group-people li:nth-child(2)", "Zaphod", "Nobody in the organization is called so.")
	found.has("#group-people li:nth-child(3)", "Too many", "write more of the name")
	found.has("#group-lead", "0 people are ticked")
	form := found.adding()
	if len(form["member"]) != 0 {
		t.Errorf("ticked %q", form["member"])
	}
	got := a.post(a.groupMembers(name), form).want(http.StatusUnprocessableEntity)
	got.has("#errors", "Nobody was added.", "Tick at least one person.")
	second := number(two[1].ID) + "-" + number(two[1].UserID)
	form.Set("member", second)
	// What is ticked stays so, while others are looked for.
	again := url.Values{"people": {"Kim Twin"}, "step": {"find"}, "member": form["member"], "shown": form["shown"], "found": form["found"]}
	if ticked := a.post(a.groupMembers(name), again).want(http.StatusOK).adding()["member"]; !slices.Equal(ticked, []string{second}) {
		t.Errorf("ticked %q", ticked)
	}
	a.post(a.groupMembers(name), form).want(http.StatusSeeOther)
	if got := memberIDs(a.upstreamGroup(name)); !slices.Equal(got, []int64{two[1].UserID}) {
		t.Errorf("members %v", got)
	}
}

// TestMembersTextChanges: what is added is what was shown, and not what is typed.
func TestMembersTextChanges(t *testing.T) {
	a := signedIn(t)
	two := a.outsiders("Archive", 2)
	form := a.find("Archive", two[0].Email).adding()
	form.Set("people", two[1].Email)
	got := a.post(a.groupMembers("Archive"), form).want(http.StatusUnprocessableEntity)
	got.has("#group-members .note", "The text was changed.", "Nobody was added.")
	got.has("#group-people", two[1].Email)
	if len(a.upstreamGroup("Archive").Users) != 0 {
		t.Error("somebody was added")
	}
}

func TestMembersChecks(t *testing.T) {
	a := signedIn(t)
	post := func(text string) page {
		return a.post(a.groupMembers("Archive"), url.Values{"people": {text}, "step": {"find"}}).want(http.StatusUnprocessableEntity)
	}
	post(" ,\n").has("#people-error", "Give at least one name or e-mail address.")
	many := post(manyAddresses(501))
	many.has("#people-error", "These are 501 people. Add at most 500 at once.")
	if kept := many.Find("#people").Text(); strings.Count(kept, "@") != 501 {
		t.Error("what was typed is lost")
	}
	a.get(a.orgURL() + "/groups/1/members").want(http.StatusNotFound)
	a.get(a.orgURL() + "/groups/x/members").want(http.StatusNotFound)
}

// TestMembersAreLookedUpWhenAsked: what costs more than a few requests waits for
// a click that says what it costs.
func TestMembersAreLookedUpWhenAsked(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Users = 1000 })
	users := a.outsiders("Archive", 30)
	lines := make([]string, 4)
	for i := range lines {
		lines[i] = users[i].Email
	}
	a.upstream.ResetRequests()
	few := a.find("Archive", strings.Join(lines[:3], "\n"))
	if got := joined(a.calls()); got != "ListGroups ListOrganizationUsers ListOrganizationUsers ListOrganizationUsers" {
		t.Errorf("a few: asked for %q", got)
	}
	few.has("#group-lead", "3 people are ticked")
	a.pass(2 * 60e9)
	lines[3] = "Zaphod"
	for i := 10; i < 13; i++ {
		lines = append(lines, users[i].Email)
	}
	some := a.find("Archive", strings.Join(lines, "\n"))
	if got := joined(a.calls()); got != "ListGroups" {
		t.Errorf("many: asked for %q", got)
	}
	some.has("#group-lookup", "4 people aren't among those whom Roster has read.", "Look them up in Toggl", "costs 4 requests")
	some.has("#group-lead", "3 people are ticked")
	all := a.post(a.groupMembers("Archive"), some.pressing("lookup")).want(http.StatusOK)
	if got := joined(a.calls()); got != strings.TrimSpace(strings.Repeat("ListOrganizationUsers ", 4)) {
		t.Errorf("looked up: asked for %q", got)
	}
	all.has("#group-lead", "6 people are ticked")
	if all.Find("#group-lookup").Length() > 0 {
		t.Error("everybody was looked up")
	}
	all.has("#group-people li:nth-child(4)", "Zaphod", "Nobody found")
	a.post(a.groupMembers("Archive"), all.adding()).want(http.StatusSeeOther)
	if got := joined(a.calls()); got != "ListGroups PatchTrackGroup" {
		t.Errorf("added: asked for %q", got)
	}
	if n := len(a.upstreamGroup("Archive").Users); n != 6 {
		t.Errorf("%d members", n)
	}
}

// TestMembersLookupFails: those who were found stay, and so does all that was
// typed.
func TestMembersLookupFails(t *testing.T) {
	a := signedIn(t)
	two := a.outsiders("Archive", 2)
	a.find("Archive", two[0].Email)
	a.upstream.Script(sandbox.Failure{Operation: "ListOrganizationUsers", Times: -1, Status: http.StatusInternalServerError})
	text := two[0].Email + "\n" + two[1].Email
	got := a.find("Archive", text)
	got.has("#group-members .note", "Not everybody could be looked up.", "Toggl couldn't answer.")
	got.has("#group-people li:nth-child(2)", two[1].Email, "Not looked up")
	got.has("#group-lead", "1 person is ticked")
	a.upstream.ClearScripts()
	a.post(a.groupMembers("Archive"), got.pressing("lookup")).want(http.StatusOK).has("#group-lead", "2 people are ticked")
}
