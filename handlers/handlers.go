// Package handlers is Roster's HTTP side: it reads the request, asks Toggl
// through the session's own client, and chooses the answer. It is the only
// place where upstream types meet view models.
package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/static"
	"roster/store"
	"roster/views"
)

// Limits of one request. The timeout holds a slow Toggl, with its retries.
const (
	maxBody        = "1M"
	requestTimeout = 60 * time.Second
)

// Options are what Handlers is made of.
type Options struct {
	PublicURL      *url.URL
	TrustedProxies auth.TrustedProxies
	Sessions       *auth.Sessions
	// Store keeps change sets and the log of activity.
	Store *store.Store
	// API configures the client factory; its Observe is taken by the metrics.
	API apiclient.Options
	// Ready reports whether requests can be served; nil for always.
	Ready func(context.Context) error
	Log   *slog.Logger
	// Demo are people who sign in with a button; only the demo command has any.
	Demo    []DemoSignIn
	Version string
	// Now is the clock; nil for time.Now.
	Now func() time.Time
	// Wait is how a change set waits for Toggl's limits; nil waits for that long.
	Wait func(ctx context.Context, d time.Duration) error
}

// Handlers serves every route.
type Handlers struct {
	echo      *echo.Echo
	factory   *apiclient.Factory
	sessions  *auth.Sessions
	store     *store.Store
	limiter   *auth.Limiter
	crossSite *auth.CrossSite
	proxies   auth.TrustedProxies
	publicURL *url.URL
	ready     func(context.Context) error
	log       *slog.Logger
	demo      []DemoSignIn
	metrics   *metrics
	changes   *changes.Runner
	appliers  *appliers
	exports   *exportBook
	invited   *invitationResults
	now       func() time.Time
	// fewerUsers is set once Toggl has refused a large page of users.
	fewerUsers atomic.Bool
}

// New wires the routes. It fails when the API's addresses are not usable.
func New(o Options) (*Handlers, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Ready == nil {
		o.Ready = func(context.Context) error { return nil }
	}
	m := newMetrics(o.Version)
	observe := o.API.Observe
	o.API.Observe = func(call apiclient.Call) {
		m.observeCall(call)
		if observe != nil {
			observe(call)
		}
	}
	factory, err := apiclient.NewFactory(o.API)
	if err != nil {
		return nil, err
	}
	crossSite, err := auth.NewCrossSite(o.PublicURL, o.Sessions.CookieName())
	if err != nil {
		return nil, err
	}
	h := &Handlers{
		echo: echo.New(), factory: factory, sessions: o.Sessions, store: o.Store, limiter: auth.NewLimiter(o.Now), crossSite: crossSite,
		proxies: o.TrustedProxies, publicURL: o.PublicURL, ready: o.Ready, log: o.Log, demo: o.Demo, metrics: m, now: o.Now,
		changes: changes.NewRunner(o.Now), invited: newInvitationResults(o.Now), exports: newExportBook(o.Now),
		appliers: newAppliers(o.Store, o.Log, changes.ApplierOptions{Now: o.Now, Wait: o.Wait}),
	}
	return h, h.Register(h.echo)
}

// ServeHTTP makes Handlers an http.Handler. HEAD is answered wherever GET is:
// net/http leaves the body out, for it keeps the request as it came.
func (h *Handlers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		r = r.WithContext(r.Context())
		r.Method = http.MethodGet
	}
	h.echo.ServeHTTP(w, r)
}

// Close ends what runs in the background: what is under way is waited for until
// ctx ends, and nothing more is sent.
func (h *Handlers) Close(ctx context.Context) error {
	h.appliers.stopAll()
	return errors.Join(h.changes.Close(ctx), h.appliers.Close(ctx))
}

// Routes are all registered routes, for tests that walk over them.
func (h *Handlers) Routes() []*echo.Route { return h.echo.Routes() }

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

// A userHandler needs a signed-in user with a connection to Toggl. Its extra
// parameter makes that a matter of types: it can't be mounted but through signedIn.
type userHandler func(c echo.Context, api *apiclient.Client) error

// A sessionHandler also reads or changes the session itself.
type sessionHandler func(c echo.Context, api *apiclient.Client, s *auth.Session) error

// signedIn gives next the client that belongs to the session, or asks to sign in.
func (h *Handlers) signedIn(next userHandler) echo.HandlerFunc {
	return h.withSession(func(c echo.Context, api *apiclient.Client, _ *auth.Session) error {
		return next(c, api)
	})
}

func (h *Handlers) withSession(next sessionHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		s := sessionOf(c)
		if s == nil {
			return askToSignIn(c)
		}
		return next(c, h.factory.Client(credentials(s)).Recording(h.recorder(c, s)), s)
	}
}

func credentials(s *auth.Session) apiclient.Credentials {
	return apiclient.Credentials{
		APIToken: s.Track.APIToken, Email: s.Track.Email, Password: s.Track.Password, FocusKey: s.FocusKey,
	}
}

// askToSignIn leads to the sign-in page and, after it, back to where the
// person was; a change that was under way leads back to its page.
func askToSignIn(c echo.Context) error {
	back := c.Request().URL.RequestURI()
	if c.Request().Method != http.MethodGet {
		back = refererPath(c.Request())
	}
	address := views.SignInURL(auth.SafeReturn(back))
	if isHTMX(c) {
		c.Response().Header().Set(headerRedirect, address)
		return c.NoContent(http.StatusUnauthorized)
	}
	return c.Redirect(http.StatusSeeOther, address)
}

// refererPath is the path of the page that a form was on, "/" when unknown.
func refererPath(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil {
		return views.PathHome
	}
	return u.RequestURI()
}

const sessionKey = "session"

// loadSession puts the session, if there is one, into the context.
func (h *Handlers) loadSession(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if isPoll(c) || isExportPoll(c) {
			c.SetRequest(auth.Background(c.Request()))
		}
		s, err := h.sessions.Load(c.Request())
		if err != nil {
			return errors.Join(errStore, err)
		}
		if s != nil {
			c.Set(sessionKey, s)
		}
		return next(c)
	}
}

// sessionOf is the session, nil when nobody is signed in.
func sessionOf(c echo.Context) *auth.Session {
	s, _ := c.Get(sessionKey).(*auth.Session)
	return s
}
