package auth

import (
	"encoding/base64"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzProxyJWT: no token but those that were signed gets anybody in.
func FuzzProxyJWT(f *testing.F) {
	b := newBearer(f, nil)
	good := sign(f, "ES256", ecKeys()[0], "JWT", b.claims(nil))
	f.Add(good[:len(good)-1])
	f.Add(base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + ".e30.")
	f.Add(good + ".")
	f.Fuzz(func(t *testing.T, token string) {
		i, err := b.Identify(b.request(t, token))
		if err == nil {
			t.Fatalf("%q is %v", token, i)
		}
		if !cmp.Equal(i, Identity{}) || !errors.Is(err, ErrNoIdentity) && !errors.Is(err, ErrBadIdentity) {
			t.Errorf("identity %v with error %v", i, err)
		}
	})
}

// FuzzProxyClaims: whatever a proxy signs, an identity that comes of it is one.
func FuzzProxyClaims(f *testing.F) {
	b := newBearer(f, nil)
	f.Add(marshal(f, b.claims(nil)), "groups")
	f.Add(marshal(f, b.claims(said{"aud": []string{"roster"}, "custom": said{"groups": []string{"a"}}})), "custom.groups")
	f.Add([]byte(`{"iss":"https://proxy.example","aud":"roster","sub":"a\u0000","exp":1e18,"iat":1.5,"groups":null}`), "")
	f.Fuzz(func(t *testing.T, payload []byte, claim string) {
		c, err := readProxyClaims(payload, "")
		if err != nil || b.check(c) != nil {
			return
		}
		i, err := c.identity(claim)
		if err != nil {
			return
		}
		if i.Issuer != "https://proxy.example" || i.Subject == "" || checkText(i.Subject, maxSubject) != nil || checkGroups(i.Groups) != nil {
			t.Errorf("identity %+v of %s", i, payload)
		}
		if len(i.Groups) > 0 && !i.GroupsKnown {
			t.Errorf("groups %q that aren't known", i.Groups)
		}
	})
}
