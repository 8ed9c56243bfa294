package auth

import (
	"bytes"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"roster/store"
)

// Every secret of a test holds this word, so that a leak of any is found by it.
const canary = "canary"

var (
	oldKey = bytes.Repeat([]byte("o"), KeySize)
	newKey = bytes.Repeat([]byte("n"), KeySize)
)

// house is a store in a file, and sessions over it with a clock that stands still.
type house struct {
	testing.TB
	path     string
	store    *store.Store
	sessions *Sessions
	now      time.Time
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{TB: t, path: filepath.Join(t.TempDir(), "roster.db"), now: time.Date(2026, 8, 21, 9, 0, 0, 0, time.UTC)}
	var err error
	if h.store, err = store.Open(t.Context(), h.path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.store.Close() })
	h.sessions = h.withKeys(oldKey)
	return h
}

// withKeys returns sessions over the same store under other keys.
func (h *house) withKeys(keys ...[]byte) *Sessions {
	h.Helper()
	s, err := NewSessions(SessionOptions{
		Store: h.store, Keys: keys, PublicURL: mustURL(h, "https://roster.example"),
		Now: func() time.Time { return h.now },
	})
	if err != nil {
		h.Fatal(err)
	}
	return s
}

// rawDB is another connection to the database, past package store.
func (h *house) rawDB() *sql.DB {
	h.Helper()
	db, err := sql.Open("sqlite", h.path)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = db.Close() })
	return db
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	if _, err := h.rawDB().ExecContext(h.Context(), query, args...); err != nil {
		h.Fatal(err)
	}
}

// databaseBytes is all that the database keeps on disk.
func (h *house) databaseBytes() []byte {
	h.Helper()
	var all []byte
	for _, name := range []string{h.path, h.path + "-wal"} {
		data, err := os.ReadFile(name)
		if err != nil {
			h.Fatal(err)
		}
		all = append(all, data...)
	}
	return all
}

// request is what a browser sends that holds a session cookie for each id.
func (h *house) request(ids ...string) *http.Request {
	r := httptest.NewRequestWithContext(h.Context(), http.MethodGet, "/", nil)
	for _, id := range ids {
		r.AddCookie(&http.Cookie{Name: secureCookieName, Value: id})
	}
	return r
}

// signIn returns the id of a new session of subject toggl:1.
func (h *house) signIn() string {
	h.Helper()
	w := httptest.NewRecorder()
	if err := h.sessions.SignIn(w, h.request(), sampleSession()); err != nil {
		h.Fatal(err)
	}
	return cookieOf(h, w).Value
}

// load returns the session that a request with this id has, nil for none.
func (h *house) load(id string) *Session {
	h.Helper()
	s, err := h.sessions.Load(h.request(id))
	if err != nil {
		h.Fatal(err)
	}
	return s
}

func (h *house) wantSignedIn(id string, want bool) {
	h.Helper()
	if got := h.load(id) != nil; got != want {
		h.Errorf("signed in is %t, want %t", got, want)
	}
}

func cookieOf(t testing.TB, w *httptest.ResponseRecorder) *http.Cookie {
	t.Helper()
	cookies := w.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies, want 1", len(cookies))
	}
	return cookies[0]
}

func mustURL(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// sampleSession has something in every field but SignedInAt.
func sampleSession() Session {
	return Session{
		Subject: "toggl:1", Issuer: "toggl", Role: RoleViewer, GroupsUnknown: true, Name: "Ana Ōno", Email: "ana@mail.example",
		UserID: 1, Account: "Ana O.", TimeZone: "Asia/Tokyo",
		Track:              TrackCredentials{APIToken: "token-canary", Email: "ana@mail.example", Password: "password-canary"},
		FocusKey:           "focus-canary",
		FocusKeyAddedAt:    time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC),
		FocusOrganizations: map[int64]int64{7: 70},
		Organizations:      []Organization{{ID: 7, Name: "Acme", Plan: "Premium", Owner: true, Admin: true}},
		Provider: &ProviderSession{
			Issuer: "https://id.example", Subject: "1", SID: "sid-canary", Nonce: "nonce-canary", IDToken: "id-token-canary",
			RefreshToken: "refresh-canary", CheckedAt: time.Date(2026, 8, 21, 8, 0, 0, 0, time.UTC),
		},
		Demo:  true,
		Flash: []Flash{{Kind: "success", Text: "Saved"}},
	}
}
