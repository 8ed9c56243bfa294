package store

import (
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"roster/store/postgrestest"
)

// newAddress returns the address of a new, empty database, for each kind.
var newAddress = map[string]func(testing.TB) string{
	"sqlite":   func(t testing.TB) string { return "sqlite://" + filepath.Join(t.TempDir(), "roster.db") },
	"memory":   func(testing.TB) string { return memoryPath },
	"postgres": postgrestest.URL,
}

// onEach runs a test on a new store of each kind: all must behave alike.
func onEach(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	for name, address := range newAddress {
		t.Run(name, func(t *testing.T) { test(t, openAt(t, address(t))) })
	}
}

// onShared is onEach for what several processes can share; it is given two stores
// on one database.
func onShared(t *testing.T, test func(t *testing.T, a, b *Store)) {
	t.Helper()
	for _, name := range []string{"sqlite", "postgres"} {
		t.Run(name, func(t *testing.T) {
			address := newAddress[name](t)
			test(t, openAt(t, address), openAt(t, address))
		})
	}
}

func openMemory(t testing.TB) *Store {
	t.Helper()
	return openAt(t, memoryPath)
}

func openAt(t testing.TB, databaseURL string) *Store {
	t.Helper()
	s, err := Open(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// execDirect runs SQL past the methods, as somebody with a shell on the database.
func execDirect(t *testing.T, s *Store, query string, args ...any) {
	t.Helper()
	if _, err := s.db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func TestOpenAtOnce(t *testing.T) {
	for _, name := range []string{"sqlite", "postgres"} {
		t.Run(name, func(t *testing.T) {
			for range 2 {
				openAtOnce(t, newAddress[name](t))
			}
		})
	}
}

func openAtOnce(t *testing.T, address string) {
	t.Helper()
	ready := make(chan struct{})
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			<-ready
			s, err := Open(t.Context(), address)
			if err != nil {
				t.Error(err)
				return
			}
			if err := errors.Join(s.Ping(t.Context()), s.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	close(ready)
	wg.Wait()
}

func TestOpenRefusesNewerDatabase(t *testing.T) {
	for _, name := range []string{"sqlite", "postgres"} {
		t.Run(name, func(t *testing.T) {
			address := newAddress[name](t)
			execDirect(t, openAt(t, address), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`)
			if _, err := Open(t.Context(), address); err == nil || !strings.Contains(err.Error(), "newer Roster") {
				t.Errorf("got %v, want a refusal", err)
			}
		})
	}
}

func TestMigrationsGoDownAndUp(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		folder, err := fs.Sub(migrations, "migrations/"+s.dialect.name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := goose.NewProvider(s.dialect.goose, s.db, folder, goose.WithDisableGlobalRegistry(true))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.DownTo(ctx, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Up(ctx); err != nil {
			t.Fatal(err)
		}
		if err := s.PutConnection(ctx, Connection{Subject: "toggl:1", Data: []byte("x")}); err != nil {
			t.Error(err)
		}
	})
}

func TestFailuresAreErrors(t *testing.T) {
	for name, address := range newAddress {
		t.Run(name, func(t *testing.T) {
			s, err := Open(t.Context(), address(t))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			for name, err := range callEverything(t, s) {
				if err == nil || errors.Is(err, ErrNotFound) || errors.Is(err, ErrConflict) || errors.Is(err, sql.ErrNoRows) {
					t.Errorf("%s on a closed store gave %v", name, err)
				}
			}
		})
	}
}

func callEverything(t *testing.T, s *Store) map[string]error {
	t.Helper()
	ctx, key := t.Context(), []byte("key")
	_, errSession := s.Session(ctx, key)
	_, errSubject := s.DeleteSubjectSessions(ctx, "toggl:1")
	_, errDraft := s.Draft(ctx, key)
	_, errLogOut := s.LogOut(ctx, Logout{Mark: key})
	_, errExpired := s.DeleteExpiredSessions(ctx, time.Now())
	_, errConnection := s.Connection(ctx, "toggl:1")
	_, errSet := s.ChangeSet(ctx, "a")
	_, errStaged := s.StagedChangeSet(ctx, 1, "toggl:1")
	_, errSets := s.ChangeSets(ctx, 1, 10)
	_, errClaim := s.ClaimChangeSet(ctx, "a", "holder", []string{SetStaged}, time.Minute)
	_, errOld := s.DeleteOldChangeSets(ctx, time.Now())
	_, errSteps := s.Steps(ctx, "a")
	_, errBegin := s.BeginActivity(ctx, Activity{})
	_, errActivities := s.Activities(ctx, ActivityFilter{})
	_, _, errVerify := s.VerifyActivity(ctx)
	_, _, errHead := s.ActivityHead(ctx)
	_, errRecord := s.Record(ctx, recordKey("a"), time.Now())
	_, errLatest := s.LatestRecord(ctx, "batch", "toggl:1", 1, time.Now())
	_, errHeld := s.HeldRecords(ctx, "batch", "toggl:1", 1)
	_, errSave := s.SaveRecord(ctx, "a", "holder", nil, time.Minute)
	_, errExpiredRecords := s.DeleteExpiredRecords(ctx, time.Now())
	return map[string]error{
		"Ping":                  s.Ping(ctx),
		"Session":               errSession,
		"CreateSession":         s.CreateSession(ctx, Session{Key: key}, nil),
		"UpdateSession":         s.UpdateSession(ctx, key, 1, nil),
		"TouchSession":          s.TouchSession(ctx, key, time.Now(), time.Now()),
		"DeleteSession":         s.DeleteSession(ctx, key),
		"DeleteSubjectSessions": errSubject,
		"DeleteExpiredSessions": errExpired,
		"MarkUsed":              s.MarkUsed(ctx, key, time.Now(), time.Now()),
		"DeleteExpiredMarks":    s.DeleteExpiredMarks(ctx, time.Now()),
		"Connection":            errConnection,
		"PutConnection":         s.PutConnection(ctx, Connection{Subject: "toggl:1", Data: key}),
		"ResealConnection":      s.ResealConnection(ctx, "toggl:1", key, key),
		"DeleteConnection":      s.DeleteConnection(ctx, "toggl:1"),
		"ChangeSet":             errSet,
		"StagedChangeSet":       errStaged,
		"ChangeSets":            errSets,
		"CreateChangeSet":       s.CreateChangeSet(ctx, ChangeSet{ID: "a"}),
		"ClaimChangeSet":        errClaim,
		"RenewChangeSet":        s.RenewChangeSet(ctx, "a", "holder", time.Minute),
		"FinishChangeSet":       s.FinishChangeSet(ctx, "a", "holder", SetApplied, "", time.Time{}),
		"DiscardChangeSet":      s.DiscardChangeSet(ctx, "a", "toggl:1"),
		"DeleteOldChangeSets":   errOld,
		"Steps":                 errSteps,
		"StageStep":             s.StageStep(ctx, "a", sampleStep(1, 1)),
		"UnstageStep":           s.UnstageStep(ctx, "a", RowUser, 1, 1),
		"BeginSteps":            s.BeginSteps(ctx, "a", "holder", []int64{1}),
		"EndSteps":              s.EndSteps(ctx, "a", "holder", []StepResult{{ID: 1, State: StepDone}}),
		"BeginActivity":         errBegin,
		"EndActivity":           s.EndActivity(ctx, 1, ResultDone, 200, "", ""),
		"Activities":            errActivities,
		"VerifyActivity":        errVerify,
		"ActivityHead":          errHead,
		"Record":                errRecord,
		"LatestRecord":          errLatest,
		"HeldRecords":           errHeld,
		"CreateRecord":          s.CreateRecord(ctx, sampleRecord("a"), time.Minute, 20),
		"SaveRecord":            errSave,
		"FinishRecord":          s.FinishRecord(ctx, "a", "holder", nil),
		"StopRecord":            s.StopRecord(ctx, recordKey("a")),
		"ReleaseRecord":         s.ReleaseRecord(ctx, recordKey("a")),
		"DeleteRecords":         s.DeleteRecords(ctx, "batch", "toggl:1"),
		"DeleteExpiredRecords":  errExpiredRecords,
		"Draft":                 errDraft,
		"PutDraft":              s.PutDraft(ctx, Draft{Key: key}),
		"DeleteDraft":           s.DeleteDraft(ctx, key),
		"DeleteExpiredDrafts":   s.DeleteExpiredDrafts(ctx, time.Now()),
		"LogOut":                errLogOut,
	}
}
