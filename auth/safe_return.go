package auth

import (
	"net/url"
	"slices"
	"strings"
)

// maxReturn is the length of the longest return address that is followed.
const maxReturn = 2048

// SafeReturn returns address if it is a path on this site, as a browser would follow
// it, and "/" otherwise. The fragment is dropped; sign-in and sign-out are no place to
// return to. The result is printable ASCII and begins with exactly one slash.
func SafeReturn(address string) string {
	if address == "" || len(address) > maxReturn || address[0] != '/' || strings.HasPrefix(address, "//") {
		return "/"
	}
	// Browsers drop tabs and line ends and take a backslash for a slash.
	if strings.ContainsFunc(address, func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '\\' }) {
		return "/"
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return "/"
	}
	if !safePath(u.EscapedPath()) {
		return "/"
	}
	if u.RawQuery == "" {
		return u.EscapedPath()
	}
	return u.EscapedPath() + "?" + u.RawQuery
}

// safePath also judges what the path would be once a proxy has decoded it.
func safePath(escaped string) bool {
	path, err := url.PathUnescape(escaped)
	if err != nil || !strings.HasPrefix(path, "/") || strings.Contains(path, "//") {
		return false
	}
	if strings.ContainsFunc(path, func(c rune) bool { return c < ' ' || c == 0x7f || c == '\\' }) {
		return false
	}
	segments := strings.Split(path, "/")
	if slices.Contains(segments, ".") || slices.Contains(segments, "..") {
		return false
	}
	return segments[1] != "sign-in" && segments[1] != "sign-out"
}
