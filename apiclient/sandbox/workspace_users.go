package sandbox

import (
	"slices"
	"strings"
)

type workspaceUserWire struct {
	ID                    int64    `json:"id"`
	UserID                int64    `json:"user_id"`
	UID                   int64    `json:"uid"`
	WorkspaceID           int64    `json:"workspace_id"`
	WID                   int64    `json:"wid"`
	Name                  string   `json:"name"`
	Email                 string   `json:"email"`
	AvatarFileName        *string  `json:"avatar_file_name"`
	Active                bool     `json:"active"`
	Inactive              bool     `json:"inactive"`
	Admin                 bool     `json:"admin"`
	WorkspaceAdmin        bool     `json:"workspace_admin"`
	OrganizationAdmin     bool     `json:"organization_admin"`
	Role                  string   `json:"role"`
	RoleID                int64    `json:"role_id"`
	IsDirect              bool     `json:"is_direct"`
	GroupIDs              []int64  `json:"group_ids"`
	Rate                  *float64 `json:"rate"`
	RateLastUpdated       *string  `json:"rate_last_updated"`
	LaborCost             *float64 `json:"labor_cost"`
	LaborCostLastUpdated  *string  `json:"labor_cost_last_updated"`
	WorkingHoursInMinutes *int32   `json:"working_hours_in_minutes"`
	ViewEditBillableRates bool     `json:"view_edit_billable_rates"`
	ViewEditLaborCosts    bool     `json:"view_edit_labor_costs"`
	Timezone              string   `json:"timezone"`
	InvitationCode        *string  `json:"invitation_code"`
	InviteURL             *string  `json:"invite_url"`
	TwoFactorEnabled      bool     `json:"2fa_enabled"`
	At                    string   `json:"at"`
}

func (m *membership) wire(u *orgUser) workspaceUserWire {
	a := u.account
	wire := workspaceUserWire{
		ID: m.id, UserID: a.id, UID: a.id, WorkspaceID: m.workspace.id, WID: m.workspace.id, Name: a.name, Email: a.email,
		AvatarFileName: a.avatarURL(), Active: u.joined, Inactive: m.inactive,
		Admin: m.role == roleWorkspaceAdmin, WorkspaceAdmin: m.role == roleWorkspaceAdmin, OrganizationAdmin: u.isAdmin(),
		Role: legacyRole(int64(m.role)), RoleID: int64(m.role), IsDirect: m.direct, GroupIDs: []int64{},
		Rate: amount(m.rate), RateLastUpdated: m.rateAt.pointer(),
		LaborCost: amount(m.cost), LaborCostLastUpdated: m.costAt.pointer(),
		ViewEditBillableRates: m.viewRates, ViewEditLaborCosts: m.viewCosts,
		Timezone: zones[a.zone], TwoFactorEnabled: a.twoFactor, At: m.updatedAt.String(),
	}
	for _, g := range u.groups {
		if g.opens(m.workspace) {
			wire.GroupIDs = append(wire.GroupIDs, g.id)
		}
	}
	if m.minutes != unset {
		wire.WorkingHoursInMinutes = &m.minutes
	}
	if !u.joined {
		code := invitationCode(u)
		link := inviteURL(u)
		wire.InvitationCode, wire.InviteURL = &code, &link
	}
	return wire
}

// manages is the caller when they may manage a workspace: an admin of the
// organization, or of the workspace.
func (c *call) manages(ws *workspace) *orgUser {
	u := c.caller.in(ws.org)
	if u == nil || u.inactive {
		return nil
	}
	if m := u.in(ws); u.isAdmin() || m != nil && !m.inactive && m.role == roleWorkspaceAdmin {
		return u
	}
	return nil
}

// pathWorkspace is the workspace of the path when it is the organization's.
func (c *call) pathWorkspace(org *organization) *workspace {
	id, _ := c.pathID("workspace_id")
	return org.workspace(id)
}

func listWorkspaceUsers(c *call) answer {
	org := c.organization()
	if org == nil {
		return c.notFound("Resource can not be found")
	}
	ws := c.pathWorkspace(org)
	admin, _ := c.admin()
	switch {
	case ws == nil && admin == nil, ws != nil && c.manages(ws) == nil:
		return c.deny("Forbidden")
	case ws == nil:
		return c.notFound("Resource can not be found")
	}
	name := strings.ToLower(c.request.URL.Query().Get("name"))
	var rows []workspaceUserWire
	for _, u := range org.sorted {
		if m := u.in(ws); m != nil && strings.Contains(u.account.sortKey(), name) {
			rows = append(rows, m.wire(u))
		}
	}
	return listOf(c, rows)
}

// removeWorkspaceUsers takes direct access away, from all of them or none.
func removeWorkspaceUsers(c *call) answer {
	org := c.organization()
	if org == nil {
		return c.deny("Forbidden")
	}
	ws := c.pathWorkspace(org)
	if ws == nil || c.manages(ws) == nil {
		return c.deny("Forbidden")
	}
	var input struct {
		Delete []int64 `json:"delete"`
	}
	if !c.decode(&input) {
		return c.invalid("JSON is not valid")
	}
	if len(input.Delete) == 0 {
		return c.invalid("At least one workspace user ID must be supplied.")
	}
	if !unique(input.Delete) {
		return c.invalid("Workspace user IDs must be unique")
	}
	var users []*orgUser
	for _, u := range org.sorted {
		if m := u.in(ws); m != nil && slices.Contains(input.Delete, m.id) {
			users = append(users, u)
		}
	}
	if len(users) != len(input.Delete) {
		return c.invalid("Wrong workspace user IDs")
	}
	for _, u := range users {
		c.record(org, "delete", "workspace_user", u.in(ws).id, ws.id, u.in(ws).wire(u).withoutSecrets(), nil)
		c.world.leave(u, ws, c.now)
	}
	return okText()
}

// withoutSecrets is what the audit log may keep.
func (w workspaceUserWire) withoutSecrets() workspaceUserWire {
	w.InvitationCode, w.InviteURL = nil, nil
	return w
}
