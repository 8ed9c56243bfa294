package auth

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
)

// TestProxyJWTHostileClaims: signed by the proxy, and yet no identity.
func TestProxyJWTHostileClaims(t *testing.T) {
	b := newBearer(t, nil)
	in := func(d time.Duration) int64 { return b.clock.Now().Add(d).Unix() }
	for name, change := range map[string]said{
		"another issuer":             {"iss": "https://evil.example"},
		"the issuer with a slash":    {"iss": "https://proxy.example/"},
		"no issuer":                  {"iss": nil},
		"an issuer that is a list":   {"iss": []string{"https://proxy.example"}},
		"another audience":           {"aud": "other"},
		"no audience":                {"aud": nil},
		"no audience in the list":    {"aud": []string{}},
		"an audience that is like":   {"aud": "roster2"},
		"an audience of objects":     {"aud": []any{"roster", said{}}},
		"expired":                    {"exp": in(-time.Second)},
		"expires now":                {"exp": in(0)},
		"never expires":              {"exp": nil},
		"expires in a text":          {"exp": "4102444800"},
		"expires beyond all time":    {"exp": 1e300},
		"expires before all time":    {"exp": -1},
		"issued in the future":       {"iat": in(2 * time.Minute)},
		"never issued":               {"iat": nil},
		"issued too long ago":        {"iat": in(-9 * time.Hour)},
		"not valid yet":              {"nbf": in(2 * time.Minute)},
		"nobody":                     {"sub": nil},
		"an empty subject":           {"sub": ""},
		"a blank subject":            {"sub": " "},
		"a subject in blanks":        {"sub": " u-1"},
		"a number for a subject":     {"sub": 1},
		"an endless subject":         {"sub": strings.Repeat("u", maxSubject+1)},
		"a subject with a line end":  {"sub": "u-1\n"},
		"a name with a line end":     {"name": "Ana\r\nX: y"},
		"an endless e-mail":          {"email": strings.Repeat("e", maxEmail+1)},
		"groups in one text":         {"groups": "editors"},
		"groups split by somebody":   {"groups": "x,editors"},
		"groups that are not texts":  {"groups": []any{"editors", 7}},
		"groups in an object":        {"groups": said{"editors": true}},
		"a group without a name":     {"groups": []string{""}},
		"groups without end":         {"groups": make([]string, maxGroups+1)},
		"a group with a line end":    {"groups": []string{"editors\n"}},
		"a logout token":             {"events": said{"http://schemas.openid.net/event/backchannel-logout": said{}}},
		"an access token":            {"typ": "Bearer"},
		"a refresh token":            {"typ": "Refresh"},
		"a logout token, only named": {"events": said{}},
	} {
		t.Run(name, func(t *testing.T) {
			b.refuses(t, sign(t, "ES256", ecKeys()[0], "JWT", b.claims(change)))
		})
	}
}

func (b *bearer) refuses(t *testing.T, token string) {
	t.Helper()
	got, err := b.Identify(b.request(t, token))
	if !errors.Is(err, ErrBadIdentity) || !cmp.Equal(got, Identity{}) {
		t.Errorf("got %v and error %v, want %v", got, err, ErrBadIdentity)
	}
	if err != nil && (strings.Contains(err.Error(), "evil") || strings.Contains(err.Error(), token)) {
		t.Errorf("the error %q repeats what was sent", err)
	}
}

// TestProxyJWTHostileTokens: not signed by the proxy, or no token of its kind.
func TestProxyJWTHostileTokens(t *testing.T) {
	b := newBearer(t, nil)
	good := sign(t, "ES256", ecKeys()[0], "JWT", b.claims(nil))
	if _, err := b.Identify(b.request(t, good)); err != nil {
		t.Fatal(err)
	}
	part := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	stranger, named, none := ecKeys()[1], ecKeys()[1], ecKeys()[1]
	named.KeyID, none.KeyID = "ec-1", ""
	first := ecKeys()[0]
	published := marshal(t, first.Public())
	for name, token := range map[string]string{
		"an unknown key":                    sign(t, "ES256", stranger, "JWT", b.claims(nil)),
		"an unknown key under a known name": sign(t, "ES256", named, "JWT", b.claims(nil)),
		"an unknown key without a name":     sign(t, "ES256", none, "JWT", b.claims(nil)),
		"a key that it brings along":        embedded(t, b.claims(nil)),
		"unsigned":                          encode([]byte(`{"alg":"none"}`)) + "." + part[1] + ".",
		"unsigned, in capitals":             encode([]byte(`{"alg":"NONE","kid":"ec-1"}`)) + "." + part[1] + ".",
		"unsigned, with the signature":      encode([]byte(`{"alg":"none","kid":"ec-1"}`)) + "." + part[1] + "." + part[2],
		"the public key as a secret":        sign(t, "HS256", jose.JSONWebKey{Key: published, KeyID: "ec-1"}, "JWT", b.claims(nil)),
		"an algorithm that is not accepted": sign(t, "PS256", rsaKey(), "JWT", b.claims(nil)),
		"other claims, same signature":      part[0] + "." + encode([]byte(`{"sub":"root"}`)) + "." + part[2],
		"no signature":                      part[0] + "." + part[1] + ".",
		"a signature of zeros":              part[0] + "." + part[1] + "." + encode(make([]byte, 64)),
		"a cut token":                       part[0] + "." + part[1],
		"two tokens":                        good + "," + good,
		"a token with a tail":               good + ".x",
		"a token after a word":              "Bearer " + good,
		"JSON serialization":                `{"payload":"` + part[1] + `","signatures":[{"protected":"` + part[0] + `","signature":"` + part[2] + `"}]}`,
		"an access token":                   sign(t, "ES256", ecKeys()[0], "at+jwt", b.claims(nil)),
		"a logout token":                    sign(t, "ES256", ecKeys()[0], "logout+jwt", b.claims(nil)),
		"a critical header":                 critical(t, b.claims(nil)),
		"claims that are an array":          sign(t, "ES256", ecKeys()[0], "JWT", []byte(`[]`)),
		"claims that are null":              sign(t, "ES256", ecKeys()[0], "JWT", []byte(`null`)),
		"claims that are no JSON":           sign(t, "ES256", ecKeys()[0], "JWT", []byte(`{`)),
		"a claim that is there twice":       sign(t, "ES256", ecKeys()[0], "JWT", twice(t, b.claims(nil))),
		"garbage":                           "x.y.z",
		"an endless token":                  strings.Repeat("a", maxToken+1),
	} {
		t.Run(name, func(t *testing.T) { b.refuses(t, token) })
	}
	if n := b.keys.times(); n != 1 {
		t.Errorf("all of this asked for the keys %d times", n)
	}
}

func embedded(t *testing.T, c said) string {
	options := &jose.SignerOptions{EmbedJWK: true}
	return signWith(t, jose.SigningKey{Algorithm: jose.ES256, Key: ecKeys()[1]}, options, marshal(t, c))
}

func critical(t *testing.T, c said) string {
	options := (&jose.SignerOptions{}).WithCritical("exp")
	return signWith(t, jose.SigningKey{Algorithm: jose.ES256, Key: ecKeys()[0]}, options, marshal(t, c))
}

// twice has a second subject, which most readers would take.
func twice(t *testing.T, c said) []byte {
	return append(marshal(t, c)[:len(marshal(t, c))-1], `,"sub":"root"}`...)
}
