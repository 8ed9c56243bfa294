package handlers

import (
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// exportComparison is what a comparison shows, as a file.
func (h *Handlers) exportComparison(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	r, err := readRoles(c, api, s)
	if err != nil {
		return err
	}
	chosen, _ := r.chosen()
	compared := compareRoles(r.roles, chosen)
	file := newCSVFile(c, rolesFileName(r.organizationID, h.now()), comparisonCSV(chosen))
	return file.add(compared.shown(r.query))
}

// comparisonCSV is a permission a line, and a column for each role.
func comparisonCSV(roles []apiclient.Role) []csvColumn[*comparedPermission] {
	columns := []csvColumn[*comparedPermission]{
		{"entity", func(p *comparedPermission) string { return csvText(p.Entity) }},
		{"permission_id", func(p *comparedPermission) string { return csvInt(p.PermissionID) }},
		{"name", func(p *comparedPermission) string { return csvText(p.Name) }},
		{"description", func(p *comparedPermission) string { return csvText(p.Description) }},
		{"differs", func(p *comparedPermission) string { return csvFlag(p.differs) }},
	}
	for i := range roles {
		columns = append(columns, csvColumn[*comparedPermission]{roleHeader(&roles[i]), func(p *comparedPermission) string { return grantCSV(&p.grants[i]) }})
	}
	return columns
}

// roleHeader tells roles of the same name apart.
func roleHeader(role *apiclient.Role) string {
	name := csvText(roleTitle(role)) + " (" + strconv.FormatInt(role.RoleID, 10)
	if role.Code != "" {
		name += ", " + csvText(role.Code)
	}
	return name + ")"
}

// grantCSV is the cell in the words of the page.
func grantCSV(g *views.Grant) string {
	if len(g.Conditions) == 0 {
		return g.Text()
	}
	return csvText(g.Text() + ": " + strings.Join(g.Conditions, "; "))
}

func rolesFileName(organizationID int64, now time.Time) string {
	return "roles-" + strconv.FormatInt(organizationID, 10) + "-" + now.UTC().Format(time.DateOnly) + ".csv"
}
