package handlers

import (
	"slices"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// showDeparture says what leaving an organization does, before it is done.
func (h *Handlers) showDeparture(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	o, err := api.GetOrganization(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return h.renderDeparture(c, api, o, refusal{})
}

func (h *Handlers) renderDeparture(c echo.Context, api *apiclient.Client, o apiclient.Organization, r refusal) error {
	v := views.Departure{
		Name: o.Name, Action: views.DepartureURL(o.ID), BackURL: views.OrganizationURL(o.ID),
		Owner: o.Owner, LastUser: o.UserCount == 1, Users: views.Plural(o.UserCount, "user", "users"),
		Refusal: r.general,
	}
	if s := sessionOf(c); s != nil {
		v.Email = s.Email
	}
	page := h.withFlash(c, h.newPage(c, api, "Leave "+o.Name))
	page.Failed = len(r.general) > 0
	return render(c, r.answer(), views.DeparturePage(page, v))
}

// leaveOrganization takes the person out of the organization, and it out of
// what the session knows.
func (h *Handlers) leaveOrganization(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	o := h.organizationToLeave(c, api, s, id)
	if err := api.LeaveOrganization(c.Request().Context(), id); err != nil {
		r, err := h.refusalOf(c, err, nil)
		if err != nil {
			return err
		}
		return h.renderDeparture(c, api, o, r)
	}
	s.Organizations = slices.DeleteFunc(s.Organizations, func(o auth.Organization) bool { return o.ID == id })
	return h.done(c, s, auth.Flash{Kind: "ok", Text: "You left " + o.Name + "."}, views.PathOrganizations)
}

// organizationToLeave is what is known of the organization, which the page of a
// refusal shows again; leaving must not fail because it can't be read.
func (h *Handlers) organizationToLeave(c echo.Context, api *apiclient.Client, s *auth.Session, id int64) apiclient.Organization {
	o, err := api.Known().GetOrganization(c.Request().Context(), id)
	if err != nil {
		known := sessionOrganization(s, id)
		o = apiclient.Organization{ID: id, Name: known.Name, Owner: known.Owner, Admin: known.Admin}
	}
	return o
}
