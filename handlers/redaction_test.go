package handlers_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"roster/apiclient"
	"roster/apiclient/sandbox"
	"roster/auth"
	"roster/handlers"
	"roster/views"
)

// A tape has every answer that a browser got.
type tape struct {
	http.RoundTripper
	mu      sync.Mutex
	answers []taped
	cookies []string // that were set: session ids, and sealed attempts
}

type taped struct{ where, text string }

func (p *tape) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := p.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	header := res.Header.Clone()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, cookie := range res.Cookies() {
		if cookie.Value != "" {
			p.cookies = append(p.cookies, cookie.Value)
		}
	}
	header.Del("Set-Cookie")
	var text strings.Builder
	_ = header.Write(&text)
	text.Write(body)
	p.answers = append(p.answers, taped{r.Method + " " + r.URL.Path, text.String()})
	return res, nil
}

// A run is everything that people do in one mode, with what must not come out of it.
type run struct {
	*app
	tape      *tape
	path      string
	signsWith string // what requests to Track are signed with
	secrets   map[string]string
}

// TestNoSecretComesOut goes through each mode from sign-in to sign-out, with changes
// that are made, refused and undone, and looks for each secret, in each form in which
// somebody could find it again, in every answer, line of the log, metric and byte of
// the database.
func TestNoSecretComesOut(t *testing.T) {
	for name, start := range map[string]func(*testing.T, ...any) *run{
		"toggl, with a token": func(t *testing.T, options ...any) *run {
			r := newRun(newApp(t, options...))
			r.post("/sign-in", url.Values{"api_token": {"wrong-token-canary"}}).want(http.StatusUnprocessableEntity)
			r.signIn(r.upstream.Owner())
			return r
		},
		"toggl, with a password": func(t *testing.T, options ...any) *run {
			r := newRun(newApp(t, options...))
			owner := r.upstream.Owner()
			r.post("/sign-in", url.Values{"email": {owner.Email}, "password": {"wrong-password-canary"}}).want(http.StatusUnprocessableEntity)
			r.post("/sign-in", url.Values{"email": {owner.Email}, "password": {owner.Password}}).want(http.StatusSeeOther)
			r.signsWith = owner.Password
			return r
		},
		"a provider": func(t *testing.T, options ...any) *run {
			a, p := withProvider(t, options...)
			r := newRun(a)
			p.change(func() { p.refusal = "access_denied" })
			r.throughProvider("").want(http.StatusForbidden)
			p.change(func() { p.refusal = "" })
			r.throughProvider("").want(http.StatusSeeOther)
			r.connectAll()
			r.pass(11 * time.Minute) // the roles are read again
			r.get(r.orgURL()).want(http.StatusOK)
			p.change(func() {
				for _, token := range p.issued {
					r.secrets["a token of the provider, "+token] = token
				}
			})
			r.secrets["the client's secret"] = "client-secret-canary"
			return r
		},
		"a proxy": func(t *testing.T, options ...any) *run {
			r := newRun(behindProxy(t, options...))
			r.secrets["the proxy's secret"] = proxySecret
			r.send(http.MethodGet, "/", exactly("X-Proxy-Secret", "wrong-secret-canary-of-a-proxy")).want(http.StatusForbidden)
			r.get("/").want(http.StatusSeeOther)
			r.connectAll()
			return r
		},
		"a proxy's tokens": func(t *testing.T, options ...any) *run {
			b := behindTokens(t, options...)
			r := newRun(b.app)
			r.secrets["the proxy's token"] = b.proxy.Get(tokenHeader)
			r.send(http.MethodGet, "/", exactly(tokenHeader, "wrong-token-canary")).want(http.StatusForbidden)
			r.connectAll()
			return r
		},
		"a proxy, and one connection for all": func(t *testing.T, options ...any) *run {
			r := newRun(behindProxy(t, append(options, func(o *handlers.Options) {
				owner := sandbox.New(sandbox.Options{Now: o.Now}).Owner() // the same in each sandbox
				o.Shared = apiclient.Credentials{APIToken: owner.APIToken, FocusKey: owner.FocusKey}
			})...))
			r.secrets["the proxy's secret"] = proxySecret
			r.get("/").want(http.StatusSeeOther)
			return r
		},
	} {
		t.Run(name, func(t *testing.T) {
			path, key := filepath.Join(t.TempDir(), "roster.db"), auth.NewKey()
			r := start(t, at(path), func(keys *auth.Keys) { *keys = auth.Keys{key} })
			r.path, r.secrets["the master key"] = path, string(key)
			r.doEverything()
			r.check()
		})
	}
}

func newRun(a *app) *run {
	r := &run{app: a, tape: &tape{RoundTripper: a.client.Transport}, secrets: map[string]string{}}
	a.client.Transport = r.tape
	owner := a.upstream.Owner()
	r.signsWith = owner.APIToken
	r.secrets["the API token"], r.secrets["the password"], r.secrets["the Focus key"] = owner.APIToken, owner.Password, owner.FocusKey
	for _, typed := range []string{"wrong-token-canary", "wrong-password-canary", "wrong-secret-canary-of-a-proxy", "wrong-key-canary"} {
		r.secrets["what was typed, "+typed] = typed
	}
	return r
}

