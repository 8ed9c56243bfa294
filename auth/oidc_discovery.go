package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// How long to leave a provider alone that could not be asked: doubled from the first
// to the last.
const (
	discoveryFirstWait = time.Second
	discoveryLastWait  = 30 * time.Second
)

// provider is what a provider says of itself (OpenID Connect Discovery 1.0).
type provider struct {
	AuthURL       string   `json:"authorization_endpoint"`
	TokenURL      string   `json:"token_endpoint"`
	KeysURL       string   `json:"jwks_uri"`
	UserInfoURL   string   `json:"userinfo_endpoint"`    // may be empty
	EndSessionURL string   `json:"end_session_endpoint"` // may be empty
	Algorithms    []string `json:"id_token_signing_alg_values_supported"`
	AuthMethods   []string `json:"token_endpoint_auth_methods_supported"`
	// SaysIssuer: its answers in the address carry an "iss" (RFC 9207).
	SaysIssuer bool `json:"authorization_response_iss_parameter_supported"`

	keys *KeySet
}

// discovery asks a provider about itself once, when it is first needed. One that can't
// be asked is left alone for a while, however many want to sign in.
type discovery struct {
	issuer string
	client *http.Client
	now    func() time.Time

	found atomic.Pointer[provider]

	asking chan struct{} // held by who is asking, and has the rest
	failed error         // of the last try
	wait   time.Duration
	until  time.Time // when to ask again
}

func newDiscovery(issuer string, client *http.Client, now func() time.Time) *discovery {
	return &discovery{issuer: issuer, client: client, now: now, asking: make(chan struct{}, 1)}
}

// provider returns an [ErrProvider] while the provider can't be asked.
func (d *discovery) provider(ctx context.Context) (*provider, error) {
	if p := d.found.Load(); p != nil {
		return p, nil
	}
	select {
	case d.asking <- struct{}{}:
		defer func() { <-d.asking }()
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrProvider, ctx.Err())
	}
	if p := d.found.Load(); p != nil {
		return p, nil
	}
	if d.now().Before(d.until) {
		return nil, d.failed
	}
	// Who came first may go away; the others still want the answer.
	p, err := d.ask(context.WithoutCancel(ctx))
	if err != nil {
		d.wait = min(max(2*d.wait, discoveryFirstWait), discoveryLastWait)
		d.until = d.now().Add(d.wait)
		d.failed = fmt.Errorf("%w: discovery: %s", ErrProvider, safeDetail(err.Error()))
		return nil, d.failed
	}
	d.found.Store(p)
	return p, nil
}

func (d *discovery) ask(ctx context.Context) (*provider, error) {
	answer, err := oidc.NewProvider(oidc.ClientContext(ctx, d.client), d.issuer)
	if err != nil {
		return nil, err
	}
	p := &provider{}
	if err := answer.Claims(p); err != nil {
		return nil, err
	}
	if err := p.check(d.issuer); err != nil {
		return nil, err
	}
	p.keys, err = NewKeySet(KeySetOptions{URL: p.KeysURL, Algorithms: p.Algorithms, HTTPClient: d.client, Now: d.now})
	return p, err
}

// check also takes out the algorithms that are not of public keys: a provider may
// offer them to others.
func (p *provider) check(issuer string) error {
	for name, address := range map[string]string{
		"authorization_endpoint": p.AuthURL, "token_endpoint": p.TokenURL, "jwks_uri": p.KeysURL,
		"userinfo_endpoint": p.UserInfoURL, "end_session_endpoint": p.EndSessionURL,
	} {
		optional := name == "userinfo_endpoint" || name == "end_session_endpoint"
		if (address != "" || !optional) && !safeEndpoint(address, issuer) {
			return fmt.Errorf("the %s is no address to use", name)
		}
	}
	if p.Algorithms == nil {
		p.Algorithms = []string{oidc.RS256} // the one that every provider has
	}
	p.Algorithms = slices.DeleteFunc(p.Algorithms, func(name string) bool { return !slices.Contains(asymmetric, name) })
	if len(p.Algorithms) == 0 {
		return errors.New("its tokens are signed in no algorithm of public keys")
	}
	return nil
}

// safeEndpoint: as safe as the issuer's own address, which the operator has chosen.
func safeEndpoint(address, issuer string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	own, err := url.Parse(issuer)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http" && own.Scheme == "http")
}

// style is how the client's secret is sent. Left to oauth2, it would be found out by
// sending a code twice, which is good once.
func (p *provider) style() oauth2.AuthStyle {
	if len(p.AuthMethods) == 0 || slices.Contains(p.AuthMethods, "client_secret_basic") {
		return oauth2.AuthStyleInHeader
	}
	return oauth2.AuthStyleInParams
}
