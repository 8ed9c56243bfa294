package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

var _ oidc.KeySet = (*KeySet)(nil)

func newKeySet(t testing.TB, address string, c *clock) *KeySet {
	t.Helper()
	k, err := NewKeySet(KeySetOptions{URL: address, Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (k *KeySet) accepts(t testing.TB, token string) bool {
	t.Helper()
	payload, err := k.VerifySignature(t.Context(), token)
	return err == nil && string(payload) == `{"a":1}`
}

func tokenOf(t testing.TB, key jose.JSONWebKey) string {
	t.Helper()
	algorithm := "ES256"
	if strings.HasPrefix(key.KeyID, "rsa") {
		algorithm = "RS256"
	}
	return sign(t, algorithm, key, "", []byte(`{"a":1}`))
}

func TestKeySetAsksOnce(t *testing.T) {
	p, c := newPublisher(t, ecKeys()[0], rsaKey()), newClock()
	k := newKeySet(t, p.URL, c)
	if p.times() != 0 {
		t.Error("keys were asked for before they were needed")
	}
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if !k.accepts(t, tokenOf(t, []jose.JSONWebKey{ecKeys()[0], rsaKey()}[i%2])) {
				t.Error("a good token is refused")
			}
		})
	}
	all.Wait()
	if p.times() != 1 {
		t.Errorf("keys were asked for %d times", p.times())
	}
}

// TestKeySetUnknownKeys: thousands of tokens with made-up key ids, or none, or with
// the right id and a wrong signature, cost one request in ten seconds.
func TestKeySetUnknownKeys(t *testing.T) {
	p, c := newPublisher(t, ecKeys()[0]), newClock()
	k := newKeySet(t, p.URL, c)
	stranger := ecKeys()[1]
	for i := range 2000 {
		stranger.KeyID = []string{fmt.Sprint("kid-", i), "", "ec-1"}[i%3]
		if k.accepts(t, tokenOf(t, stranger)) {
			t.Fatal("a stranger's token is accepted")
		}
	}
	if p.times() != 1 {
		t.Errorf("keys were asked for %d times", p.times())
	}
	if !k.accepts(t, tokenOf(t, ecKeys()[0])) {
		t.Error("a good token is refused after that")
	}
	c.move(keysInterval)
	for range 100 {
		k.accepts(t, tokenOf(t, stranger))
	}
	if p.times() != 2 {
		t.Errorf("ten seconds later keys were asked for %d times in all, want 2", p.times())
	}
}

