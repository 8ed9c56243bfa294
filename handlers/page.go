package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// newPage makes the frame of a page after its data was read, so that it knows
// how old the data is. It never asks Toggl: what it shows beside the page's own
// data is what is known anyway. api is nil on pages without data.
func (h *Handlers) newPage(c echo.Context, api *apiclient.Client, title string) views.Page {
	look := readAppearance(c.Request())
	p := views.Page{
		Title: title, Theme: look.Theme, Compact: look.Compact, QuietKeys: look.QuietKeys,
		Here: c.Request().URL.RequestURI(), Host: h.publicURL.Host,
	}
	s := sessionOf(c)
	if s == nil {
		return p
	}
	p.Person = h.person(s)
	p.Organizations = organizationLinks(c, s)
	if s.Role.MayRead() { // nobody else gets anywhere but to their settings
		p.Nav = []views.NavItem{{Label: "Organizations", Icon: "building-2", URL: views.PathOrganizations, Key: "l"}}
	}
	id, err := organizationID(c)
	if err == nil {
		p.Organization = organizationNav(s, id)
		p.Nav = h.organizationItems(c, s, id)
		p.Person.Line = h.personLine(s, id)
	}
	settings := views.NavItem{Label: "Settings", Icon: "settings", URL: views.PathSettings, Key: "s"}
	if err == nil && isAdmin(s, id) {
		p.Records = []views.NavItem{{Label: "Activity", Icon: "history", URL: views.ActivityURL(id, nil), Key: "y"}, settings}
	} else {
		p.Nav = append(p.Nav, settings)
	}
	all := slices.Concat(p.Nav, p.Records)
	markCurrent(all, c.Request().URL.Path)
	p.Nav, p.Records = all[:len(p.Nav)], all[len(p.Nav):]
	if api != nil {
		p.Sync = h.sync(c, api, id)
		p.Notes = h.staleNote(c, api)
	}
	return p
}

// withFlash moves what the last action left in the session onto the page.
func (h *Handlers) withFlash(c echo.Context, p views.Page) views.Page {
	s := sessionOf(c)
	if s == nil || len(s.Flash) == 0 {
		return p
	}
	for _, f := range s.Flash {
		p.Flash = append(p.Flash, views.Note{Kind: f.Kind, Strong: f.Text})
	}
	s.Flash = nil
	if err := h.sessions.Save(c.Response(), c.Request(), s); err != nil {
		h.log.Warn("flash stays in the session", "id", requestIDOf(c), "error", err)
	}
	return p
}

func (h *Handlers) person(s *auth.Session) views.Person {
	a := views.AvatarOf(s.Name)
	p := views.Person{Name: s.Name, Email: s.Email, Initials: a.Initials, Tone: a.Tone, Line: s.Email}
	if h.isShared() && s.Account != "" {
		p.Line = "Toggl sees " + s.Account
	}
	return p
}

func (h *Handlers) personLine(s *auth.Session, organizationID int64) string {
	o := sessionOrganization(s, organizationID)
	switch {
	case h.isShared():
		return h.person(s).Line
	case o.Owner:
		return "Organization owner"
	case o.Admin:
		return "Organization admin"
	default:
		return s.Email
	}
}

func organizationLinks(c echo.Context, s *auth.Session) []views.OrganizationLink {
	current, _ := organizationID(c) // 0 where the page has none
	links := make([]views.OrganizationLink, 0, len(s.Organizations))
	for _, o := range s.Organizations {
		links = append(links, views.OrganizationLink{
			Name: o.Name, Initials: views.AvatarOf(o.Name).Initials, Line: o.Plan,
			URL: views.OrganizationURL(o.ID), Current: o.ID == current,
		})
	}
	return links
}

func organizationNav(s *auth.Session, id int64) *views.OrganizationNav {
	o := sessionOrganization(s, id)
	return &views.OrganizationNav{
		Name: o.Name, Initials: views.AvatarOf(o.Name).Initials, Plan: o.Plan,
		URL: views.OrganizationURL(id), UsersURL: views.UsersURL(id, nil),
	}
}

