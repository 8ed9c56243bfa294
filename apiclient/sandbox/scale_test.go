package sandbox

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"
)

// Measured on two shared cores (2026-11): 100,000 users and 500 workspaces are
// seeded in 2.5 s and take 100 MB; a page of 50 takes 2 ms unfiltered, 15 to
// 30 ms with filters, the statistics 40 ms.
func TestLargestSandboxFits(t *testing.T) {
	if testing.Short() {
		t.Skip("builds 100,000 users")
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	s := New(Options{Users: 100_000, Workspaces: 500, Groups: 100})
	took := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	used := (after.HeapAlloc - before.HeapAlloc) >> 20
	t.Logf("%d MB, %s", used, took)
	if used > 500 {
		t.Errorf("%d MB are live, more than half of what is allowed", used)
	}
	if took > 20*time.Second {
		t.Errorf("starting took %s", took)
	}
	if n := len(s.world.organizations[largeOrganizationID].sorted); n != 100_000 {
		t.Errorf("%d users", n)
	}
}

func BenchmarkLargeUsersPage(b *testing.B) {
	s := New(Options{Users: 100_000, Workspaces: 500, Groups: 100})
	for name, query := range map[string]string{
		"plain":      "",
		"last":       "?page=2000",
		"filter":     "?filter=solheim",
		"filters":    "?filter=an&active_status=active&workspaces=2000001,2000003",
		"statistics": "statistics",
	} {
		b.Run(name, func(b *testing.B) {
			path := "/api/v9/organizations/4128077/users" + query
			if query == "statistics" {
				path = "/api/v9/organizations/4128077/workspaces/statistics"
			}
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
				r.SetBasicAuth(s.Owner().APIToken, "api_token")
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}
