package sandbox

import (
	"net/http"
	"strings"
)

const (
	apiTrack  = "track"
	apiFocus  = "focus"
	trackPath = "/api/v9"
	focusPath = "/focus/api"
)

// An operation is one of the contracts' operations.
type operation struct {
	server *Server
	api    string
	name   string // operationId
	method string
	path   string // as the contract writes it
	writes bool
	text   bool // produces text/plain
	handle func(*call) answer
}

// ServeHTTP lets the multiplexer hold operations.
func (op *operation) ServeHTTP(w http.ResponseWriter, r *http.Request) { op.server.serve(op, w, r) }

func read(api, name, path string, handle func(*call) answer) *operation {
	return &operation{api: api, name: name, method: http.MethodGet, path: path, handle: handle}
}

func write(api, name, method, path string, handle func(*call) answer) *operation {
	return &operation{api: api, name: name, method: method, path: path, handle: handle, writes: true}
}

func plain(op *operation) *operation {
	op.text = true
	return op
}

// operations is every operation of both contracts.
func operations() []*operation {
	const (
		org  = "/organizations/{organization_id}"
		user = org + "/users/{organization_user_id}"
		ws   = org + "/workspaces/{workspace_id}"
		grp  = org + "/groups/{group_id}"
	)
	return []*operation{
		read(apiTrack, "GetMe", "/me", getMe),
		read(apiTrack, "ListMyOrganizations", "/me/organizations", listMyOrganizations),
		read(apiTrack, "ListMyWorkspaces", "/me/workspaces", listMyWorkspaces),
		read(apiTrack, "GetQuota", "/me/quota", getQuota),
		write(apiTrack, "CreateOrganization", http.MethodPost, "/organizations", createOrganization),
		read(apiTrack, "GetOrganization", org, getOrganization),
		write(apiTrack, "UpdateOrganization", http.MethodPut, org, updateOrganization),
		read(apiTrack, "GetOwner", org+"/owner", getOwner),
		read(apiTrack, "ListUsage", org+"/usage", listUsage),
		read(apiTrack, "ListRoles", org+"/roles", listRoles),
		read(apiTrack, "ListOrganizationUsers", org+"/users", listOrganizationUsers),
		plain(write(apiTrack, "BulkUpdateOrganizationUsers", http.MethodPatch, org+"/users", bulkUpdateOrganizationUsers)),
		plain(write(apiTrack, "LeaveOrganization", http.MethodDelete, org+"/users/leave", leaveOrganization)),
		plain(write(apiTrack, "UpdateOrganizationUser", http.MethodPut, user, updateOrganizationUser)),
		write(apiTrack, "InviteUsers", http.MethodPost, org+"/invitations", inviteUsers),
		plain(write(apiTrack, "ResendInvitation", http.MethodPut, org+"/invitations/{invitation_id}/resend", resendInvitation)),
		write(apiTrack, "CreateWorkspace", http.MethodPost, org+"/workspaces", createWorkspace),
		read(apiTrack, "GetWorkspaceStatistics", org+"/workspaces/statistics", getWorkspaceStatistics),
		plain(write(apiTrack, "ChangeAssignments", http.MethodPut, ws+"/assignments", changeAssignments)),
		read(apiTrack, "ListWorkspaceUsers", ws+"/workspace_users", listWorkspaceUsers),
		plain(write(apiTrack, "RemoveWorkspaceUsers", http.MethodPatch, ws+"/workspace_users", removeWorkspaceUsers)),
		plain(write(apiTrack, "UpdateWorkspaceUser", http.MethodPut, "/workspaces/{workspace_id}/workspace_users/{workspace_user_id}", updateWorkspaceUser)),
		read(apiTrack, "ListGroups", org+"/groups", listGroups),
		write(apiTrack, "CreateTrackGroup", http.MethodPost, org+"/groups", createTrackGroup),
		write(apiTrack, "UpdateTrackGroup", http.MethodPut, grp, updateTrackGroup),
		plain(write(apiTrack, "DeleteTrackGroup", http.MethodDelete, grp, deleteTrackGroup)),
		write(apiTrack, "PatchTrackGroup", http.MethodPatch, grp, patchTrackGroup),
		read(apiTrack, "ListAuditLog", "/audit_logs/{organization_id}/{from}/{to}", listAuditLog),

		read(apiFocus, "ListUsers", org+"/users", listFocusUsers),
		read(apiFocus, "ListTeams", org+"/teams", listTeams),
		read(apiFocus, "ListRoles", org+"/roles", focusMembers(listRoles)),
		read(apiFocus, "ListMyGroups", org+"/groups/me", focusMembers(listMyGroups)),
		write(apiFocus, "CreateGroup", http.MethodPost, org+"/groups", createFocusGroup),
		write(apiFocus, "UpdateGroup", http.MethodPut, grp, updateFocusGroup),
		write(apiFocus, "DeleteGroup", http.MethodDelete, grp, deleteFocusGroup),
	}
}

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, op := range operations() {
		op.server = s
		prefix := trackPath
		if op.api == apiFocus {
			prefix = focusPath
		}
		if op.name == "ChangeAssignments" && s.options.NoAssignments {
			op.handle = func(*call) answer { return answer{status: http.StatusMethodNotAllowed} }
		}
		mux.Handle(op.method+" "+prefix+op.path, op)
	}
	return mux
}

func apiOf(path string) string {
	if strings.HasPrefix(path, focusPath+"/") {
		return apiFocus
	}
	return apiTrack
}
