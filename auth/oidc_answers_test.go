package auth

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestHostileCallbacks: what a browser may bring back that is not what it was sent for.
func TestHostileCallbacks(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(h *ssoHouse, b *browser, answer url.Values)
		want   error
	}{
		"no state":         {func(_ *ssoHouse, _ *browser, a url.Values) { a.Del("state") }, ErrAttempt},
		"an empty state":   {func(_ *ssoHouse, _ *browser, a url.Values) { a.Set("state", "") }, ErrAttempt},
		"an unknown state": {func(_ *ssoHouse, _ *browser, a url.Values) { a.Set("state", newID()) }, ErrAttempt},
		"a state twice":    {func(_ *ssoHouse, _ *browser, a url.Values) { a.Add("state", a.Get("state")) }, ErrAttempt},
		"an endless state": {func(_ *ssoHouse, _ *browser, a url.Values) { a.Set("state", strings.Repeat("a", 1<<16)) }, ErrAttempt},
		"no cookie":        {func(_ *ssoHouse, b *browser, _ url.Values) { b.cookies = nil }, ErrAttempt},
		"another's answer": {func(h *ssoHouse, b *browser, _ url.Values) { b.cookies = (&browser{TB: h}).begun(h.oidc) }, ErrAttempt},
		"the cookie twice": {func(_ *ssoHouse, b *browser, _ url.Values) { b.cookies = append(b.cookies, b.cookies[0]) }, ErrAttempt},
		"another's cookie": {func(h *ssoHouse, b *browser, _ url.Values) {
			b.cookies[0].Value = (&browser{TB: h}).begun(h.oidc)[0].Value
		}, ErrAttempt},
		"a cookie altered":  {func(_ *ssoHouse, b *browser, _ url.Values) { b.cookies[0].Value = "A" + b.cookies[0].Value[1:] + "A" }, ErrAttempt},
		"an empty cookie":   {func(_ *ssoHouse, b *browser, _ url.Values) { b.cookies[0].Value = "" }, ErrAttempt},
		"an endless cookie": {func(_ *ssoHouse, b *browser, _ url.Values) { b.cookies[0].Value = strings.Repeat("A", 1<<16) }, ErrAttempt},
		"a session's id":    {func(_ *ssoHouse, b *browser, _ url.Values) { b.cookies[0].Value = newID() }, ErrAttempt},
		"too late":          {func(h *ssoHouse, _ *browser, _ url.Values) { h.now = h.now.Add(attemptLasts) }, ErrAttempt},
		"before it began":   {func(h *ssoHouse, _ *browser, _ url.Values) { h.now = h.now.Add(-clockSkew) }, ErrAttempt},
		"another client's attempt": {func(h *ssoHouse, b *browser, a url.Values) {
			h.beginAt(h.replica(func(o *OIDCOptions) { o.ClientID = "other" }), b, a)
		}, ErrAttempt},
		"a key that is gone": {func(h *ssoHouse, b *browser, a url.Values) {
			h.beginAt(h.replica(func(o *OIDCOptions) { o.Keys = Keys{newKey} }), b, a)
		}, ErrAttempt},
		"another's code": {func(h *ssoHouse, _ *browser, a url.Values) {
			a.Set("code", h.idp.authorize((&browser{TB: h}).begin(h.oidc, "/"))) // its verifier is not here
		}, ErrAttempt},
		"a code that was used": {func(h *ssoHouse, _ *browser, a url.Values) { delete(h.idp.grants, a.Get("code")) }, ErrAttempt},
		"no code":              {func(_ *ssoHouse, _ *browser, a url.Values) { a.Del("code") }, ErrBadAnswer},
		"a code twice":         {func(_ *ssoHouse, _ *browser, a url.Values) { a.Add("code", "x") }, ErrBadAnswer},
		"an endless code":      {func(_ *ssoHouse, _ *browser, a url.Values) { a.Set("code", strings.Repeat("a", maxCode+1)) }, ErrBadAnswer},
		"another provider's":   {func(_ *ssoHouse, _ *browser, a url.Values) { a.Set("iss", "https://evil.example") }, ErrBadAnswer},
		"an empty issuer":      {func(_ *ssoHouse, _ *browser, a url.Values) { a.Set("iss", "") }, ErrBadAnswer},
		"two issuers":          {func(h *ssoHouse, _ *browser, a url.Values) { a["iss"] = []string{h.idp.issuer, "https://evil.example"} }, ErrBadAnswer},
		"another's error": {func(_ *ssoHouse, _ *browser, a url.Values) {
			a.Set("iss", "https://evil.example")
			a.Set("error", "access_denied")
		}, ErrBadAnswer},
		"no issuer of one that says it": {func(h *ssoHouse, _ *browser, _ url.Values) {
			h.oidc.discovery.found.Load().SaysIssuer = true
		}, ErrBadAnswer},
		"an error": {func(_ *ssoHouse, _ *browser, a url.Values) { a.Set("error", "access_denied") }, ErrSignInRefused},
	} {
		t.Run(name, func(t *testing.T) {
			h := newSSOHouse(t)
			b := &browser{TB: t}
			answer := h.answerTo(b.begin(h.oidc, "/"))
			tt.change(h, b, answer)
			got, err := b.finish(h.oidc, answer)
			if !errors.Is(err, tt.want) || got.Identity.Subject != "" {
				t.Errorf("got %q, %v, want %v", got.Identity.Subject, err, tt.want)
			}
		})
	}
}

// beginAt has the browser bring the good answer to a sign-in that another has begun.
func (h *ssoHouse) beginAt(o *OIDC, b *browser, answer url.Values) {
	*b = browser{TB: h}
	maps.Copy(answer, h.answerTo(b.begin(o, "/")))
}

