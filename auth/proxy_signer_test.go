package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// publisher serves a set of keys and counts how often it is asked for it.
type publisher struct {
	*httptest.Server
	mu     sync.Mutex
	set    any
	answer http.HandlerFunc // in place of the set
	asked  int
}

func newPublisher(t testing.TB, keys ...jose.JSONWebKey) *publisher {
	t.Helper()
	p := &publisher{}
	p.publish(keys...)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked++
		set, answer := p.set, p.answer
		p.mu.Unlock()
		if answer != nil {
			answer(w, r)
			return
		}
		_ = json.NewEncoder(w).Encode(set)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *publisher) publish(keys ...jose.JSONWebKey) {
	public := make([]jose.JSONWebKey, len(keys))
	for i, key := range keys {
		public[i] = key.Public()
	}
	p.publishAs(jose.JSONWebKeySet{Keys: public})
}

func (p *publisher) publishAs(set any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.set, p.answer = set, nil
}

func (p *publisher) fail(answer http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

func (p *publisher) times() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

// Making RSA keys takes long, so all tests have the same ones.
var (
	ecKeys = sync.OnceValue(func() [2]jose.JSONWebKey {
		return [2]jose.JSONWebKey{newECKey("ec-1"), newECKey("ec-2")}
	})
	rsaKey = sync.OnceValue(func() jose.JSONWebKey { return newRSAKey("rsa-1", 2048) })
)

func newECKey(kid string) jose.JSONWebKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return jose.JSONWebKey{Key: key, KeyID: kid, Algorithm: "ES256", Use: "sig"}
}

func newRSAKey(kid string, bits int) jose.JSONWebKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return jose.JSONWebKey{Key: key, KeyID: kid}
}

// sign makes a compact token of what is marshalled, or of bytes as they are.
func sign(t testing.TB, algorithm string, key any, kind string, claims any) string {
	t.Helper()
	options := &jose.SignerOptions{}
	if kind != "" {
		options = options.WithType(jose.ContentType(kind))
	}
	payload, raw := claims.([]byte)
	if !raw {
		payload = marshal(t, claims)
	}
	return signWith(t, jose.SigningKey{Algorithm: jose.SignatureAlgorithm(algorithm), Key: key}, options, payload)
}

func signWith(t testing.TB, key jose.SigningKey, options *jose.SignerOptions, payload []byte) string {
	t.Helper()
	signer, err := jose.NewSigner(key, options)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 8, 21, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
