package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// maxCode is the length of the longest authorization code that is sent on.
const maxCode = 4096

// Begin begins a sign-in that ends at returnTo: it sends a cookie and returns the
// address at the provider to send the browser to. It may be followed by a [OIDC.Finish]
// in the same browser within 10 minutes. The error is an [ErrProvider].
func (o *OIDC) Begin(w http.ResponseWriter, r *http.Request, returnTo string) (address string, err error) {
	p, err := o.discovery.provider(r.Context())
	if err != nil {
		return "", err
	}
	t, err := o.attempts.begin(w, r, returnTo)
	if err != nil {
		return "", err
	}
	return o.oauth(p).AuthCodeURL(t.State, oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier),
		oauth2.SetAuthURLParam("response_mode", "query")), nil
}

// Finish ends the sign-in that the provider's answer, the request, belongs to. It works
// once, and deletes the cookie of the attempt; only if the store fails, or the provider
// can't be asked about itself, can the same answer be sent again.
func (o *OIDC) Finish(w http.ResponseWriter, r *http.Request) (SignedIn, error) {
	answer, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || r.Method != http.MethodGet {
		return SignedIn{}, fmt.Errorf("%w: no answer of a provider", ErrAttempt)
	}
	p, err := o.discovery.provider(r.Context()) // before the attempt is used up
	if err != nil {
		return SignedIn{}, err
	}
	t, err := o.attempts.finish(w, r, one(answer, "state"))
	if err != nil {
		return SignedIn{}, err
	}
	code, err := o.code(p, answer)
	if err != nil {
		return SignedIn{}, err
	}
	signedIn, err := o.exchange(r.Context(), p, t, code)
	signedIn.ReturnTo = t.ReturnTo
	return signedIn, err
}

// code is what the answer brings, or its error, once it is known whose answer it is: a
// browser led from one provider to another would have the code of the one sent to the
// other.
func (o *OIDC) code(p *provider, answer url.Values) (string, error) {
	if (answer.Has("iss") || p.SaysIssuer) && one(answer, "iss") != o.issuer {
		return "", fmt.Errorf("%w: another provider's", ErrBadAnswer)
	}
	if answer.Has("error") {
		return "", refused(one(answer, "error"), one(answer, "error_description"))
	}
	code := one(answer, "code")
	if code == "" || len(code) > maxCode {
		return "", fmt.Errorf("%w: no code", ErrBadAnswer)
	}
	return code, nil
}

func (o *OIDC) exchange(ctx context.Context, p *provider, t attempt, code string) (SignedIn, error) {
	tokens, err := o.oauth(p).Exchange(o.withClient(ctx), code, oauth2.VerifierOption(t.Verifier))
	if refusal := (*oauth2.RetrieveError)(nil); errors.As(err, &refusal) && refusal.ErrorCode == "invalid_grant" {
		return SignedIn{}, fmt.Errorf("%w: the code is not or no longer good", ErrAttempt)
	}
	if err != nil {
		return SignedIn{}, tokenError(err)
	}
	token, err := o.idToken(ctx, p, tokens)
	if err != nil {
		return SignedIn{}, err
	}
	if token == nil {
		return SignedIn{}, fmt.Errorf("%w: no ID token", ErrBadAnswer)
	}
	if !sameSecret(token.Nonce, t.Nonce) {
		return SignedIn{}, fmt.Errorf("%w: the ID token is of another sign-in", ErrBadAnswer)
	}
	about, err := o.about(ctx, p, token.Subject, token.claims, tokens)
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{
		Identity: o.identity(token.Subject, about),
		Provider: ProviderSession{
			Issuer: o.issuer, Subject: token.Subject, SID: token.claims.text("sid", maxSID), Nonce: t.Nonce,
			IDToken: token.raw, RefreshToken: tokens.RefreshToken, CheckedAt: o.now(),
		},
	}, nil
}

// tokenError is without the body of the answer, which oauth2 would repeat.
func tokenError(err error) error {
	if refusal := (*oauth2.RetrieveError)(nil); errors.As(err, &refusal) {
		return fmt.Errorf("%w: its token endpoint answers with status %d, %s: %s", ErrProvider,
			refusal.Response.StatusCode, safeCode(refusal.ErrorCode), safeDetail(refusal.ErrorDescription))
	}
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		return fmt.Errorf("%w: token endpoint: %w", ErrProvider, failed.Err)
	}
	return fmt.Errorf("%w: its token endpoint answers with no tokens", ErrProvider)
}

// one is the value of a parameter that is there exactly once; else it is empty.
func one(values url.Values, name string) string {
	if len(values[name]) != 1 {
		return ""
	}
	return values[name][0]
}
