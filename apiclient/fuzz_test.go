package apiclient

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func addSamples(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "samples", "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatal("no samples", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
}

func FuzzErrorBody(f *testing.F) {
	addSamples(f)
	for _, seed := range []string{
		`"Invalid role_id."`, `{"error":"validation","error_description":"x","trace_id":"ab"}`, `{"errors":[{"message":"x"}]}`,
		"<html>x</html>", `"<b>x</b>"`, "a\xff\x00b", strings.Repeat("é", 600), `{"error":{"error":{"error":"x"}}}`, "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		message, code, trace := parseErrorBody(body)
		if utf8.RuneCountInString(message) > maxMessage || !utf8.ValidString(message) || looksLikeHTML(message) ||
			strings.ContainsFunc(message, unicode.IsControl) {
			t.Errorf("message %q", message)
		}
		if len(code) > 64 || len(trace) > 64 || strings.ContainsAny(code+trace, "<>\"' \n") {
			t.Errorf("code %q, trace %q", code, trace)
		}
	})
}

func FuzzList(f *testing.F) {
	addSamples(f)
	for _, seed := range []string{`[]`, `null`, `{"items":[{"id":1}]}`, `{"data":null}`, `{"items":1}`, `[{"id":"x"}]`, ``, `[`, `{"items":null,"data":[{}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a := answer{api: apiTrack, op: "ListGroups", status: http.StatusOK, header: http.Header{}, body: body}
		groups, err := decodeList[Group](a)
		checkBadAnswer(t, err)
		if err != nil && groups != nil {
			t.Error("both an error and a list")
		}
		_, err = decodeTeams(a, Page{Number: 1, Size: 50})
		checkBadAnswer(t, err)
		_, err = decodeAuditLog(a)
		checkBadAnswer(t, err)
	})
}

func FuzzUser(f *testing.F) {
	for _, seed := range []string{
		`[{"id":1,"name":"A","role_id":null,"workspaces":[{"rate":1.5}],"created_at":"2024-12-16T19:09:07Z"}]`,
		`[{"created_at":"soon","updated_at":7,"groups":null}]`, `[{"id":1e400}]`, `[{"name":"\ud800"}]`, `[null]`, `[{"id":1,"id":2}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a := answer{api: apiTrack, op: "ListOrganizationUsers", status: http.StatusOK, header: http.Header{}, body: body}
		users, err := decodeList[OrganizationUser](a)
		checkBadAnswer(t, err)
		for _, user := range users {
			if !utf8.ValidString(user.Name) {
				t.Errorf("name %q", user.Name)
			}
		}
		_, err = decodeList[FocusUser](a)
		checkBadAnswer(t, err)
	})
}

func checkBadAnswer(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var e *Error
	if !errors.As(err, &e) || e.Kind != ErrBadAnswer || utf8.RuneCountInString(e.Field) > maxMessage {
		t.Errorf("error %#v", err)
	}
}
