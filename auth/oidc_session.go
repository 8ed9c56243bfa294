package auth

import (
	"crypto/sha256"
	"fmt"
	"log/slog"
	"time"
)

// A ProviderSession is what a session keeps of the sign-in at an OpenID provider. It
// prints and marshals as "[redacted]".
type ProviderSession struct {
	Issuer, Subject string    // whom the provider vouched for
	SID             string    // the provider's name for its session; empty if it has none
	Nonce           string    // of the sign-in
	IDToken         string    // the last one
	RefreshToken    string    // empty: the person has to come along to be asked about
	CheckedAt       time.Time // when the provider last vouched for them
}

// providerContent is a ProviderSession as it is sealed.
type providerContent struct {
	Issuer       string    `json:"issuer"`
	Subject      string    `json:"subject"`
	SID          string    `json:"sid,omitempty"`
	Nonce        string    `json:"nonce,omitempty"`
	IDToken      string    `json:"id_token,omitempty"`
	RefreshToken string    `json:"refresh_token,omitempty"`
	CheckedAt    time.Time `json:"checked_at,omitzero"`
}

func encodeProvider(p *ProviderSession) *providerContent {
	if p == nil {
		return nil
	}
	c := providerContent(*p)
	return &c
}

func (c *providerContent) decode() *ProviderSession {
	if c == nil {
		return nil
	}
	p := ProviderSession(*c)
	return &p
}

// row is the name of the provider's session in the database; nil without one.
func (p *ProviderSession) row() []byte {
	if p == nil || p.SID == "" {
		return nil
	}
	return hashProviderSession(p.Issuer, p.SID)
}

func hashProviderSession(issuer, sid string) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q", issuer, sid))
	return sum[:]
}

// String redacts.
func (ProviderSession) String() string { return redacted }

// GoString redacts.
func (ProviderSession) GoString() string { return redacted }

// Format redacts under every verb.
func (ProviderSession) Format(f fmt.State, _ rune) { formatRedacted(f) }

// MarshalText redacts.
func (ProviderSession) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts.
func (ProviderSession) LogValue() slog.Value { return slog.StringValue(redacted) }

// String redacts.
func (SignedIn) String() string { return redacted }

// GoString redacts.
func (SignedIn) GoString() string { return redacted }

// Format redacts under every verb.
func (SignedIn) Format(f fmt.State, _ rune) { formatRedacted(f) }

// MarshalText redacts.
func (SignedIn) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts.
func (SignedIn) LogValue() slog.Value { return slog.StringValue(redacted) }

// String redacts.
func (OIDCOptions) String() string { return redacted }

// GoString redacts.
func (OIDCOptions) GoString() string { return redacted }

// Format redacts under every verb.
func (OIDCOptions) Format(f fmt.State, _ rune) { formatRedacted(f) }

// MarshalText redacts.
func (OIDCOptions) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts.
func (OIDCOptions) LogValue() slog.Value { return slog.StringValue(redacted) }
