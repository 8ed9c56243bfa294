package handlers

import (
	"encoding/json"
	"math"
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
	for _, name := range []string{fieldName, fieldEmail, fieldRole, fieldInactive} {
		if form.Has(name) {
			typed[name] = last(form[name])
		}
	}
	typed[fieldName] = strings.TrimSpace(typed[fieldName])
	typed[fieldEmail] = strings.TrimSpace(typed[fieldEmail])
	if form.Has(fieldGroups) {
		readGroups(form[fieldGroups], typed)
	}
	for name, values := range form {
		if id, member, ok := parseWorkspaceField(name); ok && slices.Contains(memberFields, member) {
			typed[name] = canonical(member, last(values))
			typed[workspaceField(id, "")] = "true"
		}
	}
	readAddedWorkspace(form, typed)
	return typed
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

// parseWorkspaceField splits "workspaces[8].rate".
func parseWorkspaceField(name string) (id int64, member string, ok bool) {
	rest, ok := strings.CutPrefix(name, "workspaces[")
	if !ok {
		return 0, "", false
	}
	number, member, ok := strings.Cut(rest, "]")
	if !ok {
		return 0, "", false
	}
	id, err := strconv.ParseInt(number, 10, 64)
	return id, strings.TrimPrefix(member, "."), err == nil
}

// canonical writes a number as Toggl's is written, so that 85.50 is no change
// of 85.5. What is no number stays as it was typed.
func canonical(member, value string) string {
	if member != memberRate && member != memberCost && member != memberHours {
		return value
	}
	n, err := parseNumber(value)
	if err != nil || n == nil {
		return value
	}
	return formNumber(n)
}

// parseNumber reads a number that may have a decimal comma; nil for nothing.
func parseNumber(text string) (*float64, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no number is a value: it clears the field
	}
	n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err == nil && (math.IsNaN(n) || math.IsInf(n, 0) || n < 0) {
		err = strconv.ErrRange
	}
	return &n, err
}

// validate finds what can be known without asking Toggl, by field.
func (f userFields) validate() map[string]string {
	faults := map[string]string{}
	for name, value := range f {
		_, member, ok := parseWorkspaceField(name)
		if !ok {
			continue
		}
		switch member {
		case memberRate, memberCost:
			if _, err := parseNumber(value); err != nil {
				faults[name] = "Enter a number, such as 85.50."
			}
		case memberHours:
			if _, err := parseNumber(value); err != nil {
				faults[name] = "Enter a number of hours, such as 7.5."
			}
		}
	}
	return faults
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

func compareFields(a, b string) int {
	if rank := fieldRank(a) - fieldRank(b); rank != 0 {
		return rank
	}
	return strings.Compare(a, b)
}

func fieldRank(name string) int {
	order := []string{fieldName, fieldEmail, fieldRole, fieldInactive}
	if i := slices.Index(order, name); i >= 0 {
		return i
	}
	if strings.HasPrefix(name, fieldGroups) {
		return len(order)
	}
	_, member, _ := parseWorkspaceField(name)
	return len(order) + 1 + slices.Index(memberFields, member) + 1
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
