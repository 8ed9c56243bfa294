package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
	"roster/auth"
	"roster/handlers"
)

func TestMethods(t *testing.T) {
	a := signedIn(t)
	for _, path := range []string{"/sign-in", "/orgs", a.orgURL(), a.users(""), "/settings", "/healthz", "/readyz"} {
		whole := a.get(path)
		head := a.send(http.MethodHead, path, nil)
		if head.status != whole.status || head.body != "" {
			t.Errorf("HEAD %s: %d with %d bytes, GET is %d", path, head.status, len(head.body), whole.status)
		}
		for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
			got := a.send(method, path, func(r *http.Request) { r.Header.Set("Origin", a.server.URL) })
			got.want(http.StatusMethodNotAllowed).has("#problem h1", "This address can't be used that way")
			if allow := got.header.Get("Allow"); !strings.Contains(allow, http.MethodGet) {
				t.Errorf("%s %s: Allow %q", method, path, allow)
			}
		}
	}
	a.get("/sign-out").want(http.StatusMethodNotAllowed)
	a.get("/orgs").want(http.StatusOK)
}

func TestNotFound(t *testing.T) {
	a := signedIn(t)
	for _, path := range []string{
		"/nowhere", "/orgs/", "/orgs/x", "/orgs/0", "/orgs/-1", "/orgs/007", "/orgs/+7", "/orgs/7.0", "/orgs/%37x", "/orgs/99999999999999999999",
		"/orgs/x/users", "/orgs/1%2f2/users", a.users("") + "/x", a.users("") + "/01", a.users("") + "/0", a.users("") + "/1/2",
		a.users("") + "/filters/nothing", "/orgs/x/users/filters/groups", "/orgs/%3Cscript%3E", "/static/", "/static/nothing.js", "/static/../main.go",
	} {
		got := a.get(path).want(http.StatusNotFound)
		if !strings.HasPrefix(path, "/static") {
			got.has("#problem h1", "There is no such page")
		}
	}
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("asked %v", calls)
	}
	fragment := a.getFragment("/orgs/x/users", a.users("")).want(http.StatusNotFound)
	checkFlashed(t, fragment)
	a.client = newBrowser(t)
	if got := a.get("/nowhere").want(http.StatusNotFound); got.attr("#problem .actions a", "href") != "/sign-in" {
		t.Error("no way to sign in")
	}
}

// TestBody: what is too large or no form is refused before anything is done.
func TestBody(t *testing.T) {
	a := signedIn(t)
	large := "theme=dark&x=" + strings.Repeat("a", 2<<20)
	send := func(path string, body io.Reader) page {
		r := a.request(http.MethodPost, path, body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", a.server.URL)
		return a.do(r)
	}
	for _, path := range []string{"/settings/appearance", a.users("") + "/columns", "/sign-in", "/settings/track", "/settings/focus", a.orgURL() + "/refresh"} {
		send(path, strings.NewReader(large)).want(http.StatusRequestEntityTooLarge).has("#problem", "too much at once", "1 MB")
		send(path, struct{ io.Reader }{strings.NewReader(large)}).want(http.StatusRequestEntityTooLarge)
		send(path, strings.NewReader("theme=%zz&return_to=%")).want(http.StatusBadRequest)
	}
	if theme := a.get("/settings").attr("html", "data-theme"); theme != "" {
		t.Errorf("the theme became %q", theme)
	}
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("asked %v", calls)
	}
}

func TestRequestID(t *testing.T) {
	a := newApp(t)
	for id, kept := range map[string]bool{"trace-42": true, "": false, "a b": false, "<script>": false, strings.Repeat("a", 65): false} {
		got := a.send(http.MethodGet, "/nowhere", func(r *http.Request) { r.Header.Set("X-Request-Id", id) })
		answered := got.header.Get("X-Request-Id")
		if (answered == id) != kept || answered == "" {
			t.Errorf("id %q is answered with %q", id, answered)
		}
		got.has("#problem .details", "Request "+answered)
		if !strings.Contains(a.log.String(), `"id":"`+answered+`"`) {
			t.Errorf("%q isn't in the log", answered)
		}
	}
}

