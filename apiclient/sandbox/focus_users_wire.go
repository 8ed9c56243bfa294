package sandbox

type focusUserWire struct {
	ID                     int64                `json:"id"`
	OrganizationID         int64                `json:"organization_id"`
	UserAccountID          int64                `json:"user_account_id"`
	UserID                 string               `json:"user_id"`
	Name                   string               `json:"name"`
	Email                  string               `json:"email"`
	Active                 bool                 `json:"active"`
	Joined                 bool                 `json:"joined"`
	Owner                  bool                 `json:"owner"`
	Admin                  bool                 `json:"admin"`
	InviteSent             bool                 `json:"invite_sent"`
	CanEditPersonalDetails bool                 `json:"can_edit_personal_details"`
	TwoFactorEnabled       bool                 `json:"2fa_enabled"`
	AccountLockedAt        *string              `json:"account_locked_at"`
	CreatedAt              string               `json:"created_at"`
	UpdatedAt              string               `json:"updated_at"`
	DeletedAt              *string              `json:"deleted_at"`
	Groups                 []focusUserGroup     `json:"groups"`
	Workspaces             []focusUserWorkspace `json:"workspaces"`
	Tags                   []tagWire            `json:"tags"`
	Rate                   *rateWire            `json:"rate"`
	WorkingHours           *float64             `json:"working_hours"`
	Permissions            map[string]bool      `json:"permissions"`
}

type focusUserGroup struct {
	ID           int64   `json:"id"`
	Name         string  `json:"name"`
	Emoji        string  `json:"emoji"`
	WorkspaceIDs []int64 `json:"workspace_ids"`
}

type focusUserWorkspace struct {
	ID              int64                 `json:"id"`
	Name            string                `json:"name"`
	WorkspaceUserID int64                 `json:"workspace_user_id"`
	TrackRoleID     int64                 `json:"track_role_id"`
	FocusRoleID     *int64                `json:"focus_role_id"`
	WorkRoleID      *int64                `json:"work_role_id"`
	TogglProducts   []string              `json:"toggl_products"`
	Groups          []focusWorkspaceGroup `json:"groups"`
}

type focusWorkspaceGroup struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Emoji string `json:"emoji"`
}

type tagWire struct {
	ID    int64  `json:"id"`
	Label string `json:"label"`
	Color string `json:"color"`
}

type rateWire struct {
	WorkspaceID         int64   `json:"workspace_id"`
	HourlyRate          float64 `json:"hourly_rate"`
	Currency            string  `json:"currency"`
	StartAt             *string `json:"start_at"`
	EndAt               *string `json:"end_at"`
	WorkspaceRateID     *int64  `json:"workspace_rate_id"`
	WorkspaceUserRateID *int64  `json:"workspace_user_rate_id"`
}

func (u *orgUser) focusWire(workingHours, rates bool) focusUserWire {
	a := u.account
	wire := focusUserWire{
		ID: u.id, OrganizationID: u.org.id, UserAccountID: a.id, UserID: a.accountsID(), Name: a.name, Email: a.email,
		Active: !u.inactive, Joined: u.joined, Owner: u.isOwner(), Admin: u.isAdmin(), InviteSent: u.invitation != 0,
		CanEditPersonalDetails: u.canEditEmail(), TwoFactorEnabled: a.twoFactor, AccountLockedAt: a.lockedAt.pointer(),
		CreatedAt: u.createdAt.String(), UpdatedAt: u.updatedAt.String(),
		Groups: []focusUserGroup{}, Workspaces: []focusUserWorkspace{}, Tags: u.tagsWire(),
	}
	for _, g := range u.groups {
		wire.Groups = append(wire.Groups, focusUserGroup{g.id, g.name, g.emoji, g.workspaceIDs()})
	}
	for i := range u.memberships {
		wire.Workspaces = append(wire.Workspaces, u.memberships[i].focusWire(u))
	}
	if workingHours {
		wire.WorkingHours = u.workingHours()
	}
	if rates {
		wire.Rate = u.rateWire()
	}
	return wire
}

func (m *membership) focusWire(u *orgUser) focusUserWorkspace {
	wire := focusUserWorkspace{
		ID: m.workspace.id, Name: m.workspace.name, WorkspaceUserID: m.id, TrackRoleID: int64(m.role),
		TogglProducts: m.workspace.products(), Groups: []focusWorkspaceGroup{},
	}
	if m.workspace.has("focus") {
		id := focusRole(int64(m.role))
		wire.FocusRoleID = &id
	}
	for _, g := range u.groups {
		if g.opens(m.workspace) {
			wire.Groups = append(wire.Groups, focusWorkspaceGroup{g.id, g.name, g.emoji})
		}
	}
	return wire
}

func (u *orgUser) tagsWire() []tagWire {
	rows := []tagWire{}
	for i, t := range memberTags {
		if u.tags&(1<<i) != 0 {
			rows = append(rows, tagWire{t.id, t.label, t.color})
		}
	}
	return rows
}

// workingHours are those of the first workspace that has any, a day.
func (u *orgUser) workingHours() *float64 {
	for i := range u.memberships {
		if value := hours(u.memberships[i].minutes); value != nil {
			return value
		}
	}
	return nil
}

// rateWire is the first workspace's rate.
func (u *orgUser) rateWire() *rateWire {
	for i := range u.memberships {
		m := &u.memberships[i]
		if value := amount(m.rate); value != nil {
			return &rateWire{
				WorkspaceID: m.workspace.id, HourlyRate: *value, Currency: m.workspace.currency,
				StartAt: m.rateAt.pointer(), WorkspaceUserRateID: &m.id,
			}
		}
	}
	return nil
}

func (g *group) workspaceIDs() []int64 {
	numbers := make([]int64, len(g.workspaces))
	for i, ws := range g.workspaces {
		numbers[i] = ws.id
	}
	return numbers
}
