package handlers

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

// showUser is one organization user with every field of the list. There is no
// call for one user: the lists that are cached are looked through first.
func (h *Handlers) showUser(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	organizationUserID, err := pathID(c, "organization_user_id")
	if err != nil {
		return err
	}
	u, err := api.FindOrganizationUser(c.Request().Context(), id, organizationUserID, c.QueryParam("email"))
	if err != nil {
		return err
	}
	v := userView(id, u, h.clock(c))
	return render(c, http.StatusOK, views.UserPage(h.withFlash(c, h.newPage(c, api, v.Name)), v))
}

func userView(organizationID int64, u apiclient.OrganizationUser, clock views.Clock) views.User {
	v := views.User{
		Avatar:  views.AvatarOf(u.Name),
		Name:    displayName(u.Name, u.Email),
		Email:   u.Email,
		Status:  userStatus(&u),
		Role:    userRole(&u),
		Facts:   userFacts(u, clock),
		BackURL: views.UsersURL(organizationID, nil),
	}
	for _, g := range u.Groups {
		v.Groups = append(v.Groups, views.Link{
			Label: g.Name,
			URL:   views.UsersURL(organizationID, url.Values{"groups": {strconv.FormatInt(g.GroupID, 10)}}),
		})
	}
	for _, w := range u.Workspaces {
		v.Workspaces = append(v.Workspaces, userWorkspace(w))
	}
	return v
}

func userFacts(u apiclient.OrganizationUser, clock views.Clock) []views.Fact {
	email := views.Fact{Term: "Email", Value: u.Email}
	if !u.CanEditEmail {
		email.Hint = "Toggl lets nobody else change this address."
	}
	picture := "None"
	if u.AvatarURL != "" {
		picture = "Set in Toggl; not loaded here, for privacy"
	}
	facts := []views.Fact{
		{Term: "Name", Value: u.Name},
		email,
		{Term: "Two-factor", Value: onOff(u.TwoFactorEnabled)},
		{Term: "Joined", Value: views.YesNo(u.Joined)},
		{Term: "Role ID", Value: optionalID(u.RoleID)},
		{Term: "Workspaces", Value: views.Count(u.WorkspaceCount)},
		{Term: "Picture", Value: picture},
		{Term: "Created", Time: clock.Date(u.CreatedAt), Value: "–"},
		{Term: "Updated", Time: clock.Ago(u.UpdatedAt), Value: "–"},
		{Term: "Organization user ID", Value: strconv.FormatInt(u.ID, 10)},
		{Term: "User ID", Value: strconv.FormatInt(u.UserID, 10)},
	}
	if u.InvitationID != nil {
		facts = append(facts, views.Fact{Term: "Invitation ID", Value: optionalID(u.InvitationID)})
	}
	return facts
}

func userWorkspace(w apiclient.UserWorkspace) views.UserWorkspace {
	v := views.UserWorkspace{Name: w.WorkspaceName, Tag: workspaceRole(w)}
	v.Facts = []views.Fact{
		{Term: "Rate per hour", Value: optionalMoney(w.Rate, w.DefaultCurrency)},
		{Term: "Labor cost per hour", Value: optionalMoney(w.Cost, w.DefaultCurrency)},
		{Term: "Working hours", Value: optionalDecimal(w.WorkingHours)},
		{Term: "Sees and edits billable rates", Value: optionalFlag(w.ViewEditBillableRates)},
		{Term: "Sees and edits labor costs", Value: optionalFlag(w.ViewEditLaborCosts)},
		{Term: "Inactive here", Value: views.YesNo(w.Inactive)},
		{Term: "Through groups", Value: groupNames(w.Groups)},
		{Term: "Role ID", Value: optionalID(w.RoleID)},
		{Term: "Workspace ID", Value: strconv.FormatInt(w.WorkspaceID, 10)},
		{Term: "Workspace user ID", Value: strconv.FormatInt(w.WorkspaceUserID, 10)},
	}
	return v
}

func workspaceRole(w apiclient.UserWorkspace) views.Tag {
	if w.Admin {
		return views.Tag{Text: "Admin", Icon: "shield-check"}
	}
	if w.Role != "" {
		return views.Tag{Text: w.Role, Plain: true}
	}
	return views.Tag{Text: "Member", Plain: true}
}

func groupNames(groups []apiclient.GroupRef) string {
	if len(groups) == 0 {
		return "–"
	}
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = g.Name
	}
	return joinNames(names, len(names))
}

func onOff(on bool) string {
	if on {
		return "On"
	}
	return "Off"
}

func optionalID(id *int64) string {
	if id == nil {
		return "–"
	}
	return strconv.FormatInt(*id, 10)
}

func optionalMoney(amount *float64, currency string) string {
	if amount == nil {
		return "–"
	}
	return views.Money(*amount, currency)
}

func optionalDecimal(n *float64) string {
	if n == nil {
		return "–"
	}
	return views.Decimal(*n)
}

func optionalFlag(b *bool) string {
	if b == nil {
		return "–"
	}
	return views.YesNo(*b)
}
