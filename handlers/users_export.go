package handlers

import (
	"crypto/rand"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

func newExportName() string { return rand.Text() }

// isExportPoll reports whether the export's page asks by itself how far it is.
func isExportPoll(c echo.Context) bool {
	return c.Path() == views.PathUsersExport && c.QueryParam(autoParameter) != ""
}

// isDownload reports whether a route sends a file that may take longer than a
// page; it has limits of its own.
func isDownload(c echo.Context) bool {
	return c.Path() == views.PathUsersCSV || c.Path() == views.PathWorkspaceUsersCSV || c.Path() == views.PathAccessCSV || isActivityExport(c)
}

// showUsersExport says what an export would hold and cost, starts it, and tells
// how far it is. It asks Toggl nothing.
func (h *Handlers) showUsersExport(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	q := readUsersQuery(c.QueryParams())
	name := c.QueryParam(exportParameter)
	if !requestIDForm.MatchString(name) {
		name = newExportName()
	}
	v := h.usersExportView(c, api, id, q, name)
	h.exportProgress(c, &v, h.exports.find(exportKey(s, id, name)))
	page := h.newPage(c, api, "Export users")
	if v.Running || v.Stopped != nil {
		page.Title = v.State + " · " + page.Title
	}
	if wantsFragment(c) {
		return render(c, http.StatusOK, views.UsersExportFragment(page, v))
	}
	if v.Running {
		page.RefreshURL = v.PollURL
	}
	return render(c, http.StatusOK, views.UsersExportPage(h.withFlash(c, page), v))
}

func (h *Handlers) usersExportView(c echo.Context, api *apiclient.Client, id int64, q usersQuery, name string) views.UsersExport {
	v := views.UsersExport{BackURL: views.UsersURL(id, q.values()), Filters: "Everybody in the organization."}
	if q.filtered() {
		v.Filters = q.words(knownNames(c.Request().Context(), api, id))
	}
	query := q.unpaged().values()
	query.Set(exportParameter, name)
	v.DownloadURL, v.ProgressURL = views.UsersCSVURL(id, query), views.UsersExportURL(id, query)
	query.Set(autoParameter, "1")
	v.PollURL = views.UsersExportURL(id, query)
	v.Facts = h.exportCost(c, api, id, q, &v)
	return v
}

// exportCost says what is known without asking: how many users there are, how
// many requests that takes, and how many are left.
func (h *Handlers) exportCost(c echo.Context, api *apiclient.Client, id int64, q usersQuery, v *views.UsersExport) []views.Fact {
	users, exact := knownUsers(c, api, id, q)
	requests := (users + exportPage - 1) / exportPage
	size := views.Fact{Term: "Users", Value: views.Count(users)}
	cost := views.Fact{Term: "Requests to Toggl", Value: views.Count(requests), Hint: "one for each " + views.Count(exportPage) + " users"}
	if !exact {
		size.Value, size.Hint = "not known before it starts", ""
		cost.Value = "not known before it starts"
	} else if requests > 1 {
		took := time.Duration(requests) * time.Second
		size.Hint = "at most a request a second, so about " + took.String()
	}
	facts := []views.Fact{size, cost}
	quota, known := api.Quota(id)
	if !known {
		return append(facts, views.Fact{Term: "Requests left this hour", Value: "not known yet"})
	}
	clock := h.clock(c)
	facts = append(facts, views.Fact{
		Term: "Requests left this hour", Value: views.Count(quota.Remaining), Hint: "all are back at " + clock.Hour(quota.ResetsAt),
	})
	if exact && requests > quota.Remaining {
		v.Short = &views.Note{
			Kind: "warn", Strong: "The requests that are left don't suffice.",
			Text: "The export would stop half way, and say so on its last line. All requests are back at " + clock.Hour(quota.ResetsAt) + ". Filter the users, or wait.",
		}
	}
	return facts
}

// knownUsers is how many users the filters match, where a list that is
// remembered tells. It is not exact where none does.
func knownUsers(c echo.Context, api *apiclient.Client, id int64, q usersQuery) (users int, exact bool) {
	ctx, known := c.Request().Context(), api.Known()
	for _, list := range []usersQuery{q, q.unpaged()} {
		if list, err := known.ListOrganizationUsers(ctx, id, list.options()); err == nil && list.Page.Known {
			return list.Page.Records, true
		}
	}
	if o, err := known.GetOrganization(ctx, id); err == nil && !q.filtered() {
		return int(o.UserCount), true
	}
	return 0, false
}

func (h *Handlers) exportProgress(c echo.Context, v *views.UsersExport, s exportState) {
	v.Done, v.Total = s.Rows, s.Expected
	of := ""
	if s.Expected > 0 {
		of = " of " + views.Count(s.Expected)
	}
	rows := views.Count(s.Rows) + of + " users"
	switch {
	case s.Begun.IsZero() && isExportPoll(c):
		// It is about to start, or with another replica, which may have died.
		v.Running, v.State = true, "No word from the download yet: your browser shows whether it goes on"
	case s.Begun.IsZero():
	case s.Done:
		v.Finished, v.State = true, "All "+views.Plural(s.Rows, "user is", "users are")+" in the file"
		v.Announce = v.State
	case s.Stopped != "":
		v.State = "Stopped after " + rows
		v.Stopped = &views.Note{
			Kind: "bad", Strong: v.State + ".", Words: "", Text: s.Stopped + " The file that you may have is not whole: its last line says so.",
		}
		v.Announce = v.State
	default:
		v.Running, v.State = true, rows
	}
}
