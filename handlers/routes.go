package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"roster/auth"
	"roster/static"
	"roster/views"
)

// Limits of one request. The timeout holds a slow Toggl, with its retries.
const (
	maxBody        = "1M"
	requestTimeout = 60 * time.Second
)

// Register mounts the middleware, from outside in, and every route. It is the
// table of contents of what Roster serves. The error is compress's.
func (h *Handlers) Register(e *echo.Echo) error {
	compress, err := h.compress()
	if err != nil {
		return err
	}
	e.HideBanner, e.HidePort = true, true
	// Echo's own believes any X-Forwarded-For.
	e.IPExtractor = func(r *http.Request) string { return h.proxies.ClientIP(r).String() }
	e.HTTPErrorHandler = h.handleError

	e.Use(
		requestID,
		h.logRequests,
		middleware.RecoverWithConfig(middleware.RecoverConfig{DisableErrorHandler: true, LogErrorFunc: h.logPanic}),
		echo.WrapMiddleware(auth.SecurityHeaders(h.publicURL)),
		middleware.BodyLimit(maxBody),
		middleware.ContextTimeoutWithConfig(middleware.ContextTimeoutConfig{Timeout: requestTimeout, ErrorHandler: passError, Skipper: isDownload}),
	)
	// These need no session and end here.
	bare := h.ruled(e.Group(""), ruleOpen)
	bare.GET(views.PathHealth, h.showHealth)
	bare.GET(views.PathReady, h.showReady)
	bare.GET(views.PathStatic, echo.WrapHandler(static.Handler()))

	pages := e.Group("",
		compress,
		noStore,
		h.loadSession,
		h.refuseCrossSite,
		h.authorize,
		checkInput,
	)
	open, own := h.ruled(pages, ruleOpen), h.ruled(pages, ruleOwn)
	read, change := h.ruled(pages, ruleRead), h.ruled(pages, ruleChange)
	open.GET(views.PathHome, h.showHome)
	open.GET(views.PathSignIn, h.showSignIn)
	open.POST(views.PathSignIn, h.signIn)
	open.POST(views.PathSignOut, h.signOut)
	own.POST(views.PathSignOutEverywhere, h.signOutEverywhere)
	if h.gate.ByProvider() {
		open.GET(views.PathSignInCallback, h.finishSignIn)
		bare.POST(views.PathBackChannelLogout, h.endByProvider)
	}
	if h.gate.ByProvider() || h.gate.ByProxy() {
		change.GET(views.PathDraft, h.withSession(h.showDraft))
		own.POST(views.PathDraftRemoval, h.withSession(h.dropDraft))
	}
	if h.connects() {
		own.GET(views.PathConnect, h.withSession(h.showConnect))
		own.POST(views.PathConnect, h.withSession(h.connect))
		own.POST(views.PathSettingsKept, h.withSession(h.keepConnection))
		own.POST(views.PathSettingsKeptGone, h.withSession(h.disconnect))
	}
	open.POST(views.PathCSPReport, h.reportCSP)

	read.GET(views.PathOrganizations, h.withSession(h.showOrganizations))
	change.GET(views.PathOrganizationNew, h.signedIn(h.showNewOrganization))
	change.POST(views.PathOrganizations, h.withSession(h.createOrganization))
	read.GET(views.PathOrganization, h.signedIn(h.showOverview))
	read.POST(views.PathOrganizationRefresh, h.signedIn(h.refreshOrganization))
	change.POST(views.PathOrganizationName, h.withSession(h.renameOrganization))
	read.GET(views.PathOrganizationUsage, h.signedIn(h.showUsage))
	change.GET(views.PathDeparture, h.signedIn(h.showDeparture))
	change.POST(views.PathDeparture, h.withSession(h.leaveOrganization))
	read.GET(views.PathAccount, h.signedIn(h.showAccount))

	read.GET(views.PathUsers, h.signedIn(h.showUsers))
	read.GET(views.PathUsersExport, h.withSession(h.showUsersExport))
	read.GET(views.PathUsersCSV, h.withSession(h.exportUsers))
	read.POST(views.PathUsersColumns, h.signedIn(h.chooseUsersColumns))
	read.GET(views.PathUsersFilter, h.signedIn(h.showUsersFilter))
	change.GET(views.PathUsersChange, h.withSession(h.changeUsers))
	change.POST(views.PathUsersChange, h.withSession(h.changeUsers))
	change.GET(views.PathUsersRemoval, h.withSession(h.removeUsers))
	change.POST(views.PathUsersRemoval, h.withSession(h.removeUsers))
	read.GET(views.PathBatch, h.withSession(h.showBatch))
	change.POST(views.PathBatchStop, h.withSession(h.stopBatch))
	change.POST(views.PathBatchRetry, h.withSession(h.retryBatch))
	change.GET(views.PathInvitations, h.signedIn(h.showInvitations))
	change.POST(views.PathInvitations, h.keepDraft(h.withSession(h.inviteUsers)))
	read.GET(views.PathInvitationResult, h.withSession(h.showInvitationResult))
	change.POST(views.PathUserInvitation, h.withSession(h.resendInvitation))
	read.GET(views.PathUser, h.signedIn(h.showUser))
	change.POST(views.PathUser, h.keepDraft(h.withSession(h.updateUser)))

	read.GET(views.PathFocusUsers, h.withSession(h.showFocusUsers))
	read.GET(views.PathFocusUsersFilter, h.withSession(h.showFocusUsersFilter))
	read.GET(views.PathFocusUser, h.withSession(h.showFocusUser))

	read.GET(views.PathWorkspaces, h.signedIn(h.showWorkspaces))
	change.POST(views.PathWorkspaces, h.withSession(h.createWorkspace))
	change.GET(views.PathWorkspaceNew, h.signedIn(h.showNewWorkspace))
	read.GET(views.PathWorkspace, h.signedIn(h.showWorkspaceUsers))
	read.GET(views.PathWorkspaceUsersCSV, h.signedIn(h.exportWorkspaceUsers))
	read.GET(views.PathWorkspaceUser, h.signedIn(h.showWorkspaceUser))
	change.POST(views.PathWorkspaceUser, h.withSession(h.updateWorkspaceUser))
	change.GET(views.PathWorkspaceUserGone, h.signedIn(h.showWorkspaceUserRemoval))
	change.POST(views.PathWorkspaceUserGone, h.withSession(h.removeWorkspaceUser))

	read.GET(views.PathAccess, h.withSession(h.showAccessReview))
	read.POST(views.PathAccess, h.withSession(h.startAccessReview))
	read.POST(views.PathAccessStop, h.withSession(h.stopAccessReview))
	read.GET(views.PathAccessCSV, h.withSession(h.exportAccessReview))
	read.GET(views.PathUserAccess, h.signedIn(h.showUserAccess))
	read.GET(views.PathWorkspaceAccess, h.signedIn(h.showWorkspaceAccess))
	read.GET(views.PathGroupAccess, h.withSession(h.showGroupAccess))

	read.GET(views.PathRoles, h.withSession(h.showRoles))
	read.GET(views.PathRolesComparison, h.withSession(h.showComparison))
	read.GET(views.PathRolesCSV, h.withSession(h.exportComparison))
	read.GET(views.PathRolePermissions, h.withSession(h.showWhoCan))

	read.GET(views.PathGroups, h.withSession(h.showGroups))
	change.POST(views.PathGroups, h.withSession(h.createGroup))
	change.GET(views.PathGroupNew, h.withSession(h.showNewGroup))
	read.GET(views.PathMyGroups, h.withSession(h.showMyGroups))
	read.GET(views.PathGroup, h.withSession(h.showGroup))
	change.POST(views.PathGroup, h.keepDraft(h.withSession(h.updateGroup)))
	change.GET(views.PathGroupDeletion, h.withSession(h.showGroupDeletion))
	change.POST(views.PathGroupDeletion, h.withSession(h.deleteGroup))

	read.GET(views.PathAssignments, h.withSession(h.showAssignments))
	change.POST(views.PathAssignments, h.withSession(h.stageAssignments))
	change.POST(views.PathAssignmentsSteps, h.withSession(h.stageSteps))

	change.GET(views.PathGroupMembers, h.withSession(h.showGroupMembers))
	change.POST(views.PathGroupMembers, h.keepDraft(h.withSession(h.addGroupMembers)))
	read.GET(views.PathGroupMembersResult, h.withSession(h.showGroupMembersResult))

	change.GET(views.PathReview, h.withSession(h.showReview))
	change.POST(views.PathApplications, h.withSession(h.applyChanges))
	change.POST(views.PathDiscard, h.withSession(h.discardChanges))
	change.POST(views.PathImport, h.withSession(h.importChanges))
	read.GET(views.PathChangeSets, h.withSession(h.showChangeSets))
	read.GET(views.PathChangeSet, h.withSession(h.showChangeSet))
	read.GET(views.PathChangeSetCSV, h.withSession(h.exportChangeSetCSV))
	read.GET(views.PathChangeSetJSON, h.withSession(h.exportChangeSetJSON))
	change.POST(views.PathChangeSetStop, h.withSession(h.stopChangeSet))
	change.POST(views.PathChangeSetResume, h.withSession(h.resumeChangeSet))
	change.POST(views.PathChangeSetUndo, h.withSession(h.undoChangeSet))
	read.GET(views.PathActivity, h.withSession(h.showActivity))
	read.GET(views.PathActivityCSV, h.withSession(h.exportActivityCSV))
	read.GET(views.PathActivityJSONL, h.withSession(h.exportActivityJSONL))

	own.GET(views.PathSettings, h.withSession(h.showSettings))
	open.POST(views.PathSettingsAppearance, h.changeAppearance)
	if !h.isShared() {
		own.POST(views.PathSettingsTrack, h.withSession(h.connectTrack))
		own.POST(views.PathSettingsFocus, h.withSession(h.connectFocus))
		own.POST(views.PathSettingsFocusGone, h.withSession(h.disconnectFocus))
	}

	// Unknown addresses get the same frame as known ones.
	pages.RouteNotFound(pathUnknown, h.refuseUnknown)
	return nil
}
