package sandbox

type organizationUserWire struct {
	ID               int64               `json:"id"`
	OrganizationID   int64               `json:"organization_id"`
	UserID           int64               `json:"user_id"`
	Name             string              `json:"name"`
	Email            string              `json:"email"`
	AvatarURL        *string             `json:"avatar_url"`
	Admin            bool                `json:"admin"`
	Owner            bool                `json:"owner"`
	RoleID           int64               `json:"role_id"`
	Joined           bool                `json:"joined"`
	Inactive         bool                `json:"inactive"`
	CanEditEmail     bool                `json:"can_edit_email"`
	InvitationID     *int64              `json:"invitation_id"`
	TwoFactorEnabled bool                `json:"2fa_enabled"`
	WorkspaceCount   int                 `json:"workspace_count"`
	Workspaces       []userWorkspaceWire `json:"workspaces"`
	Groups           []groupRefWire      `json:"groups"`
	CreatedAt        string              `json:"created_at"`
	UpdatedAt        string              `json:"updated_at"`
}

type userWorkspaceWire struct {
	WorkspaceID           int64          `json:"workspace_id"`
	WorkspaceUserID       int64          `json:"workspace_user_id"`
	WorkspaceName         string         `json:"workspace_name"`
	Admin                 bool           `json:"admin"`
	Role                  string         `json:"role"`
	RoleID                int64          `json:"role_id"`
	Inactive              bool           `json:"inactive"`
	DefaultCurrency       string         `json:"default_currency"`
	Rate                  *float64       `json:"rate"`
	Cost                  *float64       `json:"cost"`
	WorkingHours          *float64       `json:"working_hours"`
	ViewEditBillableRates bool           `json:"view_edit_billable_rates"`
	ViewEditLaborCosts    bool           `json:"view_edit_labor_costs"`
	Groups                []groupRefWire `json:"groups"`
}

type groupRefWire struct {
	GroupID int64  `json:"group_id"`
	Name    string `json:"name"`
}

func (u *orgUser) wire() organizationUserWire {
	a := u.account
	wire := organizationUserWire{
		ID: u.id, OrganizationID: u.org.id, UserID: a.id, Name: a.name, Email: a.email, AvatarURL: a.avatarURL(),
		Admin: u.isAdmin(), Owner: u.isOwner(), RoleID: u.role, Joined: u.joined, Inactive: u.inactive,
		CanEditEmail: u.canEditEmail(), TwoFactorEnabled: a.twoFactor, WorkspaceCount: len(u.memberships),
		Workspaces: make([]userWorkspaceWire, len(u.memberships)), Groups: groupRefs(u.groups, nil),
		CreatedAt: u.createdAt.String(), UpdatedAt: u.updatedAt.String(),
	}
	if u.invitation != 0 {
		wire.InvitationID = &u.invitation
	}
	for i := range u.memberships {
		wire.Workspaces[i] = u.memberships[i].userWire(u)
	}
	return wire
}

func (m *membership) userWire(u *orgUser) userWorkspaceWire {
	return userWorkspaceWire{
		WorkspaceID: m.workspace.id, WorkspaceUserID: m.id, WorkspaceName: m.workspace.name,
		Admin: m.role == roleWorkspaceAdmin, Role: legacyRole(int64(m.role)), RoleID: int64(m.role), Inactive: m.inactive,
		DefaultCurrency: m.workspace.currency, Rate: amount(m.rate), Cost: amount(m.cost), WorkingHours: hours(m.minutes),
		ViewEditBillableRates: m.viewRates, ViewEditLaborCosts: m.viewCosts, Groups: groupRefs(u.groups, m.workspace),
	}
}

// groupRefs names the groups, or only those that open a workspace.
func groupRefs(groups []*group, opening *workspace) []groupRefWire {
	rows := []groupRefWire{}
	for _, g := range groups {
		if opening == nil || g.opens(opening) {
			rows = append(rows, groupRefWire{g.id, g.name})
		}
	}
	return rows
}

// amount turns cents into units of the currency.
func amount(cents int32) *float64 {
	if cents == unset {
		return nil
	}
	value := float64(cents) / 100
	return &value
}

func hours(minutes int32) *float64 {
	if minutes == unset {
		return nil
	}
	value := float64(minutes) / 60
	return &value
}
