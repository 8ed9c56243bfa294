package handlers

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// showHome leads to the picker, or straight on where there is nothing to pick.
func (h *Handlers) showHome(c echo.Context) error {
	s := sessionOf(c)
	if s == nil {
		return askToSignIn(c)
	}
	return redirect(c, startURL(s))
}

// startURL is where a person starts: their organization when they have one only.
func startURL(s *auth.Session) string {
	if len(s.Organizations) == 1 {
		return views.OrganizationURL(s.Organizations[0].ID)
	}
	return views.PathOrganizations
}

// showOrganizations is the picker.
func (h *Handlers) showOrganizations(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	list, err := api.ListMyOrganizations(c.Request().Context())
	if err != nil {
		return err
	}
	if remembered := rememberOrganizations(list); !slices.Equal(remembered, s.Organizations) {
		s.Organizations = remembered
		if err := h.sessions.Save(c.Response(), c.Request(), s); err != nil {
			return err
		}
	}
	cards := make([]views.OrganizationCard, 0, len(list))
	for _, o := range list {
		cards = append(cards, organizationCard(o))
	}
	return render(c, 200, views.OrganizationsPage(h.withFlash(c, h.newPage(c, api, "Organizations")), cards))
}

func organizationCard(o apiclient.Organization) views.OrganizationCard {
	card := views.OrganizationCard{
		Name: o.Name, Initials: views.AvatarOf(o.Name).Initials, URL: views.OrganizationURL(o.ID),
		Line: strings.Join([]string{planName(o), views.Plural(o.UserCount, "user", "users")}, ", "),
	}
	switch {
	case !o.SuspendedAt.IsZero():
		card.Tag = views.Tag{Text: "Suspended", Icon: "ban", Class: "bad"}
	case o.Owner:
		card.Tag = views.Tag{Text: "Owner", Icon: "crown", Class: "accent"}
	case o.Admin:
		card.Tag = views.Tag{Text: "Admin", Icon: "shield-check"}
	}
	return card
}

// rememberOrganizations keeps in the session what every page's frame shows, so
// that no page asks for it.
func rememberOrganizations(list []apiclient.Organization) []auth.Organization {
	out := make([]auth.Organization, 0, len(list))
	for _, o := range list {
		out = append(out, auth.Organization{ID: o.ID, Name: o.Name, Plan: planName(o), Owner: o.Owner, Admin: o.Admin})
	}
	return out
}

// planName is never empty: the API leaves the name out where the plan is free.
func planName(o apiclient.Organization) string {
	switch {
	case o.PricingPlanName != "":
		return o.PricingPlanName
	case o.PricingPlanEnterprise:
		return "Enterprise"
	default:
		return "Free"
	}
}

// refreshOrganization forgets what was read, so that the page it leads back to
// asks Toggl again.
func (h *Handlers) refreshOrganization(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	api.DropOrganization(id)
	return redirect(c, auth.SafeReturn(c.FormValue("return_to")))
}
