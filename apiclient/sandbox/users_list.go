package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

const defaultPerPage = 50

// usersQuery is the checked query of the users list.
type usersQuery struct {
	filter             string // lower case
	statuses           []string
	onlyAdmins         bool
	groups, workspaces []int64
	page, perPage      int
	descending         bool
}

// listOrganizationUsers answers one page of the users, with the figures of the
// pages in its headers.
func listOrganizationUsers(c *call) answer {
	if _, numeric := c.pathID("organization_id"); !numeric {
		return c.invalid("Missing or invalid organization_id.")
	}
	org, _ := c.admin()
	if org == nil {
		return c.deny("User is not authorized to list the organization users")
	}
	query, refusal := readUsersQuery(c)
	if refusal != "" {
		return c.invalid(refusal)
	}
	found, records := org.page(query)
	rows := make([]organizationUserWire, len(found))
	for i, u := range found {
		rows[i] = u.wire()
	}
	a := listOf(c, rows)
	if c.server.options.NoPageHeaders {
		return a
	}
	order := "asc"
	if query.descending {
		order = "desc"
	}
	return a.with("X-Page", strconv.Itoa(query.page)).
		with("X-Page-Size", strconv.Itoa(query.perPage)).
		with("X-Pages", strconv.Itoa((records+query.perPage-1)/query.perPage)).
		with("X-Records", strconv.Itoa(records)).
		with("X-Sort-Order", order)
}

// readUsersQuery returns the API's words where a parameter is wrong.
func readUsersQuery(c *call) (q usersQuery, refusal string) {
	values := c.request.URL.Query()
	q.filter = strings.ToLower(strings.TrimSpace(values.Get("filter")))
	q.statuses = csv(values["active_status"])
	for _, status := range q.statuses {
		if !slices.Contains([]string{"active", "inactive", "invited"}, status) {
			return q, "active_status parameter can contain only 'active', 'inactive' or 'invited'."
		}
	}
	switch values.Get("only_admins") {
	case "", "false":
	case "true":
		q.onlyAdmins = true
	default:
		return q, "only_admins parameter can contain only 'true' or 'false'."
	}
	if q.page, refusal = positive(values.Get("page"), "page", 1); refusal != "" {
		return q, refusal
	}
	if q.perPage, refusal = positive(values.Get("per_page"), "per_page", defaultPerPage); refusal != "" {
		return q, refusal
	}
	switch values.Get("sort_dir") {
	case "", "asc":
	case "desc":
		q.descending = true
	default:
		return q, "sort_dir parameter can contain only 'asc' or 'desc'."
	}
	var valid bool
	if q.groups, valid = csvIDs(values["groups"]); !valid {
		return q, "Invalid value sent for 'groups'."
	}
	if q.workspaces, valid = csvIDs(values["workspaces"]); !valid {
		return q, "Invalid value sent for 'workspaces'."
	}
	return q, ""
}

func positive(text, name string, fallback int) (n int, refusal string) {
	if text == "" {
		return fallback, ""
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil || n > 1<<31:
		return 0, "Invalid value sent for '" + name + "'."
	case n < 1:
		return 0, name + " parameter must contain values > 0."
	}
	return n, ""
}

// csv splits a list parameter, which may also be repeated.
func csv(values []string) []string {
	var parts []string
	for _, value := range values {
		if value != "" {
			parts = append(parts, strings.Split(value, ",")...)
		}
	}
	return parts
}

func csvIDs(values []string) (numbers []int64, valid bool) {
	for _, part := range csv(values) {
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return nil, false
		}
		numbers = append(numbers, id)
	}
	return numbers, true
}

// page scans the sorted users once: it counts all that match and keeps those
// of the page.
func (o *organization) page(q usersQuery) (rows []*orgUser, records int) {
	first := (q.page - 1) * q.perPage
	last := first + q.perPage
	keep := func(u *orgUser) {
		if records >= first && records < last {
			rows = append(rows, u)
		}
		records++
	}
	if q.descending {
		for _, u := range slices.Backward(o.sorted) {
			if q.matches(u) {
				keep(u)
			}
		}
		return rows, records
	}
	for _, u := range o.sorted {
		if q.matches(u) {
			keep(u)
		}
	}
	return rows, records
}

func (q *usersQuery) matches(u *orgUser) bool {
	return (!q.onlyAdmins || u.isAdmin()) &&
		(len(q.statuses) == 0 || slices.Contains(q.statuses, u.status())) &&
		(q.filter == "" || strings.Contains(u.account.search, q.filter)) &&
		(len(q.groups) == 0 || slices.ContainsFunc(q.groups, u.hasGroup)) &&
		(len(q.workspaces) == 0 || slices.ContainsFunc(q.workspaces, u.inWorkspace))
}

func (u *orgUser) inWorkspace(id int64) bool {
	_, found := u.search(id)
	return found
}
