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

// upstreamWorkspaceUsers are the users of a workspace by their global ids.
func (a *app) upstreamWorkspaceUsers(workspaceID int64) map[int64]apiclient.WorkspaceUser {
	a.t.Helper()
	before := a.upstream.Requests()
	path := "/api/v9/organizations/" + number(a.org) + "/workspaces/" + number(workspaceID) + "/workspace_users"
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.SetBasicAuth(a.upstream.Owner().APIToken, "api_token")
	w := httptest.NewRecorder()
	a.upstream.ServeHTTP(w, r)
	var list []apiclient.WorkspaceUser
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil {
		a.t.Fatalf("%v: %s", err, w.Body)
	}
	if len(before) == 0 {
		a.upstream.ResetRequests()
	}
	users := map[int64]apiclient.WorkspaceUser{}
	for _, u := range list {
		users[u.UserID] = u
	}
	return users
}

// held are the names of a group's members by what they keep of a workspace
// without it.
func (a *app) held(g apiclient.Group, workspaceID int64) (only, direct, others []string) {
	a.t.Helper()
	users := a.upstreamWorkspaceUsers(workspaceID)
	for _, m := range g.Users {
		switch u := users[m.UserID]; {
		case u.IsDirect:
			direct = append(direct, m.Name)
		case len(u.GroupIDs) > 1:
			others = append(others, m.Name)
		default:
			only = append(only, m.Name)
		}
	}
	return only, direct, others
}

// isMixed is a group and a workspace in which some members have nothing else.
func (a *app) isMixed(t *testing.T) (apiclient.Group, int64) {
	t.Helper()
	for _, name := range []string{"Delivery leads", "Field crew", "Engineering", "EMEA contractors", "Research", "People team"} {
		g := a.upstreamGroup(name)
		for _, id := range g.Workspaces {
			if only, direct, others := a.held(g, id); len(only) > 0 && len(direct)+len(others) > 0 {
				return g, id
			}
		}
	}
	t.Fatal("no group adds anything for some")
	return apiclient.Group{}, 0
}

func boxOf(p page, workspaceID int64) string {
	return p.text(".wbox:has(input[name='workspaces[" + number(workspaceID) + "]']) small")
}

// TestWhatAGroupAdds in each workspace: as far as it is known without asking,
// and all of it for a click.
func TestWhatAGroupAdds(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, focus bool) {
		g, id := a.isMixed(t)
		cost := len(g.Workspaces)
		if focus {
			cost++ // whether Track numbers its groups alike
		}
		only, _, _ := a.held(g, id)
		page := a.get(a.groupURL(g.Name)).want(http.StatusOK)
		if got := boxOf(page, id); strings.Contains(got, "via") || !strings.HasSuffix(got, "members") {
			t.Errorf("without knowing anything it says %q", got)
		}
		page.has("#effects-offer", "Read who is direct", "costs "+requests(cost))
		a.get(a.users("per_page=200")).want(http.StatusOK)
		a.get(a.users("per_page=200&page=2")).want(http.StatusOK)
		page = a.get(a.groupURL(g.Name)).want(http.StatusOK)
		if got := boxOf(page, id); !strings.HasPrefix(got, "Up to ") {
			t.Errorf("of the users list it says %q", got)
		}
		a.calls()
		page = a.get(page.attr("#effects-offer a", "href")).want(http.StatusOK)
		for _, operation := range a.calls() {
			if operation != "ListWorkspaceUsers" {
				t.Errorf("asked for %s", operation)
			}
		}
		want := number(int64(len(only))) + " only via this group"
		if got := boxOf(page, id); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
		if page.Find("#effects-offer").Length() > 0 {
			t.Error("there is more to be known")
		}
		for _, other := range g.Workspaces {
			if only, direct, others := a.held(g, other); len(only) == 0 {
				want := "All " + number(int64(len(direct))) + " also direct"
				if len(others) > 0 {
					want = number(int64(len(direct))) + " also direct, " + number(int64(len(others))) + " via other groups"
				}
				if got := boxOf(page, other); got != want && len(direct) > 0 {
					t.Errorf("it says %q, want %q", got, want)
				}
			}
		}
	})
}

