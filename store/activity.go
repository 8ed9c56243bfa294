package store

import "time"

// The results of an activity.
const (
	ResultBegun   = "begun"   // written before the call, and not completed so far
	ResultDone    = "done"    // the upstream did it
	ResultRefused = "refused" // the upstream did not want it
	ResultFailed  = "failed"  // no answer, or none that says
	ResultDenied  = "denied"  // never sent: Roster's own rules forbid it
)

// An Activity is one row of the log of changes. Rows are only ever added: what
// became of a change is a row of its own that names the first one.
type Activity struct {
	ID                int64     // from 1, without gaps; given by the store
	At                time.Time // kept to the millisecond; zero when it is given: now
	Issuer            string    // who says that the person is Subject
	Subject           string
	Name              string // of the person
	IP                string
	RequestID         string // of the request to Roster
	OrganizationID    int64
	Operation         string // the contract's operationId
	TargetKind        string
	TargetID          int64
	TargetName        string
	Old, New          string // JSON, secrets left out; empty: none
	Result            string // ResultBegun, …
	UpstreamStatus    int    // HTTP status; 0: no answer
	UpstreamRequestID string
	Message           string // the upstream's words
	BeginsID          int64  // the row that this one completes; 0: none
	Hash              []byte // given by the store
}

// An ActivityEntry is a row together with what became of it: Result,
// UpstreamStatus, UpstreamRequestID and Message are those of the completion, where
// there is one. Hash is the one of the row that began it.
type ActivityEntry struct {
	Activity
	EndedAt time.Time // zero: not completed, or never begun
}

// An ActivityFilter says which entries are wanted. Fields that are empty want all;
// OrganizationID is always compared.
type ActivityFilter struct {
	OrganizationID int64
	Person         string // the subject, or a part of the name in whatever case
	Target         string // "kind:id", or a part of the target's name in whatever case
	Operation      string
	Result         string
	From, To       time.Time // from From to before To
	Before         int64     // only entries with smaller ids: the page after the one that ended with it
	Limit          int       // 0: 50, at most 1,000
}
