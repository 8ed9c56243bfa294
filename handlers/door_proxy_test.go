package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"roster/auth"
	"roster/handlers"
	"roster/views"
)

const proxySecret = "proxy-secret-canary-1"

// behindProxy is an app that a proxy on this machine signs people in at: Ada, at
// first.
func behindProxy(t testing.TB, options ...any) *app {
	t.Helper()
	trusted, err := auth.ParseTrustedProxies("127.0.0.1/32")
	must(t, err)
	wire := func(o *handlers.Options) {
		o.Policy = ssoPolicy
		o.Proxy, err = auth.NewProxyHeader(auth.ProxyHeaderOptions{
			Peer:       auth.ProxyPeer{Trusted: trusted, SecretHeader: "X-Proxy-Secret", Secrets: auth.ProxySecrets{proxySecret}},
			UserHeader: "X-Forwarded-User", EmailHeader: "X-Forwarded-Email", GroupsHeader: "X-Forwarded-Groups", GroupsSeparator: ",",
			SignOutURL: "/oauth2/sign_out", Policy: ssoPolicy,
		})
		must(t, err)
		o.Connections, err = auth.NewConnections(auth.ConnectionOptions{Store: o.Store, Keys: auth.Keys{auth.NewKey()}, Now: o.Now})
		must(t, err)
	}
	a := newApp(t, append([]any{wire}, options...)...)
	a.proxy = http.Header{"X-Proxy-Secret": {proxySecret}}
	a.vouch("ada", "roster-editors")
	return a
}

// vouch has the proxy say that it is somebody, from now on.
func (a *app) vouch(user string, groups ...string) {
	a.proxy.Set("X-Forwarded-User", user)
	a.proxy.Set("X-Forwarded-Email", user+"@corp.example")
	a.proxy.Set("X-Forwarded-Groups", strings.Join(groups, ","))
}

// connect connects the person to Toggl as the owner.
func (a *app) connect() *app {
	a.t.Helper()
	a.post("/connect", url.Values{"api_token": {a.upstream.Owner().APIToken}}).want(http.StatusSeeOther)
	a.upstream.ResetRequests()
	return a
}

func TestProxyJourney(t *testing.T) {
	a := behindProxy(t)
	a.get("/").leadsTo(views.PathOrganizations)
	a.get(a.users("")).leadsTo(views.ConnectURL(a.users("")))
	a.connect().get(a.users("")).want(http.StatusOK)
	a.get(views.SignInURL(a.users(""))).leadsTo(a.users("")) // and back, without a loop
	out := a.post("/sign-out", nil).want(http.StatusOK)
	if out.attr("#forward", "href") != "/oauth2/sign_out" {
		t.Error("signing out does not lead to the proxy's own")
	}
	a.get(a.users("")).leadsTo(views.ConnectURL(a.users(""))) // the connection is forgotten
}

// TestProxyRolesAtOnce: groups count as they are on each request.
func TestProxyRolesAtOnce(t *testing.T) {
	a := behindProxy(t)
	a.get("/")
	a.connect()
	workspace := a.orgURL() + "/workspaces/new"
	a.get(workspace).want(http.StatusOK)
	a.vouch("ada", "roster-viewers")
	a.get(workspace).want(http.StatusForbidden)
	a.vouch("ada", "staff")
	a.get(a.orgURL()).want(http.StatusForbidden).has("#problem", "You have no role", "ada@corp.example, known as ada to the proxy.")
	a.proxy.Del("X-Forwarded-Groups")
	a.get(a.orgURL()).want(http.StatusForbidden).has("#problem", "did not say which groups")
}

// TestProxySomebodyElse: another person's name ends the session, and nothing that
// one person typed is done in the other's.
func TestProxySomebodyElse(t *testing.T) {
	a := behindProxy(t)
	a.get("/")
	a.connect()
	a.vouch("bob", "roster-editors")
	a.post(a.orgURL()+"/workspaces", url.Values{"name": {"Lab"}}).leadsTo(views.PathSignIn)
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("Bob had %v done by Ada's connection", calls)
	}
	a.get(a.users("")).leadsTo(views.ConnectURL(a.users("")))
	a.vouch("ada", "roster-editors")
	a.get(a.users("")).leadsTo(views.ConnectURL(a.users(""))) // hers is gone too
}

// TestProxyFragments: htmx is led to a whole page where there is no session.
func TestProxyFragments(t *testing.T) {
	a := behindProxy(t)
	got := a.getFragment(a.users("filter=a"), a.users(""))
	if got.status != http.StatusUnauthorized || got.header.Get("HX-Redirect") != views.SignInURL(a.users("filter=a")) {
		t.Errorf("status %d, HX-Redirect %q", got.status, got.header.Get("HX-Redirect"))
	}
}

// TestProxyDoubts: whoever pretends is refused on every route, and noted.
func TestProxyDoubts(t *testing.T) {
	for name, tt := range map[string]struct {
		edit   func(http.Header)
		status int
		event  string
	}{
		"no secret":      {func(h http.Header) { h.Del("X-Proxy-Secret") }, http.StatusForbidden, "untrusted_peer"},
		"wrong secret":   {func(h http.Header) { h.Set("X-Proxy-Secret", "proxy-secret-canary-2") }, http.StatusForbidden, "untrusted_peer"},
		"two users":      {func(h http.Header) { h.Add("X-Forwarded-User", "root") }, http.StatusForbidden, "bad_identity"},
		"an underscore":  {func(h http.Header) { h["X_forwarded_user"] = []string{"root"} }, http.StatusForbidden, "bad_identity"},
		"nobody":         {func(h http.Header) { clear(h) }, http.StatusUnauthorized, ""},
		"only a session": {func(h http.Header) { clear(h) }, http.StatusUnauthorized, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := behindProxy(t)
			a.get("/")
			a.connect()
			tt.edit(a.proxy)
			for _, path := range []string{a.orgURL(), "/sign-in", "/settings"} {
				a.get(path).want(tt.status)
			}
			a.post(a.orgURL()+"/workspaces", url.Values{"name": {"Lab"}}).want(tt.status)
			if calls := a.calls(); len(calls) != 0 {
				t.Errorf("asked %v", calls)
			}
			a.checkEvent(tt.event)
		})
	}
}

// checkEvent holds log and metrics against a security event; empty is none.
func (a *app) checkEvent(event string) {
	a.t.Helper()
	r := a.request(http.MethodGet, "/metrics", nil)
	w := httptest.NewRecorder()
	a.handlers.Metrics().ServeHTTP(w, r)
	if event == "" {
		if strings.Contains(a.log.String(), "security event") {
			a.t.Error("a security event where there is none")
		}
		return
	}
	if !strings.Contains(a.log.String(), `"event":"`+event+`"`) {
		a.t.Errorf("the log has no event %s", event)
	}
	if !strings.Contains(w.Body.String(), `roster_security_events_total{event="`+event+`"} 4`) {
		a.t.Errorf("the metrics have no event %s", event)
	}
}
