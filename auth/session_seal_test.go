package auth

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

func TestKeyRotation(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	rotated, withoutOld := h.withKeys(newKey, oldKey), h.withKeys(newKey)

	r := h.request(id)
	s, err := rotated.Load(r)
	if err != nil || s == nil {
		t.Fatalf("the old key's session can't be read (%v)", err)
	}
	if got, err := withoutOld.Load(h.request(id)); got != nil || err != nil {
		t.Fatalf("read without its key (%v)", err)
	}
	if err := rotated.Save(httptest.NewRecorder(), r, s); err != nil {
		t.Fatal(err)
	}
	if got, err := withoutOld.Load(h.request(id)); got == nil || err != nil {
		t.Errorf("a save did not seal it with the newest key (%v)", err)
	}
	h.wantSignedIn(id, false) // the old key alone
}

func TestAlteredRowsDoNotOpen(t *testing.T) {
	const last = `substr(data, 1, length(data) - 1) || x'00'`
	for name, query := range map[string]string{
		"last byte":       `UPDATE sessions SET data = CAST(` + last + ` AS BLOB) WHERE key = ?1`,
		"first byte":      `UPDATE sessions SET data = CAST(x'00' || substr(data, 2) AS BLOB) WHERE key = ?1`,
		"truncated":       `UPDATE sessions SET data = substr(data, 1, 8) WHERE key = ?1`,
		"empty":           `UPDATE sessions SET data = x'' WHERE key = ?1`,
		"another content": `UPDATE sessions SET data = (SELECT data FROM sessions WHERE key = ?2) WHERE key = ?1`,
		"another subject": `UPDATE sessions SET subject = 'toggl:2' WHERE key = ?1`,
		"later sign-in":   `UPDATE sessions SET created = created + 1 WHERE key = ?1`,
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			id, other := h.signIn(), h.signIn()
			h.exec(query, hashID(id), hashID(other))
			h.wantSignedIn(id, false)
			h.wantSignedIn(other, true)
		})
	}
}

func TestStolenRowIsNoUse(t *testing.T) {
	h := newHouse(t)
	victim, mine := h.signIn(), h.signIn()
	// Who can write to the database puts the victim's row under the hash of their own id.
	h.exec(`DELETE FROM sessions WHERE key = ?1`, hashID(mine))
	h.exec(`UPDATE sessions SET key = ?1 WHERE key = ?2`, hashID(mine), hashID(victim))
	h.wantSignedIn(mine, false)
}

func TestContentNeedsTheID(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	row, err := h.store.Session(t.Context(), hashID(id))
	if err != nil {
		t.Fatal(err)
	}
	ring := h.sessions.store.ring
	if _, _, err := ring.open(sessionBinding(id, row), row.Data); err != nil {
		t.Fatal(err)
	}
	// Who has the master key and the database, but no cookie, reads nothing.
	for _, other := range []string{"", newID(), string(row.Key), base64.RawURLEncoding.EncodeToString(row.Key)} {
		if _, _, err := ring.open(sessionBinding(other, row), row.Data); err == nil {
			t.Errorf("opened with the id %q", other)
		}
	}
}

