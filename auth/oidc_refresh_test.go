package auth

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRefreshReadsGroupsAgain(t *testing.T) {
	h := newSSOHouse(t)
	before := h.mustSignIn()
	h.now = h.now.Add(15 * time.Minute)
	h.idp.spoil = func(m *minting) { m.claims["groups"] = []string{"viewers"} }
	got, err := h.oidc.Refresh(t.Context(), before.Provider)
	if err != nil {
		t.Fatal(err)
	}
	want := before
	want.ReturnTo = ""
	want.Identity.Groups = []string{"viewers"}
	want.Provider.RefreshToken, want.Provider.IDToken, want.Provider.CheckedAt = h.idp.refresh, got.Provider.IDToken, h.now
	if diff := cmp.Diff(want, got); diff != "" || got.Provider.IDToken == before.Provider.IDToken || got.Provider.RefreshToken == before.Provider.RefreshToken {
		t.Error(diff)
	}
	if _, err := h.oidc.Refresh(t.Context(), got.Provider); err != nil {
		t.Errorf("with the new token: %v", err)
	}
}

func TestRefreshTokenThatStays(t *testing.T) {
	h := newSSOHouse(t)
	session := h.mustSignIn().Provider
	h.idp.tokens = func(answer map[string]any) {
		h.idp.refresh = session.RefreshToken
		delete(answer, "refresh_token")
	}
	for range 3 {
		got, err := h.oidc.Refresh(t.Context(), session)
		if err != nil || got.Provider.RefreshToken != session.RefreshToken {
			t.Fatalf("the token changed: %v", err)
		}
		h.now = h.now.Add(refreshPause)
	}
}

// TestRefreshTokenIsSentOnce: a provider that sees one twice ends the session.
func TestRefreshTokenIsSentOnce(t *testing.T) {
	h := newSSOHouse(t)
	session := h.mustSignIn().Provider
	before := h.idp.asked("/token")
	replicas := []*OIDC{h.oidc, h.replica(nil)}
	var refreshed atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			_, err := replicas[i%2].Refresh(t.Context(), session)
			switch {
			case err == nil:
				refreshed.Add(1)
			case !errors.Is(err, ErrRefreshing):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n, sent := refreshed.Load(), h.idp.asked("/token")-before; n != 1 || sent != 1 {
		t.Errorf("%d refreshed it, and it was sent %d times", n, sent)
	}
}

func TestRefreshFails(t *testing.T) {
	claim := func(name string, value any) func(*idp) {
		return func(p *idp) { p.spoil = func(m *minting) { m.claims[name] = value } }
	}
	refusal := func(code string) func(*idp) {
		return func(p *idp) { p.refuse = code }
	}
	for name, tt := range map[string]struct {
		spoil func(*idp)
		want  error
	}{
		"the session has ended":   {refusal("invalid_grant"), ErrSignInAgain},
		"sign in again":           {refusal("interaction_required"), ErrSignInAgain},
		"the client is unknown":   {refusal("invalid_client"), ErrProvider},
		"the provider is down":    {func(p *idp) { p.before = on("/token", status(http.StatusBadGateway)) }, ErrProvider},
		"it is cut off":           {func(p *idp) { p.server.Config.Handler = status(http.StatusTeapot) }, ErrProvider},
		"somebody else":           {claim("sub", "user-2"), ErrSignInAgain},
		"another session":         {claim("sid", "sid-2"), ErrSignInAgain},
		"another nonce":           {claim("nonce", newID()), ErrBadAnswer},
		"another issuer":          {claim("iss", "https://evil.example"), ErrBadAnswer},
		"another audience":        {claim("aud", "someone-else"), ErrBadAnswer},
		"an expired token":        {claim("exp", 1), ErrBadAnswer},
		"another's signature":     {func(p *idp) { p.spoil = func(m *minting) { m.key = otherKey } }, ErrBadAnswer},
		"a logout token":          {claim("events", map[string]any{}), ErrBadAnswer},
		"nothing said":            {func(p *idp) { p.tokens = func(answer map[string]any) { delete(answer, "id_token") } }, ErrSignInAgain},
		"info about another":      {infoOnly(map[string]any{"sub": "user-2"}), ErrBadAnswer},
		"info is down, no groups": {func(p *idp) { infoOnly(nil)(p); p.before = on("/userinfo", status(http.StatusBadGateway)) }, ErrProvider},
	} {
		t.Run(name, func(t *testing.T) {
			h := newSSOHouse(t)
			session := h.mustSignIn().Provider
			tt.spoil(h.idp)
			got, err := h.oidc.Refresh(t.Context(), session)
			if !errors.Is(err, tt.want) || got.Identity.Subject != "" {
				t.Errorf("got %q, %v, want %v", got.Identity.Subject, err, tt.want)
			}
			if errors.Is(err, ErrProvider) != errors.Is(tt.want, ErrProvider) || errors.Is(err, ErrBadAnswer) != errors.Is(tt.want, ErrBadAnswer) {
				t.Errorf("%v is of two kinds", err)
			}
		})
	}
}

// infoOnly is a provider whose refreshes bring no ID token.
func infoOnly(about map[string]any) func(*idp) {
	return func(p *idp) {
		p.about = about
		p.tokens = func(answer map[string]any) { delete(answer, "id_token") }
	}
}

func TestRefreshWithoutAnIDToken(t *testing.T) {
	h := newSSOHouse(t)
	session := h.mustSignIn().Provider
	infoOnly(map[string]any{"sub": "user-1", "name": "Ana", "groups": []string{"viewers"}})(h.idp)
	got, err := h.oidc.Refresh(t.Context(), session)
	want := Identity{Issuer: h.idp.issuer, Subject: "user-1", Name: "Ana", Groups: []string{"viewers"}, GroupsKnown: true}
	if diff := cmp.Diff(want, got.Identity); diff != "" || err != nil || got.Provider.IDToken != session.IDToken {
		t.Errorf("%v %s", err, diff)
	}
}

func TestRefreshWithoutAToken(t *testing.T) {
	h := newSSOHouse(t)
	session := h.mustSignIn().Provider
	session.RefreshToken = ""
	other := ProviderSession{Issuer: "https://id.example", Subject: "user-1", RefreshToken: "refresh-canary"}
	for _, s := range []ProviderSession{session, other, {}} {
		if _, err := h.oidc.Refresh(t.Context(), s); !errors.Is(err, ErrSignInAgain) {
			t.Errorf("got %v", err)
		}
	}
	if n := h.idp.asked("/token"); n != 1 {
		t.Errorf("a token went to a provider that it is not of: %d requests", n)
	}
}

// TestRefreshOfWhoGoesAway: the answer holds the only token that is good from now on.
func TestRefreshOfWhoGoesAway(t *testing.T) {
	h := newSSOHouse(t)
	session := h.mustSignIn().Provider
	ctx, cancel := context.WithCancel(t.Context())
	h.idp.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/token" {
			cancel()
			time.Sleep(50 * time.Millisecond) // so that the client would have noticed
		}
		return false
	}
	if _, err := h.oidc.Refresh(ctx, session); err != nil {
		t.Error(err)
	}
}
