package store

import "time"

// The states of a step.
const (
	StepStaged  = "staged"  // not sent
	StepSending = "sending" // written before its request; without an answer so far
	StepDone    = "done"
	StepRefused = "refused" // by the upstream, whose words are in Message
	StepUnknown = "unknown" // sent, and the answer is lost
	StepHeld    = "held"    // not sent: the cell is no longer as it was
	StepAlready = "already" // not sent: the cell is as wanted
)

// The operations of a step.
const (
	OpAdd    = "add"
	OpRemove = "remove"
)

// The kinds of rows.
const (
	RowUser  = "user"
	RowGroup = "group"
)

// A Step is one cell of a change set: a user or a group, and a workspace. There is
// one of each cell in a set. Times are kept to the millisecond.
type Step struct {
	ID                 int64  // order within the set, from 1; given by the store
	RowKind            string // RowUser or RowGroup
	RowID              int64  // global user id, or group id
	OrganizationUserID int64  // of users; 0 for groups
	RowName            string // names and address as they were when staged, for people
	RowEmail           string
	WorkspaceID        int64
	WorkspaceName      string
	Op                 string // OpAdd or OpRemove
	Was                string // the cell's state when staged, as package changes writes it
	State              string // StepStaged, …
	Message            string // the upstream's words
	Attempt            int    // how often it was begun
	SentAt             time.Time
	DoneAt             time.Time
}

// A StepResult says what became of a step.
type StepResult struct {
	ID      int64
	State   string // StepDone, …
	Message string // the upstream's words
}
