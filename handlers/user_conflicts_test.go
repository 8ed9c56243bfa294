package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
)

// A meanwhile is what somebody else does while the form is open.
type meanwhile struct {
	name   string
	theirs func(*app, apiclient.OrganizationUser)
	mine   func(apiclient.OrganizationUser, url.Values)
	// row is what the conflict says: field, was, now in Toggl, mine.
	row func(apiclient.OrganizationUser) []string
	// choice is the name of the radio buttons, empty where there is nothing to choose.
	choice func(apiclient.OrganizationUser) string
	// value tells theirs from mine in what is stored in the end.
	value  func(apiclient.OrganizationUser, apiclient.OrganizationUser) string
	ours   string
	theirV string
}

var meanwhiles = []meanwhile{
	{
		name:   "both renamed",
		theirs: func(a *app, u apiclient.OrganizationUser) { a.put(u.ID, `{"name":"Their Name"}`) },
		mine:   typeUserField("name", "My Name"),
		row:    func(u apiclient.OrganizationUser) []string { return []string{"Name", u.Name, "Their Name", "My Name"} },
		choice: func(apiclient.OrganizationUser) string { return "resolve.name" },
		value:  func(_, now apiclient.OrganizationUser) string { return now.Name },
		ours:   "My Name", theirV: "Their Name",
	},
	{
		name: "both changed a rate",
		theirs: func(a *app, u apiclient.OrganizationUser) {
			a.put(u.ID, fmt.Sprintf(`{"workspaces":[{"workspace_id":%d,"rate":70}]}`, u.Workspaces[0].WorkspaceID))
		},
		mine: func(u apiclient.OrganizationUser, form url.Values) {
			form.Set(inWorkspace(u.Workspaces[0].WorkspaceID, "rate"), "80,50")
		},
		row: func(u apiclient.OrganizationUser) []string {
			return []string{"Rate in " + u.Workspaces[0].WorkspaceName, "", "70.00", "80.50"}
		},
		choice: func(u apiclient.OrganizationUser) string {
			return "resolve." + inWorkspace(u.Workspaces[0].WorkspaceID, "rate")
		},
		value: func(_, now apiclient.OrganizationUser) string { return fmt.Sprint(*now.Workspaces[0].Rate) },
		ours:  "80.5", theirV: "70",
	},
	{
		name: "removed from the workspace that I changed",
		theirs: func(a *app, u apiclient.OrganizationUser) {
			w := leavable(u)
			a.upstreamDo(http.MethodPatch, fmt.Sprintf("/api/v9/organizations/%d/workspaces/%d/workspace_users", a.org, w.WorkspaceID),
				fmt.Sprintf(`{"delete":[%d]}`, w.WorkspaceUserID))
		},
		mine: func(u apiclient.OrganizationUser, form url.Values) {
			form.Set(inWorkspace(leavable(u).WorkspaceID, "rate"), "80.50")
		},
		row: func(u apiclient.OrganizationUser) []string {
			return []string{"Workspace " + leavable(u).WorkspaceName, "in", "not in", "in, rate 80.50"}
		},
		choice: func(u apiclient.OrganizationUser) string {
			return "resolve.workspaces[" + number(leavable(u).WorkspaceID) + "]"
		},
		value: func(before, now apiclient.OrganizationUser) string {
			i := slices.IndexFunc(now.Workspaces, func(w apiclient.UserWorkspace) bool { return w.WorkspaceID == leavable(before).WorkspaceID })
			if i < 0 {
				return "out"
			}
			return fmt.Sprint(*now.Workspaces[i].Rate)
		},
		ours: "80.5", theirV: "out",
	},
	{
		name: "added to the workspace that I add them to, with another role",
		theirs: func(a *app, u apiclient.OrganizationUser) {
			a.put(u.ID, fmt.Sprintf(`{"workspaces":[{"workspace_id":%d,"role_id":4,"rate":66}]}`, otherWorkspace(u)))
		},
		mine: func(u apiclient.OrganizationUser, form url.Values) {
			form.Set("workspace_id", number(otherWorkspace(u)))
			form.Set("workspace_role_id", "3")
		},
		row: func(apiclient.OrganizationUser) []string {
			return []string{"Workspace ", "not in", "in as Team lead", "in as Project lead"}
		},
		choice: func(u apiclient.OrganizationUser) string {
			return "resolve.workspaces[" + number(otherWorkspace(u)) + "]"
		},
		value: func(before, now apiclient.OrganizationUser) string {
			i := slices.IndexFunc(now.Workspaces, func(w apiclient.UserWorkspace) bool { return w.WorkspaceID == otherWorkspace(before) })
			return fmt.Sprint(*now.Workspaces[i].RoleID, " ", *now.Workspaces[i].Rate)
		},
		ours: "3 66", theirV: "4 66",
	},
}

// leavable is a workspace that the user is in directly.
func leavable(u apiclient.OrganizationUser) apiclient.UserWorkspace {
	return u.Workspaces[slices.IndexFunc(u.Workspaces, isDirect)]
}

