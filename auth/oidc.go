package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

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
	ErrBadAnswer error = badAnswerError{}
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

// A Logout is an order of the provider to end sessions: those with this SID, or where
// that is empty, all of the subject. [Gate.BackChannel] follows it, once.
type Logout struct {
	Issuer, Subject, SID string

	token [sha256.Size]byte // tells the order from others
	until time.Time         // when its token is too old to be taken
}

// OIDC signs people in at an OpenID provider. It is safe for concurrent use.
type OIDC struct {
	issuer, clientID string
	// secret is behind a function for the reason that a keyring's keys are.
	secret      func() string
	public      string // the public URL without a slash at the end
	scopes      []string
	groupsClaim string

	discovery *discovery
	attempts  *attempts
	rows      *store.Store
	client    *http.Client
	now       func() time.Time
}

// NewOIDC checks the options. It does not ask the provider, which may be down now:
// that happens on first use.
func NewOIDC(o OIDCOptions) (*OIDC, error) {
	if err := checkIssuer(o.Issuer, o.AllowPlainHTTP); err != nil {
		return nil, err
	}
	if o.ClientID == "" || o.Store == nil {
		return nil, errors.New("auth: OpenID Connect needs a client id and a store")
	}
	base, err := cookieFor(o.PublicURL, o.AllowPlainHTTP)
	if err != nil {
		return nil, err
	}
	ring, err := newKeyring(o.Keys)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	client := providerClient(o.HTTPClient)
	return &OIDC{
		issuer: o.Issuer, clientID: o.ClientID, secret: func() string { return o.ClientSecret },
		public:      o.PublicURL.Scheme + "://" + o.PublicURL.Host,
		scopes:      withOpenID(o.Scopes),
		groupsClaim: o.GroupsClaim,
		discovery:   newDiscovery(o.Issuer, client, o.Now),
		attempts:    &attempts{cookie: base, ring: ring, rows: o.Store, now: o.Now, client: o.Issuer + " " + o.ClientID},
		rows:        o.Store,
		client:      client,
		now:         o.Now,
	}, nil
}

// checkIssuer returns what is wrong with the address of a provider. Tokens compare
// with it byte by byte, so it is not mended here.
func checkIssuer(issuer string, allowPlainHTTP bool) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(issuer, " ?#") {
		return errors.New("auth: the issuer is not an address such as https://id.example.com/realm")
	}
	if u.Scheme == "https" || u.Scheme == "http" && (allowPlainHTTP || isLoopback(u.Hostname())) {
		return nil
	}
	return errors.New("auth: the issuer is neither https nor on this machine")
}

func withOpenID(scopes []string) []string {
	all := []string{oidc.ScopeOpenID}
	for _, scope := range scopes {
		if !slices.Contains(all, scope) {
			all = append(all, scope)
		}
	}
	return all
}

// Issuer is the [Identity.Issuer] of everybody.
func (o *OIDC) Issuer() string { return o.issuer }

// Ready reports whether the provider's addresses and keys are known, and asks for them
// if not: it is nil or an [ErrProvider].
func (o *OIDC) Ready(ctx context.Context) error {
	p, err := o.discovery.provider(ctx)
	if err != nil {
		return err
	}
	if err := p.keys.Ready(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrProvider, err)
	}
	return nil
}

func (o *OIDC) oauth(p *provider) *oauth2.Config {
	style := oauth2.AuthStyleInParams // a client without a secret has nothing to authenticate with
	if o.secret() != "" {
		style = p.style()
	}
	return &oauth2.Config{
		ClientID: o.clientID, ClientSecret: o.secret(), Scopes: o.scopes,
		RedirectURL: o.public + OIDCCallbackPath,
		Endpoint:    oauth2.Endpoint{AuthURL: p.AuthURL, TokenURL: p.TokenURL, AuthStyle: style},
	}
}

// withClient has go-oidc and oauth2 use the client that follows no redirects and
// reads no endless answers.
func (o *OIDC) withClient(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, o.client)
}

// Format redacts under every verb.
func (*OIDC) Format(f fmt.State, _ rune) { formatRedacted(f) }
