package changes

import "time"

// State says how far a step is.
type State string

// The states of a step. One that still waits when its batch has ended was
// never sent.
const (
	Waiting State = "waiting"
	Sending State = "sending"
	Done    State = "done"
	Failed  State = "failed"
	Unknown State = "unknown" // was being sent when the process died
)

// Result is what became of a step.
type Result struct {
	State State
	Err   error     // why it failed
	At    time.Time // when it was done or failed
}

// Row is a step with its result.
type Row struct {
	Step
	Result
}

// Progress is how far a batch is.
type Progress struct {
	Total, Done, Failed, Unknown int
	StartedAt, EndedAt           time.Time // EndedAt is zero while it runs
	ResumesAt                    time.Time // not zero: Toggl's limit is used up until then
	Halt                         error     // why it ended before its last step; nil: it didn't
	StopAsked, Uncertain         bool      // somebody wants it stopped; a step may or may not have been carried out
}

// Running reports whether more will be sent.
func (p Progress) Running() bool { return p.EndedAt.IsZero() }

// Left is how many steps have not been sent.
func (p Progress) Left() int { return p.Total - p.Done - p.Failed - p.Unknown }

// Report is a batch as data: what it does, and how far it is. Where it was read from
// the store its steps have no Call: what a step sends follows from Change and from what
// its user has by then.
type Report struct {
	ID             string
	OrganizationID int64
	Change         UserChange
	Steps          []Step
	Results        []Result // of each step
	Progress       Progress
}

// Rows are at most limit steps from the offset-th on, of those in one of the
// states or, without any, of all; and how many there are.
func (r *Report) Rows(offset, limit int, states ...State) (rows []Row, total int) {
	for i, result := range r.Results {
		if !oneOf(result.State, states) {
			continue
		}
		if total >= offset && len(rows) < limit {
			rows = append(rows, Row{r.Steps[i], result})
		}
		total++
	}
	return rows, total
}

func oneOf(state State, states []State) bool {
	for _, s := range states {
		if s == state {
			return true
		}
	}
	return len(states) == 0
}

// Unfinished are the ids of the steps that failed, were never sent, or of which
// nobody knows.
func (r *Report) Unfinished() []int64 {
	var ids []int64
	for i, result := range r.Results {
		if result.State != Done {
			ids = append(ids, r.Steps[i].ID)
		}
	}
	return ids
}

// end makes it a report of a batch that has ended, and why before its last step.
func (r *Report) end(why error, at time.Time) {
	r.Progress.EndedAt, r.Progress.Halt = at, why
	if r.Progress.Left() == 0 {
		r.Progress.Halt = nil
	}
}

// interrupt makes it a report of a batch whose process died.
func (r *Report) interrupt() {
	p := &r.Progress
	for i := range r.Results {
		if r.Results[i].State == Sending {
			r.Results[i].State = Unknown
			p.Unknown++
		}
		if at := r.Results[i].At; at.After(p.EndedAt) {
			p.EndedAt = at
		}
	}
	if p.EndedAt.IsZero() {
		p.EndedAt = p.StartedAt
	}
	p.ResumesAt, p.Halt, p.Uncertain = time.Time{}, ErrInterrupted, p.Uncertain || p.Unknown > 0
}
