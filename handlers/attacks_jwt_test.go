package handlers_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"roster/auth"
	"roster/handlers"
)

// A bearer is a proxy that vouches by signed tokens, and whoever can forge some.
type bearer struct {
	*scene
	key   *ecdsa.PrivateKey
	asked atomic.Int64 // for the keys
	down  atomic.Bool
}

const tokenHeader = "X-Proxy-Token"

// behindTokens is an app with such a proxy in front, connected to Toggl as Ada.
func behindTokens(t testing.TB, options ...any) *bearer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	b := &bearer{key: key}
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		b.asked.Add(1)
		if b.down.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "ES256", Use: "sig"}}})
	}))
	t.Cleanup(keys.Close)
	b.scene = &scene{app: behindProxy(t, append(options, func(o *handlers.Options) {
		trusted, err := auth.ParseTrustedProxies("127.0.0.1")
		must(t, err)
		o.Proxy, err = auth.NewProxyJWT(auth.ProxyJWTOptions{
			Peer: auth.ProxyPeer{Trusted: trusted}, Header: tokenHeader, Issuer: "https://proxy.example", Audience: "roster", KeysURL: keys.URL,
			GroupsClaim: "groups", MaxAge: time.Hour, Policy: ssoPolicy, Now: o.Now,
		})
		must(t, err)
	})...)}
	b.proxy = http.Header{tokenHeader: {b.token(nil)}}
	b.get("/").want(http.StatusSeeOther)
	b.connect()
	b.log.reset()
	return b
}

// claims are Ada's, over which change goes; nil takes one away.
func (b *bearer) claims(change map[string]any) map[string]any {
	now := b.clock()
	claims := map[string]any{
		"iss": "https://proxy.example", "aud": "roster", "sub": "ada", "email": "ada@corp.example", "groups": []string{"roster-editors"},
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}
	maps.Copy(claims, change)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

func (b *bearer) token(change map[string]any) string {
	return b.sign(jose.ES256, b.key, "1", b.claims(change), nil)
}

func (b *bearer) sign(algorithm jose.SignatureAlgorithm, key any, id string, claims map[string]any, options *jose.SignerOptions) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: key, KeyID: id}}, options)
	if err != nil {
		panic(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		panic(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return token
}

// TestAttacksWithTokens: a token counts that the proxy has signed, for Roster, now, and
// no other.
func TestAttacksWithTokens(t *testing.T) {
	b := behindTokens(t)
	set := func(t testing.TB) *scene {
		b.t = t
		b.log.reset()
		return b.scene
	}
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	public, err := json.Marshal(jose.JSONWebKey{Key: b.key.Public(), KeyID: "1"})
	must(t, err)
	at := func(d time.Duration) int64 { return b.clock().Add(d).Unix() }
	good := b.token(nil)
	part := strings.Split(good, ".")
	unsigned := func(header string) string {
		return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + part[1] + "."
	}
	elsewhere := newTrap(t)
	var attacks []attack
	for name, token := range map[string]string{
		"no algorithm": unsigned(`{"alg":"none"}`), "no algorithm, in capitals": unsigned(`{"alg":"nONE","kid":"1"}`) + part[2],
		"the public key for a secret":          b.sign(jose.HS256, public, "1", b.claims(nil), nil),
		"an unknown key":                       b.sign(jose.ES256, stranger, "2", b.claims(nil), nil),
		"an unknown key under a known name":    b.sign(jose.ES256, stranger, "1", b.claims(nil), nil),
		"a key that it brings along":           b.sign(jose.ES256, stranger, "", b.claims(nil), &jose.SignerOptions{EmbedJWK: true}),
		"a key from an address of its own":     b.sign(jose.ES256, stranger, "1", b.claims(nil), (&jose.SignerOptions{}).WithHeader("jku", elsewhere.URL).WithHeader("x5u", elsewhere.URL)),
		"other claims under its signature":     part[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"root"}`)) + "." + part[2],
		"no signature":                         part[0] + "." + part[1] + ".",
		"another issuer":                       b.token(map[string]any{"iss": "https://evil.example"}),
		"another audience":                     b.token(map[string]any{"aud": "evil"}),
		"no audience":                          b.token(map[string]any{"aud": nil}),
		"a token that has expired":             b.token(map[string]any{"exp": at(-time.Second)}),
		"a token for ever":                     b.token(map[string]any{"exp": nil}),
		"a token from the future":              b.token(map[string]any{"iat": at(time.Hour), "exp": at(2 * time.Hour)}),
		"a token that is not valid yet":        b.token(map[string]any{"nbf": at(time.Hour)}),
		"a token that is too old":              b.token(map[string]any{"iat": at(-2 * time.Hour)}),
		"a logout token":                       b.token(map[string]any{"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}}),
		"a logout token by its kind":           b.sign(jose.ES256, b.key, "1", b.claims(nil), (&jose.SignerOptions{}).WithType("logout+jwt")),
		"an access token":                      b.sign(jose.ES256, b.key, "1", b.claims(nil), (&jose.SignerOptions{}).WithType("at+jwt")),
		"nobody's token":                       b.token(map[string]any{"sub": nil}),
		"groups in one text":                   b.token(map[string]any{"groups": "roster-editors"}),
		"two tokens in one header":             good + ", " + good,
		"no token":                             "evil",
		"a token in JSON":                      `{"payload":"` + part[1] + `","signatures":[]}`,
		"a token whose header nobody can obey": b.sign(jose.ES256, b.key, "1", b.claims(nil), (&jose.SignerOptions{}).WithCritical("evil")),
	} {
		attacks = append(attacks, attack{name: name, request: renameWith(exactly(tokenHeader, token)), status: http.StatusForbidden, then: func(s *scene, got page) {
			event("bad_identity")(s, got)
			elsewhere.isUntouched(s) // and asked for no key
		}})
	}
	withstand(t, set, append(attacks,
		attack{name: "a token twice", request: renameWith(saying(tokenHeader, good)), status: http.StatusForbidden, then: event("bad_identity")},
		attack{name: "an underscore twin of the token", request: renameWith(exactly("X_Proxy_Token", good)), status: http.StatusForbidden, then: event("bad_identity")},
		attack{
			name:    "the token in other places",
			request: renameWith(isWithout(tokenHeader), saying("Authorization", "Bearer "+good), saying("Cookie", tokenHeader+"="+good), saying("X-Forwarded-User", "ada")),
			status:  http.StatusUnauthorized,
		},
		attack{
			name: "unknown keys by the thousand", status: http.StatusForbidden,
			arrange: func(s *scene) {
				before := b.asked.Load()
				for i := range 1000 {
					token := b.sign(jose.ES256, stranger, "evil-"+number(int64(i)), b.claims(nil), nil)
					s.do(s.visit("/settings", exactly(tokenHeader, token))).want(http.StatusForbidden)
				}
				if asked := b.asked.Load() - before; asked > 1 {
					s.t.Errorf("the keys were asked for %d times", asked)
				}
			},
			request: renameWith(exactly(tokenHeader, b.sign(jose.ES256, stranger, "evil", b.claims(nil), nil))),
		},
		attack{name: "and Ada is let in as before", request: func(s *scene) *http.Request { return s.visit("/settings") }, status: http.StatusOK},
		attack{
			name: "keys that can't be read any more, under a key that is known", status: http.StatusOK,
			arrange: func(*scene) { b.down.Store(true) },
			request: func(s *scene) *http.Request { return s.visit("/settings") },
		},
	))
}
