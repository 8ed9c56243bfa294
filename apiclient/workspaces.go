package apiclient

import (
	"context"
	"net/http"
	"time"
)

// Workspace is a workspace as the caller sees it.
type Workspace struct {
	ID              int64     `json:"id"`
	OrganizationID  int64     `json:"organization_id"`
	Name            string    `json:"name"`
	Admin           bool      `json:"admin"` // whether the caller is an admin of it
	Role            string    `json:"role"`
	DefaultCurrency string    `json:"default_currency"`
	Premium         bool      `json:"premium"`
	SuspendedAt     time.Time `json:"suspended_at"` // zero: not suspended
}

// WorkspaceStatistics counts who is in a workspace.
type WorkspaceStatistics struct {
	Admins       []WorkspaceAdmin `json:"admins"`
	MembersCount int64            `json:"members_count"`
	GroupsCount  int64            `json:"groups_count"`
}

// WorkspaceAdmin names an admin of a workspace.
type WorkspaceAdmin struct {
	UserID int64  `json:"user_id"` // global user id
	Name   string `json:"name"`
}

// CreateWorkspaceInput is the body of CreateWorkspace.
type CreateWorkspaceInput struct {
	Name            string  `json:"name"` // 1 to 140 characters
	DefaultCurrency string  `json:"default_currency,omitzero"`
	Admins          []int64 `json:"admins,omitzero"` // global user ids
}

// GetWorkspaceStatistics reads the statistics of an organization's workspaces,
// by workspace id. They hold no workspace names.
//
//api:operation track GetWorkspaceStatistics
func (c *Client) GetWorkspaceStatistics(ctx context.Context, organizationID int64) (map[int64]WorkspaceStatistics, error) {
	r := track("GetWorkspaceStatistics", http.MethodGet, organizationID, "organizations", organizationID, "workspaces", "statistics")
	return read(ctx, c, r, decodeValue[map[int64]WorkspaceStatistics])
}

// CreateWorkspace makes a workspace in an organization.
//
//api:operation track CreateWorkspace
func (c *Client) CreateWorkspace(ctx context.Context, organizationID int64, input CreateWorkspaceInput) (Workspace, error) {
	r := track("CreateWorkspace", http.MethodPost, organizationID, "organizations", organizationID, "workspaces").with(input).alsoMine()
	return write(ctx, c, r, decodeValue[Workspace])
}
