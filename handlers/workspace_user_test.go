package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient/sandbox"
)

// A workspaceUser is somebody in a workspace, and the addresses about them.
type workspaceUser struct{ name, list, edit, remove string }

// workspaceUser is a direct member of Delivery.
func (a *app) workspaceUser() workspaceUser { a.t.Helper(); return a.workspaceUserNamed("Amara Moyo") }

func (a *app) workspaceUserNamed(name string) workspaceUser {
	a.t.Helper()
	list := a.workspace("Delivery")
	got := a.get(list + "?name=" + url.QueryEscape(name)).want(http.StatusOK)
	links := got.Find("#workspace-users tbody .c-act a")
	if links.Length() != 2 {
		a.t.Fatalf("%d links for %s", links.Length(), name)
	}
	u := workspaceUser{name: name, list: list + "?name=" + url.QueryEscape(name), edit: links.Eq(0).AttrOr("href", ""), remove: links.Eq(1).AttrOr("href", "")}
	a.upstream.ResetRequests()
	return u
}

// fieldsOf are what the form of a workspace user sends as it stands there.
func fieldsOf(got page) url.Values { return got.fields("#workspace-user-form", "") }

func TestWorkspaceUser(t *testing.T) {
	a := signedIn(t)
	u := a.workspaceUser()
	got := a.get(u.edit).want(http.StatusOK)
	got.has("h1", "Amara Moyo in Delivery")
	got.has("title", "Amara Moyo in Delivery · Halden & Moss · Roster")
	got.has(".aside", "Access Direct", "Time zone", "Workspace user ID", "Workspace admin No")
	if options := got.texts("#role_id option"); len(options) < 3 || slices.Contains(options, "Organization admin") {
		t.Errorf("roles %q", options)
	}
	if crumbs := got.attr(".crumbs a:nth-of-type(2)", "href"); crumbs != u.list {
		t.Errorf("back leads to %q", crumbs)
	}
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("from the table it asked %v", calls)
	}
	a.get(strings.Replace(u.edit, "?", "x?", 1)).want(http.StatusNotFound)
	a.get(a.workspace("Delivery")+"/users/1").want(http.StatusNotFound).has("#problem", "The workspace has no such user.")
}

// TestWorkspaceUserFound: with a hint that no longer fits, and with none.
func TestWorkspaceUserFound(t *testing.T) {
	a := signedIn(t)
	path, _, _ := strings.Cut(a.workspaceUser().edit, "?")
	for _, query := range []string{"", "?name=zzzz"} {
		a.get(path+query).want(http.StatusOK).has("h1", "Amara Moyo")
	}
}

// TestSaveWorkspaceUser: only what changed is sent, in the API's units, and what
// was stored is read.
func TestSaveWorkspaceUser(t *testing.T) {
	for name, tt := range map[string]struct {
		edit url.Values
		want map[string]any
		says string
	}{
		"rate":          {url.Values{"rate": {"85.50"}}, map[string]any{"rate": 85.5}, "Saved 1 change to Amara Moyo in Delivery."},
		"decimal comma": {url.Values{"labor_cost": {"40,25"}}, map[string]any{"labor_cost": 40.25}, "Saved 1 change"},
		"hours":         {url.Values{"working_hours_in_minutes": {"7.5"}}, map[string]any{"working_hours_in_minutes": 450.0}, "Saved 1 change"},
		"clock":         {url.Values{"working_hours_in_minutes": {"7:20"}}, map[string]any{"working_hours_in_minutes": 440.0}, "Saved 1 change"},
		"no hours":      {url.Values{"working_hours_in_minutes": {""}}, map[string]any{"working_hours_in_minutes": nil}, "Saved 1 change"},
		"inactive":      {url.Values{"inactive": {"true"}}, map[string]any{"inactive": true}, "Saved 1 change"},
		"permissions": {
			url.Values{"view_edit_billable_rates": {"false", "true"}, "view_edit_labor_costs": {"false", "true"}},
			map[string]any{"view_edit_billable_rates": true, "view_edit_labor_costs": true},
			"Saved 2 changes",
		},
		"role": {url.Values{"role_id": {"1"}}, map[string]any{"role_id": 1.0}, "Saved 1 change"},
	} {
		t.Run(name, func(t *testing.T) {
			a := signedIn(t)
			u := a.workspaceUser()
			form := fieldsOf(a.get(u.edit).want(http.StatusOK))
			for field, values := range tt.edit {
				form[field] = values
			}
			a.calls()
			a.post(u.edit, form).leadsTo(u.edit)
			if diff := cmp.Diff([]map[string]any{tt.want}, a.sent("UpdateWorkspaceUser")); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
			if calls := a.calls(); !slices.Equal(calls, []string{"ListWorkspaceUsers", "ListWorkspaceUsers", "UpdateWorkspaceUser"}) {
				t.Errorf("asked %v", calls)
			}
			got := a.get(u.edit).want(http.StatusOK)
			got.has("#flash .note.ok", tt.says)
			for field, values := range tt.edit {
				if now := fieldsOf(got)[field]; len(now) > 0 && strings.ReplaceAll(now[len(now)-1], ".", ",") != strings.ReplaceAll(values[len(values)-1], ".", ",") {
					t.Errorf("%s is %q afterwards", field, now)
				}
			}
		})
	}
}

