package views

// Access says why somebody has access: seen from a user, a workspace or a group.
type Access struct {
	// Back is the list that the subject stands in, Subject its own page.
	Back, Subject Link
	// Title is the question that the page answers.
	Title string
	Facts []Fact
	Notes []Note
	List  AccessList
	Roles []AccessRole
	// RolesNote says why what roles permit is missing; nil where it isn't.
	RolesNote *Note
	// Stamp is what is printed at the foot: where and when.
	Stamp string
}

// AccessList is access by workspace, a part of it at a time.
type AccessList struct {
	// Folded are workspaces whose rows are at their OpenURL, where all are too many.
	Folded   []AccessSection
	Sections []AccessSection
	// Empty is what is there instead.
	Empty *EmptyList
	// Prev and Next are other parts of a long list.
	Range, Prev, Next string
}

// AccessSection is a workspace with its people, or a user with their workspaces.
type AccessSection struct {
	ID    string
	Title string
	// URL is the section's own page; empty for none.
	URL string
	// Line counts what is in it, also where its rows are not shown.
	Line string
	// Exceptions is empty where there is none.
	Exceptions string
	Note       *Note
	// Main is the head of the first column. People: there are the columns about
	// persons, too.
	Main   string
	People bool
	Rows   []AccessRow
	// OpenURL is set where the section is folded.
	OpenURL string
}

// AccessRow is one person in one workspace, and why.
type AccessRow struct {
	URL, Name, Sub string
	Role           Tag
	// RoleURL is the place where what the role permits is said; empty for none.
	RoleURL      string
	Organization Tag
	// Path is "Direct", or how it goes on to the Groups: "Direct, and via".
	Path      string
	Groups    []Link
	Hint      string
	TwoFactor Tag
	Status    Status
	Age       Tag
}

// AccessRole is what a role permits.
type AccessRole struct {
	ID, Name, Kind, Description string
	Permissions                 []AccessPermission
}

// AccessPermission is one thing that a role permits. Condition is empty where it
// permits it without one.
type AccessPermission struct{ Text, Code, Condition string }

// AccessReview is who has access in the whole organization.
type AccessReview struct {
	Start    *AccessStart
	Progress *AccessProgress
	// Notes say what is missing from the result.
	Notes  []Note
	Result *AccessResult
}

// AccessStart begins to read a review; Label is its button.
type AccessStart struct {
	Action, Label string
	// Resume goes on with what is missing.
	Resume bool
	Facts  []Fact
	Short  *Note
}

// AccessProgress is how far a review's reading is.
type AccessProgress struct {
	State            string
	Done, Total      string
	PollURL, StopURL string
	Note             *Note
}

// AccessResult is a review that was read, as far as the filters match.
type AccessResult struct {
	Action     string
	Workspaces []Option
	Exceptions bool
	Filtered   bool
	ClearURL   string
	CSVURL     string
	Figures    []Fact
	List       AccessList
	Stamp      string
}

// commaBefore separates the n-th of so many things from the one before it.
func commaBefore(n, of int) string {
	if n < of {
		return ","
	}
	return ""
}
