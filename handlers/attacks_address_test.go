package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"roster/auth"
)

// renames is what an attacker wants sent.
var renames = url.Values{"name": {"Mine"}, "confirmed": {"true"}}

// TestAttacksOnAddresses: an address is what it is in one spelling alone, so no
// twin of it goes round the rule of its route. Here a viewer tries to change.
func TestAttacksOnAddresses(t *testing.T) {
	viewers := func(t testing.TB) *scene {
		s := ownersScene(t)
		s.become(auth.RoleViewer)
		return s
	}
	var attacks []attack
	for _, twin := range []struct {
		name   string
		path   func(org string) string
		status int
	}{
		{"a slash at the end", func(org string) string { return org + "/name/" }, http.StatusNotFound},
		{"two slashes", func(org string) string { return org + "//name" }, http.StatusNotFound},
		{"two slashes at the beginning", func(org string) string { return "/" + org + "/name" }, http.StatusNotFound},
		{"a dot", func(org string) string { return org + "/./name" }, http.StatusNotFound},
		{"two dots", func(org string) string { return org + "/x/../name" }, http.StatusNotFound},
		{"encoded dots", func(org string) string { return org + "/x/%2e%2e/name" }, http.StatusNotFound},
		{"an encoded slash", func(org string) string { return org + "%2fname" }, http.StatusMethodNotAllowed},
		{"an encoded slash at the end", func(org string) string { return org + "/name%2f" }, http.StatusNotFound},
		{"an encoded letter", func(org string) string { return org + "/n%61me" }, http.StatusNotFound},
		{"a letter encoded twice", func(org string) string { return org + "/n%2561me" }, http.StatusNotFound},
		{"capitals", func(org string) string { return org + "/NAME" }, http.StatusNotFound},
		{"capitals at the beginning", func(org string) string { return strings.ToUpper(org) + "/name" }, http.StatusNotFound},
		{"a parameter after a semicolon", func(org string) string { return org + "/name;role=editor" }, http.StatusNotFound},
		{"a semicolon in between", func(org string) string { return org + ";a=b/name" }, http.StatusForbidden},
		{"a backslash", func(org string) string { return org + `%5cname` }, http.StatusMethodNotAllowed},
		{"a NUL", func(org string) string { return org + "/name%00" }, http.StatusNotFound},
		{"a NUL and another ending", func(org string) string { return org + "/name%00.css" }, http.StatusNotFound},
		{"a line end", func(org string) string { return org + "/name%0d%0a" }, http.StatusNotFound},
		{"a space", func(org string) string { return org + "/name%20" }, http.StatusNotFound},
		{"an ending", func(org string) string { return org + "/name.css" }, http.StatusNotFound},
		{"overlong UTF-8", func(org string) string { return org + "%c0%afname" }, http.StatusMethodNotAllowed},
		{"a number with a sign", func(org string) string { return strings.Replace(org, "/orgs/", "/orgs/+", 1) + "/name" }, http.StatusForbidden},
		{"a number with a zero before it", func(org string) string { return strings.Replace(org, "/orgs/", "/orgs/0", 1) + "/name" }, http.StatusForbidden},
		{"an open route before it", func(org string) string { return "/static/.." + org + "/name" }, http.StatusMethodNotAllowed},
		{"an open route after it", func(org string) string { return org + "/name/sign-in" }, http.StatusNotFound},
		{"a query that looks like an open route", func(org string) string { return org + "/name?/sign-in" }, http.StatusForbidden},
	} {
		attacks = append(attacks, attack{
			name:    twin.name,
			request: func(s *scene) *http.Request { return s.submit(twin.path(s.orgURL()), renames) },
			status:  twin.status,
		})
	}
	for _, header := range []string{"X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Path", "X-Forwarded-Prefix"} {
		attacks = append(attacks, attack{
			name: "the address in " + header,
			request: func(s *scene) *http.Request {
				return s.submit("/settings/appearance", renames, saying(header, s.orgURL()+"/name"))
			},
			status: http.StatusSeeOther,
		})
	}
	withstand(t, viewers, attacks)
}

// TestAttacksOnMethods: nothing changes but by a POST that is one.
func TestAttacksOnMethods(t *testing.T) {
	method := func(name, path string, edits ...func(*http.Request)) func(*scene) *http.Request {
		return func(s *scene) *http.Request {
			r := s.submit(s.orgURL()+path, renames, edits...)
			r.Method = name
			return r
		}
	}
	var attacks []attack
	for _, header := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
		attacks = append(attacks, attack{
			name: header, request: method(http.MethodGet, "/usage", saying(header, "POST")), status: http.StatusOK,
		})
	}
	for name, status := range map[string]int{
		http.MethodGet: http.StatusMethodNotAllowed, http.MethodHead: http.StatusMethodNotAllowed, http.MethodPut: http.StatusMethodNotAllowed,
		http.MethodPatch: http.StatusMethodNotAllowed, http.MethodDelete: http.StatusMethodNotAllowed, http.MethodOptions: http.StatusMethodNotAllowed,
		http.MethodTrace: http.StatusMethodNotAllowed, "PROPFIND": http.StatusMethodNotAllowed, "post": http.StatusMethodNotAllowed, "POSTS": http.StatusMethodNotAllowed,
	} {
		attacks = append(attacks, attack{
			name: "a form sent by " + name, request: method(name, "/name"), status: status,
			then: func(s *scene, got page) {
				if strings.Contains(got.body, "session") || got.header.Get("Access-Control-Allow-Origin") != "" {
					s.t.Errorf("%s is answered with %q", name, got.body)
				}
			},
		})
	}
	withstand(t, ownersScene, append(attacks,
		attack{
			name:    "_method in a form",
			request: method(http.MethodPost, "/refresh?_method=DELETE"), status: http.StatusSeeOther,
		},
		attack{
			name: "a removal's page, opened with everything in the address that confirms it",
			request: func(s *scene) *http.Request {
				return s.visit(s.removal() + "?confirmed=true&id=" + number(s.upstream.Admin().OrganizationUserID))
			},
			status: http.StatusOK,
		},
		attack{
			name: "sign-out by a picture", request: func(s *scene) *http.Request { return s.visit("/sign-out") }, status: http.StatusMethodNotAllowed,
			then: func(s *scene, _ page) { s.get("/settings").want(http.StatusOK) },
		},
		attack{
			name: "sign-in by an address", arrange: (*scene).elsewhere,
			request: func(s *scene) *http.Request { return s.visit("/sign-in?api_token=" + s.upstream.Owner().APIToken) },
			status:  http.StatusOK,
			then: func(s *scene, _ page) {
				if s.sessionID() != "" || len(s.upstream.Requests()) != 0 {
					s.t.Error("an address signs in")
				}
			},
		},
		attack{
			name: "an upgrade to a socket",
			request: func(s *scene) *http.Request {
				return s.visit("/settings", saying("Connection", "Upgrade"), saying("Upgrade", "websocket"), saying("Sec-Websocket-Version", "13"), saying("Sec-Websocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="))
			},
			status: http.StatusOK,
		},
	))
}
