package handlers

import (
	"roster/apiclient"
)

// A csvColumn is a field of the API under its own name. A member of a list has
// its path: "workspaces.rate".
type csvColumn[T any] struct {
	name  string
	value func(T) string
}

// userCSV is everything that the contract has of an organization user.
var userCSV = []csvColumn[apiclient.OrganizationUser]{
	{"id", func(u apiclient.OrganizationUser) string { return csvInt(u.ID) }},
	{"user_id", func(u apiclient.OrganizationUser) string { return csvInt(u.UserID) }},
	{"organization_id", func(u apiclient.OrganizationUser) string { return csvInt(u.OrganizationID) }},
	{"name", func(u apiclient.OrganizationUser) string { return csvText(u.Name) }},
	{"email", func(u apiclient.OrganizationUser) string { return csvText(u.Email) }},
	{"role_id", func(u apiclient.OrganizationUser) string { return csvOptionalInt(u.RoleID) }},
	{"owner", func(u apiclient.OrganizationUser) string { return csvFlag(u.Owner) }},
	{"admin", func(u apiclient.OrganizationUser) string { return csvFlag(u.Admin) }},
	{"joined", func(u apiclient.OrganizationUser) string { return csvFlag(u.Joined) }},
	{"inactive", func(u apiclient.OrganizationUser) string { return csvFlag(u.Inactive) }},
	{"invitation_id", func(u apiclient.OrganizationUser) string { return csvOptionalInt(u.InvitationID) }},
	{"can_edit_email", func(u apiclient.OrganizationUser) string { return csvFlag(u.CanEditEmail) }},
	{"2fa_enabled", func(u apiclient.OrganizationUser) string { return csvFlag(u.TwoFactorEnabled) }},
	{"avatar_url", func(u apiclient.OrganizationUser) string { return csvText(u.AvatarURL) }},
	{"created_at", func(u apiclient.OrganizationUser) string { return csvTime(u.CreatedAt) }},
	{"updated_at", func(u apiclient.OrganizationUser) string { return csvTime(u.UpdatedAt) }},
	groupCSV("groups.group_id", func(g apiclient.GroupRef) string { return csvInt(g.GroupID) }),
	groupCSV("groups.name", groupText),
	{"workspace_count", func(u apiclient.OrganizationUser) string { return csvInt(u.WorkspaceCount) }},
	membershipCSV("workspaces.workspace_id", func(w apiclient.UserWorkspace) string { return csvInt(w.WorkspaceID) }),
	membershipCSV("workspaces.workspace_user_id", func(w apiclient.UserWorkspace) string { return csvInt(w.WorkspaceUserID) }),
	membershipCSV("workspaces.workspace_name", func(w apiclient.UserWorkspace) string { return csvText(w.WorkspaceName) }),
	membershipCSV("workspaces.role_id", func(w apiclient.UserWorkspace) string { return csvOptionalInt(w.RoleID) }),
	membershipCSV("workspaces.role", func(w apiclient.UserWorkspace) string { return csvText(w.Role) }),
	membershipCSV("workspaces.admin", func(w apiclient.UserWorkspace) string { return csvFlag(w.Admin) }),
	membershipCSV("workspaces.inactive", func(w apiclient.UserWorkspace) string { return csvFlag(w.Inactive) }),
	membershipCSV("workspaces.rate", func(w apiclient.UserWorkspace) string { return csvNumber(w.Rate) }),
	membershipCSV("workspaces.cost", func(w apiclient.UserWorkspace) string { return csvNumber(w.Cost) }),
	membershipCSV("workspaces.default_currency", func(w apiclient.UserWorkspace) string { return csvText(w.DefaultCurrency) }),
	membershipCSV("workspaces.working_hours", func(w apiclient.UserWorkspace) string { return csvNumber(w.WorkingHours) }),
	membershipCSV("workspaces.view_edit_billable_rates", func(w apiclient.UserWorkspace) string { return csvOptionalFlag(w.ViewEditBillableRates) }),
	membershipCSV("workspaces.view_edit_labor_costs", func(w apiclient.UserWorkspace) string { return csvOptionalFlag(w.ViewEditLaborCosts) }),
	membershipCSV("workspaces.groups", func(w apiclient.UserWorkspace) string { return groupNames(harmless(w.Groups)) }),
}

