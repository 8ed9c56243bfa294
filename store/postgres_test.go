package store

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"roster/store/postgrestest"
)

// The server is restarted under a store: calls at that moment may fail, and then
// everything works again without anybody's help.
func TestPostgresRestarts(t *testing.T) {
	server, err := postgrestest.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	address, err := server.NewDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := openAt(t, address)
	mustCreate(t, s, sampleSession("a"), nil)
	begin(t, s, sampleActivity())
	fillPool(t, s)
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for err := errors.New("first"); err != nil; failed++ {
		if failed > postgresPool+1 {
			t.Fatalf("it has not recovered: %v", err)
		}
		_, err = s.Session(t.Context(), []byte("a"))
		if errors.Is(err, ErrNotFound) || errors.Is(err, ErrConflict) {
			t.Fatalf("a lost connection looks like an answer: %v", err)
		}
	}
	t.Logf("%d calls failed", failed-1)
	begin(t, s, sampleActivity())
	mustVerify(t, s, 2, 0)
}

// fillPool makes as many connections as there may be.
func fillPool(t *testing.T, s *Store) {
	t.Helper()
	for range postgresPool {
		conn, err := s.db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
	}
}

func TestPostgresRespectsContext(t *testing.T) {
	address := postgrestest.URL(t)
	s, other := openAt(t, address), openAt(t, address)
	tx, err := other.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), postgres.lockActivity); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.BeginActivity(ctx, sampleActivity()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	begin(t, s, sampleActivity())
	mustVerify(t, s, 1, 0)
}

func TestPostgresAddress(t *testing.T) {
	address := postgrestest.URL(t)
	for _, scheme := range []string{"postgresql:", "POSTGRES:", " postgres:"} {
		s := openAt(t, strings.Replace(address, "postgres:", scheme, 1))
		var name string
		if err := s.db.QueryRowContext(t.Context(), `SHOW application_name`).Scan(&name); err != nil || name != "roster" {
			t.Errorf("application_name is %q (%v), want roster", name, err)
		}
	}
	s := openAt(t, address+"&application_name=mine")
	var name string
	if err := s.db.QueryRowContext(t.Context(), `SHOW application_name`).Scan(&name); err != nil || name != "mine" {
		t.Errorf("application_name is %q (%v), want mine", name, err)
	}
}

func TestPostgresConnectTimeout(t *testing.T) {
	for query, want := range map[string]time.Duration{"": postgresConnect, "?connect_timeout=60": time.Minute} {
		loc, err := parseURL("postgres://roster@db.example/roster" + query)
		if err != nil {
			t.Fatal(err)
		}
		if loc.config.ConnectTimeout != want {
			t.Errorf("%q: connecting may take %v, want %v", query, loc.config.ConnectTimeout, want)
		}
	}
}
