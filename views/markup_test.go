package views

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
)

// TestMarkupIsEscaped: what is written in Go escapes what it is given, as templ
// does, and leaves no address that runs a script.
func TestMarkupIsEscaped(t *testing.T) {
	const hostile = `"><b>&'`
	cell := AssignmentCell{Value: hostile, Label: hostile, Workspace: hostile}
	for name, part := range map[string]templ.Component{
		"icon":      iconClass(hostile, hostile),
		"avatar":    avatar(Avatar{Initials: hostile, Tone: hostile}, hostile),
		"who":       who(Avatar{}, "javascript:alert(1)", hostile, hostile),
		"when":      when(Time{Text: hostile, Datetime: hostile, Exact: hostile}),
		"plain tag": tag(Tag{Text: hostile, Plain: true}),
		"tag":       tag(Tag{Text: hostile, Icon: hostile, Class: hostile}),
		"status":    status(Status{Text: hostile, Class: hostile}),
		"list":      shortList(ShortList{Text: hostile, More: hostile}),
		"value":     orDash(hostile),
		"cell":      usualCell{&cell},
		"row's box": rowBox{hostile, hostile, true},
		"row menu":  rowMenuLink{"javascript:alert(1)", hostile},
		"grant":     grantCell{hostile, &Grant{Allowed: true, Conditions: []string{hostile}}},
	} {
		var out strings.Builder
		if err := part.Render(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); strings.Contains(got, "<b>") || strings.Contains(got, "javascript:") || !strings.Contains(got, "&#34;&gt;&lt;b&gt;&amp;&#39;") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
