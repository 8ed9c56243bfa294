package apiclient

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"unicode"
)

// Credentials are a person's keys to the two APIs: an API token, or an email
// address and a password, for Track; a Focus key for Focus. Either side may be
// missing. They print as "[redacted]" in every way.
type Credentials struct {
	APIToken, Email, Password, FocusKey string
}

const redacted = "[redacted]"

// String redacts.
func (Credentials) String() string { return redacted }

// GoString redacts.
func (Credentials) GoString() string { return redacted }

// Format redacts whatever the verb.
func (Credentials) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte(redacted)) }

// LogValue redacts.
func (Credentials) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON redacts.
func (Credentials) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// track is the user and password of Basic authentication, if there are any.
func (c Credentials) track() (user, password string, ok bool) {
	if c.APIToken != "" {
		return c.APIToken, "api_token", true
	}
	return c.Email, c.Password, c.Email != "" && c.Password != ""
}

// An authorizer signs a request. As a function it keeps the credential out of
// everything that prints a Client.
type authorizer func(*http.Request)

func basic(user, password string) authorizer {
	return func(r *http.Request) { r.SetBasicAuth(user, password) }
}

// bearer signs with a key. One that can't stand in a header is sent without
// what makes it so, and refused upstream like any wrong one.
func bearer(key string) authorizer {
	key = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, key)
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+key) }
}
