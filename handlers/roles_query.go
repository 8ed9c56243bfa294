package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"roster/views"
)

// rolesQuery is what the address says on the pages about roles. None of it goes
// to Toggl, whose calls for roles have no parameters, so that a value that makes
// no sense is left out.
type rolesQuery struct {
	// Track asks for Track's roles where Focus is connected, too.
	Track bool
	// Text is what is looked for.
	Text string
	// Roles are those to compare, in this order.
	Roles []int64
	// All asks for permissions that don't differ, too.
	All bool
	// Permission is the key of the one that is asked about, Role is the role.
	Permission string
	Role       int64
	// Page is which of the people with a role are shown.
	Page int
	// Reads is how many pages of users may be read to count people; 0 for none.
	Reads int
}

const (
	sourceTrack = "track"
	yes         = "1"
	// mostRoles bounds a comparison, and so its address.
	mostRoles = 100
	// mostReads bounds what an address may have read, together with what is
	// known by then: readsAtOnce bounds what one request reads.
	mostReads = 1000
)

func readRolesQuery(values url.Values) rolesQuery {
	q := rolesQuery{
		Track: values.Get("source") == sourceTrack, Text: strings.TrimSpace(values.Get("q")), Permission: values.Get("permission"), Page: 1,
	}
	for _, text := range values["role"] {
		id, err := strconv.ParseInt(text, 10, 64)
		if err == nil && !slices.Contains(q.Roles, id) && len(q.Roles) < mostRoles {
			q.Roles = append(q.Roles, id)
		}
	}
	if all := values["all"]; len(all) > 0 {
		q.All = all[len(all)-1] == yes // the box comes after what stands for it when it is empty
	}
	if len(q.Roles) > 0 {
		q.Role = q.Roles[0]
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 0 {
		q.Page = n
	}
	if n, err := strconv.Atoi(values.Get("reads")); err == nil && n > 0 {
		q.Reads = min(n, mostReads)
	}
	return q
}

// values is the address again, tidy.
func (q rolesQuery) values() url.Values {
	values := url.Values{}
	if q.Track {
		values.Set("source", sourceTrack)
	}
	if q.Text != "" {
		values.Set("q", q.Text)
	}
	for _, id := range q.Roles {
		values.Add("role", strconv.FormatInt(id, 10))
	}
	if q.All {
		values.Set("all", yes)
	}
	if q.Permission != "" {
		values.Set("permission", q.Permission)
	}
	if q.Page > 1 {
		values.Set("page", strconv.Itoa(q.Page))
	}
	if q.Reads > 0 {
		values.Set("reads", strconv.Itoa(q.Reads))
	}
	return values
}

// listValues are those of the list of roles, comparedValues of a comparison and
// whoValues of the question who can.
func (q rolesQuery) listValues() url.Values {
	return rolesQuery{Track: q.Track, Text: q.Text, Reads: q.Reads}.values()
}

func (q rolesQuery) comparedValues() url.Values {
	return rolesQuery{Track: q.Track, Text: q.Text, Roles: q.Roles, All: q.All}.values()
}

func (q rolesQuery) whoValues() url.Values {
	who := rolesQuery{Track: q.Track, Text: q.Text, Permission: q.Permission, Page: q.Page, Reads: q.Reads}
	if q.Permission == "" {
		who.Roles = q.Roles[:min(1, len(q.Roles))]
	}
	return who.values()
}

func tidyRoles(values url.Values) url.Values    { return readRolesQuery(values).listValues() }
func tidyCompared(values url.Values) url.Values { return readRolesQuery(values).comparedValues() }
func tidyWho(values url.Values) url.Values      { return readRolesQuery(values).whoValues() }

// parameters are the same for a form, in a steady order.
func (q rolesQuery) parameters() []views.Parameter {
	var list []views.Parameter
	values := q.values()
	for _, name := range []string{"source", "role", "permission"} {
		for _, value := range values[name] {
			list = append(list, views.Parameter{Name: name, Value: value})
		}
	}
	return list
}
