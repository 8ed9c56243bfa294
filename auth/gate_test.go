package auth

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// gated is a browser that was let in by the provider.
type gated struct {
	*ssoHouse
	gate *Gate
	b    *browser
}

func newGated(t *testing.T) *gated {
	t.Helper()
	h := newSSOHouse(t)
	g := &gated{ssoHouse: h, b: &browser{TB: t}}
	var err error
	g.gate, err = NewGate(GateOptions{
		Sessions: h.sessions, Provider: h.oidc, Policy: Policy{Everybody: RoleViewer}, Recheck: 10 * time.Minute, Now: func() time.Time { return h.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	g.come()
	return g
}

// come goes through the provider. It returns the new session's id.
func (g *gated) come() string {
	g.Helper()
	w := httptest.NewRecorder()
	answer := g.answerTo(g.b.begin(g.oidc, "/"))
	if _, _, err := g.gate.Finish(w, g.b.request("https://roster.example"+OIDCCallbackPath+"?"+answer.Encode())); err != nil {
		g.Fatal(err)
	}
	g.b.keep(w)
	for _, c := range g.b.cookies {
		if c.Name == secureCookieName {
			return c.Value
		}
	}
	g.Fatal("no session")
	return ""
}

func (g *gated) enter() (*Session, error) {
	w := httptest.NewRecorder()
	defer g.b.keep(w)
	return g.gate.Enter(w, g.b.request("https://roster.example/orgs"), true)
}

func TestGateOptions(t *testing.T) {
	h := newSSOHouse(t)
	for name, o := range map[string]GateOptions{
		"no sessions": {},
		"both":        {Sessions: h.sessions, Provider: h.oidc, Proxy: &ProxyHeader{}},
		"negative":    {Sessions: h.sessions, Recheck: -1},
	} {
		if _, err := NewGate(o); err == nil {
			t.Errorf("%s: no fault", name)
		}
	}
}

// TestGateKeepsWhatThePersonHas: signing in again gives a new id, and keeps the
// connection to Toggl; the old id is dead.
func TestGateKeepsWhatThePersonHas(t *testing.T) {
	g := newGated(t)
	s, err := g.enter()
	if err != nil || s == nil {
		t.Fatal(s, err)
	}
	id := g.come()
	first := g.load(id)
	first.Track = TrackCredentials{APIToken: "token-canary"}
	r := g.request(id)
	loaded, err := g.sessions.Load(r)
	if err != nil {
		t.Fatal(err)
	}
	loaded.Track = first.Track
	if err := g.sessions.Save(httptest.NewRecorder(), r, loaded); err != nil {
		t.Fatal(err)
	}
	again := g.come()
	if again == id || g.load(id) != nil {
		t.Error("the old id is alive")
	}
	if g.load(again).Track != first.Track {
		t.Error("the connection is gone")
	}
}

// TestGateBadAnswerEndsSession: where the provider's word can't be trusted nobody
// stays in on an old one.
func TestGateBadAnswerEndsSession(t *testing.T) {
	g := newGated(t)
	g.idp.spoil = func(m *minting) { m.claims["nonce"] = "somebody-else's" }
	g.now = g.now.Add(11 * time.Minute)
	if s, err := g.enter(); s != nil || !errors.Is(err, ErrBadAnswer) {
		t.Errorf("let in with %v", err)
	}
	g.idp.spoil = nil
	if s, err := g.enter(); s != nil || err != nil {
		t.Errorf("the session still stands, %v", err)
	}
}

// TestGateRefusalStands: asked twice within a minute, a provider that no longer
// vouches for somebody is believed both times.
func TestGateRefusalStands(t *testing.T) {
	g := newGated(t)
	g.idp.refuse = "invalid_grant"
	g.now = g.now.Add(11 * time.Minute)
	for range 3 {
		if s, err := g.enter(); s != nil || !errors.Is(err, ErrSignInAgain) {
			t.Errorf("let in, %v", err)
		}
	}
}

// TestGateLeavesTheProviderAlone: while it is down it isn't asked on every request.
func TestGateLeavesTheProviderAlone(t *testing.T) {
	g := newGated(t)
	asked := 0
	g.idp.before = func(w http.ResponseWriter, _ *http.Request) bool {
		asked++
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	g.now = g.now.Add(11 * time.Minute)
	for range 5 {
		if s, err := g.enter(); s == nil || err != nil {
			t.Errorf("not let in: %v", err)
		}
	}
	if asked > 1 {
		t.Errorf("asked %d times", asked)
	}
	g.now = g.now.Add(RecheckGrace)
	if s, err := g.enter(); s != nil || !errors.Is(err, ErrProvider) {
		t.Errorf("let in after the grace, %v", err)
	}
}

// TestGateLeaveEverywhere: the sessions of all browsers end, and the provider's too.
func TestGateLeaveEverywhere(t *testing.T) {
	g := newGated(t)
	first := g.come()
	g.b = &browser{TB: t}
	second := g.come()
	address, ended, err := g.gate.LeaveEverywhere(httptest.NewRecorder(), g.b.request("https://roster.example/sign-out"))
	if err != nil || ended != 2 {
		t.Errorf("%d sessions ended, %v", ended, err)
	}
	if u, err := url.Parse(address); err != nil || u.Host == "" {
		t.Errorf("it leads on to %q", address)
	}
	if g.load(first) != nil || g.load(second) != nil {
		t.Error("a session is left")
	}
	if _, _, err := g.gate.LeaveEverywhere(httptest.NewRecorder(), g.b.request("https://roster.example/")); !errors.Is(err, ErrSessionGone) {
		t.Errorf("nobody leaves everywhere: %v", err)
	}
}

// TestGateOtherMode: a session outlasts a restart, but not a change of how people sign
// in, nor of where.
func TestGateOtherMode(t *testing.T) {
	g := newGated(t)
	moved := g.replica(func(o *OIDCOptions) { o.Issuer = "https://moved.example" })
	for name, o := range map[string]GateOptions{
		"Toggl":            {Policy: Policy{Everybody: RoleEditor}},
		"another provider": {Provider: moved},
	} {
		o.Sessions, o.Now = g.sessions, func() time.Time { return g.now }
		gate, err := NewGate(o)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := gate.Enter(httptest.NewRecorder(), g.b.request("https://roster.example/orgs"), true); s != nil || err != nil {
			t.Errorf("%s lets in whom somebody else signed in: %v", name, err)
		}
	}
	if s, err := g.enter(); s == nil || err != nil {
		t.Errorf("the session is gone: %v", err)
	}
	g.b = &browser{TB: t, cookies: []*http.Cookie{{Name: secureCookieName, Value: g.signIn()}}}
	if s, err := g.enter(); s != nil || err != nil {
		t.Errorf("the provider's door lets in whom Toggl signed in: %v", err)
	}
}

// TestGateJudge: lists count as they are now; without any, what the sign-in said does.
func TestGateJudge(t *testing.T) {
	h := newHouse(t)
	for name, tt := range map[string]struct {
		policy Policy
		want   Role
	}{
		"an editor still":   {Policy{Editors: []string{"7"}}, RoleEditor},
		"a viewer by now":   {Policy{Viewers: []string{"7"}}, RoleViewer},
		"nobody by now":     {Policy{Editors: []string{"8"}}, RoleNone},
		"without any lists": {Policy{Everybody: RoleViewer}, RoleEditor},
	} {
		gate, err := NewGate(GateOptions{Sessions: h.sessions, Policy: tt.policy})
		if err != nil {
			t.Fatal(err)
		}
		s := &Session{Role: RoleEditor}
		if gate.Judge(s, Identity{Issuer: "https://toggl.example", Subject: "7"}); s.Role != tt.want {
			t.Errorf("%s: role %q, want %q", name, s.Role, tt.want)
		}
	}
}

// TestGateGroupsUnknown: nobody is told of groups where roles aren't given by them.
func TestGateGroupsUnknown(t *testing.T) {
	g := newGated(t)
	for _, byGroup := range []bool{true, false} {
		g.gate.policy = Policy{Editors: []string{"somebody"}}
		if byGroup {
			g.gate.policy.ViewerGroups = []string{"viewers"}
		}
		s := &Session{}
		if g.gate.update(s, Identity{Subject: "user-1"}); s.GroupsUnknown != byGroup {
			t.Errorf("roles by group: %v, groups unknown: %v", byGroup, s.GroupsUnknown)
		}
	}
}
