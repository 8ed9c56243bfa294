package handlers

import (
	"net/url"
	"slices"
	"strconv"

	"roster/apiclient"
	"roster/views"
)

// assignmentsQuery is the grid's address: the parameters of the users table,
// and which rows and columns of the grid are shown.
type assignmentsQuery struct {
	users         usersQuery
	groups        bool // rows are groups
	workspacePage int  // from 1
	staged        bool // only rows with changes
	direct        bool // direct memberships are told from those through a group
}

// What the parameters say; anything else is as if they weren't there.
const (
	rowsGroups = "groups"
	isTrue     = "true"
)

func readAssignmentsQuery(values url.Values) assignmentsQuery {
	q := assignmentsQuery{
		users:  readUsersQuery(values).unselected(),
		groups: values.Get("rows") == rowsGroups,
		staged: values.Get("staged") == isTrue,
		direct: values.Get("direct") == isTrue,
	}
	q.workspacePage, _ = strconv.Atoi(values.Get("workspace_page")) // no number is the first page
	q.workspacePage = max(1, q.workspacePage)
	return q
}

func (q assignmentsQuery) values() url.Values {
	values := q.users.values()
	if q.groups {
		values.Set("rows", rowsGroups)
	}
	if q.workspacePage > 1 {
		values.Set("workspace_page", strconv.Itoa(q.workspacePage))
	}
	if q.staged {
		values.Set("staged", isTrue)
	}
	if q.direct {
		values.Set("direct", isTrue)
	}
	return values
}

func (q assignmentsQuery) url(organizationID int64) string {
	return views.AssignmentsURL(organizationID, q.values())
}

// on is the same grid on another page of rows.
func (q assignmentsQuery) on(page string) assignmentsQuery {
	q.users = q.users.on(page)
	return q
}

// unfiltered shows all rows, and keeps the columns.
func (q assignmentsQuery) unfiltered() assignmentsQuery {
	q.users, q.staged = q.users.unfiltered(), false
	return q
}

// number is the page of rows, where it is chosen here and not by Toggl.
func (q assignmentsQuery) number() int {
	n, err := strconv.Atoi(q.users.Page)
	if err != nil {
		return 1
	}
	return max(1, n)
}

// cut is the part of rows that the page shows, where Toggl gives all at once.
func cut[T any](rows []T, q assignmentsQuery) ([]T, apiclient.Page) {
	size, err := strconv.Atoi(q.users.PerPage)
	if err != nil || !slices.Contains(rowsOnPage, size) {
		size = usualRows
	}
	page := apiclient.Page{Number: q.number(), Size: size, Records: len(rows), Pages: (len(rows) + size - 1) / size, Known: true}
	page.Number = min(page.Number, max(1, page.Pages))
	page.HasNext = page.Number < page.Pages
	first := (page.Number - 1) * size
	return rows[first:min(len(rows), first+size)], page
}
