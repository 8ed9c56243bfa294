package handlers

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// organizationRoles are the roles of an organization, and where they come from.
type organizationRoles struct {
	organizationID int64
	// upstreamID is the organization's number where the roles come from.
	upstreamID int64
	// focus is set for Toggl Focus' roles, else they are Track's.
	focus bool
	query rolesQuery
	roles []apiclient.Role
}

// readRoles is one call: to Focus where it is connected, unless the address asks
// for Track's.
func readRoles(c echo.Context, api *apiclient.Client, s *auth.Session) (organizationRoles, error) {
	id, err := organizationID(c)
	if err != nil {
		return organizationRoles{}, err
	}
	r := organizationRoles{organizationID: id, upstreamID: id, query: readRolesQuery(c.QueryParams())}
	r.focus = api.HasFocus() && !r.query.Track
	ctx := c.Request().Context()
	if !r.focus {
		r.roles, err = api.ListTrackRoles(ctx, id)
	} else {
		r.upstreamID = focusID(s, id)
		r.roles, err = api.ListRoles(ctx, r.upstreamID)
	}
	r.roles = sortedRoles(r.roles)
	return r, err
}

// sortedRoles copies the list, which the cache owns: what the highest role is
// of comes first, and of that the highest role.
func sortedRoles(roles []apiclient.Role) []apiclient.Role {
	highest := map[string]int64{}
	for _, r := range roles {
		if level, seen := highest[r.Entity]; !seen || r.PrivilegeLevel > level {
			highest[r.Entity] = r.PrivilegeLevel
		}
	}
	sorted := slices.Clone(roles)
	slices.SortStableFunc(sorted, func(a, b apiclient.Role) int {
		return cmp.Or(
			cmp.Compare(highest[b.Entity], highest[a.Entity]), cmp.Compare(a.Entity, b.Entity),
			cmp.Compare(b.PrivilegeLevel, a.PrivilegeLevel), cmp.Compare(a.RoleID, b.RoleID),
		)
	})
	return sorted
}

// find is the role with this id; where several have it, the first.
func (r *organizationRoles) find(id int64) (apiclient.Role, bool) {
	i := slices.IndexFunc(r.roles, func(role apiclient.Role) bool { return role.RoleID == id })
	if i < 0 {
		return apiclient.Role{}, false
	}
	return r.roles[i], true
}

// rolesFrame is what all pages about roles have in common.
func (h *Handlers) rolesFrame(c echo.Context, api *apiclient.Client, r *organizationRoles, tab views.RolesTab) views.RolesFrame {
	base := rolesQuery{Track: r.query.Track}
	compared := base
	compared.Roles = r.query.Roles
	f := views.RolesFrame{
		Count: views.Count(len(r.roles)), Tab: tab, Kept: base.parameters(),
		ListURL: views.RolesURL(r.organizationID, base.values()), CompareURL: views.RolesComparisonURL(r.organizationID, compared.values()),
		WhoURL: views.RolePermissionsURL(r.organizationID, base.values()),
	}
	switch {
	case r.focus:
		f.Sub = "The roles of Toggl Focus, which can’t be edited here."
		if api.HasTrack() {
			f.Source = views.Link{Label: "Show Track’s own", URL: views.RolesURL(r.organizationID, rolesQuery{Track: true}.values())}
		}
	case api.HasFocus():
		f.Sub = "The roles of Toggl Track, which can’t be edited here."
		f.Source = views.Link{Label: "Show those of Focus", URL: views.RolesURL(r.organizationID, nil)}
	default:
		f.Sub = "They come from Toggl and can’t be edited here."
		f.Notes = append(f.Notes, h.notConnected(c, "These are the roles of Toggl Track. Focus has roles of its own, and can list the users of each."))
	}
	return f
}

