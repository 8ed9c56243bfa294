package views

// Overview is an organization at a glance.
type Overview struct {
	// Sub is the plan in a sentence, with the organization's ID.
	Sub     string
	Figures []Figure
	// Status is nil where not every user was read.
	Status     *StatusBar
	Workspaces []WorkspaceRow
	// WorkspacesNote says why there are no figures beside the workspaces.
	WorkspacesNote *Note
	Attention      []Attention
	// AttentionNote says which part could not be looked at.
	AttentionNote *Note
	Groups        []GroupSize
	Facts         []Fact
	// Rename is nil for who may not.
	Rename                      *RenameForm
	Usage                       Usage
	WorkspacesURL, DepartureURL string
	// Recent are the last changes; ActivityURL is empty for who may not see them.
	Recent      []ActivityRow
	ActivityURL string
}

// Figure is a number that links to the list it counts; URL is empty where
// there is no such list.
type Figure struct{ Label, Value, Of, Detail, URL string }

// StatusBar is the users by status as parts of a line, in units of one user.
type StatusBar struct {
	ViewBox, Label string
	Bars           []Bar
	Legend         []Legend
}

// Bar is one part of the line.
type Bar struct{ Class, X, Width string }

// Legend is the name and number of one part.
type Legend struct{ Label, Value, Class, URL string }

// WorkspaceRow is a workspace with its statistics.
type WorkspaceRow struct {
	Name, URL       string
	Members, Groups string
	// Share and Scale draw the members as part of the largest workspace.
	Share, Scale string
	Admins       []Avatar
	AdminNames   string
	OnlyAdmin    bool
	NoAdmin      bool
	Tag          Tag
}

// Attention is something an admin can act on.
type Attention struct {
	Icon, Class  string
	Strong, Text string
	Links        []Link
}

// GroupSize is a group and its number of users.
type GroupSize struct{ Name, Value, URL string }
