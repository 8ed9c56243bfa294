package auth

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSessionRoundTrip(t *testing.T) {
	h := newHouse(t)
	want := sampleSession()
	want.SignedInAt = h.now
	for i, fields := 0, reflect.ValueOf(want); i < fields.NumField(); i++ {
		if fields.Field(i).IsZero() {
			t.Errorf("the sample has no %s, so this test can't tell whether it is kept", fields.Type().Field(i).Name)
		}
	}
	if diff := cmp.Diff(&want, h.load(h.signIn())); diff != "" {
		t.Error(diff)
	}
}

func TestEmptySessionRoundTrip(t *testing.T) {
	h := newHouse(t)
	w, want := httptest.NewRecorder(), Session{Subject: "toggl:2"}
	if err := h.sessions.SignIn(w, h.request(), want); err != nil {
		t.Fatal(err)
	}
	want.SignedInAt = h.now
	if diff := cmp.Diff(&want, h.load(cookieOf(t, w).Value)); diff != "" {
		t.Error(diff)
	}
}

func TestNobodyIsSignedIn(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	for name, ids := range map[string][]string{
		"no cookie": nil, "empty": {""}, "short": {id[:42]}, "long": {id + "A"},
		"unknown": {newID()}, "hash of the id": {base64.RawURLEncoding.EncodeToString(hashID(id))},
		"same cookie twice": {id, id}, "planted before": {newID(), id}, "planted after": {id, newID()},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := h.sessions.Load(h.request(ids...))
			if s != nil || err != nil {
				t.Errorf("signed in is %t, error %v", s != nil, err)
			}
		})
	}
	h.wantSignedIn(id, true)
}

func TestSignInNeedsSubject(t *testing.T) {
	h, w := newHouse(t), httptest.NewRecorder()
	if err := h.sessions.SignIn(w, h.request(), Session{Name: "nobody"}); err == nil {
		t.Error("signed in without a subject")
	}
	if len(w.Result().Cookies()) != 0 {
		t.Error("a cookie was sent")
	}
}

func TestSignInTakesFreshID(t *testing.T) {
	h := newHouse(t)
	planted := newID() // what an attacker had the browser send before the sign-in
	r, w := h.request(planted), httptest.NewRecorder()
	if err := h.sessions.SignIn(w, r, sampleSession()); err != nil {
		t.Fatal(err)
	}
	id := cookieOf(t, w).Value
	if id == planted {
		t.Fatal("the planted id is in use")
	}
	h.wantSignedIn(planted, false)
	h.wantSignedIn(id, true)
	if s, err := h.sessions.Load(r); err != nil || s == nil {
		t.Errorf("the same request is not signed in: %v", err)
	}
}

func TestSignInEndsTheSessionBefore(t *testing.T) {
	h := newHouse(t)
	first := h.signIn()
	w := httptest.NewRecorder()
	if err := h.sessions.SignIn(w, h.request(first), sampleSession()); err != nil {
		t.Fatal(err)
	}
	second := cookieOf(t, w).Value
	if second == first {
		t.Error("the id is the same")
	}
	h.wantSignedIn(first, false)
	h.wantSignedIn(second, true)
}

func TestSignOutEndsTheSessionAtTheServer(t *testing.T) {
	h := newHouse(t)
	id, other := h.signIn(), h.signIn()
	r, w := h.request(id), httptest.NewRecorder()
	if err := h.sessions.SignOut(w, r); err != nil {
		t.Fatal(err)
	}
	if c := cookieOf(t, w); c.MaxAge >= 0 || c.Value != "" || c.Name != secureCookieName || !c.Secure || c.Path != "/" {
		t.Errorf("the cookie %v does not expire the session's", c)
	}
	if s, err := h.sessions.Load(r); s != nil || err != nil {
		t.Errorf("the same request is still signed in (%v)", err)
	}
	h.wantSignedIn(id, false)
	h.wantSignedIn(other, true)
}

func TestSignOutOfUnreadableSession(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	if err := h.withKeys(newKey).SignOut(httptest.NewRecorder(), h.request(id)); err != nil {
		t.Fatal(err)
	}
	h.wantSignedIn(id, false) // though the old key is here again
}

