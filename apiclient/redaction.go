package apiclient

import (
	"net/http"
	"strings"
)

// shortestSecret is the length from which a credential is told from ordinary words.
const shortestSecret = 6

// secretOf is what signed the request: whatever quotes it back must not be repeated.
func secretOf(r *http.Request) string {
	user, password, ok := r.BasicAuth()
	switch {
	case ok && password == "api_token":
		return user
	case ok:
		return password
	}
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// withhold takes a secret out of words of the upstream's that are shown or logged.
func withhold(words, secret string) string {
	if len(secret) < shortestSecret {
		return words
	}
	return strings.ReplaceAll(words, secret, redacted)
}
