package auth

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// lastSeen reads the column past package store.
func (h *house) lastSeen(id string) time.Time {
	h.Helper()
	row, err := h.store.Session(h.Context(), hashID(id))
	if err != nil {
		h.Fatal(err)
	}
	return row.LastSeen
}

func TestIdleSessionEnds(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	h.now = h.now.Add(DefaultIdle - time.Millisecond)
	h.wantSignedIn(id, true) // which extends it
	h.now = h.now.Add(DefaultIdle - time.Millisecond)
	h.wantSignedIn(id, true)
	h.now = h.now.Add(DefaultIdle)
	h.wantSignedIn(id, false)
	h.now = h.now.Add(-DefaultIdle) // a clock set back doesn't bring it back
	h.wantSignedIn(id, false)
}

func TestSessionEndsAbsolutely(t *testing.T) {
	h := newHouse(t)
	id, end := h.signIn(), h.now.Add(DefaultAbsolute)
	for h.now = h.now.Add(10 * time.Minute); h.now.Before(end); h.now = h.now.Add(10 * time.Minute) {
		h.wantSignedIn(id, true)
	}
	h.now = end
	h.wantSignedIn(id, false)
}

func TestStricterSettingsHoldForOldSessions(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	for name, o := range map[string]SessionOptions{"idle": {Idle: time.Minute}, "absolute": {Absolute: time.Minute}} {
		o.Store, o.Keys, o.PublicURL = h.store, Keys{oldKey}, mustURL(t, "https://roster.example")
		o.Now = func() time.Time { return h.now.Add(2 * time.Minute) }
		s, err := NewSessions(o)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Load(h.request(id)); got != nil || err != nil {
			t.Errorf("%s: still signed in (%v)", name, err)
		}
		id = h.signIn()
	}
}

func TestBackgroundDoesNotExtend(t *testing.T) {
	h := newHouse(t)
	id, end := h.signIn(), h.now.Add(DefaultIdle)
	for ; h.now.Before(end); h.now = h.now.Add(5 * time.Minute) {
		r := Background(h.request(id))
		s, err := h.sessions.Load(r)
		if err != nil || s == nil {
			t.Fatalf("the poll is not signed in (%v)", err)
		}
		// Not even a save in a poll extends it.
		s.Flash = append(s.Flash, Flash{Kind: "info", Text: "polled"})
		if err := h.sessions.Save(httptest.NewRecorder(), r, s); err != nil {
			t.Fatal(err)
		}
	}
	h.wantSignedIn(id, false)
}

func TestLastSeenIsWrittenOnceAMinute(t *testing.T) {
	h := newHouse(t)
	id, start := h.signIn(), h.now
	for _, step := range []struct{ at, want time.Duration }{
		{time.Second, 0},
		{59 * time.Second, 0},
		{time.Minute, time.Minute},
		{119 * time.Second, time.Minute},
		{2 * time.Minute, 2 * time.Minute},
	} {
		h.now = start.Add(step.at)
		h.wantSignedIn(id, true)
		if got := h.lastSeen(id).Sub(start); got != step.want {
			t.Errorf("after %v last seen is %v, want %v", step.at, got, step.want)
		}
	}
}

func TestRevokeSubject(t *testing.T) {
	h := newHouse(t)
	first, second := h.signIn(), h.signIn()
	w, other := httptest.NewRecorder(), sampleSession()
	other.Subject = "toggl:2"
	if err := h.sessions.SignIn(w, h.request(), other); err != nil {
		t.Fatal(err)
	}
	if n, err := h.sessions.RevokeSubject(t.Context(), "toggl:1"); n != 2 || err != nil {
		t.Errorf("revoked %d (%v), want 2", n, err)
	}
	h.wantSignedIn(first, false)
	h.wantSignedIn(second, false)
	h.wantSignedIn(cookieOf(t, w).Value, true)
}

func TestSaveAfterTheEndStaysDead(t *testing.T) {
	for name, end := range map[string]func(h *house, id string) error{
		"revoked": func(h *house, _ string) error {
			_, err := h.sessions.RevokeSubject(h.Context(), "toggl:1")
			return err
		},
		"signed out": func(h *house, id string) error {
			return h.sessions.SignOut(httptest.NewRecorder(), h.request(id))
		},
		"signed in anew": func(h *house, id string) error {
			return h.sessions.SignIn(httptest.NewRecorder(), h.request(id), sampleSession())
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			id := h.signIn()
			r := h.request(id)
			s, err := h.sessions.Load(r)
			if err != nil {
				t.Fatal(err)
			}
			if err := end(h, id); err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			for range 2 {
				if err := h.sessions.Save(w, r, s); !errors.Is(err, ErrSessionGone) {
					t.Errorf("got %v, want %v", err, ErrSessionGone)
				}
			}
			if c := cookieOf(t, w); c.MaxAge >= 0 {
				t.Errorf("the cookie %v does not expire the session's", c)
			}
			h.wantSignedIn(id, false)
		})
	}
}