func TestSaveWorkspaceUserUnchanged(t *testing.T) {
	a := signedIn(t)
	u := a.workspaceUserNamed("Anneliese Jäger") // with a labor cost
	form := fieldsOf(a.get(u.edit).want(http.StatusOK))
	if form.Get("labor_cost") != "50.00" {
		t.Fatalf("labor cost %q", form.Get("labor_cost"))
	}
	a.post(u.edit, form).leadsTo(u.edit)
	if slices.Contains(a.calls(), "UpdateWorkspaceUser") {
		t.Error("nothing was sent as a change")
	}
	a.get(u.edit).has("#flash", "Nothing was changed, so nothing was saved.")
}

func TestSaveWorkspaceUserFaults(t *testing.T) {
	a := signedIn(t)
	u := a.workspaceUser()
	for field, value := range map[string]string{"rate": "much", "labor_cost": "-1", "working_hours_in_minutes": "noon"} {
		form := fieldsOf(a.get(u.edit))
		form.Set(field, value)
		form.Set("view_edit_labor_costs", "true")
		got := a.post(u.edit, form).want(http.StatusUnprocessableEntity)
		got.refusedAt(field, "Enter ")
		if got.attr("#"+field, "value") != value || got.Find("#view_edit_labor_costs[checked]").Length() != 1 {
			t.Errorf("%s: what was typed is lost", field)
		}
		got.has("#unsaved-list", "View and edit labor costs")
	}
	if slices.Contains(a.calls(), "UpdateWorkspaceUser") {
		t.Error("it was sent all the same")
	}
	for _, value := range []string{"0", "-2"} { // that is for Toggl to refuse
		form := fieldsOf(a.get(u.edit))
		form.Set("working_hours_in_minutes", value)
		a.post(u.edit, form).want(http.StatusUnprocessableEntity).refusedAt("working_hours_in_minutes", "Working hours must be positive or null")
	}
}

