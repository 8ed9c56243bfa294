package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net/http"
)

// minProxySecret is the length of the shortest proxy secret in bytes.
const minProxySecret = 16

// ProxySecrets are what a proxy shows to prove that it is ours. While one is replaced
// by another, both hold. They print and marshal as "[redacted]".
type ProxySecrets []string

// A ProxyPeer says which peers may speak for others, and how they prove it.
type ProxyPeer struct {
	// Trusted are the networks of the proxies, matched on the TCP peer alone. Required.
	Trusted TrustedProxies
	// SecretHeader holds one of Secrets in every request, if there are any.
	SecretHeader string
	Secrets      ProxySecrets
}

func (p ProxyPeer) validate() []error {
	var faults []error
	if len(p.Trusted.networks) == 0 {
		faults = append(faults, badOption("Trusted", "is needed: nobody else is believed about who somebody is"))
	}
	for i, secret := range p.Secrets {
		if len(secret) < minProxySecret || checkText(secret, maxToken) != nil {
			faults = append(faults, badOption("Secrets", fmt.Sprintf("secret %d is shorter than %d characters, or has unprintable ones", i+1, minProxySecret)))
		}
	}
	if len(p.Secrets) > 0 {
		faults = append(faults, checkHeaderName("SecretHeader", p.SecretHeader))
	}
	return faults
}

// check returns nil if the request has one of the headers that say who sent it, and
// comes from a peer that may say so.
func (p ProxyPeer) check(r *http.Request, identity []string) error {
	if !mentions(r.Header, identity) {
		return ErrNoIdentity
	}
	if !p.Trusted.trusts(parseHost(r.RemoteAddr)) {
		return ErrUntrustedPeer
	}
	if len(p.Secrets) == 0 {
		return nil
	}
	shown, err := oneHeader(r.Header, p.SecretHeader, maxToken)
	if err != nil {
		return err
	}
	if !p.Secrets.match(shown) {
		return fmt.Errorf("%w: wrong or no proxy secret", ErrUntrustedPeer)
	}
	return nil
}

// match takes the same time whichever secret it is, and however much of it is right.
func (s ProxySecrets) match(shown string) bool {
	got, matches := sha256.Sum256([]byte(shown)), 0
	for _, secret := range s {
		want := sha256.Sum256([]byte(secret))
		matches |= subtle.ConstantTimeCompare(got[:], want[:])
	}
	return matches == 1
}

// String redacts.
func (ProxySecrets) String() string { return redacted }

// GoString redacts.
func (ProxySecrets) GoString() string { return redacted }

// Format redacts under every verb.
func (ProxySecrets) Format(f fmt.State, _ rune) { formatRedacted(f) }

// MarshalText redacts.
func (ProxySecrets) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts.
func (ProxySecrets) LogValue() slog.Value { return slog.StringValue(redacted) }
