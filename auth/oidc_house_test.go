package auth

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"
)

// ssoHouse is a house whose door is an OpenID provider.
type ssoHouse struct {
	*house
	idp  *idp
	oidc *OIDC
}

func newSSOHouse(t testing.TB) *ssoHouse {
	t.Helper()
	h := &ssoHouse{house: newHouse(t)}
	h.idp = newIDP(t, func() time.Time { return h.now })
	h.oidc = h.replica(nil)
	return h
}

// replica is another process on the same database.
func (h *ssoHouse) replica(change func(*OIDCOptions)) *OIDC {
	h.Helper()
	options := OIDCOptions{
		Issuer: h.idp.issuer, ClientID: idpClient, ClientSecret: idpSecret, PublicURL: mustURL(h, "https://roster.example"),
		Scopes: []string{"openid", "profile", "email", "groups", "offline_access"}, GroupsClaim: "groups",
		Keys: Keys{oldKey}, Store: h.store, Now: func() time.Time { return h.now },
	}
	if change != nil {
		change(&options)
	}
	o, err := NewOIDC(options)
	if err != nil {
		h.Fatal(err)
	}
	return o
}

// browser keeps cookies as browsers do, as far as it goes here.
type browser struct {
	testing.TB
	cookies []*http.Cookie
}

func (b *browser) request(address string) *http.Request {
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
	for _, c := range b.cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	return r
}

func (b *browser) keep(w *httptest.ResponseRecorder) {
	for _, c := range w.Result().Cookies() {
		b.cookies = slices.DeleteFunc(slices.Clone(b.cookies), func(old *http.Cookie) bool { return old.Name == c.Name })
		if c.MaxAge >= 0 {
			b.cookies = append(b.cookies, c)
		}
	}
}

// begin returns the address at the provider.
func (b *browser) begin(o *OIDC, returnTo string) string {
	b.Helper()
	w := httptest.NewRecorder()
	address, err := o.Begin(w, b.request("/sign-in"), returnTo)
	if err != nil {
		b.Fatal(err)
	}
	b.keep(w)
	return address
}

func (b *browser) finish(o *OIDC, answer url.Values) (SignedIn, error) {
	w := httptest.NewRecorder()
	signedIn, err := o.Finish(w, b.request(OIDCCallbackPath+"?"+answer.Encode()))
	b.keep(w)
	return signedIn, err
}

// signIn goes the whole way.
func (h *ssoHouse) signInThrough(b *browser, o *OIDC) (SignedIn, error) {
	h.Helper()
	return b.finish(o, h.answerTo(b.begin(o, "/orgs")))
}

// answerTo is what the provider has the browser bring back.
func (h *ssoHouse) answerTo(address string) url.Values {
	h.Helper()
	return url.Values{"state": {mustURL(h, address).Query().Get("state")}, "code": {h.idp.authorize(address)}}
}

func (h *ssoHouse) mustSignIn() SignedIn {
	h.Helper()
	signedIn, err := h.signInThrough(&browser{TB: h}, h.oidc)
	if err != nil {
		h.Fatal(err)
	}
	return signedIn
}
