package views

import (
	"net/url"
	"strconv"
)

// Patterns of every route. Nobody else writes an address by hand: handlers
// register these, pages print what the builders below make of them.
const (
	PathHome                = "/"
	PathSignIn              = "/sign-in"
	PathSignOut             = "/sign-out"
	PathOrganizations       = "/orgs"
	PathOrganization        = "/orgs/:organization_id"
	PathOrganizationRefresh = "/orgs/:organization_id/refresh"
	PathUsers               = "/orgs/:organization_id/users"
	PathUsersColumns        = "/orgs/:organization_id/users/columns"
	PathUsersFilter         = "/orgs/:organization_id/users/filters/:name"
	PathUser                = "/orgs/:organization_id/users/:organization_user_id"
	PathSettings            = "/settings"
	PathSettingsAppearance  = "/settings/appearance"
	PathSettingsTrack       = "/settings/track"
	PathSettingsFocus       = "/settings/focus"
	PathSettingsFocusGone   = "/settings/focus/removal"
	PathCSPReport           = "/csp-report"
	PathHealth              = "/healthz"
	PathReady               = "/readyz"
	PathStatic              = "/static/*"
	PathMetrics             = "/metrics"
)

// OrganizationURL is the overview of an organization.
func OrganizationURL(organizationID int64) string {
	return PathOrganizations + "/" + strconv.FormatInt(organizationID, 10)
}

// OrganizationRefreshURL takes a POST that forgets what was read from Toggl.
func OrganizationRefreshURL(organizationID int64) string {
	return OrganizationURL(organizationID) + "/refresh"
}

// UsersURL is the users table with these query parameters.
func UsersURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/users", query)
}

// UsersColumnsURL takes a POST that remembers which columns are shown.
func UsersColumnsURL(organizationID int64) string {
	return OrganizationURL(organizationID) + "/users/columns"
}

// UsersFilterURL is the page on which one filter's values are chosen, and the
// list of choices for its menu.
func UsersFilterURL(organizationID int64, name string, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/users/filters/"+url.PathEscape(name), query)
}

// UserURL is the page of one organization user. The e-mail address is a hint
// with which the user is found in one call; there is no call for one user.
func UserURL(organizationID, organizationUserID int64, email string) string {
	address := OrganizationURL(organizationID) + "/users/" + strconv.FormatInt(organizationUserID, 10)
	if email == "" {
		return address
	}
	return address + "?email=" + url.QueryEscape(email)
}

// SignInURL is the sign-in page that leads back to an address of this site.
func SignInURL(returnTo string) string {
	if returnTo == "" || returnTo == PathHome {
		return PathSignIn
	}
	return withQuery(PathSignIn, url.Values{"return_to": {returnTo}})
}

func withQuery(path string, query url.Values) string {
	if encoded := query.Encode(); encoded != "" {
		return path + "?" + encoded
	}
	return path
}
