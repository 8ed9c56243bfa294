package sandbox

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOperationsAreThoseOfTheContracts(t *testing.T) {
	var want, got []string
	for api, doc := range contracts {
		for path, item := range doc.Paths.Map() {
			for method, operation := range item.Operations() {
				want = append(want, api+" "+operation.OperationID+" "+method+" "+path)
			}
		}
	}
	for _, op := range operations() {
		got = append(got, op.api+" "+op.name+" "+op.method+" "+op.path)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations differ (-contract +sandbox):\n%s", diff)
	}

	listed, err := os.ReadFile("../operations.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(listed)), "\n")
	slices.Sort(lines)
	if diff := cmp.Diff(lines, got); diff != "" {
		t.Errorf("operations differ (-operations.txt +sandbox):\n%s", diff)
	}
}
