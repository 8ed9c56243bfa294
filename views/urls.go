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
	PathSignInCallback      = "/sign-in/callback"
	PathSignOutEverywhere   = "/sign-out/everywhere"
	PathBackChannelLogout   = "/sign-out/back-channel"
	PathConnect             = "/connect"
	PathDraft               = "/draft"
	PathDraftRemoval        = "/draft/removal"
	PathOrganizations       = "/orgs"
	PathOrganization        = "/orgs/:organization_id"
	PathOrganizationRefresh = "/orgs/:organization_id/refresh"
	PathOrganizationNew     = "/orgs/new"
	PathOrganizationName    = "/orgs/:organization_id/name"
	PathOrganizationUsage   = "/orgs/:organization_id/usage"
	PathDeparture           = "/orgs/:organization_id/departure"
	PathAccount             = "/orgs/:organization_id/accounts/:user_id"
	PathWorkspaces          = "/orgs/:organization_id/workspaces"
	PathWorkspaceNew        = "/orgs/:organization_id/workspaces/new"
	PathWorkspace           = "/orgs/:organization_id/workspaces/:workspace_id"
	PathWorkspaceUser       = "/orgs/:organization_id/workspaces/:workspace_id/users/:workspace_user_id"
	PathWorkspaceUserGone   = "/orgs/:organization_id/workspaces/:workspace_id/users/:workspace_user_id/removal"
	PathUsers               = "/orgs/:organization_id/users"
	PathUsersCSV            = "/orgs/:organization_id/users.csv"
	PathUsersExport         = "/orgs/:organization_id/users/export"
	PathWorkspaceUsersCSV   = "/orgs/:organization_id/workspaces/:workspace_id/users.csv"
	PathUsersColumns        = "/orgs/:organization_id/users/columns"
	PathUsersFilter         = "/orgs/:organization_id/users/filters/:name"
	PathUser                = "/orgs/:organization_id/users/:organization_user_id"
	PathUserInvitation      = "/orgs/:organization_id/users/:organization_user_id/invitation"
	PathUsersChange         = "/orgs/:organization_id/users/changes/:change"
	PathUsersRemoval        = "/orgs/:organization_id/users/removal"
	PathInvitations         = "/orgs/:organization_id/invitations"
	PathInvitationResult    = "/orgs/:organization_id/invitations/:result_id"
	PathBatch               = "/orgs/:organization_id/batches/:batch_id"
	PathBatchStop           = "/orgs/:organization_id/batches/:batch_id/stop"
	PathBatchRetry          = "/orgs/:organization_id/batches/:batch_id/retry"
	PathAssignments         = "/orgs/:organization_id/assignments"
	PathAssignmentsSteps    = "/orgs/:organization_id/assignments/steps"
	PathReview              = "/orgs/:organization_id/assignments/review"
	PathApplications        = "/orgs/:organization_id/assignments/applications"
	PathDiscard             = "/orgs/:organization_id/assignments/discard"
	PathImport              = "/orgs/:organization_id/assignments/import"
	PathChangeSets          = "/orgs/:organization_id/changes"
	PathChangeSet           = "/orgs/:organization_id/changes/:set_id"
	PathChangeSetCSV        = "/orgs/:organization_id/changes/:set_id/steps.csv"
	PathChangeSetJSON       = "/orgs/:organization_id/changes/:set_id/steps.json"
	PathChangeSetStop       = "/orgs/:organization_id/changes/:set_id/stop"
	PathChangeSetResume     = "/orgs/:organization_id/changes/:set_id/resume"
	PathChangeSetUndo       = "/orgs/:organization_id/changes/:set_id/undo"
	PathActivity            = "/orgs/:organization_id/activity"
	PathActivityCSV         = "/orgs/:organization_id/activity.csv"
	PathActivityJSONL       = "/orgs/:organization_id/activity.jsonl"
	PathSettings            = "/settings"
	PathSettingsAppearance  = "/settings/appearance"
	PathSettingsTrack       = "/settings/track"
	PathSettingsFocus       = "/settings/focus"
	PathSettingsFocusGone   = "/settings/focus/removal"
	PathSettingsKept        = "/settings/connection"
	PathSettingsKeptGone    = "/settings/connection/removal"
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

// OrganizationNameURL takes a POST that renames an organization.
func OrganizationNameURL(organizationID int64) string {
	return OrganizationURL(organizationID) + "/name"
}

// OrganizationUsageURL is the owner and the counters of an organization.
func OrganizationUsageURL(organizationID int64) string {
	return OrganizationURL(organizationID) + "/usage"
}

// DepartureURL is the page on which a person leaves an organization.
func DepartureURL(organizationID int64) string {
	return OrganizationURL(organizationID) + "/departure"
}

