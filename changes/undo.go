package changes

import (
	"cmp"
	"errors"

	"roster/store"
)

// Why a step can't be taken back.
var (
	ErrNotDone = errors.New("changes: it was not carried out")
	ErrMovedOn = errors.New("changes: the cell is no longer as it was left")
)

// Kept is a step that an undo leaves out, and why: ErrNotDone, ErrMovedOn, or
// what Stage says.
type Kept struct {
	Step store.Step
	Why  error
}

// Undo makes the steps that take an applied set back, as the access is now. It
// takes back only what was really done and is still as it was left. The steps
// belong into a set whose UndoOf is the one that they take back.
//
// What a lost membership carried besides access, such as a role in the
// workspace or a rate, does not come back with it.
func Undo(applied []store.Step, now *Access) (steps []store.Step, kept []Kept) {
	for _, s := range applied {
		step, err := undone(s, now)
		if err != nil {
			kept = append(kept, Kept{s, err})
			continue
		}
		steps = append(steps, step)
	}
	return steps, kept
}

func undone(s store.Step, now *Access) (store.Step, error) {
	if s.State != store.StepDone {
		return store.Step{}, ErrNotDone
	}
	cell := now.Cell(s.RowKind, s.RowID, s.WorkspaceID)
	if direct, known := cell.IsDirect(); known && direct != adds(s.Op) {
		return store.Step{}, ErrMovedOn
	}
	op := store.OpAdd
	if adds(s.Op) {
		op = store.OpRemove
	}
	row, ok := rowOf(now, TargetOf(s))
	if !ok && s.RowKind == store.RowUser {
		// Who is in no workspace that was read; upstream knows whether they are
		// still in the organization.
		row, ok = store.Step{
			RowKind: s.RowKind, RowID: s.RowID, OrganizationUserID: s.OrganizationUserID, RowName: s.RowName, RowEmail: s.RowEmail,
		}, true
	}
	if !ok {
		return store.Step{}, ErrNoRow
	}
	step, err := stepOf(now, row, TargetOf(s), op)
	step.WorkspaceName = cmp.Or(step.WorkspaceName, s.WorkspaceName)
	return step, err
}
