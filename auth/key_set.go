package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"
)

// How keys are asked for.
const (
	// keysInterval is the least time between two requests for the keys, whatever
	// happens: as long can it take until a new key is known.
	keysInterval = 10 * time.Second
	// keysMaxAge is how long keys are used before they are asked for again, so that one
	// that was withdrawn doesn't hold for ever.
	keysMaxAge = time.Hour
	// keysTimeout is how long one request for the keys may take.
	keysTimeout = 5 * time.Second
	maxKeysBody = 512 << 10
	maxKeys     = 100
	minRSABits  = 2048
)

// ErrKeys means that a token can't be judged for want of keys: the fault of whoever
// publishes them, not of whoever sent the token.
var ErrKeys = errors.New("auth: no keys to check signatures with")

var errSignature = errors.New("no key fits the signature")

// SigningAlgorithms are those that signatures are accepted in where none are named.
var SigningAlgorithms = []string{"ES256", "RS256"}

// asymmetric are all that may be named. With a symmetric one, a public key that is
// published would sign.
var asymmetric = []string{"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"}

// KeySetOptions configure a [KeySet].
type KeySetOptions struct {
	URL        string           // of the JSON web key set
	Algorithms []string         // none: SigningAlgorithms
	HTTPClient *http.Client     // nil: one of its own; redirects are never followed
	Now        func() time.Time // nil: time.Now
}

// A KeySet checks signatures with the keys published at an address. It asks for them
// when it has none that fits, but no more often than once in ten seconds whatever
// tokens arrive, and when they are an hour old; where that fails, it goes on with those
// it has. It is an oidc.KeySet, and safe for concurrent use.
type KeySet struct {
	url        string
	algorithms []jose.SignatureAlgorithm
	client     http.Client
	now        func() time.Time
	flight     singleflight.Group

	mu    sync.RWMutex
	keys  []jose.JSONWebKey // the last good set
	read  time.Time         // when it was read
	tried time.Time         // when keys were last asked for
}

// NewKeySet returns a key set that has no keys yet. It fails if an algorithm is not one
// of public keys.
func NewKeySet(o KeySetOptions) (*KeySet, error) {
	k := &KeySet{url: o.URL, now: o.Now, client: http.Client{Timeout: keysTimeout}}
	if o.HTTPClient != nil {
		k.client = *o.HTTPClient
	}
	if k.now == nil {
		k.now = time.Now
	}
	// A redirect would lead out of what the operator has named.
	k.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if len(o.Algorithms) == 0 {
		o.Algorithms = SigningAlgorithms
	}
	for _, name := range o.Algorithms {
		if !slices.Contains(asymmetric, name) {
			return nil, fmt.Errorf("auth: %q is no algorithm to accept signatures in", name)
		}
		k.algorithms = append(k.algorithms, jose.SignatureAlgorithm(name))
	}
	return k, nil
}

// Ready returns nil if there are keys, and otherwise asks for them. Its error is an
// [ErrKeys].
func (k *KeySet) Ready(ctx context.Context) error {
	if keys, _ := k.known(); len(keys) > 0 {
		return nil
	}
	if err := k.refresh(ctx); err != nil && !errors.Is(err, ErrKeys) {
		return fmt.Errorf("%w: %w", ErrKeys, err) // they took too long
	} else if err != nil {
		return err
	}
	return nil
}

// VerifySignature returns the payload of a compact JSON web signature that one of the
// keys made. Its error is [ErrKeys] if there are no keys, or else the token's fault.
func (k *KeySet) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, _, err := k.verify(ctx, token)
	return payload, err
}

// verify also returns the kind of token that its header says it is; empty if none.
func (k *KeySet) verify(ctx context.Context, token string) (payload []byte, kind string, err error) {
	signed, err := jose.ParseSignedCompact(token, k.algorithms)
	if err != nil {
		return nil, "", errors.New("no signed token, or in no algorithm that is accepted")
	}
	kind, _ = signed.Signatures[0].Header.ExtraHeaders[jose.HeaderType].(string)
	keys, read := k.known()
	if len(keys) > 0 && k.now().Sub(read) > keysMaxAge {
		k.start(ctx) // what there is serves meanwhile, and if that fails
	}
	if payload, ok := payloadOf(signed, keys); ok {
		return payload, kind, nil
	}
	err = k.refresh(ctx)
	keys, _ = k.known()
	if len(keys) == 0 {
		return nil, "", err
	}
	if payload, ok := payloadOf(signed, keys); ok {
		return payload, kind, nil
	}
	return nil, "", errSignature
}

// payloadOf tries the keys of the token's key id, or all if it names none.
func payloadOf(signed *jose.JSONWebSignature, keys []jose.JSONWebKey) ([]byte, bool) {
	header := signed.Signatures[0].Header
	for _, key := range keys {
		if header.KeyID != "" && key.KeyID != header.KeyID || key.Algorithm != "" && key.Algorithm != header.Algorithm {
			continue
		}
		if payload, err := signed.Verify(key.Key); err == nil {
			return payload, true
		}
	}
	return nil, false
}

func (k *KeySet) known() (keys []jose.JSONWebKey, read time.Time) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.keys, k.read
}
