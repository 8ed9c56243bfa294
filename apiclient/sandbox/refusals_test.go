package sandbox

import (
	"strings"
	"time"
)

// refusals reaches every message of the contracts.
var refusals = []refusal{
	{operation: "CreateOrganization", message: "Invalid JSON input", path: "/organizations", body: "{"},
	{operation: "CreateOrganization", message: "Field 'name' cannot be empty.", path: "/organizations", body: `{"workspace_name":"W"}`},
	{operation: "CreateOrganization", message: "organization name too long, maximum length is 140", path: "/organizations", body: `{"name":"{long}","workspace_name":"W"}`},
	{operation: "CreateOrganization", message: "workspace name must contain non-space characters", path: "/organizations", body: `{"name":"N","workspace_name":"  "}`},
	{operation: "CreateOrganization", message: "workspace name must be provided", path: "/organizations", body: `{"name":"N"}`},
	{operation: "CreateOrganization", message: "workspace name must not be longer than 140", path: "/organizations", body: `{"name":"N","workspace_name":"{long}"}`},
	{operation: "CreateOrganization", message: "User is not authorized to create an organization", path: "/organizations", body: `{"name":"N","workspace_name":"W"}`, who: "member"},

	{operation: "GetOrganization", message: "Invalid organization ID", path: "/organizations/1"},
	{operation: "GetOrganization", message: "User not part of organization", path: "/organizations/{free}", who: "admin"},

	{operation: "UpdateOrganization", message: "Invalid JSON input", path: "/organizations/{large}", body: "["},
	{operation: "UpdateOrganization", message: "Invalid organization ID", path: "/organizations/x", body: `{"name":"N"}`},
	{operation: "UpdateOrganization", message: "At least one field is required", path: "/organizations/{large}", body: "{}"},
	{operation: "UpdateOrganization", message: "field 'name' cannot be empty", path: "/organizations/{large}", body: `{"name":" "}`},
	{operation: "UpdateOrganization", message: "organization name too long, maximum length is 140", path: "/organizations/{large}", body: `{"name":"{long}"}`},
	{operation: "UpdateOrganization", message: "User is not authorized to update the organization", path: "/organizations/{large}", body: `{"name":"N"}`, who: "member"},

	{operation: "ListOrganizationUsers", message: "Missing or invalid organization_id.", path: "/organizations/x/users"},
	{operation: "ListOrganizationUsers", message: "active_status parameter can contain only 'active', 'inactive' or 'invited'.", path: "/organizations/{large}/users?active_status=active,x"},
	{operation: "ListOrganizationUsers", message: "only_admins parameter can contain only 'true' or 'false'.", path: "/organizations/{large}/users?only_admins=yes"},
	{operation: "ListOrganizationUsers", message: "Invalid value sent for 'page'.", path: "/organizations/{large}/users?page=x"},
	{operation: "ListOrganizationUsers", message: "page parameter must contain values > 0.", path: "/organizations/{large}/users?page=0"},
	{operation: "ListOrganizationUsers", message: "Invalid value sent for 'per_page'.", path: "/organizations/{large}/users?per_page=1.5"},
	{operation: "ListOrganizationUsers", message: "per_page parameter must contain values > 0.", path: "/organizations/{large}/users?per_page=-1"},
	{operation: "ListOrganizationUsers", message: "sort_dir parameter can contain only 'asc' or 'desc'.", path: "/organizations/{large}/users?sort_dir=up"},
	{operation: "ListOrganizationUsers", message: "Invalid value sent for 'groups'.", path: "/organizations/{large}/users?groups=1,x"},
	{operation: "ListOrganizationUsers", message: "Invalid value sent for 'workspaces'.", path: "/organizations/{large}/users?workspaces=x"},
	{operation: "ListOrganizationUsers", message: "User is not authorized to list the organization users", path: "/organizations/{large}/users", who: "member"},

	{operation: "BulkUpdateOrganizationUsers", message: "Missing or invalid organization_id", path: "/organizations/x/users", body: `{"delete":[1]}`},
	{operation: "BulkUpdateOrganizationUsers", message: "At least one organization user ID must be supplied.", path: "/organizations/{large}/users", body: `{"delete":[]}`},
	{operation: "BulkUpdateOrganizationUsers", message: "Organization user IDs must be unique.", path: "/organizations/{large}/users", body: `{"delete":[{member},{member}]}`},
	{operation: "BulkUpdateOrganizationUsers", message: "The following organization user IDs do not belong to this organization: '...'.", path: "/organizations/{large}/users", body: `{"delete":[{member},{in_free}]}`},
	{operation: "BulkUpdateOrganizationUsers", message: "Cannot remove the paying user with organization user ID='...'.", path: "/organizations/{large}/users", body: `{"delete":[{paying}]}`},
	{operation: "BulkUpdateOrganizationUsers", message: "Cannot remove the organization owner user with organization user ID='...'.", path: "/organizations/{large}/users", body: `{"delete":[{owner}]}`},
	{operation: "BulkUpdateOrganizationUsers", message: "User is not authorized to delete the organization user", path: "/organizations/{large}/users", body: `{"delete":[{member}]}`, who: "member"},

	{operation: "LeaveOrganization", message: "The user does not belong to the organization.", path: "/organizations/{free}/users/leave", who: "admin"},
	{operation: "LeaveOrganization", message: "Cannot remove the paying user.", path: "/organizations/{large}/users/leave", who: "paying"},
	{operation: "LeaveOrganization", message: "Cannot remove the organization owner.", path: "/organizations/{large}/users/leave"},
	{operation: "LeaveOrganization", message: "User does not have access to this resource.", path: "/organizations/1/users/leave"},

	{operation: "UpdateOrganizationUser", message: "Missing or invalid organization_id.", path: "/organizations/x/users/{member}", body: `{"name":"N"}`},
	{operation: "UpdateOrganizationUser", message: "Invalid role_id.", path: "/organizations/{large}/users/{member}", body: `{"role_id":"x"}`},
	{operation: "UpdateOrganizationUser", message: "Cannot use both admin flags and role_id.", path: "/organizations/{large}/users/{member}", body: `{"role_id":11,"organization_admin":true}`},
	{operation: "UpdateOrganizationUser", message: "User does not exist in the organization.", path: "/organizations/{large}/users/{in_free}", body: `{"name":"N"}`},
	{operation: "UpdateOrganizationUser", message: "At least one field is required.", path: "/organizations/{large}/users/{member}", body: "{}"},
	{operation: "UpdateOrganizationUser", message: "Field 'name' cannot be empty.", path: "/organizations/{large}/users/{member}", body: `{"name":""}`},
	{operation: "UpdateOrganizationUser", message: "Missing e-mail.", path: "/organizations/{large}/users/{member}", body: `{"email":""}`},
	{operation: "UpdateOrganizationUser", message: "Invalid e-mail: '...'", path: "/organizations/{large}/users/{member}", body: `{"email":"nobody"}`},
	{operation: "UpdateOrganizationUser", message: "Email already exists.", path: "/organizations/{large}/users/{member}", body: `{"email":"{taken_email}"}`},
	{operation: "UpdateOrganizationUser", message: "Group '...' is not in Organization '...'.", path: "/organizations/{large}/users/{member}", body: `{"groups":[{free_group}]}`},
	{operation: "UpdateOrganizationUser", message: "Workspace '...' is not in Organization '...'.", path: "/organizations/{large}/users/{member}", body: `{"workspaces":[{"workspace_id":{free_ws}}]}`},
	{operation: "UpdateOrganizationUser", message: "Cannot remove admin privileges from owner.", path: "/organizations/{large}/users/{owner}", body: `{"organization_admin":false}`},
	{operation: "UpdateOrganizationUser", message: "Cannot deactivate owner.", path: "/organizations/{large}/users/{owner}", body: `{"inactive":true}`},
	{operation: "UpdateOrganizationUser", message: "Cannot remove admin privileges from paying user.", path: "/organizations/{large}/users/{paying}", body: `{"role_id":12}`},
	{operation: "UpdateOrganizationUser", message: "Cannot deactivate paying user.", path: "/organizations/{large}/users/{paying}", body: `{"inactive":true}`},
	{operation: "UpdateOrganizationUser", message: "User has multiple organizations.", path: "/organizations/{large}/users/{shared}", body: `{"email":"new@haldenmoss.example"}`},
	{operation: "UpdateOrganizationUser", message: "Invalid organization role.", path: "/organizations/{large}/users/{member}", body: `{"role_id":1}`},
	{operation: "UpdateOrganizationUser", message: "Invalid role ID: 1234.", path: "/organizations/{large}/users/{member}", body: `{"role_id":1187}`},
	{operation: "UpdateOrganizationUser", message: "Invalid workspace role with ID: 1234.", path: "/organizations/{large}/users/{member}", body: `{"workspaces":[{"workspace_id":{ws},"role_id":11}]}`},
	{operation: "UpdateOrganizationUser", message: "User is not authorized to update the organization user", path: "/organizations/{large}/users/{member}", body: `{"name":"N"}`, who: "member"},
	{operation: "UpdateOrganizationUser", message: "Invalid organization user ID.", path: "/organizations/{large}/users/77", body: `{"name":"N"}`},
	{operation: "UpdateOrganizationUser", message: "Failed to load user data.", path: "/organizations/{large}/users/{member}", body: `{"name":"N"}`, prepare: func(t *tester) {
		t.owner("PATCH", fill("/api/v9/organizations/{large}/users", places(t.server)), fill(`{"delete":[{member}]}`, places(t.server)))
	}},

	{operation: "GetWorkspaceStatistics", message: "Forbidden", path: "/organizations/{large}/workspaces/statistics", who: "member"},
	{operation: "GetWorkspaceStatistics", message: "Resource can not be found", path: "/organizations/1/workspaces/statistics"},

	{operation: "ChangeAssignments", message: "Invalid JSON input", path: "/organizations/{large}/workspaces/{ws}/assignments", body: "[{"},
	{operation: "ChangeAssignments", message: "Invalid organization ID.", path: "/organizations/x/workspaces/{ws}/assignments", body: "[]"},
	{operation: "ChangeAssignments", message: "Nothing to change.", path: "/organizations/{large}/workspaces/{ws}/assignments", body: "[]"},
	{operation: "ChangeAssignments", message: "Field operation can contain only 'add' or 'remove'.", path: "/organizations/{large}/workspaces/{ws}/assignments", body: `[{"operation":"move","user_id":1}]`},
	{operation: "ChangeAssignments", message: "Cannot send user_id and group_id in the same element.", path: "/organizations/{large}/workspaces/{ws}/assignments", body: `[{"operation":"add","user_id":1,"group_id":1}]`},
	{operation: "ChangeAssignments", message: "One of user_id or group_id is required.", path: "/organizations/{large}/workspaces/{ws}/assignments", body: `{"operation":"add"}`},
	{operation: "ChangeAssignments", message: "Invalid user_id.", path: "/organizations/{large}/workspaces/{ws}/assignments", body: `[{"operation":"add","user_id":{member}}]`},
	{operation: "ChangeAssignments", message: "Cannot remove workspace owner.", path: "/organizations/{large}/workspaces/{ws}/assignments", body: `[{"operation":"remove","user_id":{owner_account}}]`},
	{operation: "ChangeAssignments", message: "Cannot remove paying user.", path: "/organizations/{large}/workspaces/{ws}/assignments", body: `[{"operation":"remove","user_id":{paying_account}}]`},
	{operation: "ChangeAssignments", message: "Cannot remove organization admin.", path: "/organizations/{large}/workspaces/{ws}/assignments", body: `[{"operation":"remove","user_id":{admin_account}}]`},
	{operation: "ChangeAssignments", message: "Invalid group_id.", path: "/organizations/{large}/workspaces/{ws}/assignments", body: `[{"operation":"add","group_id":{free_group}}]`},
	{operation: "ChangeAssignments", message: "Invalid workspace ID.", path: "/organizations/{large}/workspaces/{free_ws}/assignments", body: "[]"},
	{operation: "ChangeAssignments", message: "Forbidden", path: "/organizations/{large}/workspaces/{ws}/assignments", body: "[]", who: "member"},

	{operation: "ListWorkspaceUsers", message: "Forbidden", path: "/organizations/{large}/workspaces/{ws}/workspace_users", who: "member"},
	{operation: "ListWorkspaceUsers", message: "Resource can not be found", path: "/organizations/{large}/workspaces/{free_ws}/workspace_users"},
	{operation: "RemoveWorkspaceUsers", message: "JSON is not valid", path: "/organizations/{large}/workspaces/{ws}/workspace_users", body: "{"},
	{operation: "RemoveWorkspaceUsers", message: "At least one workspace user ID must be supplied.", path: "/organizations/{large}/workspaces/{ws}/workspace_users", body: "{}"},
	{operation: "RemoveWorkspaceUsers", message: "Workspace user IDs must be unique", path: "/organizations/{large}/workspaces/{ws}/workspace_users", body: `{"delete":[1,1]}`},
	{operation: "RemoveWorkspaceUsers", message: "Wrong workspace user IDs", path: "/organizations/{large}/workspaces/{ws}/workspace_users", body: `{"delete":[{wu_free}]}`},
	{operation: "RemoveWorkspaceUsers", message: "Forbidden", path: "/organizations/{large}/workspaces/{ws}/workspace_users", body: `{"delete":[1]}`, who: "member"},

	{operation: "GetMe", message: "could not load user data", path: "/me", who: "member", prepare: func(t *tester) {
		t.server.Replace(t.server.Member().OrganizationUserID, func(u *User) { u.Closed = true })
	}},
	{operation: "GetMe", message: "Wrong credentials", path: "/me", who: "nobody"},
	{operation: "ListMyWorkspaces", message: "User does not have access to this resource.", path: "/me/workspaces", who: "member", prepare: func(t *tester) {
		t.server.Replace(t.server.Member().OrganizationUserID, func(u *User) { u.AccountLockedAt = time.Now() })
	}},
	{operation: "ListRoles", message: "User does not have access to the organization", path: "/organizations/{free}/roles", who: "admin"},
	{operation: "GetOwner", message: "User does not have access to this resource", path: "/organizations/{free}/owner", who: "admin"},
	{operation: "GetOwner", message: "Organization owner not found", path: "/organizations/1/owner"},
	{operation: "ListUsage", message: "Invalid organization ID", path: "/organizations/1/usage"},
	{operation: "ListUsage", message: "User not part of organization", path: "/organizations/{free}/usage", who: "admin"},

	{operation: "ListGroups", message: "Invalid number ...", path: "/organizations/{large}/groups?workspace=x"},
	{operation: "CreateTrackGroup", message: "Invalid JSON input", path: "/organizations/{large}/groups", body: "{"},
	{operation: "CreateTrackGroup", message: "Group name must be present", path: "/organizations/{large}/groups", body: `{"name":" "}`},
	{operation: "CreateTrackGroup", message: "Group name too long, maximum length is 200", path: "/organizations/{large}/groups", body: `{"name":"{long}"}`},
	{operation: "CreateTrackGroup", message: "Name has already been taken", path: "/organizations/{large}/groups", body: `{"name":"{taken_group}"}`},
	{operation: "CreateTrackGroup", message: "User {user} not exists in the organization {org}", path: "/organizations/{large}/groups", body: `{"name":"New","users":[{member}]}`},
	{operation: "CreateTrackGroup", message: "Workspace {ws} not exists in the organization {org}", path: "/organizations/{large}/groups", body: `{"name":"New","workspaces":[{free_ws}]}`},
	{operation: "CreateTrackGroup", message: "User does not have access to this resource", path: "/organizations/{large}/groups", body: `{"name":"New"}`, who: "member"},
	{operation: "UpdateTrackGroup", message: "Invalid JSON input", path: "/organizations/{large}/groups/{group}", body: "{"},
	{operation: "UpdateTrackGroup", message: "Group name must be present", path: "/organizations/{large}/groups/{group}", body: `{"name":" "}`},
	{operation: "UpdateTrackGroup", message: "Group name too long, maximum length is 200", path: "/organizations/{large}/groups/{group}", body: `{"name":"{long}"}`},
	{operation: "UpdateTrackGroup", message: "Name has already been taken", path: "/organizations/{large}/groups/{group}", body: `{"name":"{taken_group}"}`},
	{operation: "UpdateTrackGroup", message: "User {user} not exists in the organization {org}", path: "/organizations/{large}/groups/{group}", body: `{"name":"New","users":[{member}]}`},
	{operation: "UpdateTrackGroup", message: "Workspace {ws} not exists in the organization {org}", path: "/organizations/{large}/groups/{group}", body: `{"name":"New","workspaces":[{free_ws}]}`},
	{operation: "UpdateTrackGroup", message: "Forbidden", path: "/organizations/{large}/groups/{group}", body: `{"name":"New"}`, who: "member"},
	{operation: "UpdateTrackGroup", message: "Invalid group ID.", path: "/organizations/{large}/groups/77", body: `{"name":"New"}`},
	{operation: "DeleteTrackGroup", message: "User does not have access to this resource", path: "/organizations/{large}/groups/{group}", who: "member"},
	{operation: "DeleteTrackGroup", message: "Invalid group ID.", path: "/organizations/{large}/groups/x"},
	{operation: "PatchTrackGroup", message: "Invalid JSON input", path: "/organizations/{large}/groups/{group}", body: "{}"},
	{operation: "PatchTrackGroup", message: "Unsupported operation", path: "/organizations/{large}/groups/{group}", body: `[{"op":"replace","path":"/users","value":[1]}]`},
	{operation: "PatchTrackGroup", message: "Value not present, or too many per patch operation", path: "/organizations/{large}/groups/{group}", body: `[{"op":"add","path":"/users","value":[]}]`},
	{operation: "PatchTrackGroup", message: "Too many operations", path: "/organizations/{large}/groups/{group}", body: "[" + strings.Repeat(`{"op":"add"},`, 100) + `{}]`},
	{operation: "PatchTrackGroup", message: "Unknown group at organization", path: "/organizations/{large}/groups/{free_group}", body: "[]"},
	{operation: "PatchTrackGroup", message: "User {id} not exists in the organization {id}", path: "/organizations/{large}/groups/{group}", body: `[{"op":"add","path":"/users","value":[{member}]}]`},
	{operation: "PatchTrackGroup", message: "Workspace {id} not exists in the organization {id}", path: "/organizations/{large}/groups/{group}", body: `[{"op":"remove","path":"/workspaces","value":[{free_ws}]}]`},
	{operation: "PatchTrackGroup", message: "User does not have permission to manage user groups.", path: "/organizations/{large}/groups/{group}", body: "[]", who: "member"},
	{operation: "PatchTrackGroup", message: "Invalid group ID.", path: "/organizations/{large}/groups/77", body: "[]"},

	{operation: "InviteUsers", message: "Invalid JSON input", path: "/organizations/{large}/invitations", body: `{"emails":"x"}`},
	{operation: "InviteUsers", message: "Invalid organization id", path: "/organizations/x/invitations", body: "{}"},
	{operation: "InviteUsers", message: "at least one email is required", path: "/organizations/{large}/invitations", body: `{"workspaces":[{"workspace_id":{ws}}]}`},
	{operation: "InviteUsers", message: "at least one workspace is required", path: "/organizations/{large}/invitations", body: `{"emails":["a@b.example"]}`},
	{operation: "InviteUsers", message: "Missing e-mail", path: "/organizations/{large}/invitations", body: `{"emails":[""],"workspaces":[{"workspace_id":{ws}}]}`},
	{operation: "InviteUsers", message: "Invalid e-mail: '...'", path: "/organizations/{large}/invitations", body: `{"emails":["a b"],"workspaces":[{"workspace_id":{ws}}]}`},
	{operation: "InviteUsers", message: "invalid workspace ID", path: "/organizations/{large}/invitations", body: `{"emails":["a@b.example"],"workspaces":[{"workspace_id":{free_ws}}]}`},
	{operation: "InviteUsers", message: "Active user limit is 5. Upgrade to add more active users", path: "/organizations/{free}/invitations", body: `{"emails":["a@b.example"],"workspaces":[{"workspace_id":{free_ws}}]}`},
	{operation: "InviteUsers", message: "Invitation limit reached (please try again later; or upgrade)", path: "/organizations/{large}/invitations", body: `{"emails":[` + strings.Repeat(`"a@b.example",`, 500) + `"a@b.example"],"workspaces":[{"workspace_id":{ws}}]}`},
	{operation: "InviteUsers", message: "User with e-mail '...' is already an inactive member of the organization", path: "/organizations/{large}/invitations", body: `{"emails":["{inactive_email}"],"workspaces":[{"workspace_id":{ws}}]}`},
	{operation: "InviteUsers", message: "Forbidden", path: "/organizations/{large}/invitations", body: "{}", who: "member"},
	{operation: "ResendInvitation", message: "Organization ID and invitation organization ID mismatch", path: "/organizations/{free}/invitations/{invitation}/resend"},
	{operation: "ResendInvitation", message: "Invitation code not found", path: "/organizations/{large}/invitations/77/resend"},

	{operation: "CreateWorkspace", message: "JSON is not valid", path: "/organizations/{large}/workspaces", body: "{"},
	{operation: "CreateWorkspace", message: "workspace name must contain non-space characters", path: "/organizations/{large}/workspaces", body: `{"name":" "}`},
	{operation: "CreateWorkspace", message: "workspace name must not be nil", path: "/organizations/{large}/workspaces", body: "{}"},
	{operation: "CreateWorkspace", message: "workspace name must not be longer than 140", path: "/organizations/{large}/workspaces", body: `{"name":"{long}"}`},
	{operation: "CreateWorkspace", message: "another workspace with same name exists in organization", path: "/organizations/{large}/workspaces", body: `{"name":"{taken_ws}"}`},
	{operation: "CreateWorkspace", message: "user can have a maximum of 100 workspaces", path: "/organizations/{large}/workspaces", body: `{"name":"One more"}`, options: Options{Workspaces: 140}},
	{operation: "CreateWorkspace", message: "Multiple workspaces are not enabled in this organization.", path: "/organizations/{free}/workspaces", body: `{"name":"One more"}`},
	{operation: "CreateWorkspace", message: "Organization {name} can have a maximum of {amount} workspaces", path: "/organizations/{large}/workspaces", body: `{"name":"One more"}`, prepare: fillWorkspaces},
	{operation: "CreateWorkspace", message: "Forbidden", path: "/organizations/{large}/workspaces", body: `{"name":"One more"}`, who: "member"},
	{operation: "CreateWorkspace", message: "Organization not found/accessible", path: "/organizations/1/workspaces", body: `{"name":"One more"}`},

	{operation: "UpdateWorkspaceUser", message: "Workspace not found/accessible", path: "/workspaces/1/workspace_users/{wu}", body: `{"inactive":true}`},
	{operation: "UpdateWorkspaceUser", message: "User not found", path: "/workspaces/{wu_ws}/workspace_users/77", body: `{"inactive":true}`},
	{operation: "UpdateWorkspaceUser", message: "Workspace user not found/accessible by user", path: "/workspaces/{wu_ws}/workspace_users/{wu}", body: `{"inactive":true}`, prepare: func(t *tester) {
		t.owner("PATCH", fill("/api/v9/organizations/{large}/users", places(t.server)), fill(`{"delete":[{member}]}`, places(t.server)))
	}},
	{operation: "UpdateWorkspaceUser", message: "Working hours must be positive or null", path: "/workspaces/{wu_ws}/workspace_users/{wu}", body: `{"working_hours_in_minutes":-5}`},
	{operation: "UpdateWorkspaceUser", message: "Invalid role_id.", path: "/workspaces/{wu_ws}/workspace_users/{wu}", body: `{"role_id":11}`},
	{operation: "UpdateWorkspaceUser", message: "Cannot use both admin flags and role_id.", path: "/workspaces/{wu_ws}/workspace_users/{wu}", body: `{"role_id":1,"admin":true}`},
	{operation: "UpdateWorkspaceUser", message: "User does not exist in the organization.", path: "/workspaces/{wu_ws}/workspace_users/{wu_free}", body: `{"inactive":true}`},
	{operation: "UpdateWorkspaceUser", message: "User does not exist in the workspace.", path: "/workspaces/{other_ws}/workspace_users/{wu}", body: `{"inactive":true}`},
	{operation: "UpdateWorkspaceUser", message: "User does not have access to this resource.", path: "/workspaces/{wu_ws}/workspace_users/{wu}", body: `{"inactive":true}`, who: "member"},
	{operation: "ListAuditLog", message: "User does not have access to the audit logs", path: "/audit_logs/{large}/2026-01-01/{today}", who: "member"},

	{operation: "CreateGroup", message: "User does not have access", path: "/organizations/{large}/groups", body: "{}", who: "member", api: apiFocus},
	{operation: "UpdateGroup", message: "User does not have access", path: "/organizations/{large}/groups/{group}", body: "{}", who: "member", api: apiFocus},
	{operation: "DeleteGroup", message: "User does not have access", path: "/organizations/{large}/groups/{group}?workspace_id={ws}", who: "member", api: apiFocus},
	{operation: "UpdateGroup", message: "Group not found", path: "/organizations/{large}/groups/77", body: "{}", api: apiFocus},
	{operation: "DeleteGroup", message: "Group not found", path: "/organizations/{large}/groups/77?workspace_id={ws}", api: apiFocus},
	{operation: "ListMyGroups", message: "User does not have access to the organization", path: "/organizations/{free}/groups/me", who: "admin", api: apiFocus},
	{operation: "ListRoles", message: "User does not have access to the organization", path: "/organizations/{free}/roles", who: "admin", api: apiFocus},
	{operation: "ListUsers", message: "User does not have access to the organization", path: "/organizations/{free}/users", who: "admin", api: apiFocus},
	{operation: "ListTeams", message: "User does not have permission to view groups", path: "/organizations/{large}/teams?workspace_id={ws}", who: "member", api: apiFocus},
}

// fillWorkspaces creates workspaces until there may be no more.
func fillWorkspaces(t *tester) {
	for _, name := range []string{"A", "B", "C", "D"} {
		t.owner("POST", fill("/api/v9/organizations/{large}/workspaces", places(t.server)), `{"name":"`+name+`"}`)
	}
}
