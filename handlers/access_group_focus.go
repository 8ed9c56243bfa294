package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// paramOf says in the address of a group's access whose number of the group it
// is: productFocus, or else Track's.
const (
	paramOf      = "of"
	productFocus = "focus"
)

// An accessGroup is the group that the address of its access means.
type accessGroup struct {
	// focus is the group in Focus, where the address means that.
	focus *group
	// connected says that the pages about groups show Focus', not Track's.
	connected bool
}

// readAccessGroup reads the group of Focus that is meant, unless it is known.
func (h *Handlers) readAccessGroup(c echo.Context, api *apiclient.Client, s *auth.Session, groupID int64) (accessGroup, error) {
	of := accessGroup{connected: s.FocusKey != ""}
	if !of.connected || c.QueryParam(paramOf) != productFocus {
		return of, nil
	}
	r, err := h.readGroupsRequest(c, api, s)
	if err != nil {
		return of, err
	}
	found, err := r.source.find(c.Request().Context(), api, groupID)
	of.focus = &found
	return of, err
}

// accessValues have the page about access know whose number a group's is.
func (f *groupForm) accessValues() url.Values {
	if !f.focus {
		return nil
	}
	return url.Values{paramOf: {productFocus}}
}

// url keeps in the address which group it means.
func (of accessGroup) url(organizationID, groupID int64) func(url.Values) string {
	return func(values url.Values) string {
		if of.focus != nil {
			values.Set(paramOf, productFocus)
		}
		return views.GroupAccessURL(organizationID, groupID, values)
	}
}

// groupURL is the group's own page, or where Focus may have another group of that
// number, the list of those that have its name.
func (of accessGroup) groupURL(organizationID int64, g apiclient.Group) string {
	if of.connected && of.focus == nil {
		return views.GroupsURL(organizationID, url.Values{"filter": {g.Name}})
	}
	return views.GroupURL(organizationID, g.GroupID, nil)
}

// renderNoTwin says that nothing is known of access through a group of Focus', and
// what Focus tells of it. Groups of Track's with its name may be meant.
func (h *Handlers) renderNoTwin(c echo.Context, api *apiclient.Client, w accessWhy, g group, groups []apiclient.Group) error {
	id := w.organizationID
	note := noTwinNote(g)
	w.view = views.Access{
		Back:    views.Link{Label: "Groups", URL: views.GroupsURL(id, nil)},
		Subject: views.Link{Label: groupName(g), URL: views.GroupURL(id, g.ID, nil)},
		Title:   "What " + groupName(g) + " gives access to",
		Facts: []views.Fact{
			{Term: "Members", Value: views.Count(len(g.Members)), Hint: "in Toggl Focus"},
			{Term: "Workspaces", Value: views.Count(len(g.Workspaces)), Hint: "in Toggl Focus"},
		},
	}
	for _, other := range groups {
		if strings.EqualFold(strings.TrimSpace(other.Name), strings.TrimSpace(g.Name)) {
			note.Link = views.Link{Label: "Track’s group of this name", URL: views.GroupAccessURL(id, other.GroupID, nil)}
		}
	}
	w.view.Notes = []views.Note{note}
	page := h.newPage(c, api, w.view.Title)
	return render(c, http.StatusOK, views.AccessPage(h.withFlash(c, page), w.view))
}
