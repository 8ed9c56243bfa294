package sandbox

import "strings"

// A grant is who has a permission. Each word of roles is a role code, with the
// condition behind a colon where there is one.
type grant struct {
	name, description, entity string
	roles                     []string
}

const (
	ownTeams   = ":Teams they lead"
	ownProject = ":Projects they manage"
	switchedOn = ":If switched on for the member"
	ifSettings = ":If workspace settings allow it"
	ownOnly    = ":Own time only"
)

var grants = []grant{
	{"manage_subscription", "Manage the subscription", "organization", []string{"org_owner"}},
	{"delete_organization", "Delete the organization", "organization", []string{"org_owner"}},
	{"edit_organization", "Rename and configure the organization", "organization", []string{"org_owner", "org_admin"}},
	{"view_organization_users", "View users of the organization", "organization", []string{"org_owner", "org_admin"}},
	{"edit_organization_users", "Edit users of the organization", "organization", []string{"org_owner", "org_admin"}},
	{"remove_organization_users", "Remove users", "organization", []string{"org_owner", "org_admin:Not the owner or the paying user"}},
	{"invite_organization_users", "Invite users", "organization", []string{"org_owner", "org_admin", "ws_admin:To their workspace"}},
	{"view_audit_log", "View the audit log", "organization", []string{"org_owner", "org_admin"}},
	{"create_workspaces", "Create workspaces", "organization", []string{"org_owner", "org_admin"}},
	{"manage_sso", "Manage single sign-on", "organization", []string{"org_owner", "org_admin:If the plan includes it"}},
	{"manage_user_groups", "Manage groups", "group", []string{"org_owner", "org_admin", "ws_admin", "ws_team_lead" + ownTeams, "group_lead:The group they lead"}},
	{"view_groups", "View groups", "group", []string{"org_owner", "org_admin", "ws_admin", "ws_team_lead", "ws_project_lead", "ws_manager", "group_lead"}},
	{"view_workspace_users", "View members", "workspace", []string{"org_owner", "org_admin", "ws_admin", "ws_team_lead", "ws_project_lead", "ws_manager"}},
	{"invite_workspace_users", "Invite members", "workspace", []string{"org_owner", "org_admin", "ws_admin"}},
	{"edit_workspace_users", "Edit members", "workspace", []string{"org_owner", "org_admin", "ws_admin"}},
	{"edit_workspace_settings", "Edit workspace settings", "workspace", []string{"org_owner", "org_admin", "ws_admin"}},
	{"view_edit_billable_rates", "View and edit billable rates", "workspace", []string{"org_owner", "org_admin", "ws_admin", "ws_team_lead" + switchedOn, "ws_project_lead" + switchedOn, "ws_user" + switchedOn}},
	{"view_edit_labor_costs", "View and edit labor costs", "workspace", []string{"org_owner", "org_admin", "ws_admin", "ws_team_lead" + switchedOn}},
	{"create_clients", "Create clients", "workspace", []string{"ws_admin", "ws_team_lead", "ws_project_lead", "ws_manager", "ws_user" + ifSettings}},
	{"create_tags", "Create tags", "workspace", []string{"ws_admin", "ws_team_lead", "ws_project_lead", "ws_manager", "ws_user" + ifSettings}},
	{"delete_tags", "Delete tags", "workspace", []string{"ws_admin"}},
	{"export_data", "Export data", "workspace", []string{"org_owner", "ws_admin"}},
	{"create_projects", "Create projects", "project", []string{"ws_admin", "ws_team_lead", "ws_project_lead", "ws_manager", "ws_user" + ifSettings}},
	{"edit_projects", "Edit projects", "project", []string{"ws_admin", "ws_team_lead" + ownProject, "ws_project_lead" + ownProject, "ws_manager", "project_manager", "ws_user" + ownProject}},
	{"delete_projects", "Delete projects", "project", []string{"ws_admin"}},
	{"manage_project_members", "Manage project members", "project", []string{"ws_admin", "ws_project_lead" + ownProject, "ws_manager", "project_manager"}},
	{"view_projects", "View projects", "project", []string{"ws_admin", "ws_team_lead", "ws_project_lead", "ws_manager", "ws_user:Public ones and their own", "ws_guest:Those they are invited to", "project_manager"}},
	{"view_time_entries", "View others’ time", "workspace", []string{"ws_admin", "ws_team_lead" + ownTeams, "ws_project_lead" + ownProject, "ws_manager"}},
	{"edit_time_entries", "Edit others’ time", "workspace", []string{"ws_admin", "ws_team_lead:Teams they lead, until approved"}},
	{"approve_timesheets", "Approve timesheets", "workspace", []string{"ws_admin", "ws_team_lead" + ownTeams, "ws_manager"}},
	{"track_time", "Track time", "workspace", []string{"ws_admin", "ws_team_lead", "ws_project_lead", "ws_manager", "ws_user"}},
	{"view_reports", "View reports", "workspace", []string{"ws_admin", "ws_team_lead", "ws_project_lead", "ws_manager", "ws_user" + ownOnly}},
	{"share_reports", "Share reports", "workspace", []string{"ws_admin", "ws_team_lead", "ws_project_lead", "ws_user" + ownOnly}},
	{"assign_tasks", "Assign tasks", "project", []string{"ws_admin", "ws_team_lead", "ws_project_lead" + ownProject, "ws_manager", "project_manager"}},
}

// permissions are the grants of a role, in the order of the catalogue.
func (r role) permissions() []permissionWire {
	rows := []permissionWire{}
	for i, g := range grants {
		for _, granted := range g.roles {
			code, condition, conditional := strings.Cut(granted, ":")
			if code != r.code {
				continue
			}
			row := permissionWire{PermissionID: int64(i + 1), Name: g.name, Description: g.description, Entity: g.entity}
			if conditional {
				row.Condition = &condition
			}
			rows = append(rows, row)
		}
	}
	return rows
}
