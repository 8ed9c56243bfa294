package handlers_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"roster/auth"
)

// TestAttacksOnForms: what a form says beyond its fields counts for nothing, and
// what is no form is none.
func TestAttacksOnForms(t *testing.T) {
	rename := func(s *scene) string { return s.orgURL() + "/name" }
	withstand(t, ownersScene, []attack{
		{
			name: "JSON", status: http.StatusUnsupportedMediaType,
			request: func(s *scene) *http.Request { return s.submitAs("application/json", rename(s), `{"name":"Mine"}`) },
		},
		{
			name: "plain text, as a form of another site may send", status: http.StatusUnsupportedMediaType,
			request: func(s *scene) *http.Request { return s.submitAs("text/plain", rename(s), "name=Mine") },
		},
		{
			name: "a form in parts, where there is no file", status: http.StatusUnsupportedMediaType,
			request: func(s *scene) *http.Request {
				kind, body := parts(s.t, "name", "Mine")
				return s.submitAs(kind, rename(s), body)
			},
		},
		{
			name: "no kind at all", status: http.StatusUnsupportedMediaType,
			request: func(s *scene) *http.Request { return s.submitAs("", rename(s), "name=Mine") },
		},
		{
			name: "a kind that says two things", status: http.StatusUnsupportedMediaType,
			request: func(s *scene) *http.Request {
				return s.submitAs("application/x-www-form-urlencoded, text/plain", rename(s), "name=Mine")
			},
		},
		{
			name: "a gzip bomb", status: http.StatusBadRequest,
			request: func(s *scene) *http.Request {
				return s.submitAs("application/x-www-form-urlencoded", rename(s), zeros(s.t, 64<<20), saying("Content-Encoding", "gzip"))
			},
		},
		{
			name: "a million fields", status: http.StatusBadRequest,
			request: func(s *scene) *http.Request {
				return s.submitAs("application/x-www-form-urlencoded", rename(s), strings.Repeat("&a", 500_000))
			},
		},
		{
			name: "two megabytes", status: http.StatusRequestEntityTooLarge,
			request: func(s *scene) *http.Request {
				return s.submit(rename(s), url.Values{"name": {strings.Repeat("a", 2<<20)}})
			},
		},
		{
			name: "two megabytes in chunks, of which nobody says how many", status: http.StatusRequestEntityTooLarge,
			request: func(s *scene) *http.Request {
				r := s.submit(rename(s), nil)
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader("name="+strings.Repeat("a", 2<<20))), -1
				return r
			},
		},
		{
			name: "the name in the address, none in the form", status: http.StatusUnprocessableEntity, sends: "UpdateOrganization",
			request: func(s *scene) *http.Request { return s.submit(rename(s)+"?name=Mine", nil) },
			then: func(s *scene, _ page) {
				if body := s.sentBody("UpdateOrganization"); strings.Contains(body, "Mine") {
					s.t.Errorf("sent %s", body)
				}
			},
		},
		{
			name: "another organization in the form and the query", status: http.StatusSeeOther, sends: "UpdateOrganization",
			request: func(s *scene) *http.Request {
				return s.submit(rename(s)+"?organization_id=1", url.Values{"organization_id": {"1"}, "id": {"1"}, "name": {"Mine"}, "permissions": {"all"}})
			},
			then: func(s *scene, _ page) {
				requests := s.upstream.Requests()
				if r := requests[0]; r.Path != "/api/v9/organizations/"+number(s.org) || r.Body != `{"name":"Mine"}` {
					s.t.Errorf("sent %s to %s", r.Body, r.Path)
				}
			},
		},
		{
			name: "a role of Roster's own", status: http.StatusForbidden,
			arrange: func(s *scene) {
				s.become(auth.RoleViewer)
				s.post("/settings/appearance", url.Values{"theme": {"dark"}, "role": {"editor"}, "Role": {"editor"}, "user_id": {"1"}}).want(http.StatusSeeOther)
			},
			request: func(s *scene) *http.Request { return s.submit(rename(s), renames) },
		},
		{
			name: "a role in the cookies", status: http.StatusForbidden,
			arrange: func(s *scene) { s.become(auth.RoleViewer) },
			request: func(s *scene) *http.Request {
				return s.submit(rename(s), renames, saying("Cookie", "role=editor; admin=true"))
			},
		},
		{
			name: "a demo person, at a server that is no demo", status: http.StatusUnprocessableEntity,
			arrange: (*scene).elsewhere,
			request: func(s *scene) *http.Request { return s.submit("/sign-in", url.Values{"demo": {"owner"}}) },
		},
		{
			name: "a draft that leads to what it was not written on", status: http.StatusOK,
			arrange: (*scene).elsewhere,
			request: func(s *scene) *http.Request {
				return s.submit("/sign-in", url.Values{
					"api_token": {s.upstream.Owner().APIToken}, "return_to": {"/settings"},
					"draft": {`name="><script>alert(1)</script>&action=https://evil.example/&formaction=x`},
				})
			},
			then: func(s *scene, got page) {
				if got.Find("script:not([src]), [formaction]").Length() != 0 {
					s.t.Error("what was typed is an element")
				}
			},
		},
	})
}

