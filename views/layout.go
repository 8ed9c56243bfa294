package views

import "roster/static"

// htmxConfig: no style sheet of htmx's own, no settling (it would copy style
// attributes, which the content security policy forbids), and Back is a real
// reload, so that after sign-out it shows the sign-in page.
const htmxConfig = `{"includeIndicatorCSS":false,"defaultSettleDelay":0,"defaultTimeout":30000,"history":"reload"}`

// refreshAfter comes before the address in <meta http-equiv="refresh">.
const refreshAfter = "5;url="

const product = "Roster"

func (p Page) fullTitle() string {
	title := product
	if p.Organization != nil && p.Organization.Name != p.Title {
		title = p.Organization.Name + " · " + title
	}
	if p.Title != "" {
		title = p.Title + " · " + title
	}
	if p.Failed {
		title = "Error: " + title
	}
	return title
}

// spriteURL is looked up once: pages have hundreds of icons.
var spriteURL = static.URL("icons.svg") + "#"

func iconURL(name string) string { return spriteURL + name }

// IconURL is the address of a symbol, for views that have very many.
func IconURL(name string) string { return iconURL(name) }