func TestConcurrentSavesKeepEachOthersChanges(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	changes := []func(*Session){
		func(s *Session) { s.Name = "changed" },
		func(s *Session) { s.Email = "changed" },
		func(s *Session) { s.UserID = 2 },
		func(s *Session) { s.TimeZone = "changed" },
		func(s *Session) { s.Track.APIToken = "changed" },
		func(s *Session) { s.FocusKey = "" },
		func(s *Session) { s.Organizations = nil },
		func(s *Session) { s.Flash = nil },
	}
	var loaded, done sync.WaitGroup
	loaded.Add(len(changes))
	for _, change := range changes {
		done.Go(func() {
			r := h.request(id)
			s, err := h.sessions.Load(r)
			loaded.Done()
			if err != nil || s == nil {
				t.Errorf("not signed in (%v)", err)
				return
			}
			loaded.Wait() // so that all have read the same
			change(s)
			if err := h.sessions.Save(httptest.NewRecorder(), r, s); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	got := h.load(id)
	if got.Name != "changed" || got.Email != "changed" || got.UserID != 2 || got.TimeZone != "changed" ||
		got.Track.APIToken != "changed" || got.FocusKey != "" || got.Organizations != nil || got.Flash != nil {
		t.Error("a change was lost")
	}
	if got.Track.Password != "password-canary" || !got.Demo {
		t.Error("what nobody changed is not as it was")
	}
}

func TestStaleSaveDoesNotBringBackRemovedKey(t *testing.T) {
	h := newHouse(t)
	id := h.signIn()
	page, settings := h.request(id), h.request(id)
	shown, err := h.sessions.Load(page)
	if err != nil {
		t.Fatal(err)
	}
	edited, err := h.sessions.Load(settings)
	if err != nil {
		t.Fatal(err)
	}
	edited.FocusKey = ""
	if err := h.sessions.Save(httptest.NewRecorder(), settings, edited); err != nil {
		t.Fatal(err)
	}
	shown.Flash = nil
	if err := h.sessions.Save(httptest.NewRecorder(), page, shown); err != nil {
		t.Fatal(err)
	}
	if shown.FocusKey != "" {
		t.Error("the page still has the removed key")
	}
	if got := h.load(id); got.FocusKey != "" || got.Flash != nil {
		t.Error("a change was lost")
	}
}

// holder keeps secrets in all the places in which a type of ours may stand.
type holder struct {
	Session     Session
	Pointer     *Session
	Track       TrackCredentials
	Connection  Connection
	Options     SessionOptions
	Connections ConnectionOptions
	List        []Session
	Map         map[string]TrackCredentials
}

func TestSecretsDoNotPrint(t *testing.T) {
	h := newHouse(t)
	s := sampleSession()
	keys := Keys{[]byte("key-canary-key-canary-key-canary")}
	connection := Connection{Track: s.Track, FocusKey: s.FocusKey}
	gs, err := h.sessions.get(h.request(h.signIn()))
	if err != nil {
		t.Fatal(err)
	}
	connections, err := NewConnections(ConnectionOptions{Store: h.store, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	hidden := struct {
		sessions    *Sessions
		connections *Connections
	}{h.withKeys(keys...), connections}
	values := []any{
		connections, *connections, *h.withKeys(keys...), connections.ring, *connections.ring, hidden, &hidden,
		s, &s, s.Track, &s.Track, connection, &connection, keys, &keys,
		SessionOptions{Keys: keys},
		ConnectionOptions{Keys: keys},
		h.withKeys(keys...), gs.Values,
		holder{
			Session: s, Pointer: &s, Track: s.Track, Connection: connection, Options: SessionOptions{Keys: keys},
			Connections: ConnectionOptions{Keys: keys}, List: []Session{s}, Map: map[string]TrackCredentials{"a": s.Track},
		},
	}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%o", "%t"} {
			wantNoCanary(t, fmt.Sprintf("%T as %s", v, verb), fmt.Sprintf(verb, v))
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("test", "value", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("test", "value", v)
		wantNoCanary(t, fmt.Sprintf("%T in a log", v), log.String())
	}
	for _, v := range []any{s, s.Track, connection, keys} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		wantNoCanary(t, fmt.Sprintf("%T as JSON", v), string(data))
	}
	for _, text := range []string{
		s.String(), s.GoString(), s.Track.String(), s.Track.GoString(),
		connection.String(), connection.GoString(), keys.String(), keys.GoString(),
	} {
		if text != redacted {
			t.Errorf("%q, want %q", text, redacted)
		}
	}
}

// wantNoCanary looks for the canary as text, as hexadecimal digits and as numbers.
func wantNoCanary(t *testing.T, what, text string) {
	t.Helper()
	text = strings.ToLower(text)
	numbers := strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]")
	octal := strings.Trim(fmt.Sprintf("%o", []byte(canary)), "[]")
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), numbers, octal, "y2fuyxj5"} {
		if strings.Contains(text, form) {
			t.Errorf("%s shows a secret", what)
		}
	}
}
