package handlers_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
)

func TestImportErrors(t *testing.T) {
	s := withSets(t)
	good := s.outside("Finance", 2)
	text := "user,workspace,operation\r\n" + strings.Join([]string{
		good[0].email + ",Finance,add", "nobody@example.com,Finance,add", good[1].email + ",Nowhere,add",
		good[1].email + ",Finance,perhaps", "short", `"` + good[1].email + `",finance,ADD`, good[0].email + ",Finance,add",
		s.upstream.Owner().Email + ",Finance,remove",
	}, "\r\n")
	got := s.post(s.url("/assignments/import"), url.Values{"csv": {text}}).want(http.StatusUnprocessableEntity)
	got.has("title", "Error: ")
	got.has("#import", "6 lines were not staged.", "Staged 2 changes.", "Line 3", "Nobody in the organization has this e-mail address.",
		"Line 4", "No workspace has this name", "Write add or remove.", "A line needs a user or group", "Another line is about the same", "Can't be removed")
	kept := got.text("#import-text")
	for _, line := range []string{"nobody@example.com,Finance,add", "short", s.upstream.Owner().Email + ",Finance,remove"} {
		if !strings.Contains(kept, line) {
			t.Errorf("%q is lost: %q", line, kept)
		}
	}
	if strings.Contains(kept, "finance,ADD") {
		t.Error("what was staged comes back")
	}
	got.has("#plan", good[0].name, good[1].name)
	for name, tt := range map[string]struct {
		text   string
		status int
		words  string
	}{
		"nothing":  {"  \n", 422, "Choose a file, or type lines."},
		"no CSV":   {"\"a,b,c\n\"x\"y,\"", 422, "not staged"},
		"too many": {strings.Repeat(",,\n", 10_001), 422, "At most 10"},
		"too much": {strings.Repeat("x", 1<<20+1), 413, "too much at once"},
	} {
		t.Run(name, func(t *testing.T) {
			s.in(t)
			s.post(s.url("/assignments/import"), url.Values{"csv": {tt.text}}).want(tt.status).has("main", tt.words)
		})
	}
}

// TestImportFile is the form as a browser sends it, with what Excel writes.
func TestImportFile(t *testing.T) {
	s := withSets(t)
	in := s.outside("Finance", 1)
	upload := func(content string) page {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		file, err := form.CreateFormFile("file", "../../changes.csv")
		must(t, err)
		_, err = file.Write([]byte(content))
		must(t, err)
		must(t, form.WriteField("csv", ""))
		must(t, form.Close())
		r := s.request(http.MethodPost, s.url("/assignments/import"), &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Header.Set("Origin", s.server.URL)
		return s.do(r)
	}
	upload("\ufeff" + in[0].email + ";Finance;add\r\n").leadsTo(s.url("/assignments/review"))
	s.get(s.url("/assignments/review")).has("#flash", "Staged 1 change.")
	// The file that is downloaded can be uploaded again, where it does nothing.
	review := s.get(s.url("/assignments/review"))
	down := s.get(review.attr(`.actions a[href$="csv"]`, "href")).want(http.StatusOK)
	if got := down.header.Get("Content-Disposition"); got != `attachment; filename="changes.csv"` {
		t.Errorf("named %s", got)
	}
	upload(down.body).want(http.StatusUnprocessableEntity).has("#import", "Already so, or staged already.")
	object := s.get(review.attr(`.actions a[href$="json"]`, "href")).want(http.StatusOK)
	var set struct {
		Steps []struct{ Email, Operation string }
	}
	must(t, json.Unmarshal([]byte(object.body), &set))
	if len(set.Steps) != 1 || set.Steps[0].Email != in[0].email || set.Steps[0].Operation != "add" {
		t.Errorf("as JSON: %s", object.body)
	}
	upload(strings.Repeat("x", 1<<20)).want(http.StatusRequestEntityTooLarge)
}

// TestImportWithoutToggl keeps the lines.
func TestImportWithoutToggl(t *testing.T) {
	s := withSets(t)
	in := s.outside("Finance", 1)
	s.pass(time.Hour)
	s.signIn(s.upstream.Owner())
	s.upstream.Script(sandbox.Failure{Operation: "ListGroups", Times: -1, Status: 400, Body: jsonString("Not today.")})
	got := s.post(s.url("/assignments/import"), url.Values{"csv": {in[0].email + ",Finance,add"}}).want(http.StatusUnprocessableEntity)
	got.has("#import", "Nothing was staged.", "Not today.")
	got.has("#import-text", in[0].email)
}
