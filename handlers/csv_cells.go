package handlers

import (
	"strconv"
	"strings"
	"time"

	"roster/changes"
)

// csvText is a text that no spreadsheet runs as a formula.
func csvText(text string) string { return changes.NeutralCell(text) }

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
