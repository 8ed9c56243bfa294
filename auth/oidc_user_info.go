package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
)

// errNoUserInfo means that the provider says no more about people.
var errNoUserInfo = errors.New("auth: no user info")

// about returns what the provider says about the subject: the claims of the ID token,
// and where they don't say groups, or who it is, those that it gives on asking.
func (o *OIDC) about(ctx context.Context, p *provider, subject string, said claims, tokens *oauth2.Token) (claims, error) {
	needsGroups := o.groupsClaim != "" && !said.has(o.groupsClaim)
	needsName := !said.has("name") && !said.has("preferred_username") && !said.has("email")
	if !needsGroups && !needsName {
		return said, nil
	}
	more, err := o.userInfo(ctx, p, subject, tokens)
	switch {
	case errors.Is(err, errNoUserInfo):
		return said, nil
	case err != nil && !needsGroups && !errors.Is(err, ErrBadAnswer):
		return said, nil // a name is not worth a refusal
	case err != nil:
		return nil, err
	}
	for name := range said {
		if said.has(name) {
			more[name] = said[name]
		}
	}
	return more, nil
}

// userInfo asks for more about the subject, and for an answer about nobody else.
func (o *OIDC) userInfo(ctx context.Context, p *provider, subject string, tokens *oauth2.Token) (claims, error) {
	if p.UserInfoURL == "" {
		return nil, errNoUserInfo
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.UserInfoURL, nil) // #nosec G704 -- the address is the provider's, which the operator named
	if err != nil {
		return nil, fmt.Errorf("%w: user info: %w", ErrProvider, err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Authorization", "Bearer "+tokens.AccessToken)
	answer, err := o.client.Do(request) // #nosec G704 -- as above
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		return nil, fmt.Errorf("%w: user info: %w", ErrProvider, failed.Err)
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode >= 400 && answer.StatusCode < 500 && answer.StatusCode != http.StatusTooManyRequests:
		return nil, errNoUserInfo
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%w: user info answers with status %d", ErrProvider, answer.StatusCode)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("%w: user info: %w", ErrProvider, err)
	}
	var info claims
	if err := json.Unmarshal(body, &info); err != nil {
		return nil, errNoUserInfo // signed or sealed ones are for who asked for them
	}
	if info.text("sub", maxSubject) != subject {
		return nil, fmt.Errorf("%w: user info of somebody else", ErrBadAnswer)
	}
	return info, nil
}
