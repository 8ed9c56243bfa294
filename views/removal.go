package views

// Removal asks whether users are to be removed from the organization.
type Removal struct {
	Chosen
	Title, Action string
	// Button is empty when nobody is left to be removed.
	Button        string
	DeactivateURL string
	// Refused are those that Toggl would not remove.
	Refused []ChosenUser
	Heading string // of Summary
	Summary []SummaryLine
}
