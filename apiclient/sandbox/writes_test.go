package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

const focusLarge = "/focus/api/organizations/4128077"

func (t *tester) must(status int, method, path, body string) {
	t.Helper()
	if w := t.owner(method, path, body); w.Code != status {
		t.Fatalf("%s %s: status %d, want %d: %s", method, path, w.Code, status, w.Body)
	}
}

func (t *tester) group(id int64) (groupWire, bool) {
	t.Helper()
	rows := decodeInto[[]groupWire](t.T, t.owner("GET", large+"/groups", ""))
	i := slices.IndexFunc(rows, func(g groupWire) bool { return g.GroupID == id })
	if i < 0 {
		return groupWire{}, false
	}
	return rows[i], true
}

func (t *tester) focusUser(id int64) focusUserWire {
	t.Helper()
	rows := decodeInto[[]focusUserWire](t.T, t.owner("GET", fmt.Sprintf("%s/users?org_user_ids=%d&include_rates=true&include_working_hours=1", focusLarge, id), ""))
	if len(rows) != 1 {
		t.Fatalf("%d Focus users with id %d", len(rows), id)
	}
	return rows[0]
}

func membershipIn(u organizationUserWire, workspace int64) *userWorkspaceWire {
	for i := range u.Workspaces {
		if u.Workspaces[i].WorkspaceID == workspace {
			return &u.Workspaces[i]
		}
	}
	return nil
}

func TestUpdateIsPartialAndSeenByFocus(t *testing.T) {
	s := newTester(t, Options{})
	id := s.server.Member().OrganizationUserID
	before := s.user(id)
	path := fmt.Sprintf("%s/users/%d", large, id)
	s.must(200, "PUT", path, `{"name":"ÅÅ Renamed","workspaces":[{"workspace_id":2000004,"role_id":4,"rate":85.5,"cost":40,"working_hours":7.5}]}`)
	after := s.user(id)
	if after.Email != before.Email || len(after.Groups) != len(before.Groups) || after.Inactive {
		t.Errorf("fields that were not sent changed: %+v", after)
	}
	m := membershipIn(after, 2000004)
	if m == nil || m.RoleID != 4 || *m.Rate != 85.5 || *m.WorkingHours != 7.5 || *m.Cost != 40 {
		t.Fatalf("membership %+v", m)
	}
	for _, w := range before.Workspaces {
		if membershipIn(after, w.WorkspaceID) == nil {
			t.Errorf("workspace %s was left", w.WorkspaceName)
		}
	}
	if name := s.focusUser(id).Name; name != "ÅÅ Renamed" {
		t.Errorf("Focus has %q", name)
	}
	last := s.users("sort_dir=desc&filter=renamed")
	if len(last) != 1 || last[0].ID != id {
		t.Errorf("the new name is not found: %+v", last)
	}
	s.must(200, "PUT", path, `{"workspaces":[{"workspace_id":2000004,"rate":null,"admin":true}]}`)
	if m := membershipIn(s.user(id), 2000004); m.Rate != nil || m.Cost == nil || m.Role != "admin" {
		t.Errorf("membership %+v", m)
	}
}

func TestUpdateOfRolesStatusEmailAndGroups(t *testing.T) {
	s := newTester(t, Options{})
	id := s.server.Member().OrganizationUserID
	path := fmt.Sprintf("%s/users/%d", large, id)
	s.must(200, "PUT", path, `{"role_id":11,"email":"elif.new@haldenmoss.example","groups":[310004],"inactive":true}`)
	u := s.user(id)
	if !u.Admin || u.RoleID != 11 || u.Email != "elif.new@haldenmoss.example" || !u.Inactive || len(u.Groups) != 1 || u.Groups[0].GroupID != 310004 {
		t.Errorf("user %+v", u)
	}
	s.must(200, "PUT", path, `{"organization_admin":false,"inactive":false,"groups":[]}`)
	if u := s.user(id); u.Admin || u.RoleID != 12 || u.Inactive || len(u.Groups) != 0 {
		t.Errorf("user %+v", u)
	}
	// A refused update changes nothing of what it would have.
	s.must(400, "PUT", path, `{"name":"No","workspaces":[{"workspace_id":1}]}`)
	if s.user(id).Name == "No" {
		t.Error("a refused update changed the name")
	}
}

