package handlers

import (
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
	"roster/views"
)

// workspaceRows are the workspaces that the user is in, and those that they are
// to be added to with more than a role, for which the selects have no room.
func (f userForm) workspaceRows() []views.WorkspaceFields {
	rows := make([]views.WorkspaceFields, 0, len(f.user.Workspaces))
	for _, w := range f.user.Workspaces {
		rows = append(rows, f.workspaceRow(w))
	}
	selected := f.selectedWorkspace()
	for _, id := range f.workspaceIDs() {
		if f.isIn(id) || id == selected {
			continue
		}
		row := f.workspaceRow(apiclient.UserWorkspace{WorkspaceID: id, WorkspaceName: f.choices.workspaceName(id)})
		row.Path, row.New = "Not in it yet", true
		rows = append(rows, row)
	}
	return rows
}

// isIn reports whether Toggl has the user in a workspace.
func (f userForm) isIn(workspaceID int64) bool {
	return slices.ContainsFunc(f.user.Workspaces, func(w apiclient.UserWorkspace) bool { return w.WorkspaceID == workspaceID })
}

// selectedWorkspace is the one that the selects add, 0 for none: the first to
// be added of which nothing but the role is typed.
func (f userForm) selectedWorkspace() int64 {
	for _, id := range f.workspaceIDs() {
		more := slices.ContainsFunc(memberFields, func(member string) bool {
			return member != memberRole && f.typed[workspaceField(id, member)] != ""
		})
		if !f.isIn(id) && !more {
			return id
		}
	}
	return 0
}

func (f userForm) workspaceRow(w apiclient.UserWorkspace) views.WorkspaceFields {
	in := func(member string) views.Field {
		v := f.field(workspaceField(w.WorkspaceID, member))
		v.Label = f.choices.label(v.Name)
		v.On = v.Value == "true"
		return v
	}
	row := views.WorkspaceFields{
		ID: strconv.FormatInt(w.WorkspaceID, 10), Name: w.WorkspaceName, Path: accessPath(w),
		Role: in(memberRole), Rate: in(memberRate), Cost: in(memberCost), Hours: in(memberHours),
		SeesRates: in(memberRates), SeesCosts: in(memberCosts), Inactive: in(fieldInactive), Remove: in(memberRemove),
		Error: f.faults[workspaceField(w.WorkspaceID, "")],
	}
	row.Role.Options = f.choices.roleOptions("workspace", f.typed[row.Role.Name])
	row.Rate.Prefix = f.choices.currencies[w.WorkspaceID]
	row.Cost.Prefix = row.Rate.Prefix
	row.Rate.Value, row.Cost.Value = twoDecimals(row.Rate.Value), twoDecimals(row.Cost.Value)
	return row
}

// twoDecimals prints a whole or half amount as money; what isn't a number, or
// is finer than that, stays as it is.
func twoDecimals(text string) string {
	n, err := parseNumber(text)
	if err != nil || n == nil {
		return text
	}
	if money := strconv.FormatFloat(*n, 'f', 2, 64); strings.TrimRight(strings.TrimRight(money, "0"), ".") == text {
		return money
	}
	return text
}

// addWorkspace is nil when there is no other workspace to be added to.
func (f userForm) addWorkspace() *views.AddWorkspace {
	selected := f.selectedWorkspace()
	options := []views.Option{{Label: "Add to a workspace…", Chosen: selected == 0}}
	offered := slices.Clone(f.choices.workspaces)
	if selected != 0 && choiceName(offered, selected) == "" {
		offered = append(offered, views.Choice{Value: formID(&selected), Label: f.choices.workspaceName(selected)})
	}
	for _, choice := range offered {
		id, err := strconv.ParseInt(choice.Value, 10, 64)
		listed := f.typed[workspaceField(id, "")] == "true" && id != selected
		if err == nil && !f.isIn(id) && !listed {
			options = append(options, views.Option{Value: choice.Value, Label: choice.Label, Chosen: id == selected})
		}
	}
	if len(options) == 1 {
		return nil
	}
	a := &views.AddWorkspace{
		Workspace: views.Field{ID: "workspace_id", Name: "workspace_id", Label: "Add to", Options: options},
		Role:      views.Field{ID: "workspace_role_id", Name: "workspace_role_id", Label: "As"},
	}
	a.Role.Options = f.choices.newMemberRoles(f.typed[workspaceField(selected, memberRole)])
	a.Workspace.Error = f.faults[workspaceField(selected, "")]
	a.Role.Error = f.faults[workspaceField(selected, memberRole)]
	return a
}

// newMemberRoles offers the lowest role first: who is added should not get
// more than was asked for.
func (c userChoices) newMemberRoles(chosen string) []views.Option {
	list := c.roleOptions("workspace", chosen)
	if chosen == "" && len(list) > 1 {
		list = list[1:] // without the placeholder of an unknown role
	}
	slices.Reverse(list)
	return list
}
