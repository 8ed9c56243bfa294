package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDrafts(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx, key := t.Context(), []byte("a")
		if _, err := s.Draft(ctx, key); !errors.Is(err, ErrNotFound) {
			t.Errorf("before: %v, want %v", err, ErrNotFound)
		}
		want := Draft{Key: key}
		for _, data := range []string{"one", "two"} {
			want.Data, want.Expires = []byte(data), want.Expires.Add(time.Hour)
			if data == "one" {
				want.Expires = signIn
			}
			if err := s.PutDraft(ctx, want); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.Draft(ctx, key); err != nil || !cmp.Equal(got, want) {
			t.Errorf("got %v, %v, want the later one", got, err)
		}
		if err := s.PutDraft(ctx, Draft{Key: []byte("past"), Expires: signIn, Data: []byte("x")}); err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteExpiredDrafts(ctx, signIn); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Draft(ctx, []byte("past")); !errors.Is(err, ErrNotFound) {
			t.Errorf("the expired one: %v, want %v", err, ErrNotFound)
		}
		for range 2 {
			if err := s.DeleteDraft(ctx, key); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Draft(ctx, key); !errors.Is(err, ErrNotFound) {
			t.Errorf("after: %v, want %v", err, ErrNotFound)
		}
	})
}
