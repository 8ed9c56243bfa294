package views

// Settings are the person's connections and how pages look.
type Settings struct {
	// Shared says whose name Toggl sees, where everybody goes by one account; nil
	// where people have connections of their own.
	Shared *Connection
	// Kept is what becomes of the connection after the session; nil where it is
	// typed at each sign-in anyway.
	Kept *Kept
	// Identity is who the person is to Roster.
	Identity []Fact
	// NoRole: there is nothing to connect for.
	NoRole bool

	Track Connection
	Focus Connection
	// FocusOrganizations are choices where the person has several organizations.
	FocusOrganizations []Option
	// FocusReturn is where connecting Focus leads to; empty for nowhere else.
	FocusReturn string
	// FocusOrganizationID is what was typed.
	FocusOrganizationID string
	Errors              map[string]FieldError
	Theme               []Option
	Density             []Option
	QuietKeys           bool
	Keys                []Key
}

// Connection says who Toggl sees; never with what secret.
type Connection struct {
	Connected bool
	As        string
	Detail    string
	Time      Time
	Quotas    []Fact
}

// Kept is whether the connection waits for the next sign-in.
type Kept struct {
	Connected, MayKeep bool
	// Since is when it was kept; empty where it isn't.
	Since Time
	// Unreadable: it is kept, but can't be opened any more.
	Unreadable bool
}

// Option is a choice of a select or radio group.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Key is a shortcut.
type Key struct {
	Does string
	Keys []string
}
