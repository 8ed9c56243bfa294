package views

import (
	"net/url"
	"strconv"
)

// Patterns of the pages of Focus users.
const (
	PathFocusUsers       = "/orgs/:organization_id/focus-users"
	PathFocusUsersFilter = "/orgs/:organization_id/focus-users/filters/:name"
	PathFocusUser        = "/orgs/:organization_id/focus-users/:organization_user_id"
)

// FocusUsersURL is the table of users as Focus knows them, with these query
// parameters.
func FocusUsersURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/focus-users", query)
}

// FocusUsersFilterURL is the page on which one filter's values are chosen, and
// the list of choices for its menu.
func FocusUsersFilterURL(organizationID int64, name string, query url.Values) string {
	return withQuery(FocusUsersURL(organizationID, nil)+"/filters/"+url.PathEscape(name), query)
}

// FocusUserURL is one user as Focus knows them.
func FocusUserURL(organizationID, organizationUserID int64) string {
	return FocusUsersURL(organizationID, nil) + "/" + strconv.FormatInt(organizationUserID, 10)
}