func TestAbsentWorkspacesAreLeftWhenAskedFor(t *testing.T) {
	s := newTester(t, Options{DropAbsentWorkspaces: true})
	id := s.server.Member().OrganizationUserID
	s.must(200, "PUT", fmt.Sprintf("%s/users/%d", large, id), `{"groups":[],"workspaces":[{"workspace_id":2000004,"role_id":2}]}`)
	if u := s.user(id); u.WorkspaceCount != 1 || u.Workspaces[0].WorkspaceID != 2000004 {
		t.Errorf("workspaces %+v", u.Workspaces)
	}
}

func TestGroupsGiveAndTakeAccess(t *testing.T) {
	s := newTester(t, Options{})
	someone := s.server.Member()
	s.must(200, "PUT", fmt.Sprintf("%s/users/%d", large, someone.OrganizationUserID), `{"groups":[]}`)
	s.must(200, "PUT", large+"/workspaces/2000006/assignments", fmt.Sprintf(`[{"operation":"remove","user_id":%d}]`, someone.UserID))
	created := decodeInto[groupWire](t, s.owner("POST", large+"/groups", fmt.Sprintf(`{"name":"Labs guests","users":[%d],"workspaces":[2000006]}`, someone.UserID)))
	row := s.workspaceUser(2000006, someone.UserID)
	if row == nil || row.IsDirect || !slices.Contains(row.GroupIDs, created.GroupID) {
		t.Fatalf("access through the group: %+v", row)
	}
	s.must(200, "PUT", fmt.Sprintf("%s/users/%d", large, someone.OrganizationUserID), `{"workspaces":[{"workspace_id":2000006,"role_id":4}]}`)
	if row := s.workspaceUser(2000006, someone.UserID); row.IsDirect || row.RoleID != 4 {
		t.Errorf("an upsert of access through a group: %+v", row)
	}
	s.must(200, "PUT", large+"/workspaces/2000006/assignments", fmt.Sprintf(`{"operation":"add","user_id":%d}`, someone.UserID))
	if row := s.workspaceUser(2000006, someone.UserID); !row.IsDirect {
		t.Error("the assignment did not make the access direct")
	}
	s.must(200, "PATCH", large+"/workspaces/2000006/workspace_users", fmt.Sprintf(`{"delete":[%d]}`, row.ID))
	if row := s.workspaceUser(2000006, someone.UserID); row == nil || row.IsDirect {
		t.Errorf("access through the group is gone: %+v", row)
	}
	s.must(200, "DELETE", fmt.Sprintf("%s/groups/%d", large, created.GroupID), "")
	if row := s.workspaceUser(2000006, someone.UserID); row != nil {
		t.Errorf("access is still there: %+v", row)
	}
	if len(s.user(someone.OrganizationUserID).Groups) != 0 || len(s.focusUser(someone.OrganizationUserID).Groups) != 0 {
		t.Error("the deleted group still has its member")
	}
}

func (t *tester) workspaceUser(workspace, account int64) *workspaceUserWire {
	t.Helper()
	rows := decodeInto[[]workspaceUserWire](t.T, t.owner("GET", fmt.Sprintf("%s/workspaces/%d/workspace_users", large, workspace), ""))
	for i := range rows {
		if rows[i].UserID == account {
			return &rows[i]
		}
	}
	return nil
}

