package handlers_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// TestAttacksWithLogouts: nobody but the provider ends people's sessions.
func TestAttacksWithLogouts(t *testing.T) {
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	event := map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}
	claims := func(change map[string]any) map[string]any {
		all := map[string]any{"sid": "session-1", "sub": "ada", "jti": rand.Text(), "events": event}
		for name, value := range change {
			if all[name] = value; value == nil {
				delete(all, name)
			}
		}
		return all
	}
	says := func(change map[string]any) func(*company) string {
		return func(c *company) string { return c.idp.sign(claims(change), "logout+jwt") }
	}
	const form = "application/x-www-form-urlencoded"
	for _, try := range []struct {
		name  string
		token func(*company) string
		send  func(c *company, token string) *http.Request // nil: as the provider does
	}{
		{"another audience", says(map[string]any{"aud": "evil"}), nil},
		{"another issuer", says(map[string]any{"iss": "https://evil.example"}), nil},
		{"no event", says(map[string]any{"events": nil}), nil},
		{"another event", says(map[string]any{"events": map[string]any{"evil": map[string]any{}}}), nil},
		{"a nonce, as ID tokens have", says(map[string]any{"nonce": "evil"}), nil},
		{"neither a person nor a session", says(map[string]any{"sid": nil, "sub": nil}), nil},
		{"no name of its own", says(map[string]any{"jti": nil}), nil},
		{"an hour old", func(c *company) string {
			return says(map[string]any{"iat": c.clock().Add(-time.Hour).Unix()})(c)
		}, nil},
		{"of the future", func(c *company) string {
			return says(map[string]any{"iat": c.clock().Add(time.Hour).Unix(), "exp": c.clock().Add(2 * time.Hour).Unix()})(c)
		}, nil},
		{"an ID token", func(c *company) string { return c.idp.sign(map[string]any{"sub": "ada", "sid": "session-1"}, "JWT") }, nil},
		{"an unknown key", func(c *company) string {
			return c.idp.signBy(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: stranger, KeyID: "1"}}, claims(nil), "logout+jwt")
		}, nil},
		{"no algorithm", func(c *company) string {
			return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(c.idp.whole(claims(nil))) + "."
		}, nil},
		{"in the address", says(nil), func(c *company, token string) *http.Request {
			return c.submitAs(form, "/sign-out/back-channel?logout_token="+token, "")
		}},
		{"as JSON", says(nil), func(c *company, token string) *http.Request {
			return c.submitAs("application/json", "/sign-out/back-channel", `{"logout_token":"`+token+`"}`)
		}},
		{"twice in one form", says(nil), func(c *company, token string) *http.Request {
			return c.submitAs(form, "/sign-out/back-channel", "logout_token="+token+"&logout_token="+token)
		}},
		{"in two megabytes", says(nil), func(c *company, token string) *http.Request {
			return c.submitAs(form, "/sign-out/back-channel", "x="+strings.Repeat("x", 100<<10)+"&logout_token="+token)
		}},
	} {
		t.Run(try.name, func(t *testing.T) {
			c := newCompany(t)
			c.throughProvider("").want(http.StatusSeeOther)
			send := try.send
			if send == nil {
				send = func(c *company, token string) *http.Request {
					return c.submitAs(form, "/sign-out/back-channel", url.Values{"logout_token": {token}}.Encode(), saying("Sec-Fetch-Site", "cross-site"))
				}
			}
			if got := c.do(send(c, try.token(c))); got.status < 400 || got.status >= 500 {
				t.Errorf("status %d: %s", got.status, got.body)
			}
			c.get("/settings").want(http.StatusOK)
			c.checkLogLines()
		})
	}
}

// TestAttacksOnRefreshes: the session of whom the provider no longer names ends.
func TestAttacksOnRefreshes(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*idp)
		status int
	}{
		"somebody else by now":       {func(p *idp) { p.person["sub"] = "eve" }, http.StatusSeeOther},
		"another session by now":     {func(p *idp) { p.person["sid"] = "session-2" }, http.StatusSeeOther},
		"a token of another party":   {func(p *idp) { p.person["aud"] = "evil" }, http.StatusForbidden},
		"a nonce of another sign-in": {func(p *idp) { p.person["nonce"] = "evil" }, http.StatusForbidden},
		"a token without a signature": {func(p *idp) {
			p.mint = func(claims map[string]any) string {
				token := p.sign(claims, "JWT")
				return token[:strings.LastIndexByte(token, '.')+1]
			}
		}, http.StatusForbidden},
		"no group any more": {func(p *idp) { p.person["groups"] = []string{} }, http.StatusForbidden},
		"a viewer by now":   {func(p *idp) { p.person["groups"] = []string{"roster-viewers"} }, http.StatusForbidden},
		"signed out there":  {func(p *idp) { p.ended = true }, http.StatusSeeOther},
	} {
		t.Run(name, func(t *testing.T) {
			a, p := connected(t)
			s := &scene{app: a}
			p.change(func() { tt.change(p) })
			s.pass(11 * time.Minute)
			s.do(s.submit(s.orgURL()+"/name", renames)).want(tt.status)
			s.checkSent("")
		})
	}
}
