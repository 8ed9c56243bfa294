package auth

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How long what a proxy says may be, in bytes, and how many groups it may name.
const (
	maxSubject = 255 // as long as OpenID Connect allows
	maxEmail   = 320
	maxName    = 512
	// maxEncodedName is for names in which each byte takes three, and more around them.
	maxEncodedName = 4 * maxName
	maxGroup       = 512
	maxGroups      = 2000
	maxToken       = 16 << 10
	maxList        = 32 << 10
)

// sameHeader compares names of headers as the least careful of all programs on the way
// would: for CGI and its heirs, X_Forwarded_User and X-Forwarded-User are one.
func sameHeader(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if foldByte(a[i]) != foldByte(b[i]) {
			return false
		}
	}
	return true
}

func foldByte(c byte) byte {
	switch {
	case c >= 'A' && c <= 'Z':
		return c + 'a' - 'A'
	case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		return c
	}
	return '-'
}

// mentions reports whether the request has one of the headers, under any spelling.
func mentions(h http.Header, names []string) bool {
	for key := range h {
		if slices.ContainsFunc(names, func(name string) bool { return sameHeader(key, name) }) {
			return true
		}
	}
	return false
}

// oneHeader returns the value of a header that must stand there once at most, spelt as
// it should be.
func oneHeader(h http.Header, name string, limit int) (string, error) {
	if name == "" {
		return "", nil
	}
	for key, values := range h {
		if sameHeader(key, name) && (!strings.EqualFold(key, name) || len(values) > 1) {
			return "", fmt.Errorf("%w: %s is said twice, or under two spellings", ErrBadIdentity, name)
		}
	}
	value := strings.Trim(h.Get(name), " \t")
	if err := checkText(value, limit); err != nil {
		return "", fmt.Errorf("%w: %s %w", ErrBadIdentity, name, err)
	}
	return value, nil
}

// nameHeader is oneHeader for a name, which some proxies, such as Tailscale's, encode
// where it isn't ASCII (RFC 2047). Nothing else is decoded: a name is only shown, and
// what counts for more must have one spelling.
func nameHeader(h http.Header, name string) (string, error) {
	value, err := oneHeader(h, name, maxEncodedName)
	if err != nil {
		return "", err
	}
	if decoded, err := new(mime.WordDecoder).DecodeHeader(value); err == nil {
		value = decoded
	}
	if err := checkText(value, maxName); err != nil {
		return "", fmt.Errorf("%w: %s %w", ErrBadIdentity, name, err)
	}
	return value, nil
}

// checkText refuses what no name, address or group has. Its errors don't hold the text.
func checkText(s string, limit int) error {
	switch {
	case len(s) > limit:
		return fmt.Errorf("is longer than %d bytes", limit)
	case !utf8.ValidString(s):
		return errors.New("is not UTF-8")
	case strings.ContainsFunc(s, func(c rune) bool {
		return unicode.IsControl(c) || c == '\u2028' || c == '\u2029'
	}):
		return errors.New("has control characters")
	}
	return nil
}

// checkHeaderName returns the fault of an option that names a header.
func checkHeaderName(option, name string) error {
	fault := badOption(option, "must be the name of a header: letters, digits and hyphens")
	for i := range len(name) {
		if name[i] != '-' && foldByte(name[i]) == '-' {
			return fault
		}
	}
	if name == "" {
		return fault
	}
	return nil
}

// single refuses a value with a comma: the way in which two headers become one.
func single(value string, err error) (string, error) {
	if err == nil && strings.Contains(value, ",") {
		return "", fmt.Errorf("%w: two values in one header", ErrBadIdentity)
	}
	return value, err
}
