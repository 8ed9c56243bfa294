package views

// FocusUsers is the table of users as Toggl Focus knows them.
type FocusUsers struct {
	// Count is the number of users that the filters match; empty where Focus
	// doesn't say.
	Count  string
	Tabs   []Tab
	Filter UsersFilter
	Sort   Sort
	Rows   []FocusUserRow
	// Rates and Hours are columns that Focus fills only when it is asked to.
	Rates, Hours bool
	// Refusal is what Focus said of the filters; nil when it took them.
	Refusal *ListRefusal
	// Empty is nil when there are rows.
	Empty *EmptyList
	Pager Pager
	// Announce is read out after the list has changed.
	Announce string
}

// FocusUserRow is one user in the table.
type FocusUserRow struct {
	URL, Name, Email string
	Avatar           Avatar
	Status           Status
	// Notice is what is out of the ordinary about the account.
	Notice      Tag
	Role        Tag
	Products    string
	Workspaces  ShortList
	NoWorkspace bool
	Groups      ShortList
	Tags        ShortList
	TwoFactor   Tag
	Rate        Amount
	// Hours are of a day; empty for none.
	Hours   string
	Updated Time
}

// FocusUser is one user with all that Focus tells.
type FocusUser struct {
	Name, Email string
	Avatar      Avatar
	Status      Status
	Role        Tag
	Notice      Tag
	// BackURL is the list, TrackURL the same person in Track; empty where they
	// are not known to be there.
	BackURL, TrackURL string
	Workspaces        []FocusUserWorkspace
	Groups            []FocusUserGroup
	Tags              []string
	// Notes say which names could not be read.
	Notes []Note
	// Pay, the rate and the hours, Permissions and Account are terms and values.
	Pay, Permissions, Account []Fact
}

// FocusUserWorkspace is a workspace of a Focus user, with a role for each product.
type FocusUserWorkspace struct {
	Name, URL, Products, ID, UserID string
	TrackRole, FocusRole, WorkRole  string
	Groups                          []string
}

// FocusUserGroup is a group of a Focus user.
type FocusUserGroup struct{ Name, Emoji, Detail, URL string }

// NotConnected is a page that Focus would fill.
type NotConnected struct {
	Title, Text string
	// ConnectURL leads to where Focus is connected, Track to what is there without.
	ConnectURL string
	Track      Link
}
