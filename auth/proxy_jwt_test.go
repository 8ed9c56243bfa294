package auth

import (
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
)

type said = map[string]any

// bearer is a proxy that signs, and Roster's reader of its tokens.
type bearer struct {
	*ProxyJWT
	keys  *publisher
	clock *clock
}

func newBearer(t testing.TB, change func(*ProxyJWTOptions)) *bearer {
	t.Helper()
	b := &bearer{keys: newPublisher(t, ecKeys()[0], rsaKey()), clock: newClock()}
	o := ProxyJWTOptions{
		Peer:   ProxyPeer{Trusted: trusted(t, "10.1.2.0/24")},
		Header: "X-Assertion", Issuer: "https://proxy.example", Audience: "roster", KeysURL: b.keys.URL,
		GroupsClaim: "groups", MaxAge: 8 * time.Hour, SignOutURL: "/sign_out", Now: b.clock.Now,
		Policy: Policy{EditorGroups: []string{"editors"}},
	}
	if change != nil {
		change(&o)
	}
	var err error
	if b.ProxyJWT, err = NewProxyJWT(o); err != nil {
		t.Fatal(err)
	}
	return b
}

// claims are those of a good token, changed; a nil takes a claim away.
func (b *bearer) claims(change said) said {
	now := b.clock.Now()
	c := said{
		"iss": "https://proxy.example", "aud": "roster", "sub": "u-1", "email": "ana@mail.example", "name": "Ana Ōno",
		"groups": []string{"editors", "x,y"}, "iat": now.Add(-time.Minute).Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	maps.Copy(c, change)
	maps.DeleteFunc(c, func(_ string, value any) bool { return value == nil })
	return c
}

func (b *bearer) request(t testing.TB, token string) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.RemoteAddr = proxyAddr
	r.Header.Set("X-Assertion", token)
	return r
}

func TestProxyJWTIdentity(t *testing.T) {
	ana := Identity{
		Issuer: "https://proxy.example", Subject: "u-1", Name: "Ana Ōno", Email: "ana@mail.example",
		Groups: []string{"editors", "x,y"}, GroupsKnown: true,
	}
	without := func(change func(*Identity)) Identity {
		i := ana
		change(&i)
		return i
	}
	for name, test := range map[string]struct {
		change said
		claim  string
		want   Identity
	}{
		"everything":               {nil, "groups", ana},
		"several audiences":        {said{"aud": []string{"other", "roster"}}, "groups", ana},
		"fractions of a second":    {said{"iat": 1787302740.5}, "groups", ana},
		"no groups claim":          {said{"groups": nil}, "groups", without(func(i *Identity) { i.Groups, i.GroupsKnown = nil, false })},
		"in no group":              {said{"groups": []string{}}, "groups", without(func(i *Identity) { i.Groups = []string{} })},
		"groups in an object":      {said{"custom": said{"groups": []string{"a"}}}, "custom.groups", without(func(i *Identity) { i.Groups = []string{"a"} })},
		"a claim with dots":        {said{"https://x.example/groups": []string{"a"}}, "https://x.example/groups", without(func(i *Identity) { i.Groups = []string{"a"} })},
		"groups are not looked at": {said{"groups": "editors"}, "", without(func(i *Identity) { i.Groups = nil })},
		"a user name for a name":   {said{"name": nil, "preferred_username": "ana"}, "groups", without(func(i *Identity) { i.Name = "ana" })},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBearer(t, func(o *ProxyJWTOptions) { o.GroupsClaim, o.Policy = test.claim, Policy{} })
			for _, token := range []string{
				sign(t, "ES256", ecKeys()[0], "JWT", b.claims(test.change)),
				sign(t, "RS256", rsaKey(), "", b.claims(test.change)),
			} {
				got, err := b.Identify(b.request(t, token))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("identity (-want +got):\n%s", diff)
				}
			}
		})
	}
}

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

// TestProxyJWTHeaders: what holds for plain headers holds for the token's.
func TestProxyJWTHeaders(t *testing.T) {
	b := newBearer(t, func(o *ProxyJWTOptions) {
		o.Peer.Secrets, o.Peer.SecretHeader = ProxySecrets{proxySecret}, "X-Proxy-Secret"
	})
	good := sign(t, "ES256", ecKeys()[0], "JWT", b.claims(nil))
	for name, test := range map[string]struct {
		peer  string
		lines []string
		want  error
	}{
		"as it should be":           {want: nil},
		"peer elsewhere":            {peer: "192.0.2.1:1", want: ErrUntrustedPeer},
		"peer elsewhere, a twin":    {peer: "192.0.2.1:1", lines: []string{"-X-Assertion", "X_Assertion: " + good}, want: ErrUntrustedPeer},
		"peer elsewhere, no token":  {peer: "192.0.2.1:1", lines: []string{"-X-Assertion"}, want: ErrNoIdentity},
		"no secret":                 {lines: []string{"-X-Proxy-Secret"}, want: ErrUntrustedPeer},
		"wrong secret":              {lines: []string{"-X-Proxy-Secret", "X-Proxy-Secret: wrong"}, want: ErrUntrustedPeer},
		"no token":                  {lines: []string{"-X-Assertion"}, want: ErrNoIdentity},
		"an empty token":            {lines: []string{"-X-Assertion", "X-Assertion: "}, want: ErrNoIdentity},
		"token twice":               {lines: []string{"X-Assertion: " + good}, want: ErrBadIdentity},
		"token and a twin":          {lines: []string{"X_Assertion: " + good}, want: ErrBadIdentity},
		"only a twin":               {lines: []string{"-X-Assertion", "X_Assertion: " + good}, want: ErrBadIdentity},
		"plain headers beside it":   {lines: []string{"X-Forwarded-User: root"}, want: nil},
		"token in another header":   {lines: []string{"-X-Assertion", "Authorization: Bearer " + good}, want: ErrNoIdentity},
		"token in a cookie instead": {lines: []string{"-X-Assertion", "Cookie: X-Assertion=" + good}, want: ErrNoIdentity},
	} {
		t.Run(name, func(t *testing.T) {
			r := b.request(t, good)
			r.Header.Set("X-Proxy-Secret", proxySecret)
			change(r, test.lines...)
			if test.peer != "" {
				r.RemoteAddr = test.peer
			}
			if got, err := b.Identify(r); !errors.Is(err, test.want) || (err == nil) != (got.Subject == "u-1") {
				t.Errorf("got %v and error %v, want %v", got, err, test.want)
			}
		})
	}
}

