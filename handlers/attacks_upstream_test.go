package handlers_test

import (
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"roster/apiclient/sandbox"
	"roster/store"
)

// A trap is another site that writes down what it is sent.
type trap struct {
	*httptest.Server
	mu   sync.Mutex
	sent []string
}

func newTrap(t testing.TB) *trap {
	t.Helper()
	p := &trap{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sent = append(p.sent, r.Method+" "+r.URL.String()+" "+r.Header.Get("Authorization"))
		_, _ = w.Write([]byte(`[]`))
	}))
	t.Cleanup(p.Close)
	return p
}

// isUntouched: nobody has sent it anything.
func (p *trap) isUntouched(s *scene) {
	s.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.sent) != 0 {
		s.t.Errorf("another site got %q", p.sent)
	}
}

// TestAttacksByToggl: what answers in Toggl's name may not be Toggl, or may not be
// well. It gets no credential, shows no markup, and fills no memory.
func TestAttacksByToggl(t *testing.T) {
	elsewhere := newTrap(t)
	answers := func(f sandbox.Failure) func(*scene) {
		if f.Operation == "" {
			f.Operation = "ListOrganizationUsers"
		}
		f.Times = -1
		return func(s *scene) { s.upstream.Script(f) }
	}
	users := func(s *scene) *http.Request { return s.visit(s.users("")) }
	name := func(s *scene) *http.Request { return s.submit(s.orgURL()+"/name", renames) }
	untouched := func(s *scene, _ page) { elsewhere.isUntouched(s) }
	plain := func(s *scene, got page) {
		if got.Find("main script, main img, main iframe, main form[action*=evil]").Length() != 0 {
			s.t.Error("Toggl's markup is on the page")
		}
	}
	markup := `<!doctype html><script>alert("evil")</script><form action="https://evil.example/"><img src=x onerror=alert(1)>`
	hostile := jsonString(`<script>alert("evil")</script>`)
	withstand(t, ownersScene, []attack{
		{name: "a redirect to another host", arrange: answers(sandbox.Failure{Redirect: elsewhere.URL + "/steal"}), request: users, status: http.StatusBadGateway, then: untouched},
		{name: "a redirect that keeps the method", arrange: answers(sandbox.Failure{Status: 307, Redirect: elsewhere.URL + "/steal", Operation: "UpdateOrganization"}), request: name, status: http.StatusBadGateway, sends: "UpdateOrganization", then: untouched},
		{name: "a redirect for ever", arrange: answers(sandbox.Failure{Status: 308, Redirect: elsewhere.URL, Operation: "UpdateOrganization"}), request: name, status: http.StatusBadGateway, sends: "UpdateOrganization", then: untouched},
		{name: "a redirect to a cloud's own address", arrange: answers(sandbox.Failure{Redirect: "http://169.254.169.254/latest/meta-data/"}), request: users, status: http.StatusBadGateway},
		{name: "a redirect to a file", arrange: answers(sandbox.Failure{Redirect: "file:///etc/passwd"}), request: users, status: http.StatusBadGateway},
		{name: "a redirect while somebody signs in", arrange: func(s *scene) {
			s.elsewhere()
			answers(sandbox.Failure{Redirect: elsewhere.URL, Operation: "GetMe"})(s)
		}, request: func(s *scene) *http.Request {
			return s.submit("/sign-in", url.Values{"email": {"ada@example.com"}, "password": {"typed-secret"}})
		}, status: http.StatusBadGateway, then: untouched},
		{name: "an error page", arrange: answers(sandbox.Failure{Status: 500, Body: markup, Header: http.Header{"Content-Type": {"text/html"}}}), request: users, status: http.StatusBadGateway, then: plain},
		{name: "a sign-in page in place of data", arrange: answers(sandbox.Failure{Body: markup, Header: http.Header{"Content-Type": {"text/html"}}}), request: users, status: http.StatusBadGateway, then: plain},
		{name: "markup in a refusal", arrange: answers(sandbox.Failure{Status: 400, Body: hostile}), request: users, status: http.StatusUnprocessableEntity, then: plain},
		{name: "a refusal of megabytes", arrange: answers(sandbox.Failure{Status: 400, Body: jsonString(strings.Repeat("x", 8<<20))}), request: users, status: http.StatusUnprocessableEntity, then: func(s *scene, got page) {
			if len(got.body) > 1<<20 {
				s.t.Errorf("a page of %d bytes", len(got.body))
			}
		}},
		{name: "an answer without an end", arrange: answers(sandbox.Failure{Body: `[{"name":"` + strings.Repeat("x", 80<<20)}), request: users, status: http.StatusBadGateway},
		{name: "a gzip bomb for an answer", arrange: answers(sandbox.Failure{Body: zeros(t, 256<<20), Header: http.Header{"Content-Encoding": {"gzip"}}}), request: users, status: http.StatusBadGateway},
		{name: "gzip that is none", arrange: answers(sandbox.Failure{Body: "evil", Header: http.Header{"Content-Encoding": {"gzip"}}}), request: users, status: http.StatusBadGateway},
		{name: "lists in lists", arrange: answers(sandbox.Failure{Body: strings.Repeat("[", 1_000_000)}), request: users, status: http.StatusBadGateway},
		{name: "an answer that is cut", arrange: answers(sandbox.Failure{Cut: true, Body: `[{"id":1,"name":"Ada"}]`}), request: users, status: http.StatusBadGateway},
		{name: "other types than agreed", arrange: answers(sandbox.Failure{Body: `[{"id":{"evil":1},"workspaces":"x"}]`}), request: users, status: http.StatusBadGateway},
		{name: "cookies, and headers that a browser would obey", arrange: answers(sandbox.Failure{Body: `[]`, Header: http.Header{
			"Set-Cookie": {"roster=evil; Path=/"}, "Refresh": {"0;url=https://evil.example/"}, "Clear-Site-Data": {`"*"`}, "Access-Control-Allow-Origin": {"https://evil.example"}, "Link": {"<https://evil.example>"},
		}}), request: users, status: http.StatusOK, then: func(s *scene, got page) {
			if len(got.header.Values("Set-Cookie")) != 0 || got.header.Get("Clear-Site-Data") != "" {
				s.t.Errorf("passed on: %v", got.header)
			}
		}},
		{name: "to wait for ever", arrange: answers(sandbox.Failure{Status: 429, Header: http.Header{"Retry-After": {"999999999999999999999"}}, Body: hostile}), request: users, status: http.StatusTooManyRequests, then: plain},
		{name: "to wait no time at all", arrange: answers(sandbox.Failure{Status: 429, Header: http.Header{"Retry-After": {"-1"}}, Body: `"Slow"`}), request: users, status: http.StatusTooManyRequests, then: func(s *scene, _ page) {
			if n := len(s.upstream.Requests()); n > 10 {
				s.t.Errorf("asked %d times", n)
			}
		}},
		{name: "a trace id of markup", arrange: answers(sandbox.Failure{Status: 404, Body: `"no"`, Header: http.Header{"X-Request-Id": {`"><script>evil</script>`}, "X-Toggl-Request-Id": {"<b>"}}}), request: users, status: http.StatusNotFound, then: plain},
		{
			name: "a refusal that repeats the credential", status: http.StatusUnprocessableEntity,
			arrange: func(s *scene) {
				answers(sandbox.Failure{Status: 400, Body: jsonString("Unknown token " + s.upstream.Owner().APIToken)})(s)
			},
			request: users,
		},
		{
			name: "secrets beside what was asked for", status: http.StatusOK,
			arrange: answers(sandbox.Failure{Body: `[{"id":1,"user_id":2,"name":"Ada","email":"ada@example.com","api_token":"facade00canary","invitation_code":"facade00invite","workspaces":[{"workspace_id":5,"ical_url":"/ical/facade00"}]}]`}),
			request: func(s *scene) *http.Request { return s.visit(s.usersCSV("")) },
		},
		{
			name: "a log of activity that can't be written", status: http.StatusServiceUnavailable, request: name,
			arrange: func(s *scene) {
				s.tamper(`CREATE TRIGGER full BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
			},
		},
		{
			name: "a row of the log that is taken out", status: http.StatusSeeOther, request: name, sends: "UpdateOrganization",
			then: func(s *scene, _ page) {
				db := s.database()
				defer db.Close()
				for _, query := range []string{`DELETE FROM activity`, `UPDATE activity SET name = 'Eve'`, `INSERT OR REPLACE INTO activity SELECT * FROM activity LIMIT 1`} {
					if _, err := db.ExecContext(s.t.Context(), query); err == nil {
						s.t.Errorf("%s works", query)
					}
				}
			},
		},
	})
}

// TestAttacksOnOthers: what belongs to another organization or another person is not
// there, whoever asks for it and from where.
func TestAttacksOnOthers(t *testing.T) {
	admins := func(t testing.TB) *scene { // the ordinary admin, in another browser than the owner
		s := newScene(t)
		s.signIn(s.upstream.Owner())
		t.Cleanup(func() { must(t, s.handlers.Close(context.WithoutCancel(t.Context()))) })
		for name, value := range s.withExamples() {
			s.seen = append(s.seen, name+"="+value)
		}
		s.elsewhere()
		s.signIn(s.upstream.Admin())
		return s
	}
	var attacks []attack
	forbidden := func(path string, status int) {
		attacks = append(attacks, attack{
			name: "another's: " + path, status: status,
			request: func(s *scene) *http.Request {
				examples := map[string]string{}
				for _, example := range s.seen {
					name, value, _ := strings.Cut(example, "=")
					examples[name] = value
				}
				path := address(path, examples)
				if strings.HasSuffix(path, "/stop") || strings.HasSuffix(path, "/retry") || strings.HasSuffix(path, "/resume") || strings.HasSuffix(path, "/undo") {
					return s.submit(path, url.Values{"confirmed": {"true"}})
				}
				return s.visit(path)
			},
		})
	}
	for _, path := range []string{
		"/orgs/:organization_id/batches/:batch_id", "/orgs/:organization_id/batches/:batch_id/stop", "/orgs/:organization_id/batches/:batch_id/retry",
		"/orgs/:organization_id/invitations/:result_id",
	} {
		forbidden(path, http.StatusNotFound)
	}
	statuses := map[string]int{"workspaces": http.StatusOK, "usage": http.StatusNotFound, "change sets": http.StatusOK, "change set": http.StatusNotFound, "change set as a file": http.StatusNotFound} // of nothing
	for name, path := range map[string]string{
		"users": "/orgs/77/users", "the list as a file": "/orgs/77/users.csv", "workspaces": "/orgs/77/workspaces", "assignments": "/orgs/77/assignments", "usage": "/orgs/77/usage",
		"change set": "/orgs/77/changes/planted", "change set as a file": "/orgs/77/changes/planted/steps.csv", "activity": "/orgs/77/activity", "activity as a file": "/orgs/77/activity.csv", "change sets": "/orgs/77/changes",
	} {
		attacks = append(attacks, attack{
			name: "another organization's " + name, status: cmp.Or(statuses[name], http.StatusForbidden),
			arrange: func(s *scene) { s.plantIn(77) },
			request: func(s *scene) *http.Request { return s.visit(path) },
			then: func(s *scene, got page) {
				if strings.Contains(got.body, "Eve of 77") || strings.Contains(got.body, "/orgs/77/changes/planted") {
					s.t.Error("the page shows what is another organization's")
				}
			},
		})
	}
	withstand(t, admins, attacks)
}

// plantIn leaves what somebody else has done in an organization.
func (s *scene) plantIn(organizationID int64) {
	s.t.Helper()
	_, err := s.store.BeginActivity(s.t.Context(), store.Activity{At: s.clock(), Issuer: "toggl", Subject: "toggl:1", Name: "Eve of 77", OrganizationID: organizationID, Operation: "UpdateOrganization"})
	must(s.t, err)
	s.tamper(`INSERT INTO change_sets (id, organization_id, subject, state, undo_of, note, resume_at, holder, held_until, created, updated, applied)
		VALUES ('planted', ?, 'toggl:1', 'applied', '', '', 0, '', 0, 1, 1, 1)`, organizationID)
	s.tamper(`INSERT INTO change_steps (set_id, id, row_kind, row_id, organization_user_id, row_name, row_email, workspace_id, workspace_name, op, was, state, message, attempt, sent, done)
		VALUES ('planted', 1, 'user', 1, 1, 'Eve of 77', '', 1, '', 'add', '', 'done', '', 1, 1, 1)`)
}
