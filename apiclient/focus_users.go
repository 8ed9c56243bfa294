package apiclient

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// FocusUser is a person in an organization, as Focus tells it.
type FocusUser struct {
	ID                     int64                `json:"id"`              // organization user id
	UserAccountID          int64                `json:"user_account_id"` // global user id
	UserID                 string               `json:"user_id"`         // account id: a text, unlike in Track
	OrganizationID         int64                `json:"organization_id"`
	Name                   string               `json:"name"`
	Email                  string               `json:"email"`
	Active                 bool                 `json:"active"`
	Joined                 bool                 `json:"joined"`
	InviteSent             bool                 `json:"invite_sent"`
	Owner                  bool                 `json:"owner"`
	Admin                  bool                 `json:"admin"`
	CanEditPersonalDetails bool                 `json:"can_edit_personal_details"`
	TwoFactorEnabled       bool                 `json:"2fa_enabled"`
	AccountLockedAt        time.Time            `json:"account_locked_at"` // zero: not locked
	Workspaces             []FocusUserWorkspace `json:"workspaces"`
	Groups                 []FocusUserGroup     `json:"groups"`
	Tags                   []Tag                `json:"tags"`
	Rate                   *Rate                `json:"rate"`          // with IncludeRates
	WorkingHours           *float64             `json:"working_hours"` // with IncludeWorkingHours
	Permissions            map[string]any       `json:"permissions"`   // documented nowhere
	CreatedAt              time.Time            `json:"created_at"`
	UpdatedAt              time.Time            `json:"updated_at"`
	DeletedAt              time.Time            `json:"deleted_at"` // zero: not deleted
}

// FocusUserWorkspace is a Focus user's membership of a workspace.
type FocusUserWorkspace struct {
	ID              int64     `json:"id"`
	WorkspaceUserID int64     `json:"workspace_user_id"`
	Name            string    `json:"name"`
	FocusRoleID     *int64    `json:"focus_role_id"`
	TrackRoleID     *int64    `json:"track_role_id"`
	WorkRoleID      *int64    `json:"work_role_id"`
	TogglProducts   []string  `json:"toggl_products"`
	Groups          []MyGroup `json:"groups"`
}

// FocusUserGroup is a group of a Focus user.
type FocusUserGroup struct {
	ID           int64   `json:"id"`
	Name         string  `json:"name"`
	Emoji        string  `json:"emoji"`
	WorkspaceIDs []int64 `json:"workspace_ids"`
}

// Tag labels Focus users.
type Tag struct {
	ID    int64  `json:"id"`
	Label string `json:"label"`
	Color string `json:"color"`
}

// Rate is what an hour of a Focus user costs.
type Rate struct {
	HourlyRate          float64   `json:"hourly_rate"`
	Currency            string    `json:"currency"`
	StartAt             time.Time `json:"start_at"`
	EndAt               time.Time `json:"end_at"` // zero: still valid
	WorkspaceID         int64     `json:"workspace_id"`
	WorkspaceRateID     *int64    `json:"workspace_rate_id"`
	WorkspaceUserRateID *int64    `json:"workspace_user_rate_id"`
}

// ListUsersOptions are the query parameters of ListUsers. They are texts on
// purpose: values go as they are, so that a refusal is upstream's, in its words.
// Empty ones are not sent.
type ListUsersOptions struct {
	Filter              string   // part of a name or an email address
	ActiveStatus        []string // active, inactive, invited; none: all
	OnlyAdmins          string   // true, false
	TogglProducts       []string // track, focus, work
	Roles               []string // role ids, of any product and entity
	Workspaces          []string // workspace ids
	Groups              []string // group ids
	TagIDs              []string
	OrgUserIDs          []string // organization user ids
	UserAccountIDs      []string // global user ids
	PinnedIDs           []string // organization user ids to put first, in this order
	IncludeWorkingHours string   // true, false
	IncludeRates        string   // true, false
	SortDir             string   // asc, desc; by name
	Page                string   // from 1
	PerPage             string   // 50 when empty, at most 100
}

func (o ListUsersOptions) query() url.Values {
	return query{}.text("filter", o.Filter).list("active_status", o.ActiveStatus).text("only_admins", o.OnlyAdmins).
		list("toggl_products", o.TogglProducts).list("roles", o.Roles).
		list("workspaces", o.Workspaces).list("groups", o.Groups).list("tag_ids", o.TagIDs).
		list("org_user_ids", o.OrgUserIDs).list("user_account_ids", o.UserAccountIDs).list("pinned_ids", o.PinnedIDs).
		text("include_working_hours", o.IncludeWorkingHours).text("include_rates", o.IncludeRates).
		text("sort_dir", o.SortDir).text("page", o.Page).text("per_page", o.PerPage).values()
}

// FocusUserPage is one page of Focus users.
type FocusUserPage struct {
	Users []FocusUser
	Page  Page
}

// ListUsers reads one page of an organization's users from Focus.
//
//api:operation focus ListUsers
func (c *Client) ListUsers(ctx context.Context, organizationID int64, options ListUsersOptions) (FocusUserPage, error) {
	r := focus("ListUsers", http.MethodGet, organizationID, "organizations", organizationID, "users").asking(options.query())
	return read(ctx, c, r, func(a answer) (FocusUserPage, error) {
		users, err := decodeList[FocusUser](a)
		if err != nil {
			return FocusUserPage{}, err
		}
		return FocusUserPage{users, pageOf(a.header, number(options.Page, 1), number(options.PerPage, defaultPageSize), len(users))}, nil
	})
}
