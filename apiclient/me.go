package apiclient

import (
	"context"
	"net/http"
)

// Me is the person whose Track credential is used.
type Me struct {
	ID                 int64  `json:"id"` // global user id
	Email              string `json:"email"`
	Fullname           string `json:"fullname"`
	Timezone           string `json:"timezone"`
	DefaultWorkspaceID *int64 `json:"default_workspace_id"`
	ImageURL           string `json:"image_url"`
	TwoFactorEnabled   bool   `json:"2fa_enabled"`
	TogglAccountsID    string `json:"toggl_accounts_id"`
}

// QuotaBucket is what is left of the hourly calls, as GetQuota tells.
type QuotaBucket struct {
	OrganizationID *int64 `json:"organization_id"` // nil: the calls that name no organization
	Remaining      int64  `json:"remaining"`       // negative while not enforced
	Total          int64  `json:"total"`
	ResetsInSecs   int64  `json:"resets_in_secs"`
}

// GetMe reads who the Track credential belongs to. At sign-in, 401 and 403 both
// mean that the credential is wrong.
//
//api:operation track GetMe
func (c *Client) GetMe(ctx context.Context) (Me, error) {
	return read(ctx, c, track("GetMe", http.MethodGet, 0, "me"), decodeValue[Me])
}

// ListMyOrganizations reads the organizations that the caller belongs to.
//
//api:operation track ListMyOrganizations
func (c *Client) ListMyOrganizations(ctx context.Context) ([]Organization, error) {
	r := track("ListMyOrganizations", http.MethodGet, 0, "me", "organizations")
	return read(ctx, c, r, decodeList[Organization])
}

// ListMyWorkspaces reads the workspaces that the caller belongs to, of all
// organizations.
//
//api:operation track ListMyWorkspaces
func (c *Client) ListMyWorkspaces(ctx context.Context) ([]Workspace, error) {
	r := track("ListMyWorkspaces", http.MethodGet, 0, "me", "workspaces")
	return read(ctx, c, r, decodeList[Workspace])
}

// GetQuota reads what is left of the hourly calls in each organization.
//
//api:operation track GetQuota
func (c *Client) GetQuota(ctx context.Context) ([]QuotaBucket, error) {
	return read(ctx, c, track("GetQuota", http.MethodGet, 0, "me", "quota"), decodeList[QuotaBucket])
}
