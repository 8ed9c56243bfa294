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

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// Options are what Handlers is made of.
type Options struct {
	PublicURL      *url.URL
	TrustedProxies auth.TrustedProxies
	Sessions       *auth.Sessions
	// Policy gives people their roles. The zero value gives nobody any.
	Policy auth.Policy
	// Proxy or Provider signs people in, of which at most one is given; with
	// neither people sign in with their Toggl credentials.
	Proxy    auth.Proxy
	Provider auth.Provider
	// Recheck is how often Provider is asked again who somebody is; 0 for
	// auth.DefaultRecheck.
	Recheck time.Duration
	// Connections keep what people connect to Toggl beyond their sessions, where a
	// Proxy or a Provider signs them in; nil for not at all.
	Connections *auth.Connections
	// Shared is the one connection to Toggl that everybody uses, where a Proxy or a
	// Provider signs people in. With the zero value everybody connects their own.
	Shared apiclient.Credentials
	// Store keeps change sets and the log of activity.
	Store *store.Store
	// API configures the client factory; its Observe is taken by the metrics.
	API apiclient.Options
	// Needs are asked by probes whether requests can be served.
	Needs []Need
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
	logouts   *auth.Limiter // of the provider, that did not hold
	gate      *auth.Gate
	door      door
	kept      *auth.Connections
	shared    apiclient.Credentials
	crossSite *auth.CrossSite
	proxies   auth.TrustedProxies
	publicURL *url.URL
	needs     []Need
	log       *slog.Logger
	demo      []DemoSignIn
	metrics   *metrics
	changes   *changes.Runner
	appliers  *appliers
	reviews   *reviewBook
	exports   *exportBook
	now       func() time.Time
	// rules are what each route asks of people, by method and pattern.
	rules map[string]rule
	// fewerUsers is set once Toggl has refused a large page of users.
	fewerUsers atomic.Bool
}

// New wires the routes. It fails when the API's addresses are not usable.
func New(o Options) (*Handlers, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	m := newMetrics(o.Version)
	observe := o.API.Observe
	o.API.Observe = func(call apiclient.Call) {
		m.observeCall(call)
		if observe != nil {
			observe(call)
		}
	}
	o.API.ObserveRead = m.observeRead
	factory, err := apiclient.NewFactory(o.API)
	if err != nil {
		return nil, err
	}
	crossSite, err := auth.NewCrossSite(o.PublicURL, o.Sessions.CookieName())
	if err != nil {
		return nil, err
	}
	gate, err := auth.NewGate(auth.GateOptions{
		Sessions: o.Sessions, Policy: o.Policy, Proxy: o.Proxy, Provider: o.Provider, Recheck: o.Recheck, Now: o.Now,
	})
	if err != nil {
		return nil, err
	}
	h := &Handlers{
		gate: gate, kept: o.Connections, shared: o.Shared,
		echo: echo.New(), factory: factory, sessions: o.Sessions, store: o.Store, limiter: auth.NewLimiter(o.Now), logouts: auth.NewLimiter(o.Now), crossSite: crossSite,
		proxies: o.TrustedProxies, publicURL: o.PublicURL, needs: o.Needs, log: o.Log, demo: o.Demo, metrics: m, now: o.Now, rules: map[string]rule{},
		changes: changes.NewRunner(changes.RunnerOptions{Store: o.Store, Kind: kindBatch, Now: o.Now}), exports: newExportBook(o.Now), reviews: newReviewBook(o.Store, o.Log, o.Now),
		appliers: newAppliers(o.Store, countedJournal{o.Store, m.steps}, o.Log, changes.ApplierOptions{Now: o.Now, Wait: o.Wait}),
	}
	h.door = h.newDoor()
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
	return errors.Join(h.changes.Close(ctx), h.appliers.Close(ctx), h.reviews.Close(ctx))
}

// Routes are all registered routes, for tests that walk over them.
func (h *Handlers) Routes() []*echo.Route { return h.echo.Routes() }

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
		if isUnconnected(c) {
			return askToConnect(c)
		}
		return next(c, h.client(s).Recording(h.recorder(c, s)), s)
	}
}

// client is the session's own, or that of the connection which everybody shares.
func (h *Handlers) client(s *auth.Session) *apiclient.Client {
	return h.clientOf(h.credentials(s), s)
}

// clientOf is for what goes on after the request, with credentials that were
// taken out of the session.
func (h *Handlers) clientOf(owned apiclient.Credentials, s *auth.Session) *apiclient.Client {
	return h.factory.Client(owned).WithFocusOrganizations(s.FocusOrganizations)
}

func (h *Handlers) credentials(s *auth.Session) apiclient.Credentials {
	if h.isShared() {
		return h.shared
	}
	return credentialsOf(s.Track, s.FocusKey)
}

func (h *Handlers) isShared() bool { return h.shared != apiclient.Credentials{} }

// forget drops what was read with the session's own connection.
func (h *Handlers) forget(c echo.Context, s *auth.Session) {
	if s == nil {
		return
	}
	if err := h.reviews.forget(c.Request().Context(), s); err != nil {
		h.log.Warn("access reviews of a session stay until they expire", "request", requestIDOf(c), "error", err)
	}
	if !h.isShared() {
		h.factory.Forget(h.credentials(s))
	}
}

// askToSignIn leads to the sign-in page and, after it, back to where the
// person was; a change that was under way leads back to its page.
func askToSignIn(c echo.Context) error { return askAt(c, views.SignInURL) }

func askAt(c echo.Context, page func(returnTo string) string) error {
	back := c.Request().URL.RequestURI()
	if c.Request().Method != http.MethodGet {
		back = refererPath(c.Request())
	}
	address := page(auth.SafeReturn(back))
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
		s, err := h.enter(c)
		if err != nil {
			return err
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
