package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
)

func TestOIDCSignIn(t *testing.T) {
	h := newSSOHouse(t)
	b := &browser{TB: t}
	address := b.begin(h.oidc, "/orgs/7/users?filter=a&page=2")
	query := mustURL(t, address).Query()
	for name, want := range map[string]string{
		"response_type": "code", "response_mode": "query", "client_id": idpClient, "code_challenge_method": "S256", "tenant": "a",
		"redirect_uri": "https://roster.example/sign-in/callback", "scope": "openid profile email groups offline_access",
	} {
		if got := query.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if len(query.Get("state")) != idLength || len(query.Get("nonce")) != idLength || query.Get("state") == query.Get("nonce") {
		t.Errorf("state %q and nonce %q", query.Get("state"), query.Get("nonce"))
	}
	got, err := b.finish(h.oidc, h.answerTo(address))
	if err != nil {
		t.Fatal(err)
	}
	want := SignedIn{
		Identity: Identity{
			Issuer: h.idp.issuer, Subject: "user-1", Name: "Ana Ōno", Email: "ana@mail.example",
			Groups: []string{"staff", "a,b"}, GroupsKnown: true,
		},
		ReturnTo: "/orgs/7/users?filter=a&page=2",
		Provider: ProviderSession{
			Issuer: h.idp.issuer, Subject: "user-1", SID: "sid-canary", Nonce: query.Get("nonce"),
			IDToken: got.Provider.IDToken, RefreshToken: h.idp.refresh, CheckedAt: h.now,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || strings.Count(got.Provider.IDToken, ".") != 2 {
		t.Error(diff)
	}
	if len(b.cookies) != 0 {
		t.Errorf("the browser keeps %d cookies of a finished sign-in", len(b.cookies))
	}
}

func TestAttemptCookie(t *testing.T) {
	h := newSSOHouse(t)
	for url, want := range map[string]http.Cookie{
		"https://roster.example": {Name: "__Host-roster-oidc-", Secure: true},
		"http://127.0.0.1:8080":  {Name: "roster-oidc-"},
	} {
		o := h.replica(func(o *OIDCOptions) { o.PublicURL = mustURL(t, url) })
		b := &browser{TB: t}
		address := b.begin(o, "/orgs/7")
		got, query := b.cookies[0], mustURL(t, address).Query()
		sum := sha256.Sum256([]byte(query.Get("state")))
		want := &http.Cookie{
			Name: want.Name + base64.RawURLEncoding.EncodeToString(sum[:12]), Secure: want.Secure, Value: got.Value, Raw: got.Raw,
			Path: "/", MaxAge: 600, Expires: got.Expires, RawExpires: got.RawExpires, HttpOnly: true, SameSite: http.SameSiteLaxMode, // no Domain
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		opened, _ := base64.RawURLEncoding.DecodeString(got.Value)
		for _, secret := range []string{query.Get("state"), query.Get("nonce"), "/orgs/7"} {
			if strings.Contains(string(opened), secret) || strings.Contains(got.Name, secret) {
				t.Errorf("the cookie tells %q", secret)
			}
		}
	}
}

func TestTwoTabsBothSignIn(t *testing.T) {
	h := newSSOHouse(t)
	b := &browser{TB: t}
	first, second := h.answerTo(b.begin(h.oidc, "/orgs/1")), h.answerTo(b.begin(h.oidc, "/orgs/2"))
	for want, answer := range map[string]map[string][]string{"/orgs/1": first, "/orgs/2": second} {
		if got, err := b.finish(h.oidc, answer); err != nil || got.ReturnTo != want {
			t.Errorf("got %q, %v, want %q", got.ReturnTo, err, want)
		}
	}
}

func TestSignInEndsOnAnotherReplica(t *testing.T) {
	h := newSSOHouse(t)
	other := h.replica(func(o *OIDCOptions) { o.Keys = Keys{newKey, oldKey} })
	b := &browser{TB: t}
	if _, err := b.finish(other, h.answerTo(b.begin(h.oidc, "/"))); err != nil {
		t.Error(err)
	}
}

func TestAttemptsOfABrowserAreBounded(t *testing.T) {
	h := newSSOHouse(t)
	b := &browser{TB: t}
	long := "/" + strings.Repeat("a", maxAttemptReturn-1)
	first := h.answerTo(b.begin(h.oidc, long))
	for range 3 * maxAttempts {
		h.now = h.now.Add(time.Second)
		b.begin(h.oidc, long)
		if len(b.cookies) > maxAttempts {
			t.Fatalf("%d cookies", len(b.cookies))
		}
	}
	size := 0
	for _, c := range b.cookies {
		size += len(c.Name) + len(c.Value) + len("; =")
	}
	if size > 7<<10 {
		t.Errorf("the cookies are %d bytes, which leaves nothing of a proxy's 8 KB", size)
	}
	last := h.answerTo(b.begin(h.oidc, "/"))
	if _, err := b.finish(h.oidc, first); !errors.Is(err, ErrAttempt) {
		t.Errorf("the oldest: got %v", err)
	}
	if _, err := b.finish(h.oidc, last); err != nil {
		t.Errorf("the newest: %v", err)
	}
}

func TestPlantedAttemptCookiesAreTidiedAway(t *testing.T) {
	h := newSSOHouse(t)
	b := &browser{TB: t}
	for i := range 100 {
		b.cookies = append(b.cookies, &http.Cookie{Name: "__Host-roster-oidc-" + strings.Repeat("x", i), Value: "planted"})
	}
	w := httptest.NewRecorder()
	if _, err := h.oidc.Begin(w, b.request("/sign-in"), "/"); err != nil {
		t.Fatal(err)
	}
	if n := len(w.Result().Cookies()); n != maxAttemptCookies+1 {
		t.Errorf("%d cookies are sent, want %d deleted and a new one", n, maxAttemptCookies)
	}
}

func TestReturnAddressOfASignIn(t *testing.T) {
	h := newSSOHouse(t)
	for returnTo, want := range map[string]string{
		"/orgs/7?a=%26&b=1":                              "/orgs/7?a=%26&b=1",
		"//evil.example":                                 "/",
		"https://evil.example/":                          "/",
		"/sign-in?return_to=/sign-in":                    "/",
		"/" + strings.Repeat("a", maxAttemptReturn):      "/",
		"/?" + strings.Repeat("&", maxAttemptReturn-100): "/?" + strings.Repeat("&", maxAttemptReturn-100),
	} {
		b := &browser{TB: t}
		answer := h.answerTo(b.begin(h.oidc, returnTo))
		if n := len(b.cookies[0].Raw); n > 4096 {
			t.Errorf("a cookie of %d bytes is more than browsers keep", n)
		}
		if got, err := b.finish(h.oidc, answer); err != nil || got.ReturnTo != want {
			t.Errorf("%.40q: got %.40q, %v, want %.40q", returnTo, got.ReturnTo, err, want)
		}
	}
}

// TestAnswerAgain: an answer that could not be taken for want of the store, or of the
// provider's addresses, is taken when the page is loaded again.
func TestAnswerAgain(t *testing.T) {
	h := newSSOHouse(t)
	b := &browser{TB: t}
	answer := h.answerTo(b.begin(h.oidc, "/orgs"))
	h.idp.before = on(documentPath, status(http.StatusBadGateway))
	fresh := h.replica(nil)
	if _, err := b.finish(fresh, answer); !errors.Is(err, ErrProvider) {
		t.Errorf("without the provider: %v", err)
	}
	h.idp.before = nil
	h.now = h.now.Add(time.Minute)
	h.exec("ALTER TABLE used_marks RENAME TO away")
	if _, err := b.finish(fresh, answer); err == nil || errors.Is(err, ErrAttempt) || errors.Is(err, ErrProvider) {
		t.Errorf("without the store: %v", err)
	}
	h.exec("ALTER TABLE away RENAME TO used_marks")
	if _, err := b.finish(fresh, answer); err != nil {
		t.Errorf("again: %v", err)
	}
	if _, err := b.finish(fresh, answer); !errors.Is(err, ErrAttempt) {
		t.Errorf("and once more: %v", err)
	}
}

func TestClientAuthentication(t *testing.T) {
	for name, tt := range map[string]struct {
		methods   any
		secret    string
		inHeader  bool
		wantError bool
	}{
		"nothing said":  {nil, idpSecret, true, false},
		"basic":         {[]string{"client_secret_post", "client_secret_basic"}, idpSecret, true, false},
		"post":          {[]string{"client_secret_post"}, idpSecret, false, false},
		"public client": {nil, "", false, true},
		"wrong secret":  {nil, "wrong", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newSSOHouse(t)
			h.idp.config = map[string]any{"token_endpoint_auth_methods_supported": tt.methods}
			inHeader := false
			h.idp.before = func(_ http.ResponseWriter, r *http.Request) bool {
				inHeader = inHeader || r.Header.Get("Authorization") != "" && r.URL.Path == "/token"
				return false
			}
			_, err := h.signInThrough(&browser{TB: t}, h.replica(func(o *OIDCOptions) { o.ClientSecret = tt.secret }))
			if (err != nil) != tt.wantError || inHeader != tt.inHeader || err != nil && !errors.Is(err, ErrProvider) {
				t.Errorf("in the header: %t, error %v", inHeader, err)
			}
			if n := h.idp.asked("/token"); n != 1 {
				t.Errorf("the code was sent %d times", n)
			}
		})
	}
}

func TestSigningAlgorithmsOfTheProvider(t *testing.T) {
	h := newSSOHouse(t)
	h.idp.spoil = func(m *minting) { m.alg, m.key, m.keyID = jose.ES256, curveKey, "curve" }
	h.mustSignIn()
	h.idp.config = map[string]any{"id_token_signing_alg_values_supported": []string{"RS256"}}
	if _, err := h.signInThrough(&browser{TB: t}, h.replica(nil)); !errors.Is(err, ErrBadAnswer) {
		t.Errorf("an algorithm that the provider does not name: %v", err)
	}
}

func TestNewOIDCRefuses(t *testing.T) {
	h := newSSOHouse(t)
	good := OIDCOptions{
		Issuer: "https://id.example/realm", ClientID: idpClient, PublicURL: mustURL(t, "https://roster.example"), Keys: Keys{oldKey}, Store: h.store,
	}
	if _, err := NewOIDC(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*OIDCOptions){
		"no issuer":         func(o *OIDCOptions) { o.Issuer = "" },
		"plain http":        func(o *OIDCOptions) { o.Issuer = "http://id.example" },
		"another scheme":    func(o *OIDCOptions) { o.Issuer = "file:///etc/passwd" },
		"no host":           func(o *OIDCOptions) { o.Issuer = "https:///realm" },
		"a password":        func(o *OIDCOptions) { o.Issuer = "https://a:b@id.example" },
		"a query":           func(o *OIDCOptions) { o.Issuer = "https://id.example/?a" },
		"an empty query":    func(o *OIDCOptions) { o.Issuer = "https://id.example/?" },
		"a fragment":        func(o *OIDCOptions) { o.Issuer = "https://id.example/#a" },
		"a space":           func(o *OIDCOptions) { o.Issuer = "https://id.example/a b" },
		"no client":         func(o *OIDCOptions) { o.ClientID = "" },
		"no store":          func(o *OIDCOptions) { o.Store = nil },
		"no key":            func(o *OIDCOptions) { o.Keys = nil },
		"no public URL":     func(o *OIDCOptions) { o.PublicURL = nil },
		"plain http public": func(o *OIDCOptions) { o.PublicURL = mustURL(t, "http://roster.example") },
	} {
		o := good
		spoil(&o)
		if _, err := NewOIDC(o); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