// sessionOrganization is what the session remembers of an organization; one
// that the person isn't known to be in is called by its number.
func sessionOrganization(s *auth.Session, id int64) auth.Organization {
	i := slices.IndexFunc(s.Organizations, func(o auth.Organization) bool { return o.ID == id })
	if i < 0 {
		return auth.Organization{ID: id, Name: "Organization " + strconv.FormatInt(id, 10)}
	}
	return s.Organizations[i]
}

func (h *Handlers) organizationItems(c echo.Context, s *auth.Session, id int64) []views.NavItem {
	users, workspaces := "", ""
	known := h.client(s).Known()
	if o, err := known.GetOrganization(c.Request().Context(), id); err == nil {
		users = views.Count(o.UserCount)
	}
	if statistics, err := known.GetWorkspaceStatistics(c.Request().Context(), id); err == nil {
		workspaces = views.Count(len(statistics))
	}
	return []views.NavItem{
		{Label: "Overview", Icon: "layout-dashboard", URL: views.OrganizationURL(id), Key: "o"},
		{Label: "Users", Icon: "users", URL: views.UsersURL(id, nil), Count: users, Key: "u"},
		{Label: "Assignments", Icon: "grid-3x3", URL: views.AssignmentsURL(id, nil), Key: "a", Staged: h.stagedNav(c, s, id)},
		{Label: "Groups", Icon: "boxes", URL: views.GroupsURL(id, nil), Key: "g"},
		{Label: "Roles", Icon: "shield-check", URL: views.RolesURL(id, nil), Count: knownRoles(c.Request().Context(), known, s, id), Key: "r"},
		{Label: "Workspaces", Icon: "building-2", URL: views.WorkspacesURL(id), Count: workspaces, Key: "w"},
		{Label: "Focus users", Icon: "badge-check", URL: views.FocusUsersURL(id, nil), Key: "f"},
		{Label: "Access review", Icon: "key-round", URL: views.AccessURL(id, nil), Key: "c"},
	}
}

// markCurrent marks the longest item that the path lies under.
func markCurrent(items []views.NavItem, path string) {
	best := -1
	for i, item := range items {
		under := path == item.URL || strings.HasPrefix(path, item.URL+"/")
		if under && (best < 0 || len(item.URL) > len(items[best].URL)) {
			best = i
		}
	}
	if best >= 0 {
		items[best].Current = true
	}
}

func (h *Handlers) sync(c echo.Context, api *apiclient.Client, organizationID int64) *views.Sync {
	readAt := api.ReadAt()
	if readAt.IsZero() || organizationID == 0 {
		return nil
	}
	s := &views.Sync{Time: h.clock(c).Ago(readAt), RefreshURL: views.OrganizationRefreshURL(organizationID)}
	if quota, ok := api.Quota(organizationID); ok {
		s.Quota = views.Plural(quota.Remaining, "request", "requests") + " left this hour"
	}
	return s
}

// clock has the person's own time zone, as their Toggl profile says.
func (h *Handlers) clock(c echo.Context) views.Clock {
	location := time.UTC
	if s := sessionOf(c); s != nil {
		location = zone(s.TimeZone)
	}
	return views.Clock{Now: h.now(), Location: location}
}

// zones keeps loaded time zones: loading one reads a file.
var zones sync.Map

// zone is UTC where the name is empty or unknown.
func zone(name string) *time.Location {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location)
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, location)
	return location
}

// organizationID is the number in the address. Ids are parsed before they go
// into an upstream path.
func organizationID(c echo.Context) (int64, error) { return pathID(c, "organization_id") }

func pathID(c echo.Context, name string) (int64, error) {
	id, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || id <= 0 || strconv.FormatInt(id, 10) != c.Param(name) {
		return 0, echo.NewHTTPError(http.StatusNotFound)
	}
	return id, nil
}
