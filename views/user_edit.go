package views

import "strings"

// UserEdit is one organization user as a form, with what is known beside it.
type UserEdit struct {
	Avatar  Avatar
	Name    string
	Line    string
	Status  Status
	Tag     Tag
	BackURL string
	// FocusURL is the same person in Toggl Focus; empty where that isn't connected.
	FocusURL string
	// Action is where the form is sent; Was is what its fields held when it was
	// opened, to see later whether somebody else changed them.
	Action, Was string
	Actions     []UserAction
	// SummaryHead says what became of what was sent; Failure says it in few
	// words beside the button.
	SummaryHead, Failure string
	Summary              []SummaryLine
	Conflicts            []Conflict
	NameField            Field
	EmailField           Field
	Role                 Field
	Active               Field
	Groups               []GroupBox
	Workspaces           []WorkspaceFields
	// Notes say which choices could not be read; nil where they were.
	RolesNote, GroupsNote, WorkspacesNote *Note
	Add                                   *AddWorkspace
	Changes                               []Change
	Access                                []Fact
	// AccessURL says why, workspace by workspace.
	AccessURL string
	Facts     []Fact
}

// UserAction is something else that can be done about the user.
type UserAction struct {
	Label, Icon, URL string
	Danger           bool
	// Post makes it a button instead of a link.
	Post bool
	Hint string
}

// Field is one input with everything that is said about it.
type Field struct {
	ID, Name, Label, Value string
	// Was is the value before, in words, when Changed.
	Was     string
	Changed bool
	On      bool
	Hint    string
	// Locked is why it can't be changed.
	Locked  string
	Prefix  string
	Options []Option
	Error   FieldError
}

// describedBy names the elements that tell about the field.
func (f Field) describedBy() string {
	var ids []string
	if f.Hint != "" || f.Locked != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error.Text != "" {
		ids = append(ids, f.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// class marks a field that is wrong or changed.
func (f Field) class(base string) string {
	if f.Error.Text != "" {
		base += " has-error"
	}
	if f.Changed {
		base += " was-changed"
	}
	return base
}

// SummaryLine is one thing to mend, with a link to where it is.
type SummaryLine struct {
	Text, Place, Href string
	API               bool
	Trace             Trace
}

// Conflict is a field that somebody else changed while the form was open.
type Conflict struct {
	Name, Label, Was, Now, Mine string
	// Both is set where the person changed it too and has to choose.
	Both bool
}

// GroupBox is a group with a box to be in it.
type GroupBox struct {
	ID, Name        string
	Member, Changed bool
	Error           FieldError
}

// WorkspaceFields is a row of the workspaces table.
type WorkspaceFields struct {
	ID, Name, Path    string
	Role              Field
	Rate, Cost, Hours Field
	SeesRates         Field
	SeesCosts         Field
	Inactive, Remove  Field
	Error             FieldError
	// New is a workspace that the user isn't in yet.
	New bool
}

// AddWorkspace is the choice of a workspace to add, and the role there.
type AddWorkspace struct {
	Workspace, Role Field
}

// Change is one unsaved change.
type Change struct{ Label, Was, Now, Href string }

// errorID is the id of a field's error, with a space before it, when it has one.
func errorID(f Field) string {
	if f.Error.Text == "" {
		return ""
	}
	return " " + f.ID + "-error"
}