func TestSweep(t *testing.T) {
	h := newHouse(t)
	h.signIn()
	h.now = h.now.Add(DefaultIdle - time.Minute)
	lasting := h.signIn()
	h.now = h.now.Add(time.Minute)
	if n, err := h.sessions.Sweep(t.Context()); n != 1 || err != nil {
		t.Errorf("swept %d (%v), want 1", n, err)
	}
	h.wantSignedIn(lasting, true)
}

func TestStoreFailureFailsClosed(t *testing.T) {
	const broken = ` ON sessions BEGIN SELECT RAISE(FAIL, 'disk full'); END`
	tests := []struct {
		name, trigger string
		act           func(h *house, w http.ResponseWriter, r *http.Request) error
	}{
		{"sign in", "INSERT", func(h *house, w http.ResponseWriter, r *http.Request) error {
			return h.sessions.SignIn(w, r, sampleSession())
		}},
		{"sign in over another", "DELETE", func(h *house, w http.ResponseWriter, r *http.Request) error {
			return h.sessions.SignIn(w, r, sampleSession())
		}},
		{"save", "UPDATE", func(h *house, w http.ResponseWriter, r *http.Request) error {
			s, err := h.sessions.Load(r)
			if err != nil {
				h.Fatal(err)
			}
			return h.sessions.Save(w, r, s)
		}},
		{"extend", "UPDATE", func(h *house, _ http.ResponseWriter, r *http.Request) error {
			h.now = h.now.Add(2 * time.Minute)
			_, err := h.sessions.Load(r)
			return err
		}},
		{"sign out", "DELETE", func(h *house, w http.ResponseWriter, r *http.Request) error {
			return h.sessions.SignOut(w, r)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			id := h.signIn()
			h.exec("CREATE TRIGGER broken BEFORE " + tt.trigger + broken)
			w := httptest.NewRecorder()
			if err := tt.act(h, w, h.request(id)); err == nil || errors.Is(err, ErrSessionGone) {
				t.Errorf("got %v, want the store's error", err)
			}
			if len(w.Result().Cookies()) != 0 {
				t.Error("a cookie was sent")
			}
			h.exec("DROP TRIGGER broken")
			h.wantSignedIn(id, true) // nothing half done
		})
	}
}

func TestFailedSignInChangesNothingForTheRequest(t *testing.T) {
	h := newHouse(t)
	for name, ids := range map[string][]string{"signed out": nil, "signed in": {h.signIn()}} {
		r := h.request(ids...)
		before, err := h.sessions.Load(r)
		if err != nil {
			t.Fatal(err)
		}
		h.exec(`CREATE TRIGGER broken BEFORE INSERT ON sessions BEGIN SELECT RAISE(FAIL, 'disk full'); END`)
		if err := h.sessions.SignIn(httptest.NewRecorder(), r, Session{Subject: "toggl:2"}); err == nil {
			t.Errorf("%s: signed in without a store", name)
		}
		if after, err := h.sessions.Load(r); after != before || err != nil {
			t.Errorf("%s: the request has another session now (%v)", name, err)
		}
		h.exec(`DROP TRIGGER broken`)
		// The request can sign in after all.
		w := httptest.NewRecorder()
		if err := h.sessions.SignIn(w, r, Session{Subject: "toggl:2"}); err != nil {
			t.Fatal(err)
		}
		h.wantSignedIn(cookieOf(t, w).Value, true)
	}
}

func TestLoadFromClosedStoreIsAnError(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	r := h.request(id)
	for range 2 {
		if s, err := h.sessions.Load(r); s != nil || err == nil {
			t.Errorf("signed in is %t, error %v", s != nil, err)
		}
	}
	if err := h.sessions.Save(httptest.NewRecorder(), r, &Session{Subject: "toggl:1"}); err == nil {
		t.Error("saved")
	}
	if err := h.sessions.SignOut(httptest.NewRecorder(), r); err == nil {
		t.Error("signed out")
	}
}
