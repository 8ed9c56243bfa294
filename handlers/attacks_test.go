package handlers_test

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An attack is one thing that somebody tries, and what comes of it.
type attack struct {
	name    string
	arrange func(*scene)               // before it; nil: nothing
	request func(*scene) *http.Request // what is sent, or
	wire    func(*scene) string        // what is written to the connection
	status  int
	sends   string             // operations that may be sent, with spaces
	then    func(*scene, page) // what else has to hold; nil: nothing
}

// A scene is an app on a database that an attack can get at.
type scene struct {
	*app
	path   string   // of the database
	stolen string   // what the attacker has got hold of
	seen   []string // what they have learnt on the way
}

// newScene has nobody signed in.
func newScene(t testing.TB, options ...any) *scene {
	t.Helper()
	s := &scene{path: filepath.Join(t.TempDir(), "roster.db")}
	s.app = newApp(t, append([]any{at(s.path)}, options...)...)
	return s
}

// at has the database in a file.
func at(path string) func(*string) { return func(p *string) { *p = path } }

// ownersScene has the owner signed in.
func ownersScene(t testing.TB) *scene {
	t.Helper()
	s := newScene(t)
	s.signIn(s.upstream.Owner())
	return s
}

// withstand tries each attack on a scene of its own. Whatever it is, it leads to no
// other site, Toggl is asked for no change, and each line of the log stays one.
func withstand(t *testing.T, set func(testing.TB) *scene, attacks []attack) {
	t.Helper()
	for _, attack := range attacks {
		t.Run(attack.name, func(t *testing.T) {
			s := set(t)
			if attack.arrange != nil {
				attack.arrange(s)
			}
			s.upstream.ResetRequests()
			got := s.attempt(attack).want(attack.status)
			got.checkLeadsNowhere()
			if attack.then != nil {
				attack.then(s, got)
			}
			s.checkSent(attack.sends)
			s.checkLogLines()
		})
	}
}

func (s *scene) attempt(attack attack) page {
	s.t.Helper()
	if attack.wire != nil {
		return s.wire(attack.wire(s))
	}
	return s.do(attack.request(s))
}

// wire writes text to the server as it is, and reads one answer.
func (s *scene) wire(text string) page {
	s.t.Helper()
	conn, err := new(net.Dialer).DialContext(s.t.Context(), "tcp", s.server.Listener.Addr().String())
	must(s.t, err)
	defer conn.Close()
	must(s.t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, text)
	must(s.t, err)
	asked := s.request(http.MethodGet, "/", nil)
	res, err := http.ReadResponse(bufio.NewReader(conn), asked)
	must(s.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(s.t, err)
	return newPage(s.t, asked, res, string(body))
}

// checkLeadsNowhere: neither a header nor anything that can be pressed leads away.
func (p page) checkLeadsNowhere() {
	p.t.Helper()
	for name, values := range p.header {
		if strings.Contains(strings.Join(values, " "), "evil") {
			p.t.Errorf("%s: %s is %q", p.name, name, values)
		}
	}
	for _, attribute := range []string{"href", "src", "action", "formaction", "hx-get", "hx-post"} {
		p.Find("[" + attribute + "]").Each(func(_ int, s *selection) {
			u, err := url.Parse(s.AttrOr(attribute, ""))
			if err != nil || strings.Contains(u.Host, "evil") || strings.Contains(u.Opaque, "evil") {
				p.t.Errorf("%s: %s leads to %q", p.name, attribute, s.AttrOr(attribute, ""))
			}
		})
	}
}

// checkSent: of what changes something, only these operations have reached Toggl.
func (s *scene) checkSent(want string) {
	s.t.Helper()
	var sent []string
	for _, r := range s.upstream.Requests() {
		if r.Method != http.MethodGet {
			sent = append(sent, r.Operation)
		}
	}
	if got := strings.Join(sent, " "); got != want {
		s.t.Errorf("Toggl was asked for %q, want %q", got, want)
	}
}

// checkLogLines: nobody writes a line of their own into the log.
func (s *scene) checkLogLines() {
	s.t.Helper()
	for line := range strings.Lines(s.log.String()) {
		var said map[string]any
		if json.Unmarshal([]byte(line), &said) != nil || said["msg"] == nil || said["planted"] != nil {
			s.t.Errorf("a line of the log is %q", line)
		}
	}
}

// visit is what a browser sends that follows an address.
func (s *scene) visit(path string, edits ...func(*http.Request)) *http.Request {
	s.t.Helper()
	r := s.request(http.MethodGet, path, nil)
	for _, edit := range edits {
		edit(r)
	}
	return r
}

// submit is what a browser sends that submits a form of this site.
func (s *scene) submit(path string, form url.Values, edits ...func(*http.Request)) *http.Request {
	s.t.Helper()
	return s.submitAs("application/x-www-form-urlencoded", path, form.Encode(), edits...)
}

func (s *scene) submitAs(kind, path, body string, edits ...func(*http.Request)) *http.Request {
	s.t.Helper()
	r := s.request(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Origin", s.server.URL)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, edit := range edits {
		edit(r)
	}
	return r
}

// saying adds a header.
func saying(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Add(name, value) }
}

// sessionID is the one in the browser's cookie, "" for none.
func (s *scene) sessionID() string {
	s.t.Helper()
	for _, cookie := range s.client.Jar.Cookies(s.request(http.MethodGet, "/", nil).URL) {
		if cookie.Name == s.sessions.CookieName() {
			return cookie.Value
		}
	}
	return ""
}

// elsewhere is another browser, which has nothing.
func (s *scene) elsewhere() { s.client = newBrowser(s.t) }

// plant puts a session id into the browser, as a network or a sister site may.
func (s *scene) plant(id string) {
	s.t.Helper()
	s.client.Jar.SetCookies(s.request(http.MethodGet, "/", nil).URL, []*http.Cookie{{Name: s.sessions.CookieName(), Value: id, Path: "/"}})
}

// tamper changes the database past Roster.
func (s *scene) tamper(query string, args ...any) {
	s.t.Helper()
	db := s.database()
	defer db.Close()
	_, err := db.ExecContext(s.t.Context(), query, args...)
	must(s.t, err)
}

func (s *scene) database() *sql.DB {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.path+"?_pragma=busy_timeout(5000)")
	must(s.t, err)
	return db
}
