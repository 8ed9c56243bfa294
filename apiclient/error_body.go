package apiclient

import (
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMessage is the most of upstream's words, in characters, that is kept.
const maxMessage = 500

// parseErrorBody reads what is for the person from the body of a refusal: a
// JSON text, else an object with one of the known members, else plain text.
// HTML gives nothing.
func parseErrorBody(body []byte) (message, code, trace string) {
	var value any
	if unmarshal(body, &value) != nil {
		return sentence(string(body)), "", ""
	}
	if members, ok := value.(map[string]any); ok {
		code, _ = members["error"].(string)
		trace, _ = members["trace_id"].(string)
	}
	if !codeForm.MatchString(code) {
		code = ""
	}
	return sentence(words(value, 0)), code, cleanID(trace)
}

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9_.-]{0,63}$`)

// words finds the text for the person in a decoded error body.
func words(value any, depth int) string {
	const deepest = 4
	if depth > deepest {
		return ""
	}
	switch v := value.(type) {
	case string:
		return v
	case []any:
		var parts []string
		for _, element := range v {
			if part := words(element, depth+1); part != "" {
				parts = append(parts, part)
			}
		}
		return strings.Join(parts, "; ")
	case map[string]any:
		for _, name := range []string{"error_description", "message", "error_message", "errors", "error"} {
			if text := words(v[name], depth+1); text != "" {
				return text
			}
		}
	}
	return ""
}

// sentence makes one safe line of a text from upstream: no HTML, no control
// characters, at most maxMessage characters.
func sentence(text string) string {
	// Enough for maxMessage characters of any length, and no more work than that.
	if len(text) > 4*maxMessage {
		text = text[:4*maxMessage]
	}
	text = strings.ToValidUTF8(text, "")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), overridesDirection(r):
			return -1
		}
		return r
	}, text)
	text = strings.TrimSpace(text)
	if looksLikeHTML(text) {
		return ""
	}
	if utf8.RuneCountInString(text) <= maxMessage {
		return text
	}
	return string([]rune(text)[:maxMessage-1]) + "…"
}

// overridesDirection finds the marks that could make the words around a message
// read differently.
func overridesDirection(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

func looksLikeHTML(text string) bool {
	if strings.HasPrefix(text, "<") {
		return true
	}
	text = strings.ToLower(text)
	for _, tag := range []string{"<html", "<!doctype", "<head", "<body", "<title"} {
		if strings.Contains(text, tag) {
			return true
		}
	}
	return false
}

// traceID is what upstream calls the request in its headers.
func traceID(header http.Header) string {
	if id := cleanID(header.Get("X-Toggl-Request-Id")); id != "" {
		return id
	}
	return cleanID(header.Get("X-Request-Id"))
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func cleanID(id string) string {
	if idForm.MatchString(id) {
		return id
	}
	return ""
}
