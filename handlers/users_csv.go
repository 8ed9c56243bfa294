package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

const (
	// exportPage is how many users one request of an export brings.
	exportPage = 200
	// mostExported bounds an export; no organization is that large.
	mostExported = 100_000
	// exportParameter carries the name under which a page watches its export.
	exportParameter = "export"
)

// exportUsers sends everybody that the filters match as a file, page by page as
// Toggl gives them.
func (h *Handlers) exportUsers(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	q := readUsersQuery(c.QueryParams()).unpaged()
	if fromElsewhere(c) {
		return c.Redirect(http.StatusSeeOther, views.UsersExportURL(id, q.values()))
	}
	if err := giveTime(http.NewResponseController(c.Response())); err != nil {
		return err
	}
	key := exportKey(s, id, c.QueryParam(exportParameter))
	if !h.exports.begin(key) {
		return c.NoContent(http.StatusNoContent) // pressed twice: the first goes on
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), exportTimeout)
	defer cancel()
	file := newCSVFile(c, h.exportName(c, "organization", id), userCSV)
	expected, err := h.writeUsers(ctx, api, id, q, file, func(rows, expected int) {
		h.exports.update(key, func(s *exportState) { s.Rows, s.Expected = rows, expected })
	})
	if err == nil {
		h.exports.update(key, func(s *exportState) { s.Done = true })
		return nil
	}
	words := h.stopWords(c, err)
	h.exports.update(key, func(s *exportState) { s.Stopped = words })
	return file.cutShort(ofExpected(expected), words, err)
}

// unpaged is the same list from its start, and all of it.
func (q usersQuery) unpaged() usersQuery {
	q.Page, q.PerPage = "", ""
	return q
}

// fromElsewhere reports whether another site's page led here. Nothing changes
// on a download, but it costs the person's requests.
func fromElsewhere(c echo.Context) bool {
	site := c.Request().Header.Get("Sec-Fetch-Site")
	return site == "cross-site" || site == "same-site"
}

// exportKey is whose export it is, and which; a download that no page watches
// has a name of its own.
func exportKey(s *auth.Session, organizationID int64, name string) string {
	if !requestIDForm.MatchString(name) {
		name = newExportName()
	}
	return s.Subject + " " + strconv.FormatInt(organizationID, 10) + " " + name
}

// exportName is the same for everybody and holds nothing that anybody typed.
func (h *Handlers) exportName(c echo.Context, kind string, id int64) string {
	date := h.now().In(h.clock(c).Location).Format("2006-01-02")
	return kind + "-" + strconv.FormatInt(id, 10) + "-users-" + date + ".csv"
}

var (
	errListMoved = errors.New("the list changed while it was read")
	errTooMany   = errors.New("more users than an export may have")
)

// writeUsers reads page after page and writes each. It asks Toggl itself every
// time: what is remembered could be from another hour.
func (h *Handlers) writeUsers(ctx context.Context, api *apiclient.Client, id int64, q usersQuery, file *csvFile[apiclient.OrganizationUser], report func(rows, expected int)) (expected int, err error) {
	options := q.options()
	options.PerPage = strconv.Itoa(exportPage)
	written := map[int64]bool{}
	for number := 1; ; number++ {
		options.Page = strconv.Itoa(number)
		page, err := readExportPage(ctx, api, id, options)
		if err != nil {
			return expected, err
		}
		if page.Page.Known {
			if number > 1 && page.Page.Records != expected {
				return expected, errListMoved // and so did who stands on which page
			}
			expected = page.Page.Records
		}
		fresh := page.Users[:0:0]
		for _, u := range page.Users {
			if !written[u.ID] { // somebody before them was added meanwhile
				written[u.ID] = true
				fresh = append(fresh, u)
			}
		}
		if err := file.add(fresh); err != nil {
			return expected, err
		}
		report(file.rows, expected)
		switch {
		case len(page.Users) > 0 && len(fresh) == 0:
			return expected, errListMoved // the same page again and again
		case page.Page.HasNext && file.rows >= mostExported:
			return expected, errTooMany
		case page.Page.HasNext && len(page.Users) > 0:
			continue
		case file.rows < expected:
			return expected, errListMoved
		}
		return expected, nil
	}
}

// readExportPage gives one page the time that a page of Roster's has.
func readExportPage(ctx context.Context, api *apiclient.Client, id int64, options apiclient.ListOrganizationUsersOptions) (apiclient.OrganizationUserPage, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	return api.Fresh().ListOrganizationUsers(ctx, id, options)
}

// stopWords say in a line why an export stopped.
func (h *Handlers) stopWords(c echo.Context, err error) string {
	var upstream *apiclient.Error
	switch {
	case errors.Is(err, errListMoved):
		return "The list of users changed while it was read. Export it again."
	case errors.Is(err, errTooMany):
		return "An export holds at most " + strconv.Itoa(mostExported) + " users. Filter them."
	case errors.Is(err, context.Canceled):
		return "The download was given up."
	case !errors.As(err, &upstream):
		return "Roster failed. Request " + requestIDOf(c)
	}
	p := h.upstreamProblem(c, upstream)
	words := []string{p.Title + "."}
	if p.Words != "" {
		words = append(words, p.Words)
	}
	if upstream.Kind == apiclient.ErrQuota || upstream.Kind == apiclient.ErrRateLimited {
		words = append(words, h.comesBack(c, upstream.RetryAfter))
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

func ofExpected(expected int) string {
	if expected == 0 {
		return ""
	}
	return " of " + strconv.Itoa(expected)
}

// exportWorkspaceUsers sends the users of a workspace that the name matches.
// Toggl gives them all at once.
func (h *Handlers) exportWorkspaceUsers(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	workspaceID, err := pathID(c, "workspace_id")
	if err != nil {
		return err
	}
	name := strings.TrimSpace(c.QueryParam("name"))
	if fromElsewhere(c) {
		return c.Redirect(http.StatusSeeOther, views.WorkspaceURL(id, workspaceID, nil))
	}
	if err := giveTime(http.NewResponseController(c.Response())); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), requestTimeout)
	defer cancel()
	users, err := api.Fresh().ListWorkspaceUsers(ctx, id, workspaceID, apiclient.ListWorkspaceUsersOptions{Name: name})
	if err != nil {
		return err
	}
	file := newCSVFile(c, h.exportName(c, "workspace", workspaceID), workspaceUserCSV)
	for first := 0; first == 0 || first < len(users); first += exportPage {
		if err := file.add(users[first:min(first+exportPage, len(users))]); err != nil {
			return file.cutShort(ofExpected(len(users)), h.stopWords(c, err), err)
		}
	}
	return nil
}
