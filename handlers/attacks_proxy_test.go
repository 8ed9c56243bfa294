package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"roster/auth"
	"roster/handlers"
	"roster/views"
)

// proxied is behind a proxy that has signed Ada in, who is connected to Toggl.
func proxied(t testing.TB) *scene {
	t.Helper()
	s := &scene{app: behindProxy(t)}
	s.get("/").want(http.StatusSeeOther)
	s.connect()
	s.log.reset()
	return s
}

// withoutProxy is the same app, reached past its proxy.
func withoutProxy(t testing.TB) *scene {
	t.Helper()
	elsewhere, err := auth.ParseTrustedProxies("10.0.0.0/8")
	must(t, err)
	return &scene{app: behindProxy(t, func(o *handlers.Options) {
		o.TrustedProxies = elsewhere
		o.Proxy, err = auth.NewProxyHeader(auth.ProxyHeaderOptions{
			Peer: auth.ProxyPeer{Trusted: elsewhere}, UserHeader: "X-Forwarded-User", EmailHeader: "X-Forwarded-Email",
			GroupsHeader: "X-Forwarded-Groups", GroupsSeparator: ",", Policy: ssoPolicy,
		})
		must(t, err)
	})}
}

// event: it is noted as one that somebody has to look at.
func event(name string) func(*scene, page) {
	return func(s *scene, _ page) {
		s.t.Helper()
		if !strings.Contains(s.log.String(), `"event":"`+name+`"`) {
			s.t.Errorf("the log has no event %s", name)
		}
		if strings.Contains(s.log.String(), "evil") {
			s.t.Error("the log repeats what was said")
		}
	}
}

// renameWith is a change, sent with headers of the attacker's beside the proxy's.
func renameWith(edits ...func(*http.Request)) func(*scene) *http.Request {
	return func(s *scene) *http.Request { return s.submit(s.orgURL()+"/name", renames, edits...) }
}

// exactly puts a header under this very spelling.
func exactly(name string, values ...string) func(*http.Request) {
	return func(r *http.Request) { r.Header[name] = values }
}

func isWithout(name string) func(*http.Request) { return func(r *http.Request) { r.Header.Del(name) } }

// TestAttacksPastTheProxy: only the proxy is believed about who somebody is.
func TestAttacksPastTheProxy(t *testing.T) {
	withstand(t, withoutProxy, []attack{
		{name: "identity headers from a peer that is no proxy", request: renameWith(), status: http.StatusForbidden, then: event("untrusted_peer")},
		{
			name:    "such a peer that says it is forwarded by one",
			request: renameWith(saying("X-Forwarded-For", "10.0.0.1"), saying("X-Real-Ip", "10.0.0.1"), saying("Forwarded", "for=10.0.0.1;by=10.0.0.1")),
			status:  http.StatusForbidden, then: event("untrusted_peer"),
		},
		{
			name:    "such a peer with nothing but an underscore twin",
			request: renameWith(isWithout("X-Forwarded-User"), isWithout("X-Forwarded-Email"), isWithout("X-Forwarded-Groups"), exactly("x_forwarded_user", "evil")),
			status:  http.StatusForbidden, then: event("untrusted_peer"),
		},
		{name: "such a peer at a probe, which asks nobody", request: func(s *scene) *http.Request { return s.visit("/healthz") }, status: http.StatusOK},
	})
}

