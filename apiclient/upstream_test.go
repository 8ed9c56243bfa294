package apiclient_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"roster/apiclient"
)

const (
	trackURL = "https://track.example/api/v9"
	focusURL = "https://focus.example/api"
	orgID    = 1000001
)

var owner = apiclient.Credentials{APIToken: "not-a-real-token", FocusKey: "toggl_sk_not-a-real-key"}

// An upstream answers requests in the test's own goroutines, so that
// testing/synctest has the clock. It also counts bodies that nobody closed.
type upstream struct {
	answer func(*http.Request) (*http.Response, error)

	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
	open     atomic.Int64
}

func (u *upstream) RoundTrip(r *http.Request) (*http.Response, error) {
	var body string
	if r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		_ = r.Body.Close()
		body = string(text)
	}
	u.mu.Lock()
	u.requests, u.bodies = append(u.requests, r), append(u.bodies, body)
	u.mu.Unlock()
	res, err := u.answer(r)
	if err == nil {
		u.open.Add(1)
		res.Body = &countedBody{res.Body, &u.open}
		res.Request = r
	}
	return res, err
}

func (u *upstream) count() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.requests)
}

type countedBody struct {
	io.ReadCloser
	open *atomic.Int64
}

func (b *countedBody) Close() error {
	b.open.Add(-1)
	return b.ReadCloser.Close()
}

// answers gives one answer after the other, and the last one for good.
func answers(list ...func() (*http.Response, error)) *upstream {
	var next atomic.Int64
	return &upstream{answer: func(*http.Request) (*http.Response, error) {
		return list[min(int(next.Add(1)), len(list))-1]()
	}}
}

func respond(status int, body string, headers ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return response(status, body, headers...), nil }
}

func response(status int, body string, headers ...string) *http.Response {
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func failWith(err error) func() (*http.Response, error) {
	return func() (*http.Response, error) { return nil, err }
}

func newFactory(t testing.TB, u http.RoundTripper, edit ...func(*apiclient.Options)) *apiclient.Factory {
	t.Helper()
	options := apiclient.Options{TrackURL: trackURL, FocusURL: focusURL, Transport: u}
	for _, e := range edit {
		e(&options)
	}
	f, err := apiclient.NewFactory(options)
	if err != nil {
		t.Fatal(err)
	}
	if counted, ok := u.(*upstream); ok {
		t.Cleanup(func() {
			if open := counted.open.Load(); open != 0 {
				t.Errorf("%d answers were not closed", open)
			}
		})
	}
	return f
}

// quick lifts the pace, for tests that aren't about it.
func quick(o *apiclient.Options) { o.RatePerSecond, o.Burst = 1e6, 1000 }

func newClient(t testing.TB, u http.RoundTripper, edit ...func(*apiclient.Options)) *apiclient.Client {
	t.Helper()
	return newFactory(t, u, append(edit, quick)...).Client(owner)
}
