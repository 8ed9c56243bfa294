package views

// Review is what is staged: what would be sent, and what follows.
type Review struct {
	GridURL, ListURL string
	// Count is how many changes are staged, Sendable how many would be sent.
	Count, Sendable int
	// SetID and Seen say what was looked at, so that nothing else is applied.
	SetID, Seen string
	// Sent and Pace say how many requests it takes, and whether they are there.
	Sent, Pace string
	// About says what the changes take back; a link to it.
	About    *Note
	Notes    []Note
	Warnings []Warning
	Groups   []ReviewGroup
	// CheckURL reads more of the workspaces; empty where all were read.
	CheckURL, CheckLabel             string
	ApplyURL, ApplyLabel, DiscardURL string
	DiscardLabel, DiscardText        string
	CSVURL, JSONURL                  string
	Import                           Import
}

// A Warning is what somebody should look at before anything is sent.
type Warning struct{ Text, Href string }

// ReviewGroup are the staged changes of one workspace, as they are sent.
type ReviewGroup struct {
	ID, Name, Members string // Members: "86 → 87 members"; empty where not known
	Adds, Removes     string
	Lines             []ReviewLine
}

// ReviewLine is one staged change and what follows from it.
type ReviewLine struct {
	Remove    bool
	Name, URL string
	Text      string
	Bad       bool
	// Refused are Toggl's words, from when it was sent before.
	Refused string
}

// Import is the form that takes a CSV, with what is wrong with the lines of the
// last one.
type Import struct {
	Action string
	Open   bool
	// Text are the lines that were not staged.
	Text    string
	Staged  string // what was staged nevertheless; empty for nothing
	Heading string
	Errors  []ImportError
	More    string
}

// ImportError is why a line stages nothing.
type ImportError struct{ Line, About, Text string }

// ChangeSet is a change set that is, or was, applied.
type ChangeSet struct {
	Title, State     string
	Done, Total      string
	Running          bool
	PollURL, ListURL string
	GridURL          string
	Notes            []Note
	Facts            []Fact
	Tabs             []Tab
	Rows             []ChangeSetRow
	Empty            string
	Range            string
	Prev, Next       string
	StopURL          string
	ResumeURL        string
	ResumeLabel      string
	UndoURL          string
	UndoLabel        string
	// Replace: undoing gives up what is staged now; Replaced says what.
	Replaced        string
	CSVURL, JSONURL string
	Announce        string
}

// ChangeSetRow is what became of one cell.
type ChangeSetRow struct {
	ID, URL, Name, Workspace string
	Remove                   bool
	State                    Tag
	Text                     string
	Error                    FieldError
	Time                     Time
}

// ChangeSets are an organization's, newest first.
type ChangeSets struct {
	GridURL string
	Notes   []Note
	Rows    []ChangeSetSummary
}

// ChangeSetSummary is one of the list.
type ChangeSetSummary struct {
	URL, Title, Who, Results string
	State                    Tag
	Time                     Time
}