// TestAttacksThroughTheProxy: what a client adds to the headers of the proxy's own is
// found out, or counts for nothing.
func TestAttacksThroughTheProxy(t *testing.T) {
	attacks := []attack{
		{name: "no secret of the proxy's", request: renameWith(isWithout("X-Proxy-Secret")), status: http.StatusForbidden, then: event("untrusted_peer")},
		{name: "another secret", request: renameWith(exactly("X-Proxy-Secret", "evil-secret-of-some-length")), status: http.StatusForbidden, then: event("untrusted_peer")},
		{name: "the beginning of the secret", request: renameWith(exactly("X-Proxy-Secret", proxySecret[:20])), status: http.StatusForbidden, then: event("untrusted_peer")},
		{name: "the secret in capitals", request: renameWith(exactly("X-Proxy-Secret", strings.ToUpper(proxySecret))), status: http.StatusForbidden, then: event("untrusted_peer")},
		{name: "the secret twice", request: renameWith(saying("X-Proxy-Secret", proxySecret)), status: http.StatusForbidden, then: event("bad_identity")},
		{name: "a second user", request: renameWith(saying("X-Forwarded-User", "evil")), status: http.StatusForbidden, then: event("bad_identity")},
		{name: "the same user twice", request: renameWith(saying("X-Forwarded-User", "ada")), status: http.StatusForbidden, then: event("bad_identity")},
		{name: "a second user that is empty", request: renameWith(saying("X-Forwarded-User", "")), status: http.StatusForbidden, then: event("bad_identity")},
		{name: "two users in one header", request: renameWith(exactly("X-Forwarded-User", "evil, ada")), status: http.StatusForbidden, then: event("bad_identity")},
		{name: "a second list of groups", request: renameWith(saying("X-Forwarded-Groups", "evil")), status: http.StatusForbidden, then: event("bad_identity")},
		{name: "a second e-mail address", request: renameWith(saying("X-Forwarded-Email", "evil@corp.example")), status: http.StatusForbidden, then: event("bad_identity")},
		{name: "a user that is no UTF-8", request: renameWith(exactly("X-Forwarded-User", "ad\xff")), status: http.StatusForbidden, then: event("bad_identity")},
		{name: "an endless user", request: renameWith(exactly("X-Forwarded-User", strings.Repeat("evil", 100))), status: http.StatusForbidden, then: event("bad_identity")},
		{name: "a group that ends with the separator", request: renameWith(exactly("X-Forwarded-Groups", "staff,")), status: http.StatusForbidden, then: event("bad_identity")},
		{name: "groups without end", request: renameWith(exactly("X-Forwarded-Groups", strings.Repeat("evil,", 5000)+"roster-editors")), status: http.StatusForbidden, then: event("bad_identity")},
		{name: "an empty user", request: renameWith(exactly("X-Forwarded-User", "")), status: http.StatusUnauthorized},
		{name: "a session without an identity", request: renameWith(isWithout("X-Forwarded-User"), isWithout("X-Forwarded-Email"), isWithout("X-Forwarded-Groups")), status: http.StatusUnauthorized},
		{name: "the session of another", request: renameWith(exactly("X-Forwarded-User", "bob")), status: http.StatusSeeOther, then: leadsTo(views.PathSignIn)},
		{
			name: "the session of another, looked at", status: http.StatusSeeOther,
			request: func(s *scene) *http.Request { return s.visit(s.orgURL(), exactly("X-Forwarded-User", "bob")) },
			then: func(s *scene, _ page) {
				s.get(s.orgURL()).leadsTo(views.ConnectURL(s.orgURL())) // Ada's connection is not there for anybody
			},
		},
		{
			name: "somebody whose e-mail address is Ada's", status: http.StatusSeeOther,
			request: func(s *scene) *http.Request { return s.visit(s.orgURL(), exactly("X-Forwarded-User", "ada2")) },
			then:    func(s *scene, got page) { leadsTo(views.ConnectURL(s.orgURL()))(s, got) },
		},
		{name: "a name in other letters", request: renameWith(exactly("X-Forwarded-User", "ADA")), status: http.StatusSeeOther, then: leadsTo(views.PathSignIn)},
		{name: "a group in other letters", request: renameWith(exactly("X-Forwarded-Groups", "Roster-Editors")), status: http.StatusForbidden},
		{name: "a group that begins like the editors'", request: renameWith(exactly("X-Forwarded-Groups", "roster-editors2,xroster-editors,roster-editor")), status: http.StatusForbidden},
		{name: "the editors in another separator", request: renameWith(exactly("X-Forwarded-Groups", "staff;roster-editors|roster-editors roster-editors")), status: http.StatusForbidden},
		{name: "a form of another site, with the proxy's own cookie", request: renameWith(exactly("Sec-Fetch-Site", "cross-site"), exactly("Origin", "https://evil.example")), status: http.StatusForbidden},
		{
			name: "a form of another site, by which a session would begin", status: http.StatusForbidden, arrange: (*scene).elsewhere,
			request: renameWith(exactly("Sec-Fetch-Site", "cross-site"), exactly("Origin", "https://evil.example")),
			then:    func(s *scene, _ page) { s.hasNoSession() },
		},
		{
			name: "a form before there is a session", status: http.StatusSeeOther, arrange: (*scene).elsewhere,
			request: renameWith(), then: func(s *scene, _ page) { s.hasNoSession() },
		},
		{
			name: "a session id planted before", status: http.StatusSeeOther,
			arrange: func(s *scene) { s.elsewhere(); s.stolen = strings.Repeat("A", 43); s.plant(s.stolen) },
			request: func(s *scene) *http.Request { return s.visit("/") },
			then: func(s *scene, _ page) {
				if id := s.sessionID(); id == "" || id == s.stolen {
					s.t.Errorf("the session is %q", id)
				}
			},
		},
		{
			name: "signing in with Toggl's credentials past the proxy's word", status: http.StatusMethodNotAllowed, arrange: (*scene).elsewhere,
			request: func(s *scene) *http.Request {
				r := s.submit("/sign-in", url.Values{"api_token": {s.upstream.Owner().APIToken}})
				clear(r.Header)
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				return r
			},
			then: func(s *scene, _ page) { s.hasNoSession() },
		},
		{
			name: "an identity behind the body", status: http.StatusUnauthorized,
			wire: func(s *scene) string {
				return strings.Join([]string{
					"POST " + s.orgURL() + "/name HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "Content-Type: application/x-www-form-urlencoded", "Cookie: roster=" + s.sessionID(),
					"Sec-Fetch-Site: same-origin", "X-Proxy-Secret: " + proxySecret, "Transfer-Encoding: chunked", "Trailer: X-Forwarded-User", "", "9", "name=Mine", "0", "X-Forwarded-User: ada", "", "",
				}, "\r\n")
			},
		},
		{
			name: "headers that proxies let through", status: http.StatusOK,
			request: func(s *scene) *http.Request {
				return s.visit("/settings", saying("X-Auth-Request-User", "evil"), saying("Remote-User", "evil"), saying("Authorization", "Bearer evil"), saying("X-Forwarded-Preferred-Username", "evil"),
					saying("X-Remote-User", "evil"), saying("X-User", "evil"), saying("X-Forwarded-Host", "evil.example"))
			},
			then: func(s *scene, got page) {
				if strings.Contains(got.body, "evil") {
					s.t.Error("the page knows somebody else")
				}
			},
		},
	}
	for name, twin := range map[string]string{
		"an underscore twin": "X_Forwarded_User", "one underscore": "X-Forwarded_User", "a twin in small letters": "x_forwarded_user", "a twin of dots": "X.Forwarded.User",
		"a twin of the groups": "X_FORWARDED_GROUPS", "a twin of the e-mail address": "x-forwarded_email", "a twin of the secret": "X_Proxy_Secret",
	} {
		attacks = append(attacks, attack{name: name, request: renameWith(exactly(twin, "evil")), status: http.StatusForbidden, then: event("bad_identity")})
	}
	withstand(t, proxied, attacks)
}

func (s *scene) hasNoSession() {
	s.t.Helper()
	if s.sessionID() != "" {
		s.t.Error("a session has begun")
	}
}
