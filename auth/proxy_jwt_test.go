package auth

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

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
