package auth

import (
	"net/http/httptest"
	"testing"
)

// BenchmarkLoad is what a session costs a request: cookie, SQLite, opening, decoding.
func BenchmarkLoad(b *testing.B) {
	h := newHouse(b)
	id := h.signIn()
	b.ReportAllocs()
	for b.Loop() {
		if s, err := h.sessions.Load(h.request(id)); s == nil || err != nil {
			b.Fatalf("not signed in (%v)", err)
		}
	}
}

func BenchmarkLoadWithOlderKey(b *testing.B) {
	h := newHouse(b)
	id := h.signIn()
	h.sessions = h.withKeys(newKey, oldKey)
	b.ReportAllocs()
	for b.Loop() {
		if s, err := h.sessions.Load(h.request(id)); s == nil || err != nil {
			b.Fatalf("not signed in (%v)", err)
		}
	}
}

func BenchmarkLoadAndSave(b *testing.B) {
	h := newHouse(b)
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
}
