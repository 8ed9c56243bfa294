package store

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMarkUsed(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		until := signIn.Add(time.Minute)
		for _, key := range []string{"a", "b"} {
			if err := s.MarkUsed(ctx, []byte(key), signIn, until); err != nil {
				t.Fatal(err)
			}
		}
		for _, now := range []time.Time{signIn, until.Add(-time.Millisecond)} {
			if err := s.MarkUsed(ctx, []byte("a"), now, until.Add(time.Hour)); !errors.Is(err, ErrConflict) {
				t.Errorf("marked again: %v, want %v", err, ErrConflict)
			}
		}
		if err := s.MarkUsed(ctx, []byte("a"), until, until.Add(time.Hour)); err != nil {
			t.Errorf("after its time: %v", err)
		}
		if err := s.MarkUsed(ctx, []byte("a"), until, until.Add(time.Hour)); !errors.Is(err, ErrConflict) {
			t.Errorf("and once more: %v, want %v", err, ErrConflict)
		}
	})
}

func TestDeleteExpiredMarks(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for key, until := range map[string]time.Time{"past": signIn, "later": signIn.Add(time.Second)} {
			if err := s.MarkUsed(ctx, []byte(key), signIn.Add(-time.Hour), until); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.DeleteExpiredMarks(ctx, signIn); err != nil {
			t.Fatal(err)
		}
		before := signIn.Add(-time.Hour) // as by a clock that is behind
		if err := s.MarkUsed(ctx, []byte("past"), before, signIn); err != nil {
			t.Errorf("the expired mark is still there: %v", err)
		}
		if err := s.MarkUsed(ctx, []byte("later"), before, signIn); !errors.Is(err, ErrConflict) {
			t.Errorf("the other is gone: %v", err)
		}
	})
}

func TestOneProcessMarksFirst(t *testing.T) {
	onShared(t, func(t *testing.T, a, b *Store) {
		stores := []*Store{a, b}
		var marked atomic.Int32
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				err := stores[i%2].MarkUsed(t.Context(), []byte("a"), signIn, signIn.Add(time.Minute))
				switch {
				case err == nil:
					marked.Add(1)
				case !errors.Is(err, ErrConflict):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := marked.Load(); n != 1 {
			t.Errorf("%d of them were first", n)
		}
	})
}

func TestLogOut(t *testing.T) {
	sessions := map[string]struct {
		subject  string
		provider []byte
	}{
		"one": {"ada", []byte("1")}, "same": {"ada", []byte("1")}, "another": {"ada", []byte("2")},
		"unknown": {"ada", nil}, "bob's": {"bob", []byte("3")}, "bob's unknown": {"bob", nil},
	}
	for name, tt := range map[string]struct {
		order Logout
		want  []string // that are left
	}{
		"of a session":             {Logout{Subject: "ada", Provider: []byte("1")}, []string{"another", "bob's", "bob's unknown"}},
		"of a session of nobody's": {Logout{Provider: []byte("1")}, []string{"another", "bob's", "bob's unknown", "unknown"}},
		"of a person":              {Logout{Subject: "ada"}, []string{"bob's", "bob's unknown"}},
		"of nobody":                {Logout{}, []string{"another", "bob's", "bob's unknown", "one", "same", "unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, s *Store) {
				for key, session := range sessions {
					row := sampleSession(key)
					row.Subject, row.Provider = session.subject, session.provider
					mustCreate(t, s, row, nil)
				}
				tt.order.Mark, tt.order.Now, tt.order.Expires = []byte("order"), signIn, signIn.Add(time.Minute)
				ended, err := s.LogOut(t.Context(), tt.order)
				if err != nil || ended != len(sessions)-len(tt.want) {
					t.Errorf("%d ended, %v", ended, err)
				}
				var left []string
				for _, key := range slices.Sorted(maps.Keys(sessions)) {
					if _, err := s.Session(t.Context(), []byte(key)); err == nil {
						left = append(left, key)
					}
				}
				if diff := cmp.Diff(tt.want, left); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// TestLogOutOnce: an order counts once, but one that failed can be sent again.
func TestLogOutOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		mustCreate(t, s, sampleSession("a"), nil)
		order := Logout{Mark: []byte("order"), Now: signIn, Expires: signIn.Add(time.Minute), Subject: "toggl:1"}
		if _, err := s.db.ExecContext(t.Context(), `ALTER TABLE sessions RENAME TO away`); err != nil {
			t.Fatal(err)
		}
		if _, err := s.LogOut(t.Context(), order); err == nil || errors.Is(err, ErrConflict) {
			t.Errorf("without sessions: %v", err)
		}
		if _, err := s.db.ExecContext(t.Context(), `ALTER TABLE away RENAME TO sessions`); err != nil {
			t.Fatal(err)
		}
		if ended, err := s.LogOut(t.Context(), order); ended != 1 || err != nil {
			t.Errorf("sent again: %d ended, %v", ended, err)
		}
		if _, err := s.LogOut(t.Context(), order); !errors.Is(err, ErrConflict) {
			t.Errorf("once more: %v, want %v", err, ErrConflict)
		}
	})
}
