package handlers_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/apiclient/sandbox"
)

// A download is what a browser got of a file; err tells how it ended.
type download struct {
	status  int
	header  http.Header
	body    string
	records [][]string
	err     error
}

func (a *app) download(path string) download {
	a.t.Helper()
	return a.downloadFrom(a.server.URL + path)
}

func (a *app) downloadFrom(address string) download {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), http.MethodGet, address, nil)
	must(a.t, err)
	res, err := a.client.Do(r)
	must(a.t, err)
	defer res.Body.Close()
	d := download{status: res.StatusCode, header: res.Header}
	raw, err := io.ReadAll(res.Body)
	d.body, d.err = string(raw), err
	if res.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(bytes.NewReader(raw))
		must(a.t, err)
		raw, err = io.ReadAll(unpacked)
		d.body, d.err = string(raw), errors.Join(d.err, err)
	}
	noSecrets(a.t, address, d.body)
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/csv") {
		d.read(a.t)
	}
	return d
}

// read holds the file against RFC 4180: CRLF, and as many fields in each record.
func (d *download) read(t testing.TB) {
	t.Helper()
	text, marked := strings.CutPrefix(d.body, "\ufeff")
	if !marked {
		t.Error("no byte order mark")
	}
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Error("a line ends without CR")
	}
	var err error
	if d.records, err = csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil {
		t.Errorf("not readable: %v", err)
	}
}

func (d download) column(t testing.TB, name string) []string {
	t.Helper()
	at := slices.Index(d.records[0], name)
	if at < 0 {
		t.Fatalf("no column %q in %q", name, d.records[0])
	}
	var values []string
	for _, record := range d.records[1:] {
		values = append(values, record[at])
	}
	return values
}

func (a *app) usersCSV(query string) string { return a.orgURL() + "/users.csv" + query }

// TestExportOfEverybody: 10,000 users take 50 requests and none is missing.
func TestExportOfEverybody(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Users = 10_000 })
	d := a.download(a.usersCSV(""))
	if d.status != http.StatusOK || d.err != nil {
		t.Fatalf("status %d, %v", d.status, d.err)
	}
	if disposition := d.header.Get("Content-Disposition"); disposition != `attachment; filename="organization-4128077-users-2026-11-21.csv"` {
		t.Errorf("Content-Disposition %q", disposition)
	}
	if kind := d.header.Get("Content-Type"); kind != "text/csv; charset=utf-8; header=present" {
		t.Errorf("Content-Type %q", kind)
	}
	ids := d.column(t, "id")
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) != 10_000 {
		t.Errorf("%d users, want 10,000", len(ids))
	}
	asked := a.calls()
	if len(asked) != 50 || asked[0] != "ListOrganizationUsers" || asked[49] != asked[0] {
		t.Errorf("%d calls, want 50 of the users list: %q", len(asked), slices.Compact(asked))
	}
}

// TestExportOfTheFilteredSet: whatever page of it was shown.
func TestExportOfTheFilteredSet(t *testing.T) {
	for _, noHeaders := range []bool{false, true} {
		a := signedIn(t, func(o *sandbox.Options) { o.NoPageHeaders = noHeaders })
		d := a.download(a.usersCSV("?active_status=active&sort_dir=desc&page=7&per_page=25"))
		var want []string
		for _, u := range a.upstreamUsers("") {
			if u.Joined && !u.Inactive {
				want = append(want, number(u.ID))
			}
		}
		slices.Reverse(want)
		if diff := cmp.Diff(want, d.column(t, "id")); diff != "" {
			t.Errorf("without headers %v: %s", noHeaders, diff)
		}
		none := a.download(a.usersCSV("?filter=nobody+at+all"))
		if none.status != http.StatusOK || none.err != nil || len(none.records) != 1 {
			t.Errorf("nobody: %d, %v, %d records", none.status, none.err, len(none.records))
		}
	}
}

