package handlers

import (
	"maps"
	"slices"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/changes"
	"roster/views"
)

// usersBulk is the bar below the table.
func usersBulk(id int64, q usersQuery, page apiclient.Page, rows int) views.Bulk {
	b := views.Bulk{
		All: q.Scope == scopeAll, Kept: parameters(q), ClearURL: views.UsersURL(id, q.unselected().values()),
		GroupsURL:     views.UsersChangeURL(id, string(changes.AddToGroups), nil),
		RoleURL:       views.UsersChangeURL(id, string(changes.SetRole), nil),
		DeactivateURL: views.UsersChangeURL(id, string(changes.Deactivate), nil),
		ReactivateURL: views.UsersChangeURL(id, string(changes.Reactivate), nil),
		RemovalURL:    views.UsersRemovalURL(id, nil),
		AllLabel:      "Select all that match", AllSelected: "All that match selected",
	}
	if count := listCount(page, rows); count != "" {
		b.AllLabel, b.AllSelected = "Select all "+count, "All "+count+" selected"
	}
	if page.HasNext || page.Number > 1 {
		all := q
		all.Scope = scopeAll
		b.AllURL = views.UsersURL(id, all.values())
	}
	return b
}

// usersPage is the frame of a page that lies below the users without having an
// address below theirs.
func (h *Handlers) usersPage(c echo.Context, api *apiclient.Client, title string) views.Page {
	p := h.newPage(c, api, title)
	for i := range p.Nav {
		p.Nav[i].Current = p.Organization != nil && p.Nav[i].URL == p.Organization.UsersURL
	}
	return p
}

// parameters are those of the list, to travel along in a form.
func parameters(q usersQuery) []views.Parameter {
	values := q.values()
	var list []views.Parameter
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = append(list, views.Parameter{Name: name, Value: values.Get(name)})
	}
	return list
}
