package views

// UsersExport is what an export of users holds and costs, and how far it is.
type UsersExport struct {
	BackURL string
	// Filters say in words who is in it.
	Filters string
	Facts   []Fact
	// Short warns that it would have to stop half way; nil when it wouldn't.
	Short       *Note
	DownloadURL string
	// ProgressURL is this page with the export's name; PollURL the same where
	// the page asks by itself.
	ProgressURL, PollURL string

	// State is how far it is, in words; empty before it was started.
	State       string
	Done, Total int
	Running     bool
	Finished    bool
	Stopped     *Note
	// Announce is read out when it ends.
	Announce string
}
