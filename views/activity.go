package views

// Activity is the log of changes, newest first.
type Activity struct {
	Action                 string
	Person, Target         Field
	Operation, Result      Field
	From, To               Field
	Filtered               bool
	ClearURL               string
	Rows                   []ActivityRow
	NewestURL, OlderURL    string
	CSVURL, JSONLURL       string
	EmptyStrong, EmptyText string
}

// ActivityRow is one change, with what became of it.
type ActivityRow struct {
	ID     string
	Title  string
	Target string
	// TargetURL is the page of what was changed, AboutURL and WhoURL the log of it
	// and of the person.
	TargetURL, AboutURL string
	Who, WhoURL         string
	Time                Time
	State               Tag
	Error               FieldError
	Fields              []ActivityField
	Details             []Fact
}

// ActivityField is one value before and after. Old is empty where it wasn't known.
type ActivityField struct{ Label, Old, New string }
