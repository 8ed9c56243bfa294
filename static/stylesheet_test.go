package static

import (
	"regexp"
	"strings"
	"testing"
)

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssText    = regexp.MustCompile(`"[^"\n]*"`)
)

// TestStyleSheetIsBalanced: a brace that is missing makes what follows a part of
// the layer before, whose rules then win over those that were to refine them.
func TestStyleSheetIsBalanced(t *testing.T) {
	content, err := embedded.ReadFile("app.css")
	if err != nil {
		t.Fatal(err)
	}
	lines := cssText.ReplaceAllString(cssComment.ReplaceAllStringFunc(string(content), onlyLines), "")
	depth := 0
	for n, line := range strings.Split(lines, "\n") {
		if strings.HasPrefix(line, "@layer") && depth != 0 {
			t.Errorf("line %d: a layer begins inside of another", n+1)
		}
		depth += strings.Count(line, "{") - strings.Count(line, "}")
	}
	if depth != 0 {
		t.Errorf("%d braces are not closed", depth)
	}
}

// onlyLines keeps the lines where they are.
func onlyLines(text string) string { return strings.Repeat("\n", strings.Count(text, "\n")) }
