package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// showUsers is the table of an organization's users: one call, and none while
// it is cached.
func (h *Handlers) showUsers(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	q := readUsersQuery(c.QueryParams())
	list, err := api.ListOrganizationUsers(c.Request().Context(), id, q.options())
	var refusal *apiclient.Error
	if errors.As(err, &refusal) && refusal.Kind == apiclient.ErrRefused {
		return h.renderUsers(c, api, id, q, list, refusal)
	}
	if err != nil {
		return err
	}
	return h.renderUsers(c, api, id, q, list, nil)
}

// renderUsers shows the list, or what Toggl said of the filters, which stay.
func (h *Handlers) renderUsers(c echo.Context, api *apiclient.Client, id int64, q usersQuery, list apiclient.OrganizationUserPage, refusal *apiclient.Error) error {
	status := http.StatusOK
	if refusal != nil {
		status = http.StatusUnprocessableEntity
	}
	v := h.usersView(c, api, id, q, list, refusal)
	page := h.newPage(c, api, "Users")
	page.Failed = refusal != nil
	address := views.UsersURL(id, q.values())
	page.Here, v.Here = address, address
	v.Compact = page.Compact
	page.Notes = append(page.Notes, h.runningNotes(c, id)...)
	showAddress(c, address, onlyTyped(c, "filter", q.values(), tidyUsers))
	if wantsFragment(c) {
		return render(c, status, views.UsersFragment(page, v))
	}
	return render(c, status, views.UsersPage(h.withFlash(c, page), v))
}

// onlyTyped reports whether nothing but what is in the search box changed since
// the address that the browser shows: then that address is replaced, so that
// Back doesn't go through every key. box is the parameter of the search box, now
// the list's tidy parameters, which tidy makes of any.
func onlyTyped(c echo.Context, box string, now url.Values, tidy func(url.Values) url.Values) bool {
	shown, err := url.Parse(c.Request().Header.Get(headerCurrentURL))
	if err != nil {
		return false
	}
	before := tidy(shown.Query())
	if before.Get(box) == now.Get(box) {
		return false
	}
	for _, values := range []url.Values{before, now} {
		values.Del(box)
		values.Del("page")
	}
	return before.Encode() == now.Encode()
}

func (h *Handlers) usersView(c echo.Context, api *apiclient.Client, id int64, q usersQuery, list apiclient.OrganizationUserPage, refusal *apiclient.Error) views.Users {
	columns := readColumns(c)
	names := knownNames(c.Request().Context(), api, id)
	v := views.Users{
		Tabs:       usersTabs(c.Request().Context(), api, id, q),
		Filter:     usersFilter(id, q, names, refusal),
		Columns:    columnChoices(columns),
		Shown:      columns,
		Sort:       listSort(q.values(), func(values url.Values) string { return views.UsersURL(id, values) }),
		ColumnsURL: views.UsersColumnsURL(id),
		ExportURL:  views.UsersExportURL(id, q.values()),
		InviteURL:  views.InvitationsURL(id),
	}
	if refusal != nil {
		v.Refusal = usersRefusal(id, q, refusal)
		v.Announce = "Toggl refused these filters"
		return v
	}
	clock := h.clock(c)
	v.Rows = make([]views.UserRow, 0, len(list.Users))
	for i := range list.Users {
		v.Rows = append(v.Rows, userRow(id, &list.Users[i], columns, clock))
	}
	v.Count = listCount(list.Page, len(list.Users))
	v.Bulk = usersBulk(id, q, list.Page, len(list.Users))
	v.Pager = listPager(q.values(), list.Page, len(list.Users), userPageSizes, func(values url.Values) string { return views.UsersURL(id, values) })
	v.Announce = usersAnnouncement(list.Page, len(list.Users))
	if len(list.Users) == 0 {
		v.Empty = emptyUsers(id, q, names)
	}
	return v
}

// listCount is the number of all matches, empty where nobody said it.
func listCount(page apiclient.Page, rows int) string {
	switch {
	case page.Known:
		return views.Count(page.Records)
	case page.Number <= 1 && !page.HasNext:
		return views.Count(rows)
	default:
		return ""
	}
}

func usersAnnouncement(page apiclient.Page, rows int) string {
	if page.Known {
		return views.Plural(page.Records, "user", "users")
	}
	return views.Plural(rows, "user", "users") + " on this page"
}

func emptyUsers(id int64, q usersQuery, names filterNames) *views.EmptyList {
	if q.Page != "" && q.Page != "1" {
		return &views.EmptyList{
			Strong: "There is no page " + q.Page, Text: "The list is shorter than that.",
			Link: views.Link{Label: "First page", URL: views.UsersURL(id, q.on("1").values())},
		}
	}
	if !q.filtered() {
		return &views.EmptyList{Strong: "No users in this organization", Text: "Invite somebody in Toggl, then read again."}
	}
	return &views.EmptyList{
		Strong: "No users match these filters", Text: q.words(names),
		Link: views.Link{Label: "Clear filters", URL: views.UsersURL(id, q.unfiltered().values())},
	}
}

// chooseUsersColumns remembers in this browser which columns are shown.
func (h *Handlers) chooseUsersColumns(c echo.Context, _ *apiclient.Client) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	h.rememberColumns(c, form)
	return redirect(c, auth.SafeReturn(form.Get("return_to")))
}