// showRoles is the list of an organization's roles.
func (h *Handlers) showRoles(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	r, err := readRoles(c, api, s)
	if err != nil {
		return err
	}
	people, err := h.readRolePeople(c.Request().Context(), api, &r)
	v := h.rolesView(c, api, &r, people)
	if err != nil {
		v.Notes = append(v.Notes, *h.partNote(c, "The users could not be counted.", err))
	}
	page := h.newPage(c, api, "Roles")
	page.Here = views.RolesURL(r.organizationID, r.query.listValues())
	showAddress(c, page.Here, onlyTyped(c, "q", r.query.listValues(), tidyRoles))
	return renderEither(c, http.StatusOK, views.RolesPage(h.withFlash(c, page), v), views.RolesFragment(page, v))
}

func (h *Handlers) rolesView(c echo.Context, api *apiclient.Client, r *organizationRoles, people rolePeople) views.Roles {
	v := views.Roles{
		RolesFrame: h.rolesFrame(c, api, r, views.RolesList), Filter: r.query.Text,
		Action: views.RolesURL(r.organizationID, nil), CompareAction: views.RolesComparisonURL(r.organizationID, nil),
		People: h.rolePeopleView(c, r, people, func(q rolesQuery) string { return views.RolesURL(r.organizationID, q.values()) }),
	}
	for _, role := range r.roles {
		if roleMatches(&role, r.query.Text) {
			v.Rows = append(v.Rows, r.row(&role, people))
		}
	}
	v.Announce = views.Plural(len(v.Rows), "role", "roles")
	switch {
	case len(v.Rows) > 0:
	case len(r.roles) == 0:
		v.Empty = &views.EmptyList{Strong: "Toggl lists no roles", Text: "This organization has none that you may see."}
	default:
		v.Empty = &views.EmptyList{
			Strong: "No roles match this search", Text: "Name, code, description, type or entity contains “" + r.query.Text + "”.",
			Link: views.Link{Label: "Clear", URL: v.ListURL},
		}
	}
	return v
}

func (r *organizationRoles) row(role *apiclient.Role, people rolePeople) views.RoleRow {
	row := views.RoleRow{
		ID: strconv.FormatInt(role.RoleID, 10), Name: roleTitle(role), Code: role.Code, Description: role.Description,
		Entity: role.Entity, Type: role.Type, Level: views.Count(role.PrivilegeLevel), Own: role.OrganizationID != nil,
		URL: r.comparisonURL(rolesQuery{Roles: []int64{role.RoleID}}), Permissions: views.Plural(len(role.Permissions), "permission", "permissions"),
		People: r.count(role, people),
	}
	conditional := 0
	for _, p := range role.Permissions {
		if strings.TrimSpace(p.Condition) != "" {
			conditional++
		}
	}
	if conditional > 0 {
		row.Conditional = views.Count(conditional) + " with a condition"
	}
	return row
}

// comparisonURL keeps whose roles are shown.
func (r *organizationRoles) comparisonURL(q rolesQuery) string {
	q.Track = r.query.Track
	return views.RolesComparisonURL(r.organizationID, q.values())
}

// whoURL keeps whose roles are shown.
func (r *organizationRoles) whoURL(q rolesQuery) string {
	q.Track = r.query.Track
	return views.RolePermissionsURL(r.organizationID, q.values())
}

// roleTitle is never empty: a link needs words.
func roleTitle(role *apiclient.Role) string {
	return cmp.Or(strings.TrimSpace(role.Name), strings.TrimSpace(role.Code), "Role "+strconv.FormatInt(role.RoleID, 10))
}

func roleMatches(role *apiclient.Role, text string) bool {
	return text == "" || containsFold(text, role.Name, role.Code, role.Description, role.Entity, role.Type)
}

// containsFold reports whether one of the texts contains what is looked for.
func containsFold(wanted string, texts ...string) bool {
	wanted = strings.ToLower(wanted)
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(strings.ToLower(text), wanted) })
}

// knownRoles is how many roles there are, where that is known without asking.
func knownRoles(ctx context.Context, known *apiclient.Client, s *auth.Session, organizationID int64) string {
	var roles []apiclient.Role
	var err error
	if known.HasFocus() {
		roles, err = known.ListRoles(ctx, focusID(s, organizationID))
	} else {
		roles, err = known.ListTrackRoles(ctx, organizationID)
	}
	if err != nil {
		return ""
	}
	return views.Count(len(roles))
}
