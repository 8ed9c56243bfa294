package views

// Group is one group as a form, beside the list that it was chosen from.
type Group struct {
	// Product is where the group is: "Focus" or "Track".
	Product, Name string
	Count         string
	// Beside is the list; All leads to it, and is its filter's address.
	Beside      []GroupRow
	Find        string
	All, NewURL string
	// Action is where the form is sent; Was is what its fields held when it was
	// opened, to see later whether somebody else changed them.
	Action, Was string
	SummaryHead string
	Summary     []SummaryLine
	Failure     string
	Conflicts   []Conflict
	Note        *Note
	NameField   Field
	// Emoji is nil where groups have none.
	Emoji         *Field
	Boxes         []WorkspaceBox
	Members       []GroupMember
	MembersCount  string
	AssignmentURL string
	Ghosts        []string
	// AccessURL says what the group gives to whom.
	AccessURL   string
	Facts       []Fact
	Changes     []Change
	DeletionURL string
	// AddURL is where members are added.
	AddURL string
	// Offer is how to learn what the group adds, where that isn't known.
	Offer *EffectsOffer
	// EffectsNote says why some of it couldn't be read.
	EffectsNote *Note
}

// WorkspaceBox is a workspace with a box to have the group give access to it.
type WorkspaceBox struct {
	ID, Name, Label string
	// Words say what the workspace is to the group, or how many it holds.
	Words       string
	On, Changed bool
	Error       FieldError
}

// GroupMember is a row of a group's members, with a box to be removed.
type GroupMember struct {
	// ID is what the box sends; Anchor is its id on the page.
	ID, Anchor, Name, Line, URL string
	Avatar                      Avatar
	Tag                         Tag
	Ticked                      bool
	Error                       FieldError
}

// membersAtOnce is how many members are shown before the rest unfolds.
const membersAtOnce = 50

// firstMembers and furtherMembers are the two parts.
func (g Group) firstMembers() []GroupMember {
	return g.Members[:min(len(g.Members), membersAtOnce)]
}

func (g Group) furtherMembers() []GroupMember { return g.Members[len(g.firstMembers()):] }

// furtherFault reports whether the folded part holds something to mend.
func (g Group) furtherFault() bool {
	for _, m := range g.furtherMembers() {
		if m.Ticked || m.Error.Text != "" {
			return true
		}
	}
	return false
}

// GroupNew is the form that makes a group.
type GroupNew struct {
	Product, Action, BackURL string
	Emoji                    *Field
	NameField, Members       Field
	Boxes                    []WorkspaceBox
	Summary                  []SummaryLine
	Note                     *Note
}

// GroupDeletion names what deleting a group takes away.
type GroupDeletion struct {
	Product, Name, Emoji        string
	Action, BackURL, ListURL    string
	Members, Workspaces         string
	MemberNames, WorkspaceNames string
	Ghosts                      string
	// Workspace is where Focus looks whether the caller may; nil in Track.
	Workspace *Field
	Refusal   []SummaryLine
	// Losses say who loses which access, and who keeps it.
	Losses GroupLosses
}

// emojis are suggestions: the field takes any text.
var emojis = []string{
	"👥", "🧭", "📐", "🎨", "🛠️", "🚚", "🌍", "📈", "🧪", "💶", "🌱", "⭐", "🚀", "💡", "📣", "📦",
	"🔧", "🧰", "🏗️", "🏢", "🏠", "💻", "📱", "🖥️", "🗂️", "📚", "📝", "📊", "🤝", "🎯", "🔍", "🔒",
	"⚙️", "🧮", "🩺", "🎓", "🎬", "📷", "🎧", "☎️", "✈️", "🚲", "🌊", "🔥", "🍀", "☀️", "🌙", "❤️",
}
