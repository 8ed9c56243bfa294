package store

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
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

func TestDeleteProviderSessions(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for key, provider := range map[string][]byte{"a": []byte("one"), "b": []byte("one"), "c": []byte("two"), "d": nil} {
			row := sampleSession(key)
			row.Provider = provider
			mustCreate(t, s, row, nil)
		}
		if n, err := s.DeleteProviderSessions(ctx, nil); n != 0 || err != nil {
			t.Errorf("of no provider: got %d, %v", n, err)
		}
		if n, err := s.DeleteProviderSessions(ctx, []byte("one")); n != 2 || err != nil {
			t.Errorf("got %d, %v, want 2", n, err)
		}
		for key, want := range map[string]string{"c": "two", "d": ""} {
			if row, err := s.Session(ctx, []byte(key)); err != nil || string(row.Provider) != want || (row.Provider == nil) != (want == "") {
				t.Errorf("%s: got %q, %v", key, row.Provider, err)
			}
		}
	})
}
