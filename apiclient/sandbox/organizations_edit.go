package sandbox

import (
	"strings"
	"unicode/utf8"
)

// nameLimit is the length of the names of organizations and workspaces, in
// characters.
const nameLimit = 140

type createdOrganizationWire struct {
	ID            int64    `json:"id"`
	Name          string   `json:"name"`
	Permissions   []string `json:"permissions"`
	WorkspaceID   int64    `json:"workspace_id"`
	WorkspaceName string   `json:"workspace_name"`
}

// createOrganization makes a free organization of the caller.
func createOrganization(c *call) answer {
	if !c.caller.mayCreateOrganizations() {
		return c.deny("User is not authorized to create an organization")
	}
	var input struct {
		Name          string `json:"name"`
		WorkspaceName string `json:"workspace_name"`
	}
	if !c.decode(&input) {
		return c.invalid("Invalid JSON input")
	}
	switch {
	case strings.TrimSpace(input.Name) == "":
		return c.invalid("Field 'name' cannot be empty.")
	case utf8.RuneCountInString(input.Name) > nameLimit:
		return c.invalid("organization name too long, maximum length is 140")
	case input.WorkspaceName == "":
		return c.invalid("workspace name must be provided")
	case strings.TrimSpace(input.WorkspaceName) == "":
		return c.invalid("workspace name must contain non-space characters")
	case utf8.RuneCountInString(input.WorkspaceName) > nameLimit:
		return c.invalid("workspace name must not be longer than 140")
	}
	o := c.world.addOrganization(&organization{
		id: next(&c.world.lastID.organization), name: input.Name, createdAt: c.now, updatedAt: c.now,
		maxWorkspaces: 1, plan: plan{name: "Free", users: 5, retentionDays: 90},
	})
	ws := c.world.addWorkspace(o, input.WorkspaceName, "USD", c.caller, c.now)
	u := c.world.newUser(o, c.caller, c.now)
	u.role, o.owner, o.paying = roleOrgOwner, u, u
	o.insert(u)
	c.world.join(u, ws, c.now).role = roleWorkspaceAdmin
	c.record(o, "create", "organization", o.id, 0, nil, input)
	return ok(createdOrganizationWire{ID: o.id, Name: o.name, WorkspaceID: ws.id, WorkspaceName: ws.name})
}

// mayCreateOrganizations: an enterprise keeps its plain members from it.
func (a *account) mayCreateOrganizations() bool {
	for _, u := range a.users {
		if u.org.plan.enterprise && !u.isAdmin() {
			return false
		}
	}
	return true
}

func updateOrganization(c *call) answer {
	if c.organization() == nil {
		return c.invalid("Invalid organization ID")
	}
	org, _ := c.admin()
	if org == nil {
		return c.deny("User is not authorized to update the organization")
	}
	var input struct {
		Name optional[string] `json:"name"`
	}
	if !c.decode(&input) {
		return c.invalid("Invalid JSON input")
	}
	name := input.Name.value
	switch {
	case !input.Name.given():
		return c.invalid("At least one field is required")
	case strings.TrimSpace(name) == "":
		return c.invalid("field 'name' cannot be empty")
	case utf8.RuneCountInString(name) > nameLimit:
		return c.invalid("organization name too long, maximum length is 140")
	}
	c.record(org, "update", "organization", org.id, 0, map[string]any{"name": org.name}, map[string]any{"name": name})
	org.name, org.updatedAt = name, c.now
	return okText()
}