// connectAll connects Track and Focus, at first with what is wrong, and keeps it.
func (r *run) connectAll() {
	r.t.Helper()
	owner := r.upstream.Owner()
	r.post("/connect", url.Values{"email": {owner.Email}, "password": {"wrong-password-canary"}}).want(http.StatusUnprocessableEntity)
	r.post("/connect", url.Values{"api_token": {owner.APIToken}, "focus_key": {owner.FocusKey}, "keep": {"true"}}).want(http.StatusSeeOther)
}

// doEverything opens every page and makes changes that succeed, are refused, and fail.
func (r *run) doEverything() {
	r.t.Helper()
	owner := r.upstream.Owner()
	r.t.Cleanup(func() { _ = r.handlers.Close(r.t.Context()) })
	r.post("/settings/focus", url.Values{"focus_key": {"wrong-key-canary"}})
	r.post("/settings/focus", url.Values{"focus_key": {owner.FocusKey}})
	r.post("/settings/track", url.Values{"api_token": {"wrong-token-canary"}})
	examples := r.withExamples()
	for _, route := range r.routes() {
		if route.Method == http.MethodGet {
			r.get(address(route.Path, examples))
		}
	}
	quoting := jsonString("No: " + r.signsWith + ".")
	for _, status := range []int{400, 401, 403, 404, 429, 500} {
		r.upstream.Script(sandbox.Failure{Operation: "UpdateOrganization", Status: status, Body: quoting})
		r.post(r.orgURL()+"/name", url.Values{"name": {"Halden & Moss 2"}})
	}
	r.upstream.ClearScripts()
	r.upstream.Script(sandbox.Failure{API: "focus", Status: 400, Body: jsonString("No: " + owner.FocusKey)})
	r.post("/settings/focus", url.Values{"focus_key": {owner.FocusKey}})
	r.upstream.ClearScripts()
	r.post(r.orgURL()+"/name", url.Values{"name": {"Halden & Moss 2"}}).want(http.StatusSeeOther)
	r.post(r.orgURL()+"/changes/"+examples["set_id"]+"/undo", url.Values{"confirmed": {"true"}})
	r.become(auth.RoleViewer)
	r.post(r.orgURL()+"/name", url.Values{"name": {"No"}})
	r.get(r.orgURL() + "/activity")
	r.get("/nowhere?api_token=" + owner.APIToken)
	r.post(views.PathSignOut, nil)
	r.get(r.orgURL())
}

// check looks everywhere.
func (r *run) check() {
	r.t.Helper()
	for _, cookie := range r.tape.cookies {
		r.secrets["a cookie, "+cookie] = cookie
	}
	w := httptest.NewRecorder()
	r.handlers.Metrics().ServeHTTP(w, httptest.NewRequestWithContext(r.t.Context(), http.MethodGet, "/metrics", nil))
	places := append([]taped{{"the log", r.log.String()}, {"the metrics", w.Body.String()}}, r.tape.answers...)
	for _, file := range []string{r.path, r.path + "-wal"} {
		content, err := os.ReadFile(file)
		must(r.t, err)
		places = append(places, taped{"the database, " + filepath.Base(file), string(content)})
	}
	if len(places) < 50 || len(places[0].text) < 10_000 {
		r.t.Fatalf("%d places, a log of %d bytes: that was not everything", len(places), len(places[0].text))
	}
	for name, secret := range r.secrets {
		for _, form := range formsOf(secret) {
			for _, place := range places {
				if strings.Contains(place.text, form) && !r.mayHold(place, name) {
					r.t.Errorf("%s holds %s", place.where, name)
				}
			}
		}
	}
}

// mayHold: the provider is told by the browser which session ends there.
func (*run) mayHold(place taped, name string) bool {
	return place.where == "POST "+views.PathSignOut && strings.HasPrefix(name, "a token of the provider, ey")
}

// formsOf are the forms in which a secret could be found again. Base64 depends on
// where in a longer text it stands.
func formsOf(secret string) []string {
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))), strings.Trim(jsonString(secret), `"`)}
	for before := range 3 {
		text := append(make([]byte, before), secret...)
		whole := len(text) / 3 * 3
		encoded := base64.StdEncoding.EncodeToString(text[:whole])[(before*8+5)/6:]
		forms = append(forms, encoded, strings.NewReplacer("+", "-", "/", "_").Replace(encoded))
	}
	return forms
}

// TestFormsOf: what is hidden in them is found.
func TestFormsOf(t *testing.T) {
	const secret = "canary+/?&é 1234567890"
	for name, text := range map[string]string{
		"plain": "x" + secret + "y", "Basic": base64.StdEncoding.EncodeToString([]byte("ada@example.com:" + secret)), "one more": base64.URLEncoding.EncodeToString([]byte("x" + secret + "y")),
		"two more": base64.RawStdEncoding.EncodeToString([]byte("xx" + secret)), "hex": hex.EncodeToString([]byte("x" + secret)), "query": url.Values{"a": {secret}}.Encode(), "JSON": jsonString(secret + "\n"),
	} {
		found := false
		for _, form := range formsOf(secret) {
			found = found || strings.Contains(text, form)
		}
		if !found {
			t.Errorf("%s: not found in %q", name, text)
		}
	}
}
