package sandbox

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

type focusGroupWire struct {
	ID             int64                 `json:"id"`
	OrganizationID int64                 `json:"organization_id"`
	Name           string                `json:"name"`
	Emoji          string                `json:"emoji"`
	CreatedAt      string                `json:"created_at"`
	UpdatedAt      string                `json:"updated_at"`
	DeletedAt      *string               `json:"deleted_at"`
	Users          []focusGroupUser      `json:"users"`
	Workspaces     []focusGroupWorkspace `json:"workspaces"`
}

type focusGroupUser struct {
	UserGroupID        int64   `json:"user_group_id"`
	OrganizationUserID int64   `json:"organization_user_id"`
	UserAccountID      int64   `json:"user_account_id"`
	DisplayName        string  `json:"display_name"`
	TrackRoleID        *int64  `json:"track_role_id"`
	FocusRoleID        *int64  `json:"focus_role_id"`
	WorkRoleID         *int64  `json:"work_role_id"`
	CreatedAt          string  `json:"created_at"`
	UpdatedAt          string  `json:"updated_at"`
	DeletedAt          *string `json:"deleted_at"`
}

type focusGroupWorkspace struct {
	WorkspaceGroupID int64   `json:"workspace_group_id"`
	WorkspaceID      int64   `json:"workspace_id"`
	Name             string  `json:"name"`
	CreatedAt        string  `json:"created_at"`
	UpdatedAt        string  `json:"updated_at"`
	DeletedAt        *string `json:"deleted_at"`
}

// pairID stands for the id of a row that joins two others.
func pairID(group, member int64) int64 { return group*1_000_000_000 + member }

func (g *group) focusWire() focusGroupWire {
	wire := focusGroupWire{
		ID: g.id, OrganizationID: g.org.id, Name: g.name, Emoji: g.emoji,
		CreatedAt: g.createdAt.String(), UpdatedAt: g.updatedAt.String(),
		Users: make([]focusGroupUser, len(g.users)), Workspaces: make([]focusGroupWorkspace, len(g.workspaces)),
	}
	for i, u := range g.users {
		wire.Users[i] = focusGroupUser{
			UserGroupID: pairID(g.id, u.id), OrganizationUserID: u.id, UserAccountID: u.account.id,
			DisplayName: u.account.name, CreatedAt: u.createdAt.String(), UpdatedAt: u.updatedAt.String(),
		}
	}
	for i, ws := range g.workspaces {
		wire.Workspaces[i] = focusGroupWorkspace{
			WorkspaceGroupID: pairID(g.id, ws.id), WorkspaceID: ws.id, Name: ws.name,
			CreatedAt: g.createdAt.String(), UpdatedAt: g.updatedAt.String(),
		}
	}
	return wire
}

type myGroupWire struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Emoji string `json:"emoji"`
}

func listMyGroups(c *call) answer {
	var rows []myGroupWire
	for _, g := range c.member().groups {
		rows = append(rows, myGroupWire{g.id, g.name, g.emoji})
	}
	return listOf(c, rows)
}

// focusGroupInput is a whole group: all four are required, empty lists count.
type focusGroupInput struct {
	Emoji             string   `json:"emoji"`
	Name              string   `json:"name"`
	OrganizationUsers *[]int64 `json:"organization_users"`
	Workspaces        *[]int64 `json:"workspaces"`
}

func createFocusGroup(c *call) answer {
	u, refusal := c.focusAdmin()
	if u == nil {
		return refusal
	}
	input, refused := c.readFocusGroup(u.org, nil)
	if refused != "" {
		return c.invalid(refused)
	}
	g := c.world.addGroup(u.org, input.Name, input.Emoji, c.now)
	input.apply(c, g)
	c.record(u.org, "create", "group", g.id, 0, nil, map[string]any{"name": g.name})
	return answer{status: http.StatusCreated, body: g.focusWire()}
}

func updateFocusGroup(c *call) answer {
	u, g, refusal := c.focusGroup()
	if g == nil {
		return refusal
	}
	input, refused := c.readFocusGroup(u.org, g)
	if refused != "" {
		return c.invalid(refused)
	}
	before := map[string]any{"name": g.name, "emoji": g.emoji}
	g.name, g.emoji, g.updatedAt = input.Name, input.Emoji, c.now
	input.apply(c, g)
	c.record(u.org, "update", "group", g.id, 0, before, map[string]any{"name": g.name, "emoji": g.emoji})
	return ok(g.focusWire())
}

func deleteFocusGroup(c *call) answer {
	u, g, refusal := c.focusGroup()
	if g == nil {
		return refusal
	}
	q := c.focusQuery()
	workspaceID := q.id("workspace_id")
	if q.values.Get("workspace_id") == "" {
		q.refuseField("DeleteGroup", "WorkspaceID", "required")
	}
	if q.refusal != "" {
		return c.invalid(q.refusal)
	}
	if u.org.workspace(workspaceID) == nil {
		return c.deny("User does not have access")
	}
	c.world.dissolve(g, c.now)
	c.record(u.org, "delete", "group", g.id, 0, map[string]any{"name": g.name}, nil)
	return ok(map[string]bool{"deleted": true})
}

// focusAdmin is the caller when they are an admin; nil comes with the refusal.
func (c *call) focusAdmin() (*orgUser, answer) {
	u, refusal := c.focusOrganization("User does not have access")
	if u != nil && !u.isAdmin() {
		return nil, c.deny("User does not have access")
	}
	return u, refusal
}

func (c *call) focusGroup() (*orgUser, *group, answer) {
	u, refusal := c.focusAdmin()
	if u == nil {
		return nil, nil, refusal
	}
	if _, numeric := c.pathID("group_id"); !numeric {
		return nil, nil, focusRefusal(http.StatusBadRequest, "invalid_group_id", "invalid group id")
	}
	g := c.pathGroup(u.org)
	if g == nil {
		return nil, nil, c.notFound("Group not found")
	}
	return u, g, answer{}
}

func (c *call) readFocusGroup(org *organization, g *group) (in focusGroupInput, refusal string) {
	if !c.decode(&in) {
		return in, "invalid JSON body"
	}
	switch {
	case in.Emoji == "":
		return in, fieldError("GroupInput", "Emoji", "required")
	case strings.TrimSpace(in.Name) == "":
		return in, fieldError("GroupInput", "Name", "required")
	case utf8.RuneCountInString(in.Name) > groupNameLimit:
		return in, fieldError("GroupInput", "Name", "max")
	case in.OrganizationUsers == nil:
		return in, fieldError("GroupInput", "OrganizationUsers", "required")
	case in.Workspaces == nil:
		return in, fieldError("GroupInput", "Workspaces", "required")
	}
	if refusal := org.checkGroupName(in.Name, g); refusal != "" {
		return in, refusal
	}
	for _, id := range *in.OrganizationUsers {
		if org.users[id] == nil {
			return in, "organization user " + decimal(id) + " not found"
		}
	}
	for _, id := range *in.Workspaces {
		if org.workspace(id) == nil {
			return in, "workspace " + decimal(id) + " not found"
		}
	}
	return in, ""
}

// apply replaces the members and workspaces.
func (in *focusGroupInput) apply(c *call, g *group) {
	users := make([]*orgUser, len(*in.OrganizationUsers))
	for i, id := range *in.OrganizationUsers {
		users[i] = g.org.users[id]
	}
	c.world.setWorkspaces(g, g.org.workspacesOf(*in.Workspaces), c.now)
	c.world.setUsers(g, users, c.now)
}
