package auth

import (
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// logOut has the provider order a logout, and returns how many sessions ended.
func (g *gated) logOut(spoil func(*minting)) (int, error) {
	g.Helper()
	return g.gate.BackChannel(logoutRequest(g, g.idp.logoutToken(spoil)))
}

// begun is the id of a session that was begun in that of the provider's.
func (g *gated) begun(issuer, subject, sid string) string {
	g.Helper()
	w := httptest.NewRecorder()
	session := Session{Subject: issuer + " " + subject, Issuer: issuer, Provider: &ProviderSession{Issuer: issuer, Subject: subject, SID: sid}}
	if err := g.sessions.SignIn(w, g.request(), session); err != nil {
		g.Fatal(err)
	}
	return cookieOf(g, w).Value
}

// TestGateBackChannel: those end that are meant, and those that may be.
func TestGateBackChannel(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*minting)
		ended int
		alive string // of the sessions below
	}{
		"of a session":              {nil, 3, "other elsewhere somebody"},
		"of a session of nobody's":  {func(m *minting) { delete(m.claims, "sub") }, 2, "unknown other elsewhere somebody"},
		"of a person":               {func(m *minting) { delete(m.claims, "sid") }, 4, "elsewhere somebody"},
		"of a session that is over": {func(m *minting) { m.claims["sid"] = "gone" }, 1, "one two other elsewhere somebody"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGated(t)
			g.exec("DELETE FROM sessions")
			ids := map[string]string{
				"one": g.begun(g.idp.issuer, "user-1", "sid-canary"), "two": g.begun(g.idp.issuer, "user-1", "sid-canary"),
				"unknown": g.begun(g.idp.issuer, "user-1", ""), "other": g.begun(g.idp.issuer, "user-1", "sid-2"),
				"elsewhere": g.begun("https://b.example", "user-1", "sid-canary"), "somebody": g.begun(g.idp.issuer, "user-2", ""),
			}
			if ended, err := g.logOut(tt.spoil); ended != tt.ended || err != nil {
				t.Errorf("%d ended, %v, want %d", ended, err, tt.ended)
			}
			for name, id := range ids {
				g.wantSignedIn(id, slices.Contains(strings.Fields(tt.alive), name))
			}
		})
	}
}

// TestGateBackChannelOnce: a token that was followed is refused at every replica, as
// long as it could be sent again.
func TestGateBackChannelOnce(t *testing.T) {
	g := newGated(t)
	token := g.idp.logoutToken(func(m *minting) { m.claims["exp"] = g.now.Add(time.Hour).Unix() })
	if ended, err := g.gate.BackChannel(logoutRequest(t, token)); ended != 1 || err != nil {
		t.Fatal(ended, err)
	}
	g.gate.provider = g.replica(nil)
	for _, after := range []time.Duration{0, time.Minute, maxLogoutAge, time.Hour} {
		if _, err := g.sessions.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := g.gate.BackChannel(logoutRequest(t, token)); !errors.Is(err, ErrLogoutRefused) {
			t.Errorf("at another replica: got %v", err)
		}
		g.now = g.now.Add(after)
	}
}

// TestGateBackChannelAgain: what could not be done for want of the store is done when
// the provider sends the same token again.
func TestGateBackChannelAgain(t *testing.T) {
	g := newGated(t)
	token := g.idp.logoutToken(nil)
	g.exec("ALTER TABLE sessions RENAME TO away")
	if _, err := g.gate.BackChannel(logoutRequest(t, token)); err == nil || errors.Is(err, ErrLogoutRefused) || errors.Is(err, ErrProvider) {
		t.Errorf("without the store: %v", err)
	}
	g.exec("ALTER TABLE away RENAME TO sessions")
	if ended, err := g.gate.BackChannel(logoutRequest(t, token)); ended != 1 || err != nil {
		t.Errorf("sent again: %d ended, %v", ended, err)
	}
}

// TestGateLeaveEverywhereAgain: where it fails the person is still here to try again.
func TestGateLeaveEverywhereAgain(t *testing.T) {
	g := newGated(t)
	second := g.come()
	g.exec("CREATE TRIGGER t BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'full'); END")
	w := httptest.NewRecorder()
	if _, _, err := g.gate.LeaveEverywhere(w, g.b.request("https://roster.example/sign-out")); err == nil {
		t.Error("no error")
	}
	if len(w.Result().Cookies()) != 0 {
		t.Error("the browser forgets the session")
	}
	g.wantSignedIn(second, true)
	g.exec("DROP TRIGGER t")
	if _, ended, err := g.gate.LeaveEverywhere(httptest.NewRecorder(), g.b.request("https://roster.example/sign-out")); ended != 1 || err != nil {
		t.Errorf("%d ended, %v", ended, err)
	}
}
