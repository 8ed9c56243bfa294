package handlers_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"roster/auth"
	"roster/handlers"
)

// TestAttacksWithIDTokens: whoever can put a token into the provider's answer is not
// signed in by one that is not all that it must be.
func TestAttacksWithIDTokens(t *testing.T) {
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	der, err := x509.MarshalPKIXPublicKey(idpKey().Public())
	must(t, err)
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	signed := func(algorithm jose.SignatureAlgorithm, key any, id string) func(*idp, map[string]any) string {
		return func(p *idp, claims map[string]any) string {
			return p.signBy(jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: key, KeyID: id}}, claims, "JWT")
		}
	}
	says := func(name string, value any) func(*idp, map[string]any) string {
		return func(p *idp, claims map[string]any) string {
			if claims[name] = value; value == nil {
				delete(claims, name)
			}
			return p.sign(claims, "JWT")
		}
	}
	at := func(name string, d time.Duration) func(*idp, map[string]any) string {
		return func(p *idp, claims map[string]any) string { return says(name, p.now().Add(d).Unix())(p, claims) }
	}
	kind := func(kind string) func(*idp, map[string]any) string {
		return func(p *idp, claims map[string]any) string { return p.sign(claims, kind) }
	}
	for name, mint := range map[string]func(*idp, map[string]any) string{
		"no algorithm": func(p *idp, claims map[string]any) string {
			return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(p.whole(claims)) + "."
		},
		"the public key for a secret":       signed(jose.HS256, public, "1"),
		"the client's secret for a key":     signed(jose.HS256, []byte(strings.Repeat("client-secret-canary", 2)), ""),
		"an algorithm nobody agreed on":     signed(jose.PS256, idpKey(), "1"),
		"an unknown key":                    signed(jose.RS256, stranger, "2"),
		"an unknown key under a known name": signed(jose.RS256, stranger, "1"),
		"the nonce of another sign-in":      says("nonce", strings.Repeat("A", 43)),
		"no nonce":                          says("nonce", nil),
		"an empty nonce":                    says("nonce", ""),
		"another issuer":                    says("iss", "https://evil.example"),
		"another audience":                  says("aud", "evil"),
		"several audiences, meant for none": says("aud", []string{"roster", "evil"}),
		"another party":                     says("azp", "evil"),
		"a token that has expired":          at("exp", -time.Minute),
		"a token from the future":           at("iat", time.Hour),
		"a token that is not valid yet":     at("nbf", time.Hour),
		"nobody's token":                    says("sub", nil),
		"an empty subject":                  says("sub", ""),
		"a subject in a second spelling":    says("\u017fub", "evil"),
		"a logout token":                    says("events", map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}),
		"a logout token by its kind":        kind("logout+jwt"),
		"an access token":                   kind("at+jwt"),
		"a refresh token":                   says("typ", "Refresh"),
		"the hash of another access token":  says("at_hash", "evil"),
		"no token":                          func(*idp, map[string]any) string { return "" },
		"a number":                          func(*idp, map[string]any) string { return "1" },
		"an endless token":                  says("name", strings.Repeat("x", 200<<10)),
	} {
		t.Run(name, func(t *testing.T) {
			c := newCompany(t)
			c.idp.mint = func(claims map[string]any) string { return mint(c.idp, claims) }
			c.throughProvider("").want(http.StatusForbidden).has("#problem h1", "It is in doubt who you are")
			c.hasNoSession()
			if !strings.Contains(c.log.String(), `"event":"bad_answer"`) {
				t.Error("no security event")
			}
		})
	}
	t.Run("unknown keys by the thousand", func(t *testing.T) {
		c := newCompany(t)
		c.idp.mint = func(claims map[string]any) string { return signed(jose.RS256, stranger, rand.Text())(c.idp, claims) }
		for range 300 { // with those of TestUnknownKeysByTheThousand in auth: RSA takes a while
			c.elsewhere()
			c.throughProvider("").want(http.StatusForbidden)
		}
		c.idp.change(func() {
			if c.idp.keys > 2 {
				t.Errorf("the keys were asked for %d times", c.idp.keys)
			}
		})
	})
}

// TestAttacksWithClaims: people are let in, with the role that they have and no other.
func TestAttacksWithClaims(t *testing.T) {
	for name, claims := range map[string]map[string]any{
		"groups in one text":                      {"groups": "roster-editors"},
		"groups in one text with commas":          {"groups": "staff,roster-editors"},
		"groups in an object":                     {"groups": map[string]any{"roster-editors": true}},
		"groups in groups":                        {"groups": []any{[]string{"roster-editors"}}},
		"a group and a number":                    {"groups": []any{"roster-editors", 1}},
		"groups under another spelling":           {"groups": nil, "Groups": []string{"roster-editors"}},
		"groups of another claim":                 {"groups": nil, "roles": []string{"roster-editors"}},
		"a group that begins like the editors'":   {"groups": []string{"roster-editors2", " roster-editors", "ROSTER-EDITORS", "roster-editors\u200b"}},
		"the e-mail address of an editor":         {"groups": []string{}, "sub": "eve", "email": "boss@corp.example"},
		"the name of an editor":                   {"groups": []string{}, "sub": "eve", "name": "boss", "preferred_username": "boss"},
		"a subject like an editor's of elsewhere": {"groups": []string{}, "sub": "https://other.example boss"},
		"a role of one's own":                     {"groups": []string{}, "role": "editor", "admin": true},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCompany(t, func(o *handlers.Options) {
				o.Policy = auth.Policy{EditorGroups: []string{"roster-editors"}, Editors: []string{"https://other.example boss", "boss"}}
			})
			for claim, value := range claims {
				c.idp.person[claim] = value
			}
			c.throughProvider("").want(http.StatusSeeOther)
			c.get(c.orgURL()).want(http.StatusForbidden).has("#problem", "You have no role")
			c.post(c.orgURL()+"/name", renames).want(http.StatusForbidden)
			c.checkSent("")
		})
	}
}
