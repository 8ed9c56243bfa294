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

// focusPageSizes end where Focus refuses.
var focusPageSizes = []int{25, 50, 100}

// onlyFocus is what the users of Focus have to tell beyond Track's.
const onlyFocus = "Roles for each product and workspace, tags, rates and locked accounts come from there."

// showFocusUsers is the table of an organization's users as Focus knows them:
// one call, and none while it is cached.
func (h *Handlers) showFocusUsers(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	q := readFocusUsersQuery(c.QueryParams())
	if !api.HasFocus() && !wantsFragment(c) {
		return h.renderNotConnected(c, noFocusUsers(id, q))
	}
	list, err := api.ListUsers(c.Request().Context(), focusID(s, id), q.options())
	var refusal *apiclient.Error
	if errors.As(err, &refusal) && refusal.Kind == apiclient.ErrRefused {
		err = nil
	}
	if err != nil {
		return err
	}
	return h.renderFocusUsers(c, api, s, focusUsers{id, q, list, refusal})
}

func noFocusUsers(organizationID int64, q focusUsersQuery) views.NotConnected {
	return views.NotConnected{
		Title: "Focus users", Text: onlyFocus,
		Track: views.Link{Label: "Users of Toggl Track", URL: views.UsersURL(organizationID, q.shared())},
	}
}

// renderNotConnected is a page that only Focus can fill.
func (h *Handlers) renderNotConnected(c echo.Context, v views.NotConnected) error {
	if !h.isShared() {
		v.ConnectURL = connectFocusURL(c)
	}
	return render(c, http.StatusOK, views.NotConnectedPage(h.withFlash(c, h.newPage(c, nil, v.Title)), v))
}

// focusUsers is the list, or what Focus said of the filters, which stay.
type focusUsers struct {
	organizationID int64
	query          focusUsersQuery
	list           apiclient.FocusUserPage
	refusal        *apiclient.Error
}

func (l focusUsers) url(values url.Values) string {
	return views.FocusUsersURL(l.organizationID, values)
}

func (h *Handlers) renderFocusUsers(c echo.Context, api *apiclient.Client, s *auth.Session, l focusUsers) error {
	status := http.StatusOK
	if l.refusal != nil {
		status = http.StatusUnprocessableEntity
	}
	v := h.focusUsersView(c, api, s, l)
	page := h.newPage(c, api, "Focus users")
	page.Failed = l.refusal != nil
	address := l.url(l.query.values)
	page.Here = address
	showAddress(c, address, onlyTyped(c, "filter", tidyFocusUsers(l.query.values), tidyFocusUsers))
	return renderEither(c, status, views.FocusUsersPage(h.withFlash(c, page), v), views.FocusUsersFragment(page, v))
}

func (h *Handlers) focusUsersView(c echo.Context, api *apiclient.Client, s *auth.Session, l focusUsers) views.FocusUsers {
	ctx, id, q, rows := c.Request().Context(), l.organizationID, l.query, len(l.list.Users)
	var refused []string
	if l.refusal != nil {
		refused = q.refusedBy(l.refusal.Message)
	}
	v := views.FocusUsers{
		Tabs:   focusUsersTabs(ctx, api, s, id, q),
		Filter: q.filter(id, knownFocusNames(ctx, api, s, id, l.list.Users), refused),
		Sort:   listSort(q.values, l.url),
		Rates:  q.text("include_rates") == isTrue,
		Hours:  q.text("include_working_hours") == isTrue,
	}
	if l.refusal != nil {
		v.Refusal = q.refusal(id, l.refusal)
		v.Announce = "Toggl refused these filters"
		return v
	}
	clock := h.clock(c)
	v.Rows = make([]views.FocusUserRow, 0, rows)
	for i := range l.list.Users {
		v.Rows = append(v.Rows, focusUserRow(id, &l.list.Users[i], clock))
	}
	v.Count = listCount(l.list.Page, rows)
	v.Pager = listPager(q.values, l.list.Page, rows, focusPageSizes, l.url)
	v.Announce = usersAnnouncement(l.list.Page, rows)
	if rows == 0 {
		v.Empty = l.empty(v.Filter)
	}
	return v
}

