package auth

import (
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"roster/store"
	"roster/store/postgrestest"
)

// onDatabases runs a benchmark on sessions in each kind of database.
func onDatabases(b *testing.B, bench func(b *testing.B, h *house)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) { bench(b, newHouse(b)) })
	b.Run("postgres", func(b *testing.B) {
		h := &house{TB: b, now: time.Date(2026, 8, 21, 9, 0, 0, 0, time.UTC)}
		h.store = must(store.Open(b.Context(), postgrestest.URL(b)))
		b.Cleanup(func() { _ = h.store.Close() })
		h.sessions = h.withKeys(oldKey)
		bench(b, h)
	})
}

// BenchmarkLoad is what a session costs a request: cookie, database, opening, decoding.
// It may take 100 µs on SQLite and 500 µs on PostgreSQL.
func BenchmarkLoad(b *testing.B) {
	onDatabases(b, func(b *testing.B, h *house) {
		b.Helper()
		benchLoad(b, h, h.signIn())
	})
}

// BenchmarkLoadWithOlderKey is after the keys were rotated.
func BenchmarkLoadWithOlderKey(b *testing.B) {
	h := newHouse(b)
	id := h.signIn()
	h.sessions = h.withKeys(newKey, oldKey)
	benchLoad(b, h, id)
}

func benchLoad(b *testing.B, h *house, id string) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		if s, err := h.sessions.Load(h.request(id)); s == nil || err != nil {
			b.Fatalf("not signed in (%v)", err)
		}
	}
}

// BenchmarkLoadAndSave is a request that changes something in the session.
func BenchmarkLoadAndSave(b *testing.B) {
	onDatabases(b, func(b *testing.B, h *house) {
		b.Helper()
		id := h.signIn()
		b.ReportAllocs()
		for b.Loop() {
			r := h.request(id)
			s, err := h.sessions.Load(r)
			if err != nil {
				b.Fatal(err)
			}
			if err := h.sessions.Save(httptest.NewRecorder(), r, s); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSignInRoundTrip is from the button to the session, by a provider in this
// process: what it takes to sign the token is in it, the person's time is not.
func BenchmarkSignInRoundTrip(b *testing.B) {
	h := newSSOHouse(b)
	gate := must(NewGate(GateOptions{Sessions: h.sessions, Policy: Policy{Everybody: RoleViewer}, Provider: h.oidc, Now: func() time.Time { return h.now }}))
	h.mustSignIn() // the provider's addresses and keys are known from now on
	b.ReportAllocs()
	for b.Loop() {
		visitor := &browser{TB: b}
		answer := h.answerTo(visitor.begin(h.oidc, "/orgs"))
		if s, back, err := finishAt(gate, visitor, answer); err != nil || s == nil || back != "/orgs" {
			b.Fatalf("not signed in (%v)", err)
		}
	}
}

func finishAt(gate *Gate, visitor *browser, answer url.Values) (*Session, string, error) {
	w := httptest.NewRecorder()
	return gate.Finish(w, visitor.request(OIDCCallbackPath+"?"+answer.Encode()))
}
