package views

// Users is the users table with everything around it.
type Users struct {
	// Count is the number of users that the filters match, "at least …" where
	// Toggl does not say; empty when the list could not be read.
	Count   string
	Tabs    []Tab
	Filter  UsersFilter
	Columns []ColumnChoice
	// Shown says which columns are visible, by their names.
	Shown map[string]bool
	Sort  Sort
	Rows  []UserRow
	// Refusal is what Toggl said of the filters; nil when it took them.
	Refusal *ListRefusal
	// Empty is nil when there are rows.
	Empty *EmptyList
	Pager Pager
	Bulk  Bulk
	// ExportURL leads to the export of what the filters match.
	ExportURL string
	// InviteURL is where people are invited.
	InviteURL string
	// Announce is read out after the list has changed.
	Announce string
	// Addresses of the forms beside the table.
	ColumnsURL, Here string
	Compact          bool
}

// Tab is a view of the list under a name. Count is empty when it isn't known.
type Tab struct {
	Label, Count, URL string
	Current           bool
}

// UsersFilter is the search box and the filters, in one GET form.
type UsersFilter struct {
	// List is the name of the list; empty for the users of the organization.
	List           string
	Action, Filter string
	// Kept are parameters that the form has no control for, such as the order.
	Kept  []Parameter
	Chips []FilterChip
	// ClearURL is empty when nothing is filtered.
	ClearURL string
}

// used is how many filters have a value.
func (f UsersFilter) used() int {
	n := 0
	for _, chip := range f.Chips {
		if chip.Value != "" && !chip.Columns {
			n++
		}
	}
	return n
}

// list is what the page of one filter leads back to.
func (f UsersFilter) list() string {
	if f.List != "" {
		return f.List
	}
	return "Users"
}

// Parameter is a query parameter that travels along.
type Parameter struct{ Name, Value string }

// FilterChip is one filter: a button that opens its menu of choices.
type FilterChip struct {
	Name, Label string
	// Value says in words what is chosen; empty when nothing is.
	Value   string
	Choices Choices
	// Refused marks the filter that Toggl's words above the table are about.
	Refused bool
	// Columns: what is chosen is shown, and narrows nothing.
	Columns bool
}

// Choices are the values of a filter. Toggl is asked for some of them only
// when the menu is opened: until then Loaded is false and URL is where to ask.
type Choices struct {
	Name, Label, URL string
	Single           bool
	Loaded           bool
	List             []Choice
	// Find is the label of the box that narrows a long list; empty for a short one.
	Find string
	// Failed says why the choices could not be read.
	Failed FieldError
	// Typed are inputs for values that nobody can list, such as IDs.
	Typed []TypedChoices
}

// TypedChoices are the values of a parameter, with commas between them.
type TypedChoices struct{ Name, Label, Value string }

// parameter is the name under which a choice is sent.
func (c Choices) parameter(choice Choice) string {
	if choice.Name != "" {
		return choice.Name
	}
	return c.Name
}

// Choice is one value of a filter.
type Choice struct {
	Value, Label, Icon string
	Chosen             bool
	// Name is the parameter, where a menu holds several.
	Name string
}

// Any reports whether a value is chosen.
func (c Choices) Any() bool {
	for _, choice := range c.List {
		if choice.Chosen {
			return true
		}
	}
	return false
}

// ColumnChoice is a column that can be shown or hidden.
type ColumnChoice struct {
	Name, Label string
	Shown       bool
}

// Sort is the link in the head of the name column.
type Sort struct {
	URL string
	// Direction is the value of aria-sort: ascending or descending.
	Direction, Icon string
}

// UserRow is one organization user in the table.
type UserRow struct {
	ID, URL, Name, Email string
	// Is tells the row's menu what can't be seen otherwise: owner, invited,
	// inactive or, empty, active.
	Is               string
	Avatar           Avatar
	Status           Status
	Role             Tag
	Workspaces       ShortList
	NoWorkspace      bool
	Groups           ShortList
	TwoFactor        Tag
	Updated, Created Time
	// Invited comes before the date of someone who hasn't joined.
	Invited bool
	// Age marks an invitation that has been waiting for long.
	Age    Tag
	UserID string
}

// Bulk is what can be done with the selected rows, or with all that the
// filters match.
type Bulk struct {
	// All: everything that the filters match is selected, on every page.
	All bool
	// AllLabel is "Select all 214", AllSelected "All 214 selected"; AllURL is
	// empty where the page has all of them.
	AllLabel, AllSelected, AllURL, ClearURL string
	// Kept are the list's own parameters, with which the users are found again.
	Kept                                                         []Parameter
	GroupsURL, RoleURL, DeactivateURL, ReactivateURL, RemovalURL string
}

// Status is active, invited or inactive, in a word and the class of its dot.
type Status struct{ Text, Class string }

// ShortList is the first names of a list and how many more there are.
type ShortList struct{ Text, More string }

// ListRefusal is what Toggl said of the query.
type ListRefusal struct {
	Words string
	// Place is the label of the filter or parameter the words are about.
	Place  string
	Status int
	Clear  Link
	Trace  Trace
}

// EmptyList says why there are no rows, and the way on.
type EmptyList struct {
	Strong, Text string
	Link         Link
}

// Pager is the foot of a paged table.
type Pager struct {
	Text       string
	Prev, Next string
	Pages      []PageLink
	Sizes      []PageLink
}

// PageLink is a page's number, or a gap between two when URL and Current are empty.
type PageLink struct {
	Label, URL string
	Current    bool
}
