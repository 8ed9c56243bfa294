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
		org = "/organizations/{organization_id}"
	)
	return []*operation{
		read(apiTrack, "GetMe", "/me", getMe),
		read(apiTrack, "ListMyOrganizations", "/me/organizations", listMyOrganizations),
		read(apiTrack, "ListMyWorkspaces", "/me/workspaces", listMyWorkspaces),
		read(apiTrack, "GetQuota", "/me/quota", getQuota),
		read(apiTrack, "GetOrganization", org, getOrganization),
		read(apiTrack, "GetOwner", org+"/owner", getOwner),
		read(apiTrack, "ListUsage", org+"/usage", listUsage),
		read(apiTrack, "ListRoles", org+"/roles", listRoles),
		read(apiTrack, "ListOrganizationUsers", org+"/users", listOrganizationUsers),
		read(apiTrack, "GetWorkspaceStatistics", org+"/workspaces/statistics", getWorkspaceStatistics),
		read(apiTrack, "ListGroups", org+"/groups", listGroups),

		read(apiFocus, "ListRoles", org+"/roles", focusMembers(listRoles)),
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

var _ = []any{write, plain}
