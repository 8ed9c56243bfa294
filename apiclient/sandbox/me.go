package sandbox

import (
	"fmt"
	"slices"
)

type meWire struct {
	ID                 int64   `json:"id"`
	APIToken           string  `json:"api_token"`
	Email              string  `json:"email"`
	Fullname           string  `json:"fullname"`
	Timezone           string  `json:"timezone"`
	TogglAccountsID    string  `json:"toggl_accounts_id"`
	DefaultWorkspaceID *int64  `json:"default_workspace_id"`
	BeginningOfWeek    int     `json:"beginning_of_week"`
	ImageURL           *string `json:"image_url"`
	HasPassword        bool    `json:"has_password"`
	CreatedAt          string  `json:"created_at"`
	UpdatedAt          string  `json:"updated_at"`
	At                 string  `json:"at"`
	TwoFactorEnabled   bool    `json:"2fa_enabled"`
}

// getMe sends the api_token like the real call, so that a client that keeps or
// logs it is found out.
func getMe(c *call) answer {
	a := c.caller
	if a.closed {
		return c.notFound("could not load user data")
	}
	me := meWire{
		ID: a.id, APIToken: secretOf(tokenPrefix, a.id), Email: a.email, Fullname: a.name,
		Timezone: zones[a.zone], TogglAccountsID: a.accountsID(), BeginningOfWeek: 1,
		ImageURL: a.avatarURL(), HasPassword: true, TwoFactorEnabled: a.twoFactor,
		CreatedAt: a.createdAt.String(), UpdatedAt: a.updatedAt.String(), At: a.updatedAt.String(),
	}
	for _, u := range a.users {
		if len(u.memberships) > 0 && me.DefaultWorkspaceID == nil {
			me.DefaultWorkspaceID = &u.memberships[0].workspace.id
		}
	}
	return ok(me)
}

// accountsID is the accounts service's id: 22 characters.
func (a *account) accountsID() string { return fmt.Sprintf("A%021d", a.id*7919) }

func (a *account) avatarURL() *string {
	if a.avatar == "" {
		return nil
	}
	return &a.avatar
}

func listMyOrganizations(c *call) answer {
	var rows []organizationWire
	for _, u := range c.caller.active() {
		rows = append(rows, u.organizationWire())
	}
	return listOf(c, rows)
}

// active are the organizations in which the account is not deactivated, oldest
// membership first.
func (a *account) active() []*orgUser {
	return slices.DeleteFunc(slices.Clone(a.users), func(u *orgUser) bool { return u.inactive })
}

type workspaceWire struct {
	ID              int64   `json:"id"`
	OrganizationID  int64   `json:"organization_id"`
	Name            string  `json:"name"`
	Admin           bool    `json:"admin"`
	Role            string  `json:"role"`
	DefaultCurrency string  `json:"default_currency"`
	Premium         bool    `json:"premium"`
	SuspendedAt     *string `json:"suspended_at"`
	APIToken        string  `json:"api_token"`
	IcalURL         string  `json:"ical_url"`
	IcalEnabled     bool    `json:"ical_enabled"`
	At              string  `json:"at"`
	Permissions     any     `json:"permissions"`
}

// listMyWorkspaces has all workspaces of an organization for its admins, who
// administer them whether or not they are members.
func listMyWorkspaces(c *call) answer {
	var rows []workspaceWire
	for _, u := range c.caller.active() {
		for _, ws := range u.org.workspaces {
			m := u.in(ws)
			if u.isAdmin() || m != nil && !m.inactive {
				rows = append(rows, ws.wire(u, m))
			}
		}
	}
	return listOf(c, rows)
}

// wire is the workspace as a user sees it; m is nil for an organization admin
// who is not a member.
func (ws *workspace) wire(u *orgUser, m *membership) workspaceWire {
	role := int64(roleWorkspaceUser)
	if m != nil {
		role = int64(m.role)
	}
	if u.isAdmin() {
		role = roleWorkspaceAdmin
	}
	return workspaceWire{
		ID: ws.id, OrganizationID: ws.org.id, Name: ws.name, DefaultCurrency: ws.currency,
		Admin: role == roleWorkspaceAdmin, Role: legacyRole(role), Premium: ws.org.plan.paid,
		APIToken: secretOf(tokenPrefix, ws.id), IcalURL: "/ical/workspace_user/" + secretOf(tokenPrefix, ws.id),
		IcalEnabled: true, At: ws.updatedAt.String(),
	}
}

type quotaWire struct {
	OrganizationID *int64 `json:"organization_id"`
	Remaining      int    `json:"remaining"`
	Total          int    `json:"total"`
	ResetsInSecs   int    `json:"resets_in_secs"`
}

func getQuota(c *call) answer {
	bucket := func(organization int64) quotaWire {
		remaining, total, resets := c.server.quota.look(quotaKey{c.caller.id, organization}, c.server.now())
		return quotaWire{Remaining: remaining, Total: total, ResetsInSecs: seconds(resets)}
	}
	rows := []quotaWire{bucket(noOrganization)}
	for _, u := range c.caller.active() {
		row := bucket(u.org.id)
		row.OrganizationID = &u.org.id
		rows = append(rows, row)
	}
	return listOf(c, rows)
}
