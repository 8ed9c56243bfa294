package auth

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"roster/store"
)

// FuzzAttemptCookie: nothing but a cookie of ours, under its own name and for its own
// state, finishes an attempt, and whatever it is, the browser is told to forget it.
func FuzzAttemptCookie(f *testing.F) {
	db, err := store.Open(f.Context(), ":memory:")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	// Each of the fuzzing processes has a key, and a good cookie, of its own.
	ring, err := newKeyring(Keys{NewKey()})
	if err != nil {
		f.Fatal(err)
	}
	now := time.Date(2026, 8, 21, 9, 0, 0, 0, time.UTC)
	a := &attempts{cookie: cookie{name: secureCookieName, secure: true}, ring: ring, rows: db, client: "https://id.example roster", now: func() time.Time { return now }}
	w := httptest.NewRecorder()
	good, err := a.begin(w, httptest.NewRequest(http.MethodGet, "/", nil), "/orgs")
	if err != nil {
		f.Fatal(err)
	}
	c := cookieOf(f, w)
	f.Add(good.State, c.Name, c.Value)
	f.Add(good.State, c.Name, c.Value[1:])
	f.Add(good.State, c.Name, "")
	f.Add(newID(), c.Name, c.Value)
	f.Add(newID(), a.prefix(), "eyJzIjoiIn0")
	f.Fuzz(func(t *testing.T, state, name, value string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/sign-in/callback?state="+url.QueryEscape(state), nil)
		r.Header.Set("Cookie", name+"="+value)
		genuine := state == good.State && value == c.Value && name == c.Name
		w := httptest.NewRecorder()
		got, err := a.finish(w, r, state)
		if err == nil && (!genuine || got != good) {
			t.Fatalf("the state %q and the cookie %q=%q finish an attempt", state, name, value)
		}
		if err != nil && !errors.Is(err, ErrAttempt) {
			t.Fatal(err)
		}
		a.tidy(w, r)
		for _, sent := range w.Result().Cookies() {
			if sent.MaxAge >= 0 || sent.Value != "" {
				t.Fatalf("a cookie is set: %v", sent)
			}
		}
	})
}
