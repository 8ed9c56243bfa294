package main

import (
	"database/sql"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"roster/store"
)

// TestVerifyActivity: the command says how much is whole, and names the first
// row that isn't.
func TestVerifyActivity(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roster.db")
	getenv := func(name string) string {
		return map[string]string{"ROSTER_DATABASE_URL": "sqlite:" + path}[name]
	}
	verify := func() (string, error) {
		var out strings.Builder
		err := run(t.Context(), []string{"verify-activity"}, getenv, &out, io.Discard)
		return out.String(), err
	}
	if out, err := verify(); err != nil || out != "0 rows, nothing to verify\n" {
		t.Errorf("of an empty log: %q, %v", out, err)
	}
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := db.BeginActivity(t.Context(), store.Activity{Subject: "toggl:1", Operation: "UpdateOrganization"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := verify(); err != nil || !strings.HasPrefix(out, "3 rows are as they were written\nthe last is row 3, ") {
		t.Errorf("of a whole log: %q, %v", out, err)
	}
	tamper(t, path)
	if out, err := verify(); err == nil || !strings.Contains(err.Error(), "row 2 was changed") || !strings.Contains(out, "row 2 is the first that is not") {
		t.Errorf("of a log that was tampered with: %q, %v", out, err)
	}
}

// tamper does what somebody who owns the database can do.
func tamper(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		`DROP TRIGGER activity_refuses_update`, `UPDATE activity SET subject = 'toggl:2' WHERE id = 2`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}
