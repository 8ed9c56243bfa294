package sandbox

import "net/http"

type workspaceUserUpdate struct {
	workspaceChange
	Admin                 optional[bool]    `json:"admin"`
	LaborCost             optional[float64] `json:"labor_cost"`
	WorkingHoursInMinutes optional[float64] `json:"working_hours_in_minutes"`
}

func updateWorkspaceUser(c *call) answer {
	id, _ := c.pathID("workspace_id")
	ws := c.world.workspaces[id]
	if ws == nil || c.caller.in(ws.org) == nil {
		return c.invalid("Workspace not found/accessible")
	}
	if c.manages(ws) == nil {
		return c.deny("User does not have access to this resource.")
	}
	u, m, refusal := c.findWorkspaceUser(ws)
	if refusal != "" {
		return c.invalid(refusal)
	}
	var input workspaceUserUpdate
	if !c.decode(&input) {
		return c.invalid("JSON is not valid")
	}
	if refusal := input.check(); refusal != "" {
		return c.invalid(refusal)
	}
	if !ws.org.plan.paid && (input.Rate.given() || input.LaborCost.given()) {
		return c.refuse(http.StatusPaymentRequired, "Rates and labor costs available only for premium plans")
	}
	before := m.wire(u).withoutSecrets()
	input.apply(m, c.now)
	u.updatedAt = c.now
	c.record(ws.org, "update", "workspace_user", m.id, ws.id, before, m.wire(u).withoutSecrets())
	return okText()
}

// findWorkspaceUser looks for the workspace user of the path everywhere, to
// refuse it in the right words.
func (c *call) findWorkspaceUser(ws *workspace) (*orgUser, *membership, string) {
	id, _ := c.pathID("workspace_user_id")
	u, m := c.world.membership(id)
	switch {
	case m == nil && c.world.gone[id]:
		return nil, nil, "Workspace user not found/accessible by user"
	case m == nil:
		return nil, nil, "User not found"
	case u.org != ws.org:
		return nil, nil, "User does not exist in the organization."
	case m.workspace != ws:
		return nil, nil, "User does not exist in the workspace."
	}
	return u, m, ""
}

// membership finds a workspace user by a scan: only this one operation asks
// without naming the user.
func (w *world) membership(id int64) (*orgUser, *membership) {
	for _, o := range w.organizations {
		for _, u := range o.sorted {
			for i := range u.memberships {
				if u.memberships[i].id == id {
					return u, &u.memberships[i]
				}
			}
		}
	}
	return nil, nil
}

func (in *workspaceUserUpdate) check() string {
	if in.WorkingHoursInMinutes.given() && in.WorkingHoursInMinutes.value <= 0 {
		return "Working hours must be positive or null"
	}
	if in.RoleID.given() && !assignable(int64(in.RoleID.value)) {
		return "Invalid role_id."
	}
	if in.RoleID.given() && (in.Admin.given() || in.Role.given()) {
		return "Cannot use both admin flags and role_id."
	}
	return in.workspaceChange.check()
}

func (in *workspaceUserUpdate) apply(m *membership, now stamp) {
	in.workspaceChange.Admin = in.Admin
	in.Cost = in.LaborCost
	in.workspaceChange.apply(m, now)
	if in.WorkingHoursInMinutes.set {
		m.minutes = scaled(in.WorkingHoursInMinutes, 1)
	}
}
