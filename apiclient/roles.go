package apiclient

import (
	"context"
	"net/http"
)

// Role is a role of Track or Focus. Ids differ between the two and between
// organizations: choose by Entity and Code.
type Role struct {
	RoleID         int64        `json:"role_id"`
	Code           string       `json:"code"`
	Name           string       `json:"name"`
	Description    string       `json:"description"`
	Entity         string       `json:"entity"` // organization, workspace, project or group
	Type           string       `json:"type"`   // owner, admin, manager or guest
	PrivilegeLevel int64        `json:"privilege_level"`
	OrganizationID *int64       `json:"organization_id"` // nil: the same in all organizations
	Permissions    []Permission `json:"permissions"`
}

// Permission is one thing that a role allows.
type Permission struct {
	PermissionID int64  `json:"permission_id"`
	Name         string `json:"name"`
	Description  string `json:"description"`
	Entity       string `json:"entity"`
	Condition    string `json:"condition"`
}

// ListTrackRoles reads the roles of Track, global and of the organization. The
// contract calls it ListRoles, as it does Focus' own.
//
//api:operation track ListRoles
func (c *Client) ListTrackRoles(ctx context.Context, organizationID int64) ([]Role, error) {
	r := track("ListRoles", http.MethodGet, organizationID, "organizations", organizationID, "roles")
	return read(ctx, c, r, decodeList[Role])
}

// ListRoles reads the roles of Focus, global and of the organization.
//
//api:operation focus ListRoles
func (c *Client) ListRoles(ctx context.Context, organizationID int64) ([]Role, error) {
	r := focus("ListRoles", http.MethodGet, organizationID, "organizations", organizationID, "roles")
	return read(ctx, c, r, decodeList[Role])
}
