package sandbox

import (
	"math"
	"slices"
)

// workspaceChange is an element of workspaces[] of PUT organization user.
type workspaceChange struct {
	WorkspaceID           int64                `json:"workspace_id"`
	Admin                 optional[bool]       `json:"admin"`
	Role                  optional[string]     `json:"role"`
	RoleID                optional[roleNumber] `json:"role_id"`
	Inactive              optional[bool]       `json:"inactive"`
	Rate                  optional[float64]    `json:"rate"`
	Cost                  optional[float64]    `json:"cost"`
	WorkingHours          optional[float64]    `json:"working_hours"`
	ViewEditBillableRates optional[bool]       `json:"view_edit_billable_rates"`
	ViewEditLaborCosts    optional[bool]       `json:"view_edit_labor_costs"`
}

func (w *workspaceChange) flagged() bool { return w.Admin.given() || w.Role.given() }

func (w *workspaceChange) check() string {
	if w.RoleID.given() && !assignable(int64(w.RoleID.value)) {
		return "Invalid workspace role with ID: " + decimal(int64(w.RoleID.value)) + "."
	}
	if w.Role.given() && roleByLegacy(w.Role.value) == 0 {
		return "Invalid role_id."
	}
	if w.WorkingHours.given() && w.WorkingHours.value <= 0 {
		return "Working hours must be positive or null"
	}
	return ""
}

// needsPlan: rates and costs are a paid plan's.
func (in *userUpdate) needsPlan() bool {
	return slices.ContainsFunc(in.Workspaces.value, func(w workspaceChange) bool { return w.Rate.given() || w.Cost.given() })
}

func (in *userUpdate) apply(c *call, u *orgUser) {
	before := u.wire()
	a := u.account
	name, email := a.name, a.email
	if in.Name.given() {
		name = in.Name.value
	}
	if in.Email.given() {
		email = in.Email.value
	}
	if name != a.name || email != a.email {
		c.world.rename(a, name, email)
		a.updatedAt = c.now
	}
	u.role = in.wantedRole(u)
	if in.Inactive.given() {
		u.inactive = in.Inactive.value
	}
	if in.Groups.given() {
		in.applyGroups(c, u)
	}
	if in.Workspaces.given() {
		in.applyWorkspaces(c, u)
	}
	u.updatedAt = c.now
	c.record(u.org, "update", "organization_user", u.id, 0, before, u.wire())
}

func (in *userUpdate) applyGroups(c *call, u *orgUser) {
	for _, g := range slices.Clone(u.groups) {
		if !slices.Contains(in.Groups.value, g.id) {
			c.world.exit(g, u, c.now)
		}
	}
	for _, id := range in.Groups.value {
		c.world.enter(u.org.group(id), u, c.now)
	}
}

// applyWorkspaces upserts. A workspace that is not sent is only left when the
// options say so.
func (in *userUpdate) applyWorkspaces(c *call, u *orgUser) {
	for _, change := range in.Workspaces.value {
		ws := u.org.workspace(change.WorkspaceID)
		m := u.in(ws)
		if m == nil {
			m = c.world.join(u, ws, c.now)
		}
		change.apply(m, c.now)
	}
	if !c.server.options.DropAbsentWorkspaces {
		return
	}
	for _, m := range slices.Clone(u.memberships) {
		sent := func(change workspaceChange) bool { return change.WorkspaceID == m.workspace.id }
		if !slices.ContainsFunc(in.Workspaces.value, sent) {
			c.world.leave(u, m.workspace, c.now)
		}
	}
}

func (w *workspaceChange) apply(m *membership, now stamp) {
	switch {
	case w.RoleID.given():
		m.role = int32(w.RoleID.value) //nolint:gosec // checked against the catalogue
	case w.Role.given():
		m.role = int32(roleByLegacy(w.Role.value)) //nolint:gosec // of the catalogue
	case w.Admin.given() && w.Admin.value:
		m.role = roleWorkspaceAdmin
	case w.Admin.given() && m.role == roleWorkspaceAdmin:
		m.role = roleWorkspaceUser
	}
	if w.Inactive.given() {
		m.inactive = w.Inactive.value
	}
	if w.Rate.set {
		m.rate, m.rateAt = cents(w.Rate), now
	}
	if w.Cost.set {
		m.cost, m.costAt = cents(w.Cost), now
	}
	if w.WorkingHours.set {
		m.minutes = scaled(w.WorkingHours, 60)
	}
	if w.ViewEditBillableRates.given() {
		m.viewRates = w.ViewEditBillableRates.value
	}
	if w.ViewEditLaborCosts.given() {
		m.viewCosts = w.ViewEditLaborCosts.value
	}
	m.updatedAt = now
}

func cents(value optional[float64]) int32 { return scaled(value, 100) }

// scaled is the value in whole parts, unset for null. What does not fit is
// held at the limits.
func scaled(value optional[float64], parts float64) int32 {
	if value.null {
		return unset
	}
	return int32(min(max(math.Round(value.value*parts), 0), math.MaxInt32))
}
