package handlers_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"roster/apiclient"
	"roster/apiclient/sandbox"
	"roster/auth"
	"roster/handlers"
	"roster/store"
)

// start is when every test begins: a Saturday afternoon in UTC.
var start = time.Date(2026, 11, 21, 15, 4, 5, 0, time.UTC)

// An app is Roster over HTTP on a sandbox of its own, and one browser.
type app struct {
	t        testing.TB
	upstream *sandbox.Server
	handlers *handlers.Handlers
	sessions *auth.Sessions
	store    *store.Store
	server   *httptest.Server
	client   *http.Client
	log      *logBuffer
	org      int64
	proxy    http.Header // what a proxy in front adds to each request

	mu  sync.Mutex
	now time.Time
}

// newApp starts Roster as the program wires it. Options change the sandbox, the
// database's path, the keys or the handlers before they are made.
func newApp(t testing.TB, options ...any) *app {
	t.Helper()
	a := &app{t: t, now: start, log: &logBuffer{}}
	upstream := sandbox.Options{Now: a.clock}
	apply(options, &upstream)
	a.upstream = sandbox.New(upstream)
	a.org = a.upstream.OrganizationID()
	toggl := httptest.NewServer(a.upstream)
	t.Cleanup(toggl.Close)

	a.server = httptest.NewUnstartedServer(nil)
	publicURL := &url.URL{Scheme: "http", Host: a.server.Listener.Addr().String()}
	path, keys := ":memory:", auth.Keys{auth.NewKey()}
	apply(options, &path)
	apply(options, &keys)
	db := openStore(t, path)
	sessions, err := auth.NewSessions(auth.SessionOptions{Store: db, Keys: keys, PublicURL: publicURL, Now: a.clock})
	must(t, err)
	o := handlers.Options{
		PublicURL: publicURL, Sessions: sessions, Policy: auth.Policy{Everybody: auth.RoleEditor}, Store: db, Needs: []handlers.Need{{Name: "database", Check: db.Ping}}, Now: a.clock, Version: "test",
		Log: slog.New(slog.NewJSONHandler(a.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		API: apiclient.Options{
			TrackURL: toggl.URL + "/api/v9", FocusURL: toggl.URL + "/focus/api",
			RatePerSecond: 1e6, Burst: 1e6, Now: a.clock,
		},
	}
	apply(options, &o)
	a.sessions, a.store = o.Sessions, o.Store
	a.handlers, err = handlers.New(o)
	must(t, err)
	a.server.Config.Handler = a.handlers
	a.server.Start()
	t.Cleanup(a.server.Close)
	a.client = newBrowser(t)
	t.Cleanup(func() { noSecrets(t, "the log", a.log.String()) })
	return a
}

// apply runs the options that change a T.
func apply[T any](options []any, target *T) {
	for _, option := range options {
		if edit, ok := option.(func(*T)); ok {
			edit(target)
		}
	}
}

// newBrowser keeps cookies, follows no redirect and unpacks no gzip.
func newBrowser(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Jar: jar, Transport: transport, Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (a *app) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

// pass lets time go by.
func (a *app) pass(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = a.now.Add(d)
}

// signIn signs somebody in with their token, as the form does.
func (a *app) signIn(p sandbox.Persona) *app {
	a.t.Helper()
	got := a.post("/sign-in", url.Values{"api_token": {p.APIToken}})
	if got.status != http.StatusSeeOther {
		a.t.Fatalf("sign-in as %s: status %d, %s", p, got.status, got.text("main"))
	}
	return a
}

// signedIn is an app whose browser is signed in as the owner, with no call of
// sign-in left in the sandbox's log.
func signedIn(t testing.TB, options ...any) *app {
	t.Helper()
	a := newApp(t, options...)
	a.signIn(a.upstream.Owner())
	a.upstream.ResetRequests()
	return a
}

// become gives the signed-in person another role, as though a policy had.
func (a *app) become(role auth.Role) *app {
	a.t.Helper()
	r := a.request(http.MethodGet, "/", nil)
	for _, cookie := range a.client.Jar.Cookies(r.URL) {
		r.AddCookie(cookie)
	}
	s, err := a.sessions.Load(r)
	must(a.t, err)
	s.Role = role
	must(a.t, a.sessions.Save(httptest.NewRecorder(), r, s))
	return a
}

// in makes the helpers report to a subtest while it runs.
func (a *app) in(t *testing.T) *app {
	parent := a.t
	t.Cleanup(func() { a.t = parent })
	a.t = t
	return a
}

// users is an address of the users table; query as in an address, may be empty.
func (a *app) users(query string) string {
	address := a.orgURL() + "/users"
	if query != "" {
		address += "?" + query
	}
	return address
}

func (a *app) orgURL() string { return "/orgs/" + number(a.org) }

// get asks for a page as a browser does.
func (a *app) get(path string) page { a.t.Helper(); return a.do(a.request(http.MethodGet, path, nil)) }

// getFragment asks as htmx does, from the page at current ("" for none).
func (a *app) getFragment(path, current string) page {
	a.t.Helper()
	return a.do(asHTMX(a.request(http.MethodGet, path, nil), a.server.URL+current))
}

// post submits a form from a page of this site.
func (a *app) post(path string, form url.Values) page {
	a.t.Helper()
	r := a.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", a.server.URL)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return a.do(r)
}

func (a *app) request(method, path string, body io.Reader) *http.Request {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), method, a.server.URL+path, body)
	must(a.t, err)
	maps.Copy(r.Header, a.proxy)
	return r
}

func asHTMX(r *http.Request, current string) *http.Request {
	r.Header.Set("HX-Request", "true")
	r.Header.Set("HX-Request-Type", "partial")
	r.Header.Set("HX-Current-URL", current)
	return r
}

// do sends a request and holds every answer against the rules of the house.
func (a *app) do(r *http.Request) page {
	a.t.Helper()
	res, err := a.client.Do(r)
	must(a.t, err)
	defer res.Body.Close()
	body := io.Reader(res.Body)
	if res.Header.Get("Content-Encoding") == "gzip" {
		body, err = gzip.NewReader(body)
		must(a.t, err)
	}
	raw, err := io.ReadAll(body)
	must(a.t, err)
	got := newPage(a.t, r, res, string(raw))
	got.checkRules()
	return got
}

// calls are the operations that the sandbox was asked for since the last look.
func (a *app) calls() []string {
	var operations []string
	for _, r := range a.upstream.Requests() {
		operations = append(operations, r.Operation)
	}
	a.upstream.ResetRequests()
	slices.Sort(operations)
	return operations
}

// logBuffer is a log that can be read while it is written.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *logBuffer) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf.Reset()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
