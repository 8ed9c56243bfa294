package sandbox

import (
	"bytes"
	"encoding/json"
	"slices"
)

// An assignment is one element of PUT assignments. An id of 0 is not sent.
type assignment struct {
	GroupID   int64  `json:"group_id"`
	UserID    int64  `json:"user_id"`
	Operation string `json:"operation"`
	Joined    bool   `json:"joined"` // taken, without a meaning that is known

	user  *orgUser
	group *group
}

// changeAssignments takes one object or a list, and makes all changes or none.
func changeAssignments(c *call) answer {
	org := c.organization()
	if org == nil {
		return c.invalid("Invalid organization ID.")
	}
	ws := c.pathWorkspace(org)
	if ws == nil {
		if admin, _ := c.admin(); admin == nil {
			return c.deny("Forbidden")
		}
		return c.invalid("Invalid workspace ID.")
	}
	if c.manages(ws) == nil {
		return c.deny("Forbidden")
	}
	elements, valid := readAssignments(c.body)
	switch {
	case !valid:
		return c.invalid("Invalid JSON input")
	case len(elements) == 0:
		return c.invalid("Nothing to change.")
	}
	for i := range elements {
		if refusal := elements[i].check(c.world, ws); refusal != "" {
			return c.invalid(refusal)
		}
	}
	for i := range elements {
		elements[i].apply(c, ws)
	}
	return okText()
}

func readAssignments(body []byte) (elements []assignment, valid bool) {
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '{' {
		elements = make([]assignment, 1)
		return elements, json.Unmarshal(trimmed, &elements[0]) == nil
	}
	return elements, json.Unmarshal(body, &elements) == nil
}

// check also finds the user or the group.
func (a *assignment) check(w *world, ws *workspace) string {
	switch {
	case a.Operation != "add" && a.Operation != "remove":
		return "Field operation can contain only 'add' or 'remove'."
	case a.UserID != 0 && a.GroupID != 0:
		return "Cannot send user_id and group_id in the same element."
	case a.UserID == 0 && a.GroupID == 0:
		return "One of user_id or group_id is required."
	case a.GroupID != 0:
		if a.group = ws.org.group(a.GroupID); a.group == nil {
			return "Invalid group_id."
		}
		return ""
	}
	if a.user = ws.org.byAccount(w, a.UserID); a.user == nil {
		return "Invalid user_id."
	}
	if a.Operation == "add" {
		return ""
	}
	switch {
	case a.user.account == ws.owner:
		return "Cannot remove workspace owner."
	case a.user == ws.org.paying:
		return "Cannot remove paying user."
	case a.user.isAdmin():
		return "Cannot remove organization admin."
	}
	return ""
}

func (a *assignment) apply(c *call, ws *workspace) {
	add := a.Operation == "add"
	switch {
	case a.user != nil && add:
		c.world.join(a.user, ws, c.now)
	case a.user != nil:
		c.world.leave(a.user, ws, c.now)
	default:
		c.world.open(a.group, ws, add, c.now)
	}
	c.record(ws.org, a.Operation, "assignment", ws.id, ws.id, nil, a)
}

// open adds a workspace to those of a group, or takes it away.
func (w *world) open(g *group, ws *workspace, add bool, now stamp) {
	if g.opens(ws) == add {
		return
	}
	workspaces := slices.DeleteFunc(slices.Clone(g.workspaces), func(other *workspace) bool { return other == ws })
	if add {
		workspaces = append(workspaces, ws)
	}
	w.setWorkspaces(g, workspaces, now)
	g.updatedAt = now
}
