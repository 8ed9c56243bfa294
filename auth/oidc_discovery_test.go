package auth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const documentPath = "/.well-known/openid-configuration"

func TestProviderDownAtFirst(t *testing.T) {
	h := newSSOHouse(t)
	h.idp.before = on(documentPath, status(http.StatusServiceUnavailable))
	wantDown := func(asked int) {
		t.Helper()
		if _, err := h.oidc.Begin(httptest.NewRecorder(), (&browser{TB: t}).request("/"), "/"); !errors.Is(err, ErrProvider) {
			t.Errorf("got %v, want %v", err, ErrProvider)
		}
		if n := h.idp.asked(documentPath); n != asked {
			t.Errorf("it was asked %d times, want %d", n, asked)
		}
	}
	wantDown(1)
	wantDown(1) // it is left alone for a second
	if err := h.oidc.Ready(t.Context()); !errors.Is(err, ErrProvider) {
		t.Errorf("ready: %v", err)
	}
	h.now = h.now.Add(time.Second)
	wantDown(2)
	h.now = h.now.Add(time.Second)
	wantDown(2) // and then for two
	for range 10 {
		h.now = h.now.Add(discoveryLastWait)
		if err := h.oidc.Ready(t.Context()); err == nil {
			t.Fatal("ready")
		}
	}
	if n := h.idp.asked(documentPath); n != 12 {
		t.Errorf("after five minutes it was asked %d times, want 12", n)
	}

	h.idp.before = nil
	h.now = h.now.Add(discoveryLastWait)
	if err := h.oidc.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	h.mustSignIn()
	h.idp.before = on(documentPath, status(http.StatusServiceUnavailable)) // what is known is kept
	h.mustSignIn()
}

func TestManyWantToSignInAtOnce(t *testing.T) {
	h := newSSOHouse(t)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() { (&browser{TB: t}).begin(h.oidc, "/") })
	}
	wg.Wait()
	if n := h.idp.asked(documentPath); n != 1 {
		t.Errorf("the provider was asked %d times", n)
	}
}

func TestWhoGoesAwayDoesNotSpoilDiscovery(t *testing.T) {
	h := newSSOHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.oidc.discovery.ask(context.WithoutCancel(ctx)); err != nil {
		t.Fatal(err)
	}
	h.oidc.discovery.asking <- struct{}{} // somebody is asking, and it takes long
	if err := h.oidc.Ready(ctx); !errors.Is(err, ErrProvider) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-h.oidc.discovery.asking
	h.mustSignIn()
}

func TestHostileDiscovery(t *testing.T) {
	config := func(name string, value any) func(*idp) {
		return func(p *idp) { p.config = map[string]any{name: value} }
	}
	answer := func(handler http.HandlerFunc) func(*idp) {
		return func(p *idp) { p.before = on(documentPath, handler) }
	}
	for name, spoil := range map[string]func(*idp){
		"another issuer":              config("issuer", "https://evil.example"),
		"the issuer with a slash":     func(p *idp) { p.config = map[string]any{"issuer": p.issuer + "/"} },
		"no issuer":                   config("issuer", ""),
		"no sign-in address":          config("authorization_endpoint", ""),
		"a script for an address":     config("authorization_endpoint", "javascript:alert(1)"),
		"an address without a host":   config("authorization_endpoint", "https:///authorize"),
		"a relative address":          config("token_endpoint", "/token"),
		"no token address":            config("token_endpoint", ""),
		"a file of keys":              config("jwks_uri", "file:///etc/passwd"),
		"no keys":                     config("jwks_uri", ""),
		"a password in an address":    config("userinfo_endpoint", "https://a:b@id.example/userinfo"),
		"an end of another kind":      config("end_session_endpoint", "data:text/html,a"),
		"only symmetric signatures":   config("id_token_signing_alg_values_supported", []string{"HS256", "none"}),
		"no signatures":               config("id_token_signing_alg_values_supported", []string{}),
		"an algorithm that is a text": config("id_token_signing_alg_values_supported", "RS256"),
		"more than is read":           config("padding", strings.Repeat("a", maxAnswer)),
		"not found":                   answer(http.NotFound),
		"elsewhere":                   answer(redirect),
		"a page":                      answer(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<!doctype html>")) }),
		"endless":                     answer(endless),
		"cut off":                     answer(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		"silent":                      answer(silent),
	} {
		t.Run(name, func(t *testing.T) {
			h := newSSOHouse(t)
			spoil(h.idp)
			o := h.replica(func(o *OIDCOptions) { o.HTTPClient = &http.Client{Timeout: 200 * time.Millisecond} })
			w := httptest.NewRecorder()
			address, err := o.Begin(w, (&browser{TB: t}).request("/"), "/")
			if !errors.Is(err, ErrProvider) || address != "" || len(w.Result().Cookies()) != 0 {
				t.Errorf("got %q, %v", address, err)
			}
			if err != nil && len(err.Error()) > 500 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
		})
	}
}

func TestPlainAddressesOfASafeIssuer(t *testing.T) {
	for address, want := range map[string]bool{
		"https://id.example/token": true, "https://elsewhere.example/token?a=b": true, "http://id.example/token": false,
		"HTTPS://id.example": true, "//id.example/token": false, "https://id.example/#a": false,
	} {
		if got := safeEndpoint(address, "https://id.example"); got != want {
			t.Errorf("%s: got %t", address, got)
		}
	}
}

func TestTokenEndpointFails(t *testing.T) {
	write := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write([]byte(body))
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"down":            status(http.StatusBadGateway),
		"elsewhere":       redirect,
		"endless":         endless,
		"cut off":         func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"a page":          write("text/html", "<p>secret-canary</p>"),
		"no tokens":       write("application/json", "{}"),
		"a secret echoed": write("application/json", `{"error": "secret-canary", "error_uri": "secret-canary"}`),
		"a form":          write("application/x-www-form-urlencoded", "error=secret-canary%00"),
		"silent":          silent,
	} {
		t.Run(name, func(t *testing.T) {
			h := newSSOHouse(t)
			h.idp.before = on("/token", answer)
			o := h.replica(func(o *OIDCOptions) { o.HTTPClient = &http.Client{Timeout: 200 * time.Millisecond} })
			_, err := h.signInThrough(&browser{TB: t}, o)
			if !errors.Is(err, ErrProvider) || strings.Contains(err.Error(), canary) || len(err.Error()) > 600 {
				t.Errorf("got %v", err)
			}
			if n := h.idp.asked("/token"); n != 1 {
				t.Errorf("the code was sent %d times", n)
			}
		})
	}
}

// silent answers never. Only once the body is read the server sees that the client left.
func silent(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}