// TestAttacksWithText: whatever stands in a parameter is text, or refused, and
// never a fault of ours.
func TestAttacksWithText(t *testing.T) {
	var attacks []attack
	noText := map[string]bool{"a NUL": true, "no UTF-8": true, "overlong UTF-8": true, "half a letter": true, "half a pair": true}
	for name, text := range map[string]string{
		"a NUL": "a\x00b", "no UTF-8": "a\xff\xfeb", "overlong UTF-8": "a\xc0\xafb", "half a letter": "a\xe2\x82", "half a pair": "a\xed\xa0\x80b",
		"line ends": "a\r\nSet-Cookie: evil=1\r\n\r\n<b>", "markup": `<img src="https://evil.example/">`, "a quotation": `'); DROP TABLE sessions;--`,
		"a directive": `{"$ne":null}`, "ten thousand letters": strings.Repeat("ä", 10_000), "a terminal": "\x1b]0;evil\x07",
		"a line of the log": `x","level":"INFO","msg":"signed in","planted":"yes`,
	} {
		status := http.StatusOK
		if noText[name] {
			status = http.StatusBadRequest
		}
		attacks = append(attacks,
			attack{
				name: name + " in a search", status: status,
				request: func(s *scene) *http.Request { return s.visit(s.users("filter=" + escape(text))) },
				then: func(s *scene, got page) {
					if !utf8.ValidString(got.body) || strings.Contains(got.body, "\x00") {
						s.t.Error("the page is no text")
					}
				},
			},
			attack{
				name: name + " in a path", status: http.StatusNotFound,
				request: func(s *scene) *http.Request { return s.visit(s.orgURL() + "/users/" + url.PathEscape(text)) },
			},
			attack{
				name: name + " in a form", status: map[bool]int{true: http.StatusBadRequest, false: http.StatusSeeOther}[noText[name]],
				request: func(s *scene) *http.Request {
					return s.submit("/settings/appearance", url.Values{"theme": {text}, text: {text}, "return_to": {text}})
				},
			},
			attack{
				name: name + " in headers", status: http.StatusOK,
				request: func(s *scene) *http.Request {
					safe := strings.NewReplacer("\r", "", "\n", "", "\x00", "", "\x1b", "", "\x07", "").Replace(text)
					r := s.visit(s.users("filter=a"), saying("X-Request-Id", safe), saying("Referer", safe), saying("Accept-Language", safe), saying("User-Agent", safe), saying("X-Forwarded-For", safe))
					return asHTMX(r, safe)
				},
			},
		)
	}
	withstand(t, ownersScene, attacks)
}

func parts(t testing.TB, name, value string) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	must(t, w.WriteField(name, value))
	must(t, w.Close())
	return w.FormDataContentType(), b.String()
}

func zeros(t testing.TB, size int) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(make([]byte, size))
	must(t, err)
	must(t, w.Close())
	return b.String()
}
