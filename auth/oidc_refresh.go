package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"roster/store"
)

// refreshPause is how long a refresh token is left alone once it is sent. Providers take
// one that comes twice for stolen, and end the session: so it is marked in the store.
const refreshPause = time.Minute

// Refresh asks the provider who the person of the session is by now: their groups may
// have changed. Keep the returned ProviderSession in place of the old one, which is
// used up. The error is an [ErrSignInAgain], [ErrRefreshing] or [ErrProvider], unless
// the store failed.
func (o *OIDC) Refresh(ctx context.Context, session ProviderSession) (SignedIn, error) {
	if session.RefreshToken == "" || session.Issuer != o.issuer {
		return SignedIn{}, fmt.Errorf("%w: there is no refresh token", ErrSignInAgain)
	}
	p, err := o.discovery.provider(ctx)
	if err != nil {
		return SignedIn{}, err
	}
	key := sha256.Sum256([]byte("roster/refresh/v1 " + session.RefreshToken))
	err = o.rows.MarkUsed(ctx, key[:], o.now(), o.now().Add(refreshPause))
	if errors.Is(err, store.ErrConflict) {
		return SignedIn{}, ErrRefreshing
	}
	if err != nil {
		return SignedIn{}, err
	}
	// The answer has the only good token, even if who asked has gone away.
	ctx = context.WithoutCancel(ctx)
	tokens, err := o.oauth(p).TokenSource(o.withClient(ctx), &oauth2.Token{RefreshToken: session.RefreshToken}).Token()
	if err != nil {
		return SignedIn{}, refreshError(err)
	}
	return o.refreshed(ctx, p, session, tokens)
}

func (o *OIDC) refreshed(ctx context.Context, p *provider, session ProviderSession, tokens *oauth2.Token) (SignedIn, error) {
	token, err := o.idToken(ctx, p, tokens)
	if err != nil {
		return SignedIn{}, err
	}
	var about claims
	if token == nil {
		about, err = o.userInfo(ctx, p, session.Subject, tokens)
	} else {
		about, err = o.aboutSame(ctx, p, session, token, tokens)
		session.IDToken = token.raw
	}
	if errors.Is(err, errNoUserInfo) {
		return SignedIn{}, fmt.Errorf("%w: the provider says nothing on a refresh", ErrSignInAgain)
	}
	if err != nil {
		return SignedIn{}, err
	}
	session.RefreshToken, session.CheckedAt = tokens.RefreshToken, o.now()
	return SignedIn{Identity: o.identity(session.Subject, about), Provider: session}, nil
}

func (o *OIDC) aboutSame(ctx context.Context, p *provider, session ProviderSession, token *verifiedToken, tokens *oauth2.Token) (claims, error) {
	if err := sameSession(session, token); err != nil {
		return nil, err
	}
	return o.about(ctx, p, session.Subject, token.claims, tokens)
}

// sameSession refuses a token of another sign-in. It need not repeat the nonce, nor the
// name of the session.
func sameSession(session ProviderSession, token *verifiedToken) error {
	switch {
	case token.Subject != session.Subject:
		return fmt.Errorf("%w: it is somebody else by now", ErrSignInAgain)
	case token.Nonce != "" && !sameSecret(token.Nonce, session.Nonce):
		return fmt.Errorf("%w: the ID token is of another sign-in", ErrBadAnswer)
	case session.SID != "" && token.claims.has("sid") && token.claims.text("sid", maxSID) != session.SID:
		return fmt.Errorf("%w: it is another session by now", ErrSignInAgain)
	}
	return nil
}

func refreshError(err error) error {
	ended := []string{"invalid_grant", "login_required", "interaction_required", "consent_required", "account_selection_required"}
	if refusal := (*oauth2.RetrieveError)(nil); errors.As(err, &refusal) && slices.Contains(ended, refusal.ErrorCode) {
		return fmt.Errorf("%w: %s", ErrSignInAgain, refusal.ErrorCode)
	}
	return tokenError(err)
}
