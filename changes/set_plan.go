package changes

import (
	"cmp"
	"iter"

	"roster/apiclient"
	"roster/store"
)

// MaxElements is how many elements one PUT assignments carries. Toggl names no
// bound; this is about 50 kB of body.
const MaxElements = 1000

// SetPlan is what applying a change set would send, and what follows.
type SetPlan struct {
	Workspaces    []WorkspacePlan // by name, then id
	Adds, Removes int             // steps that would be sent
	Requests      int             // changes sent when none is refused; reads come on top
}

// WorkspacePlan is the part of a plan about one workspace.
type WorkspacePlan struct {
	WorkspaceID   int64
	Name          string
	Elements      []apiclient.Assignment // what would be sent: additions first, so that nobody is without access in between
	Requests      int
	Adds, Removes int // steps that would be sent, for +n −m
	Headcount     Headcount
	Steps         []StepPlan // additions first, groups before users, then by name
}

// Headcount counts the people of a workspace before and after.
type Headcount struct {
	Known                     bool // the workspace's users were read; else all are 0
	MembersBefore, MembersNow int  // MembersNow: after the plan
	AdminsBefore, AdminsNow   int
	AdminsLost                int
}

// Fate is what a plan does with a step.
type Fate string

// The fates.
const (
	WillSend    Fate = "send"
	WillSkip    Fate = "already" // the cell is as wanted
	WillHold    Fate = "held"    // the cell is no longer as it was when staged
	WillBlock   Fate = "locked"
	WillNotFind Fate = "gone" // the row or its cell can't be found any more
)

// StepPlan is a step with its fate and what follows.
type StepPlan struct {
	Step         store.Step
	Fate         Fate
	Now          Cell // as it is before
	After        Cell // with the whole plan applied
	Consequences Consequences
}

// PlanSet plans the staged steps; others are left out. The order of steps
// makes no difference.
func PlanSet(steps []store.Step, a *Access) SetPlan {
	plans := judged(steps, a)
	send := make([]store.Step, 0, len(plans))
	for i := range plans {
		if plans[i].Fate == WillSend {
			send = append(send, plans[i].Step)
		}
	}
	after := a.After(send)
	var plan SetPlan
	for part := range byWorkspace(plans) {
		w := planWorkspace(part, a, after)
		plan.Workspaces = append(plan.Workspaces, w)
		plan.Adds, plan.Removes, plan.Requests = plan.Adds+w.Adds, plan.Removes+w.Removes, plan.Requests+w.Requests
	}
	return plan
}

// Sendable are the steps that the plan would send, in the plan's order.
func (p SetPlan) Sendable() []store.Step {
	var steps []store.Step
	for i := range p.Workspaces {
		for j := range p.Workspaces[i].Steps {
			if s := &p.Workspaces[i].Steps[j]; s.Fate == WillSend {
				steps = append(steps, s.Step)
			}
		}
	}
	return steps
}

func judged(steps []store.Step, a *Access) []StepPlan {
	staged := make([]*store.Step, 0, len(steps))
	for i := range steps {
		if steps[i].State == store.StepStaged {
			staged = append(staged, &steps[i])
		}
	}
	plans := make([]StepPlan, len(staged))
	for i, s := range inOrder(staged) {
		now := a.Cell(s.RowKind, s.RowID, s.WorkspaceID)
		plans[i] = StepPlan{Step: *s, Now: now, Fate: fateOf(s, now, nil)}
	}
	return plans
}

// fateOf judges a step by the cell's state; own are groups of the set itself
// that don't count as somebody else's change.
func fateOf(s *store.Step, now Cell, own map[int64]bool) Fate {
	switch {
	case now.Membership == Unread:
		return WillNotFind
	case now.Is(s.Op):
		return WillSkip
	case !now.unchangedSince(s.Was, own):
		return WillHold
	case !adds(s.Op) && now.Lock != Unlocked:
		return WillBlock
	}
	return WillSend
}

// byWorkspace yields the runs of one workspace each of a sorted list.
func byWorkspace(plans []StepPlan) iter.Seq[[]StepPlan] {
	return func(yield func([]StepPlan) bool) {
		for len(plans) > 0 {
			n := 1
			for n < len(plans) && plans[n].Step.WorkspaceID == plans[0].Step.WorkspaceID {
				n++
			}
			if !yield(plans[:n:n]) {
				return
			}
			plans = plans[n:]
		}
	}
}

func planWorkspace(steps []StepPlan, before, after *Access) WorkspacePlan {
	first := &steps[0].Step
	w := WorkspacePlan{WorkspaceID: first.WorkspaceID, Name: cmp.Or(before.WorkspaceName(first.WorkspaceID), first.WorkspaceName), Steps: steps}
	w.Headcount = headcount(w.WorkspaceID, before, after)
	for i := range steps {
		s := &steps[i]
		s.After = after.Cell(s.Step.RowKind, s.Step.RowID, s.Step.WorkspaceID)
		if s.Fate != WillSend {
			continue
		}
		s.Consequences = consequences(s, before, after, w.Headcount)
		w.Elements = append(w.Elements, elementOf(&s.Step))
		if adds(s.Step.Op) {
			w.Adds++
		} else {
			w.Removes++
		}
	}
	w.Requests = (len(w.Elements) + MaxElements - 1) / MaxElements
	return w
}

// elementOf is the element of PUT assignments that carries out a step.
func elementOf(s *store.Step) apiclient.Assignment {
	if s.RowKind == store.RowGroup {
		return apiclient.Assignment{Operation: s.Op, GroupID: s.RowID}
	}
	return apiclient.Assignment{Operation: s.Op, UserID: s.RowID}
}