func TestKeySetRotation(t *testing.T) {
	p, c := newPublisher(t, ecKeys()[0]), newClock()
	k := newKeySet(t, p.URL, c)
	if !k.accepts(t, tokenOf(t, ecKeys()[0])) {
		t.Fatal("the first key's token is refused")
	}
	p.publish(ecKeys()[1], ecKeys()[0])
	c.move(keysInterval)
	if !k.accepts(t, tokenOf(t, ecKeys()[1])) || !k.accepts(t, tokenOf(t, ecKeys()[0])) {
		t.Error("a token is refused while there are both keys")
	}
	p.publish(ecKeys()[1])
	c.move(keysMaxAge + time.Second)
	k.accepts(t, tokenOf(t, ecKeys()[0])) // old keys serve while new ones are fetched
	for range 200 {
		if p.times() == 3 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	for range 200 {
		if !k.accepts(t, tokenOf(t, ecKeys()[0])) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("a key that was withdrawn holds for ever")
}

// TestKeySetFailures: whatever the address does, the last good keys go on to serve,
// and without any the error says that it isn't the token's fault.
func TestKeySetFailures(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	body := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
	}
	elsewhere := newPublisher(t, ecKeys()[0])
	first := ecKeys()[0]
	public := string(marshal(t, first.Public()))
	for name, answer := range map[string]http.HandlerFunc{
		"an error":               status(http.StatusInternalServerError),
		"nothing there":          status(http.StatusNotFound),
		"nothing to say":         status(http.StatusNoContent),
		"a page":                 body("<html>"),
		"an empty set":           body(`{"keys":[]}`),
		"a set without keys":     body(`{}`),
		"only unknown keys":      body(`{"keys":[{"kty":"quantum","kid":"ec-2"}]}`),
		"a secret as a key":      body(`{"keys":[{"kty":"oct","kid":"ec-2","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I"}]}`),
		"a key for encrypting":   body(`{"keys":[{"kty":"EC","use":"enc","kid":"ec-2","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}`),
		"a point off the curve":  body(`{"keys":[{"kty":"EC","kid":"ec-2","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}]}`),
		"a secret of any length": body(`{"keys":[{"kty":"oct","kid":"ec-1","k":"c2VjcmV0"}]}`),
		"a private key":          body(`{"keys":[` + string(marshal(t, first)) + `]}`),
		"keys without end":       body(`{"keys":[` + public + `]}` + strings.Repeat(" ", maxKeysBody)),
		"more keys than anybody": body(`{"keys":[` + strings.Repeat(public+",", maxKeys) + public + `]}`),
		"a redirect":             func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) },
		"a cut answer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"keys":[`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, c := newPublisher(t, ecKeys()[0]), newClock()
			p.fail(answer)
			k := newKeySet(t, p.URL, c)
			if _, err := k.VerifySignature(t.Context(), tokenOf(t, ecKeys()[0])); !errors.Is(err, ErrKeys) {
				t.Errorf("without keys: error %v", err)
			}
			if err := k.Ready(t.Context()); !errors.Is(err, ErrKeys) {
				t.Errorf("ready without keys: %v", err)
			}
			p.publish(ecKeys()[0])
			c.move(keysInterval)
			if err := k.Ready(t.Context()); err != nil {
				t.Errorf("not ready after the address has recovered: %v", err)
			}
			p.fail(answer)
			c.move(keysInterval)
			if k.accepts(t, tokenOf(t, ecKeys()[1])) || !k.accepts(t, tokenOf(t, ecKeys()[0])) {
				t.Error("the last good keys no longer serve")
			}
			if p.times() != 3 {
				t.Errorf("the address was asked %d times, want 3", p.times())
			}
		})
	}
}

// TestKeySetSilence: an address that doesn't answer holds nobody longer than they
// wait, and those with a good token not at all.
func TestKeySetSilence(t *testing.T) {
	p, c := newPublisher(t, ecKeys()[0]), newClock()
	k := newKeySet(t, p.URL, c)
	if err := k.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	silent := make(chan struct{})
	p.fail(func(http.ResponseWriter, *http.Request) { <-silent })
	defer close(silent)
	c.move(2 * keysMaxAge)
	began := time.Now()
	impatient, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := k.VerifySignature(impatient, tokenOf(t, ecKeys()[1])); err == nil {
		t.Error("a stranger's token is accepted")
	}
	if !k.accepts(t, tokenOf(t, ecKeys()[0])) {
		t.Error("a good token is refused")
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

// TestKeySetImpatience: who asked first and went away takes the answer from nobody.
func TestKeySetImpatience(t *testing.T) {
	p, c := newPublisher(t), newClock()
	asked, answer := make(chan struct{}), make(chan struct{})
	first := ecKeys()[0]
	p.fail(func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-answer
		_, _ = w.Write(marshal(t, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{first.Public()}}))
	})
	k := newKeySet(t, p.URL, c)
	impatient, goAway := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() { gone <- k.Ready(impatient) }()
	<-asked
	goAway()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("who went away got %v", err)
	}
	waiting := make(chan error)
	go func() { waiting <- k.Ready(t.Context()) }()
	close(answer)
	if err := <-waiting; err != nil {
		t.Errorf("who waited got %v", err)
	}
}

func TestKeySetAlgorithms(t *testing.T) {
	for _, name := range []string{"none", "HS256", "HS512", "es256", ""} {
		if _, err := NewKeySet(KeySetOptions{Algorithms: []string{"ES256", name}}); err == nil {
			t.Errorf("algorithm %q is accepted", name)
		}
	}
}

func TestKeySetWeakKey(t *testing.T) {
	weak := newRSAKey("rsa-weak", 1024)
	k := newKeySet(t, newPublisher(t, weak, ecKeys()[0]).URL, newClock())
	if k.accepts(t, tokenOf(t, weak)) {
		t.Error("a key of 1024 bits is accepted")
	}
	if !k.accepts(t, tokenOf(t, ecKeys()[0])) {
		t.Error("the good key beside it is refused")
	}
}
