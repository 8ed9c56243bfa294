package handlers_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// mostBytes is what the users page of 50 rows may weigh on the wire.
const mostBytes = 15_000

// BenchmarkUsersPage serves the table of 50 rows from a warm cache through the
// real router, with a session on SQLite.
func BenchmarkUsersPage(b *testing.B) { benchmarkPage(b, func(a *app) string { return a.users("") }) }

// BenchmarkUsersFragment is the same as htmx asks for it.
func BenchmarkUsersFragment(b *testing.B) {
	a := signedIn(b)
	r := asHTMX(a.warm(a.users("")), a.server.URL+a.users(""))
	a.serve(b, r)
}

// BenchmarkOverviewPage serves the overview of 214 users likewise.
func BenchmarkOverviewPage(b *testing.B) { benchmarkPage(b, (*app).orgURL) }

func benchmarkPage(b *testing.B, path func(*app) string) {
	b.Helper()
	a := signedIn(b)
	a.serve(b, a.warm(path(a)))
}

// warm reads a page once and returns a request for it, with the session.
func (a *app) warm(path string) *http.Request {
	a.t.Helper()
	a.get(path).want(http.StatusOK)
	r := a.request(http.MethodGet, path, nil)
	r.RequestURI = path
	r.RemoteAddr = "127.0.0.1:12345"
	r.Host = r.URL.Host
	for _, cookie := range a.client.Jar.Cookies(r.URL) {
		r.AddCookie(cookie)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	return r
}

func (a *app) serve(b *testing.B, r *http.Request) {
	b.Helper()
	asked := len(a.upstream.Requests())
	var sent int
	b.ReportAllocs()
	for b.Loop() {
		w := &sink{header: http.Header{}}
		a.handlers.ServeHTTP(w, r)
		sent = w.bytes
		if w.status != http.StatusOK {
			b.Fatalf("status %d", w.status)
		}
		a.log.reset()
	}
	b.ReportMetric(float64(sent), "gzip-B")
	if len(a.upstream.Requests()) != asked {
		b.Fatal("the cache was not warm")
	}
}

// sink takes an answer and counts it.
type sink struct {
	header        http.Header
	status, bytes int
}

func (s *sink) Header() http.Header    { return s.header }
func (s *sink) WriteHeader(status int) { s.status = status }
func (s *sink) Write(p []byte) (int, error) {
	s.bytes += len(p)
	return len(p), nil
}

// TestUsersPageIsLight holds the page of 50 rows to its weight.
func TestUsersPageIsLight(t *testing.T) {
	a := signedIn(t)
	r := a.warm(a.users(""))
	w := httptest.NewRecorder()
	a.handlers.ServeHTTP(w, r)
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > mostBytes {
		t.Errorf("%d bytes, %q; at most %d gzipped", w.Body.Len(), w.Header().Get("Content-Encoding"), mostBytes)
	}
	body, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes()))
	must(t, err)
	whole, err := io.ReadAll(body)
	must(t, err)
	t.Logf("%d bytes, %d gzipped", len(whole), w.Body.Len())
}
