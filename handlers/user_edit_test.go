package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/apiclient/sandbox"
	"roster/views"
)

// currentWorkspaces are all workspaces of a user as they go along with a change.
func currentWorkspaces(u apiclient.OrganizationUser, changed map[int64]map[string]any) []any {
	list := []any{}
	for _, w := range u.Workspaces {
		element := map[string]any{"workspace_id": float64(w.WorkspaceID), "role_id": float64(*w.RoleID)}
		for name, value := range changed[w.WorkspaceID] {
			element[name] = value
		}
		list = append(list, element)
	}
	return list
}

// TestOnlyWhatChangedIsSent looks at the body that Toggl gets.
func TestOnlyWhatChangedIsSent(t *testing.T) {
	type user = apiclient.OrganizationUser
	type extras = map[int64]map[string]any
	tests := []struct {
		name string
		edit func(user, url.Values)
		want func(user) map[string]any
	}{
		{"name", typeUserField("name", "Åsa O’Brien"), func(user) map[string]any { return map[string]any{"name": "Åsa O’Brien"} }},
		{"email", typeUserField("email", "asa@haldenmoss.example"), func(user) map[string]any { return map[string]any{"email": "asa@haldenmoss.example"} }},
		{"organization role", typeUserField("role_id", "11"), func(user) map[string]any { return map[string]any{"role_id": 11.0} }},
		{"deactivated", typeUserField("inactive", "true"), func(user) map[string]any { return map[string]any{"inactive": true} }},
		{
			"no group any more", func(_ user, form url.Values) { form["groups"] = []string{""} },
			func(user) map[string]any { return map[string]any{"groups": []any{}} },
		},
		{
			"one group more", func(_ user, form url.Values) { form.Add("groups", "310016") },
			func(u user) map[string]any {
				ids := []float64{float64(u.Groups[0].GroupID), 310016}
				slices.Sort(ids)
				return map[string]any{"groups": []any{ids[0], ids[1]}}
			},
		},
		{
			"rate", func(u user, form url.Values) { form.Set(inWorkspace(u.Workspaces[0].WorkspaceID, "rate"), "85,50") },
			func(u user) map[string]any {
				return map[string]any{"workspaces": currentWorkspaces(u, extras{u.Workspaces[0].WorkspaceID: {"rate": 85.5}})}
			},
		},
		{
			"rate, cost and hours cleared", func(u user, form url.Values) {
				for _, member := range []string{"rate", "cost", "working_hours"} {
					form.Set(inWorkspace(u.Workspaces[0].WorkspaceID, member), "")
				}
			},
			func(u user) map[string]any {
				return map[string]any{"workspaces": currentWorkspaces(u, extras{u.Workspaces[0].WorkspaceID: {"rate": nil, "cost": nil, "working_hours": nil}})}
			},
		},
		{
			"role and permissions in one, inactive in the other", func(u user, form url.Values) {
				form.Set(inWorkspace(u.Workspaces[0].WorkspaceID, "role_id"), "1")
				form.Set(inWorkspace(u.Workspaces[0].WorkspaceID, "view_edit_billable_rates"), "true")
				form.Set(inWorkspace(u.Workspaces[0].WorkspaceID, "view_edit_labor_costs"), "true")
				form.Set(inWorkspace(u.Workspaces[1].WorkspaceID, "inactive"), "true")
			},
			func(u user) map[string]any {
				return map[string]any{"workspaces": currentWorkspaces(u, extras{
					u.Workspaces[0].WorkspaceID: {"role_id": 1.0, "view_edit_billable_rates": true, "view_edit_labor_costs": true},
					u.Workspaces[1].WorkspaceID: {"inactive": true},
				})}
			},
		},
		{
			"added to a workspace and renamed", func(u user, form url.Values) {
				form.Set("name", "New Name")
				form.Set("workspace_id", number(otherWorkspace(u)))
				form.Set("workspace_role_id", "3")
			},
			func(u user) map[string]any {
				list := currentWorkspaces(u, nil)
				added := otherWorkspace(u)
				i, _ := slices.BinarySearchFunc(u.Workspaces, added, func(w apiclient.UserWorkspace, id int64) int { return int(w.WorkspaceID - id) })
				return map[string]any{"name": "New Name", "workspaces": slices.Insert(list, i, any(map[string]any{"workspace_id": float64(added), "role_id": 3.0}))}
			},
		},
	}
	for _, options := range []sandbox.Options{{}, {DropAbsentWorkspaces: true}} {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				a := signedIn(t, func(o *sandbox.Options) { o.DropAbsentWorkspaces = options.DropAbsentWorkspaces })
				u := a.pick(func(u user) bool {
					w := u.Workspaces
					return isOrdinary(u) && w[0].Rate != nil && w[0].Cost != nil && w[0].WorkingHours != nil && *w[0].RoleID != 1 &&
						!*w[0].ViewEditBillableRates && !w[1].Inactive
				})
				form := a.openUser(u)
				tt.edit(u, form)
				a.upstream.ResetRequests()
				got := a.save(u, form).want(http.StatusSeeOther)
				sent := a.bodiesOf("UpdateOrganizationUser")
				if len(sent) != 1 {
					t.Fatalf("%d changes were sent", len(sent))
				}
				var body map[string]any
				must(t, json.Unmarshal([]byte(sent[0]), &body))
				if diff := cmp.Diff(tt.want(u), body); diff != "" {
					t.Errorf("what was sent (-want +got):\n%s", diff)
				}
				if flash := a.saved(got); !strings.Contains(flash, "Saved") {
					t.Errorf("flash %q", flash)
				}
				now := a.stored(u.ID)
				for _, w := range u.Workspaces {
					isIn := slices.ContainsFunc(now.Workspaces, func(n apiclient.UserWorkspace) bool { return n.WorkspaceID == w.WorkspaceID })
					if isDirect(w) && !isIn {
						t.Errorf("the workspace %s was lost", w.WorkspaceName)
					}
				}
			})
		}
	}
}

