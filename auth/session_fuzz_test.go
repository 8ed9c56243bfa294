package auth

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"roster/store"
)

// FuzzSessionCookie: whatever a browser says in its cookies, nobody is signed in but by
// the one id under the one name, and that is never a failure of ours.
func FuzzSessionCookie(f *testing.F) {
	db, err := store.Open(f.Context(), ":memory:")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	now := time.Date(2026, 8, 21, 9, 0, 0, 0, time.UTC)
	s, err := NewSessions(SessionOptions{Store: db, Keys: Keys{NewKey()}, PublicURL: mustURL(f, "https://roster.example"), Now: func() time.Time { return now }})
	if err != nil {
		f.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := s.SignIn(w, httptest.NewRequest(http.MethodGet, "/", nil), sampleSession()); err != nil {
		f.Fatal(err)
	}
	// Each of the fuzzing processes has an id of its own: seeds say ID in its place.
	id := cookieOf(f, w).Value
	for _, header := range []string{
		"", "__Host-roster=ID", "__Host-roster=ID; a=b", "__Host-roster=ID; __Host-roster=ID", "__Host-roster=; __Host-roster=ID", "roster=ID", "__host-roster=ID",
		`__Host-roster="ID"`, "__Host-roster=IDA", "__Host-roster= ID", "__Host-roster=ID, a=b", "__Host-roster=ID%00", "a=\x00; __Host-roster=ID", "__Host-roster", "=ID", "__Host-roster==ID",
	} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		header = strings.ReplaceAll(header, "ID", id)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("Cookie", header)
		got, err := s.Load(r)
		if err != nil {
			t.Fatalf("%q: %v", header, err)
		}
		named := strings.Count(header, secureCookieName+"=")
		if got != nil && (!strings.Contains(header, id) || named == 0) {
			t.Fatalf("%q signs somebody in", header)
		}
		if cookies := r.CookiesNamed(secureCookieName); got != nil && (len(cookies) != 1 || cookies[0].Value != id) {
			t.Fatalf("%q signs somebody in by %v", header, cookies)
		}
	})
}

// FuzzClientIP: who is not a trusted proxy is who the peer is, whatever is said.
func FuzzClientIP(f *testing.F) {
	proxies, err := ParseTrustedProxies("10.0.0.0/8")
	if err != nil {
		f.Fatal(err)
	}
	for _, said := range []string{"", "203.0.113.9", "203.0.113.9, 10.0.0.2", "10.0.0.2", "[2001:db8::1]:80, 10.1.1.1", "::ffff:10.0.0.3", "x, 203.0.113.9", ",,", "fe80::1%eth0"} {
		f.Add(said, "https")
	}
	f.Fuzz(func(t *testing.T, said, scheme string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("X-Forwarded-For", said)
		r.Header.Set("X-Forwarded-Proto", scheme)
		r.RemoteAddr = "192.0.2.1:1234"
		if got := proxies.ClientIP(r).String(); got != "192.0.2.1" || proxies.Scheme(r) != "http" {
			t.Fatalf("%q and %q are believed: %s", said, scheme, got)
		}
		r.RemoteAddr = "10.0.0.1:1234"
		if got := proxies.ClientIP(r); !got.IsValid() || got.Is4In6() || got.Zone() != "" {
			t.Fatalf("%q makes %s", said, got)
		}
		if got := proxies.Scheme(r); got != "http" && got != "https" {
			t.Fatalf("%q makes the scheme %q", scheme, got)
		}
	})
}
