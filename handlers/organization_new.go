package handlers

import (
	"context"
	"regexp"
	"slices"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

const fieldWorkspaceName = "workspace_name"

// newOrganizationPlaces are the documented messages of POST organizations.
var newOrganizationPlaces = []refusalPlace{
	{regexp.MustCompile(`(?i)^workspace name`), fieldWorkspaceName},
	{regexp.MustCompile(`(?i)^field 'name'|^organization name`), fieldName},
}

// showNewOrganization is the form that makes an organization.
func (h *Handlers) showNewOrganization(c echo.Context, _ *apiclient.Client) error {
	return h.renderNewOrganization(c, apiclient.CreateOrganizationInput{}, refusal{})
}

func (h *Handlers) renderNewOrganization(c echo.Context, typed apiclient.CreateOrganizationInput, r refusal) error {
	v := views.OrganizationNew{
		NameField:     r.field(fieldName, "Organization name", typed.Name, "1 to 140 characters."),
		WorkspaceName: r.field(fieldWorkspaceName, "Name of its first workspace", typed.WorkspaceName, "1 to 140 characters. Time is tracked in workspaces; more can be made later."),
	}
	v.Summary = r.summary(v.NameField, v.WorkspaceName)
	page := h.withFlash(c, h.newPage(c, nil, "New organization"))
	page.Failed = len(v.Summary) > 0
	return render(c, r.answer(), views.OrganizationNewPage(page, v))
}

// createOrganization sends both names as they were typed, so that what is wrong
// with them is said by Toggl.
func (h *Handlers) createOrganization(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	input := apiclient.CreateOrganizationInput{Name: form.Get(fieldName), WorkspaceName: form.Get(fieldWorkspaceName)}
	created, err := api.CreateOrganization(c.Request().Context(), input)
	if err != nil {
		r, err := h.refusalOf(c, err, newOrganizationPlaces)
		if err != nil {
			return err
		}
		return h.renderNewOrganization(c, input, r)
	}
	rememberCreated(c.Request().Context(), api, s, created)
	flash := auth.Flash{Kind: "ok", Text: "Created the organization " + created.Name + " with the workspace " + created.WorkspaceName + "."}
	return h.done(c, s, flash, views.OrganizationURL(created.ID))
}

// rememberCreated asks for the list of organizations, which knows the plan.
// Where it can't be asked, or doesn't show the new one yet, the session knows
// at least that one, and who owns it.
func rememberCreated(ctx context.Context, api *apiclient.Client, s *auth.Session, created apiclient.CreatedOrganization) {
	if list, err := api.ListMyOrganizations(ctx); err == nil {
		s.Organizations = rememberOrganizations(list)
	}
	if !slices.ContainsFunc(s.Organizations, func(o auth.Organization) bool { return o.ID == created.ID }) {
		s.Organizations = append(s.Organizations, auth.Organization{ID: created.ID, Name: created.Name, Owner: true, Admin: true})
	}
}