func TestAssignmentsOfGroupsAreAllOrNothing(t *testing.T) {
	s := newTester(t, Options{})
	path := large + "/workspaces/2000004/assignments"
	s.must(200, "PUT", path, `[{"operation":"add","group_id":310001},{"operation":"add","group_id":310006}]`)
	s.must(400, "PUT", path, `[{"operation":"remove","group_id":310001},{"operation":"remove","group_id":1}]`)
	if g, _ := s.group(310001); !slices.Contains(g.Workspaces, 2000004) {
		t.Error("a refused list changed a group")
	}
	s.must(200, "PUT", path, `{"operation":"remove","group_id":310001}`)
	if g, _ := s.group(310001); slices.Contains(g.Workspaces, 2000004) {
		t.Error("the group still has the workspace")
	}
	gone := newTester(t, Options{NoAssignments: true})
	if w := gone.owner("PUT", path, `[]`); w.Code != http.StatusMethodNotAllowed || w.Body.Len() != 0 {
		t.Errorf("status %d %q", w.Code, w.Body)
	}
}

func TestPatchAppliesOneByOne(t *testing.T) {
	s := newTester(t, Options{})
	member := s.server.Member().UserID
	body := fmt.Sprintf(`[{"op":"add","path":"/users","value":[%d]},{"op":"add","path":"/users","value":[1]},{"op":"remove","path":"/workspaces","value":[2000008]}]`, member)
	got := decodeInto[patchResult](t, s.owner("PATCH", large+"/groups/310017", body))
	if len(got.Success) != 2 || len(got.Failure) != 1 || got.Failure[0].Message != "User 1 not exists in the organization 4128077" {
		t.Errorf("result %+v", got)
	}
	g, _ := s.group(310017)
	if len(g.Workspaces) != 0 || len(g.Users) != 1 || g.Users[0].UserID != member {
		t.Errorf("group %+v", g)
	}
}

func TestFocusGroupIsReplacedAsAWhole(t *testing.T) {
	s := newTester(t, Options{})
	a, b := s.server.Admin(), s.server.Member()
	w := s.owner("POST", focusLarge+"/groups", fmt.Sprintf(`{"emoji":"🪁","name":"Kites","organization_users":[%d],"workspaces":[2000001]}`, a.OrganizationUserID))
	if w.Code != http.StatusCreated {
		t.Fatal(w.Code, w.Body)
	}
	created := decodeInto[focusGroupWire](t, w)
	path := fmt.Sprintf("%s/groups/%d", focusLarge, created.ID)
	s.must(200, "PUT", path, fmt.Sprintf(`{"emoji":"🎏","name":"Carps","organization_users":[%d],"workspaces":[]}`, b.OrganizationUserID))
	g, _ := s.group(created.ID)
	if g.Name != "Carps" || len(g.Workspaces) != 0 || len(g.Users) != 1 || g.Users[0].UserID != b.UserID {
		t.Errorf("Track sees %+v", g)
	}
	for body, want := range map[string]string{
		`{"emoji":"x","name":"y","workspaces":[]}`:                               "Key: 'GroupInput.OrganizationUsers' Error:Field validation for 'OrganizationUsers' failed on the 'required' tag",
		`{"emoji":"x","name":"y","organization_users":[],"workspaces":[99]}`:     "workspace 99 not found",
		`{"emoji":"x","name":"archive","organization_users":[],"workspaces":[]}`: "Name has already been taken",
	} {
		w := s.owner("PUT", path, body)
		if got := errorText(t, apiFocus, w.Body.Bytes()); w.Code != 400 || got != want {
			t.Errorf("%s: %d %q", body, w.Code, got)
		}
	}
	if w := s.owner("DELETE", path, ""); w.Code != 400 {
		t.Errorf("deleted without workspace_id: %d", w.Code)
	}
	s.must(200, "DELETE", path+"?workspace_id=2000001", "")
	if _, found := s.group(created.ID); found {
		t.Error("Track still has the group")
	}
}