// begun is what a browser has that began a sign-in.
func (b *browser) begun(o *OIDC) []*http.Cookie {
	b.begin(o, "/")
	return b.cookies
}

func TestCallbackTakesNoPost(t *testing.T) {
	h := newSSOHouse(t)
	b := &browser{TB: t}
	answer := h.answerTo(b.begin(h.oidc, "/"))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, OIDCCallbackPath, strings.NewReader(answer.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(b.cookies[0])
	if _, err := h.oidc.Finish(httptest.NewRecorder(), r); !errors.Is(err, ErrAttempt) {
		t.Errorf("got %v", err)
	}
	r = b.request(OIDCCallbackPath + "?" + answer.Encode())
	r.Method = http.MethodPost
	if _, err := h.oidc.Finish(httptest.NewRecorder(), r); !errors.Is(err, ErrAttempt) {
		t.Errorf("with the answer in the address: got %v", err)
	}
}

func TestIssuerInTheAnswer(t *testing.T) {
	h := newSSOHouse(t)
	h.idp.config = map[string]any{"authorization_response_iss_parameter_supported": true}
	b := &browser{TB: t}
	answer := h.answerTo(b.begin(h.oidc, "/"))
	answer.Set("iss", h.idp.issuer)
	if _, err := b.finish(h.oidc, answer); err != nil {
		t.Error(err)
	}
}

// TestReplayedAttempt: who copied the cookie and the address has nothing of it, even at
// another replica, and at a provider that takes codes twice.
func TestReplayedAttempt(t *testing.T) {
	h := newSSOHouse(t)
	b := &browser{TB: t}
	answer := h.answerTo(b.begin(h.oidc, "/"))
	stolen := &browser{TB: t, cookies: slices.Clone(b.cookies)}
	code := h.idp.grants[answer.Get("code")]
	if _, err := b.finish(h.oidc, answer); err != nil {
		t.Fatal(err)
	}
	h.idp.grants[answer.Get("code")] = code
	for _, o := range []*OIDC{h.oidc, h.replica(nil)} {
		if _, err := (&browser{TB: t, cookies: stolen.cookies}).finish(o, answer); !errors.Is(err, ErrAttempt) {
			t.Errorf("got %v, want %v", err, ErrAttempt)
		}
	}
	h.now = h.now.Add(attemptLasts - time.Second) // the mark lasts as long as the cookie
	if _, err := h.sessions.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := stolen.finish(h.oidc, answer); !errors.Is(err, ErrAttempt) {
		t.Errorf("at its end: got %v, want %v", err, ErrAttempt)
	}
	if n := h.idp.asked("/token"); n != 1 {
		t.Errorf("the code was sent %d times", n)
	}
}

func TestOneOfManyFinishesAnAttempt(t *testing.T) {
	h := newSSOHouse(t)
	b := &browser{TB: t}
	answer := h.answerTo(b.begin(h.oidc, "/"))
	var finished atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := (&browser{TB: t, cookies: slices.Clone(b.cookies)}).finish(h.oidc, answer)
			switch {
			case err == nil:
				finished.Add(1)
			case !errors.Is(err, ErrAttempt):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := finished.Load(); n != 1 {
		t.Errorf("%d of them finished it", n)
	}
}

func TestErrorsOfTheProvider(t *testing.T) {
	markup := "<script>alert(1)</script>"
	for name, tt := range map[string]struct{ code, description, wantCode, wantDescription string }{
		"denied":         {"access_denied", "not today", "access_denied", "not today"},
		"no code":        {"", "not today", "unknown", "not today"},
		"markup":         {markup, markup, "unknown", markup}, // for the log: never for a page
		"a line in logs": {"access_denied", "a\r\nlevel=ERROR", "access_denied", "a  level=ERROR"},
		"no UTF-8":       {"server_error", "a\xff", "server_error", "a"},
		"endless":        {strings.Repeat("a", 65), strings.Repeat("a", 1<<16), "unknown", strings.Repeat("a", 300)},
	} {
		t.Run(name, func(t *testing.T) {
			h := newSSOHouse(t)
			b := &browser{TB: t}
			answer := h.answerTo(b.begin(h.oidc, "/"))
			answer["error"], answer["error_description"] = []string{tt.code}, []string{tt.description}
			_, err := b.finish(h.oidc, answer)
			var refusal *RefusedError
			if !errors.As(err, &refusal) || !errors.Is(err, ErrSignInRefused) {
				t.Fatalf("got %v, want a RefusedError", err)
			}
			if refusal.Code != tt.wantCode || refusal.Description != tt.wantDescription {
				t.Errorf("got %q, %q", refusal.Code, refusal.Description)
			}
			if words := refusal.Words(); words == "" || strings.Contains(words, tt.description) {
				t.Errorf("the words are %q", words)
			}
			if h.idp.asked("/token") != 0 || len(b.cookies) != 0 {
				t.Error("the attempt goes on")
			}
		})
	}
}

func TestNoStoreNoSignIn(t *testing.T) {
	h := newSSOHouse(t)
	b := &browser{TB: t}
	answer := h.answerTo(b.begin(h.oidc, "/"))
	h.exec(`DROP TABLE used_marks`)
	_, err := b.finish(h.oidc, answer)
	if err == nil || errors.Is(err, ErrAttempt) || errors.Is(err, ErrProvider) {
		t.Errorf("got %v, want the store's error", err)
	}
	if h.idp.asked("/token") != 0 {
		t.Error("the code was sent")
	}
}
