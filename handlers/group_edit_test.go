package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/apiclient/sandbox"
)

// editing is the form of a group as it stands there.
func editing(got page) url.Values { return got.fields("#group-form", "") }

// changeMeanwhile changes a group as somebody else would; what isn't in the body
// stays.
func (a *app) changeMeanwhile(group, body string) {
	a.t.Helper()
	id := number(a.upstreamGroup(group).GroupID)
	a.upstreamDo(http.MethodPut, "/api/v9/organizations/"+number(a.org)+"/groups/"+id, body)
	a.upstream.ResetRequests()
}

// workspaceID asks past the sandbox's log, which it leaves as it was if that was
// empty.
func (a *app) workspaceID(name string) int64 {
	a.t.Helper()
	before := len(a.upstream.Requests())
	workspaces, err := a.toggl().ListMyWorkspaces(a.t.Context())
	must(a.t, err)
	if before == 0 {
		a.upstream.ResetRequests()
	}
	i := slices.IndexFunc(workspaces, func(w apiclient.Workspace) bool { return w.Name == name && w.OrganizationID == a.org })
	if i < 0 {
		a.t.Fatalf("no workspace %q", name)
	}
	return workspaces[i].ID
}

func ticks(id int64) string { return "workspaces[" + number(id) + "]" }

func TestGroup(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, focus bool) {
		t.Helper()
		g := a.upstreamGroup("Delivery leads")
		got := a.get(a.groupURL(g.Name)).want(http.StatusOK)
		if got.text("h1") != g.Name || got.attr("#name", "value") != g.Name || got.text(".glist a[aria-current] b") != g.Name {
			t.Errorf("heading %q, name %q, current %q", got.text("h1"), got.attr("#name", "value"), got.text(".glist a[aria-current] b"))
		}
		if len(got.texts("#members .rows .who a")) != len(g.Users) || got.text("#h-gm") != "Members "+number(int64(len(g.Users))) {
			t.Errorf("members %q, %q", got.text("#h-gm"), got.texts("#members .rows .who a"))
		}
		ticked := got.texts(".wgrid label:has([checked]) b")
		if diff := cmp.Diff([]string{"Delivery", "Partner Projects"}, ticked); diff != "" {
			t.Errorf("ticked (-want +got):\n%s", diff)
		}
		if emoji := got.attr("#emoji", "value"); (emoji == "📐") != focus {
			t.Errorf("emoji %q", emoji)
		}
		product, cold := "Toggl Track", "GetWorkspaceStatistics ListGroups ListMyWorkspaces"
		if focus {
			product, cold = "Toggl Focus", "GetWorkspaceStatistics ListMyWorkspaces ListTeams"
		}
		got.has("section[aria-labelledby=h-facts]", product, "Group ID "+number(g.GroupID))
		if calls := joined(a.calls()); calls != cold {
			t.Errorf("asked %q", calls)
		}
		a.get(got.attr("#members .who a", "href"))
		a.get(a.groups("") + "/1").want(http.StatusNotFound)
		a.get(a.groups("") + "/x").want(http.StatusNotFound)
	})
}

func TestGroupGhosts(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.groupURL("EMEA contractors")).want(http.StatusOK)
	if diff := cmp.Diff([]string{"Contractor 1", "Contractor 2"}, got.texts("section[aria-labelledby=h-ghosts] li")); diff != "" {
		t.Errorf("placeholders (-want +got):\n%s", diff)
	}
}

