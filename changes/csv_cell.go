package changes

import "strings"

const (
	formulaSigns = "=+-@＝＋－＠" // some spreadsheets take the full-width ones too
	cellEnds     = ";\t\r\n"
)

// NeutralCell is a text that no spreadsheet runs as a formula: an apostrophe, which
// they hide, comes before the sign. Nothing is taken away from it. A cell may begin
// within a text, too, behind whatever a spreadsheet takes for the end of one: in much
// of Europe that is the semicolon.
func NeutralCell(text string) string {
	var out strings.Builder
	start := true
	for i, r := range text {
		if start && strings.ContainsRune(formulaSigns, r) || i == 0 && (r == '\t' || r == '\r') {
			out.WriteByte('\'')
		}
		out.WriteRune(r)
		start = startsCell(start, r)
	}
	return out.String()
}

// plainText is what NeutralCell was given.
func plainText(text string) string {
	var out strings.Builder
	start := true
	runes := []rune(text)
	for i, r := range runes {
		if start && r == '\'' && i+1 < len(runes) && (strings.ContainsRune(formulaSigns, runes[i+1]) || i == 0 && (runes[1] == '\t' || runes[1] == '\r')) {
			continue
		}
		out.WriteRune(r)
		start = startsCell(start, r)
	}
	return out.String()
}

func startsCell(start bool, before rune) bool {
	return strings.ContainsRune(cellEnds, before) || start && before == ' '
}
