package changes_test

import (
	"net/http"
	"strings"
	"testing"

	"roster/apiclient"
	"roster/apiclient/sandbox"
	"roster/changes"
	"roster/store"
)

// TestWithoutAssignments counts what stands in for one PUT per workspace.
func TestWithoutAssignments(t *testing.T) {
	for _, drops := range []bool{false, true} {
		o := openOffice(t, sandbox.Options{NoAssignments: true, DropAbsentWorkspaces: drops})
		w := o.workspaces()
		a := o.access(t, w[0], w[1])
		steps := append(o.some(t, a, w[0], 3), o.some(t, a, w[1], 3)...)
		steps = append(steps, o.groupSteps(t, a, 3, w[2], w[3], w[4])...) // one group
		before := map[int64]int{}
		for _, u := range o.users {
			before[u.UserID] = len(u.Workspaces)
		}
		out, results := o.apply(t, o.set(t, steps...))
		if out.State != store.SetApplied || results != "15 done" {
			t.Errorf("%+v, %s", out, results)
		}
		counts := map[string]int{}
		for _, r := range o.upstream.Requests() {
			counts[r.Operation]++
		}
		added := map[int64]bool{}
		for _, s := range steps {
			if s.RowKind == store.RowUser && s.Op == store.OpAdd {
				added[s.RowID] = true
			}
		}
		if counts["ChangeAssignments"] != 1 || counts["UpdateOrganizationUser"] != len(added) || counts["ListOrganizationUsers"] != len(added) ||
			counts["RemoveWorkspaceUsers"] != 2 || counts["PatchTrackGroup"] > 2 || counts["ListGroups"] != 1 || counts["ListWorkspaceUsers"] != 3 {
			t.Errorf("%v for %d users", counts, len(added))
		}
		o.carriedOut(t, steps)
		for _, u := range o.users {
			for _, s := range steps {
				if s.RowID == u.UserID && s.Op == store.OpAdd && len(u.Workspaces) < before[u.UserID]-1 {
					t.Errorf("user %d lost workspaces: %d, had %d", u.UserID, len(u.Workspaces), before[u.UserID])
				}
			}
		}
	}
}

// TestNoOtherWorkspaceIsLost: all of a user's workspaces are sent with a new
// one, with the roles that they have.
func TestNoOtherWorkspaceIsLost(t *testing.T) {
	o := openOffice(t, sandbox.Options{NoAssignments: true, DropAbsentWorkspaces: true})
	for _, u := range o.ordinary() {
		if len(u.Workspaces) < 2 || len(u.Groups) > 0 {
			continue
		}
		a := o.access(t)
		for _, w := range o.workspaces() {
			step, _, err := changes.Stage(a, nil, changes.Target{RowKind: store.RowUser, RowID: u.UserID, WorkspaceID: w}, store.OpAdd)
			if err != nil {
				continue
			}
			o.apply(t, o.set(t, step))
			sent := puts(o.upstream.Requests())
			if body := sent[len(sent)-1].Body; strings.Count(body, "workspace_id") != len(u.Workspaces)+1 || strings.Count(body, "role_id") != len(u.Workspaces) {
				t.Errorf("sent %s for %d workspaces and a new one", body, len(u.Workspaces))
			}
			o.read(t)
			for _, is := range o.users {
				if is.ID != u.ID {
					continue
				}
				if len(is.Workspaces) != len(u.Workspaces)+1 {
					t.Errorf("%d workspaces, had %d", len(is.Workspaces), len(u.Workspaces))
				}
				for _, had := range u.Workspaces {
					if has := inWorkspace(is, had.WorkspaceID); has.RoleID == nil || *has.RoleID != *had.RoleID {
						t.Errorf("workspace %d: role %v, was %d", had.WorkspaceID, has.RoleID, *had.RoleID)
					}
				}
			}
			return
		}
	}
	t.Error("nobody to add")
}

func inWorkspace(u apiclient.OrganizationUser, id int64) apiclient.UserWorkspace {
	for _, w := range u.Workspaces {
		if w.WorkspaceID == id {
			return w
		}
	}
	return apiclient.UserWorkspace{}
}

