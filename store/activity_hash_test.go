package store

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

func TestActivityHead(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		if _, _, err := s.ActivityHead(t.Context()); !errors.Is(err, ErrNotFound) {
			t.Errorf("before: %v, want %v", err, ErrNotFound)
		}
		begin(t, s, sampleActivity())
		id := begin(t, s, sampleActivity())
		got, hash, err := s.ActivityHead(t.Context())
		if want := list(t, s, ActivityFilter{OrganizationID: organization})[0].Hash; got != id || !bytes.Equal(hash, want) || err != nil {
			t.Errorf("got %d %x (%v), want %d %x", got, hash, err, id, want)
		}
	})
}

func TestActivityRefusesChanges(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		id := begin(t, s, sampleActivity())
		if err := s.EndActivity(t.Context(), id, ResultDone, 200, "", ""); err != nil {
			t.Fatal(err)
		}
		statements := []string{
			`UPDATE activity SET message = ''`,
			`UPDATE activity SET id = 9 WHERE id = 2`,
			`DELETE FROM activity`,
			`DELETE FROM activity WHERE id = 2`,
		}
		if s.dialect == postgres {
			statements = append(statements,
				`TRUNCATE activity`,
				`SET session_replication_role = replica; DELETE FROM activity WHERE id = 2`)
		} else {
			columns := strings.Replace(activityColumns, "id,", "", 1) + ", name_folded, target_name_folded"
			statements = append(statements,
				`INSERT OR REPLACE INTO activity (id, `+columns+`) SELECT 2, `+columns+` FROM activity WHERE id = 1`,
				`INSERT OR REPLACE INTO activity (id, `+columns+`) SELECT 3, `+columns+` FROM activity WHERE id = 2`,
				`INSERT INTO activity (id, `+columns+`) SELECT 5, `+columns+` FROM activity WHERE id = 1`)
		}
		for _, statement := range statements {
			_, err := s.db.ExecContext(t.Context(), statement)
			if err == nil || !strings.Contains(err.Error(), "activity is only added to") {
				t.Errorf("%s: %v, want a refusal", statement, err)
			}
		}
		mustVerify(t, s, 2, 0)
	})
}

// disarm takes the triggers away, as one who owns the database can.
func disarm(t *testing.T, s *Store) {
	t.Helper()
	statements := []string{
		`DROP TRIGGER activity_refuses_update`, `DROP TRIGGER activity_refuses_delete`, `DROP TRIGGER activity_refuses_replace`,
		`PRAGMA ignore_check_constraints = on`,
	}
	if s.dialect == postgres {
		statements = []string{`ALTER TABLE activity DISABLE TRIGGER ALL`, `ALTER TABLE activity DROP CONSTRAINT activity_begins_id_fkey`}
	}
	for _, statement := range statements {
		execDirect(t, s, statement)
	}
}

func TestVerifyNamesFirstBrokenRow(t *testing.T) {
	type tampering struct {
		statement string
		rows      int
		broken    int64
	}
	cases := map[string]tampering{
		"first taken away":  {`DELETE FROM activity WHERE id = 1`, 0, 1},
		"middle taken away": {`DELETE FROM activity WHERE id = 3`, 2, 3},
		"renumbered":        {`UPDATE activity SET id = 9 WHERE id = 3`, 2, 3},
		"two swapped":       {`UPDATE activity SET id = -id WHERE id IN (3, 4)`, 0, -4},
	}
	for _, column := range strings.Split(activityColumns+", name_folded, target_name_folded", ",") {
		column = strings.TrimSpace(column)
		value := `'x'`
		switch column {
		case "id", "begins_id":
			continue
		case "at", "organization_id", "target_id", "upstream_status":
			value = column + ` + 1`
		case "result":
			value = `'denied'`
		case "hash":
			value = `CAST('x' AS ` + "%s" + `)`
		}
		cases["changed "+column] = tampering{`UPDATE activity SET ` + column + ` = ` + value + ` WHERE id = 3`, 2, 3}
	}
	cases["no longer a completion"] = tampering{`UPDATE activity SET begins_id = NULL WHERE id = 5`, 4, 5}
	cases["another's completion"] = tampering{`UPDATE activity SET begins_id = 2 WHERE id = 5`, 4, 5}
	cases["hidden from lists"] = tampering{`UPDATE activity SET begins_id = 0 WHERE id = 3`, 2, 3}

	onEach(t, func(t *testing.T, s *Store) {
		for range 4 {
			begin(t, s, sampleActivity())
		}
		if err := s.EndActivity(t.Context(), 1, ResultDone, 200, "", ""); err != nil {
			t.Fatal(err)
		}
		mustVerify(t, s, 5, 0)
		s.db.SetMaxOpenConns(2) // one for the anchor
		disarm(t, s)
		bytesType := "BLOB"
		if s.dialect == postgres {
			bytesType = "bytea"
		} else {
			execDirect(t, s, `PRAGMA foreign_keys = off`)
		}
		for name, tt := range cases {
			tampered(t, s, strings.ReplaceAll(tt.statement, "%s", bytesType), func() {
				rows, broken, err := s.VerifyActivity(t.Context())
				if rows != tt.rows || broken != tt.broken || err != nil {
					t.Errorf("%s: %d rows are right and %d is broken (%v), want %d and %d", name, rows, broken, err, tt.rows, tt.broken)
				}
			})
		}
		mustVerify(t, s, 5, 0)
	})
}

// tampered runs f while a statement has changed the activity, and restores it.
func tampered(t *testing.T, s *Store, statement string, f func()) {
	t.Helper()
	execDirect(t, s, `CREATE TABLE kept AS SELECT * FROM activity`)
	execDirect(t, s, statement)
	f()
	execDirect(t, s, `DELETE FROM activity`)
	execDirect(t, s, `INSERT INTO activity SELECT * FROM kept ORDER BY id`)
	execDirect(t, s, `DROP TABLE kept`)
}

// The format must not change by accident: logs of years depend on it.
func TestActivityHashIsAsDocumented(t *testing.T) {
	a := activityRow{Activity: sampleActivity(), nameFolded: "hana sato", targetNameFolded: "émile 100%_"}
	a.ID, a.Result, a.BeginsID = 1, ResultBegun, 0
	const want = "7ec6d3bd3b95333cc4d288a0414f0db77d89c6efc3b8e7d4bdc173295405da70"
	if got := hex.EncodeToString(a.sum(nil)); got != want {
		t.Errorf("the hash is %s, want %s", got, want)
	}
	// A text that moves from one column to the next is another row.
	b := a
	b.Issuer, b.Subject = a.Issuer+a.Subject[:1], a.Subject[1:]
	if bytes.Equal(a.sum(nil), b.sum(nil)) {
		t.Error("two rows have one hash")
	}
	if bytes.Equal(a.sum(nil), a.sum([]byte("x"))) {
		t.Error("the hash does not hold the one before")
	}
}
