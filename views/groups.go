package views

// Groups are an organization's groups as a table.
type Groups struct {
	// Product is where the groups are: "Focus" or "Track".
	Product string
	// Count is empty where it isn't known.
	Count, Sub, Announce string
	Filter               GroupsFilter
	// Kept are parameters that the filter's form sends along.
	Kept            []Parameter
	Rows            []GroupRow
	Sort            Sort
	Pager           Pager
	Refusal         *Note
	Empty           *EmptyList
	NewURL, MineURL string
}

// GroupsFilter is what the list can be narrowed by.
type GroupsFilter struct {
	Action, Filter string
	Workspace      Field
	// Hint says what the workspace is for.
	Hint string
	// ByMember is set where groups can be found by a member, whose id Member is;
	// Members are suggestions.
	ByMember bool
	Member   string
	Members  []Option
	IDs      string
	// More is set where a filter that is otherwise folded up is in use.
	More bool
}

// GroupRow is a row of the table, and of the list beside a group.
type GroupRow struct {
	// Emoji is empty where the group has none.
	Emoji, Name, URL string
	Workspaces       ShortList
	WorkspaceCount   string
	Members          string
	Ghosts           ShortList
	Changed          Time
	Current          bool
}

// MyGroups are the groups that the person is in.
type MyGroups struct {
	Sub, BackURL string
	Rows         []GroupRow
}
