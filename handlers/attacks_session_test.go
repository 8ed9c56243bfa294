package handlers_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"roster/views"
)

// asks is the request of whoever has the stolen id: for a page of the organization.
func asks(s *scene) *http.Request {
	return s.visit(s.orgURL(), saying("Cookie", s.sessions.CookieName()+"="+s.stolen))
}

// isOut: whoever sent the request has to sign in.
func isOut(s *scene, got page) {
	s.t.Helper()
	if location := got.header.Get("Location"); !strings.HasPrefix(location, views.PathSignIn+"?") {
		s.t.Errorf("leads to %q", location)
	}
	if calls := s.calls(); len(calls) != 0 {
		s.t.Errorf("Toggl was asked for %v", calls)
	}
}

// TestAttacksOnSessions: who has no session of this server's making, which is not
// over and under the id in their one cookie, is nobody.
func TestAttacksOnSessions(t *testing.T) {
	steal := func(s *scene) { s.stolen = s.sessionID(); s.elsewhere() }
	withstand(t, ownersScene, []attack{
		{
			name: "an id of the attacker's choosing, planted before sign-in",
			arrange: func(s *scene) {
				s.elsewhere()
				s.stolen = strings.Repeat("A", 43)
				s.plant(s.stolen)
				s.signIn(s.upstream.Owner())
				if s.sessionID() == s.stolen {
					s.t.Error("the chosen id is the session's")
				}
				s.elsewhere()
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "the attacker's own session, planted before sign-in",
			arrange: func(s *scene) {
				s.stolen = s.sessionID()
				s.elsewhere()
				s.plant(s.stolen)
				s.signIn(s.upstream.Admin())
				s.elsewhere()
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "the cookie again after sign-out",
			arrange: func(s *scene) {
				s.stolen = s.sessionID()
				s.post("/sign-out", nil).want(http.StatusSeeOther)
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "the cookie after signing out everywhere in another browser",
			arrange: func(s *scene) {
				steal(s)
				s.signIn(s.upstream.Owner())
				s.post("/sign-out/everywhere", nil).want(http.StatusSeeOther)
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name:    "a form again after sign-out",
			arrange: func(s *scene) { s.stolen = s.sessionID(); s.post("/sign-out", nil) },
			request: func(s *scene) *http.Request {
				return s.submit(s.orgURL()+"/name", url.Values{"name": {"Mine"}}, saying("Cookie", "roster="+s.stolen))
			},
			status: http.StatusSeeOther,
		},
		{
			name:    "the back button after sign-out, which asks whether the page is still the same",
			arrange: func(s *scene) { s.post("/sign-out", nil) },
			request: func(s *scene) *http.Request {
				return s.visit(s.orgURL(), saying("If-None-Match", "*"), saying("If-Modified-Since", "Sat, 21 Nov 2099 15:04:05 GMT"))
			},
			status: http.StatusSeeOther, then: isOut,
		},
		{
			name:    "idle for half an hour",
			arrange: func(s *scene) { steal(s); s.pass(30 * time.Minute) },
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "busy for eight hours",
			arrange: func(s *scene) {
				for range 8 * 3 {
					s.get("/settings").want(http.StatusOK)
					s.pass(20 * time.Minute)
				}
				steal(s)
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "kept alive by a page that asks by itself",
			arrange: func(s *scene) {
				for range 3 {
					s.getFragment(s.orgURL()+"/changes/none?auto=1", s.orgURL()+"/changes/none")
					s.getFragment(s.orgURL()+"/batches/none?auto=1", s.orgURL()+"/batches/none")
					s.getFragment(s.orgURL()+"/users/export?auto=1", s.users(""))
					s.pass(11 * time.Minute)
				}
				steal(s)
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name:    "a second cookie of the name, tossed in by a sister site",
			request: func(s *scene) *http.Request { return s.visit(s.orgURL(), saying("Cookie", "roster="+s.sessionID())) },
			status:  http.StatusSeeOther, then: isOut,
		},
		{
			name:    "a second cookie that is empty",
			request: func(s *scene) *http.Request { return s.visit(s.orgURL(), saying("Cookie", "roster=")) },
			status:  http.StatusSeeOther, then: isOut,
		},
		{
			name: "the id under the name of another cookie", arrange: steal,
			request: func(s *scene) *http.Request {
				return s.visit(s.orgURL(), saying("Cookie", "Roster="+s.stolen+"; __Host-roster="+s.stolen+"; __Secure-roster="+s.stolen))
			},
			status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "the id in the address, a form and headers", arrange: steal,
			request: func(s *scene) *http.Request {
				return s.visit(s.orgURL()+"?roster="+s.stolen+"&session="+s.stolen, saying("Authorization", "Bearer "+s.stolen), saying("X-Session-Id", s.stolen))
			},
			status: http.StatusSeeOther,
		},
		{
			name: "the id with something behind it", arrange: func(s *scene) { steal(s); s.stolen += "A" },
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "the id in capitals", arrange: func(s *scene) { steal(s); s.stolen = strings.ToUpper(s.stolen) },
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "an endless cookie", arrange: func(s *scene) { s.elsewhere(); s.stolen = strings.Repeat("A", 100_000) },
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "ten thousand cookies", arrange: steal,
			request: func(s *scene) *http.Request {
				return s.visit(s.orgURL(), saying("Cookie", strings.Repeat("roster="+s.stolen+"; ", 10_000)))
			},
			status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "the key of a stolen row for an id",
			arrange: func(s *scene) {
				s.elsewhere()
				s.stolen = base64.RawURLEncoding.EncodeToString(s.rowKeys()[0])
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name:    "a database that was stolen, behind a server with other keys",
			arrange: func(s *scene) { s.copyElsewhere() },
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "one's own row in place of another's",
			arrange: func(s *scene) {
				owner := s.rowKeys()[0]
				s.elsewhere()
				s.signIn(s.upstream.Admin())
				mine := s.otherThan(owner)
				s.tamper(`UPDATE sessions SET key = x'00' WHERE key = ?`, mine)
				s.tamper(`UPDATE sessions SET key = ? WHERE key = ?`, mine, owner)
				steal(s)
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "the content of another's row",
			arrange: func(s *scene) {
				owner := s.rowKeys()[0]
				s.elsewhere()
				s.signIn(s.upstream.Admin())
				s.tamper(`UPDATE sessions SET data = (SELECT data FROM sessions WHERE key = ?1), subject = (SELECT subject FROM sessions WHERE key = ?1), created = (SELECT created FROM sessions WHERE key = ?1)`, owner)
				steal(s)
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "another's subject in one's own row",
			arrange: func(s *scene) {
				s.tamper(`UPDATE sessions SET subject = 'toggl:1'`)
				steal(s)
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "a row that says it began later, so as to end later",
			arrange: func(s *scene) {
				s.tamper(`UPDATE sessions SET created = created + 60000, expires = expires + 60000000`)
				steal(s)
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "a row that says it ends next year",
			arrange: func(s *scene) {
				s.tamper(`UPDATE sessions SET expires = expires + 31536000000, last_seen = last_seen + 31536000000`)
				s.pass(8 * time.Hour)
				steal(s)
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
		{
			name: "one byte of the content",
			arrange: func(s *scene) {
				s.tamper(`UPDATE sessions SET data = CAST(substr(data, 1, length(data) - 1) || x'00' AS BLOB)`)
				steal(s)
			},
			request: asks, status: http.StatusSeeOther, then: isOut,
		},
	})
}

// rowKeys are the keys of the sessions in the database.
func (s *scene) rowKeys() [][]byte {
	s.t.Helper()
	db := s.database()
	defer db.Close()
	rows, err := db.QueryContext(s.t.Context(), `SELECT key FROM sessions`)
	must(s.t, err)
	defer rows.Close()
	var keys [][]byte
	for rows.Next() {
		var key []byte
		must(s.t, rows.Scan(&key))
		keys = append(keys, key)
	}
	must(s.t, rows.Err())
	return keys
}

func (s *scene) otherThan(key []byte) []byte {
	s.t.Helper()
	for _, other := range s.rowKeys() {
		if string(other) != string(key) {
			return other
		}
	}
	s.t.Fatal("there is one session alone")
	return nil
}

// copyElsewhere goes on at another server on the same database, which has keys of
// its own.
func (s *scene) copyElsewhere() {
	s.t.Helper()
	s.stolen = s.sessionID()
	s.app = newApp(s.t, at(s.path))
}