// TestBothChanged: both values are shown, nothing is overwritten, and what the
// person chooses is what is stored.
func TestBothChanged(t *testing.T) {
	for _, m := range meanwhiles {
		for choice, want := range map[string]string{"mine": m.ours, "theirs": m.theirV} {
			t.Run(m.name+", "+choice, func(t *testing.T) {
				a := signedIn(t)
				u := a.pick(func(u apiclient.OrganizationUser) bool { return isOrdinary(u) && len(u.Workspaces) < 6 })
				form := a.openUser(u)
				m.theirs(a, u)
				theirs := a.stored(u.ID)
				m.mine(u, form)
				a.upstream.ResetRequests()
				got := a.save(u, form).want(http.StatusConflict)
				checkConflict(t, got, m.row(u), m.choice(u))
				if sent := a.bodiesOf("UpdateOrganizationUser"); sent != nil {
					t.Fatalf("sent %s", sent)
				}
				if diff := cmp.Diff(theirs, a.stored(u.ID)); diff != "" {
					t.Errorf("overwritten: %s", diff)
				}
				form = got.fields("#user-form", "")
				if form.Get(m.choice(u)) != "mine" {
					t.Errorf("chosen is %q, want what the person typed", form.Get(m.choice(u)))
				}
				form.Set(m.choice(u), choice)
				if flash := a.saved(a.save(u, form)); choice == "mine" && !strings.Contains(flash, "Saved") {
					t.Errorf("flash %q", flash)
				}
				if now := m.value(u, a.stored(u.ID)); now != want {
					t.Errorf("stored is %q, want %q", now, want)
				}
			})
		}
	}
}

func checkConflict(t *testing.T, got page, row []string, choice string) {
	t.Helper()
	if title := got.text("title"); !strings.HasPrefix(title, "Error: ") {
		t.Errorf("title %q", title)
	}
	got.has("#conflict[role=alert][tabindex='-1'] h2", "Changed in Toggl since you opened this form. Nothing was saved.")
	cells := got.texts("#conflict tbody tr:first-child > *")
	if len(cells) != 4 {
		t.Fatalf("the conflict's first row is %q", cells)
	}
	for i, want := range row {
		if !strings.Contains(cells[i], want) {
			t.Errorf("the conflict says %q, want %q", cells, row)
			break
		}
	}
	if n := got.Find(`#conflict input[type=radio]`).Length(); n != 2 || got.attr("#conflict input[type=radio]", "name") != choice {
		t.Errorf("%d choices %q, want two %q", n, got.attr("#conflict input[type=radio]", "name"), choice)
	}
}

// TestDisjointChanges are shown, and kept both.
func TestDisjointChanges(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	form := a.openUser(u)
	form.Set("name", "My Name")
	group := u.Groups[0]
	a.put(u.ID, `{"groups":[],"role_id":11}`)
	got := a.save(u, form).want(http.StatusConflict)
	rows := got.texts("#conflict tbody tr")
	want := []string{"Organization role", "Group " + group.Name, "Workspace"}
	for i := range want {
		if i >= len(rows) || !strings.HasPrefix(rows[i], want[i]) || !strings.HasSuffix(rows[i], "taken over") {
			t.Fatalf("rows %q, want %q", rows, want)
		}
	}
	if got.Find("#conflict input").Length() != 0 {
		t.Error("there is something to choose")
	}
	got.has("#unsaved-list", "My Name")
	if changes := got.Find("#unsaved-list li").Length(); changes != 1 {
		t.Errorf("%d unsaved changes, want one", changes)
	}
	if flash := a.saved(a.save(u, got.fields("#user-form", ""))); !strings.Contains(flash, "Saved 1 change") {
		t.Errorf("flash %q", flash)
	}
	now := a.stored(u.ID)
	if now.Name != "My Name" || len(now.Groups) != 0 || *now.RoleID != 11 {
		t.Errorf("stored: %q, %v, %d", now.Name, now.Groups, *now.RoleID)
	}
}

// TestChangedAgainBetweenTwoSaves: each time anew.
func TestChangedAgainBetweenTwoSaves(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	form := a.openUser(u)
	form.Set("name", "My Name")
	a.put(u.ID, `{"name":"First"}`)
	got := a.save(u, form).want(http.StatusConflict)
	a.put(u.ID, `{"name":"Second"}`)
	got = a.save(u, got.fields("#user-form", "")).want(http.StatusConflict)
	checkConflict(t, got, []string{"Name", "First", "Second", "My Name"}, "resolve.name")
	a.saved(a.save(u, got.fields("#user-form", "")))
	if now := a.stored(u.ID); now.Name != "My Name" {
		t.Errorf("stored %q", now.Name)
	}
}

// TestSameChangeByBoth is no conflict to choose in.
func TestSameChangeByBoth(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	form := a.openUser(u)
	form.Set("name", "Same Name")
	a.put(u.ID, `{"name":"Same Name"}`)
	got := a.save(u, form).want(http.StatusConflict)
	if got.Find("#conflict input").Length() != 0 {
		t.Error("there is something to choose")
	}
	if flash := a.saved(a.save(u, got.fields("#user-form", ""))); !strings.Contains(flash, "Nothing was changed") {
		t.Errorf("flash %q", flash)
	}
}

// TestGoneMeanwhile: the user was removed from the organization.
func TestGoneMeanwhile(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	form := a.openUser(u)
	form.Set("name", "My Name")
	form.Set(inWorkspace(u.Workspaces[0].WorkspaceID, "rate"), "12.5")
	a.upstreamDo(http.MethodPatch, "/api/v9/organizations/"+number(a.org)+"/users", `{"delete":[`+number(u.ID)+`]}`)
	got := a.save(u, form).want(http.StatusConflict)
	got.has("#errors h2", "Nothing was saved. This user is no longer in the organization.")
	form.Set(inWorkspace(u.Workspaces[0].WorkspaceID, "rate"), "12.50")
	checkKept(t, got, form)
	if sent := a.bodiesOf("UpdateOrganizationUser"); sent != nil {
		t.Errorf("sent %s", sent)
	}
}
