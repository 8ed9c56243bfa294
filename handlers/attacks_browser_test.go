package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"roster/views"
)

// awayFromHere are addresses that lead to another site, or would in some browser,
// proxy or spelling.
var awayFromHere = map[string]string{
	"another site": "https://evil.example/", "no scheme": "//evil.example/", "no scheme, three slashes": "///evil.example/", "a backslash": `/\evil.example/`,
	"two backslashes": `\\evil.example/`, "a tab": "/\t/evil.example/", "a line end": "/\n/evil.example", "a blank before": " //evil.example/",
	"an encoded slash": "/%2fevil.example/", "an encoded backslash": "/%5cevil.example/", "two slashes later on": "/orgs//evil.example",
	"dots": "/..//evil.example/", "encoded dots": "/%2e%2e//evil.example", "a user": "https://roster@evil.example/", "a script": "javascript:alert('evil')",
	"data": "data:text/html,evil", "a header": "/orgs\r\nSet-Cookie: evil=1", "an encoded header": "/orgs%0d%0aSet-Cookie:%20evil=1", "a NUL": "/%00/evil.example",
	"half the address": "https:evil.example", "one slash": "https:/evil.example", "fullwidth slashes": "/／evil.example", "sign-out": "/sign-out", "sign-in": "/sign-in?return_to=//evil.example",
	"an endless one": "/" + strings.Repeat("evil", 1000),
}

// TestAttacksOnWaysBack: nobody is led to another site by signing in, by a form or by
// what a header says.
func TestAttacksOnWaysBack(t *testing.T) {
	var attacks []attack
	for name, address := range awayFromHere {
		attacks = append(attacks,
			attack{
				name: name + " after sign-in", status: http.StatusSeeOther, arrange: (*scene).elsewhere,
				request: func(s *scene) *http.Request {
					return s.submit("/sign-in", url.Values{"api_token": {s.upstream.Owner().APIToken}, "return_to": {address}})
				},
				then: leadsTo(views.PathOrganizations),
			},
			attack{
				name: name + " after a form", status: http.StatusSeeOther,
				request: func(s *scene) *http.Request {
					return s.submit("/settings/appearance", url.Values{"theme": {"dark"}, "return_to": {address}})
				},
				then: leadsTo("/"),
			},
			attack{
				name: name + " in the header of htmx", status: http.StatusNoContent,
				request: func(s *scene) *http.Request {
					return asHTMX(s.submit("/settings/appearance", url.Values{"theme": {"dark"}, "return_to": {address}}), "")
				},
				then: func(s *scene, got page) {
					if got.header.Get("HX-Location") != "/" {
						s.t.Errorf("HX-Location %q", got.header.Get("HX-Location"))
					}
				},
			},
		)
	}
	for name, referer := range map[string]string{"another site": "https://evil.example//evil.example", "no address": "%zz", "a script": "javascript:evil"} {
		attacks = append(attacks, attack{
			name: name + " as the page before", status: http.StatusSeeOther, arrange: (*scene).elsewhere,
			request: func(s *scene) *http.Request { return s.submit(s.orgURL()+"/refresh", nil, saying("Referer", referer)) },
			then:    leadsTo(views.PathSignIn),
		})
	}
	withstand(t, ownersScene, attacks)
}

func leadsTo(address string) func(*scene, page) {
	return func(s *scene, got page) {
		s.t.Helper()
		if location := got.header.Get("Location"); location != address {
			s.t.Errorf("leads to %q, want %q", location, address)
		}
	}
}

// TestAttacksOnHosts: who says what this server's name, scheme or peer is, is not
// believed.
func TestAttacksOnHosts(t *testing.T) {
	hosted := func(host string, edits ...func(*http.Request)) func(*scene) *http.Request {
		return func(s *scene) *http.Request {
			r := s.visit(s.users("filter=a"), edits...)
			r.Host = host
			return r
		}
	}
	signedOut := func(s *scene) { s.elsewhere() }
	var attacks []attack
	for name, request := range map[string]func(*scene) *http.Request{
		"another host":              hosted("evil.example"),
		"another host with a port":  hosted("evil.example:443"),
		"a host with a user":        hosted("roster@evil.example"),
		"X-Forwarded-Host":          hosted("", saying("X-Forwarded-Host", "evil.example"), saying("X-Host", "evil.example"), saying("X-Forwarded-Server", "evil.example")),
		"Forwarded":                 hosted("", saying("Forwarded", "host=evil.example;proto=https;for=evil")),
		"X-Forwarded-Proto":         hosted("", saying("X-Forwarded-Proto", "https"), saying("X-Forwarded-Ssl", "on"), saying("Front-End-Https", "on")),
		"a host behind the address": hosted("", saying("X-Forwarded-Port", "443"), saying("X-Forwarded-Prefix", "//evil.example")),
	} {
		attacks = append(attacks, attack{
			name: name, arrange: signedOut, request: request, status: http.StatusSeeOther,
			then: func(s *scene, got page) {
				leadsTo("/sign-in?return_to="+url.QueryEscape(s.users("filter=a")))(s, got)
				if got.header.Get("Strict-Transport-Security") != "" {
					s.t.Error("a peer decides on the scheme")
				}
			},
		})
	}
	attacks = append(attacks,
		attack{
			name: "a peer of somebody else's", status: http.StatusOK,
			request: func(s *scene) *http.Request {
				return s.visit("/settings", saying("X-Forwarded-For", "203.0.113.9"), saying("X-Real-Ip", "203.0.113.9"), saying("Forwarded", "for=203.0.113.9"), saying("True-Client-Ip", "203.0.113.9"))
			},
			then: func(s *scene, _ page) {
				if strings.Contains(s.log.String(), "203.0.113.9") {
					s.t.Error("the log believes it")
				}
			},
		},
		attack{
			name: "guessing a password, each time from elsewhere", status: http.StatusTooManyRequests,
			arrange: func(s *scene) {
				s.elsewhere()
				for i := range 30 {
					form := url.Values{"email": {"ada" + number(int64(i)) + "@example.com"}, "password": {"typed-secret"}}
					s.do(s.submit("/sign-in", form, saying("X-Forwarded-For", "203.0.113."+number(int64(i)))))
				}
			},
			request: func(s *scene) *http.Request {
				return s.submit("/sign-in", url.Values{"email": {"eve@example.com"}, "password": {"typed-secret"}}, saying("X-Forwarded-For", "203.0.113.99"))
			},
		},
	)
	withstand(t, ownersScene, attacks)
}

