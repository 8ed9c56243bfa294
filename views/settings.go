package views

// Settings are the person's connections and how pages look.
type Settings struct {
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