func groupCSV(name string, value func(apiclient.GroupRef) string) csvColumn[apiclient.OrganizationUser] {
	return csvColumn[apiclient.OrganizationUser]{name, func(u apiclient.OrganizationUser) string { return csvList(u.Groups, value) }}
}

func membershipCSV(name string, value func(apiclient.UserWorkspace) string) csvColumn[apiclient.OrganizationUser] {
	return csvColumn[apiclient.OrganizationUser]{name, func(u apiclient.OrganizationUser) string { return csvList(u.Workspaces, value) }}
}

func groupText(g apiclient.GroupRef) string { return csvText(g.Name) }

func harmless(groups []apiclient.GroupRef) []apiclient.GroupRef {
	list := make([]apiclient.GroupRef, len(groups))
	for i, g := range groups {
		list[i] = apiclient.GroupRef{GroupID: g.GroupID, Name: csvText(g.Name)}
	}
	return list
}

// workspaceUserCSV is everything that the contract has of a workspace user but
// its secrets, which are never read.
var workspaceUserCSV = []csvColumn[apiclient.WorkspaceUser]{
	{"id", func(u apiclient.WorkspaceUser) string { return csvInt(u.ID) }},
	{"user_id", func(u apiclient.WorkspaceUser) string { return csvInt(u.UserID) }},
	{"uid", func(u apiclient.WorkspaceUser) string { return csvInt(u.UID) }},
	{"workspace_id", func(u apiclient.WorkspaceUser) string { return csvInt(u.WorkspaceID) }},
	{"wid", func(u apiclient.WorkspaceUser) string { return csvInt(u.WID) }},
	{"name", func(u apiclient.WorkspaceUser) string { return csvText(u.Name) }},
	{"email", func(u apiclient.WorkspaceUser) string { return csvText(u.Email) }},
	{"active", func(u apiclient.WorkspaceUser) string { return csvFlag(u.Active) }},
	{"inactive", func(u apiclient.WorkspaceUser) string { return csvFlag(u.Inactive) }},
	{"role_id", func(u apiclient.WorkspaceUser) string { return csvOptionalInt(u.RoleID) }},
	{"role", func(u apiclient.WorkspaceUser) string { return csvText(u.Role) }},
	{"admin", func(u apiclient.WorkspaceUser) string { return csvFlag(u.Admin) }},
	{"workspace_admin", func(u apiclient.WorkspaceUser) string { return csvFlag(u.WorkspaceAdmin) }},
	{"organization_admin", func(u apiclient.WorkspaceUser) string { return csvFlag(u.OrganizationAdmin) }},
	{"is_direct", func(u apiclient.WorkspaceUser) string { return csvFlag(u.IsDirect) }},
	{"group_ids", func(u apiclient.WorkspaceUser) string { return csvList(u.GroupIDs, csvInt) }},
	{"rate", func(u apiclient.WorkspaceUser) string { return csvNumber(u.Rate) }},
	{"rate_last_updated", func(u apiclient.WorkspaceUser) string { return csvTime(u.RateLastUpdated) }},
	{"labor_cost", func(u apiclient.WorkspaceUser) string { return csvNumber(u.LaborCost) }},
	{"labor_cost_last_updated", func(u apiclient.WorkspaceUser) string { return csvTime(u.LaborCostLastUpdated) }},
	{"working_hours_in_minutes", func(u apiclient.WorkspaceUser) string { return csvOptionalInt(u.WorkingHoursInMinutes) }},
	{"view_edit_billable_rates", func(u apiclient.WorkspaceUser) string { return csvOptionalFlag(u.ViewEditBillableRates) }},
	{"view_edit_labor_costs", func(u apiclient.WorkspaceUser) string { return csvOptionalFlag(u.ViewEditLaborCosts) }},
	{"timezone", func(u apiclient.WorkspaceUser) string { return csvText(u.Timezone) }},
	{"2fa_enabled", func(u apiclient.WorkspaceUser) string { return csvFlag(u.TwoFactorEnabled) }},
	{"avatar_file_name", func(u apiclient.WorkspaceUser) string { return csvText(u.AvatarFileName) }},
	{"at", func(u apiclient.WorkspaceUser) string { return csvTime(u.At) }},
}
