package auth

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var typed = Draft{Action: "/orgs/1/users/2", Form: url.Values{"name": {"Ana & Söhne"}, "groups": {"1", "2"}}}

// author has the browser remember that it is the subject's.
func (h *house) author(b *browser, subject string) *browser {
	h.Helper()
	w := httptest.NewRecorder()
	if err := h.sessions.keepAuthor(w, b.request("/"), subject); err != nil {
		h.Fatal(err)
	}
	b.keep(w)
	return b
}

func (h *house) draft(b *browser) bool {
	h.Helper()
	kept, err := h.sessions.KeepDraft(b.request("/"), typed)
	if err != nil {
		h.Fatal(err)
	}
	return kept
}

// wantDraft reports whether the subject gets back what was typed.
func (h *house) wantDraft(b *browser, subject string, want bool) {
	h.Helper()
	got, err := h.sessions.Draft(b.request("/"), subject)
	switch {
	case err != nil:
		h.Fatal(err)
	case !want && got != nil:
		h.Errorf("%s gets the draft", subject)
	case want && got == nil:
		h.Errorf("%s does not get the draft", subject)
	case want:
		if diff := cmp.Diff(typed, *got); diff != "" {
			h.Error(diff)
		}
	}
}

// TestDraftIsOfOnePerson in one browser, whoever else signs in there.
func TestDraftIsOfOnePerson(t *testing.T) {
	h := newHouse(t)
	nobody, ana := &browser{TB: t}, h.author(&browser{TB: t}, "ana")
	if h.draft(nobody) || !h.draft(ana) {
		t.Fatal("kept for nobody, or not for Ana")
	}
	h.wantDraft(ana, "ana", true)
	h.wantDraft(ana, "bob", false)
	h.wantDraft(ana, "", false)
	h.wantDraft(nobody, "ana", false)
	h.wantDraft(h.author(&browser{TB: t}, "ana"), "ana", false) // in another browser
	h.wantDraft(h.author(ana, "ana"), "ana", true)              // after signing in again
	h.wantDraft(h.author(ana, "bob"), "bob", false)
	h.wantDraft(h.author(ana, "ana"), "ana", false) // it was somebody else's in between
}

// TestDraftEnds with the hour, when it is dropped, and with a sweep.
func TestDraftEnds(t *testing.T) {
	h := newHouse(t)
	ana := h.author(&browser{TB: t}, "ana")
	h.draft(ana)
	if has, err := h.sessions.HasDraft(ana.request("/")); !has || err != nil {
		t.Error("nothing is kept", err)
	}
	h.now = h.now.Add(draftLasts)
	h.wantDraft(ana, "ana", false)
	if has, err := h.sessions.HasDraft(ana.request("/")); has || err != nil {
		t.Error("something is kept", err)
	}
	if _, err := h.sessions.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := h.rawDB().QueryRowContext(t.Context(), "SELECT count(*) FROM drafts").Scan(&n); n != 0 || err != nil {
		t.Errorf("%d are left, %v", n, err)
	}
	h.draft(ana)
	for _, b := range []*browser{{TB: t}, ana} { // nobody drops nothing
		if err := h.sessions.DropDraft(b.request("/")); err != nil {
			t.Fatal(err)
		}
	}
	h.wantDraft(ana, "ana", false)
	h.now = h.now.Add(authorLasts)
	if h.draft(ana) {
		t.Error("kept for somebody who was here long ago")
	}
}

// TestDraftIsBounded: an earlier draft makes way, and none is large.
func TestDraftIsBounded(t *testing.T) {
	h := newHouse(t)
	ana := h.author(&browser{TB: t}, "ana")
	large := Draft{Action: "/", Form: url.Values{"a": {strings.Repeat("a", maxDraft)}}}
	if kept, err := h.sessions.KeepDraft(ana.request("/"), large); kept || err != nil {
		t.Error("a large one is kept", err)
	}
	first := Draft{Action: "/first"}
	if kept, err := h.sessions.KeepDraft(ana.request("/"), first); !kept || err != nil {
		t.Error("not kept", err)
	}
	h.draft(ana)
	h.wantDraft(ana, "ana", true)
}

// TestHostileDrafts: no cookie but ours, and no row but its own.
func TestHostileDrafts(t *testing.T) {
	h := newHouse(t)
	ana := h.author(&browser{TB: t}, "ana")
	good := ana.cookies[0]
	sealed, err := base64.RawURLEncoding.DecodeString(good.Value)
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Clone(sealed)
	altered[len(altered)-1] ^= 1
	for name, cookies := range map[string][]*http.Cookie{
		"twice":       {good, good},
		"no base64":   {{Name: good.Name, Value: "%%"}},
		"empty":       {{Name: good.Name}},
		"altered":     {{Name: good.Name, Value: base64.RawURLEncoding.EncodeToString(altered)}},
		"an id":       {{Name: good.Name, Value: newID()}},
		"of plain":    {{Name: "roster-author", Value: good.Value}},
		"of sessions": {{Name: secureCookieName, Value: good.Value}},
	} {
		if h.draft(&browser{TB: t, cookies: cookies}) {
			t.Errorf("%s: kept", name)
		}
	}
	h.draft(ana)
	bob := h.author(&browser{TB: t}, "bob")
	h.draft(bob)
	if strings.Contains(string(h.databaseBytes()), "Söhne") {
		t.Error("the database has what was typed in the clear")
	}
	whoAna, _ := h.sessions.author(ana.request("/"))
	whoBob, _ := h.sessions.author(bob.request("/"))
	h.exec("UPDATE drafts SET data = (SELECT data FROM drafts WHERE key = ?1) WHERE key = ?2", hashID(whoAna.ID), hashID(whoBob.ID))
	h.wantDraft(ana, "ana", true)
	h.wantDraft(bob, "bob", false)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		if got := fmt.Sprintf(verb, []any{typed, author{ID: canary}}); strings.Contains(got, canary) || strings.Contains(got, "Söhne") {
			t.Errorf("%s prints %s", verb, got)
		}
	}
}

// TestAuthorCookie: it is as safe as the session's, small, and ends with the browser.
func TestAuthorCookie(t *testing.T) {
	h := newHouse(t)
	ana := h.author(&browser{TB: t}, "https://id.example "+strings.Repeat("a", maxSubject))
	c := ana.cookies[0]
	if c.Name != "__Host-roster-author" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 || len(c.Raw) > 400 {
		t.Errorf("got %s (%d bytes)", c.Raw, len(c.Raw))
	}
	h.sessions = h.withKeys(newKey, oldKey)
	if !h.draft(ana) {
		t.Error("a new key forgets who it was")
	}
	h.now = h.now.Add(time.Minute)
	h.sessions = h.withKeys(newKey)
	if h.draft(ana) {
		t.Error("an old key holds for ever")
	}
}
