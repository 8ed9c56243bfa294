package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
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

func TestActivityFilters(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		rows := []Activity{sampleActivity(), sampleActivity(), sampleActivity(), sampleActivity(), sampleActivity()}
		rows[1].Subject, rows[1].Name = "toggl:12", "ÉMILE Zola"
		rows[2].At, rows[2].Operation = signIn.Add(time.Hour), "UpdateGroup"
		rows[2].TargetKind, rows[2].TargetID, rows[2].TargetName = "group", 4, "Delivery 1000"
		rows[3].Result = ResultDenied
		rows[4].OrganizationID = 8
		if _, err := s.BeginActivities(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
		if err := s.EndActivity(t.Context(), 1, ResultDone, 200, "", ""); err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			filter ActivityFilter
			want   []int64
		}{
			"all":                 {ActivityFilter{}, []int64{4, 3, 2, 1}},
			"subject":             {ActivityFilter{Person: "toggl:1"}, []int64{4, 3, 1}},
			"name in capitals":    {ActivityFilter{Person: "SATO"}, []int64{4, 3, 1}},
			"accents":             {ActivityFilter{Person: "émile"}, []int64{2}},
			"no pattern":          {ActivityFilter{Person: "%"}, []int64{}},
			"target by key":       {ActivityFilter{Target: "group:4"}, []int64{3}},
			"target by name":      {ActivityFilter{Target: "delivery"}, []int64{3}},
			"target with signs":   {ActivityFilter{Target: "100%_"}, []int64{4, 2, 1}},
			"target with a colon": {ActivityFilter{Target: "group:x"}, []int64{}},
			"operation":           {ActivityFilter{Operation: "UpdateGroup"}, []int64{3}},
			"done":                {ActivityFilter{Result: ResultDone}, []int64{1}},
			"begun":               {ActivityFilter{Result: ResultBegun}, []int64{3, 2}},
			"denied":              {ActivityFilter{Result: ResultDenied}, []int64{4}},
			"from":                {ActivityFilter{From: signIn.Add(time.Hour)}, []int64{3}},
			"to":                  {ActivityFilter{To: signIn.Add(time.Hour)}, []int64{4, 2, 1}},
			"page":                {ActivityFilter{Before: 4, Limit: 2}, []int64{3, 2}},
			"several":             {ActivityFilter{Person: "hana", Result: ResultDenied, Target: "organization_user:42", To: signIn.Add(1)}, []int64{}},
			"several that match":  {ActivityFilter{Person: "hana", Result: ResultDenied, Target: "organization_user:42"}, []int64{4}},
		} {
			tt.filter.OrganizationID = organization
			if diff := cmp.Diff(tt.want, ids(list(t, s, tt.filter))); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}

func TestActivityLimits(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		if _, err := s.BeginActivities(t.Context(), slices.Repeat([]Activity{sampleActivity()}, activityMaxLimit+1)); err != nil {
			t.Fatal(err)
		}
		for limit, want := range map[int]int{0: activityLimit, -1: 1, 3: 3, activityMaxLimit + 1: activityMaxLimit} {
			if got := list(t, s, ActivityFilter{OrganizationID: organization, Limit: limit}); len(got) != want {
				t.Errorf("limit %d gave %d entries, want %d", limit, len(got), want)
			}
		}
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
	columns := strings.Split(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, activityColumns), ",")
	type tampering struct {
		statement string
		rows      int
		broken    int64
	}
	cases := map[string]tampering{
		"first taken away":  {`DELETE FROM activity WHERE id = 1`, 0, 1},
		"middle taken away": {`DELETE FROM activity WHERE id = 3`, 2, 3},
		"put in before":     {`INSERT INTO activity SELECT * FROM (SELECT * FROM activity WHERE id = 5) AS a`, 0, 0},
		"renumbered":        {`UPDATE activity SET id = 9 WHERE id = 3`, 2, 3},
		"two swapped":       {`UPDATE activity SET id = CASE id WHEN 3 THEN -3 ELSE 3 END WHERE id IN (3, 4)`, 0, -3},
	}
	delete(cases, "put in before") // the primary key refuses it
	for _, column := range append(columns, "name_folded", "target_name_folded") {
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

// BenchmarkActivities lists a page of 100,000 entries.
func BenchmarkActivities(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		s := openAt(b, newAddress[name](b))
		fillActivity(b, s, 100_000)
		for filterName, filter := range map[string]ActivityFilter{
			"newest":       {},
			"deep":         {Before: 20_000},
			"operation":    {Operation: "UpdateGroup"},
			"target":       {Target: "organization_user:7"},
			"time":         {From: signIn.Add(time.Minute), To: signIn.Add(2 * time.Minute)},
			"person":       {Person: "nobody"},
			"failed, rare": {Result: ResultFailed},
		} {
			b.Run(name+"/"+filterName, func(b *testing.B) {
				filter.OrganizationID = organization
				for b.Loop() {
					list(b, s, filter)
				}
			})
		}
		b.Run(name+"/verify", func(b *testing.B) {
			for b.Loop() {
				if _, broken, err := s.VerifyActivity(b.Context()); broken != 0 || err != nil {
					b.Fatal(broken, err)
				}
			}
		})
	}
}

func fillActivity(b *testing.B, s *Store, entries int) {
	b.Helper()
	for first := 0; first < entries; first += 1000 {
		rows := slices.Repeat([]Activity{sampleActivity()}, 1000)
		for i := range rows {
			n := first + i
			rows[i].At = signIn.Add(time.Duration(n) * time.Second)
			rows[i].TargetID, rows[i].TargetName = int64(n%5000), fmt.Sprint("Person ", n%5000)
			if n%1000 == 0 {
				rows[i].Operation = "UpdateGroup"
			}
		}
		ids, err := s.BeginActivities(b.Context(), rows)
		if err != nil {
			b.Fatal(err)
		}
		ends := make([]ActivityEnd, len(ids))
		for i, id := range ids {
			ends[i] = ActivityEnd{ID: id, Result: ResultDone, UpstreamStatus: 200}
		}
		if err := s.EndActivities(b.Context(), ends); err != nil {
			b.Fatal(err)
		}
	}
}