// TestEveryFieldIsAColumn compares the columns with the contract.
func TestEveryFieldIsAColumn(t *testing.T) {
	data, err := os.ReadFile("../apiclient/testdata/contracts/track.openapi.json")
	must(t, err)
	var contract struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Description string `json:"description"`
				} `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	must(t, json.Unmarshal(data, &contract))
	want := func(schema, prefix string) []string {
		var names []string
		for name, p := range contract.Components.Schemas[schema].Properties {
			if !strings.Contains(p.Description, "secret") {
				names = append(names, prefix+name)
			}
		}
		return names
	}
	a := signedIn(t)
	u := a.pick(isOrdinary)
	users := slices.Concat(want("OrganizationUser", ""), want("UserWorkspace", "workspaces."), []string{"groups.group_id", "groups.name"})
	users = slices.DeleteFunc(users, func(name string) bool { return name == "groups" || name == "workspaces" })
	for path, names := range map[string][]string{
		a.usersCSV(""): users,
		a.orgURL() + "/workspaces/" + number(u.Workspaces[0].WorkspaceID) + "/users.csv": want("WorkspaceUser", ""),
	} {
		got := slices.Sorted(slices.Values(a.download(path).records[0]))
		slices.Sort(names)
		if diff := cmp.Diff(names, got); diff != "" {
			t.Errorf("%s (-contract +file):\n%s", path, diff)
		}
	}
}

// TestExportedValues are those of the API, in their own forms.
func TestExportedValues(t *testing.T) {
	a := signedIn(t)
	u := a.pick(func(u apiclient.OrganizationUser) bool { return isOrdinary(u) && u.Workspaces[0].Rate != nil })
	d := a.download(a.usersCSV("?filter=" + u.Email))
	var ids, names, rates []string
	for _, w := range u.Workspaces {
		ids, names, rates = append(ids, number(w.WorkspaceID)), append(names, w.WorkspaceName), append(rates, optional(w.Rate))
	}
	for name, want := range map[string]string{
		"id": number(u.ID), "user_id": number(u.UserID), "name": u.Name, "email": u.Email, "role_id": number(*u.RoleID),
		"joined": "true", "inactive": "false", "invitation_id": "", "created_at": u.CreatedAt.UTC().Format(time.RFC3339),
		"groups.name": u.Groups[0].Name, "groups.group_id": number(u.Groups[0].GroupID), "workspaces.workspace_id": strings.Join(ids, "; "),
		"workspaces.workspace_name": strings.Join(names, "; "), "workspaces.rate": strings.Join(rates, "; "),
	} {
		if got := d.column(t, name)[0]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func optional(n *float64) string {
	if n == nil {
		return ""
	}
	text, _ := json.Marshal(*n) // a finite number
	return string(text)
}

// TestExportOfHostileNames: no cell is a formula, and nothing is lost.
func TestExportOfHostileNames(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	for name, want := range map[string]string{
		`=HYPERLINK("http://evil.example","x")`: `'=HYPERLINK("http://evil.example","x")`,
		"+49 170":                               "'+49 170",
		"-1":                                    "'-1",
		"@SUM(A1)":                              "'@SUM(A1)",
		"\t=1":                                  "'\t'=1",
		" =1+1":                                 " '=1+1",
		"＝1":                                    "'＝1",
		"a;=cmd|' /C x'!A0":                     "a;'=cmd|' /C x'!A0",
		"a\n=1":                                 "a\n'=1",
		"Jean-Luc":                              "Jean-Luc",
		"a = b":                                 "a = b",
		`say "hi", you`:                         `say "hi", you`,
		"مريم, نور":                             "مريم, نور",
		"👩‍👩‍👧":                                 "👩‍👩‍👧",
	} {
		a.upstream.Replace(u.ID, func(p *sandbox.User) { p.Name = name })
		d := a.download(a.usersCSV("?filter=" + u.Email))
		if got := d.column(t, "name")[0]; got != want {
			t.Errorf("%q is written %q, want %q", name, got, want)
		}
	}
}

// TestExportStopsHalfWay: a short file never looks whole.
func TestExportStopsHalfWay(t *testing.T) {
	quota := http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"1200"}}
	tests := []struct {
		name    string
		prepare func(*app)
		words   string
	}{
		{"quota", func(a *app) { a.upstream.SetQuotaRemaining(2) }, "Toggl's hourly limit is used up."},
		{"quota, scripted", func(a *app) {
			after(a, 2, sandbox.Failure{Status: 402, Header: quota, Body: `"You have hit your hourly limit for API calls."`})
		}, "hourly limit for API calls. It comes back at "},
		{"down", func(a *app) { after(a, 2, sandbox.Failure{Status: 500, Body: "<html>"}) }, "Toggl couldn't answer."},
		{"cut", func(a *app) { after(a, 2, sandbox.Failure{Cut: true, Times: -1}) }, "Toggl couldn't answer."},
		{"not allowed any more", func(a *app) { after(a, 2, sandbox.Failure{Status: 403, Body: `"=Forbidden"`}) }, "=Forbidden"},
		{"an answer without sense", func(a *app) { after(a, 2, sandbox.Failure{Status: 200, Body: `{"x":`}) }, "Toggl couldn't answer."},
		{"the same page again", func(a *app) {
			after(a, 2, sandbox.Failure{Status: 200, Body: string(firstPage(a)), Header: pageHeaders("3", "1000")})
		}, "The list of users changed while it was read."},
		{"another number of users", func(a *app) { after(a, 2, sandbox.Failure{Status: 200, Body: "[]", Header: pageHeaders("3", "999")}) }, "The list of users changed while it was read."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := signedIn(t, func(o *sandbox.Options) { o.Users = 1000 })
			tt.prepare(a)
			d := a.download(a.usersCSV("?export=watched"))
			if d.status != http.StatusOK || d.err == nil {
				t.Fatalf("status %d, and the file ended as if it were whole", d.status)
			}
			last := d.records[len(d.records)-1][0]
			if !strings.HasPrefix(last, "# INCOMPLETE: stopped after 400 of 1000 users: ") || !strings.Contains(last, tt.words) {
				t.Errorf("last line %q, want %q in it", last, tt.words)
			}
			if len(d.records) != 1+400+1 {
				t.Errorf("%d records", len(d.records))
			}
			got := a.get(a.orgURL() + "/users/export?export=watched")
			got.has("#export-progress .note.bad", "Stopped after 400 of 1000 users.", tt.words, "its last line says so")
			if !strings.Contains(a.log.String(), `"path":"/orgs/4128077/users.csv","status":200`) {
				t.Error("the request isn't in the log")
			}
		})
	}
}

