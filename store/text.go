package store

import "strings"

// storable makes text fit for every database: PostgreSQL takes neither a zero byte
// nor what isn't UTF-8, and a hostile name must not keep a change from being logged.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// fold is the form in which names are compared when searched, the same in every
// database.
func fold(text string) string { return strings.ToLower(text) }

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// containing is the pattern for LIKE … ESCAPE '\' that finds texts with this part.
func containing(part string) string { return "%" + likeEscaper.Replace(part) + "%" }
