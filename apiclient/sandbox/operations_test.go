package sandbox

import (
	"slices"
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
}
