package auth

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Begin sends somebody off to the provider, and returns its address.
func (g *Gate) Begin(w http.ResponseWriter, r *http.Request, returnTo string) (address string, err error) {
	if g.provider == nil {
		return "", ErrProvider
	}
	return g.provider.Begin(w, r, SafeReturn(returnTo))
}

// Finish begins the session of somebody who comes back from the provider, and returns
// where they wanted to go. Its errors are those of [OIDC.Finish].
func (g *Gate) Finish(w http.ResponseWriter, r *http.Request) (s *Session, returnTo string, err error) {
	if g.provider == nil {
		return nil, "", ErrAttempt
	}
	in, err := g.provider.Finish(w, r)
	if err != nil {
		return nil, "", err
	}
	s, err = g.begin(w, r, in.Identity, &in.Provider)
	return s, SafeReturn(in.ReturnTo), err
}

// BackChannel ends the sessions that the provider says have ended, and returns how
// many there were. Its errors are those of [OIDC.BackChannelLogout], [ErrLogoutRefused]
// for an order that was followed before, and the store's: then nothing is done, and
// the provider can send the same again.
//
// Where the provider names its session and the person, sessions of theirs of which it
// isn't known in which session of the provider's they were begun end too.
func (g *Gate) BackChannel(r *http.Request) (ended int, err error) {
	if g.provider == nil {
		return 0, ErrLogoutRefused
	}
	out, err := g.provider.BackChannelLogout(r)
	if err != nil {
		return 0, err
	}
	return g.sessions.logOut(r.Context(), out)
}

// enterAgain has the provider vouch for the session once in a while. One that it no
// longer vouches for stays, so that the person finds it as it was after they have
// signed in again; until then it lets nobody in.
func (g *Gate) enterAgain(w http.ResponseWriter, r *http.Request, s *Session, begin bool) (*Session, error) {
	if s.Provider == nil {
		return nil, ErrSignInAgain
	}
	age := g.now().Sub(s.Provider.CheckedAt)
	if age < g.recheck {
		return s, nil
	}
	// Without a refresh token the browser has to go there. A form would be lost on
	// the way: the next page is soon enough.
	if s.Provider.RefreshToken == "" && !begin && age < g.recheck+RecheckGrace {
		return s, nil
	}
	in, err := g.refresh(r.Context(), *s.Provider)
	switch {
	case err == nil:
		return g.vouched(w, r, s, in)
	case errors.Is(err, ErrBadAnswer): // nobody knows any more who this is
		return nil, errors.Join(err, g.sessions.SignOut(w, r))
	case errors.Is(err, ErrRefreshing), errors.Is(err, ErrProvider):
		if age < g.recheck+RecheckGrace {
			return s, nil
		}
		return nil, errors.Join(ErrProvider, err)
	case errors.Is(err, ErrSignInAgain):
		return nil, errors.Join(err, g.dropRefresh(w, r, s))
	}
	return nil, err
}

// dropRefresh makes it stand: asked again within a minute, the provider would seem
// to be busy with the first question.
func (g *Gate) dropRefresh(w http.ResponseWriter, r *http.Request, s *Session) error {
	if s.Provider.RefreshToken == "" {
		return nil
	}
	p := *s.Provider
	p.RefreshToken, p.CheckedAt = "", time.Time{} // and no grace for forms
	s.Provider = &p
	if err := g.sessions.Save(w, r, s); err != nil && !errors.Is(err, ErrSessionGone) {
		return err
	}
	return nil
}

// vouched keeps what the provider says now.
func (g *Gate) vouched(w http.ResponseWriter, r *http.Request, s *Session, in SignedIn) (*Session, error) {
	if in.Identity.Key() != s.Subject {
		return nil, ErrSignInAgain
	}
	s.Provider = &in.Provider
	g.update(s, in.Identity)
	if err := g.sessions.Save(w, r, s); errors.Is(err, ErrSessionGone) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return s, nil
}

// refresh leaves a provider alone that has just failed: nobody waits for it on every
// request.
func (g *Gate) refresh(ctx context.Context, p ProviderSession) (SignedIn, error) {
	if now := g.now(); now.Before(g.askAgainFrom()) {
		return SignedIn{}, ErrProvider
	}
	in, err := g.provider.Refresh(ctx, p)
	if errors.Is(err, ErrProvider) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.askFrom = g.now().Add(recheckPause)
	}
	return in, err
}

func (g *Gate) askAgainFrom() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.askFrom
}
