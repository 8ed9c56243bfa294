package sandbox

import (
	"strings"
	"unicode/utf8"
)

// groupNameLimit is in characters.
const groupNameLimit = 200

// groupInput is what Track takes; lists that are not sent stay.
type groupInput struct {
	Name       optional[string]  `json:"name"`
	Users      optional[[]int64] `json:"users"` // global user ids
	Workspaces optional[[]int64] `json:"workspaces"`
}

func createTrackGroup(c *call) answer {
	org, _ := c.admin()
	if org == nil {
		return c.deny("User does not have access to this resource")
	}
	input, refusal := c.readGroup(org, nil)
	if refusal != "" {
		return c.invalid(refusal)
	}
	g := c.world.addGroup(org, input.Name.value, "👥", c.now)
	input.apply(c, g)
	c.record(org, "create", "group", g.id, 0, nil, map[string]any{"name": g.name})
	return ok(g.wire())
}

func (w *world) addGroup(org *organization, name, emoji string, now stamp) *group {
	g := &group{id: next(&w.lastID.group), org: org, name: name, emoji: emoji, createdAt: now, updatedAt: now}
	org.groups = append(org.groups, g)
	return g
}

func updateTrackGroup(c *call) answer {
	org, _ := c.admin()
	if org == nil {
		return c.deny("Forbidden")
	}
	g := c.pathGroup(org)
	if g == nil {
		return c.notFound("Invalid group ID.")
	}
	input, refusal := c.readGroup(org, g)
	if refusal != "" {
		return c.invalid(refusal)
	}
	before := map[string]any{"name": g.name}
	g.name, g.updatedAt = input.Name.value, c.now
	input.apply(c, g)
	c.record(org, "update", "group", g.id, 0, before, map[string]any{"name": g.name})
	return ok(g.wire())
}

func deleteTrackGroup(c *call) answer {
	org, _ := c.admin()
	if org == nil {
		return c.deny("User does not have access to this resource")
	}
	g := c.pathGroup(org)
	if g == nil {
		return c.notFound("Invalid group ID.")
	}
	c.world.dissolve(g, c.now)
	c.record(org, "delete", "group", g.id, 0, map[string]any{"name": g.name}, nil)
	return okText()
}

func (c *call) pathGroup(org *organization) *group {
	id, _ := c.pathID("group_id")
	return org.group(id)
}

// readGroup checks the body; g is the group to be changed, nil for a new one.
func (c *call) readGroup(org *organization, g *group) (in groupInput, refusal string) {
	if !c.decode(&in) {
		return in, "Invalid JSON input"
	}
	if refusal := org.checkGroupName(in.Name.value, g); refusal != "" {
		return in, refusal
	}
	for _, id := range in.Users.value {
		if org.byAccount(c.world, id) == nil {
			return in, org.noUser(id)
		}
	}
	for _, id := range in.Workspaces.value {
		if org.workspace(id) == nil {
			return in, org.noWorkspace(id)
		}
	}
	return in, ""
}

func (o *organization) noUser(id int64) string {
	return "User " + decimal(id) + " not exists in the organization " + decimal(o.id)
}

func (o *organization) noWorkspace(id int64) string {
	return "Workspace " + decimal(id) + " not exists in the organization " + decimal(o.id)
}

func (o *organization) checkGroupName(name string, except *group) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "Group name must be present"
	case utf8.RuneCountInString(name) > groupNameLimit:
		return "Group name too long, maximum length is 200"
	}
	for _, g := range o.groups {
		if g != except && strings.EqualFold(g.name, name) {
			return "Name has already been taken"
		}
	}
	return ""
}

func (in *groupInput) apply(c *call, g *group) {
	if in.Workspaces.given() {
		c.world.setWorkspaces(g, g.org.workspacesOf(in.Workspaces.value), c.now)
	}
	if !in.Users.given() {
		return
	}
	users := make([]*orgUser, len(in.Users.value))
	for i, id := range in.Users.value {
		users[i] = g.org.byAccount(c.world, id)
	}
	c.world.setUsers(g, users, c.now)
}

// workspacesOf turns checked ids into workspaces, each once.
func (o *organization) workspacesOf(ids []int64) []*workspace {
	var found []*workspace
	seen := map[int64]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			found = append(found, o.workspace(id))
		}
	}
	return found
}