func requests(n int) string {
	if n == 1 {
		return "1 request"
	}
	return number(int64(n)) + " requests"
}

// TestWhatDeletingTakes names who loses what, before it is done.
func TestWhatDeletingTakes(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, _ bool) {
		g, id := a.isMixed(t)
		only, direct, others := a.held(g, id)
		page := a.get(a.groupURL(g.Name) + "/deletion").want(http.StatusOK)
		page.has("#group-losses", "it isn’t known whether they lose access", "Read who is direct")
		page = a.get(page.attr("#effects-offer a", "href")).want(http.StatusOK)
		loss := ".loss:has(a[href$='/workspaces/" + number(id) + "'])"
		page.has(loss+" details[open]", lose(len(only)))
		for _, name := range only {
			page.has(loss+" .loss-people:first-of-type", name)
		}
		for _, name := range slices.Concat(direct, others) {
			page.has(loss, name)
			if strings.Contains(page.text(loss+" .loss-people:first-of-type"), name) {
				t.Errorf("%s keeps it", name)
			}
		}
		if len(others) > 0 {
			page.has(loss, "via ")
		}
		page.has("#group-losses", "Access to these workspaces ends at once")
	})
}

func lose(n int) string {
	if n == 1 {
		return "1 member loses access"
	}
	return number(int64(n)) + " members lose access"
}

// TestTakingAWorkspaceIsConfirmed: who loses what is said before it is sent, and
// going back loses nothing.
func TestTakingAWorkspaceIsConfirmed(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, focus bool) {
		g, id := a.isMixed(t)
		only, _, _ := a.held(g, id)
		address := a.groupURL(g.Name)
		form := a.get(address).fields("#group-form", "")
		form.Del("workspaces[" + number(id) + "]")
		form.Set("name", "Renamed too")
		asked := a.post(address, form).want(http.StatusOK)
		asked.has("#group-loss .note", "Nothing is saved yet.", "The group loses ")
		if got := a.upstreamGroup(g.Name); !slices.Equal(got.Workspaces, g.Workspaces) {
			t.Fatal("it is gone already")
		}
		// Back: the form as it was typed.
		back := asked.fields("#group-loss", "")
		back.Set("step", "edit")
		typed := a.post(address, back).want(http.StatusOK)
		again := typed.fields("#group-form", "")
		if again.Get("name") != "Renamed too" || again.Has("workspaces["+number(id)+"]") {
			t.Errorf("what was typed is lost: %v", again)
		}
		typed.has("#unsaved-list", "Name", g.Name)
		// What it takes, for a request.
		a.calls()
		look := asked.fields("#group-loss", "")
		look.Set("direct", "true")
		known := a.post(address, look).want(http.StatusOK)
		want := "ListGroups ListWorkspaceUsers"
		if focus {
			want = "ListGroups ListTeams ListWorkspaceUsers" // whether Track numbers its groups alike
		}
		if calls := joined(a.calls()); calls != want {
			t.Errorf("asked for %q, want %q", calls, want)
		}
		known.has("#group-loss .loss", lose(len(only)), only[0])
		if known.Find("#group-loss .loss").Length() != 1 {
			t.Error("only one workspace is taken")
		}
		confirmed := known.fields("#group-loss", "confirmed")
		a.post(address, confirmed).want(http.StatusSeeOther)
		after := a.upstreamGroup("Renamed too")
		if slices.Contains(after.Workspaces, id) || len(after.Workspaces) != len(g.Workspaces)-1 || len(after.Users) != len(g.Users) {
			t.Errorf("%+v", after)
		}
	})
}

