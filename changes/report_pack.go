package changes

import (
	"context"
	"errors"
	"time"

	"roster/apiclient"
	"roster/store"
)

// packedPlan is the part of a report that never changes, as it is stored.
type packedPlan struct {
	Change  UserChange     `json:"change"`
	Started time.Time      `json:"started"`
	Steps   []packedTarget `json:"steps"`
}

// A packedTarget is whom a step is about.
type packedTarget struct {
	ID    int64  `json:"id"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// packedProgress is the rest. It is written before each step, so it is small: a letter
// for each step's state, and the milliseconds from one's end to the next.
type packedProgress struct {
	States    string               `json:"states"`
	Ended     []int64              `json:"ended"`
	Faults    map[int]*packedFault `json:"faults,omitempty"` // by the index of their step
	More      []packedTarget       `json:"more,omitempty"`   // steps that the plan didn't have
	EndedAt   time.Time            `json:"ended_at,omitzero"`
	ResumesAt time.Time            `json:"resumes_at,omitzero"`
	Halt      *packedFault         `json:"halt,omitempty"`
	StopAsked bool                 `json:"stop_asked,omitempty"`
	Uncertain bool                 `json:"uncertain,omitempty"`
}

var stateLetters = map[State]byte{Waiting: 'w', Sending: 's', Done: 'd', Failed: 'f', Unknown: 'u'}

func stateOf(letter byte) State {
	for state, l := range stateLetters {
		if l == letter {
			return state
		}
	}
	return Waiting
}

func packTargets(steps []Step) []packedTarget {
	list := make([]packedTarget, len(steps))
	for i, step := range steps {
		list[i] = packedTarget{step.ID, step.Name, step.Email}
	}
	return list
}

func unpackTargets(list []packedTarget) []Step {
	steps := make([]Step, len(list))
	for i, target := range list {
		steps[i] = Step{ID: target.ID, Name: target.Name, Email: target.Email}
	}
	return steps
}

func (r *Report) packPlan() ([]byte, error) {
	return store.PackRecord(packedPlan{r.Change, r.Progress.StartedAt, packTargets(r.Steps)})
}

// packProgress leaves out the first steps, as many as the plan had.
func (r *Report) packProgress(planned int) ([]byte, error) {
	p := packedProgress{
		Faults: map[int]*packedFault{}, More: packTargets(r.Steps[planned:]), EndedAt: r.Progress.EndedAt, ResumesAt: r.Progress.ResumesAt,
		Halt: packFault(r.Progress.Halt), StopAsked: r.Progress.StopAsked, Uncertain: r.Progress.Uncertain,
	}
	states, last := make([]byte, len(r.Results)), r.Progress.StartedAt
	for i, result := range r.Results {
		states[i] = stateLetters[result.State]
		if result.At.IsZero() {
			continue
		}
		p.Ended = append(p.Ended, result.At.Sub(last).Milliseconds())
		last = result.At
		if result.Err != nil {
			p.Faults[i] = packFault(result.Err)
		}
	}
	p.States = string(states)
	return store.PackRecord(p)
}

// readReport is the batch that a record holds.
func readReport(record store.Record) (Report, error) {
	var plan packedPlan
	var p packedProgress
	if err := errors.Join(store.UnpackRecord(record.Data, &plan), store.UnpackRecord(record.Progress, &p)); err != nil {
		return Report{}, err
	}
	r := Report{
		ID: record.ID, OrganizationID: record.OrganizationID, Change: plan.Change, Steps: unpackTargets(append(plan.Steps, p.More...)),
		Progress: Progress{
			StartedAt: plan.Started, EndedAt: p.EndedAt, ResumesAt: p.ResumesAt, Halt: p.Halt.unpack(), StopAsked: p.StopAsked, Uncertain: p.Uncertain,
		},
	}
	r.Progress.Total = len(r.Steps)
	r.Results = make([]Result, len(r.Steps))
	last := plan.Started
	for i := range r.Results {
		r.Results[i].State = Waiting
		if i < len(p.States) {
			r.Results[i].State = stateOf(p.States[i])
		}
		r.Progress.count(r.Results[i].State)
		if ended := r.Results[i].State; (ended == Done || ended == Failed) && len(p.Ended) > 0 {
			last = last.Add(time.Duration(p.Ended[0]) * time.Millisecond)
			r.Results[i].At, r.Results[i].Err, p.Ended = last, p.Faults[i].unpack(), p.Ended[1:]
		}
	}
	if r.Progress.Running() && !record.Held {
		r.interrupt()
	}
	return r, nil
}

func (p *Progress) count(state State) {
	switch state {
	case Done:
		p.Done++
	case Failed:
		p.Failed++
	case Unknown:
		p.Unknown++
	case Waiting, Sending:
	}
}

// A packedFault is an error as it is stored: one that the pages know by its name, or
// what Toggl said.
type packedFault struct {
	Name     string           `json:"name,omitempty"`
	Upstream *apiclient.Error `json:"upstream,omitempty"`
}

var faultNames = map[string]error{
	"stopped": ErrStopped, "too long": ErrTooLong, "not written down": ErrNotKept, "cut off": context.Canceled,
}

func packFault(err error) *packedFault {
	var upstream *apiclient.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &upstream):
		return &packedFault{Upstream: upstream}
	}
	for name, known := range faultNames {
		if errors.Is(err, known) {
			return &packedFault{Name: name}
		}
	}
	return &packedFault{Name: "other"}
}

var errOther = errors.New("changes: failed")

func (f *packedFault) unpack() error {
	switch {
	case f == nil:
		return nil
	case f.Upstream != nil:
		return f.Upstream
	case faultNames[f.Name] != nil:
		return faultNames[f.Name]
	}
	return errOther
}
