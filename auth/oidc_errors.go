package auth

import (
	"fmt"
	"strings"
	"unicode"
)

const (
	maxErrorCode   = 64  // bytes of a provider's error code
	maxErrorDetail = 300 // bytes of somebody else's words in an error
)

type badAnswerError struct{}

func (badAnswerError) Error() string { return "auth: the OpenID provider's answer can't be trusted" }

// Unwrap makes it an ErrProvider.
func (badAnswerError) Unwrap() error { return ErrProvider }

// A RefusedError says why the provider let nobody in. It is an [ErrSignInRefused].
type RefusedError struct {
	// Code is the provider's, of lower-case letters, digits and underscores; anything
	// else that it sent is "unknown".
	Code string
	// Description is the provider's words, for the log: printable and at most 300
	// bytes, but not ours. Pages show Words.
	Description string
}

// Error has the code and the description.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("%v: %s: %s", ErrSignInRefused, e.Code, e.Description)
}

// Unwrap makes it an ErrSignInRefused.
func (*RefusedError) Unwrap() error { return ErrSignInRefused }

// Words say it to the person, in a sentence of ours.
func (e *RefusedError) Words() string {
	switch e.Code {
	case "access_denied":
		return "Your identity provider did not let you in, or the sign-in was cancelled."
	case "login_required", "interaction_required", "consent_required", "account_selection_required":
		return "Your identity provider wants you to sign in there first."
	case "temporarily_unavailable", "server_error":
		return "Your identity provider has a problem at the moment. Try again in a minute."
	case "unauthorized_client", "invalid_client", "invalid_scope", "invalid_request", "unsupported_response_type":
		return "Your identity provider does not accept how Roster is set up there. Tell whoever runs Roster."
	default:
		return "Your identity provider refused the sign-in."
	}
}

func refused(code, description string) *RefusedError {
	return &RefusedError{Code: safeCode(code), Description: safeDetail(description)}
}

// safeCode is a code of RFC 6749 or OpenID Connect, or "unknown".
func safeCode(code string) string {
	strange := func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' }
	if code == "" || len(code) > maxErrorCode || strings.ContainsFunc(code, strange) {
		return "unknown"
	}
	return code
}

// safeDetail is what somebody else said, fit for a log.
func safeDetail(s string) string {
	s = strings.ToValidUTF8(s[:min(len(s), maxErrorDetail)], "")
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return ' '
		}
		return c
	}, s)
}
