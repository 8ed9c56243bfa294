package handlers

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
	"roster/views"
)

var (
	// refusedField is how Focus names the parameter that it refuses: as a field
	// of its own program, "Pagination.PerPage".
	refusedField = regexp.MustCompile(`Field validation for '([A-Za-z]+)`)
	// refusedNumber names the value and not the parameter.
	refusedNumber = regexp.MustCompile(`parsing ("(?:[^"\\]|\\.)*")`)
)

// refusedBy are the parameters that Focus' words may be about: the one that they
// name, or those that hold the value that they quote.
func (q focusUsersQuery) refusedBy(message string) []string {
	names := slices.Sorted(maps.Keys(q.values))
	if m := refusedField.FindStringSubmatch(message); m != nil {
		return slices.DeleteFunc(names, func(name string) bool {
			return !strings.EqualFold(strings.ReplaceAll(name, "_", ""), m[1])
		})
	}
	m := refusedNumber.FindStringSubmatch(message)
	if m == nil {
		return nil
	}
	value, err := strconv.Unquote(m[1])
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return name == "filter" || !slices.Contains(q.list(name), value)
	})
}

// refusal is what Focus said of the query, and how to go on.
func (q focusUsersQuery) refusal(organizationID int64, e *apiclient.Error) *views.ListRefusal {
	r := &views.ListRefusal{Words: e.Message, Status: e.Status, Trace: traceOf(e)}
	names := q.refusedBy(e.Message)
	if len(names) == 0 {
		r.Clear = views.Link{Label: "Clear filters", URL: views.FocusUsersURL(organizationID, nil)}
		return r
	}
	values := maps.Clone(q.values)
	labels := make([]string, len(names))
	for i, name := range names {
		labels[i] = focusLabels[name]
		values.Del(name)
	}
	r.Place = joinNames(labels, len(labels))
	label := "Show the list without it"
	if len(names) > 1 {
		label = "Show the list without them"
	}
	r.Clear = views.Link{Label: label, URL: views.FocusUsersURL(organizationID, values)}
	return r
}
