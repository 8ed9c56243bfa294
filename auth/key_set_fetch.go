package auth

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"
)

// refresh asks for the keys, or waits for who already does. It returns [ErrKeys] where
// they were not to be had, or it is too soon to ask again.
func (k *KeySet) refresh(ctx context.Context) error {
	select {
	case answer := <-k.start(ctx):
		return answer.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (k *KeySet) start(ctx context.Context) <-chan singleflight.Result {
	return k.flight.DoChan("", func() (any, error) {
		// Who came first may go away; the others still want the keys.
		return nil, k.ask(context.WithoutCancel(ctx))
	})
}

func (k *KeySet) ask(ctx context.Context) error {
	if !k.due() {
		return fmt.Errorf("%w: they were asked for a moment ago", ErrKeys)
	}
	ctx, cancel := context.WithTimeout(ctx, keysTimeout)
	defer cancel()
	keys, err := k.fetch(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrKeys, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys, k.read = keys, k.now()
	return nil
}

func (k *KeySet) due() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	if !k.tried.IsZero() && now.Sub(k.tried) < keysInterval {
		return false
	}
	k.tried = now
	return true
}

func (k *KeySet) fetch(ctx context.Context) ([]jose.JSONWebKey, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, nil) // #nosec G704 -- the address is the operator's, or in the discovery document of the provider they name
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	answer, err := k.client.Do(request) // #nosec G704 -- as above
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("their address answers with status %d", answer.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxKeysBody+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxKeysBody {
		return nil, fmt.Errorf("they are more than %d bytes", maxKeysBody)
	}
	return readKeys(body)
}

// readKeys takes the keys that signatures can be checked with. Others, and those of
// kinds that are yet to be invented, may stand beside them.
func readKeys(body []byte) ([]jose.JSONWebKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, errors.New("they are no JSON web key set")
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("they are more than %d", maxKeys)
	}
	var keys []jose.JSONWebKey
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		if err := key.UnmarshalJSON(raw); err == nil && checksSignatures(key) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("none of them is for signatures")
	}
	return keys, nil
}

func checksSignatures(key jose.JSONWebKey) bool {
	if !key.Valid() || !key.IsPublic() || key.Use != "" && key.Use != "sig" {
		return false
	}
	if k, isRSA := key.Key.(*rsa.PublicKey); isRSA {
		return k.N.BitLen() >= minRSABits
	}
	return true
}