// TestSaveGroup: Focus is told the whole group, Track each change.
func TestSaveGroup(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, focus bool) {
		t.Helper()
		g := a.upstreamGroup("Events 2027") // nobody is in it, so nobody loses anything
		sales, labs := a.workspaceID("Sales"), a.workspaceID("Labs")
		form := editing(a.get(a.groupURL(g.Name)).want(http.StatusOK))
		form.Set("name", "Events 2028")
		form.Set("emoji", "🎪")
		form.Del(ticks(sales))
		form.Set(ticks(labs), "true")
		address := a.groupURL(g.Name)
		a.calls()
		got := a.post(address, form)
		got.leadsTo(address)
		if focus {
			want := []map[string]any{{"name": "Events 2028", "emoji": "🎪", "organization_users": []any{}, "workspaces": []any{float64(labs)}}}
			if diff := cmp.Diff(want, a.sent("UpdateGroup")); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
		} else {
			want := []map[string]any{{"name": "Events 2028", "users": []any{}, "workspaces": []any{float64(sales)}}}
			if diff := cmp.Diff(want, a.sent("UpdateTrackGroup")); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
			patches := `[{"op":"remove","path":"/workspaces","value":[` + number(sales) + `]},{"op":"add","path":"/workspaces","value":[` + number(labs) + `]}]`
			if body := a.sentBody("PatchTrackGroup"); body != patches {
				t.Errorf("patched %s", body)
			}
		}
		now := a.upstreamGroup("Events 2028")
		if !slices.Equal(now.Workspaces, []int64{labs}) {
			t.Errorf("stored %+v", now)
		}
		a.get(address).want(http.StatusOK).has("#flash .note.ok", "Saved", "to Events 2028.")
	})
}

func TestSaveGroupUnchanged(t *testing.T) {
	a := withFocus(t)
	address := a.groupURL("Delivery leads")
	form := editing(a.get(address).want(http.StatusOK))
	a.calls()
	a.post(address, form).leadsTo(address)
	if calls := joined(a.calls()); calls != "ListTeams" {
		t.Errorf("asked %q", calls)
	}
	a.get(address).has("#flash", "Nothing was changed")
}

// TestGroupConflict: a group that somebody else changed while the form was open
// is shown with both sides, and nothing is saved until the person has chosen.
func TestGroupConflict(t *testing.T) {
	for _, choice := range []string{"mine", "theirs"} {
		inBoth(t, func(t *testing.T, a *app, _ bool) {
			t.Helper()
			g := a.upstreamGroup("Events 2027")
			address, labs := a.groupURL(g.Name), a.workspaceID("Labs")
			form := editing(a.get(address).want(http.StatusOK))
			form.Set("name", "Mine")
			form.Set(ticks(labs), "true")
			newcomer := a.outsiders(g.Name, 1)[0]
			a.changeMeanwhile(g.Name, `{"name":"Theirs","users":[`+number(newcomer.UserID)+`],"workspaces":[]}`)
			got := a.post(address, form).want(http.StatusConflict)
			rows := got.texts("#conflict tbody tr")
			want := []string{"Name Events 2027 Theirs Mine", "Members 0 members 1 member, " + newcomer.Name + " added unchanged, taken over", "Sales in the group not in the group unchanged, taken over"}
			slices.Sort(rows)
			if diff := cmp.Diff(sorted(want), rows); diff != "" {
				t.Errorf("conflicts (-want +got):\n%s", diff)
			}
			if calls := joined(a.calls()); strings.Contains(calls, "Update") || strings.Contains(calls, "Patch") {
				t.Fatalf("asked %q", calls)
			}
			if beside := got.text(".glist a[aria-current] b"); beside != "Theirs" {
				t.Errorf("beside it stands %q", beside)
			}
			again := editing(got)
			if again.Get("name") != "Mine" || again.Get(ticks(labs)) != "true" || again.Has(ticks(a.workspaceID("Sales"))) {
				t.Errorf("the form keeps %v", again)
			}
			again.Set("resolve.name", choice)
			a.post(address, again).leadsTo(address)
			now := a.upstreamGroup(map[string]string{"mine": "Mine", "theirs": "Theirs"}[choice])
			if !slices.Equal(memberIDs(now), []int64{newcomer.UserID}) || !slices.Equal(now.Workspaces, []int64{labs}) {
				t.Errorf("stored %+v", now)
			}
		})
	}
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

// TestRemoveFromGroup takes the ticked members out, and keeps what else was
// typed.
func TestRemoveFromGroup(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, _ bool) {
		t.Helper()
		g := a.upstreamGroup("Delivery leads")
		address := a.groupURL(g.Name)
		page := a.get(address).want(http.StatusOK)
		form := editing(page)
		form.Set("do", "remove")
		form.Set("confirmed", "true")
		for i := range 2 {
			form.Add("member", page.Find("#members input[name=member]").Eq(i).AttrOr("value", ""))
		}
		a.post(address, form).leadsTo(address)
		if now := a.upstreamGroup(g.Name); len(now.Users) != len(g.Users)-2 || !slices.Equal(now.Workspaces, g.Workspaces) {
			t.Errorf("stored %+v", now)
		}
		a.get(address).has("#flash .note.ok", "Removed 2 members from Delivery leads.")

		page = a.get(address)
		form = editing(page)
		form.Set("do", "remove")
		form.Set("confirmed", "true")
		form.Set("name", "Typed")
		form.Set("member", page.attr("#members input[name=member]", "value"))
		got := a.post(address, form).want(http.StatusOK)
		got.has(".md-body .note.ok", "Removed 1 member", "What else you changed is not saved yet.")
		if got.attr("#name", "value") != "Typed" || len(got.texts("#members .rows .who a")) != len(g.Users)-3 {
			t.Errorf("name %q, %d members", got.attr("#name", "value"), len(got.texts("#members .rows .who a")))
		}
		a.post(address, editing(got)).leadsTo(address)
		if now := a.upstreamGroup("Typed"); len(now.Users) != len(g.Users)-3 {
			t.Errorf("stored %+v", now)
		}
	})
}

