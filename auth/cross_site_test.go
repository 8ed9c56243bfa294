package auth

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestCrossSite(t *testing.T) {
	const site, own = "Sec-Fetch-Site", "https://roster.example"
	type headers = map[string]string
	tests := []struct {
		name    string
		method  string
		cookie  bool
		headers headers
		refused bool
	}{
		{"own form", "POST", true, headers{site: "same-origin", "Origin": own}, false},
		{"own form without Origin", "POST", true, headers{site: "same-origin"}, false},
		{"own form in an older browser", "POST", true, headers{"Origin": own}, false},
		{"typed in by the person", "POST", true, headers{site: "none"}, false},
		{"another site", "POST", true, headers{site: "cross-site", "Origin": "https://evil.example"}, true},
		{"another site without a cookie", "POST", false, headers{site: "cross-site", "Origin": "https://evil.example"}, true},
		{"another site, PUT", "PUT", true, headers{site: "cross-site"}, true},
		{"another site, PATCH", "PATCH", true, headers{site: "cross-site"}, true},
		{"another site, DELETE", "DELETE", true, headers{site: "cross-site"}, true},
		{"another site, invented method", "ROSTER", true, headers{site: "cross-site"}, true},
		{"another site, lower case", "post", true, headers{site: "cross-site"}, true},
		{"a sibling", "POST", true, headers{site: "same-site", "Origin": "https://wiki.roster.example"}, true},
		{"unknown value", "POST", true, headers{site: "hello"}, true},
		{"another site in an older browser", "POST", true, headers{"Origin": "https://evil.example"}, true},
		{"plain http origin in an older browser", "POST", true, headers{"Origin": "http://roster.example"}, true},
		{"another port in an older browser", "POST", true, headers{"Origin": "https://roster.example:8443"}, true},
		{"opaque origin", "POST", true, headers{"Origin": "null"}, true},
		{"prefix of the host", "POST", true, headers{"Origin": "https://roster.example.evil.example"}, true},
		{"silent with a cookie", "POST", true, nil, true},
		{"silent with a cookie, DELETE", "DELETE", true, nil, true},
		{"silent with a cookie, referrer", "POST", true, headers{"Referer": own + "/"}, true},
		{"empty headers with a cookie", "POST", true, headers{site: "", "Origin": ""}, true},
		{"silent without a cookie", "POST", false, nil, false},
		{"reading from another site", "GET", true, headers{site: "cross-site"}, false},
		{"silent reading", "GET", true, nil, false},
		{"silent HEAD", "HEAD", true, nil, false},
		{"silent OPTIONS", "OPTIONS", true, nil, false},
	}
	c, err := NewCrossSite(mustURL(t, "HTTPS://Roster.Example:443/"), secureCookieName)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), tt.method, "http://10.0.0.5:8080/settings/focus", nil)
			for name, value := range tt.headers {
				r.Header.Set(name, value)
			}
			if tt.cookie {
				r.AddCookie(&http.Cookie{Name: secureCookieName, Value: newID()})
			}
			if err := c.Check(r); errors.Is(err, ErrCrossSite) != tt.refused || (err != nil) != tt.refused {
				t.Errorf("got %v, want refused: %t", err, tt.refused)
			}
		})
	}
}

func TestCrossSiteMiddleware(t *testing.T) {
	c, err := NewCrossSite(mustURL(t, "https://roster.example"), secureCookieName)
	if err != nil {
		t.Fatal(err)
	}
	deny := func(w http.ResponseWriter, _ *http.Request, err error) {
		if !errors.Is(err, ErrCrossSite) {
			t.Errorf("denied for %v", err)
		}
		w.WriteHeader(http.StatusForbidden)
	}
	changed := 0
	handler := c.Middleware(deny)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { changed++ }))
	for site, want := range map[string]int{"cross-site": http.StatusForbidden, "same-origin": http.StatusOK} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
		r.Header.Set("Sec-Fetch-Site", site)
		handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", site, w.Code, want)
		}
	}
	if changed != 1 {
		t.Errorf("the handler ran %d times, want once", changed)
	}
}

func TestNewCrossSiteNeedsOrigin(t *testing.T) {
	for _, u := range []string{"", "roster.example", "https://"} {
		if _, err := NewCrossSite(mustURL(t, u), secureCookieName); err == nil {
			t.Errorf("%q was accepted", u)
		}
	}
	if _, err := NewCrossSite(nil, secureCookieName); err == nil {
		t.Error("nil was accepted")
	}
}
