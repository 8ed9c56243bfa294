package handlers

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// showComparison is roles side by side.
func (h *Handlers) showComparison(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	r, err := readRoles(c, api, s)
	if err != nil {
		return err
	}
	people, _ := h.readRolePeople(c.Request().Context(), api.Known(), &r) // what isn't known is not counted
	v := r.comparisonView(people)
	notes := v.Notes
	v.RolesFrame = h.rolesFrame(c, api, &r, views.RolesCompare)
	v.Notes = append(v.Notes, notes...)
	v.Kept = rolesQuery{Track: r.query.Track, Roles: r.query.Roles}.parameters()
	page := h.newPage(c, api, "Compare roles")
	page.Here, page.Fit = v.URL, len(v.Columns) > 0
	showAddress(c, page.Here, onlyTyped(c, "q", r.query.comparedValues(), tidyCompared))
	return renderEither(c, http.StatusOK, views.RoleComparisonPage(h.withFlash(c, page), v), views.RoleComparisonFragment(page, v))
}

// chosen are the roles of the address that there are; gone are the others.
func (r *organizationRoles) chosen() (chosen []apiclient.Role, gone []int64) {
	for _, id := range r.query.Roles {
		if role, found := r.find(id); found {
			chosen = append(chosen, role)
		} else {
			gone = append(gone, id)
		}
	}
	return chosen, gone
}

func (r *organizationRoles) comparisonView(people rolePeople) views.RoleComparison {
	chosen, gone := r.chosen()
	compared, q := compareRoles(r.roles, chosen), r.query
	rows := compared.shown(q)
	v := views.RoleComparison{
		Action: views.RolesComparisonURL(r.organizationID, nil), Filter: q.Text, All: q.All,
		URL:       views.RolesComparisonURL(r.organizationID, q.comparedValues()),
		ExportURL: views.RolesCSVURL(r.organizationID, q.comparedValues()),
		Columns:   r.columns(chosen, people), Add: r.addable(), Groups: r.permissionGroups(rows),
		Count: compared.count(),
	}
	if len(gone) > 0 {
		v.Notes = append(v.Notes, r.goneNote(gone))
	}
	v.Announce = views.Plural(len(rows), "permission", "permissions")
	r.describeRest(&compared, rows, &v)
	return v
}

// count is "11 of 34 permissions differ".
func (c *comparison) count() string {
	all := views.Plural(len(c.rows), "permission", "permissions")
	switch len(c.roles) {
	case 0:
		return ""
	case 1:
		has := 0
		for i := range c.rows {
			if c.rows[i].grants[0].Allowed {
				has++
			}
		}
		return views.Count(has) + " of " + all
	}
	verb := "differ"
	if c.differing == 1 {
		verb = "differs"
	}
	return views.Count(c.differing) + " of " + all + " " + verb
}

// describeRest says what is not shown, and why.
func (r *organizationRoles) describeRest(c *comparison, rows []*comparedPermission, v *views.RoleComparison) {
	q := r.query
	everything := q
	everything.All = true
	same := len(c.rows) - c.differing
	switch {
	case len(c.roles) == 0 && len(r.roles) == 0:
		v.Empty = &views.EmptyList{Strong: "Toggl lists no roles", Text: "There is nothing to compare."}
	case len(c.roles) == 0:
	case len(rows) == 0 && q.Text != "":
		all := q
		all.Text = ""
		v.Empty = &views.EmptyList{
			Strong: "No permissions match this search", Text: "Name, description or condition contains “" + q.Text + "”.",
			Link: views.Link{Label: "Clear", URL: r.comparisonURL(all)},
		}
	case len(c.rows) == 0:
		v.Empty = &views.EmptyList{Strong: "Toggl lists no permissions", Text: "No role of this organization comes with any."}
	case len(rows) == 0:
		v.Empty = &views.EmptyList{
			Strong: "These roles allow the same", Text: "None of " + views.Plural(len(c.rows), "permission", "permissions") + " differs between them.",
			Link: views.Link{Label: "Show all permissions", URL: r.comparisonURL(everything)},
		}
	case len(c.roles) > 1 && !q.All && q.Text == "" && same > 0:
		which := "all " + strconv.Itoa(len(c.roles))
		if len(c.roles) == 2 {
			which = "both"
		}
		verb := " that are the same in "
		if same == 1 {
			verb = " that is the same in "
		}
		v.Same = views.Link{Label: "Show " + views.Plural(same, "permission", "permissions") + verb + which, URL: r.comparisonURL(everything)}
	}
}