// after lets n requests pass before the failure.
func after(a *app, n int, f sandbox.Failure) {
	a.t.Helper()
	a.upstream.Script(sandbox.Failure{API: "track", Operation: "ListOrganizationUsers", Times: n, Delay: time.Microsecond})
	f.API, f.Operation = "track", "ListOrganizationUsers"
	a.upstream.Script(f)
}

func firstPage(a *app) []byte {
	body, err := json.Marshal(a.upstreamUsers("")[:200])
	must(a.t, err)
	return body
}

func pageHeaders(page, records string) http.Header {
	return http.Header{"X-Page": {page}, "X-Page-Size": {"200"}, "X-Pages": {"5"}, "X-Records": {records}}
}

// TestExportFailsBeforeItBegins as any page does.
func TestExportFailsBeforeItBegins(t *testing.T) {
	a := signedIn(t)
	a.get(a.usersCSV("?active_status=x")).want(http.StatusUnprocessableEntity).
		has("main", "active_status parameter can contain only 'active', 'inactive' or 'invited'.")
	a.upstream.SetQuotaRemaining(0)
	got := a.get(a.usersCSV("")).want(http.StatusPaymentRequired)
	if got.header.Get("Content-Disposition") != "" {
		t.Error("the problem page is a download")
	}
	member := newApp(t)
	member.signIn(member.upstream.Member())
	member.get(member.usersCSV("")).want(http.StatusForbidden)
	a.get("/orgs/x/users.csv").want(http.StatusNotFound)
}

// TestExportOutlivesTheServersLimits: they are for pages.
func TestExportOutlivesTheServersLimits(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Users = 1000 })
	server := httptest.NewUnstartedServer(a.handlers)
	server.Config.ReadTimeout, server.Config.WriteTimeout = 100*time.Millisecond, 100*time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	a.upstream.SetLatency(90 * time.Millisecond)
	d := a.downloadFrom(server.URL + a.usersCSV(""))
	if d.err != nil || len(d.records) != 1001 {
		t.Errorf("%d records, %v", len(d.records), d.err)
	}
}

// TestExportGivenUp: nothing more is asked for.
func TestExportGivenUp(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Users = 4000 })
	a.upstream.SetLatency(20 * time.Millisecond)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.server.URL+a.usersCSV("?export=given-up"), nil)
	must(t, err)
	res, err := a.client.Do(r)
	must(t, err)
	_, err = io.ReadFull(res.Body, make([]byte, 100))
	must(t, err)
	cancel()
	_ = res.Body.Close()
	deadline := time.Now().Add(5 * time.Second)
	for a.get(a.orgURL()+"/users/export?export=given-up").Find("#export-progress .note.bad").Length() == 0 {
		if time.Now().After(deadline) {
			t.Fatal("the export goes on")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if n := len(a.upstream.Requests()); n >= 20 {
		t.Errorf("%d requests", n)
	}
}

// TestExportIsAskedForHere: a link on another site costs nobody their requests.
func TestExportIsAskedForHere(t *testing.T) {
	a := signedIn(t)
	for _, path := range []string{a.usersCSV("?filter=ana"), a.orgURL() + "/workspaces/2000001/users.csv"} {
		r := a.request(http.MethodGet, path, nil)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		got := a.do(r).want(http.StatusSeeOther)
		if to := got.header.Get("Location"); !strings.HasPrefix(to, a.orgURL()) || strings.Contains(to, ".csv") {
			t.Errorf("leads to %q", to)
		}
	}
	if n := len(a.upstream.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// TestWorkspaceExport is one request.
func TestWorkspaceExport(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Users = 1000 })
	path := a.orgURL() + "/workspaces/2000005/users.csv"
	d := a.download(path)
	if d.status != http.StatusOK || d.err != nil || len(d.records) < 500 {
		t.Fatalf("status %d, %v, %d records", d.status, d.err, len(d.records))
	}
	if disposition := d.header.Get("Content-Disposition"); disposition != `attachment; filename="workspace-2000005-users-2026-11-21.csv"` {
		t.Errorf("Content-Disposition %q", disposition)
	}
	if diff := cmp.Diff([]string{"ListWorkspaceUsers"}, a.calls()); diff != "" {
		t.Error(diff)
	}
	for _, name := range a.download(path+"?name=ana").column(t, "name") {
		if !strings.Contains(strings.ToLower(name), "ana") {
			t.Errorf("%q is among those with ana", name)
		}
	}
	if d := a.download(a.orgURL() + "/workspaces/999/users.csv"); d.status != http.StatusNotFound {
		t.Errorf("an unknown workspace: %d", d.status)
	}
}
