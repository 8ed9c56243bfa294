package views

// OrganizationNew is the form that makes an organization.
type OrganizationNew struct {
	NameField, WorkspaceName Field
	Summary                  []SummaryLine
}

// RenameForm is the form that renames the organization, on the overview.
type RenameForm struct {
	Action    string
	NameField Field
	Summary   []SummaryLine
	// Open is set where something is wrong with what was typed.
	Open bool
}

// Departure is what leaving an organization does.
type Departure struct {
	Name, Email, Users string
	Action, BackURL    string
	// Owner is set for the organization's owner, whom Toggl doesn't let go.
	Owner bool
	// LastUser is set where the organization goes with the person.
	LastUser bool
	// Refusal is what Toggl said.
	Refusal []SummaryLine
}

// Usage is the owner and the counters of an organization.
type Usage struct {
	// URL is where it is asked for while Loaded is false.
	URL    string
	Loaded bool
	// Alone is set on a page that has the same heading.
	Alone bool
	// Owner is nil where nobody could be read.
	Owner    *Person
	OwnerURL string
	Counters []Fact
	Notes    []Note
}
