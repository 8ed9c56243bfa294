package apiclient

import (
	"context"
	"net/http"
	"time"
)

// WorkspaceUser is a person in a workspace.
type WorkspaceUser struct {
	ID                    int64     `json:"id"`      // workspace user id
	UserID                int64     `json:"user_id"` // global user id
	UID                   int64     `json:"uid"`     // the same under its older name
	WorkspaceID           int64     `json:"workspace_id"`
	WID                   int64     `json:"wid"` // the same under its older name
	Name                  string    `json:"name"`
	Email                 string    `json:"email"`
	AvatarFileName        string    `json:"avatar_file_name"` // an address
	Active                bool      `json:"active"`           // accepted the invitation
	Inactive              bool      `json:"inactive"`         // deactivated by an admin
	Admin                 bool      `json:"admin"`
	WorkspaceAdmin        bool      `json:"workspace_admin"`
	OrganizationAdmin     bool      `json:"organization_admin"`
	Role                  string    `json:"role"`
	RoleID                *int64    `json:"role_id"`
	IsDirect              bool      `json:"is_direct"` // not through a group
	GroupIDs              []int64   `json:"group_ids"`
	Rate                  *float64  `json:"rate"` // per hour
	RateLastUpdated       time.Time `json:"rate_last_updated"`
	LaborCost             *float64  `json:"labor_cost"` // per hour
	LaborCostLastUpdated  time.Time `json:"labor_cost_last_updated"`
	WorkingHoursInMinutes *int64    `json:"working_hours_in_minutes"`
	Timezone              string    `json:"timezone"`
	TwoFactorEnabled      bool      `json:"2fa_enabled"`
	ViewEditBillableRates *bool     `json:"view_edit_billable_rates"`
	ViewEditLaborCosts    *bool     `json:"view_edit_labor_costs"`
	At                    time.Time `json:"at"` // last update
}

// ListWorkspaceUsersOptions are the query parameters of ListWorkspaceUsers.
type ListWorkspaceUsersOptions struct {
	Name string // part of a name; empty: all
}

// WorkspaceUserInput is the body of UpdateWorkspaceUser. What is not set is not
// sent and stays as it is.
type WorkspaceUserInput struct {
	RoleID                *int64            `json:"role_id,omitzero"`
	Inactive              *bool             `json:"inactive,omitzero"`
	Rate                  Nullable[float64] `json:"rate,omitzero"` // per hour
	RateChangeMode        string            `json:"rate_change_mode,omitzero"`
	LaborCost             Nullable[float64] `json:"labor_cost,omitzero"` // per hour
	LaborCostChangeMode   string            `json:"labor_cost_change_mode,omitzero"`
	WorkingHoursInMinutes Nullable[int64]   `json:"working_hours_in_minutes,omitzero"`
	ViewEditBillableRates *bool             `json:"view_edit_billable_rates,omitzero"`
	ViewEditLaborCosts    *bool             `json:"view_edit_labor_costs,omitzero"`
}

// ListWorkspaceUsers reads all users of a workspace.
//
//api:operation track ListWorkspaceUsers
func (c *Client) ListWorkspaceUsers(ctx context.Context, organizationID, workspaceID int64, options ListWorkspaceUsersOptions) ([]WorkspaceUser, error) {
	r := track("ListWorkspaceUsers", http.MethodGet, organizationID, "organizations", organizationID, "workspaces", workspaceID, "workspace_users").
		asking(query{}.text("name", options.Name).values())
	return read(ctx, c, r, decodeList[WorkspaceUser])
}

// RemoveWorkspaceUsers removes users from a workspace, by workspace user ids.
//
//api:operation track RemoveWorkspaceUsers
func (c *Client) RemoveWorkspaceUsers(ctx context.Context, organizationID, workspaceID int64, workspaceUserIDs []int64) error {
	r := track("RemoveWorkspaceUsers", http.MethodPatch, organizationID, "organizations", organizationID, "workspaces", workspaceID, "workspace_users").
		with(deletion{workspaceUserIDs})
	return change(ctx, c, r)
}

// UpdateWorkspaceUser changes a workspace user. The organization is not sent:
// it says whose quota is used and what the cache forgets.
//
//api:operation track UpdateWorkspaceUser
func (c *Client) UpdateWorkspaceUser(ctx context.Context, organizationID, workspaceID, workspaceUserID int64, input WorkspaceUserInput) error {
	r := track("UpdateWorkspaceUser", http.MethodPut, organizationID, "workspaces", workspaceID, "workspace_users", workspaceUserID).
		with(input)
	return change(ctx, c, r)
}