// AccountURL leads to the page of the organization user who has this global
// user ID: the lists of workspaces know no other. The e-mail address is a hint
// with which the user is found in one call.
func AccountURL(organizationID, userID int64, email string) string {
	query := url.Values{}
	if email != "" {
		query.Set("email", email)
	}
	return withQuery(OrganizationURL(organizationID)+"/accounts/"+strconv.FormatInt(userID, 10), query)
}

// WorkspacesURL is the list of an organization's workspaces.
func WorkspacesURL(organizationID int64) string {
	return OrganizationURL(organizationID) + "/workspaces"
}

// WorkspaceNewURL is the form that makes a workspace.
func WorkspaceNewURL(organizationID int64) string {
	return WorkspacesURL(organizationID) + "/new"
}

// WorkspaceURL is the users of a workspace with these query parameters.
func WorkspaceURL(organizationID, workspaceID int64, query url.Values) string {
	return withQuery(WorkspacesURL(organizationID)+"/"+strconv.FormatInt(workspaceID, 10), query)
}

// WorkspaceUserURL is one user of a workspace. name is a filter of the list in
// which the user is found; there is no call for one user.
func WorkspaceUserURL(organizationID, workspaceID, workspaceUserID int64, name string) string {
	return withQuery(workspaceUserPath(organizationID, workspaceID, workspaceUserID), nameQuery(name))
}

// WorkspaceUserRemovalURL is the page on which a user is removed from a
// workspace; name is as in WorkspaceUserURL.
func WorkspaceUserRemovalURL(organizationID, workspaceID, workspaceUserID int64, name string) string {
	return withQuery(workspaceUserPath(organizationID, workspaceID, workspaceUserID)+"/removal", nameQuery(name))
}

func workspaceUserPath(organizationID, workspaceID, workspaceUserID int64) string {
	return WorkspaceURL(organizationID, workspaceID, nil) + "/users/" + strconv.FormatInt(workspaceUserID, 10)
}

func nameQuery(name string) url.Values {
	if name == "" {
		return nil
	}
	return url.Values{"name": {name}}
}

// UsersURL is the users table with these query parameters.
func UsersURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/users", query)
}

// UsersExportURL is the page on which an export of these users is started.
func UsersExportURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/users/export", query)
}

// UsersCSVURL is the file of all users that these query parameters match.
func UsersCSVURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/users.csv", query)
}

// WorkspaceUsersCSVURL is the file of a workspace's users; name is a part of
// their names, empty for all.
func WorkspaceUsersCSVURL(organizationID, workspaceID int64, name string) string {
	query := url.Values{}
	if name != "" {
		query.Set("name", name)
	}
	return withQuery(WorkspaceURL(organizationID, workspaceID, nil)+"/users.csv", query)
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

// UserInvitationURL takes a POST that sends a user's invitation again.
func UserInvitationURL(organizationID, organizationUserID int64, email string) string {
	path := OrganizationURL(organizationID) + "/users/" + strconv.FormatInt(organizationUserID, 10) + "/invitation"
	return withQuery(path, hint(email))
}

// UsersChangeURL shows what a change of many users would send, and starts it.
func UsersChangeURL(organizationID int64, change string, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/users/changes/"+url.PathEscape(change), query)
}

// UsersRemovalURL asks whether users are to be removed, and removes them.
func UsersRemovalURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/users/removal", query)
}

// InvitationsURL is where people are invited.
func InvitationsURL(organizationID int64) string {
	return OrganizationURL(organizationID) + "/invitations"
}

// InvitationResultURL tells what became of each address of an invitation.
func InvitationResultURL(organizationID int64, resultID string) string {
	return InvitationsURL(organizationID) + "/" + url.PathEscape(resultID)
}

// BatchURL is how far a change of many users is; the parameter "auto" marks
// what the page asks by itself.
func BatchURL(organizationID int64, batchID string, query url.Values) string {
	return withQuery(batchPath(organizationID, batchID), query)
}

// BatchStopURL takes a POST that sends no more of a batch.
func BatchStopURL(organizationID int64, batchID string) string {
	return batchPath(organizationID, batchID) + "/stop"
}

// BatchRetryURL takes a POST that sends again what failed.
func BatchRetryURL(organizationID int64, batchID string) string {
	return batchPath(organizationID, batchID) + "/retry"
}

func batchPath(organizationID int64, batchID string) string {
	return OrganizationURL(organizationID) + "/batches/" + url.PathEscape(batchID)
}

func hint(email string) url.Values {
	query := url.Values{}
	if email != "" {
		query.Set("email", email)
	}
	return query
}

// FocusSettingsURL is where Toggl Focus is connected, which then leads to
// returnTo, an address of this site; empty stays there.
func FocusSettingsURL(returnTo string) string {
	query := url.Values{}
	if returnTo != "" {
		query.Set("return_to", returnTo)
	}
	return withQuery(PathSettings, query) + "#h-focus"
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