func (l focusUsers) empty(filter views.UsersFilter) *views.EmptyList {
	q := l.query
	switch page := q.text("page"); {
	case page != "" && page != "1":
		return &views.EmptyList{
			Strong: "There is no page " + page, Text: "The list is shorter than that.",
			Link: views.Link{Label: "First page", URL: l.url(onPage(q.values, 1))},
		}
	case !q.filtered():
		return &views.EmptyList{Strong: "Focus shows no users of this organization", Text: "Guests see only those who share projects with them."}
	}
	return &views.EmptyList{
		Strong: "No users match these filters", Text: filterWords(filter),
		Link: views.Link{Label: "Clear filters", URL: l.url(q.unfiltered())},
	}
}

// asTrackUser is a Focus user as far as Track tells the same of its own.
func asTrackUser(u *apiclient.FocusUser) apiclient.OrganizationUser {
	return apiclient.OrganizationUser{
		ID: u.ID, UserID: u.UserAccountID, Name: u.Name, Email: u.Email, Joined: u.Joined, Inactive: !u.Active,
		Owner: u.Owner, Admin: u.Admin, TwoFactorEnabled: u.TwoFactorEnabled, CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
	}
}

// focusUserRow makes a table row of a Focus user.
func focusUserRow(organizationID int64, u *apiclient.FocusUser, clock views.Clock) views.FocusUserRow {
	same := asTrackUser(u)
	row := views.FocusUserRow{
		URL: views.FocusUserURL(organizationID, u.ID), Name: displayName(u.Name, u.Email), Email: u.Email, Avatar: views.AvatarOf(u.Name),
		Status: userStatus(&same), Notice: focusNotice(u, clock), Role: userRole(&same), TwoFactor: twoFactor(&same),
		Products:    productsOf(u),
		Workspaces:  shortList(u.Workspaces, func(w apiclient.FocusUserWorkspace) string { return w.Name }),
		NoWorkspace: len(u.Workspaces) == 0 && u.Joined && u.Active,
		Groups:      shortList(u.Groups, func(g apiclient.FocusUserGroup) string { return withEmoji(g.Emoji, g.Name) }),
		Tags:        shortList(u.Tags, func(t apiclient.Tag) string { return t.Label }),
		Updated:     clock.Ago(u.UpdatedAt),
	}
	if u.Rate != nil {
		row.Rate = views.Amount{Text: views.Money(u.Rate.HourlyRate, u.Rate.Currency), Since: clock.Day(u.Rate.StartAt)}
	}
	if u.WorkingHours != nil {
		row.Hours = views.Decimal(*u.WorkingHours)
	}
	return row
}

// focusNotice is the one thing about an account that an admin should see first.
func focusNotice(u *apiclient.FocusUser, clock views.Clock) views.Tag {
	same := asTrackUser(u)
	switch {
	case !u.DeletedAt.IsZero():
		return views.Tag{Text: "Deleted", Icon: "trash-2", Class: "bad"}
	case !u.AccountLockedAt.IsZero():
		return views.Tag{Text: "Locked", Icon: "lock", Class: "bad"}
	case !u.Joined && u.Active && !u.InviteSent:
		return views.Tag{Text: "Invitation not sent", Icon: "send", Class: "warn"}
	}
	return invitationAge(&same, clock.Now)
}

// productsOf are the products that somebody has in any workspace.
func productsOf(u *apiclient.FocusUser) string {
	var all []string
	for _, w := range u.Workspaces {
		all = append(all, w.TogglProducts...)
	}
	return productNames(all)
}

func withEmoji(emoji, name string) string {
	if emoji == "" {
		return name
	}
	return emoji + " " + name
}

func roleIn(names map[int64]string, id *int64) string {
	if id == nil {
		return ""
	}
	return nameOr(names[*id], "Role", *id)
}
