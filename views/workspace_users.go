package views

// WorkspaceUsers are the users of one workspace.
type WorkspaceUsers struct {
	Name string
	Tag  Tag
	// Count is how many match the filter.
	Count string
	// Filter is the API's parameter name, Action the address of the form.
	Filter, Action string
	// Kept are parameters that the form has no control for.
	Kept []Parameter
	// BackURL is the list of workspaces, UsersURL the organization's users of
	// this one.
	BackURL, UsersURL string
	// AccessURL says why each of them has access.
	AccessURL string
	// ExportURL is the file of all of them that the filter matches.
	ExportURL string
	Sort      Sort
	Rows      []WorkspaceUserRow
	// Empty is nil when there are rows.
	Empty *EmptyList
	Pager Pager
	// Announce is read out after the list has changed.
	Announce string
}

// WorkspaceUserRow is one user of a workspace.
type WorkspaceUserRow struct {
	// URL is the person's page in the organization; the others are about this
	// workspace only.
	URL, EditURL, RemoveURL string
	Name, Email             string
	Avatar                  Avatar
	Status                  Status
	Role                    Tag
	OrganizationAdmin       bool
	// Access is "Direct", or by which group.
	Access     string
	Rate, Cost Amount
	// Hours are of a day; Rate, Cost, Hours and Sees are empty for none.
	Hours, Sees, TimeZone string
	TwoFactor             Tag
	Updated               Time
}

// Amount is money an hour, since a day.
type Amount struct {
	Text  string
	Since Time
}

// WorkspaceUserEdit is one user of a workspace as a form.
type WorkspaceUserEdit struct {
	Name, Line string
	Avatar     Avatar
	Status     Status
	Tag        Tag
	// Workspace is the workspace's name, WorkspaceURL the list of its users.
	Workspace, WorkspacesURL, WorkspaceURL string
	UserURL, RemoveURL                     string
	// Action is where the form is sent; Was is what its fields held when it was
	// opened.
	Action, Was          string
	Summary              []SummaryLine
	Conflicts            []Conflict
	Role, Active         Field
	Rate, Cost, Hours    Field
	SeesRates, SeesCosts Field
	Changes              []Change
	Facts                []Fact
}

// WorkspaceUserRemoval says what is lost when a user is removed from a workspace.
type WorkspaceUserRemoval struct {
	Name, Email, Workspace string
	Avatar                 Avatar
	// Groups are those that give access, without others where OnlyGroups is set;
	// removing doesn't leave them.
	Groups     string
	OnlyGroups bool
	// Facts are the settings that go.
	Facts                         []Fact
	Action, BackURL, WorkspaceURL string
	Refusal                       []SummaryLine
}
