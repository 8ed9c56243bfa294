package handlers

import (
	"encoding/json"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
	"roster/views"
)

// The fields of a workspace user's form, by the API's names. Working hours are
// typed and kept as hours; minutes are made of them when they are sent.
const (
	fieldRate      = "rate"
	fieldLaborCost = "labor_cost"
	fieldHours     = "working_hours_in_minutes"
)

// workspaceUserNames are the fields in the order of the form.
var workspaceUserNames = []string{fieldRole, fieldInactive, fieldRate, fieldLaborCost, fieldHours, memberRates, memberCosts}

var workspaceUserLabels = map[string]string{
	fieldRole: "Role", fieldInactive: "Status", fieldRate: "Billable rate", fieldLaborCost: "Labor cost", fieldHours: "Working hours",
	memberRates: "View and edit billable rates", memberCosts: "View and edit labor costs",
}

// workspaceUserPlaces are the documented messages of PUT workspace user that
// are about a field; the others say that there is no such user.
var workspaceUserPlaces = []refusalPlace{
	{regexp.MustCompile(`^Working hours must`), fieldHours},
	{regexp.MustCompile(`^Invalid role_id|admin flags and role_id`), fieldRole},
}

func workspaceUserFields(u apiclient.WorkspaceUser) userFields {
	return userFields{
		fieldRole: formID(u.RoleID), fieldInactive: strconv.FormatBool(u.Inactive),
		fieldRate: formNumber(u.Rate), fieldLaborCost: formNumber(u.LaborCost), fieldHours: formHours(u.WorkingHoursInMinutes),
		memberRates: formFlag(u.ViewEditBillableRates), memberCosts: formFlag(u.ViewEditLaborCosts),
	}
}

// decodeWorkspaceUserFields takes back what encode wrote; it reports whether
// that is whole.
func decodeWorkspaceUserFields(text string) (userFields, bool) {
	var sent userFields
	if err := json.Unmarshal([]byte(text), &sent); err != nil {
		return nil, false
	}
	was := make(userFields, len(workspaceUserNames))
	for _, name := range workspaceUserNames {
		value, ok := sent[name]
		if !ok {
			return nil, false
		}
		was[name] = value
	}
	return was, true
}

// readWorkspaceUserFields takes what was typed; what the form didn't send stays
// as it was.
func readWorkspaceUserFields(form url.Values, was userFields) userFields {
	typed := userFields{}
	for _, name := range workspaceUserNames {
		typed[name] = was[name]
		if form.Has(name) {
			typed[name] = canonicalField(name, last(form[name]))
		}
	}
	return typed
}

// canonicalField writes a number as Toggl's is written, so that 85.50 is no
// change of 85.5, nor 7:30 of 7.5.
func canonicalField(name, value string) string {
	switch name {
	case fieldRate, fieldLaborCost:
		if n, err := parseNumber(value); err == nil && n != nil {
			return formNumber(n)
		}
	case fieldHours:
		if minutes, ok := parseHours(value); ok {
			return formHours(&minutes)
		}
	}
	return value
}

// formHours writes minutes as hours: 7.5, or 7:20 where that is no short decimal.
func formHours(minutes *int64) string {
	switch {
	case minutes == nil:
		return ""
	case *minutes%3 == 0:
		return strconv.FormatFloat(float64(*minutes)/60, 'f', -1, 64)
	}
	sign, m := "", *minutes
	if m < 0 {
		sign, m = "-", -m
	}
	return sign + strconv.FormatInt(m/60, 10) + ":" + strconv.FormatInt(m%60+100, 10)[1:]
}

var clockForm = regexp.MustCompile(`^(\d{1,3}):([0-5]\d)$`)

// parseHours reads 7.5, 7,5 and 7:30 as minutes. Less than nothing is read too:
// Toggl says itself that it doesn't take that.
func parseHours(text string) (minutes int64, ok bool) {
	if m := clockForm.FindStringSubmatch(text); m != nil {
		hours, _ := strconv.ParseInt(m[1], 10, 64) // digits
		rest, _ := strconv.ParseInt(m[2], 10, 64)  // digits
		return hours*60 + rest, true
	}
	hours, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil || math.IsNaN(hours) || math.Abs(hours) > 10_000 {
		return 0, false
	}
	return int64(math.Round(hours * 60)), true
}

// workspaceUserFaults finds what can be known without asking Toggl, among the
// fields that were changed.
func workspaceUserFaults(typed userFields, changes []string) map[string]string {
	faults := map[string]string{}
	for _, name := range changes {
		switch name {
		case fieldRate, fieldLaborCost:
			if _, err := parseNumber(typed[name]); err != nil {
				faults[name] = numberFault(memberRate, typed[name])
			}
		case fieldHours:
			if _, ok := parseHours(typed[name]); !ok && typed[name] != "" {
				faults[name] = "Enter hours, such as 7.5 or 7:30."
			}
		}
	}
	return faults
}

// changedInWorkspace are the names of the fields that differ, in the order of
// the form.
func changedInWorkspace(was, now userFields) []string {
	return slices.DeleteFunc(slices.Clone(workspaceUserNames), func(name string) bool { return was[name] == now[name] })
}

// workspaceUserInput holds what changed. The deprecated flags are never among
// it, nor are the change modes: which values they take for a workspace user is
// not published, and without them Toggl does what it does by itself.
func workspaceUserInput(typed userFields, changes []string) apiclient.WorkspaceUserInput {
	var input apiclient.WorkspaceUserInput
	for _, name := range changes {
		flag := typed[name] == "true"
		switch name {
		case fieldRole:
			input.RoleID = idOf(typed[name])
		case fieldInactive:
			input.Inactive = &flag
		case fieldRate:
			input.Rate = nullable(typed[name])
		case fieldLaborCost:
			input.LaborCost = nullable(typed[name])
		case fieldHours:
			input.WorkingHoursInMinutes = apiclient.Clear[int64]()
			if minutes, ok := parseHours(typed[name]); ok {
				input.WorkingHoursInMinutes = apiclient.Set(minutes)
			}
		case memberRates:
			input.ViewEditBillableRates = &flag
		case memberCosts:
			input.ViewEditLaborCosts = &flag
		}
	}
	return input
}

// value is a field's content in words.
func (f workspaceUserForm) value(name, value string) string {
	switch name {
	case fieldRole:
		return f.choices.roleName(value)
	case fieldInactive:
		return activeWord(value)
	case fieldRate, fieldLaborCost:
		return moneyWords(value, f.workspace.currency)
	case memberRates, memberCosts:
		return views.YesNo(value == "true")
	default:
		return dash(value)
	}
}

// moneyWords leaves what isn't a number as it was typed.
func moneyWords(text, currency string) string {
	n, err := parseNumber(text)
	if err != nil || n == nil {
		return dash(text)
	}
	return views.Money(*n, currency)
}
