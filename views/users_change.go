package views

// UsersChange shows what a change of many users would send.
type UsersChange struct {
	Chosen
	Title, Action string
	// Role is the choice of a role, Groups that of groups; nil where there is none.
	Role   *Field
	Groups []GroupBox
	// GroupsError is what is wrong with the choice of groups.
	GroupsError FieldError
	// NoteOnChoice says that the choice could not be read.
	NoteOnChoice *Note
	// Ready: there is something to send, and Button starts it.
	Ready  bool
	Button string
	// Sends is the field that is sent, Stays what isn't, Pace how long it takes.
	Sends, Stays, Pace string
	Summary            []SummaryLine
}
