package handlers

import (
	"strconv"
	"strings"
)

// nameOr is a name, or what it is and its number where it has none: a link needs
// words.
func nameOr(name, kind string, id int64) string {
	if strings.TrimSpace(name) != "" {
		return name
	}
	return kind + " " + strconv.FormatInt(id, 10)
}

// uncapitalized is one of our own labels within a sentence: its first letter is one
// byte.
func uncapitalized(label string) string { return strings.ToLower(label[:1]) + label[1:] }

// compareNames is the order of lists by name, in which capitals make no
// difference.
func compareNames(a, b string) int {
	return strings.Compare(strings.ToLower(a), strings.ToLower(b))
}
