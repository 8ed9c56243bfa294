package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestAttacksOnTheWire: what two programs could read in two ways is refused, and no
// second request hides in a first one.
func TestAttacksOnTheWire(t *testing.T) {
	const hidden = "GET /sign-out HTTP/1.1\r\nHost: x\r\n\r\n"
	lines := func(first string, rest ...string) func(*scene) string {
		return func(s *scene) string {
			text := strings.Join(append([]string{first}, rest...), "\r\n")
			return strings.NewReplacer("{id}", s.sessionID(), "{org}", s.orgURL()).Replace(text)
		}
	}
	post := []string{"Host: 127.0.0.1", "Cookie: roster={id}", "Sec-Fetch-Site: same-origin", "Content-Type: application/x-www-form-urlencoded", "Connection: close"}
	form := func(rest ...string) func(*scene) string {
		return lines("POST {org}/name HTTP/1.1", append(append([]string{}, post...), rest...)...)
	}
	get := func(first string, rest ...string) func(*scene) string {
		return lines(first, append(rest, "Connection: close", "", "")...)
	}
	withstand(t, ownersScene, []attack{
		{name: "two lengths", wire: form("Content-Length: 9", "Content-Length: 0", "", "name=Mine"), status: http.StatusBadRequest},
		{name: "a length with a sign", wire: form("Content-Length: +9", "", "name=Mine"), status: http.StatusBadRequest},
		{name: "a negative length", wire: form("Content-Length: -9", "", "name=Mine"), status: http.StatusBadRequest},
		{name: "a length in another notation", wire: form("Content-Length: 0x9", "", "name=Mine"), status: http.StatusBadRequest},
		{name: "chunks with a blank in their name", wire: form("Transfer-Encoding: chunked ,identity", "", "0", "", hidden), status: http.StatusNotImplemented},
		{name: "chunks under two names", wire: form("Transfer-Encoding: chunked", "Transfer-Encoding: identity", "", "0", "", hidden), status: http.StatusNotImplemented},
		{name: "a chunk of a size that is none", wire: form("Transfer-Encoding: chunked", "", "-1", "name=Mine", "0", "", ""), status: http.StatusBadRequest},
		{name: "a blank before a colon", wire: get("GET /settings HTTP/1.1", "Host : 127.0.0.1"), status: http.StatusBadRequest},
		{name: "no host", wire: get("GET /settings HTTP/1.1"), status: http.StatusBadRequest},
		{name: "two hosts", wire: get("GET /settings HTTP/1.1", "Host: 127.0.0.1", "Host: evil.example"), status: http.StatusBadRequest},
		{name: "a host that is none", wire: get("GET /settings HTTP/1.1", "Host: evil.example/<b>"), status: http.StatusBadRequest},
		{name: "a NUL in a header", wire: get("GET /settings HTTP/1.1", "Host: 127.0.0.1", "X-Request-Id: a\x00b"), status: http.StatusBadRequest},
		{name: "a NUL in the address", wire: get("GET /set\x00tings HTTP/1.1", "Host: 127.0.0.1"), status: http.StatusBadRequest},
		{name: "a blank in the address", wire: get("GET /set tings HTTP/1.1", "Host: 127.0.0.1"), status: http.StatusBadRequest},
		{name: "another protocol", wire: get("GET /settings HTTP/9.9", "Host: 127.0.0.1"), status: http.StatusHTTPVersionNotSupported},
		{name: "an expectation nobody knows", wire: form("Content-Length: 9", "Expect: 101-evil", "", "name=Mine"), status: http.StatusExpectationFailed},
		{name: "a whole address, of another host", wire: get("GET http://evil.example/settings HTTP/1.1", "Host: 127.0.0.1"), status: http.StatusSeeOther, then: leadsTo("/sign-in?return_to=%2Fsettings")},
		{name: "an address that begins like a host", wire: get("GET //evil.example/%2e%2e HTTP/1.1", "Host: 127.0.0.1"), status: http.StatusNotFound},
		{name: "an address that is a backslash and a host", wire: get(`GET /\evil.example HTTP/1.1`, "Host: 127.0.0.1"), status: http.StatusNotFound},
		{name: "no address", wire: get("GET * HTTP/1.1", "Host: 127.0.0.1"), status: http.StatusNotFound},
		{name: "a tunnel", wire: get("CONNECT evil.example:443 HTTP/1.1", "Host: evil.example:443"), status: http.StatusNotFound},
		{name: "dots to the program's own files", wire: get("GET /static/../main.go HTTP/1.1", "Host: 127.0.0.1"), status: http.StatusNotFound},
		{name: "encoded dots to its files", wire: get("GET /static/%2e%2e/%2e%2e/go.mod HTTP/1.1", "Host: 127.0.0.1"), status: http.StatusNotFound},
		{name: "encoded slashes to its files", wire: get("GET /static/..%2f..%2fgo.mod HTTP/1.1", "Host: 127.0.0.1"), status: http.StatusNotFound},
		{name: "a whole path as a file", wire: get("GET /static//etc/passwd HTTP/1.1", "Host: 127.0.0.1"), status: http.StatusNotFound},
	})
}