// otherWorkspace is one of the sandbox's that the user is not in.
func otherWorkspace(u apiclient.OrganizationUser) int64 {
	id := u.Workspaces[0].WorkspaceID/100*100 + 1
	for slices.ContainsFunc(u.Workspaces, func(w apiclient.UserWorkspace) bool { return w.WorkspaceID == id }) {
		id++
	}
	return id
}

// TestRemoveFromAWorkspace: one call each, after everything else.
func TestRemoveFromAWorkspace(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	i := slices.IndexFunc(u.Workspaces, isDirect)
	w := u.Workspaces[i]
	form := a.openUser(u)
	form.Set("name", "New Name")
	form.Set(inWorkspace(w.WorkspaceID, "rate"), "12") // in vain: they leave it
	form.Add(inWorkspace(w.WorkspaceID, "remove"), "true")
	a.upstream.ResetRequests()
	got := a.save(u, form)
	if diff := cmp.Diff([]string{`{"name":"New Name"}`}, a.bodiesOf("UpdateOrganizationUser")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`{"delete":[` + number(w.WorkspaceUserID) + `]}`}, a.bodiesOf("RemoveWorkspaceUsers")); diff != "" {
		t.Error(diff)
	}
	if flash := a.saved(got); !strings.Contains(flash, "Saved 3 changes to New Name.") {
		t.Errorf("flash %q", flash)
	}
	if slices.ContainsFunc(a.stored(u.ID).Workspaces, func(n apiclient.UserWorkspace) bool { return n.WorkspaceID == w.WorkspaceID }) {
		t.Error("still in the workspace")
	}
}

// TestRemovedButStillThereByGroup: Toggl takes it, and nothing changes.
func TestRemovedButStillThereByGroup(t *testing.T) {
	a := signedIn(t)
	u := a.pick(func(u apiclient.OrganizationUser) bool {
		return isOrdinary(u) && slices.ContainsFunc(u.Workspaces, func(w apiclient.UserWorkspace) bool { return !isDirect(w) })
	})
	i := slices.IndexFunc(u.Workspaces, func(w apiclient.UserWorkspace) bool { return !isDirect(w) })
	got := a.change(u, func(form url.Values) { form.Add(inWorkspace(u.Workspaces[i].WorkspaceID, "remove"), "true") })
	want := "still in " + u.Workspaces[i].WorkspaceName + " through " + u.Groups[0].Name
	if flash := a.saved(got); !strings.Contains(flash, want) {
		t.Errorf("flash %q, want %q in it", flash, want)
	}
}

// TestLeavingAGroupTakesItsWorkspacesAlong: all workspaces go along with a
// change of one, which must not make those of a group direct ones.
func TestLeavingAGroupTakesItsWorkspacesAlong(t *testing.T) {
	a := signedIn(t)
	u := a.pick(func(u apiclient.OrganizationUser) bool {
		return isOrdinary(u) && slices.ContainsFunc(u.Workspaces, isDirect) && slices.ContainsFunc(u.Workspaces, func(w apiclient.UserWorkspace) bool { return !isDirect(w) })
	})
	// Which of the group's workspaces they are in by the group alone is to be
	// seen when they leave it.
	a.put(u.ID, `{"groups":[]}`)
	alone := len(a.stored(u.ID).Workspaces)
	a.put(u.ID, `{"groups":[`+number(u.Groups[0].GroupID)+`]}`)
	u = a.stored(u.ID)
	if len(u.Workspaces) == alone {
		t.Fatal("the group gives nothing")
	}
	i := slices.IndexFunc(u.Workspaces, isDirect)
	a.upstream.ResetRequests()
	got := a.change(u, func(form url.Values) {
		form["groups"] = []string{""}
		form.Set(inWorkspace(u.Workspaces[i].WorkspaceID, "rate"), "77")
	})
	if flash := a.saved(got); !strings.Contains(flash, "Saved 2 changes") {
		t.Errorf("flash %q", flash)
	}
	now := a.stored(u.ID)
	if len(now.Workspaces) != alone || len(now.Groups) != 0 {
		t.Errorf("in %d workspaces and %d groups, want %d and none", len(now.Workspaces), len(now.Groups), alone)
	}
	if sent := a.bodiesOf("UpdateOrganizationUser"); len(sent) != 2 || sent[0] != `{"groups":[]}` {
		t.Errorf("sent %q", sent)
	}
}