func TestProxyJWTAuthorization(t *testing.T) {
	b := newBearer(t, func(o *ProxyJWTOptions) { o.Header = "Authorization" })
	good := sign(t, "ES256", ecKeys()[0], "JWT", b.claims(nil))
	for value, want := range map[string]error{
		"Bearer " + good: nil, "bearer  " + good: nil, good: ErrBadIdentity, "Basic " + good: ErrBadIdentity, "Bearer": ErrNoIdentity,
	} {
		r := b.request(t, "")
		r.Header = http.Header{"Authorization": {value}}
		if _, err := b.Identify(r); !errors.Is(err, want) {
			t.Errorf("%.12q: error %v, want %v", value, err, want)
		}
	}
}

// TestProxyJWTClock: a token is good until it expires or is too old, and a minute
// before the proxy's clock says.
func TestProxyJWTClock(t *testing.T) {
	b := newBearer(t, func(o *ProxyJWTOptions) { o.MaxAge = 10 * time.Minute })
	ahead := b.clock.Now().Add(proxyClockSkew).Unix()
	token := sign(t, "ES256", ecKeys()[0], "JWT", b.claims(said{"iat": ahead, "nbf": ahead}))
	for _, step := range []struct {
		move time.Duration
		want error
	}{{0, nil}, {11 * time.Minute, nil}, {time.Second, ErrBadIdentity}} {
		b.clock.move(step.move)
		if _, err := b.Identify(b.request(t, token)); !errors.Is(err, step.want) {
			t.Errorf("after %v more: error %v, want %v", step.move, err, step.want)
		}
	}
}

// TestProxyJWTWithoutKeys: that there are no keys is not the person's fault.
func TestProxyJWTWithoutKeys(t *testing.T) {
	b := newBearer(t, nil)
	b.keys.fail(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	_, err := b.Identify(b.request(t, sign(t, "ES256", ecKeys()[0], "JWT", b.claims(nil))))
	if !errors.Is(err, ErrKeys) || errors.Is(err, ErrBadIdentity) {
		t.Errorf("error %v, want %v", err, ErrKeys)
	}
	if err := b.Ready(t.Context()); !errors.Is(err, ErrKeys) {
		t.Errorf("ready: %v", err)
	}
}

func TestProxyJWTOptions(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*ProxyJWTOptions)
		option string
	}{
		"trusts nobody":                  {func(o *ProxyJWTOptions) { o.Peer.Trusted = TrustedProxies{} }, "Trusted"},
		"no header":                      {func(o *ProxyJWTOptions) { o.Header = "" }, "Header"},
		"the secret's header":            {func(o *ProxyJWTOptions) { o.Peer.SecretHeader = "x-assertion" }, "Header"},
		"no issuer":                      {func(o *ProxyJWTOptions) { o.Issuer = "" }, "Issuer"},
		"an issuer with a space":         {func(o *ProxyJWTOptions) { o.Issuer = "a b" }, "Issuer"},
		"no audience":                    {func(o *ProxyJWTOptions) { o.Audience = "" }, "Audience"},
		"no keys":                        {func(o *ProxyJWTOptions) { o.KeysURL = "" }, "KeysURL"},
		"keys without encryption":        {func(o *ProxyJWTOptions) { o.KeysURL = "http://id.example/keys" }, "KeysURL"},
		"keys in a file":                 {func(o *ProxyJWTOptions) { o.KeysURL = "file:///etc/keys" }, "KeysURL"},
		"no algorithm at all":            {func(o *ProxyJWTOptions) { o.Algorithms = []string{"none"} }, "Algorithms"},
		"a secret's algorithm":           {func(o *ProxyJWTOptions) { o.Algorithms = []string{"ES256", "HS256"} }, "Algorithms"},
		"roles by groups without groups": {func(o *ProxyJWTOptions) { o.GroupsClaim = "" }, "GroupsClaim"},
		"a negative age":                 {func(o *ProxyJWTOptions) { o.MaxAge = -1 }, "MaxAge"},
		"signs out elsewhere":            {func(o *ProxyJWTOptions) { o.SignOutURL = "//evil.example" }, "SignOutURL"},
	} {
		t.Run(name, func(t *testing.T) {
			o := ProxyJWTOptions{
				Peer:   ProxyPeer{Trusted: trusted(t, "10.1.2.0/24"), SecretHeader: "X-Secret", Secrets: ProxySecrets{proxySecret}},
				Header: "X-Assertion", Issuer: "https://proxy.example", Audience: "roster", KeysURL: "https://proxy.example/keys",
				GroupsClaim: "groups", Policy: Policy{EditorGroups: []string{"editors"}},
			}
			if _, err := NewProxyJWT(o); err != nil {
				t.Fatal(err)
			}
			test.change(&o)
			_, err := NewProxyJWT(o)
			var fault *OptionError
			if !errors.As(err, &fault) || fault.Option != test.option {
				t.Errorf("error %v is not one of option %s", err, test.option)
			}
		})
	}
}
