package views

// Workspaces are an organization's workspaces with their statistics.
type Workspaces struct {
	// Sub says how many more there may be.
	Count, Sub string
	Rows       []WorkspaceRow
	// Note says which part could not be read.
	Note   *Note
	NewURL string
}

// WorkspaceNew is the form that makes a workspace.
type WorkspaceNew struct {
	Action, BackURL string
	NameField       Field
	Currency        Field
	// Currencies are suggestions.
	Currencies []string
	Admins     Field
	Summary    []SummaryLine
}
