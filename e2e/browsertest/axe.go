package browsertest

import (
	"encoding/json"
	"os"
	"strings"
	"sync"

	"github.com/playwright-community/playwright-go"
)

// wcag names axe's rules for WCAG 2.2, levels A and AA.
var wcag = []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"}

// What lies under an open menu is out of reach until that is closed.
const runAxe = `async rules => {
	const open = [...document.querySelectorAll(':popover-open')]
	const {violations} = await axe.run(open.length ? {include: open} : document, {runOnly: rules, resultTypes: ['violations']})
	return JSON.stringify(violations)
}`

// A Violation is one rule of axe that a page breaks.
type Violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// String names the rule and each element that breaks it.
func (v Violation) String() string {
	var text strings.Builder
	text.WriteString(v.ID + ": " + v.Help)
	for _, node := range v.Nodes {
		text.WriteString("\n  " + node.HTML + "\n    " + strings.ReplaceAll(node.Summary, "\n", "\n    "))
	}
	return text.String()
}

var axeSource = sync.OnceValues(func() (string, error) {
	source, err := os.ReadFile(findAxe())
	return string(source), err
})

// Violations runs axe on the page as it is now, or on the menus that are open
// on it. It needs scripts.
func (p *Page) Violations() []Violation {
	p.t.Helper()
	return p.runAxe(wcag...)
}

// runAxe runs the rules with these tags or names.
func (p *Page) runAxe(rules ...string) []Violation {
	p.t.Helper()
	source, err := axeSource()
	p.Must(err)
	// Evaluated, not added as a script tag: the policy of the page refuses that.
	_, err = p.Evaluate(source)
	p.Must(err)
	answer, err := p.Evaluate(runAxe, rules)
	p.Must(err)
	var found []Violation
	text, _ := answer.(string)
	p.Must(json.Unmarshal([]byte(text), &found))
	return found
}

// Accessible fails the test for each rule of WCAG 2.2 AA that axe finds broken.
func (p *Page) Accessible() {
	p.t.Helper()
	for _, violation := range p.Violations() {
		p.t.Errorf("axe at %s: %s", p.URL(), violation)
	}
}

// AccessibleInTheDark is Accessible for what alone is different in the dark, the
// colours, of a page that is light: there is no need to open it again.
func (p *Page) AccessibleInTheDark() {
	p.t.Helper()
	p.Must(p.EmulateMedia(playwright.PageEmulateMediaOptions{ColorScheme: playwright.ColorSchemeDark}))
	for _, violation := range p.runAxe("color-contrast") {
		p.t.Errorf("axe in the dark at %s: %s", p.URL(), violation)
	}
	p.Must(p.EmulateMedia(playwright.PageEmulateMediaOptions{ColorScheme: playwright.ColorSchemeLight}))
}