// TestDirectBesideAGroupWithoutAssignments: the sandbox takes a workspace that
// a user has through a group, and makes nobody direct.
func TestDirectBesideAGroupWithoutAssignments(t *testing.T) {
	o := openOffice(t, sandbox.Options{NoAssignments: true})
	w := o.workspaces()[0]
	a := o.access(t, w)
	for _, u := range o.ordinary() {
		if a.Cell(store.RowUser, u.UserID, w).Membership != changes.ThroughGroup {
			continue
		}
		step, _, err := changes.Stage(a, nil, changes.Target{RowKind: store.RowUser, RowID: u.UserID, WorkspaceID: w}, store.OpAdd)
		if err != nil {
			t.Fatal(err)
		}
		id := o.set(t, step)
		out, results := o.apply(t, id)
		if out.State != store.SetApplied || results != "1 refused" || o.steps(t, id)[0].Message != changes.NoEffect {
			t.Errorf("%+v, %s", out, results)
		}
		return
	}
	t.Error("nobody has it only through a group")
}

func TestNeighboursRefuse(t *testing.T) {
	o := openOffice(t, sandbox.Options{NoAssignments: true})
	w := o.workspaces()
	a := o.access(t, w[0])
	steps := append(o.some(t, a, w[0], 3), o.groupSteps(t, a, 2, w[2], w[3])...)
	id := o.set(t, steps...)
	script := func(operation, words string) {
		o.upstream.Script(sandbox.Failure{Operation: operation, Status: http.StatusBadRequest, Body: `"` + words + `"`})
	}
	script("UpdateOrganizationUser", "Invalid workspace.")
	for range 2 { // the list, and then its first
		script("RemoveWorkspaceUsers", "Wrong workspace user IDs")
	}
	script("PatchTrackGroup", "Unsupported operation")
	out, results := o.apply(t, id)
	if out.State != store.SetApplied || results != "5 done, 3 refused" {
		t.Errorf("%+v, %s", out, results)
	}
	said := map[string]int{}
	for _, s := range o.steps(t, id) {
		said[s.Message]++
	}
	if said["Invalid workspace."] != 1 || said["Wrong workspace user IDs"] != 1 {
		t.Errorf("said %v", said)
	}
}

// TestAPatchInPart: a group takes some of the patches.
func TestAPatchInPart(t *testing.T) {
	o := openOffice(t, sandbox.Options{NoAssignments: true})
	w := o.workspaces()
	a := o.access(t)
	var steps []store.Step
	for _, g := range o.groups {
		if len(g.Workspaces) == 0 && len(steps) == 0 {
			steps = append(steps, o.groupSteps(t, a, 1000, w[2], w[3])...)
		}
	}
	group := steps[len(steps)-1].RowID
	two := steps[:0:0]
	for _, s := range steps {
		if s.RowID == group {
			two = append(two, s)
		}
	}
	two[1].WorkspaceID = 999 // of another organization
	id := o.set(t, two...)
	out, results := o.apply(t, id)
	if out.State != store.SetApplied || results != "1 done, 1 refused" {
		t.Errorf("%+v, %s", out, results)
	}
}

func TestNothingIsAvailable(t *testing.T) {
	o := openOffice(t, sandbox.Options{NoAssignments: true})
	w := o.workspaces()
	a := o.access(t, w[0])
	id := o.set(t, append(o.some(t, a, w[0], 1), o.groupSteps(t, a, 1, w[2])...)...)
	for _, operation := range []string{"UpdateOrganizationUser", "RemoveWorkspaceUsers", "PatchTrackGroup"} {
		o.upstream.Script(sandbox.Failure{Operation: operation, Times: -1, Status: http.StatusGone})
	}
	if out, results := o.apply(t, id); out.State != store.SetApplied || results != "3 refused" {
		t.Errorf("%+v, %s", out, results)
	}
}

// TestAUserWhoIsGone is held back.
func TestAUserWhoIsGone(t *testing.T) {
	o := openOffice(t, sandbox.Options{NoAssignments: true})
	w := o.workspaces()[0]
	step := o.some(t, o.access(t, w), w, 1)[0]
	if err := o.api.BulkUpdateOrganizationUsers(t.Context(), o.org, []int64{step.OrganizationUserID}); err != nil {
		t.Fatal(err)
	}
	id := o.set(t, step)
	o.apply(t, id)
	if now, ok := changes.ReadHeld(o.steps(t, id)[0]); !ok || now.Membership != changes.Unread {
		t.Errorf("%+v", o.steps(t, id)[0])
	}
}
