package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"roster/apiclient/sandbox"
	"roster/e2e/program"
	"roster/e2e/services"
	"roster/store/postgrestest"
)

// twoReplicas is deploy/nginx.conf in front of two processes, which requests can
// choose by a header: only tests do.
func twoReplicas(t testing.TB, listen, a, b string) string {
	t.Helper()
	config, err := os.ReadFile("../deploy/nginx.conf")
	if err != nil {
		t.Fatal(err)
	}
	text := string(config)
	for _, change := range []struct{ from, to string }{
		{"listen 8080;", "listen " + listen + ";"},
		{"server roster:8080 max_fails=1 fail_timeout=5s;", "server " + a + " max_fails=1 fail_timeout=2s; server " + b + " max_fails=1 fail_timeout=2s;"},
		{"proxy_pass http://roster;", "proxy_pass http://$replica; add_header X-Answered-By $upstream_addr;"},
	} {
		if strings.Count(text, change.from) != 1 {
			t.Fatalf("deploy/nginx.conf has %q other than once", change.from)
		}
		text = strings.Replace(text, change.from, change.to, 1)
	}
	return text + `
upstream a { server ` + a + `; }
upstream b { server ` + b + `; }
map $http_x_replica $replica { default roster; a a; b b; }`
}

// replicas are two processes on one PostgreSQL, behind nginx at URL.
type replicas struct {
	t        testing.TB
	url      string
	a, b     *program.Program
	logs     log
	upstream *sandbox.Server
	database *postgrestest.Server
}

func startReplicas(t testing.TB, o sandbox.Options, settings ...string) *replicas {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	s := &replicas{t: t, upstream: sandbox.New(o)}
	toggl := httptest.NewServer(s.upstream)
	t.Cleanup(toggl.Close)
	var err error
	fatal := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v\n%s", err, s.logs.String())
		}
	}
	s.database, err = postgrestest.Start(ctx)
	fatal(err)
	t.Cleanup(func() { _ = s.database.Stop() })
	database, err := s.database.NewDatabase(ctx)
	fatal(err)
	path, err := build()
	fatal(err)
	addrs := make([]string, 3)
	for i := range addrs {
		addrs[i], err = services.FreeAddr(ctx)
		fatal(err)
	}
	s.url = "http://" + addrs[0]
	settings = append([]string{
		"ROSTER_DATABASE_URL=" + database, "ROSTER_SECRET_KEYS=" + program.SecretKey(),
		"ROSTER_PUBLIC_URL=" + s.url, "ROSTER_TRUSTED_PROXIES=127.0.0.1/32",
	}, settings...)
	start := func(addr string) *program.Program {
		p, err := program.Serve(ctx, path, toggl.URL, &s.logs, append(settings, "ROSTER_ADDR="+addr)...)
		fatal(err)
		t.Cleanup(func() { _ = p.Stop() })
		return p
	}
	s.a, s.b = start(addrs[1]), start(addrs[2])
	services.StartNginx(t, addrs[0], twoReplicas(t, addrs[0], addrs[1], addrs[2]))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the programs' logs:\n%s", s.logs.String())
		}
	})
	return s
}

// visitor has an address of its own, and asks the replica: "a", "b", or "" for the one that
// nginx keeps its session with.
func (s *replicas) visitor(number int, replica string) *visitor {
	v := newVisitor(s.t, s.url)
	v.header.Set("X-Forwarded-For", fmt.Sprintf("10.0.%d.%d", number/250, number%250+1))
	v.on(replica)
	return v
}

func (v *visitor) on(replica string) { v.header.Set("X-Replica", replica) }

func (v *visitor) signIn(who sandbox.Persona) *visitor {
	v.t.Helper()
	v.page(http.MethodPost, "/sign-in", url.Values{"api_token": {who.APIToken}})
	return v
}

func (s *replicas) organizationPath() string {
	return "/orgs/" + strconv.FormatInt(s.upstream.OrganizationID(), 10)
}

// TestReplicasShareSessions: signed in on one, at work on the other, signed out on both.
func TestReplicasShareSessions(t *testing.T) {
	t.Parallel()
	s := startReplicas(t, sandbox.Options{})
	v := s.visitor(1, "a").signIn(s.upstream.Owner())
	v.on("b")
	users := v.page(http.MethodGet, s.organizationPath()+"/users", nil)
	if got := users.text("h1"); !strings.Contains(got, "Users") || users.Find("#users tbody tr").Length() != 50 {
		t.Errorf("the other replica shows %q", got)
	}
	v.page(http.MethodPost, s.organizationPath()+"/assignments/import", url.Values{"csv": {strings.Join(toFinance, "\n")}})
	v.on("a")
	if review := v.page(http.MethodGet, s.organizationPath()+"/assignments/review", nil); !strings.Contains(review.text("h1"), "3 changes") {
		t.Errorf("what was staged on one isn't on the other: %q", review.text("h1"))
	}
	v.page(http.MethodPost, "/sign-out", nil)
	v.on("b")
	if got := v.page(http.MethodGet, s.organizationPath()+"/users", nil); got.path != "/sign-in" {
		t.Errorf("signed out on one, the other shows %s", got.path)
	}
}

