package sandbox

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A clock that a test moves.
type clock struct{ unix atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.unix.Store(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC).Unix())
	return c
}

func (c *clock) now() time.Time           { return time.Unix(c.unix.Load(), 0) }
func (c *clock) forward(by time.Duration) { c.unix.Add(int64(by / time.Second)) }

func TestCredentials(t *testing.T) {
	s := newTester(t, Options{Users: 40})
	owner := s.server.Owner()
	basic := func(user, password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(user, password) }
	}
	bearer := func(key string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+key) }
	}
	const focus = focusLarge + "/groups/me"
	for name, c := range map[string]struct {
		path   string
		sign   func(*http.Request)
		status int
	}{
		"token":                 {"/api/v9/me", basic(owner.APIToken, "api_token"), 200},
		"password":              {"/api/v9/me", basic(strings.ToUpper(owner.Email), owner.Password), 200},
		"somebody's password":   {"/api/v9/me", basic(owner.Email, s.server.Admin().Password), 403},
		"no credentials":        {"/api/v9/me", func(*http.Request) {}, 401},
		"unknown token":         {"/api/v9/me", basic("0000", "api_token"), 403},
		"Focus key on Track":    {"/api/v9/me", bearer(owner.FocusKey), 403},
		"Focus key as token":    {"/api/v9/me", basic(owner.FocusKey, "api_token"), 403},
		"key":                   {focus, bearer(owner.FocusKey), 200},
		"no key":                {focus, func(*http.Request) {}, 401},
		"token on Focus":        {focus, bearer(owner.APIToken), 401},
		"basic on Focus":        {focus, basic(owner.APIToken, "api_token"), 401},
		"key without Bearer":    {focus, func(r *http.Request) { r.Header.Set("Authorization", owner.FocusKey) }, 401},
		"key of nobody we know": {focus, bearer(focusPrefix + "00000001"), 401},
	} {
		r := httptest.NewRequest("GET", c.path, http.NoBody)
		c.sign(r)
		w := s.do(r)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d", name, w.Code, c.status)
		}
		if valid := w.Header().Get("X-Toggl-Quota-Remaining") != ""; valid != (c.status == 200) {
			t.Errorf("%s: quota headers are sent: %t", name, valid)
		}
		if w.Header().Get("X-Request-Id") == "" {
			t.Errorf("%s: no X-Request-Id", name)
		}
		if c.status == 401 && c.path != focus && (w.Body.Len() > 0 || w.Header().Get("X-Authorization-Missing") != "true") {
			t.Errorf("%s: body %q, header %v", name, w.Body, w.Header())
		}
		if c.status == 401 && c.path == focus && !strings.Contains(w.Body.String(), `"error":"invalid_session"`) {
			t.Errorf("%s: body %s", name, w.Body)
		}
	}
}

