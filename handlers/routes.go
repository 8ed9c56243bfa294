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
	e.GET(views.PathHealth, h.showHealth)
	e.GET(views.PathReady, h.showReady)
	e.GET(views.PathStatic, echo.WrapHandler(static.Handler()))

	pages := e.Group("",
		compress,
		noStore,
		h.loadSession,
		h.refuseCrossSite,
		parseForm,
	)
	pages.GET(views.PathHome, h.showHome)
	pages.GET(views.PathSignIn, h.showSignIn)
	pages.POST(views.PathSignIn, h.signIn)
	pages.POST(views.PathSignOut, h.signOut)
	pages.POST(views.PathCSPReport, h.reportCSP)

	pages.GET(views.PathOrganizations, h.withSession(h.showOrganizations))
	pages.GET(views.PathOrganizationNew, h.signedIn(h.showNewOrganization))
	pages.POST(views.PathOrganizations, h.withSession(h.createOrganization))
	pages.GET(views.PathOrganization, h.signedIn(h.showOverview))
	pages.POST(views.PathOrganizationRefresh, h.signedIn(h.refreshOrganization))
	pages.POST(views.PathOrganizationName, h.withSession(h.renameOrganization))
	pages.GET(views.PathOrganizationUsage, h.signedIn(h.showUsage))
	pages.GET(views.PathDeparture, h.signedIn(h.showDeparture))
	pages.POST(views.PathDeparture, h.withSession(h.leaveOrganization))
	pages.GET(views.PathAccount, h.signedIn(h.showAccount))

	pages.GET(views.PathUsers, h.signedIn(h.showUsers))
	pages.GET(views.PathUsersExport, h.withSession(h.showUsersExport))
	pages.GET(views.PathUsersCSV, h.withSession(h.exportUsers))
	pages.POST(views.PathUsersColumns, h.signedIn(h.chooseUsersColumns))
	pages.GET(views.PathUsersFilter, h.signedIn(h.showUsersFilter))
	pages.GET(views.PathUsersChange, h.withSession(h.changeUsers))
	pages.POST(views.PathUsersChange, h.withSession(h.changeUsers))
	pages.GET(views.PathUsersRemoval, h.withSession(h.removeUsers))
	pages.POST(views.PathUsersRemoval, h.withSession(h.removeUsers))
	pages.GET(views.PathBatch, h.withSession(h.showBatch))
	pages.POST(views.PathBatchStop, h.withSession(h.stopBatch))
	pages.POST(views.PathBatchRetry, h.withSession(h.retryBatch))
	pages.GET(views.PathInvitations, h.signedIn(h.showInvitations))
	pages.POST(views.PathInvitations, h.withSession(h.inviteUsers))
	pages.GET(views.PathInvitationResult, h.withSession(h.showInvitationResult))
	pages.POST(views.PathUserInvitation, h.withSession(h.resendInvitation))
	pages.GET(views.PathUser, h.signedIn(h.showUser))
	pages.POST(views.PathUser, h.keepDraft(h.withSession(h.updateUser)))

	pages.GET(views.PathWorkspaces, h.signedIn(h.showWorkspaces))
	pages.POST(views.PathWorkspaces, h.withSession(h.createWorkspace))
	pages.GET(views.PathWorkspaceNew, h.signedIn(h.showNewWorkspace))
	pages.GET(views.PathWorkspace, h.signedIn(h.showWorkspaceUsers))
	pages.GET(views.PathWorkspaceUsersCSV, h.signedIn(h.exportWorkspaceUsers))
	pages.GET(views.PathWorkspaceUser, h.signedIn(h.showWorkspaceUser))
	pages.POST(views.PathWorkspaceUser, h.withSession(h.updateWorkspaceUser))
	pages.GET(views.PathWorkspaceUserGone, h.signedIn(h.showWorkspaceUserRemoval))
	pages.POST(views.PathWorkspaceUserGone, h.withSession(h.removeWorkspaceUser))

	pages.GET(views.PathAssignments, h.withSession(h.showAssignments))
	pages.POST(views.PathAssignments, h.withSession(h.stageAssignments))
	pages.POST(views.PathAssignmentsSteps, h.withSession(h.stageSteps))

	pages.GET(views.PathReview, h.withSession(h.showReview))
	pages.POST(views.PathApplications, h.withSession(h.applyChanges))
	pages.POST(views.PathDiscard, h.withSession(h.discardChanges))
	pages.POST(views.PathImport, h.withSession(h.importChanges))
	pages.GET(views.PathChangeSets, h.withSession(h.showChangeSets))
	pages.GET(views.PathChangeSet, h.withSession(h.showChangeSet))
	pages.GET(views.PathChangeSetCSV, h.withSession(h.exportChangeSetCSV))
	pages.GET(views.PathChangeSetJSON, h.withSession(h.exportChangeSetJSON))
	pages.POST(views.PathChangeSetStop, h.withSession(h.stopChangeSet))
	pages.POST(views.PathChangeSetResume, h.withSession(h.resumeChangeSet))
	pages.POST(views.PathChangeSetUndo, h.withSession(h.undoChangeSet))
	pages.GET(views.PathActivity, h.withSession(h.showActivity))
	pages.GET(views.PathActivityCSV, h.withSession(h.exportActivityCSV))
	pages.GET(views.PathActivityJSONL, h.withSession(h.exportActivityJSONL))

	pages.GET(views.PathSettings, h.withSession(h.showSettings))
	pages.POST(views.PathSettingsAppearance, h.changeAppearance)
	pages.POST(views.PathSettingsTrack, h.withSession(h.connectTrack))
	pages.POST(views.PathSettingsFocus, h.withSession(h.connectFocus))
	pages.POST(views.PathSettingsFocusGone, h.withSession(h.disconnectFocus))

	// Unknown addresses get the same frame as known ones.
	pages.RouteNotFound(pathUnknown, h.refuseUnknown)
	return nil
}
