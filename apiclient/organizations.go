package apiclient

import (
	"context"
	"net/http"
	"time"
)

// Organization is an organization as the caller sees it.
type Organization struct {
	ID                      int64      `json:"id"`
	Name                    string     `json:"name"`
	Admin                   bool       `json:"admin"` // whether the caller is an admin
	Owner                   bool       `json:"owner"` // whether the caller is the owner
	At                      time.Time  `json:"at"`    // last modification
	CreatedAt               time.Time  `json:"created_at"`
	SuspendedAt             time.Time  `json:"suspended_at"` // zero: not suspended
	IsMultiWorkspaceEnabled bool       `json:"is_multi_workspace_enabled"`
	IsUnified               bool       `json:"is_unified"`
	MaxDataRetentionDays    *int64     `json:"max_data_retention_days"` // nil: no limit
	MaxWorkspaces           int64      `json:"max_workspaces"`
	Permissions             []string   `json:"permissions"`
	PricingPlanEnterprise   bool       `json:"pricing_plan_enterprise"`
	PricingPlanID           int64      `json:"pricing_plan_id"`
	PricingPlanName         string     `json:"pricing_plan_name"` // may be empty in GetOrganization where the list says "Free"
	TrialInfo               *TrialInfo `json:"trial_info"`
	UserCount               int64      `json:"user_count"`
}

// TrialInfo tells about an organization's trial.
type TrialInfo struct {
	CanHaveTrial      bool      `json:"can_have_trial"` // neither the organization nor its owner has had one
	LastPricingPlanID *int64    `json:"last_pricing_plan_id"`
	NextPaymentDate   time.Time `json:"next_payment_date"`
	Trial             bool      `json:"trial"` // on trial now
	TrialAvailable    bool      `json:"trial_available"`
	TrialEndDate      time.Time `json:"trial_end_date"`
	TrialPlanID       *int64    `json:"trial_plan_id"`
}

// Owner is who owns an organization.
type Owner struct {
	ID                 int64  `json:"id"`
	Name               string `json:"name"`
	Email              string `json:"email"`
	AvatarURL          string `json:"avatar_url"`
	UserID             int64  `json:"user_id"`
	OrganizationID     int64  `json:"organization_id"`
	OrganizationUserID int64  `json:"organization_user_id"`
}

// Usage is one counter of an organization against its limit.
type Usage struct {
	Name    string    `json:"name"`
	Count   int64     `json:"count"`
	Limit   int64     `json:"limit"`
	ResetAt time.Time `json:"reset_at"` // zero: never
}

// CreateOrganizationInput is the body of CreateOrganization.
type CreateOrganizationInput struct {
	Name          string `json:"name"`           // 1 to 140 characters
	WorkspaceName string `json:"workspace_name"` // 1 to 140 characters, not only spaces
}

// CreatedOrganization is a new organization with its first workspace.
type CreatedOrganization struct {
	ID            int64    `json:"id"`
	Name          string   `json:"name"`
	Permissions   []string `json:"permissions"`
	WorkspaceID   int64    `json:"workspace_id"`
	WorkspaceName string   `json:"workspace_name"`
}

// UpdateOrganizationInput is the body of UpdateOrganization.
type UpdateOrganizationInput struct {
	Name string `json:"name"` // 1 to 140 characters
}

// CreateOrganization makes an organization that the caller owns, with one
// workspace.
//
//api:operation track CreateOrganization
func (c *Client) CreateOrganization(ctx context.Context, input CreateOrganizationInput) (CreatedOrganization, error) {
	r := track("CreateOrganization", http.MethodPost, 0, "organizations").with(input).alsoMine()
	return write(ctx, c, r, decodeValue[CreatedOrganization])
}

// GetOrganization reads one organization.
//
//api:operation track GetOrganization
func (c *Client) GetOrganization(ctx context.Context, organizationID int64) (Organization, error) {
	r := track("GetOrganization", http.MethodGet, organizationID, "organizations", organizationID)
	return read(ctx, c, r, decodeValue[Organization])
}

// UpdateOrganization renames an organization.
//
//api:operation track UpdateOrganization
func (c *Client) UpdateOrganization(ctx context.Context, organizationID int64, input UpdateOrganizationInput) error {
	r := track("UpdateOrganization", http.MethodPut, organizationID, "organizations", organizationID).with(input).alsoMine()
	return change(ctx, c, r)
}

// GetOwner reads who owns an organization.
//
//api:operation track GetOwner
func (c *Client) GetOwner(ctx context.Context, organizationID int64) (Owner, error) {
	r := track("GetOwner", http.MethodGet, organizationID, "organizations", organizationID, "owner")
	return read(ctx, c, r, decodeValue[Owner])
}

// ListUsage reads an organization's counters and their limits.
//
//api:operation track ListUsage
func (c *Client) ListUsage(ctx context.Context, organizationID int64) ([]Usage, error) {
	r := track("ListUsage", http.MethodGet, organizationID, "organizations", organizationID, "usage")
	return read(ctx, c, r, decodeList[Usage])
}