func TestQuotaIsOfAUserAndOrganization(t *testing.T) {
	clock := newClock()
	s := newTester(t, Options{Users: 40, Quota: 3, Now: clock.now})
	for left := 2; left >= 0; left-- {
		if got := s.owner("GET", large, "").Header().Get("X-Toggl-Quota-Remaining"); got != string(rune('0'+left)) {
			t.Errorf("remaining %q, want %d", got, left)
		}
	}
	clock.forward(20 * time.Minute)
	w := s.owner("GET", large, "")
	if w.Code != http.StatusPaymentRequired || w.Header().Get("X-Toggl-Quota-Resets-In") != "2400" || w.Header().Get("X-Toggl-Quota-Remaining") != "0" {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
	if want := `"You have hit your hourly limit for API calls. Your quota will reset in 2400 seconds."`; w.Body.String() != want {
		t.Errorf("body %s", w.Body)
	}
	if w := s.owner("GET", focusLarge+"/groups/me", ""); w.Code != http.StatusPaymentRequired {
		t.Errorf("Focus has a bucket of its own: %d", w.Code)
	}
	if w := s.send(s.server.Admin(), "GET", large, ""); w.Code != http.StatusOK {
		t.Errorf("somebody else's request: %d", w.Code)
	}
	if w := s.owner("GET", "/api/v9/organizations/"+decimal(small(s.server.world, "Birch & Line").id), ""); w.Code != http.StatusOK {
		t.Errorf("another organization: %d", w.Code)
	}
	rows := decodeInto[[]quotaWire](t, s.owner("GET", "/api/v9/me/quota", ""))
	if rows[0].OrganizationID != nil || rows[0].Remaining != 2 || *rows[1].OrganizationID != largeOrganizationID || rows[1].Remaining != 0 || rows[1].Total != 3 {
		t.Errorf("quota %+v", rows)
	}
	clock.forward(40 * time.Minute)
	if w := s.owner("GET", large, ""); w.Code != http.StatusOK {
		t.Errorf("after the window: %d", w.Code)
	}
}

func TestQuotaIsSetWhileRunning(t *testing.T) {
	s := newTester(t, Options{Users: 40})
	if got := s.owner("GET", large, "").Header().Get("X-Toggl-Quota-Remaining"); got != "599" {
		t.Errorf("remaining %s", got)
	}
	s.server.SetQuotaRemaining(1)
	for _, want := range []int{200, 402} {
		if w := s.owner("GET", large, ""); w.Code != want {
			t.Errorf("status %d, want %d", w.Code, want)
		}
	}
	s.server.SetQuotaRemaining(-1)
	if w := s.owner("GET", large, ""); w.Code != 200 || w.Header().Get("X-Toggl-Quota-Remaining") != "599" {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
}

func TestRateLeaks(t *testing.T) {
	clock := newClock()
	s := newTester(t, Options{Users: 40, RatePerSecond: 0.5, Burst: 2, Now: clock.now})
	for _, want := range []int{200, 200, 429} {
		if w := s.owner("GET", large, ""); w.Code != want {
			t.Errorf("status %d, want %d", w.Code, want)
		}
	}
	if got := s.owner("GET", large, "").Header().Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After %q", got)
	}
	if w := s.send(s.server.Admin(), "GET", large, ""); w.Code != 200 {
		t.Errorf("somebody else's request: %d", w.Code)
	}
	clock.forward(2 * time.Second)
	for _, want := range []int{200, 429} {
		if w := s.owner("GET", large, ""); w.Code != want {
			t.Errorf("later: status %d, want %d", w.Code, want)
		}
	}
}

func TestRequestsAreLogged(t *testing.T) {
	s := newTester(t, Options{Users: 40})
	s.owner("PUT", large, `{"name":"New"}`)
	s.owner("GET", large+"/users?page=0", "")
	s.owner("GET", large+"/workspaces", "")
	log := s.server.Requests()
	if len(log) != 3 || log[0].Operation != "UpdateOrganization" || log[0].Body != `{"name":"New"}` || log[0].Status != 200 ||
		log[1].Query != "page=0" || log[1].Status != 400 || log[1].API != "track" || log[2].Status != 405 || log[2].Operation != "" {
		t.Errorf("log %+v", log)
	}
	if text, _ := json.Marshal(log); strings.Contains(string(text), s.server.Owner().APIToken) {
		t.Error("the log has a credential")
	}
	for range requestsKept + 5 {
		s.server.requests.add(Request{Status: 1})
	}
	s.server.requests.add(Request{Status: 2})
	if log := s.server.Requests(); len(log) != requestsKept || log[len(log)-1].Status != 2 || log[0].Status != 1 {
		t.Errorf("%d requests are kept", len(log))
	}
	s.server.ResetRequests()
	if len(s.server.Requests()) != 0 {
		t.Error("the log is not empty")
	}
}

func TestReplacePlantsWhatTheAPIRefuses(t *testing.T) {
	s := newTester(t, Options{Users: 40})
	hostile := `<img src=x onerror=alert(1)>"'&` + "\u202e" + strings.Repeat("長", 140)
	id := s.server.Member().OrganizationUserID
	s.server.Replace(id, func(u *User) {
		u.Name, u.Email = hostile, s.server.world.personas.admin.account.email
	})
	u := s.user(id)
	if u.Name != hostile || u.Email != "elif.yilmaz@haldenmoss.example" {
		t.Errorf("user %q %q", u.Name, u.Email)
	}
	s.server.Replace(1, func(*User) { t.Error("there is no such user") })
}

func TestTextErrors(t *testing.T) {
	s := New(Options{Users: 40, TextErrors: true})
	r := httptest.NewRequest("PUT", large+"/users/77", strings.NewReader(`{}`))
	r.SetBasicAuth(s.Owner().APIToken, "api_token")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Body.String() != "Invalid organization user ID." || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Errorf("%q %s", w.Body, w.Header().Get("Content-Type"))
	}
}

func TestLockedAccountIsKeptOut(t *testing.T) {
	s := newTester(t, Options{})
	locked := s.users("filter=tomas.rivera")[0]
	p, found := s.server.PersonaOf(locked.ID)
	if !found {
		t.Fatal("no persona")
	}
	if w := s.send(p, "GET", "/api/v9/me", ""); w.Code != http.StatusForbidden {
		t.Errorf("status %d", w.Code)
	}
	if at := s.focusUser(locked.ID).AccountLockedAt; at == nil {
		t.Error("Focus doesn't say since when")
	}
}
