package changes

import (
	"cmp"
	"slices"
	"strings"

	"roster/store"
)

// inOrder sorts steps as they are shown and sent: by workspace, additions
// first, groups before users, then by name.
func inOrder(steps []*store.Step) []*store.Step {
	type entry struct {
		step           *store.Step
		workspace, row string // in lower case, once and not in each comparison
	}
	entries := make([]entry, len(steps))
	for i, s := range steps {
		entries[i] = entry{s, strings.ToLower(s.WorkspaceName), strings.ToLower(s.RowName)}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.step.WorkspaceID != b.step.WorkspaceID {
			return cmp.Or(strings.Compare(a.workspace, b.workspace), cmp.Compare(a.step.WorkspaceID, b.step.WorkspaceID))
		}
		return cmp.Or(
			strings.Compare(a.step.Op, b.step.Op), // add, remove
			strings.Compare(a.step.RowKind, b.step.RowKind),
			strings.Compare(a.row, b.row),
			cmp.Compare(a.step.RowID, b.step.RowID),
		)
	})
	sorted := make([]*store.Step, len(entries))
	for i := range entries {
		sorted[i] = entries[i].step
	}
	return sorted
}
