package handlers

import (
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
	"roster/views"
)

// row makes a table row of a workspace user: all that the API tells of them,
// but for the picture, which isn't loaded, and the secrets, which the client
// drops.
func (w workspaceUsers) row(u apiclient.WorkspaceUser, clock views.Clock) views.WorkspaceUserRow {
	row := views.WorkspaceUserRow{
		URL:       views.AccountURL(w.organizationID, accountOf(u), u.Email),
		EditURL:   views.WorkspaceUserURL(w.organizationID, w.workspace.id, u.ID, w.query.Name),
		RemoveURL: views.WorkspaceUserRemovalURL(w.organizationID, w.workspace.id, u.ID, w.query.Name),
		Name:      displayName(u.Name, u.Email), Email: u.Email, Avatar: views.AvatarOf(u.Name),
		Status: workspaceUserStatus(u), Role: w.names.roleTag(u), OrganizationAdmin: u.OrganizationAdmin,
		Access:   w.names.access(u),
		Rate:     views.Amount{Text: money(u.Rate, w.workspace.currency), Since: clock.Day(u.RateLastUpdated)},
		Cost:     views.Amount{Text: money(u.LaborCost, w.workspace.currency), Since: clock.Day(u.LaborCostLastUpdated)},
		Hours:    formHours(u.WorkingHoursInMinutes),
		Sees:     sees(u),
		TimeZone: u.Timezone,
		Updated:  clock.Ago(u.At),
	}
	row.TwoFactor = twoFactor(&apiclient.OrganizationUser{Joined: u.Active, TwoFactorEnabled: u.TwoFactorEnabled})
	return row
}

// accountOf is the global user ID under either of its names.
func accountOf(u apiclient.WorkspaceUser) int64 {
	if u.UserID != 0 {
		return u.UserID
	}
	return u.UID
}

func workspaceUserStatus(u apiclient.WorkspaceUser) views.Status {
	return userStatus(&apiclient.OrganizationUser{Inactive: u.Inactive, Joined: u.Active})
}

func (n workspaceNamesOf) roleTag(u apiclient.WorkspaceUser) views.Tag {
	name := n.roleName(u)
	if u.WorkspaceAdmin || u.Admin {
		return views.Tag{Text: name, Icon: "shield-check"}
	}
	return views.Tag{Text: name, Plain: true}
}

// roleName falls back on the older text for a role where the name isn't known.
func (n workspaceNamesOf) roleName(u apiclient.WorkspaceUser) string {
	if u.RoleID != nil {
		i := slices.IndexFunc(n.roles, func(r apiclient.Role) bool { return r.RoleID == *u.RoleID })
		if i >= 0 {
			return n.roles[i].Name
		}
	}
	switch {
	case u.Role != "":
		return capitalized(u.Role)
	case u.RoleID != nil:
		return "Role " + formID(u.RoleID)
	default:
		return "–"
	}
}

// access says how somebody comes to be in the workspace.
func (n workspaceNamesOf) access(u apiclient.WorkspaceUser) string {
	groups := n.groupNames(u.GroupIDs)
	switch {
	case u.IsDirect && len(groups) == 0:
		return "Direct"
	case u.IsDirect:
		return "Direct, and via " + joinNames(groups, 2)
	case len(groups) > 0:
		return "Via " + joinNames(groups, 2)
	default:
		return "Not direct"
	}
}

func (n workspaceNamesOf) groupNames(ids []int64) []string {
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		name := "Group " + strconv.FormatInt(id, 10)
		if i := slices.IndexFunc(n.groups, func(g apiclient.Group) bool { return g.GroupID == id }); i >= 0 {
			name = n.groups[i].Name
		}
		names = append(names, name)
	}
	return names
}

func money(amount *float64, currency string) string {
	if amount == nil {
		return ""
	}
	return views.Money(*amount, currency)
}

func sees(u apiclient.WorkspaceUser) string {
	var list []string
	if count(u.ViewEditBillableRates) == 1 {
		list = append(list, "Rates")
	}
	if count(u.ViewEditLaborCosts) == 1 {
		list = append(list, "Costs")
	}
	return strings.Join(list, ", ")
}
