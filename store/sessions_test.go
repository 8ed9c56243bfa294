package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var signIn = time.Date(2026, 8, 21, 9, 0, 0, 123e6, time.UTC)

func sampleSession(key string) Session {
	return Session{
		Key: []byte(key), Subject: "toggl:1", Created: signIn, LastSeen: signIn.Add(time.Minute),
		Expires: signIn.Add(31 * time.Minute), Revision: 1, Data: []byte("sealed"),
	}
}

func mustCreate(t *testing.T, s *Store, row Session, replaces []byte) {
	t.Helper()
	if err := s.CreateSession(t.Context(), row, replaces); err != nil {
		t.Fatal(err)
	}
}

func TestSessionRoundTrip(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		want := sampleSession("a")
		mustCreate(t, s, want, nil)
		got, err := s.Session(t.Context(), []byte("a"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if _, err := s.Session(t.Context(), []byte("b")); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v, want %v", err, ErrNotFound)
		}
	})
}

func TestCreateSessionReplaces(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		mustCreate(t, s, sampleSession("old"), nil)
		mustCreate(t, s, sampleSession("new"), []byte("old"))
		if _, err := s.Session(t.Context(), []byte("old")); !errors.Is(err, ErrNotFound) {
			t.Errorf("old session: %v, want %v", err, ErrNotFound)
		}
		// Where the new one can't be made, the old one stays.
		if err := s.CreateSession(t.Context(), sampleSession("new"), []byte("new2")); err == nil {
			t.Error("a second session under the same key")
		}
		mustCreate(t, s, sampleSession("third"), nil)
		if err := s.CreateSession(t.Context(), sampleSession("third"), []byte("new")); err == nil {
			t.Error("a second session under the same key")
		}
		if _, err := s.Session(t.Context(), []byte("new")); err != nil {
			t.Errorf("the replaced session is gone though there is no new one: %v", err)
		}
	})
}

func TestUpdateSession(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		mustCreate(t, s, sampleSession("a"), nil)
		if err := s.UpdateSession(ctx, []byte("a"), 1, []byte("second")); err != nil {
			t.Fatal(err)
		}
		if err := s.UpdateSession(ctx, []byte("a"), 1, []byte("lost")); !errors.Is(err, ErrConflict) {
			t.Errorf("old revision: %v, want %v", err, ErrConflict)
		}
		want := sampleSession("a")
		want.Revision, want.Data = 2, []byte("second")
		got, err := s.Session(ctx, []byte("a"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestGoneSessionStaysGone(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx, key := t.Context(), []byte("a")
		mustCreate(t, s, sampleSession("a"), nil)
		if err := s.DeleteSession(ctx, key); err != nil {
			t.Fatal(err)
		}
		if err := s.UpdateSession(ctx, key, 1, []byte("back")); !errors.Is(err, ErrNotFound) {
			t.Errorf("update: %v, want %v", err, ErrNotFound)
		}
		if err := s.TouchSession(ctx, key, signIn, signIn); !errors.Is(err, ErrNotFound) {
			t.Errorf("touch: %v, want %v", err, ErrNotFound)
		}
		if _, err := s.Session(ctx, key); !errors.Is(err, ErrNotFound) {
			t.Errorf("read: %v, want %v", err, ErrNotFound)
		}
		if err := s.DeleteSession(ctx, key); err != nil {
			t.Errorf("deleting it again: %v", err)
		}
	})
}

func TestTouchSession(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx, want := t.Context(), sampleSession("a")
		mustCreate(t, s, want, nil)
		want.LastSeen, want.Expires = signIn.Add(time.Hour), signIn.Add(90*time.Minute)
		if err := s.TouchSession(ctx, want.Key, want.LastSeen, want.Expires); err != nil {
			t.Fatal(err)
		}
		got, err := s.Session(ctx, want.Key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDeleteSubjectSessions(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		mustCreate(t, s, sampleSession("a"), nil)
		mustCreate(t, s, sampleSession("b"), nil)
		other := sampleSession("c")
		other.Subject = "toggl:2"
		mustCreate(t, s, other, nil)
		if n, err := s.DeleteSubjectSessions(ctx, "toggl:1"); n != 2 || err != nil {
			t.Errorf("got %d, %v, want 2", n, err)
		}
		if _, err := s.Session(ctx, []byte("c")); err != nil {
			t.Errorf("the other subject's session: %v", err)
		}
	})
}

func TestDeleteExpiredSessions(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for key, expires := range map[string]time.Time{
			"past": signIn.Add(-time.Second), "now": signIn, "later": signIn.Add(time.Second),
		} {
			row := sampleSession(key)
			row.Expires = expires
			mustCreate(t, s, row, nil)
		}
		if n, err := s.DeleteExpiredSessions(ctx, signIn); n != 2 || err != nil {
			t.Errorf("got %d, %v, want 2", n, err)
		}
		if _, err := s.Session(ctx, []byte("later")); err != nil {
			t.Errorf("the session that lasts: %v", err)
		}
	})
}

func TestConnections(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		want := Connection{Subject: "toggl:1", Updated: signIn, Data: []byte("one")}
		if _, err := s.Connection(ctx, want.Subject); !errors.Is(err, ErrNotFound) {
			t.Errorf("before: %v, want %v", err, ErrNotFound)
		}
		for _, data := range []string{"one", "two"} {
			want.Data = []byte(data)
			if err := s.PutConnection(ctx, want); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.ResealConnection(ctx, want.Subject, []byte("one"), []byte("late")); err != nil {
			t.Fatal(err)
		}
		got, err := s.Connection(ctx, want.Subject)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if err := s.ResealConnection(ctx, want.Subject, []byte("two"), []byte("resealed")); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Connection(ctx, want.Subject); err != nil || string(got.Data) != "resealed" {
			t.Errorf("got %q, %v, want the resealed data", got.Data, err)
		}
		if err := s.DeleteConnection(ctx, want.Subject); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Connection(ctx, want.Subject); !errors.Is(err, ErrNotFound) {
			t.Errorf("after: %v, want %v", err, ErrNotFound)
		}
	})
}

// BenchmarkSession is what every request does.
func BenchmarkSession(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			s := openAt(b, newAddress[name](b))
			row := sampleSession("a")
			row.Data = make([]byte, 600)
			if err := s.CreateSession(b.Context(), row, nil); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := s.Session(b.Context(), row.Key); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
