package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"roster/store"
	"roster/views"
)

// An activityQuery is which part of the log is shown, as in the address.
type activityQuery struct {
	person, target, operation, result, from, to string
	before                                      int64
}

func readActivityQuery(values url.Values) activityQuery {
	get := func(name string) string { return strings.TrimSpace(values.Get(name)) }
	q := activityQuery{
		person: get("person"), target: get("target"), operation: get("operation"), result: get("result"), from: get("from"), to: get("to"),
	}
	if before, err := strconv.ParseInt(values.Get("before"), 10, 64); err == nil && before > 0 {
		q.before = before
	}
	return q
}

func (q activityQuery) values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{
		"person": q.person, "target": q.target, "operation": q.operation, "result": q.result, "from": q.from, "to": q.to,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.before > 0 {
		values.Set("before", strconv.FormatInt(q.before, 10))
	}
	return values
}

func (q activityQuery) filtered() bool {
	q.before = 0
	return q != activityQuery{}
}

func (q activityQuery) olderThan(id int64) activityQuery {
	q.before = id
	return q
}

// filter reads the dates in the person's time zone; "to" is the last day that is
// shown. Faults are words about a field.
func (q activityQuery) filter(organizationID int64, location *time.Location) (f store.ActivityFilter, faults map[string]string) {
	f = store.ActivityFilter{
		OrganizationID: organizationID, Person: q.person, Target: q.target, Operation: q.operation, Result: q.result, Before: q.before,
	}
	faults = map[string]string{}
	day := func(name, text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		t, err := time.ParseInLocation(time.DateOnly, text, location)
		if err != nil {
			faults[name] = "Write a date as 2026-11-21."
		}
		return t
	}
	f.From, f.To = day("from", q.from), day("to", q.to)
	if !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1)
	}
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) && len(faults) == 0 {
		faults["to"] = "This is before the first day."
	}
	return f, faults
}

// mark fills the filters in, with what is wrong with them.
func (q activityQuery) mark(v *views.Activity, faults map[string]string) {
	field := func(name, label, value string) views.Field {
		return views.Field{ID: "activity-" + name, Name: name, Label: label, Value: value, Error: views.FieldError{Text: faults[name]}}
	}
	v.Person = field("person", "Who", q.person)
	v.Target = field("target", "What", q.target)
	v.Operation = field("operation", "Change", q.operation)
	v.Operation.Options = logOptions("Any change", q.operation, operationOptions())
	v.Result = field("result", "Result", q.result)
	v.Result.Options = logOptions("Any result", q.result, resultOptions())
	v.From = field("from", "From", q.from)
	v.To = field("to", "To", q.to)
	v.Filtered = q.filtered()
}

// logOptions are choices with one for all before them, and the chosen one even
// where it is not among them.
func logOptions(all, chosen string, list []views.Option) []views.Option {
	list = append([]views.Option{{Label: all}}, list...)
	found := false
	for i := range list {
		list[i].Chosen = list[i].Value == chosen
		found = found || list[i].Chosen
	}
	if !found {
		list = append(list, views.Option{Value: chosen, Label: chosen, Chosen: true})
	}
	return list
}

func operationOptions() []views.Option {
	list := make([]views.Option, 0, len(operationWords))
	for operation, words := range operationWords {
		list = append(list, views.Option{Value: operation, Label: words})
	}
	slices.SortFunc(list, func(a, b views.Option) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	return list
}

func resultOptions() []views.Option {
	var list []views.Option
	for _, result := range []string{store.ResultDone, store.ResultRefused, store.ResultFailed, store.ResultBegun, store.ResultDenied} {
		list = append(list, views.Option{Value: result, Label: resultTags[result].Text})
	}
	return list
}
