package sandbox

type organizationWire struct {
	ID                      int64         `json:"id"`
	Name                    string        `json:"name"`
	PricingPlanID           int64         `json:"pricing_plan_id"`
	PricingPlanName         string        `json:"pricing_plan_name"`
	PricingPlanEnterprise   bool          `json:"pricing_plan_enterprise"`
	CreatedAt               string        `json:"created_at"`
	At                      string        `json:"at"`
	ServerDeletedAt         *string       `json:"server_deleted_at"`
	IsMultiWorkspaceEnabled bool          `json:"is_multi_workspace_enabled"`
	IsUnified               bool          `json:"is_unified"`
	SuspendedAt             *string       `json:"suspended_at"`
	UserCount               int           `json:"user_count"`
	TrialInfo               trialInfoWire `json:"trial_info"`
	MaxWorkspaces           int           `json:"max_workspaces"`
	MaxDataRetentionDays    *int          `json:"max_data_retention_days"`
	Permissions             []string      `json:"permissions"`
	Admin                   bool          `json:"admin"`
	Owner                   bool          `json:"owner"`
}

type trialInfoWire struct {
	Trial             bool    `json:"trial"`
	TrialAvailable    bool    `json:"trial_available"`
	TrialEndDate      *string `json:"trial_end_date"`
	NextPaymentDate   *string `json:"next_payment_date"`
	LastPricingPlanID *int64  `json:"last_pricing_plan_id"`
	CanHaveTrial      bool    `json:"can_have_trial"`
	TrialPlanID       *int64  `json:"trial_plan_id"`
}

// organizationWire is the organization as one of its users sees it.
func (u *orgUser) organizationWire() organizationWire {
	o := u.org
	wire := organizationWire{
		ID: o.id, Name: o.name, PricingPlanID: o.plan.id, PricingPlanName: o.plan.name,
		PricingPlanEnterprise: o.plan.enterprise, CreatedAt: o.createdAt.String(), At: o.updatedAt.String(),
		IsMultiWorkspaceEnabled: o.plan.multiple, IsUnified: o.plan.enterprise, UserCount: len(o.users),
		MaxWorkspaces: o.maxWorkspaces, Admin: u.isAdmin(), Owner: u.isOwner(),
		TrialInfo: trialInfoWire{
			Trial: o.trialEnds != 0, TrialAvailable: !o.plan.paid, CanHaveTrial: !o.plan.paid,
			TrialEndDate: o.trialEnds.pointer(), NextPaymentDate: o.nextPayment.pointer(),
		},
	}
	if o.trialEnds != 0 {
		wire.TrialInfo.TrialPlanID = &o.plan.id
	}
	if o.plan.retentionDays > 0 {
		wire.MaxDataRetentionDays = &o.plan.retentionDays
	}
	if u.isAdmin() {
		wire.Permissions = organizationPermissions(u.role)
	}
	return wire
}

// organizationPermissions are the names of what a role may do in the organization.
func organizationPermissions(roleID int64) []string {
	var names []string
	r, _ := roleByID(roleID)
	for _, p := range r.permissions() {
		if p.Entity == "organization" {
			names = append(names, p.Name)
		}
	}
	return names
}

func getOrganization(c *call) answer {
	u := c.member()
	if u == nil {
		return c.foreignOrganization()
	}
	wire := u.organizationWire()
	if !u.org.plan.paid {
		wire.PricingPlanName = "" // where the list says Free
	}
	return ok(wire)
}

// foreignOrganization refuses an organization that isn't the caller's.
func (c *call) foreignOrganization() answer {
	if c.organization() == nil {
		return c.notFound("Invalid organization ID")
	}
	return c.notFound("User not part of organization")
}

type ownerWire struct {
	ID                 int64   `json:"id"`
	Name               string  `json:"name"`
	Email              string  `json:"email"`
	AvatarURL          *string `json:"avatar_url"`
	UserID             int64   `json:"user_id"`
	OrganizationID     int64   `json:"organization_id"`
	OrganizationUserID int64   `json:"organization_user_id"`
	CreatedAt          string  `json:"organization_user_created_at"`
	UpdatedAt          string  `json:"organization_user_updated_at"`
	TogglAccountsID    string  `json:"toggl_accounts_id"`
}

func getOwner(c *call) answer {
	if c.organization() == nil {
		return c.notFound("Organization owner not found")
	}
	u := c.member()
	if u == nil {
		return c.deny("User does not have access to this resource")
	}
	owner := u.org.owner
	a := owner.account
	return ok(ownerWire{
		ID: owner.id, Name: a.name, Email: a.email, AvatarURL: a.avatarURL(), UserID: a.id,
		OrganizationID: u.org.id, OrganizationUserID: owner.id, TogglAccountsID: a.accountsID(),
		CreatedAt: owner.createdAt.String(), UpdatedAt: owner.updatedAt.String(),
	})
}

type usageWire struct {
	Name    string  `json:"name"`
	Count   int     `json:"count"`
	Limit   int     `json:"limit"`
	ResetAt *string `json:"reset_at"`
}

// listUsage counts what the plan limits. A limit of 0 is none.
func listUsage(c *call) answer {
	u := c.member()
	if u == nil {
		return c.foreignOrganization()
	}
	o := u.org
	active := 0
	for _, member := range o.sorted {
		if member.status() == "active" {
			active++
		}
	}
	return listOf(c, []usageWire{
		{Name: "users", Count: active, Limit: o.plan.users},
		{Name: "workspaces", Count: len(o.workspaces), Limit: o.maxWorkspaces},
		{Name: "groups", Count: len(o.groups)},
	})
}
