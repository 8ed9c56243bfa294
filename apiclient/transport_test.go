package apiclient_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"roster/apiclient"
)

func TestGetIsRetried(t *testing.T) {
	ok := respond(200, `{"id":7}`)
	for name, tc := range map[string]struct {
		answers []func() (*http.Response, error)
		kind    apiclient.Kind // empty: succeeds
		sent    int
	}{
		"429 then success":        {[]func() (*http.Response, error){respond(429, ``), ok}, "", 2},
		"502 and 503":             {[]func() (*http.Response, error){respond(502, ``), respond(503, ``), ok}, "", 3},
		"504 for good":            {[]func() (*http.Response, error){respond(504, ``)}, apiclient.ErrUnreachable, 3},
		"429 for good":            {[]func() (*http.Response, error){respond(429, ``)}, apiclient.ErrRateLimited, 3},
		"500 is not repeated":     {[]func() (*http.Response, error){respond(500, ``), ok}, apiclient.ErrUnreachable, 1},
		"402 is not repeated":     {[]func() (*http.Response, error){respond(402, `"no"`), ok}, apiclient.ErrPlan, 1},
		"404 is not repeated":     {[]func() (*http.Response, error){respond(404, `"no"`), ok}, apiclient.ErrNotFound, 1},
		"reset":                   {[]func() (*http.Response, error){failWith(syscall.ECONNRESET), ok}, "", 2},
		"cut before the answer":   {[]func() (*http.Response, error){failWith(io.EOF), ok}, "", 2},
		"other trouble":           {[]func() (*http.Response, error){failWith(errors.New("no such host")), ok}, apiclient.ErrUnreachable, 1},
		"cut within the answer":   {[]func() (*http.Response, error){cutAnswer, ok}, "", 2},
		"cut again and again":     {[]func() (*http.Response, error){cutAnswer}, apiclient.ErrUnreachable, 3},
		"cut refusal is repeated": {[]func() (*http.Response, error){respond(503, `<html>busy</html>`), ok}, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := answers(tc.answers...)
				_, err := newClient(t, u).GetOrganization(t.Context(), orgID)
				if tc.kind == "" && err != nil || tc.kind != "" && !errors.Is(err, tc.kind) {
					t.Errorf("error %v, want %q", err, tc.kind)
				}
				if u.count() != tc.sent {
					t.Errorf("%d requests, want %d", u.count(), tc.sent)
				}
			})
		})
	}
}

// cutAnswer breaks off in the middle of its body.
func cutAnswer() (*http.Response, error) {
	res := response(200, ``)
	res.ContentLength = 1000
	res.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"id":`), brokenReader{io.ErrUnexpectedEOF}))
	return res, nil
}

type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }

func TestWritesAreNeverRepeated(t *testing.T) {
	for name, answer := range map[string]func() (*http.Response, error){
		"429": respond(429, ``), "503": respond(503, ``), "reset": failWith(syscall.ECONNRESET), "cut": cutAnswer,
		"redirect": respond(307, ``, "Location", "/api/v9/elsewhere"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := answers(answer)
				err := newClient(t, u).UpdateOrganization(t.Context(), orgID, apiclient.UpdateOrganizationInput{Name: "A"})
				if err == nil || u.count() != 1 {
					t.Errorf("error %v after %d requests", err, u.count())
				}
			})
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for name, tc := range map[string]struct {
		header   string
		deadline time.Duration
		sent     int
		atLeast  time.Duration
		atMost   time.Duration
	}{
		"seconds":                {"7", time.Minute, 2, 7 * time.Second, 8 * time.Second},
		"a date":                 {"Sat, 01 Jan 2000 00:00:09 GMT", time.Minute, 2, 9 * time.Second, 10 * time.Second},
		"longer than there is":   {"120", time.Minute, 1, 0, 0},
		"no deadline, too long":  {"120", 0, 1, 0, 0},
		"no deadline, but short": {"20", 0, 2, 20 * time.Second, 21 * time.Second},
		"nonsense":               {"soon", time.Minute, 2, 250 * time.Millisecond, time.Second},
		"negative":               {"-5", time.Minute, 2, 250 * time.Millisecond, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // its clock begins with the year 2000
				ctx := t.Context()
				if tc.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tc.deadline)
					defer cancel()
				}
				u := answers(respond(429, ``, "Retry-After", tc.header), respond(200, `{}`))
				start := time.Now()
				_, err := newClient(t, u).GetOrganization(ctx, orgID)
				if took := time.Since(start); u.count() != tc.sent || took < tc.atLeast || took > tc.atMost {
					t.Errorf("%d requests in %v", u.count(), took)
				}
				var e *apiclient.Error
				if tc.sent == 1 && (!errors.As(err, &e) || e.Kind != apiclient.ErrRateLimited || e.RetryAfter != 2*time.Minute) {
					t.Errorf("error %#v", err)
				}
			})
		})
	}
}

func TestRedirects(t *testing.T) {
	for name, tc := range map[string]struct {
		location string
		sent     int
		works    bool
	}{
		"same host":         {"/api/v9/organizations/8", 2, true},
		"same, in full":     {trackURL + "/organizations/8", 2, true},
		"another host":      {"https://evil.example/api/v9/me", 1, false},
		"another port":      {"https://track.example:8443/api/v9/me", 1, false},
		"no encryption":     {"http://track.example/api/v9/me", 1, false},
		"scheme-relative":   {"//evil.example/me", 1, false},
		"with a user":       {"https://someone@track.example/me", 1, false},
		"nowhere":           {"", 1, false},
		"not an address":    {"https://%zz", 1, false},
		"not even web":      {"file:///etc/passwd", 1, false},
		"for ever the same": {"/api/v9/loop", 4, false},
	} {
		t.Run(name, func(t *testing.T) {
			u := &upstream{answer: func(r *http.Request) (*http.Response, error) {
				if r.URL.Path == "/api/v9/organizations/8" {
					return response(200, `{"id":8}`), nil
				}
				return response(302, `<a href="x">Found</a>`, "Location", tc.location), nil
			}}
			_, err := newClient(t, u).GetOrganization(t.Context(), orgID)
			if (err == nil) != tc.works || !tc.works && !errors.Is(err, apiclient.ErrUnreachable) {
				t.Errorf("error %v", err)
			}
			if u.count() != tc.sent {
				t.Errorf("%d requests, want %d", u.count(), tc.sent)
			}
			for _, r := range u.requests {
				if r.URL.Host != "track.example" || r.URL.Scheme != "https" {
					t.Errorf("the credential went to %s", r.URL.Host)
				}
			}
		})
	}
}

func TestObserveTellsOfEachRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []apiclient.Call
		u := answers(respond(503, ``), failWith(syscall.ECONNRESET), respond(200, `{}`))
		c := newClient(t, u, func(o *apiclient.Options) { o.Observe = func(call apiclient.Call) { got = append(got, call) } })
		if _, err := c.GetOrganization(t.Context(), orgID); err != nil {
			t.Fatal(err)
		}
		_, _ = c.GetOrganization(t.Context(), orgID) // from the cache
		want := []int{503, 0, 200}
		if len(got) != len(want) {
			t.Fatalf("told of %v", got)
		}
		for i, call := range got {
			if call.API != "track" || call.Operation != "GetOrganization" || call.Status != want[i] || call.Attempt != i+1 {
				t.Errorf("call %d: %+v", i, call)
			}
		}
	})
}