// TestTakingNothingIsNotAsked: where surely nobody loses anything.
func TestTakingNothingIsNotAsked(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, _ bool) {
		const name = "Events 2027" // nobody is in it
		g := a.upstreamGroup(name)
		form := a.get(a.groupURL(name)).fields("#group-form", "")
		form.Del("workspaces[" + number(g.Workspaces[0]) + "]")
		a.post(a.groupURL(name), form).want(http.StatusSeeOther)
		if after := a.upstreamGroup(name); len(after.Workspaces) != 0 {
			t.Errorf("%+v", after)
		}
	})
}

// TestMembersWhoLeaveAreNamed, with what they lose.
func TestMembersWhoLeaveAreNamed(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, _ bool) {
		g, id := a.isMixed(t)
		only, _, _ := a.held(g, id)
		i := slices.IndexFunc(g.Users, func(u apiclient.GroupUser) bool { return u.Name == only[0] })
		address := a.groupURL(g.Name)
		shown := a.get(address + "?direct=true").want(http.StatusOK)
		form := shown.fields("#group-form", "")
		form.Set("do", "remove")
		form.Set("member", shown.attr("input[aria-label='Select "+only[0]+"']", "value"))
		asked := a.post(address, form).want(http.StatusOK)
		asked.has("#group-loss .note", only[0]+" leaves the group")
		asked.has("#group-losses", "1 member loses access", only[0])
		if got := a.upstreamGroup(g.Name); len(got.Users) != len(g.Users) {
			t.Fatal("they are gone already")
		}
		a.post(address, asked.fields("#group-loss", "confirmed")).want(http.StatusSeeOther)
		if got := memberIDs(a.upstreamGroup(g.Name)); slices.Contains(got, g.Users[i].UserID) || len(got) != len(g.Users)-1 {
			t.Errorf("members %v", got)
		}
	})
}

// TestMemberWhoLeavesIsCalledWhole: a sentence begins with their name, whatever
// letter that begins with.
func TestMemberWhoLeavesIsCalledWhole(t *testing.T) {
	const name = "éva Žofková"
	a := signedIn(t)
	g, id := a.isMixed(t)
	only, _, _ := a.held(g, id)
	u := a.pick(func(u apiclient.OrganizationUser) bool { return u.Name == only[0] })
	a.upstream.Replace(u.ID, func(u *sandbox.User) { u.Name = name })
	shown := a.get(a.groupURL(g.Name) + "?direct=true").want(http.StatusOK)
	form := shown.fields("#group-form", "")
	form.Set("do", "remove")
	form.Set("member", shown.attr("input[aria-label='Select "+name+"']", "value"))
	a.post(a.groupURL(g.Name), form).want(http.StatusOK).has("#group-loss .note", "Éva Žofková leaves the group.")
}

// TestEffectsAreNotKnown: a workspace that can't be asked says so, and the rest
// stands.
func TestEffectsAreNotKnown(t *testing.T) {
	a := signedIn(t)
	g, id := a.isMixed(t)
	address := a.groupURL(g.Name)
	a.get(address)
	a.upstream.Script(sandbox.Failure{Operation: "ListWorkspaceUsers", Times: -1, Status: http.StatusForbidden, Body: `"Forbidden"`})
	for _, path := range []string{"?direct=true", "/deletion?direct=true"} {
		page := a.get(address + path).want(http.StatusOK)
		page.has("#main", "Not every workspace said who is a direct member.", "Forbidden")
		page.has("#effects-offer", "Read who is direct")
	}
	form := a.get(address).fields("#group-form", "")
	form.Del("workspaces[" + number(id) + "]")
	form.Set("direct", "true")
	page := a.post(address, form).want(http.StatusOK)
	page.has("#group-loss", "Not every workspace said who is a direct member.", "Of "+plural(len(g.Users))+" it isn’t known")
	if _, err := url.Parse(page.attr("#group-loss", "action")); err != nil {
		t.Error(err)
	}
}
