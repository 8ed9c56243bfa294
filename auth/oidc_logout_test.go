package auth

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
)

func logoutRequest(t testing.TB, token string) *http.Request {
	return formRequest(t, url.Values{"logout_token": {token}}.Encode())
}

func formRequest(t testing.TB, body string) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, OIDCBackChannelLogoutPath, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

func TestBackChannelLogout(t *testing.T) {
	h := newSSOHouse(t)
	without := func(names ...string) func(*minting) {
		return func(m *minting) {
			for _, name := range names {
				delete(m.claims, name)
			}
		}
	}
	for name, tt := range map[string]struct {
		spoil func(*minting)
		want  [2]string // subject and SID
	}{
		"of a session":         {nil, [2]string{"user-1", "sid-canary"}},
		"without a subject":    {without("sub"), [2]string{"", "sid-canary"}},
		"of all sessions":      {without("sid"), [2]string{"user-1", ""}},
		"of an older provider": {func(m *minting) { m.header = nil }, [2]string{"user-1", "sid-canary"}},
		"of Keycloak":          {func(m *minting) { m.header["typ"], m.claims["typ"] = "JWT", "Logout" }, [2]string{"user-1", "sid-canary"}},
		"to several":           {func(m *minting) { m.claims["aud"] = []string{"x", idpClient} }, [2]string{"user-1", "sid-canary"}},
	} {
		got, err := h.oidc.BackChannelLogout(logoutRequest(t, h.idp.logoutToken(tt.spoil)))
		if [2]string{got.Subject, got.SID} != tt.want || got.Issuer != h.idp.issuer || err != nil {
			t.Errorf("%s: got %v, %v, want %v", name, got, err, tt.want)
		}
	}
}

func TestHostileLogoutTokens(t *testing.T) {
	const event = "http://schemas.openid.net/event/backchannel-logout"
	h := newSSOHouse(t)
	claim := func(name string, value any) func(*minting) {
		return func(m *minting) { m.claims[name] = value }
	}
	without := func(name string) func(*minting) {
		return func(m *minting) { delete(m.claims, name) }
	}
	for name, spoil := range map[string]func(*minting){
		"an ID token":            func(m *minting) { delete(m.claims, "events"); m.claims["nonce"] = "a" },
		"a nonce":                claim("nonce", "a"),
		"a nonce that is null":   claim("nonce", nil),
		"no event":               without("events"),
		"another event":          claim("events", map[string]any{"http://schemas.openid.net/event/login": map[string]any{}}),
		"an event that is true":  claim("events", map[string]any{event: true}),
		"an event that is null":  claim("events", map[string]any{event: nil}),
		"events in capitals":     func(m *minting) { m.claims["Events"] = m.claims["events"]; delete(m.claims, "events") },
		"nobody":                 func(m *minting) { delete(m.claims, "sub"); delete(m.claims, "sid") },
		"no name of its own":     without("jti"),
		"another issuer":         claim("iss", "https://evil.example"),
		"another audience":       claim("aud", "someone-else"),
		"expired":                claim("exp", h.now.Unix()-1),
		"no end":                 without("exp"),
		"no issue time":          without("iat"),
		"from the future":        claim("iat", h.now.Add(clockSkew+time.Second).Unix()),
		"old, with a late end":   claim("iat", h.now.Add(-maxLogoutAge-time.Second).Unix()),
		"a subject of two lines": claim("sub", "user\n1"),
		"an endless session":     claim("sid", strings.Repeat("a", maxSID+1)),
		"two spellings":          claim("ſid", "another"),
		"no algorithm":           func(m *minting) { m.alg = "none" },
		"the public key's HMAC":  func(m *minting) { m.alg, m.key = jose.HS256, must(jose.JSONWebKey{Key: idpKey.Public()}.MarshalJSON()) },
		"another's signature":    func(m *minting) { m.key = otherKey },
		"an access token":        func(m *minting) { m.header["typ"] = "at+jwt" },
		"no token":               func(m *minting) { m.raw = func(string) string { return "garbage" } },
		"an empty one":           func(m *minting) { m.raw = func(string) string { return "" } },
	} {
		t.Run(name, func(t *testing.T) {
			got, err := h.oidc.BackChannelLogout(logoutRequest(t, h.idp.logoutToken(spoil)))
			if !errors.Is(err, ErrLogoutRefused) || got != (Logout{}) {
				t.Errorf("got %v, %v, want %v", got, err, ErrLogoutRefused)
			}
		})
	}
}

