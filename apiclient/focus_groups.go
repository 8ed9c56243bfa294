package apiclient

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// FocusGroup is a group in Focus.
type FocusGroup struct {
	ID             int64                 `json:"id"`
	OrganizationID int64                 `json:"organization_id"`
	Name           string                `json:"name"`
	Emoji          string                `json:"emoji"`
	Users          []FocusGroupUser      `json:"users"`
	Workspaces     []FocusGroupWorkspace `json:"workspaces"`
	CreatedAt      time.Time             `json:"created_at"`
	UpdatedAt      time.Time             `json:"updated_at"`
	DeletedAt      time.Time             `json:"deleted_at"` // zero: not deleted
}

// FocusGroupUser is a member of a Focus group.
type FocusGroupUser struct {
	UserGroupID        int64     `json:"user_group_id"`
	OrganizationUserID int64     `json:"organization_user_id"`
	UserAccountID      int64     `json:"user_account_id"` // global user id
	DisplayName        string    `json:"display_name"`
	FocusRoleID        *int64    `json:"focus_role_id"`
	TrackRoleID        *int64    `json:"track_role_id"`
	WorkRoleID         *int64    `json:"work_role_id"`
	CreatedAt          time.Time `json:"created_at"`
	UpdatedAt          time.Time `json:"updated_at"`
	DeletedAt          time.Time `json:"deleted_at"` // zero: not deleted
}

// FocusGroupWorkspace is a workspace of a Focus group.
type FocusGroupWorkspace struct {
	WorkspaceGroupID int64     `json:"workspace_group_id"`
	WorkspaceID      int64     `json:"workspace_id"`
	Name             string    `json:"name"`
	CreatedAt        time.Time `json:"created_at"`
	UpdatedAt        time.Time `json:"updated_at"`
	DeletedAt        time.Time `json:"deleted_at"` // zero: not deleted
}

// MyGroup is a Focus group that the caller belongs to.
type MyGroup struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Emoji string `json:"emoji"`
}

// FocusGroupInput is the body of CreateGroup and UpdateGroup. All of it is
// required and sent, nil lists as empty ones.
type FocusGroupInput struct {
	Emoji             string  `json:"emoji"`
	Name              string  `json:"name"`
	OrganizationUsers []int64 `json:"organization_users"` // organization user ids
	Workspaces        []int64 `json:"workspaces"`         // workspace ids
}

// CreateGroup makes a Focus group. Where upstream answers without a body, the
// returned group is zero.
//
//api:operation focus CreateGroup
func (c *Client) CreateGroup(ctx context.Context, organizationID int64, input FocusGroupInput) (FocusGroup, error) {
	r := focus("CreateGroup", http.MethodPost, organizationID, "organizations", organizationID, "groups").with(input)
	return write(ctx, c, r, decodeValue[FocusGroup])
}

// ListMyGroups reads the Focus groups that the caller belongs to.
//
//api:operation focus ListMyGroups
func (c *Client) ListMyGroups(ctx context.Context, organizationID int64) ([]MyGroup, error) {
	r := focus("ListMyGroups", http.MethodGet, organizationID, "organizations", organizationID, "groups", "me")
	return read(ctx, c, r, decodeList[MyGroup])
}

// UpdateGroup replaces a Focus group: emoji, name, members and workspaces.
//
//api:operation focus UpdateGroup
func (c *Client) UpdateGroup(ctx context.Context, organizationID, groupID int64, input FocusGroupInput) (FocusGroup, error) {
	r := focus("UpdateGroup", http.MethodPut, organizationID, "organizations", organizationID, "groups", groupID).with(input)
	return write(ctx, c, r, decodeValue[FocusGroup])
}

// DeleteGroup deletes a Focus group. Its members stay. The workspace is where
// Focus looks whether the caller may.
//
//api:operation focus DeleteGroup
func (c *Client) DeleteGroup(ctx context.Context, organizationID, groupID, workspaceID int64) error {
	r := focus("DeleteGroup", http.MethodDelete, organizationID, "organizations", organizationID, "groups", groupID).
		asking(query{}.text("workspace_id", strconv.FormatInt(workspaceID, 10)).values())
	return change(ctx, c, r)
}
