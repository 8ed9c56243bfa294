package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
	"roster/e2e/services"
)

// guarded is nginx in front of Roster, which asks another service with every request
// who it is from, and says so in headers of its own.
const guarded = `
underscores_in_headers on; # the careless setting: Roster has to see to it
server {
	listen %[1]s;
	location / {
		auth_request /who;
		auth_request_set $user $upstream_http_remote_user;
		auth_request_set $name $upstream_http_remote_name;
		auth_request_set $groups $upstream_http_remote_groups;
		proxy_set_header Remote-User $user;
		proxy_set_header Remote-Name $name;
		proxy_set_header Remote-Groups $groups;
		proxy_set_header X-Roster-Proxy-Secret a-long-secret-of-this-proxy;
		proxy_set_header Host $http_host;
		proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
		proxy_set_header X-Forwarded-Proto $scheme;
		proxy_http_version 1.1;
		proxy_pass http://%[2]s;
	}
	location = /who {
		internal;
		proxy_pass %[3]s;
		proxy_pass_request_body off;
		proxy_set_header Content-Length "";
	}
}`

// A guard says who the browser with a cookie is.
type guard map[string]struct{ name, groups string }

func (g guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie("company")
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	who := g[cookie.Value]
	w.Header().Set("Remote-User", cookie.Value)
	w.Header().Set("Remote-Name", who.name)
	w.Header().Set("Remote-Groups", who.groups)
}

type guardedServer struct {
	server
	proxy, direct string
}

// behindGuard is Roster in the mode proxy-header behind nginx, with one connection to
// Toggl for everybody.
func behindGuard(t *testing.T) guardedServer {
	t.Helper()
	who := httptest.NewServer(guard{
		"edda": {"Edda Editor", "staff,roster-editors"}, "viktor": {"Viktor Viewer", "roster-viewers"},
		"nora": {"Nora None", "staff,roster-editors-of-last-year"},
	})
	t.Cleanup(who.Close)
	addrs := make([]string, 2)
	for i := range addrs {
		var err error
		if addrs[i], err = services.FreeAddr(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	upstream := sandbox.New(sandbox.Options{})
	s := serveOver(t, upstream,
		"ROSTER_ADDR="+addrs[1], "ROSTER_PUBLIC_URL=http://"+addrs[0], "ROSTER_AUTH_MODE=proxy-header", "ROSTER_TRUSTED_PROXIES=127.0.0.1/32",
		"ROSTER_PROXY_USER_HEADER=Remote-User", "ROSTER_PROXY_NAME_HEADER=Remote-Name",
		"ROSTER_PROXY_GROUPS_HEADER=Remote-Groups", "ROSTER_PROXY_GROUPS_SEPARATOR=,", "ROSTER_PROXY_SECRET=a-long-secret-of-this-proxy",
		"ROSTER_EDITOR_GROUPS=roster-editors", "ROSTER_VIEWER_GROUPS=roster-viewers", "ROSTER_SHARED_TRACK_TOKEN="+upstream.Owner().APIToken)
	services.StartNginx(t, addrs[0], fmt.Sprintf(guarded, addrs[0], addrs[1], who.URL))
	return guardedServer{server: s, proxy: "http://" + addrs[0], direct: "http://" + addrs[1]}
}

// as is a visitor whom the guard knows by this name.
func (s guardedServer) as(t *testing.T, name string) *visitor {
	v := newVisitor(t, s.proxy)
	v.header.Set("Cookie", "company="+name)
	return v
}

// TestBehindAProxy: nginx asks who somebody is, and Roster takes its word and nobody
// else's.
func TestBehindAProxy(t *testing.T) {
	t.Parallel()
	s := behindGuard(t)

	p := at(t, s.proxy, browsertest.Options{})
	p.Must(p.Context().AddCookies([]playwright.OptionalCookie{{Name: "company", Value: "edda", URL: &s.proxy}}))
	p.Open(s.usersPath())
	p.see(p.heading("Users"))

	for name, want := range map[string]int{"edda": http.StatusOK, "viktor": http.StatusOK, "nora": http.StatusForbidden} {
		got, err := s.as(t, name).get(s.usersPath())
		if err != nil || got.status != want {
			t.Errorf("%s gets %d, want %d (%v): %.200s", name, got.status, want, err, got.text("main"))
		}
		if invites := got.Find(`a[href$="/invitations"]`).Length(); (invites > 0) != (name == "edda") {
			t.Errorf("%s sees %d links to invite", name, invites)
		}
	}
	if got, err := newVisitor(t, s.proxy).get(s.usersPath()); err != nil || got.status != http.StatusUnauthorized {
		t.Errorf("nobody gets %d: %v", got.status, err)
	}

	for name, header := range map[string][2]string{
		"of their own":        {"Remote-User", "edda"},
		"in another spelling": {"Remote_User", "edda"},
		"of more groups":      {"Remote_Groups", "roster-editors"},
	} {
		v := s.as(t, "viktor")
		v.header.Set(header[0], header[1])
		got, err := v.get(s.usersPath())
		if err != nil {
			t.Fatal(err)
		}
		overwritten := got.status == http.StatusOK && got.Find(`a[href$="/invitations"]`).Length() == 0 && strings.Contains(got.text(".me"), "Viktor")
		if !overwritten && got.status != http.StatusForbidden {
			t.Errorf("a header %s: status %d as %q", name, got.status, got.text(".me"))
		}
	}

	// Past the proxy, from an address that it might have, but without its secret.
	v := newVisitor(t, s.direct)
	v.header.Set("Remote-User", "edda")
	v.header.Set("Remote-Groups", "roster-editors")
	if got, err := v.get(s.usersPath()); err != nil || got.status != http.StatusForbidden {
		t.Errorf("past the proxy: %d, %v", got.status, err)
	}
}
