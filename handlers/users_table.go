package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

// column is one that the users table can show besides the name.
type column struct {
	name, label string
	usual       bool
}

var userColumns = []column{
	{"status", "Status", true},
	{"role", "Role", true},
	{"workspaces", "Workspaces", true},
	{"groups", "Groups", true},
	{"two_factor", "Two-factor", true},
	{"updated", "Updated", true},
	{"created", "Created", false},
	{"user_id", "User ID", false},
}

// readColumns are those in the address, else those remembered in this browser,
// else the usual ones.
func readColumns(c echo.Context) map[string]bool {
	chosen := c.QueryParam("columns")
	if chosen == "" {
		chosen = readCookie(c.Request(), columnsCookie)
	}
	shown := make(map[string]bool, len(userColumns))
	if chosen == "" {
		for _, column := range userColumns {
			shown[column.name] = column.usual
		}
		return shown
	}
	names := strings.FieldsFunc(chosen, func(r rune) bool { return r == ',' || r == '.' })
	for _, column := range userColumns {
		shown[column.name] = slices.Contains(names, column.name)
	}
	return shown
}

func columnChoices(shown map[string]bool) []views.ColumnChoice {
	choices := make([]views.ColumnChoice, 0, len(userColumns))
	for _, column := range userColumns {
		choices = append(choices, views.ColumnChoice{Name: column.name, Label: column.label, Shown: shown[column.name]})
	}
	return choices
}

// rememberColumns keeps only names that exist; none at all is "none", which is
// no column's name either.
func (h *Handlers) rememberColumns(c echo.Context, form url.Values) {
	if form.Has("default") {
		h.setCookie(c, columnsCookie, "")
		return
	}
	names := []string{"none"}
	for _, column := range userColumns {
		if slices.Contains(form["columns"], column.name) {
			names = append(names, column.name)
		}
	}
	h.setCookie(c, columnsCookie, strings.Join(names, "."))
}

// userRow makes a table row of an organization user. Dates take a while to
// print: only those are that are shown.
func userRow(organizationID int64, u *apiclient.OrganizationUser, shown map[string]bool, clock views.Clock) views.UserRow {
	row := views.UserRow{
		ID:          strconv.FormatInt(u.ID, 10),
		Is:          rowKind(u),
		URL:         views.UserURL(organizationID, u.ID, u.Email),
		Name:        displayName(u.Name, u.Email),
		Email:       u.Email,
		Avatar:      views.AvatarOf(u.Name),
		Status:      userStatus(u),
		Role:        userRole(u),
		Workspaces:  shortList(u.Workspaces, func(w apiclient.UserWorkspace) string { return w.WorkspaceName }),
		NoWorkspace: len(u.Workspaces) == 0 && u.Joined && !u.Inactive,
		Groups:      shortList(u.Groups, func(g apiclient.GroupRef) string { return g.Name }),
		TwoFactor:   twoFactor(u),
		UserID:      strconv.FormatInt(u.UserID, 10),
	}
	row.Invited = !u.Joined && !u.Inactive && !u.CreatedAt.IsZero()
	switch {
	case !shown["updated"]:
	case row.Invited:
		row.Updated, row.Age = clock.Date(u.CreatedAt), invitationAge(u, clock.Now)
	default:
		row.Updated = clock.Ago(u.UpdatedAt)
	}
	if shown["created"] {
		row.Created = clock.Date(u.CreatedAt)
	}
	return row
}

// rowKind tells a row's menu which actions fit.
func rowKind(u *apiclient.OrganizationUser) string {
	switch {
	case u.Owner:
		return "owner"
	case u.Inactive:
		return "inactive"
	case !u.Joined:
		return "invited"
	default:
		return ""
	}
}

// invitationAge marks an invitation that is old, or has expired. Toggl tells
// when the user was made, and not when the invitation was last sent.
func invitationAge(u *apiclient.OrganizationUser, now time.Time) views.Tag {
	days := int(now.Sub(u.CreatedAt).Hours() / 24)
	switch {
	case u.Joined || u.Inactive || u.CreatedAt.IsZero() || now.Sub(u.CreatedAt) <= oldInvitation:
		return views.Tag{}
	case days >= invitationExpires:
		return views.Tag{Text: "Expired", Icon: "clock", Class: "warn"}
	default:
		return views.Tag{Text: strconv.Itoa(days) + " days ago", Icon: "clock"}
	}
}

// displayName is what to call someone who may have no name yet.
func displayName(name, email string) string {
	if strings.TrimSpace(name) != "" {
		return name
	}
	if email != "" {
		return email
	}
	return "No name"
}

func userStatus(u *apiclient.OrganizationUser) views.Status {
	switch {
	case u.Inactive:
		return views.Status{Text: statusLabels["inactive"], Class: "inactive"}
	case !u.Joined:
		return views.Status{Text: statusLabels["invited"], Class: "invited"}
	default:
		return views.Status{Text: statusLabels["active"]}
	}
}

func userRole(u *apiclient.OrganizationUser) views.Tag {
	switch {
	case u.Owner:
		return views.Tag{Text: "Owner", Icon: "crown", Class: "accent"}
	case u.Admin:
		return views.Tag{Text: "Admin", Icon: "shield-check"}
	default:
		return views.Tag{Text: "Member", Plain: true}
	}
}

func twoFactor(u *apiclient.OrganizationUser) views.Tag {
	switch {
	case !u.Joined:
		return views.Tag{Text: "–", Plain: true}
	case u.TwoFactorEnabled:
		return views.Tag{Text: "On", Plain: true}
	default:
		return views.Tag{Text: "Off", Class: "warn"}
	}
}

// shortList is the first two names and how many more there are.
func shortList[T any](list []T, name func(T) string) views.ShortList {
	const shown = 2
	names := make([]string, 0, shown)
	for _, item := range list[:min(shown, len(list))] {
		names = append(names, name(item))
	}
	l := views.ShortList{Text: strings.Join(names, ", ")}
	if len(list) > shown {
		l.More = "+" + strconv.Itoa(len(list)-shown)
	}
	return l
}