// TestWorkspaceUserConflict: somebody else saved meanwhile. Both values stand
// side by side, and nothing is overwritten until the person has chosen.
func TestWorkspaceUserConflict(t *testing.T) {
	for choice, want := range map[string][]map[string]any{"mine": {{"rate": 90.0}}, "theirs": nil} {
		t.Run(choice, func(t *testing.T) {
			a := signedIn(t)
			u := a.workspaceUser()
			opened := fieldsOf(a.get(u.edit))
			other := fieldsOf(a.get(u.edit))
			other.Set("rate", "70")
			other.Set("view_edit_labor_costs", "true")
			a.post(u.edit, other).leadsTo(u.edit)
			a.get(u.edit)
			a.calls()

			opened.Set("rate", "90")
			got := a.post(u.edit, opened).want(http.StatusConflict)
			if slices.Contains(a.calls(), "UpdateWorkspaceUser") {
				t.Fatal("it was overwritten")
			}
			got.has("#conflict", "Billable rate", "€70.00", "€90.00", "View and edit labor costs")
			if got.attr("#rate", "value") != "90.00" || got.Find("#view_edit_labor_costs[checked]").Length() != 1 {
				t.Error("the form holds neither what was typed nor what is new")
			}
			if got.Find("input[name='resolve.rate']").Length() != 2 || got.Find("input[name='resolve.view_edit_labor_costs']").Length() != 0 {
				t.Error("the choice isn't about what both changed")
			}
			again := fieldsOf(got)
			again.Set("resolve.rate", choice)
			a.post(u.edit, again).leadsTo(u.edit)
			if diff := cmp.Diff(want, a.sent("UpdateWorkspaceUser")); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSaveWorkspaceUserWhileDown: Toggl can't be asked how the user is now; what
// was typed stays.
func TestSaveWorkspaceUserWhileDown(t *testing.T) {
	a := signedIn(t)
	u := a.workspaceUser()
	form := fieldsOf(a.get(u.edit))
	form.Set("rate", "90")
	a.upstream.Script(sandbox.Failure{Status: http.StatusServiceUnavailable, Times: -1})
	got := a.post(u.edit, form).want(http.StatusBadGateway)
	got.refusedAt("", "Toggl couldn't answer.")
	if got.attr("#rate", "value") != "90.00" {
		t.Errorf("the rate is %q", got.attr("#rate", "value"))
	}
	a.upstream.ClearScripts()
	a.post(u.edit, fieldsOf(got)).leadsTo(u.edit)
	a.get(u.edit).has("#flash .note.ok", "Saved 1 change")
}

// TestSaveWorkspaceUserNotStored: Toggl answers OK before all of it knows.
func TestSaveWorkspaceUserNotStored(t *testing.T) {
	a := signedIn(t)
	u := a.workspaceUser()
	form := fieldsOf(a.get(u.edit))
	form.Set("rate", "90")
	a.upstream.Script(sandbox.Failure{Operation: "UpdateWorkspaceUser", Body: `"OK"`})
	a.post(u.edit, form).leadsTo(u.edit)
	a.get(u.edit).has("#flash .note.warn", "shows otherwise so far: Billable rate –.")
}

func TestRemoveWorkspaceUser(t *testing.T) {
	a := signedIn(t)
	u := a.workspaceUser()
	got := a.get(u.remove).want(http.StatusOK)
	got.has("h1", "Remove Amara Moyo from Delivery?")
	got.has(".danger-zone", "amara.moyo@haldenmoss.example", "Their direct access to Delivery", "Role Workspace user", "Working hours 8")
	a.calls()
	a.post(u.remove, nil).leadsTo(u.list)
	bodies := a.sent("RemoveWorkspaceUsers")
	id := strings.Split(strings.TrimPrefix(u.edit, strings.Split(u.list, "?")[0]+"/users/"), "?")[0]
	if len(bodies) != 1 || len(bodies[0]["delete"].([]any)) != 1 || number(int64(bodies[0]["delete"].([]any)[0].(float64))) != id {
		t.Errorf("sent %v, want only %s", bodies, id)
	}
	if calls := a.calls(); !slices.Equal(calls, []string{"ListWorkspaceUsers", "RemoveWorkspaceUsers"}) {
		t.Errorf("asked %v", calls)
	}
	list := a.get(u.list).want(http.StatusOK)
	list.has("#flash .note.ok", "Removed Amara Moyo from Delivery.")
	list.has(".empty", "No users match this filter")
	a.get(u.remove).want(http.StatusNotFound)
}

// TestRemoveWorkspaceUserOfAGroup: whom a group brings in Toggl keeps, and that
// is said before and after.
func TestRemoveWorkspaceUserOfAGroup(t *testing.T) {
	a := signedIn(t)
	u := a.workspaceUserNamed("Aisha Rahman")
	a.get(u.remove).want(http.StatusOK).has(".danger-zone", "only through Engineering", "Toggl may keep them")
	a.post(u.remove, nil).leadsTo(u.list)
	a.get(u.list).has("#flash .note.warn", "still shows Aisha Rahman in Delivery, where a group brings them.")
}
