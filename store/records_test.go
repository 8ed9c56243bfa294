package store

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func recordKey(id string) RecordKey {
	return RecordKey{Kind: "batch", ID: id, Subject: "toggl:1", OrganizationID: organization}
}

func sampleRecord(id string) Record {
	return Record{RecordKey: recordKey(id), Data: []byte("plan"), Progress: []byte("none"), ExpiresAt: signIn.Add(time.Hour)}
}

func createRecord(t *testing.T, s *Store, r Record, lease time.Duration) {
	t.Helper()
	if err := s.CreateRecord(t.Context(), r, lease, 20); err != nil {
		t.Fatal(err)
	}
}

func mustRecord(t *testing.T, s *Store, id string) Record {
	t.Helper()
	r, err := s.Record(t.Context(), recordKey(id), signIn)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRecordIsItsPersons: every part of the key has to be right, and the time not over.
func TestRecordIsItsPersons(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		want := sampleRecord(rand.Text())
		createRecord(t, s, want, 0)
		got := mustRecord(t, s, want.ID)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Record{}, "CreatedAt")); diff != "" {
			t.Error(diff)
		}
		if err := s.CreateRecord(t.Context(), want, 0, 20); !errors.Is(err, ErrConflict) {
			t.Errorf("the same id again: %v, want %v", err, ErrConflict)
		}
		for name, change := range map[string]func(*RecordKey){
			"id":           func(k *RecordKey) { k.ID = "other" },
			"kind":         func(k *RecordKey) { k.Kind = "other" },
			"person":       func(k *RecordKey) { k.Subject = "toggl:2" },
			"organization": func(k *RecordKey) { k.OrganizationID++ },
		} {
			key := want.RecordKey
			change(&key)
			if _, err := s.Record(t.Context(), key, signIn); !errors.Is(err, ErrNotFound) {
				t.Errorf("another %s: %v, want %v", name, err, ErrNotFound)
			}
		}
		if _, err := s.Record(t.Context(), want.RecordKey, want.ExpiresAt); !errors.Is(err, ErrNotFound) {
			t.Errorf("at its end: %v, want %v", err, ErrNotFound)
		}
	})
}

func TestRecordsAreBounded(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		held := sampleRecord("held")
		held.Holder = "a"
		createRecord(t, s, held, time.Minute)
		for i := range 4 {
			r := sampleRecord(fmt.Sprint("record ", i))
			if err := s.CreateRecord(ctx, r, 0, 2); err != nil {
				t.Fatal(err)
			}
			execDirect(t, s, `UPDATE records SET created = $1 WHERE id = $2`, i, r.ID)
		}
		other := sampleRecord("another's")
		other.Subject = "toggl:2"
		createRecord(t, s, other, 0)
		var left []string
		for _, id := range []string{"held", "record 0", "record 1", "record 2", "record 3"} {
			if _, err := s.Record(ctx, recordKey(id), signIn); err == nil {
				left = append(left, id)
			}
		}
		if diff := cmp.Diff([]string{"held", "record 3"}, left); diff != "" {
			t.Errorf("of two that may stay (-want +got):\n%s", diff)
		}
		if _, err := s.Record(ctx, other.RecordKey, signIn); err != nil {
			t.Errorf("another person's: %v", err)
		}
	})
}

func TestLatestRecord(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		if _, err := s.LatestRecord(ctx, "batch", "toggl:1", organization, signIn); !errors.Is(err, ErrNotFound) {
			t.Errorf("before: %v, want %v", err, ErrNotFound)
		}
		for i, id := range []string{"second", "third", "first"} {
			createRecord(t, s, sampleRecord(id), 0)
			execDirect(t, s, `UPDATE records SET created = $1 WHERE id = $2`, (i+1)%3, id)
		}
		if r, err := s.LatestRecord(ctx, "batch", "toggl:1", organization, signIn); err != nil || r.ID != "third" {
			t.Errorf("got %q, %v", r.ID, err)
		}
		if _, err := s.LatestRecord(ctx, "batch", "toggl:1", organization, signIn.Add(time.Hour)); !errors.Is(err, ErrNotFound) {
			t.Errorf("after their time: %v, want %v", err, ErrNotFound)
		}
	})
}

func TestRecordsThatAreTooLarge(t *testing.T) {
	s := openMemory(t)
	large := bytes.Repeat([]byte("x"), MaxRecord+1)
	r := sampleRecord("large")
	r.Data = large
	if err := s.CreateRecord(t.Context(), r, 0, 20); !errors.Is(err, ErrTooLarge) {
		t.Errorf("created: %v, want %v", err, ErrTooLarge)
	}
	if _, err := s.SaveRecord(t.Context(), "large", "a", large, time.Minute); !errors.Is(err, ErrTooLarge) {
		t.Errorf("saved: %v, want %v", err, ErrTooLarge)
	}
	if err := s.FinishRecord(t.Context(), "large", "a", large); !errors.Is(err, ErrTooLarge) {
		t.Errorf("finished: %v, want %v", err, ErrTooLarge)
	}
	noise := make([]byte, MaxRecord)
	_, _ = rand.Read(noise)
	if _, err := PackRecord(noise); !errors.Is(err, ErrTooLarge) {
		t.Errorf("packed: %v, want %v", err, ErrTooLarge)
	}
}

func TestPackRecord(t *testing.T) {
	type content struct{ Name string }
	want := content{"Zoë <b>\x00"}
	packed, err := PackRecord(want)
	if err != nil {
		t.Fatal(err)
	}
	var got content
	if err := UnpackRecord(packed, &got); err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
	for name, broken := range map[string][]byte{"empty": nil, "cut": packed[:len(packed)/2], "no gzip": []byte("{}")} {
		if err := UnpackRecord(broken, &got); err == nil {
			t.Errorf("%s was unpacked", name)
		}
	}
}

