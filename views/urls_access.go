package views

import (
	"net/url"
	"strconv"
)

// Patterns of why people have access, and of the access review.
const (
	PathAccess          = "/orgs/:organization_id/access"
	PathAccessStop      = "/orgs/:organization_id/access/stop"
	PathAccessCSV       = "/orgs/:organization_id/access.csv"
	PathUserAccess      = "/orgs/:organization_id/users/:organization_user_id/access"
	PathWorkspaceAccess = "/orgs/:organization_id/workspaces/:workspace_id/access"
	PathGroupAccess     = "/orgs/:organization_id/groups/:group_id/access"
)

// AccessURL is the access review of an organization; a POST there reads it anew.
func AccessURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/access", query)
}

// AccessStopURL takes a POST that ends the reading of an access review.
func AccessStopURL(organizationID int64) string { return AccessURL(organizationID, nil) + "/stop" }

// AccessCSVURL is the access review as a file.
func AccessCSVURL(organizationID int64, query url.Values) string {
	return withQuery(AccessURL(organizationID, nil)+".csv", query)
}

// UserAccessURL says why a user has access. The e-mail address is a hint, as in
// UserURL.
func UserAccessURL(organizationID, organizationUserID int64, email string) string {
	return withQuery(UserURL(organizationID, organizationUserID, "")+"/access", hint(email))
}

// WorkspaceAccessURL says who has a workspace, and why.
func WorkspaceAccessURL(organizationID, workspaceID int64, query url.Values) string {
	return withQuery(WorkspaceURL(organizationID, workspaceID, nil)+"/access", query)
}

// GroupAccessURL says what a group gives to whom.
func GroupAccessURL(organizationID, groupID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/groups/"+strconv.FormatInt(groupID, 10)+"/access", query)
}
