package views

// Batch is how far a change of many users is.
type Batch struct {
	Title, BackURL string
	// State is "5 of 12 done" in words; Done and Total fill the bar.
	State       string
	Done, Total string
	// PollURL is asked every few seconds while Running.
	Running bool
	PollURL string
	Note    *Note
	Tabs    []Tab
	Rows    []BatchRow
	Empty   string
	// Prev and Next are other parts of a long list.
	Range, Prev, Next string
	// StopURL is empty when there is nothing to stop.
	StopURL string
	// RetryURL is empty when there is nothing to send again.
	RetryURL, RetryLabel string
	// Announce is read out when it has ended.
	Announce string
}

// BatchRow is what became of one user's change.
type BatchRow struct {
	ID, URL, Name, Email string
	Avatar               Avatar
	State                Tag
	Error                FieldError
	Time                 Time
}