// TestGroupAsksBefore: what takes access from members is asked before, and can
// be gone back from.
func TestGroupAsksBefore(t *testing.T) {
	a := withFocus(t)
	g := a.upstreamGroup("Delivery leads")
	address, partners := a.groupURL(g.Name), a.workspaceID("Partner Projects")
	form := editing(a.get(address).want(http.StatusOK))
	form.Del(ticks(partners))
	asked := a.post(address, form).want(http.StatusOK)
	asked.has("#group-loss", "Nothing is saved yet.", "Partner Projects")
	if len(a.sent("UpdateGroup")) != 0 {
		t.Fatal("it was sent")
	}
	back := asked.fields("#group-loss", "step")
	got := a.post(address, back).want(http.StatusOK)
	if got.Find("#group-form").Length() != 1 || editing(got).Has(ticks(partners)) {
		t.Errorf("going back shows %v", editing(got))
	}
	a.post(address, asked.fields("#group-loss", "confirmed")).leadsTo(address)
	if now := a.upstreamGroup(g.Name); slices.Contains(now.Workspaces, partners) || len(now.Users) != len(g.Users) {
		t.Errorf("stored %+v", now)
	}
}

func TestCreateGroup(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, focus bool) {
		t.Helper()
		form := a.get(a.groups("")+"/new").want(http.StatusOK).fields("form.narrow", "")
		if emoji := form.Get("emoji"); (emoji == "👥") != focus {
			t.Errorf("emoji %q", emoji)
		}
		owner, labs := a.upstream.Owner(), a.workspaceID("Labs")
		form.Set("name", "Night owls")
		form.Set(ticks(labs), "true")
		form.Set("members", owner.Email+"\n"+strings.ToUpper(owner.Email))
		got := a.post(a.groups(""), form)
		g := a.upstreamGroup("Night owls")
		got.leadsTo(a.groups("") + "/" + number(g.GroupID))
		if !slices.Equal(memberIDs(g), []int64{owner.UserID}) || !slices.Equal(g.Workspaces, []int64{labs}) {
			t.Errorf("stored %+v", g)
		}
		a.get(a.groupURL(g.Name)).want(http.StatusOK).has("#flash .note.ok", "Created the group Night owls.")

		form.Set("name", "Nobody's")
		form.Set("members", "nobody@new.example")
		unknown := a.post(a.groups(""), form).want(http.StatusUnprocessableEntity)
		unknown.refusedAt("members", "Nobody in this organization has the address nobody@new.example.")
		form.Set("members", strings.Repeat("a@b.example b", 11))
		many := "a1@b.c a2@b.c a3@b.c a4@b.c a5@b.c a6@b.c a7@b.c a8@b.c a9@b.c a10@b.c a11@b.c"
		form.Set("members", many)
		a.post(a.groups(""), form).want(http.StatusUnprocessableEntity).refusedAt("members", "Name at most 10 members here.")
	})
}