// TestCallsOfTheUserPage is what each step costs.
func TestCallsOfTheUserPage(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	find := []string{"ListOrganizationUsers"}
	choices := []string{"ListGroups", "ListMyWorkspaces", "ListRoles"}
	a.get(a.users("per_page=200"))
	a.calls()
	steps := []struct {
		name string
		do   func() page
		want []string
	}{
		{"from the table", func() page { return a.get(a.userPage(u)) }, choices},
		{"again", func() page { return a.get(a.userPage(u)) }, nil},
		{"nothing changed", func() page { return a.change(u, func(url.Values) {}) }, find},
		{"saved", func() page { return a.change(u, func(form url.Values) { form.Set("name", "New Name") }) }, []string{"ListOrganizationUsers", "ListOrganizationUsers", "UpdateOrganizationUser"}},
		{"what is shown then", func() page { return a.get(a.userPage(u)) }, []string{"ListGroups", "ListRoles"}},
		{"refused by us", func() page {
			return a.change(u, func(form url.Values) { form.Set(inWorkspace(u.Workspaces[0].WorkspaceID, "rate"), "x") })
		}, find},
	}
	for _, step := range steps {
		step.do()
		if diff := cmp.Diff(step.want, a.calls()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}

// TestFindAUserWithoutTheTable: links come from anywhere.
func TestFindAUserWithoutTheTable(t *testing.T) {
	for hint, calls := range map[string]int{"good": 1, "": 2, "nobody@nowhere.example": 3, "someone else": 3} {
		t.Run(hint, func(t *testing.T) {
			a := signedIn(t)
			users := a.upstreamUsers("")
			u := users[len(users)-1] // on the second page of 200
			address := map[string]string{"good": u.Email, "someone else": users[3].Email}[hint]
			if address == "" {
				address = hint
			}
			a.get(views.UserURL(a.org, u.ID, address)).want(http.StatusOK).has("h1", oneLine(u.Name))
			asked := 0
			for _, operation := range a.calls() {
				if operation == "ListOrganizationUsers" {
					asked++
				}
			}
			if asked != calls {
				t.Errorf("%d calls, want %d", asked, calls)
			}
		})
	}
	a := signedIn(t)
	a.get(views.UserURL(a.org, 999, "")).want(http.StatusNotFound)
	a.get(a.orgURL() + "/users/x").want(http.StatusNotFound)
}

// TestLockedFields say why, and a hostile change of them gets Toggl's own words
// (see TestUserRefusals).
func TestLockedFields(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.userPage(a.pick(isOwner)))
	got.has("#role_id-hint", "Ownership is handed over in Toggl.")
	got.has("#active-hint", "The owner can’t be deactivated.")
	form := got.fields("#user-form", "")
	if form.Has("role_id") || form.Has("inactive") {
		t.Errorf("locked fields are sent: %v", form)
	}
	got = a.get(a.userPage(a.pick(isElsewhere)))
	got.has("#email-hint", "Toggl lets nobody else change this address")
	if _, readonly := got.Find("#email").Attr("readonly"); !readonly {
		t.Error("the address can be changed")
	}
}

// TestHostileNames: text everywhere, and no change that nobody made.
func TestHostileNames(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	for _, name := range []string{
		`<script>alert("x")</script>`, `"><img src=x onerror=alert(1)>`, "مريم \u202egnp.exe", "  spaces  ", "two\nlines", "{{.}} ${x} 'q'",
		strings.Repeat("é", 140), "👩‍👩‍👧 Ωmega", "=cmd|' /C calc'!A0",
	} {
		a.upstream.Replace(u.ID, func(p *sandbox.User) { p.Name = name })
		a.post(views.OrganizationRefreshURL(a.org), nil)
		got := a.get(a.userPage(u)).want(http.StatusOK)
		if got.Find("h1 bdi").Text() != name || got.attr("#name", "value") != name {
			t.Errorf("%q is shown as %q and %q", name, got.Find("h1 bdi").Text(), got.attr("#name", "value"))
		}
		form := got.fields("#user-form", "")
		form.Set("name", strings.NewReplacer("\n", "").Replace(name)) // as a browser has it
		if flash := a.saved(a.save(u, form)); !strings.Contains(flash, "Nothing was changed") {
			t.Errorf("%q: %s", name, flash)
		}
	}
}