// TestReplicaDiesWhileApplying: the person goes on at the other replica, where the
// rest of the change set is sent, and nothing twice.
func TestReplicaDiesWhileApplying(t *testing.T) {
	t.Parallel()
	s := startReplicas(t, sandbox.Options{})
	v := s.visitor(1, "a").signIn(s.upstream.Owner())
	var lines []string
	for _, workspace := range []string{"Delivery", "Finance", "Labs", "Sales", "Internal"} {
		for _, line := range toFinance {
			lines = append(lines, strings.Replace(line, "Finance", workspace, 1))
		}
	}
	organization := s.organizationPath()
	v.page(http.MethodPost, organization+"/assignments/import", url.Values{"csv": {strings.Join(lines, "\n")}})
	review := v.page(http.MethodGet, organization+"/assignments/review", nil)
	s.upstream.ResetRequests()
	s.upstream.SetLatency(400 * time.Millisecond)
	set := v.page(http.MethodPost, organization+"/assignments/applications", review.hidden("form:has(#apply)"))
	until(t, "a change was sent", func() bool { return len(s.assigned()) > 0 })
	if err := s.a.Kill(); err != nil {
		t.Fatal(err)
	}
	s.upstream.SetLatency(0)

	v.on("") // nginx finds out which one is left
	v.page(http.MethodGet, organization+"/users", nil)
	var shown answer
	until(t, "the other replica offers to go on", func() bool {
		shown = v.page(http.MethodGet, set.path, nil)
		return shown.Find("#change-set-resume").Length() > 0
	})
	v.page(http.MethodPost, shown.Find("form:has(#change-set-resume)").AttrOr("action", ""), shown.hidden("form:has(#change-set-resume)"))
	until(t, "all is applied", func() bool {
		shown = v.page(http.MethodGet, set.path, nil)
		return strings.HasPrefix(shown.text("#change-set-state"), "15 applied") || strings.Contains(shown.text("#change-set-state"), "already")
	})
	for workspace, n := range s.assigned() {
		if n != 1 {
			t.Errorf("%s was carried out %d times", workspace, n)
		}
	}
	if got := len(s.assigned()); got != 5 {
		t.Errorf("%d workspaces were changed, want 5", got)
	}
}

// assigned counts the lists of assignments that the sandbox carried out, by address.
func (s *replicas) assigned() map[string]int {
	done := map[string]int{}
	for _, r := range s.upstream.Requests() {
		if r.Operation == "ChangeAssignments" && r.Status == http.StatusOK {
			done[r.Path]++
		}
	}
	return done
}

func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(90 * time.Second); !done(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// TestDatabaseRestartsUnderLoad: while it is away people are told so and nobody is
// signed out; afterwards everything works again by itself.
func TestDatabaseRestartsUnderLoad(t *testing.T) {
	t.Parallel()
	s := startReplicas(t, sandbox.Options{})
	const people = 20
	visitors := make([]*visitor, people)
	for i := range visitors {
		visitors[i] = s.visitor(i, "").signIn(s.upstream.Admin())
	}
	staging := visitors[0]
	staging.page(http.MethodPost, s.organizationPath()+"/assignments/import", url.Values{"csv": {strings.Join(toFinance, "\n")}})

	stop, seen := make(chan struct{}), make(chan map[int]int, people)
	var running sync.WaitGroup
	for _, v := range visitors {
		running.Go(func() {
			statuses := map[int]int{}
			defer func() { seen <- statuses }()
			for {
				select {
				case <-stop:
					return
				default:
				}
				got, err := v.get(s.organizationPath() + "/users")
				if err != nil {
					t.Errorf("no answer: %v", err)
					return
				}
				if got.path == "/sign-in" {
					t.Error("somebody was signed out")
					return
				}
				if got.status == http.StatusServiceUnavailable && got.text("h1") == "" {
					t.Errorf("the error is no page: %.200s", got.body)
				}
				statuses[got.status]++
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	if err := s.database.Restart(t.Context()); err != nil {
		t.Error(err)
	}
	time.Sleep(500 * time.Millisecond)
	close(stop)
	running.Wait()
	close(seen)
	total := map[int]int{}
	for statuses := range seen {
		for status, n := range statuses {
			total[status] += n
		}
	}
	t.Logf("answers by status: %v", total)
	for status := range total {
		if status != http.StatusOK && status != http.StatusServiceUnavailable {
			t.Errorf("%d answers of status %d", total[status], status)
		}
	}
	for _, v := range visitors {
		if got := v.page(http.MethodGet, s.organizationPath()+"/users", nil); got.path == "/sign-in" {
			t.Error("somebody is signed out after the restart")
		}
	}
	if review := staging.page(http.MethodGet, s.organizationPath()+"/assignments/review", nil); !strings.Contains(review.text("h1"), "3 changes") {
		t.Errorf("staged changes are lost: %q", review.text("h1"))
	}
}

// BenchmarkTwoReplicas is 200 people at once at the users page, behind nginx and on
// PostgreSQL; any answer but the page ends it.
func BenchmarkTwoReplicas(b *testing.B) {
	s := startReplicas(b, sandbox.Options{})
	const people = 200
	visitors := make([]*visitor, people)
	for i := range visitors {
		visitors[i] = s.visitor(i, "").signIn(s.upstream.Admin())
	}
	path := s.organizationPath() + "/users"
	for b.Loop() {
		var running sync.WaitGroup
		for _, v := range visitors {
			running.Go(func() {
				got, err := v.get(path)
				if err != nil || got.status != http.StatusOK || got.path != path {
					b.Errorf("status %d at %s: %v", got.status, got.path, err)
				}
			})
		}
		running.Wait()
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*people), "ms/page")
}
