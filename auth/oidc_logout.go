package auth

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	maxLogoutBody = 64 << 10
	// maxLogoutAge is how old a logout token may be, whatever it says of its end.
	maxLogoutAge = 5 * time.Minute
	// maxTokenHint is the longest ID token that is put into an address, of which
	// servers commonly take 8 KB.
	maxTokenHint = 4 << 10
)

// EndSessionURL is the address at the provider which ends the person's session there
// and leads back to [OIDCSignedOutPath]; empty if it has none or was never reached.
func (o *OIDC) EndSessionURL(session ProviderSession) string {
	p := o.discovery.found.Load()
	if p == nil || p.EndSessionURL == "" {
		return ""
	}
	u, err := url.Parse(p.EndSessionURL)
	if err != nil {
		return ""
	}
	query := u.Query()
	query.Set("client_id", o.clientID)
	query.Set("post_logout_redirect_uri", o.public+OIDCSignedOutPath)
	if session.IDToken != "" && len(session.IDToken) <= maxTokenHint {
		query.Set("id_token_hint", session.IDToken)
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// BackChannelLogout reads a logout token out of a POST by the provider. What is wrong
// with the request is an [ErrLogoutRefused]; an [ErrProvider] means that its keys can't
// be had. That a token counts once is left to whoever does what it says.
func (o *OIDC) BackChannelLogout(r *http.Request) (Logout, error) {
	raw, err := logoutToken(r)
	if err != nil {
		return Logout{}, fmt.Errorf("%w: %w", ErrLogoutRefused, err)
	}
	p, err := o.discovery.provider(r.Context())
	if err != nil {
		return Logout{}, err
	}
	verifier, keys := o.verifier(p)
	token, err := verifier.VerifyLogout(r.Context(), raw)
	if err != nil {
		if err = keys.blame(err); errors.Is(err, ErrBadAnswer) {
			return Logout{}, fmt.Errorf("%w: %s", ErrLogoutRefused, safeDetail(err.Error()))
		}
		return Logout{}, err
	}
	if err := o.checkLogout(token); err != nil {
		return Logout{}, fmt.Errorf("%w: %w", ErrLogoutRefused, err)
	}
	return Logout{
		Issuer: o.issuer, Subject: token.Subject, SID: token.SessionID,
		token: sha256.Sum256([]byte("roster/logout/v1 " + o.issuer + " " + token.TokenID)),
		until: token.IssuedAt.Add(maxLogoutAge + clockSkew),
	}, nil
}

// logoutToken takes the token from the body alone: an address is logged on its way.
func logoutToken(r *http.Request) (string, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" || r.Method != http.MethodPost {
		return "", errors.New("no form")
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxLogoutBody)
	if err := r.ParseForm(); err != nil {
		return "", errors.New("no form, or one too large")
	}
	raw := one(r.PostForm, "logout_token")
	if raw == "" {
		return "", errors.New("not one token")
	}
	return raw, checkKind(raw, "jwt", "logout+jwt")
}

// checkLogout makes the checks that go-oidc leaves out.
func (o *OIDC) checkLogout(token *oidc.LogoutToken) error {
	var said claims
	if err := token.Claims(&said); err != nil {
		return errors.New("no claims")
	}
	now := o.now()
	switch {
	case said.text("iss", maxSubject) != token.Issuer || said.text("sub", maxSubject) != token.Subject || said.text("sid", maxSID) != token.SessionID:
		return errors.New("claims in two spellings, or too long")
	case !said.logsOut():
		return errors.New("no logout event")
	case token.IssuedAt.IsZero() || token.IssuedAt.After(now.Add(clockSkew)):
		return errors.New("a token from the future")
	case now.Sub(token.IssuedAt) > maxLogoutAge:
		return errors.New("an old token")
	}
	return nil
}
