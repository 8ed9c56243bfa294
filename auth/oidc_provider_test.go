package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	idpClient = "roster"
	idpSecret = "client-secret-canary"
	keyID     = "key-1"
)

// Keys are slow to make, and nobody changes them.
var (
	idpKey   = must(rsa.GenerateKey(rand.Reader, 2048))
	otherKey = must(rsa.GenerateKey(rand.Reader, 2048))
	curveKey = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// idp is an OpenID provider that can be told to misbehave. It knows one person.
type idp struct {
	testing.TB
	server *httptest.Server
	issuer string
	now    func() time.Time

	// What it says and does: a test changes it before it asks.
	config map[string]any                                // over the discovery document
	spoil  func(*minting)                                // over each ID token
	tokens func(answer map[string]any)                   // over each answer with tokens
	refuse string                                        // the token endpoint's error
	about  map[string]any                                // user info; nil: there is none
	before func(http.ResponseWriter, *http.Request) bool // takes the request over
	keySet []jose.JSONWebKey

	mu       sync.Mutex
	requests map[string]int        // by path
	grants   map[string]url.Values // by code: what the browser brought
	refresh  string                // the one that is good now
}

// minting is an ID token about to be signed.
type minting struct {
	claims map[string]any
	header map[jose.HeaderKey]any
	alg    jose.SignatureAlgorithm
	key    any
	keyID  string
	raw    func(token string) string
}

func newIDP(t testing.TB, now func() time.Time) *idp {
	t.Helper()
	p := &idp{
		TB: t, now: now, requests: map[string]int{}, grants: map[string]url.Values{},
		keySet: []jose.JSONWebKey{{Key: idpKey.Public(), KeyID: keyID, Use: "sig"}, {Key: curveKey.Public(), KeyID: "curve", Use: "sig"}},
	}
	p.server = httptest.NewServer(p)
	t.Cleanup(p.server.Close)
	p.issuer = p.server.URL
	return p
}

func (p *idp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.requests[r.URL.Path]++
	p.mu.Unlock()
	if p.before != nil && p.before(w, r) {
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		p.answer(w, http.StatusOK, p.document())
	case "/keys":
		p.answer(w, http.StatusOK, jose.JSONWebKeySet{Keys: p.keySet})
	case "/token":
		p.token(w, r)
	case "/userinfo":
		if p.about == nil || r.Header.Get("Authorization") != "Bearer access-canary" {
			p.answer(w, http.StatusUnauthorized, nil)
			return
		}
		p.answer(w, http.StatusOK, p.about)
	default:
		http.NotFound(w, r)
	}
}

func (p *idp) document() map[string]any {
	document := map[string]any{
		"issuer": p.issuer, "authorization_endpoint": p.issuer + "/authorize?tenant=a", "token_endpoint": p.issuer + "/token",
		"jwks_uri": p.issuer + "/keys", "userinfo_endpoint": p.issuer + "/userinfo", "end_session_endpoint": p.issuer + "/end?tenant=a",
		"id_token_signing_alg_values_supported": []string{"RS256", "ES256", "HS256", "none"},
	}
	maps.Copy(document, p.config)
	return document
}

func (*idp) answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// authorize is what the person does at the provider: it returns the code.
func (p *idp) authorize(address string) (code string) {
	p.Helper()
	code = "code-canary-" + rand.Text()
	p.grants[code] = mustURL(p, address).Query()
	return code
}

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	if id == "" {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	switch {
	case p.refuse != "":
		p.answer(w, http.StatusBadRequest, map[string]any{"error": p.refuse, "error_description": "words-canary"})
		return
	case id != idpClient || secret != idpSecret:
		p.answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	nonce, ok := p.granted(r)
	if !ok {
		p.answer(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		return
	}
	p.mu.Lock()
	p.refresh = "refresh-canary-" + rand.Text()
	answer := map[string]any{
		"access_token": "access-canary", "token_type": "Bearer", "expires_in": 300,
		"refresh_token": p.refresh, "id_token": p.mint(nonce),
	}
	p.mu.Unlock()
	if p.tokens != nil {
		p.tokens(answer)
	}
	p.answer(w, http.StatusOK, answer)
}

// granted takes the code, or the refresh token, which are good once.
func (p *idp) granted(r *http.Request) (nonce string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.PostFormValue("grant_type") == "refresh_token" {
		return "", r.PostFormValue("refresh_token") == p.refresh
	}
	code := r.PostFormValue("code")
	asked, ok := p.grants[code]
	delete(p.grants, code)
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	return asked.Get("nonce"), ok && asked.Get("code_challenge_method") == "S256" &&
		asked.Get("code_challenge") == base64.RawURLEncoding.EncodeToString(sum[:]) &&
		asked.Get("redirect_uri") == r.PostFormValue("redirect_uri")
}

// mint signs an ID token, spoilt if a test wants it so.
func (p *idp) mint(nonce string) string {
	now := p.now()
	m := &minting{
		alg: jose.RS256, key: idpKey, keyID: keyID,
		claims: map[string]any{
			"iss": p.issuer, "sub": "user-1", "aud": idpClient, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
			"sid": "sid-canary", "name": "Ana Ōno", "email": "ana@mail.example", "groups": []string{"staff", "a,b"},
		},
		header: map[jose.HeaderKey]any{"typ": "JWT"},
	}
	if nonce != "" {
		m.claims["nonce"] = nonce
	}
	if p.spoil != nil {
		p.spoil(m)
	}
	return m.sign(p)
}

func (m *minting) sign(t testing.TB) string {
	token := ""
	if m.alg == "none" {
		token = unsigned(t, m.claims)
	} else {
		signer, err := jose.NewSigner(
			jose.SigningKey{Algorithm: m.alg, Key: jose.JSONWebKey{Key: m.key, KeyID: m.keyID}}, &jose.SignerOptions{ExtraHeaders: m.header})
		if err != nil {
			panic(err)
		}
		signed := must(signer.Sign(must(json.Marshal(m.claims))))
		token = must(signed.CompactSerialize())
	}
	if m.raw != nil {
		return m.raw(token)
	}
	return token
}

func unsigned(_ testing.TB, claims map[string]any) string {
	body := base64.RawURLEncoding.EncodeToString(must(json.Marshal(claims)))
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + body + "."
}

func (p *idp) asked(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests[path]
}

// logoutToken is a good one, over which spoil goes.
func (p *idp) logoutToken(spoil func(*minting)) string {
	now := p.now()
	m := &minting{
		alg: jose.RS256, key: idpKey, keyID: keyID, header: map[jose.HeaderKey]any{"typ": "logout+jwt"},
		claims: map[string]any{
			"iss": p.issuer, "sub": "user-1", "sid": "sid-canary", "aud": idpClient, "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(),
			"jti": fmt.Sprint("jti-", rand.Text()), "events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
		},
	}
	if spoil != nil {
		spoil(m)
	}
	return m.sign(p)
}