func TestHealth(t *testing.T) {
	var state error
	a := newApp(t, func(o *handlers.Options) { o.Ready = func(context.Context) error { return state } })
	a.get("/healthz").want(http.StatusOK)
	a.get("/readyz").want(http.StatusOK)
	for _, tt := range []struct {
		state error
		want  string
	}{
		{errors.New("down"), "database"}, {fmt.Errorf("%w: down", auth.ErrKeys), "keys"}, {fmt.Errorf("%w: down", auth.ErrProvider), "keys"},
	} {
		state = tt.state
		a.get("/healthz").want(http.StatusOK)
		if got := a.get("/readyz").want(http.StatusServiceUnavailable).body; strings.TrimSpace(got) != tt.want {
			t.Errorf("%v: not ready for want of %q", tt.state, got)
		}
	}
}

// TestLogHoldsNoPeople: paths without queries, and nobody's name or address.
func TestLogHoldsNoPeople(t *testing.T) {
	a := signedIn(t)
	owner := a.upstream.Owner()
	a.get(a.users("filter=" + owner.Email))
	a.get(a.userURL(owner) + "?email=" + owner.Email)
	a.get(a.users("page=0"))
	log := a.log.String()
	if !strings.Contains(log, `"path":"`+a.users("")+`"`) {
		t.Error("the requests aren't logged")
	}
	for _, secret := range []string{owner.Email, owner.Name, "filter", "page parameter"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestCSPReport(t *testing.T) {
	a := newApp(t)
	got := a.send(http.MethodPost, "/csp-report", func(r *http.Request) { r.Header.Set("Origin", "null") })
	if got.want(http.StatusNoContent); !strings.Contains(a.log.String(), "content security policy report") {
		t.Error("the report isn't logged")
	}
}

func TestMetrics(t *testing.T) {
	a := signedIn(t)
	a.get(a.users(""))
	a.get(a.users("")) // from the cache
	a.pass(2 * time.Minute)
	a.upstream.Script(sandbox.Failure{Operation: "ListOrganizationUsers", Times: -1, Status: http.StatusInternalServerError})
	a.get(a.users("")) // as it was read before
	a.get(a.users("page=2")).want(http.StatusBadGateway)
	for _, line := range []string{
		`roster_http_requests_total{method="GET",route="/orgs/:organization_id/users",status="200"} 3`,
		`roster_toggl_calls_total{api="track",operation="ListOrganizationUsers",status="200"} 1`,
		`roster_reads_total{api="track",from="cache",operation="ListOrganizationUsers"} 1`,
		`roster_reads_total{api="track",from="toggl",operation="ListOrganizationUsers"} 1`,
		`roster_reads_total{api="track",from="stale",operation="ListOrganizationUsers"} 1`,
		`roster_reads_total{api="track",from="none",operation="ListOrganizationUsers"} 1`,
		`roster_toggl_quota_remaining{api="track",organization="` + number(a.org) + `"} 599`,
		`roster_info{version="test"} 1`,
	} {
		if !strings.Contains(a.metrics(), line+"\n") {
			t.Errorf("no %s", line)
		}
	}
	a.get("/metrics").want(http.StatusNotFound)
}

// TestMetricsOfChangeSets counts steps by what became of them.
func TestMetricsOfChangeSets(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 3)...))
	s.upstream.Script(refuseAssignments(2, "Invalid user_id."))
	s.done(s.apply()).has("#change-set-state", "2 applied, 1 rejected")
	for _, line := range []string{`roster_change_set_steps_total{state="done"} 2`, `roster_change_set_steps_total{state="refused"} 1`} {
		if !strings.Contains(s.metrics(), line+"\n") {
			t.Errorf("no %s", line)
		}
	}
}

// metrics are what a Prometheus would read.
func (a *app) metrics() string {
	a.t.Helper()
	r := a.request(http.MethodGet, "/metrics", nil)
	w := httptest.NewRecorder()
	a.handlers.Metrics().ServeHTTP(w, r)
	return w.Body.String()
}
