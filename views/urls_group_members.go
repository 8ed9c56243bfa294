package views

import "net/url"

// Patterns of the pages that add members to a group.
const (
	PathGroupMembers       = "/orgs/:organization_id/groups/:group_id/members"
	PathGroupMembersResult = "/orgs/:organization_id/groups/:group_id/members/:addition_id"
)

// GroupMembersURL is where many members are added to a group.
func GroupMembersURL(organizationID, groupID int64, query url.Values) string {
	return withQuery(GroupURL(organizationID, groupID, nil)+"/members", query)
}

// GroupMembersResultURL tells what became of each person who was to be added.
func GroupMembersResultURL(organizationID, groupID int64, additionID string, query url.Values) string {
	return withQuery(GroupMembersURL(organizationID, groupID, nil)+"/"+url.PathEscape(additionID), query)
}
