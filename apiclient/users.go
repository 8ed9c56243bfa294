package apiclient

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// OrganizationUser is a person in an organization.
type OrganizationUser struct {
	ID               int64           `json:"id"`      // organization user id: what paths and bulk deletion take
	UserID           int64           `json:"user_id"` // global user id
	OrganizationID   int64           `json:"organization_id"`
	Name             string          `json:"name"`
	Email            string          `json:"email"`
	AvatarURL        string          `json:"avatar_url"`
	RoleID           *int64          `json:"role_id"`
	Admin            bool            `json:"admin"` // deprecated upstream: use RoleID
	Owner            bool            `json:"owner"` // deprecated upstream: use RoleID
	Joined           bool            `json:"joined"`
	Inactive         bool            `json:"inactive"`
	InvitationID     *int64          `json:"invitation_id"` // nil: no invitation is pending
	CanEditEmail     bool            `json:"can_edit_email"`
	TwoFactorEnabled bool            `json:"2fa_enabled"`
	WorkspaceCount   int64           `json:"workspace_count"`
	Workspaces       []UserWorkspace `json:"workspaces"`
	Groups           []GroupRef      `json:"groups"`
	CreatedAt        time.Time       `json:"created_at"`
	UpdatedAt        time.Time       `json:"updated_at"`
}

// UserWorkspace is an organization user's membership of one workspace.
type UserWorkspace struct {
	WorkspaceID           int64      `json:"workspace_id"`
	WorkspaceUserID       int64      `json:"workspace_user_id"`
	WorkspaceName         string     `json:"workspace_name"`
	RoleID                *int64     `json:"role_id"`
	Role                  string     `json:"role"`  // deprecated upstream: use RoleID
	Admin                 bool       `json:"admin"` // deprecated upstream: use RoleID
	Inactive              bool       `json:"inactive"`
	Rate                  *float64   `json:"rate"` // per hour, in DefaultCurrency
	Cost                  *float64   `json:"cost"` // per hour, in DefaultCurrency
	DefaultCurrency       string     `json:"default_currency"`
	WorkingHours          *float64   `json:"working_hours"`
	ViewEditBillableRates *bool      `json:"view_edit_billable_rates"`
	ViewEditLaborCosts    *bool      `json:"view_edit_labor_costs"`
	Groups                []GroupRef `json:"groups"`
}

// GroupRef names a Track group.
type GroupRef struct {
	GroupID int64  `json:"group_id"`
	Name    string `json:"name"`
}

// ListOrganizationUsersOptions are the query parameters of
// ListOrganizationUsers. They are texts on purpose: values go as they are, so
// that a refusal is upstream's, in its words. Empty ones are not sent.
type ListOrganizationUsersOptions struct {
	Filter       string   // part of a name or an email address
	ActiveStatus []string // active, inactive, invited; none: all
	OnlyAdmins   string   // true, false
	Groups       []string // group ids
	Workspaces   []string // workspace ids
	Page         string   // from 1
	PerPage      string   // 50 when empty
	SortDir      string   // asc, desc; by name
}

func (o ListOrganizationUsersOptions) query() url.Values {
	return query{}.text("filter", o.Filter).list("active_status", o.ActiveStatus).text("only_admins", o.OnlyAdmins).
		list("groups", o.Groups).list("workspaces", o.Workspaces).
		text("page", o.Page).text("per_page", o.PerPage).text("sort_dir", o.SortDir).values()
}

// OrganizationUserPage is one page of organization users.
type OrganizationUserPage struct {
	Users []OrganizationUser
	Page  Page
}

// ListOrganizationUsers reads one page of an organization's users.
//
//api:operation track ListOrganizationUsers
func (c *Client) ListOrganizationUsers(ctx context.Context, organizationID int64, options ListOrganizationUsersOptions) (OrganizationUserPage, error) {
	r := track("ListOrganizationUsers", http.MethodGet, organizationID, "organizations", organizationID, "users").
		asking(options.query())
	return read(ctx, c, r, func(a answer) (OrganizationUserPage, error) {
		users, err := decodeList[OrganizationUser](a)
		if err != nil {
			return OrganizationUserPage{}, err
		}
		return OrganizationUserPage{users, pageOf(a.header, number(options.Page, 1), number(options.PerPage, defaultPageSize), len(users))}, nil
	})
}

// UpdateOrganizationUserInput is the body of UpdateOrganizationUser. Fields
// that are nil are not sent and stay as they are.
//
// Whether lists replace or add is documented nowhere: send all of a user's
// groups and workspaces, or none.
type UpdateOrganizationUserInput struct {
	Name              *string              `json:"name,omitzero"`
	Email             *string              `json:"email,omitzero"` // only where CanEditEmail
	RoleID            *int64               `json:"role_id,omitzero"`
	OrganizationAdmin *bool                `json:"organization_admin,omitzero"` // not together with RoleID
	Inactive          *bool                `json:"inactive,omitzero"`
	Groups            []int64              `json:"groups,omitzero"` // empty and not nil: none
	Workspaces        []UserWorkspaceInput `json:"workspaces,omitzero"`
}

// UserWorkspaceInput changes an organization user's membership of a workspace.
type UserWorkspaceInput struct {
	WorkspaceID           int64             `json:"workspace_id"`
	RoleID                *int64            `json:"role_id,omitzero"`
	Inactive              *bool             `json:"inactive,omitzero"`
	Rate                  Nullable[float64] `json:"rate,omitzero"`          // per hour
	Cost                  Nullable[float64] `json:"cost,omitzero"`          // per hour
	WorkingHours          Nullable[float64] `json:"working_hours,omitzero"` // hours
	ViewEditBillableRates *bool             `json:"view_edit_billable_rates,omitzero"`
	ViewEditLaborCosts    *bool             `json:"view_edit_labor_costs,omitzero"`
	Groups                []GroupRef        `json:"groups,omitzero"`
}

// UpdateOrganizationUser changes an organization user. A refusal is ErrRefused
// with upstream's words.
//
//api:operation track UpdateOrganizationUser
func (c *Client) UpdateOrganizationUser(ctx context.Context, organizationID, organizationUserID int64, input UpdateOrganizationUserInput) error {
	r := track("UpdateOrganizationUser", http.MethodPut, organizationID, "organizations", organizationID, "users", organizationUserID).
		with(input)
	if input.Inactive != nil {
		r = r.alsoMine() // user_count changes
	}
	return change(ctx, c, r)
}

// BulkUpdateOrganizationUsers removes organization users from an organization.
//
//api:operation track BulkUpdateOrganizationUsers
func (c *Client) BulkUpdateOrganizationUsers(ctx context.Context, organizationID int64, deleteIDs []int64) error {
	r := track("BulkUpdateOrganizationUsers", http.MethodPatch, organizationID, "organizations", organizationID, "users").
		with(deletion{deleteIDs}).alsoMine()
	return change(ctx, c, r)
}

// LeaveOrganization takes the caller out of an organization.
//
//api:operation track LeaveOrganization
func (c *Client) LeaveOrganization(ctx context.Context, organizationID int64) error {
	r := track("LeaveOrganization", http.MethodDelete, organizationID, "organizations", organizationID, "users", "leave").alsoMine()
	return change(ctx, c, r)
}

// deletion is the body of the bulk calls that can only delete.
type deletion struct {
	Delete []int64 `json:"delete"`
}
