package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// proxyClockSkew is by how much the clocks of a proxy and of Roster may differ.
const proxyClockSkew = time.Minute

// ProxyJWTOptions configure a [ProxyJWT].
type ProxyJWTOptions struct {
	Peer ProxyPeer
	// Header holds the token: after "Bearer " if it is Authorization. Required, as are
	// Issuer and Audience, which must be the token's, and KeysURL, where the proxy's
	// public keys are.
	Header, Issuer, Audience, KeysURL string
	// Algorithms are those that signatures are accepted in; nil: [SigningAlgorithms].
	Algorithms []string
	// GroupsClaim names the claim that holds the groups; dots lead into objects. Empty:
	// the proxy says nothing on groups.
	GroupsClaim string
	// MaxAge is how long after it was issued a token is accepted; 0: until it expires.
	MaxAge time.Duration
	// SignOutURL is where the proxy ends its own session; may be empty.
	SignOutURL string
	// Policy is what the groups are compared with.
	Policy     Policy
	HTTPClient *http.Client     // that asks for the keys; nil: one of its own
	Now        func() time.Time // nil: time.Now
}

// A ProxyJWT reads from a signed token who the proxy in front says it is, anew for each
// request. It is safe for concurrent use.
type ProxyJWT struct {
	options ProxyJWTOptions
	keys    *KeySet
}

// NewProxyJWT returns a reader of the token, or all faults of the options, each an
// [*OptionError], as errors.Join does. It asks for no keys yet.
func NewProxyJWT(o ProxyJWTOptions) (*ProxyJWT, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	keys, err := NewKeySet(KeySetOptions{URL: o.KeysURL, Algorithms: o.Algorithms, HTTPClient: o.HTTPClient, Now: o.Now})
	if err != nil {
		err = &OptionError{Option: "Algorithms", Err: err}
	}
	if err := errors.Join(err, o.validate()); err != nil {
		return nil, err
	}
	return &ProxyJWT{options: o, keys: keys}, nil
}

func (o ProxyJWTOptions) validate() error {
	faults := append(o.Peer.validate(), checkHeaderName("Header", o.Header), checkSignOut(o.SignOutURL))
	if len(o.Peer.Secrets) > 0 && sameHeader(o.Header, o.Peer.SecretHeader) {
		faults = append(faults, badOption("Header", "names the header of the proxy's secret"))
	}
	if o.Issuer == "" || strings.Contains(o.Issuer, " ") || checkText(o.Issuer, maxReturn) != nil {
		faults = append(faults, badOption("Issuer", "must be what the proxy says in the claim iss"))
	}
	if o.Audience == "" {
		faults = append(faults, badOption("Audience", "must be what the proxy says in the claim aud"))
	}
	if !keysAddress(o.KeysURL) {
		faults = append(faults, badOption("KeysURL", "must be the address of the proxy's public keys, with https (plain http for loopback only)"))
	}
	if o.GroupsClaim == "" && o.Policy.AsksGroups() {
		faults = append(faults, badOption("GroupsClaim", "is needed, because roles are given by group"))
	}
	if o.MaxAge < 0 {
		faults = append(faults, badOption("MaxAge", "must not be negative"))
	}
	return errors.Join(faults...)
}

// keysAddress tells whether nobody on the way can put keys of their own.
func keysAddress(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || parseHost(u.Hostname()).IsLoopback())
}

// Identify returns who the request is from. Its errors are [ErrUntrustedPeer],
// [ErrNoIdentity], [ErrBadIdentity] and [ErrKeys], and hold nothing of the token.
func (p *ProxyJWT) Identify(r *http.Request) (Identity, error) {
	if err := p.options.Peer.check(r, []string{p.options.Header}); err != nil {
		return Identity{}, err
	}
	token, err := p.token(r.Header)
	if err != nil {
		return Identity{}, err
	}
	claims, err := p.verified(r.Context(), token)
	if err != nil {
		return Identity{}, err
	}
	i, err := claims.identity(p.options.GroupsClaim)
	if err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrBadIdentity, err)
	}
	return i, nil
}

func (p *ProxyJWT) token(h http.Header) (string, error) {
	value, err := oneHeader(h, p.options.Header, maxToken)
	if err != nil {
		return "", err
	}
	if value != "" && sameHeader(p.options.Header, "Authorization") {
		scheme, token, _ := strings.Cut(value, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return "", fmt.Errorf("%w: no bearer token", ErrBadIdentity)
		}
		value = strings.TrimLeft(token, " ")
	}
	if value == "" {
		return "", ErrNoIdentity
	}
	return value, nil
}

// verified returns what the token says, if it is the proxy's, meant for Roster, and
// of now.
func (p *ProxyJWT) verified(ctx context.Context, token string) (proxyClaims, error) {
	payload, kind, err := p.keys.verify(ctx, token)
	switch {
	case errors.Is(err, ErrKeys) || ctx.Err() != nil:
		return proxyClaims{}, err
	case err != nil:
		return proxyClaims{}, fmt.Errorf("%w: %w", ErrBadIdentity, err)
	}
	claims, err := readProxyClaims(payload, kind)
	if err == nil {
		err = p.check(claims)
	}
	if err != nil {
		return proxyClaims{}, fmt.Errorf("%w: %w", ErrBadIdentity, err)
	}
	return claims, nil
}

func (p *ProxyJWT) check(c proxyClaims) error {
	now := p.options.Now()
	switch {
	case c.Issuer != p.options.Issuer:
		return errors.New("another issuer")
	case !slices.Contains(c.Audience, p.options.Audience):
		return errors.New("meant for another audience")
	case !now.Before(c.Expires.Time):
		return errors.New("expired, or doesn't say when it expires")
	case now.Add(proxyClockSkew).Before(c.NotBefore.Time):
		return errors.New("not valid yet")
	case c.Issued.IsZero() || now.Add(proxyClockSkew).Before(c.Issued.Time):
		return errors.New("issued in the future, or doesn't say when")
	case p.options.MaxAge > 0 && now.Sub(c.Issued.Time) > p.options.MaxAge:
		return errors.New("issued too long ago")
	}
	return nil
}

// Ready returns nil if there are keys to check tokens with, or could be fetched.
func (p *ProxyJWT) Ready(ctx context.Context) error { return p.keys.Ready(ctx) }

// SignOutURL is where the proxy ends its own session; empty if nowhere.
func (p *ProxyJWT) SignOutURL() string { return p.options.SignOutURL }
