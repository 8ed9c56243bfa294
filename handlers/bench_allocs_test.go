//go:build !race

package handlers_test

import "testing"

// TestPagesAllocateLittle runs benchmarks. The limits are to notice a slip by, and
// not the figures that the README gives: pools that the collector empties on a busy
// machine cost up to a quarter more, and three tries are given. The race detector allocates as well.
func TestPagesAllocateLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, page := range []struct {
		name  string
		serve func(*testing.B)
		most  int64 // bytes
	}{
		{"users", BenchmarkUsersPage, 140_000},
		{"a user's form", BenchmarkUserPage, 310_000},
		{"Focus users", BenchmarkFocusUsersPage, 180_000},
		{"assignments", BenchmarkAssignmentsPage, 640_000},
		{"comparison of roles", BenchmarkComparisonPage, 620_000},
	} {
		least := page.most + 1
		for range 3 {
			if least <= page.most {
				break
			}
			least = testing.Benchmark(page.serve).AllocedBytesPerOp()
		}
		if least == 0 || least > page.most {
			t.Errorf("%s: %d bytes are allocated, at most %d", page.name, least, page.most)
		}
	}
}
