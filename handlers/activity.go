package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/store"
	"roster/views"
)

const (
	activityRows = 50
	recentRows   = 5
)

// errNotAdmin: only an admin of the organization may see it.
var errNotAdmin = errors.New("not an admin of the organization")

// showActivity is the log of the organization's changes, for its admins. It asks
// Toggl nothing.
func (h *Handlers) showActivity(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	if !isAdmin(s, id) {
		return errNotAdmin
	}
	q := readActivityQuery(c.QueryParams())
	filter, faults := q.filter(id, h.clock(c).Location)
	var entries []store.ActivityEntry
	if len(faults) == 0 {
		filter.Limit = activityRows + 1 // one more tells whether there are older ones
		if entries, err = h.store.Activities(c.Request().Context(), filter); err != nil {
			return errors.Join(errStore, err)
		}
	}
	v := h.activityView(c, api, id, q, entries)
	q.mark(&v, faults)
	page := h.newPage(c, nil, "Activity")
	status := http.StatusOK
	if len(faults) > 0 {
		status, page.Failed = http.StatusUnprocessableEntity, true
	}
	return render(c, status, views.ActivityPage(h.withFlash(c, page), v))
}

// recentChanges are the last changes, for the overview of an admin.
func (h *Handlers) recentChanges(c echo.Context, organizationID int64) ([]views.ActivityRow, error) {
	entries, err := h.store.Activities(c.Request().Context(), store.ActivityFilter{OrganizationID: organizationID, Limit: recentRows})
	if err != nil {
		return nil, errors.Join(errStore, err)
	}
	rows := make([]views.ActivityRow, len(entries))
	for i := range entries {
		rows[i] = activityRow(h.clock(c), &entries[i], activityNames{})
		rows[i].Time = h.clock(c).Ago(entries[i].At)
	}
	return rows, nil
}
