//go:build !race

package handlers_test

import "testing"

// TestPagesAllocateLittle runs benchmarks: what is allocated hardly depends on
// what else the machine does. The limits are to notice a slip by, and not the
// figures that the README gives. The race detector allocates as well.
func TestPagesAllocateLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, page := range []struct {
		name  string
		serve func(*testing.B)
		most  int64 // bytes
	}{
		{"users", BenchmarkUsersPage, 120_000},
		{"a user's form", BenchmarkUserPage, 275_000},
		{"Focus users", BenchmarkFocusUsersPage, 150_000},
		{"assignments", BenchmarkAssignmentsPage, 570_000},
		{"comparison of roles", BenchmarkComparisonPage, 480_000},
	} {
		result := testing.Benchmark(page.serve)
		if got := result.AllocedBytesPerOp(); got == 0 || got > page.most {
			t.Errorf("%s: %d bytes are allocated, at most %d", page.name, got, page.most)
		}
	}
}
