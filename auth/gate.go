package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	// DefaultRecheck is how often an OpenID provider is asked again who somebody is
	// and which groups they are in.
	DefaultRecheck = 15 * time.Minute
	// RecheckGrace is for how long after that time a session goes on while the
	// provider can't be asked.
	RecheckGrace = 15 * time.Minute
	// recheckPause is how long a provider that couldn't be asked is left alone.
	recheckPause = 15 * time.Second
)

// A Proxy in front says on each request who sent it: a [ProxyHeader] or a [ProxyJWT].
type Proxy interface {
	Identify(r *http.Request) (Identity, error)
	SignOutURL() string
}

// A Provider is where people sign in who don't do it at Toggl: an [OIDC].
type Provider interface {
	Begin(w http.ResponseWriter, r *http.Request, returnTo string) (address string, err error)
	Finish(w http.ResponseWriter, r *http.Request) (SignedIn, error)
	Refresh(ctx context.Context, p ProviderSession) (SignedIn, error)
	EndSessionURL(p ProviderSession) string
	Issuer() string
	BackChannelLogout(r *http.Request) (Logout, error)
}

var (
	_ Proxy    = (*ProxyHeader)(nil)
	_ Proxy    = (*ProxyJWT)(nil)
	_ Provider = (*OIDC)(nil)
)

// GateOptions say who is let in, and on whose word. With neither Proxy nor Provider
// people sign in with their Toggl credentials, by [Sessions.SignIn].
type GateOptions struct {
	Sessions *Sessions
	Policy   Policy
	Proxy    Proxy            // at most one of
	Provider Provider         // these two
	Recheck  time.Duration    // how often Provider is asked again; 0: DefaultRecheck
	Now      func() time.Time // nil: time.Now
}

// A Gate knows for each request who sent it and what they may do by now. It is safe
// for concurrent use.
type Gate struct {
	sessions *Sessions
	policy   Policy
	proxy    Proxy
	provider Provider
	recheck  time.Duration
	now      func() time.Time

	mu      sync.Mutex
	askFrom time.Time // the provider is left alone until then
}

// NewGate checks the options.
func NewGate(o GateOptions) (*Gate, error) {
	switch {
	case o.Sessions == nil:
		return nil, errors.New("auth: a gate needs sessions")
	case o.Proxy != nil && o.Provider != nil:
		return nil, errors.New("auth: a proxy and a provider can't both sign people in")
	case o.Recheck < 0:
		return nil, errors.New("auth: roles can't be read again before they were read")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Gate{
		sessions: o.Sessions, policy: o.Policy, proxy: o.Proxy, provider: o.Provider,
		recheck: cmp.Or(o.Recheck, DefaultRecheck), now: o.Now,
	}, nil
}

// RoleOf returns the role that the policy gives an identity.
func (g *Gate) RoleOf(i Identity) Role { return g.policy.RoleOf(i) }

// Judge gives the session of somebody who signed in at Toggl the role that the lists
// of identities give them by now: a session outlasts the lists that it began under.
func (g *Gate) Judge(s *Session, i Identity) {
	if len(g.policy.Editors)+len(g.policy.Viewers) > 0 {
		s.Role = g.policy.RoleOf(i)
	}
}

// ByProxy and ByProvider tell who signs people in; if neither, Toggl does.
func (g *Gate) ByProxy() bool { return g.proxy != nil }

// ByProvider is the other one.
func (g *Gate) ByProvider() bool { return g.provider != nil }

// Enter returns the session of the request with the role that the person has now, or
// nil when nobody is signed in. Where a proxy signs people in, a session begins by
// itself, on requests for which begin is set: on others somebody who has none, or who
// was somebody else before, is not signed in, so that nothing is done in their name
// that they didn't see. Where a provider does and gave no refresh token, the same
// requests send people there again.
//
// Errors are those of [Sessions.Load] and of the proxy's Identify, [ErrSignInAgain],
// and [ErrProvider] when the provider could not be asked for too long.
func (g *Gate) Enter(w http.ResponseWriter, r *http.Request, begin bool) (*Session, error) {
	if g.proxy != nil {
		return g.enterByProxy(w, r, begin)
	}
	s, err := g.sessions.Load(r)
	switch {
	case err != nil || s == nil:
		return nil, err
	case s.Issuer != g.issuer():
		return nil, nil // it was begun before the operator chose another way to sign in
	case g.provider == nil:
		return s, nil
	}
	return g.enterAgain(w, r, s, begin)
}

// issuer is the [Session.Issuer] of everybody whom a provider, or Toggl, signs in.
func (g *Gate) issuer() string {
	if g.provider == nil {
		return ""
	}
	return g.provider.Issuer()
}

// update gives the session what is known of the person now.
func (g *Gate) update(s *Session, i Identity) {
	s.Role, s.GroupsUnknown = g.policy.RoleOf(i), !i.GroupsKnown && g.policy.AsksGroups()
	s.Name, s.Email = cmp.Or(i.Name, i.Email, i.Subject), i.Email
}

// begin is a session of somebody who has just come, under a new id. What a session of
// the same person holds goes over to it; that of anybody else ends.
func (g *Gate) begin(w http.ResponseWriter, r *http.Request, i Identity, p *ProviderSession) (*Session, error) {
	s := Session{Subject: i.Key(), Issuer: i.Issuer}
	before, err := g.sessions.Load(r)
	if err != nil {
		return nil, err
	}
	if before != nil && before.Subject == s.Subject {
		s = *before
	}
	s.Provider = p
	g.update(&s, i)
	if err := g.sessions.SignIn(w, r, s); err != nil {
		return nil, err
	}
	if err := g.sessions.keepAuthor(w, r, s.Subject); err != nil {
		return nil, err
	}
	return g.sessions.Load(r)
}

// Leave ends the session of the request, and returns where the proxy or the provider
// ends its own; empty if nowhere.
func (g *Gate) Leave(w http.ResponseWriter, r *http.Request) (address string, err error) {
	s, err := g.sessions.Load(r)
	if err != nil {
		return "", err
	}
	if err := g.sessions.SignOut(w, r); err != nil {
		return "", err
	}
	switch {
	case g.proxy != nil:
		return g.proxy.SignOutURL(), nil
	case g.provider != nil && s != nil && s.Provider != nil:
		return g.provider.EndSessionURL(*s.Provider), nil
	}
	return "", nil
}

// LeaveEverywhere is Leave for all sessions of the person, of whatever browser. It
// returns [ErrSessionGone] where nobody is signed in.
func (g *Gate) LeaveEverywhere(w http.ResponseWriter, r *http.Request) (address string, ended int, err error) {
	s, err := g.sessions.Load(r)
	if err != nil {
		return "", 0, err
	}
	if s == nil {
		return "", 0, ErrSessionGone
	}
	// First all of them: after an error the person is still here, to try again.
	ended, err = g.sessions.RevokeSubject(r.Context(), s.Subject)
	if err != nil {
		return "", 0, fmt.Errorf("auth: sign out everywhere: %w", err)
	}
	address, err = g.Leave(w, r)
	return address, ended, err
}
