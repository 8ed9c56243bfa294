package changes

import (
	"context"
	"errors"
	"strings"
	"time"

	"roster/apiclient"
	"roster/store"
)

const (
	// settleAfter is waited before reading what a write without an answer did:
	// upstream's parts agree after some seconds.
	settleAfter = 5 * time.Second
	// maxUnansweredWrites in a row stop a set.
	maxUnansweredWrites = 3
)

// settleOpen settles what an earlier run left without an answer.
func (r *applying) settleOpen(ctx context.Context) error {
	open := r.in(store.StepSending, store.StepUnknown)
	if err := r.readGroups(ctx, open); err != nil {
		return err
	}
	for _, steps := range perWorkspace(open) {
		if err := r.settleWorkspace(ctx, steps); err != nil {
			return err
		}
	}
	return nil
}

// settle finds out what a write of this run did that has no answer.
func (r *applying) settle(ctx context.Context, steps []*store.Step) error {
	if err := r.options.Wait(ctx, settleAfter); err != nil {
		return &halt{note: NoteStopped, cause: err}
	}
	open := inStates(steps, store.StepUnknown)
	if err := r.readGroups(ctx, open); err != nil {
		return err
	}
	for _, part := range perWorkspace(open) {
		if err := r.settleWorkspace(ctx, part); err != nil {
			return err
		}
	}
	if r.unanswered >= maxUnansweredWrites && len(inStates(steps, store.StepStaged)) > 0 {
		return &halt{note: NoteUnreachable}
	}
	return nil
}

// settleWorkspace reads the cells of one workspace: done where they are as
// wanted, to be sent where they are as before, held otherwise.
func (r *applying) settleWorkspace(ctx context.Context, steps []*store.Step) error {
	access, err := r.access(ctx, steps)
	if refusedForGood(err) {
		return r.endAll(ctx, steps, store.StepHeld, words(err))
	}
	if err != nil {
		return err
	}
	results := make([]store.StepResult, len(steps))
	for i, s := range steps {
		now := access.Cell(s.RowKind, s.RowID, s.WorkspaceID)
		switch fateOf(s, now, r.own[s.WorkspaceID]) {
		case WillSkip:
			results[i] = store.StepResult{ID: s.ID, State: store.StepDone}
		case WillSend:
			results[i] = store.StepResult{ID: s.ID, State: store.StepStaged}
		default:
			results[i] = held(s, now)
		}
	}
	return r.end(ctx, steps, results)
}

// look reads the state of one workspace. Where upstream refuses that, nothing
// can be changed there either: the steps are refused, and there is no access.
func (r *applying) look(ctx context.Context, steps []*store.Step) (*Access, error) {
	access, err := r.access(ctx, steps)
	if refusedForGood(err) {
		return nil, r.endRefused(ctx, steps, err)
	}
	return access, err
}

// access reads what the steps of one workspace need: its users for steps of
// users. Groups are as of readGroups.
func (r *applying) access(ctx context.Context, steps []*store.Step) (*Access, error) {
	access := NewAccess()
	access.AddGroups(r.groups)
	if len(ofKind(steps, store.RowUser)) == 0 {
		return access, nil
	}
	id := steps[0].WorkspaceID
	users, err := read(ctx, r, func(api *apiclient.Client) ([]apiclient.WorkspaceUser, error) {
		return api.ListWorkspaceUsers(ctx, r.set.OrganizationID, id, apiclient.ListWorkspaceUsersOptions{})
	})
	if err != nil {
		return nil, err
	}
	access.AddWorkspaceUsers(id, users)
	return access, nil
}

// readGroups reads the groups where some of the steps are about one.
func (r *applying) readGroups(ctx context.Context, steps []*store.Step) error {
	if len(ofKind(steps, store.RowGroup)) == 0 {
		return nil
	}
	groups, err := read(ctx, r, func(api *apiclient.Client) ([]apiclient.Group, error) {
		return api.ListGroups(ctx, r.set.OrganizationID, apiclient.ListGroupsOptions{})
	})
	if refusedForGood(err) {
		return r.endRefused(ctx, inStates(ofKind(steps, store.RowGroup), store.StepStaged), err)
	}
	r.groups = groups
	return err
}

// held keeps in the message what the cell is now; ReadHeld reads it.
func held(s *store.Step, now Cell) store.StepResult {
	message := now.String()
	if now.Lock != Unlocked {
		message += " " + string(now.Lock)
	}
	return store.StepResult{ID: s.ID, State: store.StepHeld, Message: message}
}

// ReadHeld tells what the cell of a held step is now. False: its message is
// upstream's words, on why the cell couldn't be read.
func ReadHeld(s store.Step) (now Cell, ok bool) {
	text, lock, _ := strings.Cut(s.Message, " ")
	now, err := ParseCell(text)
	switch Lock(lock) {
	case Unlocked, LockOwner, LockAdmin:
	default:
		err = errors.Join(err, ErrLocked)
	}
	now.Lock = Lock(lock)
	return now, err == nil && s.State == store.StepHeld
}