func TestInvitationsMakeInvitedUsers(t *testing.T) {
	s := newTester(t, Options{})
	body := `{"emails":["New.One@partner.example","ingrid.solheim@haldenmoss.example"],"workspaces":[{"workspace_id":2000002,"role_id":3}],"groups":[310004]}`
	got := decodeInto[invitationResult](t, s.owner("POST", large+"/invitations", body))
	if len(got.Data) != 1 || len(got.Messages) != 1 {
		t.Fatalf("result %+v", got)
	}
	found := s.users("filter=new.one@partner&active_status=invited")
	if len(found) != 1 || found[0].Joined || *found[0].InvitationID != got.Data[0].InvitationID || found[0].Groups[0].GroupID != 310004 {
		t.Fatalf("users %+v", found)
	}
	if m := membershipIn(found[0], 2000002); m == nil || m.RoleID != 3 {
		t.Errorf("membership %+v", m)
	}
	s.must(200, "PUT", fmt.Sprintf("%s/invitations/%d/resend", large, got.Data[0].InvitationID), "")
}

func TestOrganizationsAndWorkspacesAreCreated(t *testing.T) {
	s := newTester(t, Options{})
	created := decodeInto[createdOrganizationWire](t, s.owner("POST", "/api/v9/organizations", `{"name":"Third & Co","workspace_name":"Base"}`))
	path := fmt.Sprintf("/api/v9/organizations/%d", created.ID)
	s.must(200, "PUT", path, `{"name":"Third"}`)
	if got := decodeInto[organizationWire](t, s.owner("GET", path, "")); got.Name != "Third" || !got.Owner {
		t.Errorf("organization %+v", got)
	}
	ws := decodeInto[workspaceWire](t, s.owner("POST", large+"/workspaces", fmt.Sprintf(`{"name":"Pilot","admins":[%d]}`, s.server.Member().UserID)))
	if row := s.workspaceUser(ws.ID, s.server.Member().UserID); row == nil || !row.WorkspaceAdmin {
		t.Errorf("admin of the new workspace: %+v", row)
	}
	mine := decodeInto[[]workspaceWire](t, s.owner("GET", "/api/v9/me/workspaces", ""))
	if !slices.ContainsFunc(mine, func(w workspaceWire) bool { return w.ID == ws.ID }) {
		t.Error("the new workspace is not in the list")
	}
}

func TestLeavingAndRemoving(t *testing.T) {
	s := newTester(t, Options{})
	member := s.server.Member()
	if w := s.send(member, "DELETE", large+"/users/leave", ""); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	if w := s.send(member, "GET", large, ""); w.Code != 404 {
		t.Errorf("still in the organization: %d", w.Code)
	}
	gone := s.users("filter=lindqvist")[0]
	s.must(200, "PATCH", large+"/users", fmt.Sprintf(`{"delete":[%d]}`, gone.ID))
	if n := decodeInto[organizationWire](t, s.owner("GET", large, "")).UserCount; n != 212 {
		t.Errorf("%d users are left", n)
	}
}

func TestWorkspaceUserIsUpdated(t *testing.T) {
	s := newTester(t, Options{})
	row := decodeInto[[]workspaceUserWire](t, s.owner("GET", large+"/workspaces/2000001/workspace_users", ""))[0]
	s.must(200, "PUT", fmt.Sprintf("/api/v9/workspaces/2000001/workspace_users/%d", row.ID), `{"labor_cost":33.25,"working_hours_in_minutes":420,"role_id":4,"view_edit_labor_costs":true}`)
	got := s.workspaceUser(2000001, row.UserID)
	if *got.LaborCost != 33.25 || *got.WorkingHoursInMinutes != 420 || got.RoleID != 4 || !got.ViewEditLaborCosts || got.LaborCostLastUpdated == nil {
		t.Errorf("workspace user %+v", got)
	}
	free := s.send(s.server.Owner(), "PUT", fill("/api/v9/workspaces/{free_ws}/workspace_users/{wu_free}", places(s.server)), `{"rate":10}`)
	if free.Code != http.StatusPaymentRequired {
		t.Errorf("rates on a free plan: %d", free.Code)
	}
}