func TestSaveKeepsChanges(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	r := h.request(id)
	s, err := h.sessions.Load(r)
	if err != nil {
		t.Fatal(err)
	}
	s.Flash, s.FocusKey, s.FocusKeyAddedAt, s.Name = nil, "", time.Time{}, "Ana"
	w := httptest.NewRecorder()
	if err := h.sessions.Save(w, r, s); err != nil {
		t.Fatal(err)
	}
	s.TimeZone = "Europe/Tallinn" // a second save of the same request
	if err := h.sessions.Save(w, r, s); err != nil {
		t.Fatal(err)
	}
	want := sampleSession()
	want.Flash, want.FocusKey, want.FocusKeyAddedAt, want.Name = nil, "", time.Time{}, "Ana"
	want.TimeZone, want.SignedInAt = "Europe/Tallinn", h.now
	if diff := cmp.Diff(&want, h.load(id)); diff != "" {
		t.Error(diff)
	}
}

func TestSaveRefusesAnotherSubject(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	r := h.request(id)
	s, err := h.sessions.Load(r)
	if err != nil {
		t.Fatal(err)
	}
	changed := *s
	changed.Subject = "toggl:2"
	if err := h.sessions.Save(httptest.NewRecorder(), r, &changed); err == nil {
		t.Error("the subject was changed")
	}
	if got := h.load(id).Subject; got != "toggl:1" {
		t.Errorf("the subject is %s", got)
	}
}

func TestSecretsAreNotInTheDatabase(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	data := h.databaseBytes()
	if !bytes.Contains(data, []byte("toggl:1")) {
		t.Fatal("not even the subject is there: this test looks in the wrong place")
	}
	for _, secret := range []string{canary, "ana@mail.example", "Acme", id} {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("the database holds %q in the clear", secret)
		}
	}
}

func TestCookieAttributes(t *testing.T) {
	tests := []struct {
		url     string
		allowed bool
		want    http.Cookie // of it: Name, Secure
	}{
		{"https://roster.example", false, http.Cookie{Name: "__Host-roster", Secure: true}},
		{"HTTPS://roster.example:8443", false, http.Cookie{Name: "__Host-roster", Secure: true}},
		{"https://127.0.0.1:8443", false, http.Cookie{Name: "__Host-roster", Secure: true}},
		{"http://127.0.0.1:8080", false, http.Cookie{Name: "roster"}},
		{"http://localhost:8080", false, http.Cookie{Name: "roster"}},
		{"http://roster.localhost", false, http.Cookie{Name: "roster"}},
		{"http://[::1]:8080", false, http.Cookie{Name: "roster"}},
		{"http://roster.example", true, http.Cookie{Name: "roster"}},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			h := newHouse(t)
			s, err := NewSessions(SessionOptions{
				Store: h.store, Keys: Keys{oldKey}, PublicURL: mustURL(t, tt.url), AllowPlainHTTP: tt.allowed,
			})
			if err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			if err := s.SignIn(w, h.request(), sampleSession()); err != nil {
				t.Fatal(err)
			}
			got := cookieOf(t, w)
			want := &http.Cookie{
				Name: tt.want.Name, Secure: tt.want.Secure, Value: got.Value, Raw: got.Raw,
				Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, // no Domain, no MaxAge
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if len(got.Value) != idLength || s.CookieName() != tt.want.Name {
				t.Errorf("id of %d characters under the name %s", len(got.Value), s.CookieName())
			}
		})
	}
}

func TestNewSessionsRefuses(t *testing.T) {
	h := newHouse(t)
	good := SessionOptions{Store: h.store, Keys: Keys{oldKey}, PublicURL: mustURL(t, "https://roster.example")}
	if _, err := NewSessions(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*SessionOptions){
		"no store":              func(o *SessionOptions) { o.Store = nil },
		"no key":                func(o *SessionOptions) { o.Keys = nil },
		"short key":             func(o *SessionOptions) { o.Keys = Keys{oldKey, oldKey[:16]} },
		"no public URL":         func(o *SessionOptions) { o.PublicURL = nil },
		"no host":               func(o *SessionOptions) { o.PublicURL = mustURL(t, "https:///") },
		"other scheme":          func(o *SessionOptions) { o.PublicURL = mustURL(t, "ftp://roster.example") },
		"plain http":            func(o *SessionOptions) { o.PublicURL = mustURL(t, "http://roster.example") },
		"plain http on the LAN": func(o *SessionOptions) { o.PublicURL = mustURL(t, "http://192.168.1.2:8080") },
		"all addresses":         func(o *SessionOptions) { o.PublicURL = mustURL(t, "http://0.0.0.0:8080") },
		"looks like loopback":   func(o *SessionOptions) { o.PublicURL = mustURL(t, "http://localhost.evil.example") },
		"negative idle":         func(o *SessionOptions) { o.Idle = -1 },
		"negative absolute":     func(o *SessionOptions) { o.Absolute = -1 },
	} {
		o := good
		spoil(&o)
		if _, err := NewSessions(o); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
