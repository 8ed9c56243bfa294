package sandbox

import "slices"

// Role ids. Those of the workspace admin on Track and of the three workspace
// roles on Focus are the services' own; the others are not published.
const (
	roleWorkspaceAdmin = 1
	roleWorkspaceUser  = 2
	roleProjectLead    = 3
	roleTeamLead       = 4
	roleOrgOwner       = 10
	roleOrgAdmin       = 11
	roleOrgMember      = 12
	roleFocusAdmin     = 15
	roleFocusManager   = 16
	roleFocusUser      = 17
	roleFocusGuest     = 18
	roleProjectManager = 20
	roleGroupLead      = 21
)

// A role as the catalogue has it.
type role struct {
	id                              int64
	track, focus                    bool
	code, name, description, entity string
	kind                            string // the API's type: owner, admin, manager or guest
	level                           int64
}

var roleCatalogue = []role{
	{roleOrgOwner, true, true, "org_owner", "Organization owner", "Owns the organization, its plan and everything in it.", "organization", "owner", 100},
	{roleOrgAdmin, true, true, "org_admin", "Organization admin", "Manages users, groups and workspaces of the organization.", "organization", "admin", 80},
	{roleOrgMember, true, true, "org_member", "Organization member", "Belongs to the organization.", "organization", "guest", 5},
	{roleWorkspaceAdmin, true, false, "ws_admin", "Workspace admin", "Full control of one workspace.", "workspace", "admin", 40},
	{roleTeamLead, true, false, "ws_team_lead", "Team lead", "Sees the time and rates of the people in the teams they lead.", "workspace", "manager", 25},
	{roleProjectLead, true, false, "ws_project_lead", "Project lead", "Runs projects and sees the time tracked to them.", "workspace", "manager", 20},
	{roleWorkspaceUser, true, false, "ws_user", "Workspace user", "Tracks time and sees their own work.", "workspace", "guest", 10},
	{roleFocusAdmin, false, true, "ws_admin", "Workspace admin", "Full control of one workspace in Focus.", "workspace", "admin", 40},
	{roleFocusManager, false, true, "ws_manager", "Workspace manager", "Plans and assigns the work of a workspace.", "workspace", "manager", 25},
	{roleFocusUser, false, true, "ws_user", "Workspace member", "Works on tasks and plans their own time.", "workspace", "guest", 10},
	{roleFocusGuest, false, true, "ws_guest", "Workspace guest", "Sees the projects they are invited to.", "workspace", "guest", 2},
	{roleProjectManager, true, true, "project_manager", "Project manager", "Manages one project and its members.", "project", "manager", 15},
	{roleGroupLead, true, true, "group_lead", "Group lead", "Leads the people of one group.", "group", "manager", 12},
}

func roleByID(id int64) (role, bool) {
	i := slices.IndexFunc(roleCatalogue, func(r role) bool { return r.id == id })
	if i < 0 {
		return role{}, false
	}
	return roleCatalogue[i], true
}

// assignable says whether a workspace user of Track may have the role.
func assignable(id int64) bool {
	r, found := roleByID(id)
	return found && r.track && r.entity == "workspace"
}

// legacyRole is the deprecated name of a workspace role, which PUT still takes.
func legacyRole(id int64) string {
	switch id {
	case roleWorkspaceAdmin:
		return "admin"
	case roleProjectLead:
		return "projectlead"
	case roleTeamLead:
		return "teamlead"
	default:
		return "user"
	}
}

// roleByLegacy is the way back; 0 for no such name.
func roleByLegacy(name string) int64 {
	for _, id := range []int64{roleWorkspaceAdmin, roleProjectLead, roleTeamLead, roleWorkspaceUser} {
		if legacyRole(id) == name {
			return id
		}
	}
	return 0
}

// focusRole is the role in Focus of somebody with a role in Track.
func focusRole(id int64) int64 {
	switch id {
	case roleWorkspaceAdmin:
		return roleFocusAdmin
	case roleProjectLead, roleTeamLead:
		return roleFocusManager
	default:
		return roleFocusUser
	}
}

type roleWire struct {
	RoleID         int64            `json:"role_id"`
	Code           string           `json:"code"`
	Name           string           `json:"name"`
	Description    string           `json:"description"`
	Entity         string           `json:"entity"`
	Type           string           `json:"type"`
	PrivilegeLevel int64            `json:"privilege_level"`
	OrganizationID *int64           `json:"organization_id"`
	Permissions    []permissionWire `json:"permissions"`
}

type permissionWire struct {
	PermissionID int64   `json:"permission_id"`
	Name         string  `json:"name"`
	Description  string  `json:"description"`
	Entity       string  `json:"entity"`
	Condition    *string `json:"condition"`
}

// listRoles is the same call on both APIs, with the roles of each.
func listRoles(c *call) answer {
	if c.member() == nil {
		return c.deny("User does not have access to the organization")
	}
	var rows []roleWire
	for _, r := range roleCatalogue {
		if c.op.api == apiTrack && r.track || c.op.api == apiFocus && r.focus {
			rows = append(rows, r.wire())
		}
	}
	return listOf(c, rows)
}

func (r role) wire() roleWire {
	return roleWire{
		RoleID: r.id, Code: r.code, Name: r.name, Description: r.description, Entity: r.entity,
		Type: r.kind, PrivilegeLevel: r.level, Permissions: r.permissions(),
	}
}
