package handlers

import (
	"testing"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
)

// TestConsequences holds the words of a plan against what it is made of: two
// admins of a workspace, a group that opens it, and groups' steps.
func TestConsequences(t *testing.T) {
	const labs, sales = 5, 6
	leads := []apiclient.GroupRef{{GroupID: 9, Name: "Delivery leads"}}
	in := func(workspace int64, admin bool, groups []apiclient.GroupRef) []apiclient.UserWorkspace {
		return []apiclient.UserWorkspace{{WorkspaceID: workspace, WorkspaceName: "Labs", Admin: admin, Groups: groups}}
	}
	users := []apiclient.OrganizationUser{
		{UserID: 1, Name: "Ana", Workspaces: in(labs, true, nil)},
		{UserID: 2, Name: "Ben", Workspaces: in(labs, true, nil)},
		{UserID: 3, Name: "Hana", Workspaces: in(labs, false, leads)},
		{UserID: 4, Name: "Owen", Owner: true, Workspaces: in(labs, false, nil)},
		{UserID: 5, Name: "Noor"},
	}
	groups := []apiclient.Group{{GroupID: 9, Name: "Delivery leads", Users: []apiclient.GroupUser{{UserID: 3}, {UserID: 5}}, Workspaces: []int64{labs}}}
	two := map[int64]apiclient.WorkspaceStatistics{labs: {Admins: make([]apiclient.WorkspaceAdmin, 2)}}
	three := map[int64]apiclient.WorkspaceStatistics{labs: {Admins: make([]apiclient.WorkspaceAdmin, 3)}}
	step := func(id int64, op, was string) store.Step {
		return store.Step{ID: id, RowKind: store.RowUser, RowID: id, WorkspaceID: labs, WorkspaceName: "Labs", Op: op, Was: was, State: store.StepStaged}
	}
	group := func(workspace int64, op, was string) store.Step {
		return store.Step{ID: 9, RowKind: store.RowGroup, RowID: 9, RowName: "Delivery leads", WorkspaceID: workspace, Op: op, Was: was, State: store.StepStaged}
	}
	for _, tt := range []struct {
		name       string
		steps      []store.Step
		statistics map[int64]apiclient.WorkspaceStatistics
		want       string
		bad        bool
	}{
		{"a new member", []store.Step{step(5, store.OpAdd, "none")}, nil, "", false},
		{"a member of a group, added", []store.Step{step(3, store.OpAdd, "maybe:9")}, nil, "Has access via Delivery leads, becomes a direct member", false},
		{"a member of a group, removed", []store.Step{step(3, store.OpRemove, "maybe:9")}, nil, "Keeps access via Delivery leads, and may have no other", false},
		{"an admin of nobody knows how many", []store.Step{step(1, store.OpRemove, "direct")}, nil, "Loses 1 admin", false},
		{"one of three admins", []store.Step{step(1, store.OpRemove, "direct")}, three, "Loses 1 admin, 2 remain", false},
		{"one of two admins", []store.Step{step(1, store.OpRemove, "direct")}, two, "Loses 1 admin, 1 remains", false},
		{"both of two admins", []store.Step{step(1, store.OpRemove, "direct"), step(2, store.OpRemove, "direct")}, two, "Loses 2 admins, none remains", true},
		{"the last admin", []store.Step{step(1, store.OpRemove, "direct")}, map[int64]apiclient.WorkspaceStatistics{labs: {Admins: make([]apiclient.WorkspaceAdmin, 1)}}, "Last admin of Labs", true},
		{"the owner", []store.Step{step(4, store.OpRemove, "direct")}, nil, "Owner of the organization, can’t be removed", true},
		{"already in", []store.Step{step(1, store.OpAdd, "none")}, nil, "Already so, nothing is sent", false},
		{"changed since", []store.Step{step(3, store.OpAdd, "none")}, nil, "Changed in Toggl since you staged it: now a member via Delivery leads", true},
		{"gone", []store.Step{step(77, store.OpAdd, "none")}, nil, "Not found in Toggl any more", true},
		{"a group added", []store.Step{group(sales, store.OpAdd, "none")}, nil, "2 users", false},
		{"a group removed", []store.Step{group(labs, store.OpRemove, "direct")}, nil, "Up to 1 user loses access", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			access := changes.NewAccess()
			access.AddGroups(groups)
			access.AddUsers(users)
			plan := changes.PlanSet(tt.steps, access)
			lines, more := changeGroups(plan, access, nil, tt.statistics, 10)
			if len(lines) != 1 || more != 0 {
				t.Fatalf("%d groups of lines, %d more", len(lines), more)
			}
			if got := lines[0].Lines[0]; got.Text != tt.want || got.Bad != tt.bad {
				t.Errorf("%q, bad %v; want %q, %v", got.Text, got.Bad, tt.want, tt.bad)
			}
		})
	}
}

// TestChangeGroupsAreBounded: what isn't listed is counted.
func TestChangeGroupsAreBounded(t *testing.T) {
	access := changes.NewAccess()
	var steps []store.Step
	for i := range int64(30) {
		access.AddUsers([]apiclient.OrganizationUser{{UserID: i + 1, Name: "Ana"}})
		steps = append(steps, store.Step{ID: i + 1, RowKind: store.RowUser, RowID: i + 1, WorkspaceID: i%3 + 1, Op: store.OpAdd, Was: "none", State: store.StepStaged})
	}
	groups, more := changeGroups(changes.PlanSet(steps, access), access, nil, nil, 12)
	lines := 0
	for _, g := range groups {
		lines += len(g.Lines)
	}
	if lines != 12 || more != 18 || len(groups) != 2 {
		t.Errorf("%d lines in %d groups, %d more", lines, len(groups), more)
	}
}

func TestReadCell(t *testing.T) {
	for value, ok := range map[string]bool{
		"u1-2": true, "g1-2": true, "u9223372036854775807-1": true, "": false, "u": false, "u-": false, "u1": false, "u1-": false, "-1": false, "x1-2": false,
		"u01-2": false, "u1-02": false, "u+1-2": false, "u1--2": false, "u-1-2": false, "u1-2-3": false, "u1 -2": false, "u9223372036854775808-1": false, "U1-2": false,
	} {
		if at, got := readCell(value); got != ok || ok && cellValue(at) != value {
			t.Errorf("%q: %v %v", value, at, got)
		}
	}
}
