package handlers

import (
	"strconv"
	"strings"
	"time"
)

// csvText is a text that no spreadsheet runs as a formula: an apostrophe, which
// they hide, comes before the sign. Nothing is taken away from it. A cell may
// begin within a text, too, behind whatever a spreadsheet takes for the end of
// one: in much of Europe that is the semicolon.
func csvText(text string) string {
	var out strings.Builder
	start := true
	for i, r := range text {
		if start && strings.ContainsRune(formulaSigns, r) || i == 0 && (r == '\t' || r == '\r') {
			out.WriteByte('\'')
		}
		out.WriteRune(r)
		start = strings.ContainsRune(cellEnds, r) || start && r == ' '
	}
	return out.String()
}

const (
	formulaSigns = "=+-@＝＋－＠" // some spreadsheets take the full-width ones too
	cellEnds     = ";\t\r\n"
)

// csvList joins a list, each text harmless by itself. Lists of the same things
// have their elements in the same places.
func csvList[T any](list []T, value func(T) string) string {
	texts := make([]string, len(list))
	for i, item := range list {
		texts[i] = value(item)
	}
	return strings.Join(texts, "; ")
}

func csvInt(n int64) string { return strconv.FormatInt(n, 10) }

func csvOptionalInt(n *int64) string { return formID(n) }

func csvNumber(n *float64) string { return formNumber(n) }

func csvFlag(b bool) string { return strconv.FormatBool(b) }

func csvOptionalFlag(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

// csvTime is RFC 3339 in UTC, empty for never.
func csvTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
