package views

import (
	"net/url"
	"strconv"
)

// Patterns of the pages about groups.
const (
	PathGroups        = "/orgs/:organization_id/groups"
	PathGroupNew      = "/orgs/:organization_id/groups/new"
	PathMyGroups      = "/orgs/:organization_id/groups/mine"
	PathGroup         = "/orgs/:organization_id/groups/:group_id"
	PathGroupDeletion = "/orgs/:organization_id/groups/:group_id/deletion"
)

// GroupsURL is the list of an organization's groups; it takes a POST that makes
// a new one.
func GroupsURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/groups", query)
}

// GroupNewURL is the form that makes a group.
func GroupNewURL(organizationID int64) string { return GroupsURL(organizationID, nil) + "/new" }

// MyGroupsURL is the list of the groups that the person is in.
func MyGroupsURL(organizationID int64) string { return GroupsURL(organizationID, nil) + "/mine" }

// GroupURL is one group, beside the list that query says.
func GroupURL(organizationID, groupID int64, query url.Values) string {
	return withQuery(GroupsURL(organizationID, nil)+"/"+strconv.FormatInt(groupID, 10), query)
}

// GroupDeletionURL asks whether a group is to be deleted, and deletes it.
func GroupDeletionURL(organizationID, groupID int64, query url.Values) string {
	return withQuery(GroupURL(organizationID, groupID, nil)+"/deletion", query)
}
