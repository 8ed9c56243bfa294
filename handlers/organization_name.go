package handlers

import (
	"net/http"
	"regexp"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// organizationNamePlaces are the documented messages of PUT organization.
var organizationNamePlaces = []refusalPlace{
	{regexp.MustCompile(`(?i)^field 'name'|^organization name|^at least one field`), fieldName},
}

// renameOrganization is the form on the overview.
func (h *Handlers) renameOrganization(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, form, err := organizationForm(c)
	if err != nil {
		return err
	}
	name := form.Get(fieldName)
	if err := api.UpdateOrganization(c.Request().Context(), id, apiclient.UpdateOrganizationInput{Name: name}); err != nil {
		r, err := h.refusalOf(c, err, organizationNamePlaces)
		if err != nil {
			return err
		}
		return h.renderRefusedName(c, api, id, name, r)
	}
	for i := range s.Organizations {
		if s.Organizations[i].ID == id {
			s.Organizations[i].Name = name
		}
	}
	return h.done(c, s, auth.Flash{Kind: "ok", Text: "The organization is now called " + name + "."}, views.OrganizationURL(id))
}

// renderRefusedName shows the overview with the form open. Where the overview
// can't be read, the form stands alone: what was typed is not lost.
func (h *Handlers) renderRefusedName(c echo.Context, api *apiclient.Client, id int64, typed string, r refusal) error {
	rename := renameForm(id, typed, r)
	data, err := h.readOverview(c.Request().Context(), api, id)
	if err == nil {
		return h.renderOverview(c, api, data, rename, r.status)
	}
	page := h.newPage(c, nil, "Rename the organization")
	page.Failed = true
	return render(c, r.status, views.OrganizationNamePage(page, rename, views.OrganizationURL(id)))
}

func renameForm(id int64, name string, r refusal) views.RenameForm {
	v := views.RenameForm{
		Action: views.OrganizationNameURL(id), Open: r.status != 0 && r.status != http.StatusOK,
		NameField: r.field(fieldName, "Organization name", name, "1 to 140 characters."),
	}
	v.Summary = r.summary(v.NameField)
	return v
}
