package handlers_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"roster/auth"
	"roster/handlers"
)

// idpKey signs for every provider of these tests: making one takes a while.
var idpKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// An idp is an OpenID provider at which somebody is signed in already.
type idp struct {
	t      testing.TB
	server *httptest.Server
	now    func() time.Time

	mu      sync.Mutex
	person  map[string]any // the claims about whoever is signed in there
	refusal string         // the error in place of a code
	ended   bool           // refresh tokens are no longer taken
	forgets bool           // gives no refresh tokens
	down    bool
	asked   map[string]url.Values // by code: what the browser brought
	// mint makes the ID token of these claims; nil: sign does.
	mint func(claims map[string]any) string
	// careless takes codes without their verifier, and again and again.
	careless bool
	keys     int      // how often they were read
	issued   []string // all tokens
}

func newIDP(t testing.TB) *idp {
	t.Helper()
	p := &idp{t: t, asked: map[string]url.Values{}, person: map[string]any{
		"sub": "ada", "name": "Ada Admin", "email": "ada@corp.example", "groups": []string{"staff", "roster-editors"}, "sid": "session-1",
	}}
	p.server = httptest.NewServer(p)
	t.Cleanup(p.server.Close)
	return p
}

// change edits what the provider says from now on.
func (p *idp) change(edit func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	edit()
}

func (p *idp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.down:
		http.Error(w, "down", http.StatusServiceUnavailable)
	case r.URL.Path == "/.well-known/openid-configuration":
		p.answer(w, map[string]any{
			"issuer": p.server.URL, "authorization_endpoint": p.server.URL + "/auth", "token_endpoint": p.server.URL + "/token",
			"jwks_uri": p.server.URL + "/keys", "end_session_endpoint": p.server.URL + "/end", "id_token_signing_alg_values_supported": []string{"RS256"},
			"code_challenge_methods_supported": []string{"S256"}, "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		})
	case r.URL.Path == "/keys":
		p.keys++
		p.answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: idpKey().Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	case r.URL.Path == "/auth":
		p.authorize(w, r)
	case r.URL.Path == "/token":
		p.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *idp) authorize(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	back := url.Values{"state": {asked.Get("state")}, "iss": {p.server.URL}}
	if p.refusal != "" {
		back.Set("error", p.refusal)
	} else {
		code := rand.Text()
		p.asked[code] = asked
		back.Set("code", code)
	}
	http.Redirect(w, r, asked.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	claims, first := maps.Clone(p.person), r.FormValue("grant_type") == "authorization_code"
	if first {
		claims["nonce"] = p.asked[r.FormValue("code")].Get("nonce")
	}
	if first && !p.takes(r) || !first && p.ended {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		p.answer(w, map[string]any{"error": "invalid_grant"})
		return
	}
	token := ""
	if p.mint != nil {
		token = p.mint(claims)
	} else {
		token = p.sign(claims, "JWT")
	}
	access, refresh := "access-"+rand.Text(), "refresh-"+rand.Text()
	p.issued = append(p.issued, access, refresh, token)
	answer := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 600, "refresh_token": refresh, "id_token": token}
	if p.forgets {
		delete(answer, "refresh_token")
	}
	p.answer(w, answer)
}

// takes reports whether a code is good, which it is once and with its verifier.
func (p *idp) takes(r *http.Request) bool {
	code := r.FormValue("code")
	asked, ok := p.asked[code]
	if !p.careless {
		delete(p.asked, code)
	}
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	return ok && (p.careless || asked.Get("code_challenge") == base64.RawURLEncoding.EncodeToString(sum[:]))
}

func (p *idp) answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

// sign makes a token of these claims and those that all of its tokens have.
func (p *idp) sign(claims map[string]any, kind string) string {
	return p.signBy(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: idpKey(), KeyID: "1"}}, claims, kind)
}

// whole are claims and those that all tokens have.
func (p *idp) whole(claims map[string]any) []byte {
	now := p.now()
	all := map[string]any{"iss": p.server.URL, "aud": "roster", "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}
	maps.Copy(all, claims)
	payload, err := json.Marshal(all)
	must(p.t, err)
	return payload
}

func (p *idp) signBy(key jose.SigningKey, claims map[string]any, kind string) string {
	payload := p.whole(claims)
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType(jose.ContentType(kind)))
	must(p.t, err)
	signed, err := signer.Sign(payload)
	must(p.t, err)
	token, err := signed.CompactSerialize()
	must(p.t, err)
	return token
}

// editorsOfGroups are the roles of these tests.
var ssoPolicy = auth.Policy{EditorGroups: []string{"roster-editors"}, ViewerGroups: []string{"roster-viewers"}}

// withProvider is an app at which a provider signs people in.
func withProvider(t testing.TB, options ...any) (*app, *idp) {
	t.Helper()
	p := newIDP(t)
	wire := func(o *handlers.Options) {
		p.now = o.Now
		var err error
		o.Policy, o.Recheck = ssoPolicy, 10*time.Minute
		o.Provider, err = auth.NewOIDC(auth.OIDCOptions{
			Issuer: p.server.URL, ClientID: "roster", ClientSecret: "client-secret-canary", PublicURL: o.PublicURL,
			Scopes: []string{"openid", "groups", "offline_access"}, GroupsClaim: "groups", Keys: auth.Keys{auth.NewKey()}, Store: o.Store, Now: o.Now,
		})
		must(t, err)
		o.Connections, err = auth.NewConnections(auth.ConnectionOptions{Store: o.Store, Keys: auth.Keys{auth.NewKey()}, Now: o.Now})
		must(t, err)
	}
	return newApp(t, append([]any{wire}, options...)...), p
}

// throughProvider presses the button and does what a browser does with the pages
// on the way. It returns the answer of the callback.
func (a *app) throughProvider(returnTo string) page {
	a.t.Helper()
	begun := a.post("/sign-in", url.Values{"return_to": {returnTo}}).want(http.StatusOK)
	return a.comeBack(begun.attr("#forward", "href"))
}

func (a *app) comeBack(address string) page {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), http.MethodGet, address, nil)
	must(a.t, err)
	res, err := newBrowser(a.t).Do(r)
	must(a.t, err)
	must(a.t, res.Body.Close())
	callback, err := url.Parse(res.Header.Get("Location"))
	must(a.t, err)
	return a.get(callback.RequestURI())
}
