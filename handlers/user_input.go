package handlers

import (
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
)

// input is the body that holds what changed, and whether there is anything to
// send at all. The deprecated flags are never among it.
func (f userForm) input(changes []string) (apiclient.UpdateOrganizationUserInput, bool) {
	var input apiclient.UpdateOrganizationUserInput
	send, groups, workspaces := false, false, false
	for _, name := range changes {
		value := f.typed[name]
		_, member, inWorkspace := parseWorkspaceField(name)
		switch {
		case name == fieldName:
			input.Name = &value
		case name == fieldEmail:
			input.Email = &value
		case name == fieldRole:
			input.RoleID = idOf(value)
		case name == fieldInactive:
			inactive := value == "true"
			input.Inactive = &inactive
		case strings.HasPrefix(name, fieldGroups+"["):
			groups = true
		case inWorkspace && member != memberRemove && f.keeps(name):
			workspaces = true
		default:
			continue
		}
		send = true
	}
	if groups {
		input.Groups = f.groupIDs()
	}
	if workspaces {
		input.Workspaces = f.workspaceInputs(changes)
	}
	return input, send
}

// keeps reports whether the user is to be in the workspace of a field.
func (f userForm) keeps(name string) bool {
	id, _, _ := parseWorkspaceField(name)
	return f.typed[workspaceField(id, "")] == "true" && f.typed[workspaceField(id, memberRemove)] != "true"
}

// groupIDs is the whole wanted set: whether Toggl replaces or adds is not
// documented, and the whole set is right under both readings.
func (f userForm) groupIDs() []int64 {
	ids := []int64{}
	for name := range f.typed {
		if id, ok := parseGroupField(name); ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// workspaceInputs are all workspaces that the user is in, with their role, and
// of those that changed also what changed: right whether Toggl replaces the
// list or takes each element for itself.
func (f userForm) workspaceInputs(changes []string) []apiclient.UserWorkspaceInput {
	ids := f.workspaceIDs()
	inputs := make([]apiclient.UserWorkspaceInput, 0, len(ids))
	for _, id := range ids {
		input := apiclient.UserWorkspaceInput{WorkspaceID: id, RoleID: idOf(f.typed[workspaceField(id, memberRole)])}
		for _, name := range changes {
			if changedID, member, ok := parseWorkspaceField(name); ok && changedID == id {
				setMember(&input, member, f.typed[name])
			}
		}
		inputs = append(inputs, input)
	}
	return inputs
}

func (f userForm) workspaceIDs() []int64 {
	var ids []int64
	for name, value := range f.typed {
		if id, member, ok := parseWorkspaceField(name); ok && member == "" && value == "true" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func setMember(input *apiclient.UserWorkspaceInput, member, value string) {
	flag := value == "true"
	switch member {
	case memberRate:
		input.Rate = nullable(value)
	case memberCost:
		input.Cost = nullable(value)
	case memberHours:
		input.WorkingHours = nullable(value)
	case memberRates:
		input.ViewEditBillableRates = &flag
	case memberCosts:
		input.ViewEditLaborCosts = &flag
	case fieldInactive:
		input.Inactive = &flag
	}
}

// nullable is a number, or null for an empty field. It was validated before.
func nullable(text string) apiclient.Nullable[float64] {
	n, err := parseNumber(text)
	if err != nil || n == nil {
		return apiclient.Clear[float64]()
	}
	return apiclient.Set(*n)
}

func idOf(text string) *int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return &id
}
