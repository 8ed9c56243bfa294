package store

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func sampleActivity() Activity {
	return Activity{
		At: signIn, Issuer: "toggl", Subject: "toggl:1", Name: "Hana Sato", IP: "192.0.2.7", RequestID: "request-1",
		OrganizationID: organization, Operation: "UpdateOrganizationUser", TargetKind: "organization_user", TargetID: 42,
		TargetName: "Émile 100%_", Old: `{"role":"member"}`, New: `{"role":"admin"}`,
	}
}

func begin(t testing.TB, s *Store, a Activity) int64 {
	t.Helper()
	id, err := s.BeginActivity(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func list(t testing.TB, s *Store, filter ActivityFilter) []ActivityEntry {
	t.Helper()
	entries, err := s.Activities(t.Context(), filter)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func ids(entries []ActivityEntry) []int64 {
	all := make([]int64, len(entries))
	for i, e := range entries {
		all[i] = e.ID
	}
	return all
}

func mustVerify(t testing.TB, s *Store, wantRows int, wantBroken int64) {
	t.Helper()
	rows, broken, err := s.VerifyActivity(t.Context())
	if rows != wantRows || broken != wantBroken || err != nil {
		t.Errorf("%d rows are right and %d is broken (%v), want %d and %d", rows, broken, err, wantRows, wantBroken)
	}
}

func TestActivity(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		want := sampleActivity()
		want.ID = begin(t, s, want)
		want.Result = ResultBegun
		got := list(t, s, ActivityFilter{OrganizationID: organization})
		ignoreHash := cmpopts.IgnoreFields(Activity{}, "Hash")
		if diff := cmp.Diff([]ActivityEntry{{Activity: want}}, got, ignoreHash); diff != "" {
			t.Error(diff)
		}
		if err := s.EndActivity(ctx, want.ID, ResultRefused, 400, "upstream-1", "User is \x00not allowed"); err != nil {
			t.Fatal(err)
		}
		want.Result, want.UpstreamStatus, want.UpstreamRequestID, want.Message = ResultRefused, 400, "upstream-1", "User is \uFFFDnot allowed"
		got = list(t, s, ActivityFilter{OrganizationID: organization})
		if diff := cmp.Diff([]ActivityEntry{{Activity: want}}, got, ignoreHash, cmpopts.IgnoreFields(ActivityEntry{}, "EndedAt")); diff != "" {
			t.Error(diff)
		}
		if off := time.Since(got[0].EndedAt).Abs(); off > time.Minute {
			t.Errorf("ended %v, want about now", got[0].EndedAt)
		}
		mustVerify(t, s, 2, 0)
	})
}

func TestActivityIsCompletedOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		id := begin(t, s, sampleActivity())
		denied := sampleActivity()
		denied.Result = ResultDenied
		deniedID := begin(t, s, denied)
		if err := s.EndActivity(ctx, id, ResultBegun, 0, "", ""); err == nil {
			t.Error("it ended as begun")
		}
		if err := s.EndActivity(ctx, id, "finished", 0, "", ""); err == nil {
			t.Error("it ended with a result that there isn't")
		}
		if err := s.EndActivity(ctx, id, ResultDone, 200, "", ""); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[int64]error{id: ErrConflict, deniedID: ErrConflict, deniedID + 1: ErrNotFound, 99: ErrNotFound} {
			if err := s.EndActivity(ctx, id, ResultDone, 200, "", ""); !errors.Is(err, want) {
				t.Errorf("end of %d: %v, want %v", id, err, want)
			}
		}
		ends := []ActivityEnd{{ID: begin(t, s, sampleActivity()), Result: ResultDone}, {ID: 99, Result: ResultDone}}
		if err := s.EndActivities(ctx, ends); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v, want %v", err, ErrNotFound)
		}
		if got := list(t, s, ActivityFilter{OrganizationID: organization})[0]; got.Result != ResultBegun {
			t.Errorf("of two ends one was kept: %+v", got)
		}
		mustVerify(t, s, 4, 0)
	})
}

// Two processes add at the same time: the chain stays one.
func TestActivityIsOneChain(t *testing.T) {
	onShared(t, func(t *testing.T, a, b *Store) {
		var wg sync.WaitGroup
		for i := range 8 {
			s := []*Store{a, b}[i%2]
			wg.Go(func() {
				for range 10 {
					id, err := s.BeginActivity(t.Context(), sampleActivity())
					if err == nil {
						err = s.EndActivity(t.Context(), id, ResultDone, 200, "", "")
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		mustVerify(t, a, 160, 0)
	})
}

func TestActivityThatFailsLeavesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		wrong := sampleActivity()
		wrong.Result = "finished"
		if _, err := s.BeginActivities(t.Context(), []Activity{sampleActivity(), wrong}); err == nil {
			t.Error("a result that there isn't")
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.BeginActivity(ctx, sampleActivity()); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want %v", err, context.Canceled)
		}
		begin(t, s, sampleActivity())
		mustVerify(t, s, 1, 0)
	})
}

func BenchmarkActivity(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			s := openAt(b, newAddress[name](b))
			for b.Loop() {
				id := begin(b, s, sampleActivity())
				if err := s.EndActivity(b.Context(), id, ResultDone, 200, "", ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
