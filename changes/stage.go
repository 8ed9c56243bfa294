package changes

import (
	"errors"

	"roster/store"
)

// Why a tick, or a line of a file, stages nothing.
var (
	ErrAlready   = errors.New("changes: already so")
	ErrLocked    = errors.New("changes: can't be removed") // Cell.Lock says why
	ErrOnlyGroup = errors.New("changes: only through a group, nothing direct to remove")
	ErrNoRow     = errors.New("changes: no such user or group")
	ErrUnread    = errors.New("changes: the cell's state is not known")
	ErrBadOp     = errors.New("changes: neither add nor remove")
)

// Target names a cell.
type Target struct {
	RowKind            string // store.RowUser, store.RowGroup
	RowID, WorkspaceID int64
}

// TargetOf is the cell of a step.
func TargetOf(s store.Step) Target { return Target{s.RowKind, s.RowID, s.WorkspaceID} }

// Staged are the steps of a set by their cells.
type Staged map[Target]*store.Step

// StagedOf finds steps by their cells, where they are.
func StagedOf(steps []store.Step) Staged {
	found := make(Staged, len(steps))
	for i := range steps {
		found[TargetOf(steps[i])] = &steps[i]
	}
	return found
}

// Stage makes a step of what somebody wants of a cell. With unstage there is a
// step of the opposite, which is to be taken back instead: the cell is as
// wanted without it. An error says why there is nothing to stage.
func Stage(a *Access, staged Staged, at Target, op string) (step store.Step, unstage bool, err error) {
	if op != store.OpAdd && op != store.OpRemove {
		return step, false, ErrBadOp
	}
	if before, ok := staged[at]; ok && before.State == store.StepStaged {
		if before.Op == op {
			return *before, false, ErrAlready
		}
		return *before, true, nil
	}
	step, err = newStep(a, at, op)
	return step, false, err
}

func newStep(a *Access, at Target, op string) (store.Step, error) {
	row, ok := rowOf(a, at)
	if !ok {
		return store.Step{}, ErrNoRow
	}
	return stepOf(a, row, at, op)
}

// stepOf completes the step of a row.
func stepOf(a *Access, step store.Step, at Target, op string) (store.Step, error) {
	now := a.Cell(at.RowKind, at.RowID, at.WorkspaceID)
	if err := stageable(now, op); err != nil {
		return store.Step{}, err
	}
	step.WorkspaceID, step.WorkspaceName = at.WorkspaceID, a.WorkspaceName(at.WorkspaceID)
	step.Op, step.Was, step.State = op, now.String(), store.StepStaged
	return step, nil
}

func stageable(now Cell, op string) error {
	switch {
	case now.Membership == Unread:
		return ErrUnread
	case !adds(op) && now.Membership == ThroughGroup:
		return ErrOnlyGroup
	case now.Is(op):
		return ErrAlready
	case !adds(op) && now.Lock != Unlocked:
		return ErrLocked
	}
	return nil
}

func rowOf(a *Access, at Target) (store.Step, bool) {
	step := store.Step{RowKind: at.RowKind, RowID: at.RowID}
	switch at.RowKind {
	case store.RowUser:
		u, ok := a.users[at.RowID]
		step.OrganizationUserID, step.RowName, step.RowEmail = u.OrganizationUserID, u.Name, u.Email
		return step, ok
	case store.RowGroup:
		g, ok := a.groups[at.RowID]
		step.RowName = g.name
		return step, ok
	}
	return step, false
}
