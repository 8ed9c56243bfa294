package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestOpenMakesPrivateFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c%41.db")
	s := openAt(t, path)
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	// In WAL mode the journal holds the same data, so it must be as private.
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s has mode %o, want 600", filepath.Base(name), got)
		}
	}
}

func TestOpenSetsPragmas(t *testing.T) {
	s := openAt(t, "sqlite:"+filepath.Join(t.TempDir(), "roster.db"))
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "1", "foreign_keys": "1", "busy_timeout": "5000",
	} {
		var got string
		if err := s.db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", pragma, got, want)
		}
	}
}

func TestOpenAgainKeepsRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roster.db")
	first, err := Open(t.Context(), "sqlite://"+path)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.PutConnection(t.Context(), Connection{Subject: "toggl:1", Data: []byte("sealed")}); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	kept, err := openAt(t, path).Connection(t.Context(), "toggl:1")
	if err != nil {
		t.Fatal(err)
	}
	if string(kept.Data) != "sealed" {
		t.Errorf("data is %q, want %q", kept.Data, "sealed")
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "plain.txt")
	if err := os.WriteFile(file, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, url, want string }{
		{"nothing", " ", "no database address"},
		{"no server", "postgres://roster:pass-canary@127.0.0.1:1/roster", "127.0.0.1:1"},
		{"no server, in capitals", "PostgreSQL://roster:pass-canary@127.0.0.1:1/roster", "127.0.0.1:1"},
		{"password with a slash", "postgres://roster:pass-canary/x@127.0.0.1:1/roster", "special characters"},
		{"password with a percent", "postgres://roster:pass-canary%@127.0.0.1:1/roster", "special characters"},
		{"no slashes", "postgres:pass-canary", "special characters"},
		{"option of the server", "postgres://roster:pass-canary@127.0.0.1:1/roster?sslmode=pass-canary", "option"},
		{"no file of a certificate", "postgres://roster:pass-canary@127.0.0.1:1/roster?sslrootcert=canary.pem", "file"},
		{"unknown kind", "mysql://roster:pass-canary@db.example/roster", `unknown kind of database "mysql"`},
		{"host in place of a path", "sqlite://roster.db", "sqlite:///path/file.db"},
		{"options", "sqlite:roster.db?mode=ro", "options"},
		{"no file", "sqlite:", "no file named"},
		{"root", "sqlite:///", "no file named"},
		{"bad escape", "sqlite:///a%zz", "escape"},
		{"directory", dir, "is a directory"},
		{"missing directory", filepath.Join(dir, "missing", "roster.db"), "must exist and be writable"},
		{"file as directory", filepath.Join(file, "roster.db"), "must exist and be writable"},
		{"not a database", file, "not a database"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(t.Context(), tt.url)
			if err == nil {
				t.Fatal("opened")
			}
			for _, want := range []string{Setting, tt.want} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("%q holds the password", err)
			}
		})
	}
}

func TestParseURL(t *testing.T) {
	for in, want := range map[string]string{
		"roster.db":                "roster.db",
		"/var/lib/roster/r.db":     "/var/lib/roster/r.db",
		"./postgres:1.db":          "./postgres:1.db",
		"sqlite:roster.db":         "roster.db",
		"SQLite:roster.db":         "roster.db",
		"sqlite:/var/r.db":         "/var/r.db",
		"sqlite:///var/r.db":       "/var/r.db",
		"sqlite:///var/my%20r.db":  "/var/my r.db",
		":memory:":                 memoryPath,
		"sqlite::memory:":          memoryPath,
		"sqlite://:memory:":        memoryPath,
		"  sqlite:///var/r.db\n":   "/var/r.db",
		`C:\roster\r.db`:           `C:\roster\r.db`,
		"sqlite:data/2026/r.db":    "data/2026/r.db",
		"sqlite:///%2e%2e/etc/r.d": "/../etc/r.d",
	} {
		loc, err := parseURL(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if loc.path != want {
			t.Errorf("%q is the file %q, want %q", in, loc.path, want)
		}
	}
}

func TestMemoryIsOneDatabaseForAllConnections(t *testing.T) {
	s, other := openMemory(t), openMemory(t)
	var file string
	if err := s.db.QueryRowContext(t.Context(), `SELECT file FROM pragma_database_list`).Scan(&file); err != nil || file != "" {
		t.Fatalf("it is in the file %q (%v)", file, err)
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 50 {
				err := s.CreateSession(t.Context(), Session{Key: []byte{byte(g), byte(i)}, Subject: "toggl:1", Data: []byte("x")}, nil)
				if err != nil {
					t.Error(err)
					return
				}
				// A request that is given up must not take the database with it.
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if _, err := s.Session(ctx, []byte{byte(g), byte(i)}); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v, want %v", err, context.Canceled)
				}
			}
		})
	}
	wg.Wait()
	if n, err := other.DeleteSubjectSessions(t.Context(), "toggl:1"); n != 0 || err != nil {
		t.Errorf("another database in memory has %d of the sessions (%v)", n, err)
	}
	if n, err := s.DeleteSubjectSessions(t.Context(), "toggl:1"); n != 400 || err != nil {
		t.Errorf("%d sessions (%v), want 400", n, err)
	}
}

func BenchmarkOpenFresh(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		f, err := os.CreateTemp(dir, "*.db")
		if err != nil {
			b.Fatal(err)
		}
		_ = f.Close()
		s, err := Open(b.Context(), f.Name())
		if err != nil {
			b.Fatal(err)
		}
		_ = s.Close()
	}
}

func BenchmarkOpenExisting(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			address := newAddress[name](b)
			openAt(b, address)
			for b.Loop() {
				s, err := Open(b.Context(), address)
				if err != nil {
					b.Fatal(err)
				}
				_ = s.Close()
			}
		})
	}
}