// TestCreateGroupUnnamed: where Focus doesn't say which group it made, the list
// shows it.
func TestCreateGroupUnnamed(t *testing.T) {
	a := withFocus(t)
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "CreateGroup", Status: http.StatusCreated})
	a.post(a.groups(""), url.Values{"name": {"Owls"}, "emoji": {"🦉"}}).leadsTo(a.groups("filter=Owls"))
}

func TestDeleteGroup(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, focus bool) {
		t.Helper()
		g := a.upstreamGroup("Delivery leads")
		address := a.groupURL(g.Name)
		link := a.get(address).want(http.StatusOK).attr(".savebar a.danger", "href")
		got := a.get(link).want(http.StatusOK)
		got.has("h1", "Delete Delivery leads?")
		got.has(".danger-zone", number(int64(len(g.Users)))+" members", "2 workspaces", "Delivery and Partner Projects", "and 15 more")
		if focus != (got.Find("#workspace_id").Length() == 1) {
			t.Error("the workspace is Focus' to be asked for")
		}
		if got.Find("#group-losses").Length() != 1 {
			t.Error("who loses what isn't said")
		}
		form := got.fields("form.narrow", "")
		if focus {
			form.Set("workspace_id", number(a.workspaceID("Labs")))
		}
		a.post(link, form).leadsTo(a.groups(""))
		if focus && a.asked("DeleteGroup").Get("workspace_id") != number(a.workspaceID("Labs")) {
			t.Errorf("asked %v", a.asked("DeleteGroup"))
		}
		a.get(a.groups("")).want(http.StatusOK).has("#flash .note.ok", "Deleted the group Delivery leads.")
		a.get(address).want(http.StatusNotFound)
		a.post(link, form).leadsTo(a.groups(""))
		a.get(a.groups("")).has("#flash", "The group was no longer there.")
	})
}

// TestGroupActivity: the log says what was done to which group, in names.
func TestGroupActivity(t *testing.T) {
	inBoth(t, func(t *testing.T, a *app, focus bool) {
		t.Helper()
		a.get(a.users("per_page=200")).want(http.StatusOK) // so that people are known by name
		g := a.upstreamGroup("Delivery leads")
		address := a.groupURL(g.Name)
		page := a.get(address).want(http.StatusOK)
		form := editing(page)
		form.Set("do", "remove")
		form.Set("confirmed", "true")
		form.Set("member", page.attr("#members input[name=member]", "value"))
		a.post(address, form).leadsTo(address)
		name := page.text("#members .rows li:first-child .who a")
		a.get(a.users("per_page=200")).want(http.StatusOK)
		log := a.get(a.orgURL() + "/activity").want(http.StatusOK)
		change, deletion := "Changed the group", "Deleted the group"
		if focus {
			change, deletion = "Changed the Focus group", "Deleted the Focus group"
		}
		log.has("main", change, "Delivery leads", "Members", name)
		if log.Find("main a[href='"+address+"']").Length() == 0 {
			t.Error("the group isn't linked")
		}
		a.post(address+"/deletion", nil).want(http.StatusSeeOther)
		a.get(a.orgURL()+"/activity").has("main", deletion, "Delivery leads", "deleted", "Workspaces Delivery, Partner Projects")
	})
}
