package handlers

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
)

// userFields are the editable fields of a user by the names that they have in
// the form, which are the API's: "name", "groups[7]", "workspaces[8].rate". As
// one flat map they compare field by field: what was typed with what was, and
// what was with what is now.
type userFields map[string]string

const (
	fieldName     = "name"
	fieldEmail    = "email"
	fieldRole     = "role_id"
	fieldInactive = "inactive"
	fieldGroups   = "groups"

	memberRole   = "role_id"
	memberRate   = "rate"
	memberCost   = "cost"
	memberHours  = "working_hours"
	memberRates  = "view_edit_billable_rates"
	memberCosts  = "view_edit_labor_costs"
	memberRemove = "remove"
)

// plainFields are the user's own, in the order of the form.
var plainFields = []string{fieldName, fieldEmail, fieldRole, fieldInactive}

// memberFields are the fields of one workspace, in the order of its row.
var memberFields = []string{memberRole, memberRate, memberCost, memberHours, memberRates, memberCosts, fieldInactive, memberRemove}

func groupField(id int64) string { return "groups[" + strconv.FormatInt(id, 10) + "]" }

func workspaceField(id int64, name string) string {
	key := "workspaces[" + strconv.FormatInt(id, 10) + "]"
	if name == "" {
		return key
	}
	return key + "." + name
}

// fieldsOf are the fields of a user as Toggl tells them.
func fieldsOf(u apiclient.OrganizationUser) userFields {
	f := userFields{
		fieldName: u.Name, fieldEmail: u.Email, fieldRole: formID(u.RoleID), fieldInactive: strconv.FormatBool(u.Inactive),
	}
	for _, g := range u.Groups {
		f[groupField(g.GroupID)] = "true"
	}
	for _, w := range u.Workspaces {
		id := w.WorkspaceID
		f[workspaceField(id, "")] = "true"
		f[workspaceField(id, memberRole)] = formID(w.RoleID)
		f[workspaceField(id, memberRate)] = formNumber(w.Rate)
		f[workspaceField(id, memberCost)] = formNumber(w.Cost)
		f[workspaceField(id, memberHours)] = formNumber(w.WorkingHours)
		f[workspaceField(id, memberRates)] = formFlag(w.ViewEditBillableRates)
		f[workspaceField(id, memberCosts)] = formFlag(w.ViewEditLaborCosts)
		f[workspaceField(id, fieldInactive)] = strconv.FormatBool(w.Inactive)
		f[workspaceField(id, memberRemove)] = "false"
	}
	return f
}

// user is somebody made of nothing but these fields: where Toggl can't be asked,
// what the form remembers is enough to show it again. The pairs of ids and names
// that it lacks come from choices.
func (f userFields) user(organizationID, organizationUserID int64, choices userChoices) apiclient.OrganizationUser {
	u := apiclient.OrganizationUser{
		ID: organizationUserID, OrganizationID: organizationID, Name: f[fieldName], Email: f[fieldEmail],
		RoleID: idOf(f[fieldRole]), Inactive: f[fieldInactive] == "true", Joined: true, CanEditEmail: true,
	}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if id, ok := parseGroupField(name); ok {
			u.Groups = append(u.Groups, apiclient.GroupRef{GroupID: id, Name: choices.groupName(id)})
		}
		if id, member, ok := parseWorkspaceField(name); ok && member == "" {
			u.Workspaces = append(u.Workspaces, apiclient.UserWorkspace{
				WorkspaceID: id, WorkspaceName: choices.workspaceName(id), RoleID: idOf(f[workspaceField(id, memberRole)]),
			})
		}
	}
	return u
}

func formID(id *int64) string {
	if id == nil {
		return ""
	}
	return strconv.FormatInt(*id, 10)
}

func formNumber(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

// formFlag takes what Toggl doesn't tell for no.
func formFlag(b *bool) string { return strconv.FormatBool(b != nil && *b) }

// readUserFields takes what was typed. A field that the form didn't send stays
// as it was, so that a form with a few fields changes these only.
func readUserFields(form url.Values, was userFields) userFields {
	typed := userFields{}
	for name, value := range was {
		typed[name] = value
	}
	for _, name := range plainFields {
		if form.Has(name) {
			typed[name] = last(form[name])
		}
	}
	for _, name := range []string{fieldName, fieldEmail} {
		if asTyped(typed[name]) == asTyped(was[name]) {
			typed[name] = was[name]
		}
	}
	if form.Has(fieldGroups) {
		readGroups(form[fieldGroups], typed)
	}
	for name, values := range form {
		if id, member, ok := parseWorkspaceField(name); ok && slices.Contains(memberFields, member) {
			typed[workspaceField(id, member)] = canonical(member, last(values))
			typed[workspaceField(id, "")] = "true"
		}
	}
	readAddedWorkspace(form, typed)
	return typed
}

// asTyped is a text as a browser sends it back from an input of one line. What
// differs from that in Toggl is no change that anybody made.
func asTyped(text string) string {
	return strings.TrimSpace(strings.NewReplacer("\r", "", "\n", "").Replace(text))
}

func readGroups(ids []string, typed userFields) {
	for name := range typed {
		if strings.HasPrefix(name, fieldGroups+"[") {
			delete(typed, name)
		}
	}
	for _, text := range readList(ids) {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			typed[groupField(id)] = "true"
		}
	}
}

