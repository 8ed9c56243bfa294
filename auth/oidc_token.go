package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	// maxIDToken is the length of the longest token that is read: some hundred groups
	// make a long one.
	maxIDToken = 128 << 10
	maxSID     = 512
)

// verifiedToken is an ID token that is ours, whole, in time, and the provider's. Whether
// its nonce is the right one is left to the caller.
type verifiedToken struct {
	*oidc.IDToken
	raw    string
	claims claims
}

// idToken returns the ID token among tokens, or nil, nil if there is none. Its error is
// an [ErrBadAnswer], or an [ErrProvider] for want of keys.
func (o *OIDC) idToken(ctx context.Context, p *provider, tokens *oauth2.Token) (*verifiedToken, error) {
	raw, _ := tokens.Extra("id_token").(string)
	if raw == "" {
		return nil, nil
	}
	if err := checkKind(raw, "jwt"); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadAnswer, err)
	}
	verifier, keys := o.verifier(p)
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, keys.blame(err)
	}
	t := &verifiedToken{IDToken: token, raw: raw}
	if err := errors.Join(token.Claims(&t.claims), o.checkClaims(t), checkAccessToken(token, tokens.AccessToken)); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrBadAnswer, safeDetail(err.Error()))
	}
	return t, nil
}

// checkClaims makes the checks that go-oidc leaves out.
func (o *OIDC) checkClaims(t *verifiedToken) error {
	switch {
	case t.claims.text("iss", maxSubject) != t.Issuer || t.claims.text("sub", maxSubject) != t.Subject:
		// encoding/json takes "Sub" for "sub": a claim that people can name may say so.
		return errors.New("claims in two spellings")
	case t.Subject == "":
		return errors.New("no subject")
	case t.claims.has("events"):
		return errors.New("a logout token in place of an ID token")
	case otherKind(t.claims.text("typ", maxSID)):
		return errors.New("a token of another kind in place of an ID token")
	case t.IssuedAt.IsZero() || t.IssuedAt.After(o.now().Add(clockSkew)):
		return errors.New("a token from the future")
	case len(t.Audience) > 1 && !t.claims.has("azp"):
		return errors.New("a token for several parties that names none")
	case t.claims.has("azp") && t.claims.text("azp", maxSID) != o.clientID:
		return errors.New("a token for another party")
	}
	return nil
}

// otherKind reports whether the claim typ, in which Keycloak says what a token is for,
// says that it is for something else than who somebody is.
func otherKind(typ string) bool {
	return slices.Contains([]string{"bearer", "refresh", "offline", "logout"}, strings.ToLower(typ))
}

func checkAccessToken(token *oidc.IDToken, access string) error {
	if token.AccessTokenHash == "" {
		return nil
	}
	return token.VerifyAccessToken(access)
}

// checkKind refuses a token whose header says that it is of a kind not among these. Many
// say nothing.
func checkKind(raw string, kinds ...string) error {
	if len(raw) > maxIDToken {
		return errors.New("a token that is too long")
	}
	first, _, _ := strings.Cut(raw, ".")
	plain, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil {
		return errors.New("no token")
	}
	var header claims
	if err := json.Unmarshal(plain, &header); err != nil {
		return errors.New("no token")
	}
	if header.has("typ") && !slices.Contains(kinds, strings.ToLower(header.text("typ", maxSID))) {
		return errors.New("a token of another kind")
	}
	return nil
}

// verifier checks tokens of this provider for us. The keys tell afterwards who is to
// blame for an error.
func (o *OIDC) verifier(p *provider) (*oidc.IDTokenVerifier, *blamedKeys) {
	keys := &blamedKeys{keys: p.keys}
	return oidc.NewVerifier(o.issuer, keys, &oidc.Config{ClientID: o.clientID, SupportedSigningAlgs: p.Algorithms, Now: o.now}), keys
}

// blamedKeys keep their error, of which go-oidc passes on only the words.
type blamedKeys struct {
	keys oidc.KeySet
	err  error
}

func (k *blamedKeys) VerifySignature(ctx context.Context, token string) (payload []byte, err error) {
	payload, k.err = k.keys.VerifySignature(ctx, token)
	return payload, k.err
}

func (k *blamedKeys) blame(err error) error {
	for _, cause := range []error{ErrKeys, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(k.err, cause) {
			return fmt.Errorf("%w: %w", ErrProvider, k.err)
		}
	}
	return fmt.Errorf("%w: %s", ErrBadAnswer, safeDetail(err.Error()))
}

func sameSecret(x, y string) bool {
	return x != "" && subtle.ConstantTimeCompare([]byte(x), []byte(y)) == 1
}
