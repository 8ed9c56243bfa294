package handlers_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
	"roster/handlers"
	"roster/store"
)

// A setApp is an app whose change sets are sent on a database in a file, with the
// clock of the test.
type setApp struct {
	*app
	options handlers.Options
	store   *store.Store
	path    string
	people  []member
}

// A member is somebody of the organization, as the export has them.
type member struct {
	id, email, name    string
	workspaces, groups []string
}

// withSets is signed in as the owner.
func withSets(t testing.TB, options ...any) *setApp {
	t.Helper()
	s := &setApp{path: filepath.Join(t.TempDir(), "sets.db")}
	s.store = openStore(t, s.path)
	options = append(options, func(o *handlers.Options) {
		o.Store, o.Wait = s.store, func(ctx context.Context, d time.Duration) error { return s.wait(ctx, d) }
		s.options = *o
	})
	s.app = signedIn(t, options...)
	s.closeAtEnd(s.handlers)
	s.people = s.readPeople()
	s.upstream.ResetRequests()
	return s
}

func openStore(t testing.TB, path string) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), path)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func (s *setApp) closeAtEnd(h *handlers.Handlers) {
	s.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.t.Context()), 10*time.Second)
		defer cancel()
		_ = h.Close(ctx)
	})
}

// wait waits by the test's clock.
func (s *setApp) wait(ctx context.Context, d time.Duration) error {
	until := s.clock().Add(d)
	for s.clock().Before(until) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
	return nil
}

// another is Roster in a second process: the same database, sessions and
// browser, another server.
func (s *setApp) another(db *store.Store) *setApp {
	s.t.Helper()
	server := httptest.NewUnstartedServer(nil)
	o := s.options
	o.PublicURL, o.Store = &url.URL{Scheme: "http", Host: server.Listener.Addr().String()}, db
	h, err := handlers.New(o)
	must(s.t, err)
	server.Config.Handler = h
	server.Start()
	s.t.Cleanup(server.Close)
	s.closeAtEnd(h)
	other := *s
	other.app = &app{t: s.t, upstream: s.upstream, handlers: h, server: server, client: s.client, log: s.log, org: s.org, now: s.clock()}
	other.store = db
	return &other
}

func (s *setApp) readPeople() []member {
	s.t.Helper()
	file := s.get(s.orgURL() + "/users.csv").want(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	must(s.t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	split := func(text string) []string {
		return strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == ' ' })
	}
	var people []member
	for _, row := range rows[1:] {
		if row[column["owner"]] == "true" || row[column["admin"]] == "true" || row[column["inactive"]] == "true" || row[column["joined"]] != "true" {
			continue
		}
		people = append(people, member{
			id: row[column["id"]], email: row[column["email"]], name: row[column["name"]],
			workspaces: strings.Split(row[column["workspaces.workspace_name"]], "; "), groups: split(row[column["groups.group_id"]]),
		})
	}
	return people
}

// outside are n members who aren't in a workspace, inside those who are in it,
// through no group.
func (s *setApp) outside(workspace string, n int) []member { return s.members(workspace, false, n) }
func (s *setApp) inside(workspace string, n int) []member  { return s.members(workspace, true, n) }

func (s *setApp) members(workspace string, in bool, n int) []member {
	s.t.Helper()
	var found []member
	for _, m := range s.people {
		if slices.Contains(m.workspaces, workspace) == in && len(m.groups) == 0 && len(found) < n {
			found = append(found, m)
		}
	}
	if len(found) < n {
		s.t.Fatalf("only %d of %s", len(found), workspace)
	}
	return found
}

func adds(workspace string, members ...member) []string { return lines(workspace, "add", members) }

func removes(workspace string, members ...member) []string {
	return lines(workspace, "remove", members)
}

func lines(workspace, op string, members []member) []string {
	var list []string
	for _, m := range members {
		list = append(list, m.email+","+workspace+","+op)
	}
	return list
}

func (s *setApp) url(path string) string { return s.orgURL() + path }

// stage has lines of CSV staged.
func (s *setApp) stage(lists ...[]string) {
	s.t.Helper()
	text := strings.Join(slices.Concat(lists...), "\n")
	s.post(s.url("/assignments/import"), url.Values{"csv": {text}}).leadsTo(s.url("/assignments/review"))
}

// apply presses the button of the review and returns the address of the set.
func (s *setApp) apply() string {
	s.t.Helper()
	review := s.get(s.url("/assignments/review")).want(http.StatusOK)
	s.upstream.ResetRequests()
	return s.post(s.url("/assignments/applications"), hidden(review, "form:has(#apply)")).want(http.StatusSeeOther).header.Get("Location")
}

func hidden(p page, form string) url.Values {
	values := url.Values{}
	p.Find(form + " input[type=hidden]").Each(func(_ int, s *selection) { values.Add(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	return values
}

// until looks at a page until the element has the words.
func (s *setApp) until(address, selector, words string) page {
	s.t.Helper()
	var got page
	for range 1000 {
		got = s.get(address).want(http.StatusOK)
		if strings.Contains(got.text(selector), words) {
			return got
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.t.Fatalf("%s: %s is %.300q, never with %q", got.name, selector, got.text(selector), words)
	return got
}

// done looks until nothing more is sent.
func (s *setApp) done(address string) page {
	s.t.Helper()
	for range 1000 {
		if got := s.get(address).want(http.StatusOK); got.Find("#change-set[hx-get]").Length() == 0 {
			return got
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.t.Fatalf("%s doesn't come to its end", address)
	return page{}
}

// assignments are the elements that Toggl got, in order, each as operation, user,
// status and path.
func (s *setApp) assignments() []string {
	s.t.Helper()
	var list []string
	for _, r := range s.upstream.Requests() {
		if r.Operation != "ChangeAssignments" {
			continue
		}
		var elements []struct {
			Operation string
			UserID    int64 `json:"user_id"`
		}
		must(s.t, json.Unmarshal([]byte(r.Body), &elements))
		for _, e := range elements {
			list = append(list, fmt.Sprintf("%s %d %d %s", e.Operation, e.UserID, r.Status, r.Path))
		}
	}
	return list
}

func refuseAssignments(times int, words string) sandbox.Failure {
	return sandbox.Failure{Operation: "ChangeAssignments", Times: times, Status: 400, Body: jsonString(words)}
}

var usedUp = sandbox.Failure{
	Operation: "ChangeAssignments", Status: 402, Body: jsonString("You have hit your hourly limit for API calls."),
	Header: http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"1800"}},
}
