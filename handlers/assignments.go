package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/views"
)

// showAssignments is the grid of users, or groups, and workspaces: one call,
// and one for each workspace in view where direct memberships are to be told
// from those through a group.
func (h *Handlers) showAssignments(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	q := readAssignmentsQuery(c.QueryParams())
	q.staged = q.staged && s.Role.MayChange()
	g, err := h.readGrid(c.Request().Context(), api, s, id, q, fromList)
	var refusal *apiclient.Error
	if errors.As(err, &refusal) && refusal.Kind == apiclient.ErrRefused {
		return h.renderAssignments(c, api, g, refusal)
	}
	if err != nil {
		return err
	}
	return h.renderAssignments(c, api, g, nil)
}

// renderAssignments shows the grid, or what Toggl said of the filters, which
// stay, as does what is staged.
func (h *Handlers) renderAssignments(c echo.Context, api *apiclient.Client, g *grid, refusal *apiclient.Error) error {
	status := http.StatusOK
	if refusal != nil {
		status = http.StatusUnprocessableEntity
	}
	v := h.assignmentsView(c, api, g, refusal)
	page := h.newPage(c, api, "Assignments")
	page.Fit, page.Failed, page.Here = true, refusal != nil, g.query.url(g.organizationID)
	page.Notes = append(page.Notes, append(h.runningNotes(c, g.organizationID), h.unfinishedNotes(c, g.organizationID)...)...)
	showAddress(c, page.Here, g.onlyTyped(c))
	if wantsFragment(c) {
		return render(c, status, views.AssignmentsFragment(page, v))
	}
	return render(c, status, views.AssignmentsPage(h.withFlash(c, page), v))
}

// onlyTyped is as onlyTyped, of the users table.
func (g *grid) onlyTyped(c echo.Context) bool {
	return onlyTyped(c, "filter", g.query.users.values(), tidyUsers)
}

func (h *Handlers) assignmentsView(c echo.Context, api *apiclient.Client, g *grid, refusal *apiclient.Error) views.Assignments {
	q, id := g.query, g.organizationID
	columns, number := g.shown()
	plan := changes.PlanSet(g.steps, g.access)
	v := views.Assignments{
		Groups: q.groups, Staged: q.staged, Direct: q.direct,
		UsersURL: views.AssignmentsURL(id, nil), GroupsURL: assignmentsQuery{groups: true}.url(id),
		FormURL: q.url(id), StepsURL: views.AssignmentsStepsURL(id, q.values()),
		DirectCost:  "costs " + views.Plural(len(columns), "request", "requests"),
		Columns:     g.columnViews(columns),
		ColumnPager: g.columnPager(number),
		Rows:        g.rowViews(columns, unsent(plan)),
		Drawer:      g.drawer(plan),
		Caption:     "Users by workspace",
	}
	v.Filter = g.filter(knownNames(c.Request().Context(), api, id), refusal)
	v.ShownRows, v.ShownColumns = shownRows(g.rows, v.Rows), shownColumns(columns)
	if q.groups {
		v.Caption = "Groups by workspace"
	}
	if g.directErr != nil {
		v.Note = h.partNote(c, "Not every workspace said who is a direct member.", g.directErr)
	}
	if refusal != nil {
		v.Refusal = g.refusal(refusal)
		v.Announce = "Toggl refused these filters"
		return v
	}
	v.Count = listCount(g.page, len(g.rows))
	v.Pager = g.pager()
	v.Announce = g.announcement()
	if len(g.rows) == 0 {
		v.Empty = g.empty(c, api)
	}
	return v
}

func (g *grid) announcement() string {
	if g.query.groups {
		return views.Plural(g.page.Records, "group", "groups")
	}
	return usersAnnouncement(g.page, len(g.rows))
}

// filter is the users table's form, over the grid. Rows with changes are all
// shown, and groups have a name alone.
func (g *grid) filter(names filterNames, refusal *apiclient.Error) views.UsersFilter {
	q, id := g.query, g.organizationID
	f := usersFilter(id, q.users, names, refusal)
	f.Action = views.AssignmentsURL(id, nil)
	if q.groups {
		f.Chips = nil
		f.Kept = append(f.Kept, views.Parameter{Name: "rows", Value: rowsGroups})
	}
	if q.workspacePage > 1 {
		f.Kept = append(f.Kept, views.Parameter{Name: "workspace_page", Value: strconv.Itoa(q.workspacePage)})
	}
	for i := range f.Chips {
		if choices := &f.Chips[i].Choices; !choices.Loaded {
			values := q.on("1").values()
			values.Set(overGrid, isTrue)
			choices.URL = views.UsersFilterURL(id, choices.Name, values)
		}
	}
	if f.ClearURL != "" {
		f.ClearURL = q.unfiltered().url(id)
	}
	return f
}

// overGrid marks the page on which a filter of the grid is chosen.
const overGrid = "grid"

func (g *grid) refusal(e *apiclient.Error) *views.ListRefusal {
	r := usersRefusal(g.organizationID, g.query.users, e)
	q := g.query
	values := q.values()
	values.Del(refusedParameter(e.Message))
	r.Clear.URL = views.AssignmentsURL(g.organizationID, values)
	if refusedParameter(e.Message) == "" {
		r.Clear.URL = q.unfiltered().url(g.organizationID)
	}
	return r
}

func (g *grid) empty(c echo.Context, api *apiclient.Client) *views.EmptyList {
	q, id := g.query, g.organizationID
	all := views.Link{Label: "Show all rows", URL: q.unfiltered().url(id)}
	switch {
	case q.staged:
		return &views.EmptyList{Strong: "No rows with changes", Text: "Tick boxes to stage changes.", Link: all}
	case q.groups && q.users.Filter != "":
		return &views.EmptyList{Strong: "No groups match this filter", Text: "Name contains “" + q.users.Filter + "”.", Link: all}
	case q.groups:
		return &views.EmptyList{Strong: "No groups in this organization", Text: "A group gives all of its users the same workspaces."}
	}
	v := emptyUsers(id, q.users, knownNames(c.Request().Context(), api, id))
	if v.Link.URL != "" {
		v.Link.URL = q.unfiltered().url(id)
	}
	return v
}

// pager numbers the pages of rows as the users table does.
func (g *grid) pager() views.Pager {
	return listPager(g.query.values(), g.page, len(g.rows), userPageSizes, func(values url.Values) string {
		return views.AssignmentsURL(g.organizationID, values)
	})
}
