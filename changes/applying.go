package changes

import (
	"context"
	"fmt"
	"slices"

	"roster/apiclient"
	"roster/store"
)

// applying is one run over a set.
type applying struct {
	*Applier
	job    Job
	set    store.ChangeSet
	holder string

	steps      []*store.Step            // in the order in which they are sent
	own        map[int64]map[int64]bool // workspace → groups that the set itself gives it or takes away
	groups     []apiclient.Group        // as of the last reading
	neighbours bool                     // PUT assignments isn't available
	unanswered int                      // writes in a row
}

func (r *applying) all(ctx context.Context) error {
	if err := r.load(ctx); err != nil {
		return err
	}
	if err := r.settleOpen(ctx); err != nil {
		return err
	}
	if err := r.readGroups(ctx, r.in(store.StepStaged)); err != nil {
		return err
	}
	for _, steps := range perWorkspace(r.in(store.StepStaged)) {
		if err := r.workspace(ctx, steps); err != nil {
			return err
		}
		if r.neighbours {
			return r.byNeighbours(ctx)
		}
	}
	return nil
}

func (r *applying) load(ctx context.Context) error {
	steps, err := r.journal.Steps(ctx, r.set.ID)
	if err != nil {
		return fmt.Errorf("changes: steps: %w", err)
	}
	r.own = map[int64]map[int64]bool{}
	for i := range steps {
		s := &steps[i]
		r.steps = append(r.steps, s)
		if s.RowKind != store.RowGroup {
			continue
		}
		if r.own[s.WorkspaceID] == nil {
			r.own[s.WorkspaceID] = map[int64]bool{}
		}
		r.own[s.WorkspaceID][s.RowID] = true
	}
	r.steps = inOrder(r.steps)
	return nil
}

// in are the steps in one of the states.
func (r *applying) in(states ...string) []*store.Step { return inStates(r.steps, states...) }

func inStates(steps []*store.Step, states ...string) []*store.Step {
	var found []*store.Step
	for _, s := range steps {
		if slices.Contains(states, s.State) {
			found = append(found, s)
		}
	}
	return found
}

func ofKind(steps []*store.Step, rowKind string) []*store.Step {
	var found []*store.Step
	for _, s := range steps {
		if s.RowKind == rowKind {
			found = append(found, s)
		}
	}
	return found
}

// perWorkspace cuts steps into those of one workspace each.
func perWorkspace(steps []*store.Step) [][]*store.Step {
	return cut(steps, func(s *store.Step) int64 { return s.WorkspaceID })
}

// cut groups steps by a key; keys stand in the order of their first steps.
func cut(steps []*store.Step, key func(*store.Step) int64) [][]*store.Step {
	var parts [][]*store.Step
	at := map[int64]int{}
	for _, s := range steps {
		i, ok := at[key(s)]
		if !ok {
			i = len(parts)
			at[key(s)] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], s)
	}
	return parts
}

// workspace carries out the staged steps of one workspace.
func (r *applying) workspace(ctx context.Context, steps []*store.Step) error {
	access, err := r.look(ctx, steps)
	if err != nil || access == nil {
		return err
	}
	send, err := r.judge(ctx, steps, access)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(send, MaxElements) {
		if err := r.put(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

// judge writes down which steps need nothing or are held back, and returns the
// others.
func (r *applying) judge(ctx context.Context, steps []*store.Step, access *Access) ([]*store.Step, error) {
	var send []*store.Step
	var results []store.StepResult
	for _, s := range steps {
		now := access.Cell(s.RowKind, s.RowID, s.WorkspaceID)
		switch fateOf(s, now, r.own[s.WorkspaceID]) {
		case WillSend:
			send = append(send, s)
		case WillSkip:
			results = append(results, store.StepResult{ID: s.ID, State: store.StepAlready})
		default:
			results = append(results, held(s, now))
		}
	}
	return send, r.end(ctx, steps, results)
}

// put sends one list for a workspace, and again what is still to be sent; once
// the call turned out not to be available, nothing.
func (r *applying) put(ctx context.Context, steps []*store.Step) error {
	if r.neighbours {
		return nil
	}
	workspaceID := steps[0].WorkspaceID
	elements := make([]apiclient.Assignment, len(steps))
	for i, s := range steps {
		elements[i] = elementOf(s)
	}
	got, err := r.write(ctx, r.request("ChangeAssignments", "workspace", workspaceID, steps), steps,
		func(ctx context.Context, api *apiclient.Client) (exceptions, error) {
			return nil, api.ChangeAssignments(ctx, r.set.OrganizationID, workspaceID, elements)
		})
	switch {
	case err != nil:
		return err
	case got == notAvailable:
		r.neighbours = true
		return nil
	}
	return r.again(ctx, got, steps, r.put)
}

// again sends on what is still staged after an answer: a list that was refused
// goes in parts, to find the cell.
func (r *applying) again(ctx context.Context, got reception, steps []*store.Step, send func(context.Context, []*store.Step) error) error {
	if got == unanswered {
		if err := r.settle(ctx, steps); err != nil {
			return err
		}
	}
	rest := inStates(steps, store.StepStaged)
	if len(rest) == 0 {
		return nil
	}
	if got != listRefused {
		return send(ctx, rest)
	}
	for part := range slices.Chunk(rest, partSize(len(rest))) {
		if err := send(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// onePerRequest is how long a refused list may be to be sent again one element
// at a time. A longer one is halved first: one cell among 1,000 is not worth
// 1,000 calls.
const onePerRequest = 16

func partSize(n int) int {
	if n <= onePerRequest {
		return 1
	}
	return (n + 1) / 2
}

func (r *applying) request(operation, kind string, id int64, steps []*store.Step) Request {
	request := Request{OrganizationID: r.set.OrganizationID, Operation: operation, TargetKind: kind, TargetID: id}
	for _, s := range steps {
		request.Steps = append(request.Steps, *s)
	}
	return request
}
