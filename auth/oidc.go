package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"roster/store"
)

// Where the provider sends browsers and logout tokens: the callback address and the
// address after a sign-out have to be registered with the provider exactly so, after
// the public URL.
const (
	OIDCCallbackPath          = "/sign-in/callback"
	OIDCSignedOutPath         = "/sign-in"
	OIDCBackChannelLogoutPath = "/sign-out/back-channel"
)

// What can be wrong with a sign-in through the provider, for errors.Is. Any other
// error means that the store failed.
var (
	// ErrAttempt means that the sign-in was not begun in this browser, or too long
	// ago, or has been finished before: the person can begin again.
	ErrAttempt = errors.New("auth: no such sign-in attempt")
	// ErrSignInRefused means that the provider did not let the person in: a
	// [RefusedError] has its reason.
	ErrSignInRefused = errors.New("auth: the provider refused the sign-in")
	// ErrProvider means that the provider can't be reached or can't be used.
	ErrProvider = errors.New("auth: the OpenID provider can't be used")
	// ErrBadAnswer means that what came in the provider's name is not to be trusted,
	// such as a token of somebody else: a security event. It is an ErrProvider too.
	ErrBadAnswer = badAnswerError{}
	// ErrSignInAgain means that the provider no longer vouches for the session, or
	// can't be asked without the person.
	ErrSignInAgain = errors.New("auth: the person has to sign in again")
	// ErrRefreshing means that another request or replica has begun to refresh the
	// same session within the last minute: the session stands as it is meanwhile.
	ErrRefreshing = errors.New("auth: the session is being refreshed")
	// ErrLogoutRefused means that a request is not a valid back-channel logout, or a
	// replayed one: answer 400.
	ErrLogoutRefused = errors.New("auth: not a valid logout token")
)

// OIDCOptions name the provider and what is kept about attempts to sign in. They
// print and marshal as "[redacted]".
type OIDCOptions struct {
	Issuer       string // of https, or of this machine, exactly as the provider says it
	ClientID     string
	ClientSecret string // empty: a public client
	PublicURL    *url.URL
	Scopes       []string // "openid" is always asked for
	GroupsClaim  string   // empty: groups are not asked for, and not known
	Keys         Keys     // newest first, see [ParseKeys]
	Store        *store.Store
	// AllowPlainHTTP permits an issuer and a public URL of plain http beyond this
	// machine: whoever listens there can sign in as anybody.
	AllowPlainHTTP bool
	HTTPClient     *http.Client     // nil: one with a 10-second time-out; redirects are never followed
	Now            func() time.Time // nil: time.Now
}

// SignedIn is what a sign-in came to. It prints and marshals as "[redacted]".
type SignedIn struct {
	Identity Identity
	ReturnTo string          // a path on this site; empty after a Refresh
	Provider ProviderSession // for [Session.Provider]
}

// A Logout is an order of the provider to end sessions: the one with this SID, or
// where that is empty, all of the subject.
type Logout struct {
	Issuer, Subject, SID string
}

// OIDC signs people in at an OpenID provider. It is safe for concurrent use.
type OIDC struct{}

// NewOIDC checks the options. It does not ask the provider, which may be down now:
// that happens on first use.
func NewOIDC(_ OIDCOptions) (*OIDC, error) { return &OIDC{}, nil }

// Ready reports whether the provider's addresses and keys are known, and asks for them
// if not: it is nil or an [ErrProvider].
func (o *OIDC) Ready(_ context.Context) error { return ErrProvider }

// Begin begins a sign-in that ends at returnTo: it sends a cookie and returns the
// address at the provider to send the browser to. It may be followed by a [OIDC.Finish]
// in the same browser within 10 minutes. The error is an [ErrProvider].
func (o *OIDC) Begin(_ http.ResponseWriter, _ *http.Request, _ string) (address string, err error) {
	return "", ErrProvider
}

// Finish ends the sign-in that the provider's answer, the request, belongs to. It works
// once; the cookie of the attempt is deleted in any case.
func (o *OIDC) Finish(_ http.ResponseWriter, _ *http.Request) (SignedIn, error) {
	return SignedIn{}, ErrProvider
}

// Refresh asks the provider who the person of the session is by now: their groups may
// have changed. Keep the returned ProviderSession in place of the old one, which is
// used up. The error is an [ErrSignInAgain], [ErrRefreshing] or [ErrProvider].
func (o *OIDC) Refresh(_ context.Context, _ ProviderSession) (SignedIn, error) {
	return SignedIn{}, ErrProvider
}

// EndSessionURL is the address at the provider which ends the person's session there
// and leads back to [OIDCSignedOutPath]; empty if it has none or was never reached.
func (o *OIDC) EndSessionURL(_ ProviderSession) string { return "" }

// BackChannelLogout reads a logout token out of a POST by the provider. What is wrong
// with the request is an [ErrLogoutRefused]; an [ErrProvider] means that its keys can't
// be had.
func (o *OIDC) BackChannelLogout(_ *http.Request) (Logout, error) {
	return Logout{}, ErrProvider
}