func TestHostileLogoutRequests(t *testing.T) {
	h := newSSOHouse(t)
	form := func() string { return url.Values{"logout_token": {h.idp.logoutToken(nil)}}.Encode() }
	for name, r := range map[string]*http.Request{
		"a GET":          httptest.NewRequest(http.MethodGet, OIDCBackChannelLogoutPath+"?"+form(), nil),
		"in the address": func() *http.Request { r := formRequest(t, ""); r.URL.RawQuery = form(); return r }(),
		"two tokens":     formRequest(t, form()+"&"+form()),
		"no token":       formRequest(t, "a=b"),
		"too large":      formRequest(t, form()+"&a="+strings.Repeat("a", maxLogoutBody)),
		"no form": func() *http.Request {
			r := formRequest(t, form())
			r.Header.Set("Content-Type", "text/plain")
			return r
		}(),
		"a form of many parts": func() *http.Request {
			r := formRequest(t, form())
			r.Header.Set("Content-Type", "multipart/form-data; boundary=a")
			return r
		}(),
		"broken escapes": formRequest(t, form()+"&a=%zz"),
	} {
		if got, err := h.oidc.BackChannelLogout(r); !errors.Is(err, ErrLogoutRefused) || got != (Logout{}) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	if n := h.idp.asked(documentPath); n != 0 {
		t.Errorf("the provider was asked %d times for what is no token", n)
	}
}

func TestLogoutWhileTheProviderIsDown(t *testing.T) {
	h := newSSOHouse(t)
	token := h.idp.logoutToken(nil)
	for _, path := range []string{documentPath, "/keys"} {
		h.idp.before = on(path, status(http.StatusBadGateway))
		if _, err := h.oidc.BackChannelLogout(logoutRequest(t, token)); !errors.Is(err, ErrProvider) || errors.Is(err, ErrLogoutRefused) {
			t.Errorf("without %s: got %v", path, err)
		}
		h.now = h.now.Add(time.Second)
	}
}

func TestEndSessionURL(t *testing.T) {
	h := newSSOHouse(t)
	if got := h.oidc.EndSessionURL(ProviderSession{IDToken: "token"}); got != "" {
		t.Errorf("before the provider is known: %s", got)
	}
	if err := h.oidc.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	short, long := "id-token", strings.Repeat("a", maxTokenHint+1)
	for _, token := range []string{short, long, ""} {
		want := url.Values{"tenant": {"a"}, "client_id": {idpClient}, "post_logout_redirect_uri": {"https://roster.example/sign-in"}}
		if token == short {
			want.Set("id_token_hint", short)
		}
		got := mustURL(t, h.oidc.EndSessionURL(ProviderSession{IDToken: token}))
		if diff := cmp.Diff(want, got.Query()); diff != "" || got.Path != "/end" {
			t.Error(diff)
		}
	}
	h.idp.config = map[string]any{"end_session_endpoint": ""}
	o := h.replica(nil)
	if err := o.Ready(t.Context()); err != nil || o.EndSessionURL(ProviderSession{}) != "" {
		t.Errorf("a provider without an end: %q, %v", o.EndSessionURL(ProviderSession{}), err)
	}
}

// TestProviderOfARowIsBound: who can write to the database can't keep a session from
// ending with the provider's.
func TestProviderOfARowIsBound(t *testing.T) {
	for _, query := range []string{
		`UPDATE sessions SET provider = NULL WHERE key = ?1`,
		`UPDATE sessions SET provider = x'00' WHERE key = ?1`,
		`UPDATE sessions SET provider = NULL, subject = printf('%s %s', lower(hex(provider)), subject) WHERE key = ?1`,
	} {
		h := newHouse(t)
		id := h.signIn()
		h.exec(query, hashID(id))
		h.wantSignedIn(id, false)
	}
}

func TestNothingOfASignInIsPrinted(t *testing.T) {
	h := newSSOHouse(t)
	signedIn := h.mustSignIn()
	options := OIDCOptions{ClientSecret: idpSecret, Keys: Keys{[]byte("key-canary")}}
	for _, v := range []any{
		signedIn, &signedIn, signedIn.Provider, &signedIn.Provider, options, &options, h.oidc, *h.oidc,
		[]any{signedIn, options, h.oidc},
		struct{ o OIDC }{*h.oidc},
		map[string]any{"a": options},
		attempt{Nonce: canary},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, canary) || strings.Contains(got, fmt.Sprintf("%x", canary)) {
				t.Errorf("%s of %T prints a secret: %.200s", verb, v, got)
			}
		}
	}
}
