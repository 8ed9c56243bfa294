package views

// ChosenUser is one of the people that something is about to be done to.
type ChosenUser struct {
	// URL is empty for somebody of whom only the id is known.
	ID, URL, Name, Email string
	Avatar               Avatar
	Status               Status
	Role                 Tag
	You                  bool
	// Was and Now are what changes, in words; empty where it is the same for all.
	Was, Now string
	// Why says why the person is left out.
	Why string
	// Error is what Toggl said of this person.
	Error FieldError
}

// Chosen are the people that a page names, and those that it leaves out.
type Chosen struct {
	Rows    []ChosenUser
	LeftOut []ChosenUser
	// Kept are the form fields that name the people in Rows again.
	Kept    []Parameter
	BackURL string
}
