package views

import "strings"

// Assignments is the grid of users, or groups, and workspaces, with what is
// staged in it.
type Assignments struct {
	// Groups: the rows are groups, else users.
	Groups              bool
	UsersURL, GroupsURL string
	Filter              UsersFilter
	// Staged shows only rows with changes, Direct tells direct memberships from
	// those through a group; DirectCost says what that asks of Toggl.
	Staged, Direct bool
	DirectCost     string

	// FormURL and StepsURL take what is ticked: all of the form, and one cell.
	FormURL, StepsURL string
	// ShownRows and ShownColumns say what the form was made of, so that what is
	// sent back can be told from what was there.
	ShownRows, ShownColumns string

	Columns     []AssignmentColumn
	ColumnPager *ColumnPager // nil: all workspaces are shown
	Rows        []AssignmentRow
	Empty       *EmptyList
	Refusal     *ListRefusal
	Pager       Pager
	Count       string
	Caption     string // what the table is, for those who don't see it
	Note        *Note  // why direct memberships are not told apart; nil where they are
	Announce    string
	Drawer      Drawer
}

// AssignmentColumn is a workspace. Members is empty where it isn't known.
type AssignmentColumn struct {
	ID, Name, Members string
	Adds, Removes     string // "+1" and "−1" of what is staged; empty for none
	Title             string // the same in words
}

// ColumnPager leads to the other workspaces.
type ColumnPager struct{ Text, Prev, Next string }

// AssignmentRow is a user or a group.
type AssignmentRow struct {
	Name, Line, URL string
	Avatar          Avatar
	Cells           []AssignmentCell
}

// AssignmentCell is a box of the grid. There are a thousand on a page, so it is
// drawn with few words: Class says which of the states of the style sheet it has.
type AssignmentCell struct {
	// Class is empty (member or not), or g (only through a group), b (both), m
	// (through a group, perhaps direct as well), k (locked), u (not read), with f
	// behind it for refused or held.
	Class     string
	Value     string // names the cell: kind and number of the row, number of the workspace
	Label     string // who is where, and how
	Workspace string
	Title     string // what a pointer is told; empty for the usual cell
	Icon      string // address of the symbol; empty for the usual cell
	// WasMember is Toggl's state, Checked what is wanted.
	WasMember, Checked, Disabled bool
	// Change says what is staged: to be added, to be removed; empty for nothing.
	Change string
	// Words are shown in the cell; WordsID is their element.
	Words, WordsID string
}

// SetWords puts words into the cell; none leave it as it is.
func (c *AssignmentCell) SetWords(words string) {
	if words == "" {
		return
	}
	c.Class = strings.TrimSpace(c.Class + " f")
	c.Words, c.WordsID = words, "e-"+c.Value
}

// Drawer is what is staged, by workspace, because that is how it is sent.
type Drawer struct {
	Count                            int
	Title                            string // "7 staged changes"
	Sent                             string // "Sent as 5 requests, one per workspace."
	Rejected                         string // "1 rejected"; empty for none
	Groups                           []ChangeGroup
	More                             string // what isn't listed; empty where all is
	ReviewURL, DownloadURL, StepsURL string
}

// ChangeGroup are the staged changes of one workspace.
type ChangeGroup struct {
	Name          string
	Adds, Removes string
	Lines         []ChangeLine
}

// ChangeLine is one staged change and what follows from it.
type ChangeLine struct {
	Remove   bool
	Name     string
	Text     string // the consequence; empty where there is none to tell
	Bad      bool
	FromAPI  bool   // Text is Toggl's
	Cell     string // as AssignmentCell.Value
	UndoOp   string // name of the parameter that takes it back: add, remove
	UndoName string // "Undo: add Hana Sato to Labs"
	Latest   bool   // staged last
}

// Staged is the answer to a tick.
type Staged struct {
	Drawer   Drawer
	Columns  []AssignmentColumn // whose counts have changed
	NavCount NavCount
	Announce string
	Notes    []Note
}

func searchLabel(groups bool) string {
	if groups {
		return "Group’s name"
	}
	return "Name or email"
}
