//go:build !race

package handlers_test

import "testing"

// mostAllocated is what serving it from a warm cache may allocate. It is a
// bound to notice a slip by, not the figure that the README gives.
const mostAllocated = 300_000

// TestUsersPageAllocatesLittle runs the benchmark: bytes a page hardly depend
// on what else the machine does. The race detector allocates as well.
func TestUsersPageAllocatesLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	result := testing.Benchmark(BenchmarkUsersPage)
	if got := result.AllocedBytesPerOp(); got == 0 || got > mostAllocated {
		t.Errorf("%d bytes are allocated for a page, at most %d", got, mostAllocated)
	}
}
