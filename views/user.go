package views

// User is one organization user with everything that Toggl tells.
type User struct {
	Avatar     Avatar
	Name       string
	Email      string
	Status     Status
	Role       Tag
	Facts      []Fact
	Groups     []Link
	Workspaces []UserWorkspace
	BackURL    string
}

// UserWorkspace is what a user may do in one workspace.
type UserWorkspace struct {
	Name  string
	Tag   Tag
	Facts []Fact
}