func (r *organizationRoles) goneNote(gone []int64) views.Note {
	ids := make([]string, len(gone))
	for i, id := range gone {
		ids[i] = strconv.FormatInt(id, 10)
	}
	without := r.query
	without.Roles = missing(r.query.Roles, gone)
	which, pronoun, text := "role ", "it", "It may be gone, or be one of the other product."
	if len(gone) > 1 {
		which, pronoun, text = "roles ", "them", "They may be gone, or be some of the other product."
	}
	return views.Note{
		Kind: "warn", Strong: "Toggl lists no " + which + strings.Join(ids, ", ") + ".", Text: text,
		Link: views.Link{Label: "Compare without " + pronoun, URL: r.comparisonURL(without)},
	}
}

func (r *organizationRoles) columns(chosen []apiclient.Role, people rolePeople) []views.RoleColumn {
	list := make([]views.RoleColumn, 0, len(chosen))
	for i := range chosen {
		role := &chosen[i]
		without := r.query
		without.Roles = missing(r.query.Roles, []int64{role.RoleID})
		column := views.RoleColumn{
			Name: roleTitle(role), Code: role.Code, Description: role.Description,
			Tags: []string{"Level " + views.Count(role.PrivilegeLevel)}, People: r.count(role, people), RemoveURL: r.comparisonURL(without),
		}
		for _, t := range []string{role.Entity, role.Type} {
			if t != "" {
				column.Tags = append(column.Tags, capitalized(t))
			}
		}
		list = append(list, column)
	}
	return list
}

// addable are links that put one more role beside the others.
func (r *organizationRoles) addable() []views.RoleChoice {
	var list []views.RoleChoice
	for i := range r.roles {
		role := &r.roles[i]
		if slices.Contains(r.query.Roles, role.RoleID) {
			continue
		}
		more := r.query
		more.Roles = append(slices.Clone(r.query.Roles), role.RoleID)
		list = append(list, views.RoleChoice{Name: roleTitle(role), Line: cmp.Or(role.Code, role.Entity), URL: r.comparisonURL(more)})
	}
	return list
}

func (r *organizationRoles) permissionGroups(rows []*comparedPermission) []views.PermissionGroup {
	var groups []views.PermissionGroup
	for _, p := range rows {
		row := r.permissionRow(p.Permission)
		row.Differs, row.Grants = p.differs, p.grants
		groups = addPermission(groups, p.Entity, row)
	}
	return groups
}

func addPermission(groups []views.PermissionGroup, entity string, row views.PermissionRow) []views.PermissionGroup {
	if len(groups) == 0 || groups[len(groups)-1].Entity != entity {
		groups = append(groups, views.PermissionGroup{Entity: entity})
	}
	last := &groups[len(groups)-1]
	last.Rows = append(last.Rows, row)
	return groups
}

func (r *organizationRoles) permissionRow(p *apiclient.Permission) views.PermissionRow {
	row := views.PermissionRow{Label: permissionLabel(p), URL: r.whoURL(rolesQuery{Permission: keyOf(p).String()})}
	if p.Name != row.Label {
		row.Name = p.Name
	}
	return row
}

// permissionLabel is never empty: a link needs words.
func permissionLabel(p *apiclient.Permission) string {
	return cmp.Or(strings.TrimSpace(p.Description), strings.TrimSpace(p.Name), "Permission "+keyOf(p).String())
}