// TestHeldRecord: the holder writes, others ask it to stop, and one that died is told
// from one that lives.
func TestHeldRecord(t *testing.T) {
	onShared(t, func(t *testing.T, a, b *Store) {
		ctx := t.Context()
		r := sampleRecord("record")
		r.Holder = "a"
		createRecord(t, a, r, time.Minute)
		if stop, err := a.SaveRecord(ctx, r.ID, "a", []byte("one"), time.Minute); stop || err != nil {
			t.Errorf("saved: %v, %v", stop, err)
		}
		if list, err := b.HeldRecords(ctx, "batch", "toggl:1", organization); err != nil || len(list) != 1 || string(list[0].Progress) != "one" {
			t.Errorf("the other sees %+v, %v", list, err)
		}
		if err := b.ReleaseRecord(ctx, r.RecordKey); !errors.Is(err, ErrConflict) {
			t.Errorf("released while it is held: %v, want %v", err, ErrConflict)
		}
		foreign := r.RecordKey
		foreign.Subject = "toggl:2"
		if err := b.StopRecord(ctx, foreign); err != nil {
			t.Error(err)
		}
		if stop, err := a.SaveRecord(ctx, r.ID, "a", nil, time.Minute); stop || err != nil {
			t.Errorf("after somebody else asked: %v, %v", stop, err)
		}
		if err := b.StopRecord(ctx, r.RecordKey); err != nil {
			t.Error(err)
		}
		if stop, err := a.SaveRecord(ctx, r.ID, "a", nil, time.Minute); !stop || err != nil {
			t.Errorf("asked to stop: %v, %v", stop, err)
		}
		if _, err := b.SaveRecord(ctx, r.ID, "b", []byte("mine"), time.Minute); !errors.Is(err, ErrConflict) {
			t.Errorf("saved by another: %v, want %v", err, ErrConflict)
		}
		if err := a.FinishRecord(ctx, r.ID, "a", []byte("two")); err != nil {
			t.Error(err)
		}
		if got := mustRecord(t, b, r.ID); got.Holder != "" || got.Held || string(got.Progress) != "two" || string(got.Data) != "plan" {
			t.Errorf("finished is %+v", got)
		}
		if list, err := b.HeldRecords(ctx, "batch", "toggl:1", organization); err != nil || len(list) != 0 {
			t.Errorf("still held: %+v, %v", list, err)
		}
	})
}

func TestHolderOfRecordDies(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		r := sampleRecord("record")
		r.Holder = "a"
		createRecord(t, s, r, time.Minute)
		execDirect(t, s, `UPDATE records SET held_until = 1`)
		if got := mustRecord(t, s, r.ID); got.Held || got.Holder != "a" {
			t.Errorf("after its lease it is %+v", got)
		}
		if list, err := s.HeldRecords(ctx, "batch", "toggl:1", organization); err != nil || len(list) != 0 {
			t.Errorf("held: %+v, %v", list, err)
		}
		// It was only slow: nobody has taken the record from it.
		if _, err := s.SaveRecord(ctx, r.ID, "a", nil, time.Minute); err != nil {
			t.Errorf("late: %v", err)
		}
		execDirect(t, s, `UPDATE records SET held_until = 1`)
		for range 2 {
			if err := s.ReleaseRecord(ctx, r.RecordKey); err != nil {
				t.Errorf("released: %v", err)
			}
		}
		if _, err := s.SaveRecord(ctx, r.ID, "a", nil, time.Minute); !errors.Is(err, ErrConflict) {
			t.Errorf("saved after it was taken away: %v, want %v", err, ErrConflict)
		}
		if err := s.FinishRecord(ctx, r.ID, "a", nil); !errors.Is(err, ErrConflict) {
			t.Errorf("finished after it was taken away: %v, want %v", err, ErrConflict)
		}
		if err := s.ReleaseRecord(ctx, recordKey("missing")); !errors.Is(err, ErrNotFound) {
			t.Errorf("missing: %v, want %v", err, ErrNotFound)
		}
	})
}

func TestDeleteRecords(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		kept, other := sampleRecord("kept"), sampleRecord("other")
		kept.Kind, other.ExpiresAt = "review", signIn
		createRecord(t, s, kept, 0)
		createRecord(t, s, other, 0)
		if n, err := s.DeleteExpiredRecords(ctx, signIn); n != 1 || err != nil {
			t.Errorf("%d expired, %v", n, err)
		}
		createRecord(t, s, sampleRecord("mine"), 0)
		if err := s.DeleteRecords(ctx, "batch", "toggl:1"); err != nil {
			t.Error(err)
		}
		if _, err := s.Record(ctx, recordKey("mine"), signIn); !errors.Is(err, ErrNotFound) {
			t.Errorf("after it was deleted: %v", err)
		}
		if _, err := s.Record(ctx, kept.RecordKey, signIn); err != nil {
			t.Errorf("of another kind: %v", err)
		}
	})
}

// TestRecordsAtOnce: many add records of one person.
func TestRecordsAtOnce(t *testing.T) {
	onShared(t, func(t *testing.T, a, b *Store) {
		var wg sync.WaitGroup
		var created atomic.Int32
		for i := range 16 {
			wg.Go(func() {
				if err := []*Store{a, b}[i%2].CreateRecord(t.Context(), sampleRecord(rand.Text()), 0, 20); err != nil {
					t.Error(err)
					return
				}
				created.Add(1)
			})
		}
		wg.Wait()
		if created.Load() != 16 {
			t.Errorf("%d created", created.Load())
		}
	})
}