// readAddedWorkspace takes the pair of selects with which a workspace is added.
func readAddedWorkspace(form url.Values, typed userFields) {
	id, err := strconv.ParseInt(form.Get("workspace_id"), 10, 64)
	if err != nil || typed[workspaceField(id, "")] == "true" {
		return
	}
	typed[workspaceField(id, "")] = "true"
	typed[workspaceField(id, memberRole)] = form.Get("workspace_role_id")
}

// last is the value that counts: a switch sends its "off" before its "on".
func last(values []string) string { return strings.TrimSpace(values[len(values)-1]) }

// parseGroupField takes the id out of "groups[7]".
func parseGroupField(name string) (id int64, ok bool) {
	number, ok := strings.CutPrefix(name, fieldGroups+"[")
	if !ok {
		return 0, false
	}
	number, ok = strings.CutSuffix(number, "]")
	if !ok {
		return 0, false
	}
	id, err := strconv.ParseInt(number, 10, 64)
	return id, err == nil
}

// parseWorkspaceField splits "workspaces[8].rate".
func parseWorkspaceField(name string) (id int64, member string, ok bool) {
	rest, ok := strings.CutPrefix(name, "workspaces[")
	if !ok {
		return 0, "", false
	}
	number, member, ok := strings.Cut(rest, "]")
	if !ok || member == "." || member != "" && member[0] != '.' {
		return 0, "", false
	}
	id, err := strconv.ParseInt(number, 10, 64)
	return id, strings.TrimPrefix(member, "."), err == nil
}

// changed are the names of the fields that differ, in the order of the form.
func changed(was, now userFields) []string {
	var names []string
	for name, value := range now {
		if was[name] != value && !absentFlag(was, name, value) {
			names = append(names, name)
		}
	}
	for name := range was {
		if _, ok := now[name]; !ok {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, compareFields)
	return names
}

// absentFlag tells that a field that wasn't there is not there still, only in
// other words.
func absentFlag(was userFields, name, value string) bool {
	_, known := was[name]
	return !known && (value == "false" || value == "")
}

// compareFields puts a workspace's fields together, as its row has them.
func compareFields(a, b string) int {
	workspaceA, memberA, _ := parseWorkspaceField(a)
	workspaceB, memberB, _ := parseWorkspaceField(b)
	return cmp.Or(
		cmp.Compare(fieldRank(a), fieldRank(b)),
		cmp.Compare(workspaceA, workspaceB),
		cmp.Compare(slices.Index(memberFields, memberA), slices.Index(memberFields, memberB)),
		strings.Compare(a, b),
	)
}

func fieldRank(name string) int {
	if i := slices.Index(plainFields, name); i >= 0 {
		return i
	}
	if strings.HasPrefix(name, fieldGroups+"[") {
		return len(plainFields)
	}
	return len(plainFields) + 1
}

// encode and decodeFields carry the fields as they were through the form.
func (f userFields) encode() string {
	text, err := json.Marshal(f)
	if err != nil {
		return "" // a map of strings can't fail
	}
	return string(text)
}

func decodeFields(text string) (userFields, bool) {
	var f userFields
	err := json.Unmarshal([]byte(text), &f)
	return f, err == nil && f != nil
}

// decodeUserFields takes only fields that a user has.
func decodeUserFields(text string) (userFields, bool) {
	f, ok := decodeFields(text)
	maps.DeleteFunc(f, func(name, _ string) bool { return !isUserField(name) })
	return f, ok
}

// isUserField reports whether a name is one that fieldsOf gives.
func isUserField(name string) bool {
	if slices.Contains(plainFields, name) {
		return true
	}
	if id, ok := parseGroupField(name); ok {
		return name == groupField(id)
	}
	id, member, ok := parseWorkspaceField(name)
	return ok && name == workspaceField(id, member) && (member == "" || slices.Contains(memberFields, member))
}
