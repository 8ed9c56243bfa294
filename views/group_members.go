package views

// GroupMembers is the form that adds many people to a group.
type GroupMembers struct {
	Action, BackURL, GroupName string
	// Source says where the group is: "Toggl Focus" or "Toggl Track".
	Source string
	People Field
	// Found is the text that Entries were found for; empty before anybody was
	// looked for.
	Found   string
	Lead    string
	Entries []GroupEntry
	// CanAdd: somebody can be ticked.
	CanAdd bool
	// Lookup offers to ask Toggl for those who aren't known, at its cost.
	Lookup *GroupLookup
	Note   *Note
	// LeaveOut offers to add the others, where Toggl refused some.
	LeaveOut string
	Heading  string // of Summary
	Summary  []SummaryLine
}

// GroupLookup is a button that costs requests.
type GroupLookup struct{ Text, Button, Cost string }

// GroupEntry is one of the people as they were typed, and who that may be.
type GroupEntry struct {
	Text       string
	State      Tag
	Hint       string
	Link       Link
	Candidates []GroupCandidate
}

// Alone reports whether it is clear who is meant.
func (e GroupEntry) Alone() bool { return len(e.Candidates) == 1 }

// GroupCandidate is somebody of the organization who may be meant.
type GroupCandidate struct {
	ID, Value   string
	Name, Email string
	Avatar      Avatar
	// Words say what else there is to know: that they are deactivated.
	Words  string
	Ticked bool
	// Member is already in the group; Again is named above.
	Member, Again bool
	Error         FieldError
}

// GroupMembersResult tells what became of each person.
type GroupMembersResult struct {
	Title, Line, GroupName string
	Rows                   []GroupPersonResult
	BackURL, MoreURL       string
	Note                   *Note
	// Rest are the people whom Toggl did not come to, as the form takes them; empty: nobody.
	Rest, RestLabel string
}

// GroupPersonResult is what became of one person. Words are Toggl's own.
type GroupPersonResult struct {
	Name, Email, URL, Words string
	Avatar                  Avatar
	State                   Tag
}
