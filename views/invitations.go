package views

// Invitations is the form with which people are invited.
type Invitations struct {
	Action, BackURL string
	Emails          Field
	// Lines say what is wrong with single addresses.
	Lines []string
	// Refused is the address that Toggl refuses; OthersLabel sends without it.
	Refused, OthersLabel string
	// Without are addresses that are left out already.
	Without         []string
	Workspaces      []InvitationWorkspace
	WorkspacesError FieldError
	Groups          []GroupBox
	GroupsError     FieldError
	GroupsNote      *Note
	Heading         string // of Summary
	Summary         []SummaryLine
}

// InvitationWorkspace is a workspace to be invited to, and the role there.
type InvitationWorkspace struct {
	ID, Name string
	Chosen   bool
	Role     Field
}

// InvitationResult tells what became of each address.
type InvitationResult struct {
	Title, Line                  string
	Rows                         []AddressResult
	Messages                     []string
	BackURL, MoreURL, InvitedURL string
}

// AddressResult is what became of one address. Words are Toggl's own.
type AddressResult struct {
	Email, Words string
	State        Tag
	Invited      bool
}