// TestAttacksFromOtherSites: a page of another site neither changes, reads nor frames
// anything. That each route refuses its forms is walked elsewhere.
func TestAttacksFromOtherSites(t *testing.T) {
	from := func(origin string, edits ...func(*http.Request)) func(*scene) *http.Request {
		return func(s *scene) *http.Request {
			r := s.submit(s.orgURL()+"/name", renames)
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", strings.ReplaceAll(origin, "{host}", r.URL.Host))
			for _, edit := range edits {
				edit(r)
			}
			return r
		}
	}
	var attacks []attack
	for name, origin := range map[string]string{
		"an origin that begins like ours": "http://{host}.evil.example", "an origin that ends like ours": "http://evil-{host}", "a user like us": "http://{host}@evil.example",
		"another scheme": "https://{host}", "another port": "http://127.0.0.1:1", "no origin": "null", "two origins": "http://{host} https://evil.example", "an empty origin": "",
		"a file": "file://",
	} {
		attacks = append(attacks, attack{name: "a form from " + name, request: from(origin), status: http.StatusForbidden})
	}
	for name, edits := range map[string][]func(*http.Request){
		"a form from another site":        {saying("Sec-Fetch-Site", "cross-site")},
		"a form from a sister site":       {saying("Sec-Fetch-Site", "same-site")},
		"a form from a word of their own": {saying("Sec-Fetch-Site", "evil")},
		"a form that htmx seems to send":  {saying("Sec-Fetch-Site", "cross-site"), saying("HX-Request", "true"), saying("X-Requested-With", "XMLHttpRequest")},
	} {
		attacks = append(attacks, attack{name: name, request: from("https://evil.example", edits...), status: http.StatusForbidden})
	}
	for name, path := range map[string]func(*scene) string{
		"a page": (*scene).settings, "a problem": func(*scene) string { return "/nowhere" }, "a download": func(s *scene) string { return s.usersCSV("") },
		"a fragment": func(s *scene) string { return s.users("") + "/filters/groups" }, "the sign-in page": func(*scene) string { return "/sign-in" },
		"a redirect": func(*scene) string { return "/" }, "a style sheet": func(*scene) string { return "/static/app.css" }, "a probe": func(*scene) string { return "/healthz" },
	} {
		status := map[string]int{"a problem": http.StatusNotFound, "a redirect": http.StatusSeeOther}[name]
		if status == 0 {
			status = http.StatusOK
		}
		attacks = append(attacks, attack{
			name:    name + " in a frame, or read from there",
			request: func(s *scene) *http.Request { return s.visit(path(s), saying("Origin", "https://evil.example")) },
			status:  status,
			then: func(s *scene, got page) {
				for header, want := range map[string]string{
					"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
					"Cross-Origin-Opener-Policy": "same-origin", "Access-Control-Allow-Origin": "", "Access-Control-Allow-Credentials": "",
				} {
					if said := got.header.Get(header); said != want {
						s.t.Errorf("%s is %q", header, said)
					}
				}
				kept := name == "a style sheet" || name == "a probe" // nobody's in particular
				if said := got.header.Get("Cache-Control"); !kept && said != "no-store" {
					s.t.Errorf("a cache may keep it: %q", said)
				}
			},
		})
	}
	attacks = append(attacks, attack{
		name: "a question before a request",
		request: func(s *scene) *http.Request {
			r := s.visit(s.orgURL()+"/name", saying("Origin", "https://evil.example"), saying("Access-Control-Request-Method", "POST"), saying("Access-Control-Request-Headers", "Sec-Fetch-Site"))
			r.Method = http.MethodOptions
			return r
		},
		status: http.StatusMethodNotAllowed,
		then: func(s *scene, got page) {
			for name := range got.header {
				if strings.HasPrefix(name, "Access-Control-") {
					s.t.Errorf("%s is %q", name, got.header.Get(name))
				}
			}
		},
	})
	withstand(t, ownersScene, attacks)
}

func (*scene) settings() string { return views.PathSettings }
