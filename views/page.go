// Package views is what people see: pages, their fragments, and the view models
// they are made of, ready to print. It knows no request, no session and no
// upstream type.
package views

// Page is what every page has around its content.
type Page struct {
	// Title comes before the organization's name in the browser's tab.
	Title string
	// Failed puts "Error: " before the title, so that a screen reader says it first.
	Failed bool
	// Theme is "light", "dark" or empty for the system's.
	Theme string
	// QuietKeys turns one-key shortcuts off.
	QuietKeys bool
	// Compact makes table rows lower.
	Compact bool
	// Organization is nil outside an organization.
	Organization *OrganizationNav
	// Organizations are the person's, for the switcher.
	Organizations []OrganizationLink
	Nav           []NavItem
	// Records stand below Nav under a heading of their own; empty for none.
	Records []NavItem
	Person  Person
	// Sync says how old the data on the page is; nil where there is none.
	Sync *Sync
	// Notes stand above the page's content.
	Notes []Note
	// Flash tells once what the last action did.
	Flash []Note
	// Host is shown to someone who is about to type a secret.
	Host string
	// Here is the page's own address, for forms that come back to it.
	Here string
	// RefreshURL is asked for every few seconds where there are no scripts;
	// empty on pages that stand still.
	RefreshURL string
	// Forward is where the browser goes on to by itself; empty to stay.
	Forward string
	// Fit makes the page as high as the window on a wide screen: its parts scroll.
	Fit bool

	search bool
}

// withSearch is for a page with a box of its own to find users: the one of the
// frame, which does the same, becomes a link to it.
func (p Page) withSearch() Page {
	p.search = true
	return p
}

// Person is who is signed in.
type Person struct {
	Name, Email    string
	Initials, Tone string
	Line           string
}

// OrganizationNav is the organization that the page is about.
type OrganizationNav struct {
	Name, Initials, Plan string
	URL, UsersURL        string
}

// OrganizationLink is a choice of the switcher.
type OrganizationLink struct {
	Name, Initials, Line, URL string
	Current                   bool
}

// NavItem is a link of the side bar. Count is empty when it isn't known.
type NavItem struct {
	Label, Icon, URL, Count, Key string
	Current                      bool
	// Staged is the number of the person's staged changes; nil for other items.
	Staged *NavCount
}

// NavCount is a number that calls for attention, and its words.
type NavCount struct {
	Count int
	Label string
}

// Sync says when the data on the page was read from Toggl and how many
// requests Toggl still allows.
type Sync struct {
	Time       Time
	Quota      string
	RefreshURL string
}

// A Note is one line of what happened, in bold, then what to do.
type Note struct {
	// Kind is "ok", "warn", "bad" or empty for plain information.
	Kind string
	// Strong is what happened, Text what follows from it.
	Strong, Text string
	// Words are the API's own, shown as a quotation.
	Words string
	Link  Link
	// Details are small print, such as a request id for support.
	Details string
	Trace   Trace
}

// Link is an address and its words.
type Link struct{ Label, URL string }

// Icon returns the note's symbol.
func (n Note) Icon() string {
	switch n.Kind {
	case "ok":
		return "circle-check"
	case "warn":
		return "triangle-alert"
	case "bad":
		return "circle-alert"
	default:
		return "info"
	}
}

// Role returns the ARIA role: failures interrupt, the rest waits its turn.
func (n Note) Role() string {
	if n.Kind == "bad" {
		return "alert"
	}
	return "status"
}

// Tag is an exception that deserves colour. An empty Class is grey; Plain is
// the usual value, without a box.
type Tag struct {
	Text, Icon, Class string
	Plain             bool
}

// Time is a moment in words with its exact form behind it. The zero Time
// prints a dash.
type Time struct{ Text, Datetime, Exact string }

// Avatar is a circle with initials. Pictures from other hosts are not loaded,
// so that no visitor's address leaks.
type Avatar struct{ Initials, Tone string }

// Fact is a term and its value.
type Fact struct {
	Term, Value string
	Time        Time
	Hint        string
}

// FieldError is what is wrong with a field. API is true when the words are
// Toggl's.
type FieldError struct {
	Text  string
	API   bool
	Trace Trace
}

// Trace is what Toggl Focus calls a failure, for its support: small print that
// opens. The zero Trace prints nothing.
type Trace struct{ Code, ID string }

// describedBy names the elements that describe a field: its hint, and its
// error when it has one.
func describedBy(name string, errors map[string]FieldError) string {
	if errors[name].Text == "" {
		return name + "-hint"
	}
	return name + "-hint " + name + "-error"
}
