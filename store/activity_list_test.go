package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

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
