package auth

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func (h *house) connections(keys ...[]byte) *Connections {
	h.Helper()
	c, err := NewConnections(ConnectionOptions{Store: h.store, Keys: keys, Now: func() time.Time { return h.now }})
	if err != nil {
		h.Fatal(err)
	}
	return c
}

func sampleConnection() Connection {
	s := sampleSession()
	return Connection{
		Track: s.Track, FocusKey: s.FocusKey, FocusKeyAddedAt: s.FocusKeyAddedAt, FocusOrganizations: s.FocusOrganizations,
	}
}

func (h *house) saveConnection(c *Connections, subject string) {
	h.Helper()
	if err := c.Save(h.Context(), subject, sampleConnection()); err != nil {
		h.Fatal(err)
	}
}

func TestConnectionRoundTrip(t *testing.T) {
	h := newHouse(t)
	c := h.connections(oldKey)
	if got, err := c.Load(t.Context(), "toggl:1"); got != nil || err != nil {
		t.Errorf("before: %t, %v", got != nil, err)
	}
	h.saveConnection(c, "toggl:1")
	want := sampleConnection()
	want.SavedAt = h.now
	got, err := c.Load(t.Context(), "toggl:1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Error(diff)
	}
	if got, err := c.Load(t.Context(), "toggl:2"); got != nil || err != nil {
		t.Errorf("somebody else: %t, %v", got != nil, err)
	}
	if bytes.Contains(h.databaseBytes(), []byte(canary)) {
		t.Error("the database holds a secret in the clear")
	}
	if err := c.Delete(t.Context(), "toggl:1"); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Load(t.Context(), "toggl:1"); got != nil || err != nil {
		t.Errorf("after: %t, %v", got != nil, err)
	}
}

func TestConnectionKeyRotation(t *testing.T) {
	h := newHouse(t)
	h.saveConnection(h.connections(oldKey), "toggl:1")
	if _, err := h.connections(newKey).Load(t.Context(), "toggl:1"); !errors.Is(err, ErrConnectionUnreadable) {
		t.Errorf("without its key: %v, want %v", err, ErrConnectionUnreadable)
	}
	saved := h.now
	h.now = h.now.Add(time.Hour)
	if _, err := h.connections(newKey, oldKey).Load(t.Context(), "toggl:1"); err != nil {
		t.Fatal(err)
	}
	got, err := h.connections(newKey).Load(t.Context(), "toggl:1")
	if err != nil {
		t.Fatalf("loading did not seal it with the newest key: %v", err)
	}
	if !got.SavedAt.Equal(saved) {
		t.Errorf("saved at %v, want %v", got.SavedAt, saved)
	}
}

func TestConnectionOfAnotherDoesNotOpen(t *testing.T) {
	h := newHouse(t)
	c := h.connections(oldKey)
	h.saveConnection(c, "toggl:1")
	h.exec(`UPDATE connections SET subject = 'toggl:2'`)
	if got, err := c.Load(t.Context(), "toggl:2"); got != nil || !errors.Is(err, ErrConnectionUnreadable) {
		t.Errorf("opened is %t, error %v", got != nil, err)
	}
}

func TestSessionDataIsNoConnection(t *testing.T) {
	h := newHouse(t)
	h.signIn()
	h.exec(`INSERT INTO connections (subject, updated, data) SELECT subject, created, data FROM sessions`)
	if _, err := h.connections(oldKey).Load(t.Context(), "toggl:1"); !errors.Is(err, ErrConnectionUnreadable) {
		t.Errorf("got %v, want %v", err, ErrConnectionUnreadable)
	}
}

func TestConnectionFailures(t *testing.T) {
	h := newHouse(t)
	c := h.connections(oldKey)
	if err := c.Save(t.Context(), "", sampleConnection()); err == nil {
		t.Error("kept for nobody")
	}
	if _, err := NewConnections(ConnectionOptions{Store: h.store}); err == nil {
		t.Error("made without a key")
	}
	if _, err := NewConnections(ConnectionOptions{Keys: Keys{oldKey}}); err == nil {
		t.Error("made without a store")
	}
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	_, errLoad := c.Load(t.Context(), "toggl:1")
	for name, err := range map[string]error{
		"load": errLoad, "save": c.Save(t.Context(), "toggl:1", sampleConnection()), "delete": c.Delete(t.Context(), "toggl:1"),
	} {
		if err == nil || errors.Is(err, ErrConnectionUnreadable) {
			t.Errorf("%s with the store closed: %v", name, err)
		}
	}
}
