package auth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/sessions"
	"golang.org/x/oauth2"

	"roster/store"
)

const (
	attemptPurpose = "roster/sign-in/v1"
	attemptLasts   = 10 * time.Minute
	// maxAttempts is how many sign-ins a browser can have begun; an older one is
	// forgotten for a newer. Their cookies together stay below the 8 KB that proxies
	// commonly take for a header.
	maxAttempts = 4
	// maxAttemptReturn is the longest address to return to that is kept in a cookie;
	// a longer one is given up for "/".
	maxAttemptReturn = 1000
	// maxAttemptCookies is how many cookies of attempts, be they planted, are looked
	// at in one request.
	maxAttemptCookies = 20
	// clockSkew is how far ahead somebody else's clock may be.
	clockSkew = time.Minute
)

// An attempt is a sign-in that was begun.
type attempt struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	ReturnTo string    `json:"r"`
	Begun    time.Time `json:"b"`
}

// attempts are kept by the browser, each in a sealed cookie of its own, so that of two
// tabs both can finish. The store remembers which are finished.
type attempts struct {
	cookie cookie // the session's
	ring   *keyring
	rows   *store.Store
	client string // issuer and client id: an attempt is for no other
	now    func() time.Time
}

// begin sends the cookie of a new attempt.
func (a *attempts) begin(w http.ResponseWriter, r *http.Request, returnTo string) (attempt, error) {
	returnTo = SafeReturn(returnTo)
	if len(returnTo) > maxAttemptReturn {
		returnTo = "/"
	}
	t := attempt{State: newID(), Nonce: newID(), Verifier: oauth2.GenerateVerifier(), ReturnTo: returnTo, Begun: a.now().UTC()}
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false) // it would make six bytes of every "&"
	if err := encoder.Encode(t); err != nil {
		return attempt{}, fmt.Errorf("auth: encode attempt: %w", err)
	}
	c := a.cookieOf(t.State)
	sealed, err := a.ring.seal(a.binding(c.name), plain.Bytes())
	if err != nil {
		return attempt{}, err
	}
	a.tidy(w, r)
	options := c.options()
	options.MaxAge = int(attemptLasts / time.Second)
	http.SetCookie(w, sessions.NewCookie(c.name, base64.RawURLEncoding.EncodeToString(sealed), options))
	return t, nil
}

// finish returns the attempt that the state belongs to and has the browser forget it.
// Its error is an [ErrAttempt] unless the store failed: then the browser keeps it, for
// the same answer can be sent again.
func (a *attempts) finish(w http.ResponseWriter, r *http.Request, state string) (attempt, error) {
	if len(state) != idLength {
		return attempt{}, fmt.Errorf("%w: no state", ErrAttempt)
	}
	c := a.cookieOf(state)
	found := r.CookiesNamed(c.name)
	if len(found) == 0 {
		return attempt{}, fmt.Errorf("%w: not begun in this browser", ErrAttempt)
	}
	t, err := a.finishOne(r.Context(), found, state)
	if err == nil || errors.Is(err, ErrAttempt) {
		c.expire(w)
	}
	return t, err
}

func (a *attempts) finishOne(ctx context.Context, found []*http.Cookie, state string) (attempt, error) {
	if len(found) > 1 {
		return attempt{}, fmt.Errorf("%w: two cookies", ErrAttempt)
	}
	t, ok := a.open(found[0])
	if !ok || subtle.ConstantTimeCompare([]byte(t.State), []byte(state)) != 1 {
		return attempt{}, fmt.Errorf("%w: expired or altered", ErrAttempt)
	}
	return t, a.use(ctx, t)
}

// use marks the attempt for all processes, as long as its cookie could be sent again.
func (a *attempts) use(ctx context.Context, t attempt) error {
	key := sha256.Sum256([]byte(attemptPurpose + " " + t.State))
	err := a.rows.MarkUsed(ctx, key[:], a.now(), t.Begun.Add(attemptLasts+clockSkew))
	if errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("%w: finished before", ErrAttempt)
	}
	return err
}

// open tells false of a cookie that was not sent by us, under this name, for this
// client, in the last ten minutes.
func (a *attempts) open(c *http.Cookie) (t attempt, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return attempt{}, false
	}
	plain, _, err := a.ring.open(a.binding(c.Name), sealed)
	if err != nil || json.Unmarshal(plain, &t) != nil {
		return attempt{}, false
	}
	age := a.now().Sub(t.Begun)
	return t, age > -clockSkew && age < attemptLasts
}

// tidy makes room for one more attempt.
func (a *attempts) tidy(w http.ResponseWriter, r *http.Request) {
	type open struct {
		name  string
		begun time.Time
	}
	var kept []open
	seen := 0
	for _, c := range r.Cookies() {
		if !strings.HasPrefix(c.Name, a.prefix()) || seen == maxAttemptCookies {
			continue
		}
		seen++
		if t, ok := a.open(c); ok {
			kept = append(kept, open{c.Name, t.Begun})
			continue
		}
		cookie{name: c.Name, secure: a.cookie.secure}.expire(w)
	}
	slices.SortFunc(kept, func(x, y open) int { return y.begun.Compare(x.begun) })
	for _, old := range kept[min(len(kept), maxAttempts-1):] {
		cookie{name: old.name, secure: a.cookie.secure}.expire(w)
	}
}

func (a *attempts) prefix() string { return a.cookie.name + "-oidc-" }

// cookieOf has the state in its name only as a hash: who sees the names of cookies
// does not know the state.
func (a *attempts) cookieOf(state string) cookie {
	return cookie{name: a.prefix() + base64.RawURLEncoding.EncodeToString(hashID(state)[:12]), secure: a.cookie.secure}
}

func (a *attempts) binding(name string) binding {
	return binding{purpose: attemptPurpose, salt: name, context: []byte(a.client)}
}

// Format redacts, for those who print an attempt.
func (attempt) Format(f fmt.State, _ rune) { formatRedacted(f) }
