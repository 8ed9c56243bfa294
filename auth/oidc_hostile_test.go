package auth

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// TestHostileIDTokens has one token for each way in which one is not to be taken. The
// provider's own key signs most of them: whose it is, is not all that counts.
func TestHostileIDTokens(t *testing.T) {
	h := newSSOHouse(t)
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must(x509.MarshalPKIXPublicKey(idpKey.Public()))})
	publicJWK := must(jose.JSONWebKey{Key: idpKey.Public(), KeyID: keyID}.MarshalJSON())
	claim := func(name string, value any) func(*minting) {
		return func(m *minting) { m.claims[name] = value }
	}
	without := func(name string) func(*minting) {
		return func(m *minting) { delete(m.claims, name) }
	}
	header := func(name jose.HeaderKey, value any) func(*minting) {
		return func(m *minting) { m.header[name] = value }
	}
	at := func(name string, after time.Duration) func(*minting) {
		return func(m *minting) { m.claims[name] = time.Unix(m.claims["iat"].(int64), 0).Add(after).Unix() }
	}
	for name, spoil := range map[string]func(*minting){
		"no algorithm":                func(m *minting) { m.alg = "none" },
		"HS256 with the public PEM":   func(m *minting) { m.alg, m.key = jose.HS256, publicPEM },
		"HS256 with the public JWK":   func(m *minting) { m.alg, m.key = jose.HS256, publicJWK },
		"HS256 with the secret":       func(m *minting) { m.alg, m.key = jose.HS256, []byte(idpSecret+idpSecret) },
		"an algorithm not named":      func(m *minting) { m.alg = jose.PS256 },
		"another's key":               func(m *minting) { m.key = otherKey },
		"another's key, unknown name": func(m *minting) { m.key, m.keyID = otherKey, "key-2" },
		"another's key, no name":      func(m *minting) { m.key, m.keyID = otherKey, "" },
		"the curve's name on RSA":     func(m *minting) { m.keyID = "curve" },
		"a key in the header": func(m *minting) {
			m.key, m.header["jwk"] = otherKey, jose.JSONWebKey{Key: otherKey.Public(), KeyID: keyID}
		},
		"an address of keys in the header": func(m *minting) { m.key, m.header["jku"] = otherKey, "https://evil.example/keys" },
		"a critical extension":             header("crit", []string{"exp"}),
		"a signature cut off":              func(m *minting) { m.raw = func(s string) string { return s[:strings.LastIndex(s, ".")+1] } },
		"a signature altered":              func(m *minting) { m.raw = func(s string) string { return s[:len(s)-8] + "AAAAAAAA" } },
		"claims altered":                   func(m *minting) { m.raw = swapClaims(m) },
		"JSON serialization":               func(m *minting) { m.raw = fullSerialization },
		"two tokens":                       func(m *minting) { m.raw = func(s string) string { return s + "." + s } },
		"no token":                         func(m *minting) { m.raw = func(string) string { return "garbage" } },
		"empty":                            func(m *minting) { m.raw = func(string) string { return "" } },
		"endless":                          claim("padding", strings.Repeat("a", maxIDToken)),

		"another issuer":            claim("iss", "https://id.example"),
		"the issuer with a slash":   func(m *minting) { m.claims["iss"] = m.claims["iss"].(string) + "/" },
		"no issuer":                 without("iss"),
		"another audience":          claim("aud", "someone-else"),
		"no audience":               without("aud"),
		"several parties":           claim("aud", []string{idpClient, "someone-else"}),
		"for another of several":    func(m *minting) { m.claims["aud"], m.claims["azp"] = []string{idpClient, "x"}, "x" },
		"for another party":         claim("azp", "someone-else"),
		"a party that is no string": claim("azp", []string{idpClient}),
		"another nonce":             claim("nonce", newID()),
		"no nonce":                  without("nonce"),
		"an empty nonce":            claim("nonce", ""),
		"expired":                   at("exp", -time.Second),
		"no end":                    without("exp"),
		"an end that is no time":    claim("exp", "soon"),
		"an end beyond all numbers": func(m *minting) { m.claims["exp"] = json.Number("-1e300") },
		"from the future":           at("iat", clockSkew+time.Second),
		"no issue time":             without("iat"),
		"not good yet":              at("nbf", time.Hour),
		"no subject":                without("sub"),
		"an empty subject":          claim("sub", ""),
		"a subject with a line end": claim("sub", "user\n1"),
		"a subject without an end":  claim("sub", strings.Repeat("a", 256)),
		"a subject that is a list":  claim("sub", []string{"user-1"}),
		"two spellings of subject":  claim("ſub", "admin"), // encoding/json folds the long s,
		"two spellings of issuer":   func(m *minting) { m.claims["iſs"], m.claims["iss"] = m.claims["iss"], "https://evil.example" },

		"a logout token": func(m *minting) {
			m.claims["events"] = map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}
		},
		"events of any kind":            claim("events", []string{}),
		"the type of a logout token":    header("typ", "logout+jwt"),
		"the type of an access token":   header("typ", "at+jwt"),
		"the type of a number":          header("typ", 7),
		"Keycloak's access token":       claim("typ", "Bearer"),
		"Keycloak's refresh token":      claim("typ", "Refresh"),
		"Keycloak's logout token":       claim("typ", "Logout"),
		"the hash of another token":     claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"),
		"claims from nowhere":           claim("_claim_names", map[string]string{"groups": "src1"}),
		"claims that are no object":     func(m *minting) { m.claims = nil },
		"an audience that is an object": claim("aud", map[string]string{"a": idpClient}),
	} {
		t.Run(name, func(t *testing.T) {
			h.idp.spoil = spoil
			got, err := h.signInThrough(&browser{TB: t}, h.oidc)
			if !errors.Is(err, ErrBadAnswer) || !errors.Is(err, ErrProvider) || got.Identity.Subject != "" || got.Provider != (ProviderSession{}) {
				t.Errorf("got %q, %v, want %v", got.Identity.Subject, err, ErrBadAnswer)
			}
			if err != nil && (strings.Contains(err.Error(), canary) || len(err.Error()) > 600) {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
}

func swapClaims(m *minting) func(string) string {
	return func(token string) string {
		m.claims["sub"] = "admin"
		parts := strings.Split(token, ".")
		parts[1] = strings.Split(unsigned(nil, m.claims), ".")[1]
		return strings.Join(parts, ".")
	}
}

func fullSerialization(token string) string {
	return must(jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})).FullSerialize()
}

// TestUnusualIDTokens has what looks odd and is right all the same.
func TestUnusualIDTokens(t *testing.T) {
	h := newSSOHouse(t)
	for name, spoil := range map[string]func(*minting){
		"as they are":         nil,
		"no type":             func(m *minting) { delete(m.header, "typ") },
		"the type in capital": func(m *minting) { m.header["typ"] = "JWT" },
		"Keycloak's type":     func(m *minting) { m.claims["typ"] = "ID" },
		"no name of the key":  func(m *minting) { m.keyID = "" },
		"the party named":     func(m *minting) { m.claims["azp"] = idpClient },
		"several parties":     func(m *minting) { m.claims["aud"], m.claims["azp"] = []string{"x", idpClient}, idpClient },
		"audience as a list":  func(m *minting) { m.claims["aud"] = []string{idpClient} },
		"a clock ahead":       func(m *minting) { m.claims["iat"] = m.claims["iat"].(int64) + 59 },
		"fractions of seconds": func(m *minting) {
			m.claims["exp"] = float64(m.claims["iat"].(int64)) + 60.5
		},
		"the hash of the access token": func(m *minting) { m.claims["at_hash"] = "2HxaIPjavecNYoKe8XD4Ow" },
	} {
		t.Run(name, func(t *testing.T) {
			h.idp.spoil = spoil
			if _, err := h.signInThrough(&browser{TB: t}, h.oidc); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestUnknownKeysByTheThousand(t *testing.T) {
	h := newSSOHouse(t)
	h.mustSignIn()
	before := h.idp.asked("/keys")
	for i := range 1000 {
		token := h.idp.logoutToken(func(m *minting) { m.key, m.alg, m.keyID = curveKey, jose.ES256, fmt.Sprint("unknown-", i) })
		if _, err := h.oidc.BackChannelLogout(logoutRequest(t, token)); !errors.Is(err, ErrLogoutRefused) {
			t.Fatal(err)
		}
	}
	if n := h.idp.asked("/keys") - before; n > 1 {
		t.Errorf("the keys were asked for %d times", n)
	}
	h.mustSignIn() // with the keys there are
}

func TestKeyRotationOfTheProvider(t *testing.T) {
	h := newSSOHouse(t)
	h.mustSignIn()
	h.idp.keySet = []jose.JSONWebKey{{Key: otherKey.Public(), KeyID: "key-2"}}
	h.idp.spoil = func(m *minting) { m.key, m.keyID = otherKey, "key-2" }
	h.now = h.now.Add(keysInterval)
	h.mustSignIn()
	h.idp.spoil = nil // what the old key signs is past
	if _, err := h.signInThrough(&browser{TB: t}, h.oidc); !errors.Is(err, ErrBadAnswer) {
		t.Errorf("signed with a withdrawn key: %v", err)
	}
}

func TestKeysThatCannotBeHad(t *testing.T) {
	h := newSSOHouse(t)
	h.idp.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/keys" {
			w.WriteHeader(http.StatusBadGateway)
		}
		return r.URL.Path == "/keys"
	}
	if _, err := h.signInThrough(&browser{TB: t}, h.oidc); !errors.Is(err, ErrProvider) || errors.Is(err, ErrBadAnswer) {
		t.Errorf("got %v, which blames the token", err)
	}
	if err := h.oidc.Ready(t.Context()); !errors.Is(err, ErrProvider) {
		t.Errorf("ready without keys: %v", err)
	}
	h.idp.before = nil
	h.now = h.now.Add(keysInterval)
	if err := h.oidc.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}
