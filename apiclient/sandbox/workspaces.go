package sandbox

import (
	"strings"
	"unicode/utf8"
)

// workspacesOfUser is how many workspaces somebody may be in.
const workspacesOfUser = 100

func createWorkspace(c *call) answer {
	u := c.member()
	if u == nil {
		return c.notFound("Organization not found/accessible")
	}
	org := u.org
	if !u.isAdmin() {
		return c.deny("Forbidden")
	}
	var input struct {
		Name            optional[string] `json:"name"`
		DefaultCurrency string           `json:"default_currency"`
		Admins          []int64          `json:"admins"`
	}
	if !c.decode(&input) {
		return c.invalid("JSON is not valid")
	}
	if !input.Name.given() {
		return c.invalid("workspace name must not be nil")
	}
	name := strings.TrimSpace(input.Name.value)
	if refusal := c.checkWorkspaceName(org, name); refusal != "" {
		return c.invalid(refusal)
	}
	if len(org.workspaces) >= org.maxWorkspaces {
		return c.invalidf("Organization %s can have a maximum of %d workspaces", org.name, org.maxWorkspaces)
	}
	currency := input.DefaultCurrency
	if currency == "" {
		currency = "USD"
	}
	ws := c.world.addWorkspace(org, name, currency, c.caller, c.now)
	c.world.join(u, ws, c.now).role = roleWorkspaceAdmin
	for _, id := range input.Admins {
		if admin := org.byAccount(c.world, id); admin != nil {
			c.world.join(admin, ws, c.now).role = roleWorkspaceAdmin
		}
	}
	c.record(org, "create", "workspace", ws.id, ws.id, nil, map[string]any{"name": name})
	return ok(ws.wire(u, u.in(ws)))
}

func (c *call) checkWorkspaceName(org *organization, name string) string {
	switch {
	case name == "":
		return "workspace name must contain non-space characters"
	case utf8.RuneCountInString(name) > nameLimit:
		return "workspace name must not be longer than 140"
	case !org.plan.multiple:
		return "Multiple workspaces are not enabled in this organization."
	}
	for _, ws := range org.workspaces {
		if strings.EqualFold(ws.name, name) {
			return "another workspace with same name exists in organization"
		}
	}
	mine := 0
	for _, u := range c.caller.users {
		mine += len(u.memberships)
	}
	if mine >= workspacesOfUser {
		return "user can have a maximum of 100 workspaces"
	}
	return ""
}
