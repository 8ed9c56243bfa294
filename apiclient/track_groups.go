package apiclient

import (
	"context"
	"net/http"
	"time"
)

// Group is a group in Track.
type Group struct {
	GroupID     int64       `json:"group_id"`
	Name        string      `json:"name"`
	At          time.Time   `json:"at"`
	Users       []GroupUser `json:"users"`
	Workspaces  []int64     `json:"workspaces"` // workspace ids
	Permissions []string    `json:"permissions"`
}

// GroupUser is a member of a Track group.
type GroupUser struct {
	UserID    int64  `json:"user_id"` // global user id
	Name      string `json:"name"`
	AvatarURL string `json:"avatar_url"`
	Joined    bool   `json:"joined"`
	Inactive  bool   `json:"inactive"`
}

// ListGroupsOptions are the query parameters of ListGroups.
type ListGroupsOptions struct {
	Name      string // empty: all
	Workspace string // a workspace id; empty: of all
}

// GroupInput is the body of CreateTrackGroup and UpdateTrackGroup.
type GroupInput struct {
	Name       string  `json:"name"`                // 1 to 200 characters
	Users      []int64 `json:"users,omitzero"`      // global user ids
	Workspaces []int64 `json:"workspaces,omitzero"` // workspace ids
}

// GroupPatch adds or removes members or workspaces of a Track group.
type GroupPatch struct {
	Op    string  `json:"op"`    // add, remove
	Path  string  `json:"path"`  // /users, /workspaces
	Value []int64 `json:"value"` // global user ids or workspace ids, at most 100
}

// GroupPatchResult tells which patches were applied.
type GroupPatchResult struct {
	Success []GroupPatch        `json:"success"`
	Failure []GroupPatchFailure `json:"failure"`
}

// GroupPatchFailure is a patch that was not applied, and why.
type GroupPatchFailure struct {
	Patch   GroupPatch `json:"patch"`
	Message string     `json:"message"`
}

// ListGroups reads an organization's Track groups with members and workspaces.
//
//api:operation track ListGroups
func (c *Client) ListGroups(ctx context.Context, organizationID int64, options ListGroupsOptions) ([]Group, error) {
	r := track("ListGroups", http.MethodGet, organizationID, "organizations", organizationID, "groups").
		asking(query{}.text("name", options.Name).text("workspace", options.Workspace).values())
	return read(ctx, c, r, decodeList[Group])
}

// CreateTrackGroup makes a Track group.
//
//api:operation track CreateTrackGroup
func (c *Client) CreateTrackGroup(ctx context.Context, organizationID int64, input GroupInput) (Group, error) {
	r := track("CreateTrackGroup", http.MethodPost, organizationID, "organizations", organizationID, "groups").with(input)
	return write(ctx, c, r, decodeValue[Group])
}

// UpdateTrackGroup replaces a Track group: name, members and workspaces.
//
//api:operation track UpdateTrackGroup
func (c *Client) UpdateTrackGroup(ctx context.Context, organizationID, groupID int64, input GroupInput) (Group, error) {
	r := track("UpdateTrackGroup", http.MethodPut, organizationID, "organizations", organizationID, "groups", groupID).with(input)
	return write(ctx, c, r, decodeValue[Group])
}

// DeleteTrackGroup deletes a Track group. Its members stay.
//
//api:operation track DeleteTrackGroup
func (c *Client) DeleteTrackGroup(ctx context.Context, organizationID, groupID int64) error {
	r := track("DeleteTrackGroup", http.MethodDelete, organizationID, "organizations", organizationID, "groups", groupID)
	return change(ctx, c, r)
}

// PatchTrackGroup changes members and workspaces of a Track group. Patches (at
// most 100) are applied one by one: read in the result which ones were not.
//
//api:operation track PatchTrackGroup
func (c *Client) PatchTrackGroup(ctx context.Context, organizationID, groupID int64, patches []GroupPatch) (GroupPatchResult, error) {
	r := track("PatchTrackGroup", http.MethodPatch, organizationID, "organizations", organizationID, "groups", groupID).with(patches)
	return write(ctx, c, r, decodeValue[GroupPatchResult])
}
