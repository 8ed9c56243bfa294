package views

import "net/url"

// Patterns of the pages about roles.
const (
	PathRoles           = "/orgs/:organization_id/roles"
	PathRolesComparison = "/orgs/:organization_id/roles/comparison"
	PathRolesCSV        = "/orgs/:organization_id/roles/comparison.csv"
	PathRolePermissions = "/orgs/:organization_id/roles/permissions"
)

// RolesURL is the list of an organization's roles.
func RolesURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/roles", query)
}

// RolesComparisonURL shows the roles of the parameters "role" side by side.
func RolesComparisonURL(organizationID int64, query url.Values) string {
	return withQuery(RolesURL(organizationID, nil)+"/comparison", query)
}

// RolesCSVURL is what a comparison shows, as a file.
func RolesCSVURL(organizationID int64, query url.Values) string {
	return withQuery(RolesURL(organizationID, nil)+"/comparison.csv", query)
}

// RolePermissionsURL says who has a permission, or a role.
func RolePermissionsURL(organizationID int64, query url.Values) string {
	return withQuery(RolesURL(organizationID, nil)+"/permissions", query)
}
