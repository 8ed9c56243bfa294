package auth

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/sessions"

	"roster/store"
)

const (
	authorPurpose = "roster/author/v1"
	draftPurpose  = "roster/draft/v1"
	// authorLasts is how long after a sign-in a browser is still known as that person's
	// where they send a form late: over a weekend.
	authorLasts = 96 * time.Hour
	// draftLasts is how much time there is to sign in again.
	draftLasts = time.Hour
	// maxDraft is the size of the largest form that is kept, encoded.
	maxDraft = 64 << 10
)

// A Draft is a form that somebody sent after their session had ended.
type Draft struct {
	Action string     `json:"action"` // where it was sent to
	Form   url.Values `json:"form"`
}

// An author is who was last signed in in a browser. The browser has it sealed in a
// cookie, which lets nobody in: it is good for keeping one draft, which only the same
// person gets back.
type author struct {
	ID      string    `json:"id"`      // secret: names and seals the draft
	Subject []byte    `json:"subject"` // its hash, for cookies are small
	Since   time.Time `json:"since"`
}

// keepAuthor has the browser remember that it is the subject's. What is kept for them
// there stays; what is kept for anybody else is out of reach from then on.
func (s *Sessions) keepAuthor(w http.ResponseWriter, r *http.Request, subject string) error {
	who, ok := s.author(r)
	if !ok || !who.is(subject) {
		who = author{ID: newID(), Subject: hashID(subject)}
	}
	who.Since = s.store.now().UTC()
	plain, err := json.Marshal(who)
	if err != nil {
		return fmt.Errorf("auth: encode author: %w", err)
	}
	sealed, err := s.store.ring.seal(s.authorBinding(), plain)
	if err != nil {
		return err
	}
	c := s.authorCookie()
	http.SetCookie(w, sessions.NewCookie(c.name, base64.RawURLEncoding.EncodeToString(sealed), c.options()))
	return nil
}

// author returns false where nobody was signed in of late.
func (s *Sessions) author(r *http.Request) (who author, ok bool) {
	found := r.CookiesNamed(s.authorCookie().name)
	if len(found) != 1 {
		return author{}, false
	}
	sealed, err := base64.RawURLEncoding.DecodeString(found[0].Value)
	if err != nil {
		return author{}, false
	}
	plain, _, err := s.store.ring.open(s.authorBinding(), sealed)
	if err != nil || json.Unmarshal(plain, &who) != nil {
		return author{}, false
	}
	return who, s.store.now().Sub(who.Since) < authorLasts
}

func (s *Sessions) authorCookie() cookie {
	return cookie{name: s.store.cookie.name + "-author", secure: s.store.cookie.secure}
}

// The binding holds nothing of the request: the seal alone says whose cookie it is.
func (s *Sessions) authorBinding() binding {
	return binding{purpose: authorPurpose, salt: s.authorCookie().name}
}

// KeepDraft keeps what was sent for whoever was last signed in in this browser, in
// place of an earlier draft of theirs, for an hour. It returns false where nobody is
// known to have been, or it is more than 64 KB: then nothing is kept.
func (s *Sessions) KeepDraft(r *http.Request, d Draft) (kept bool, err error) {
	who, ok := s.author(r)
	if !ok {
		return false, nil
	}
	plain, err := json.Marshal(d)
	if err != nil {
		return false, fmt.Errorf("auth: encode draft: %w", err)
	}
	if len(plain) > maxDraft {
		return false, nil
	}
	sealed, err := s.store.ring.seal(who.binding(), plain)
	if err != nil {
		return false, err
	}
	err = s.store.rows.PutDraft(r.Context(), store.Draft{Key: hashID(who.ID), Expires: s.store.now().Add(draftLasts), Data: sealed})
	return err == nil, err
}

// Draft returns what is kept in this browser for the subject, or nil, nil.
func (s *Sessions) Draft(r *http.Request, subject string) (*Draft, error) {
	who, ok := s.author(r)
	if !ok || !who.is(subject) {
		return nil, nil
	}
	return s.draftOf(r.Context(), who)
}

// HasDraft reports whether something is kept in this browser for whoever was last
// signed in.
func (s *Sessions) HasDraft(r *http.Request) (bool, error) {
	who, ok := s.author(r)
	if !ok {
		return false, nil
	}
	d, err := s.draftOf(r.Context(), who)
	return d != nil, err
}

// DropDraft forgets what is kept in this browser.
func (s *Sessions) DropDraft(r *http.Request) error {
	who, ok := s.author(r)
	if !ok {
		return nil
	}
	return s.store.rows.DeleteDraft(r.Context(), hashID(who.ID))
}

func (s *Sessions) draftOf(ctx context.Context, who author) (*Draft, error) {
	row, err := s.store.rows.Draft(ctx, hashID(who.ID))
	if errors.Is(err, store.ErrNotFound) || err == nil && !s.store.now().Before(row.Expires) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.openDraft(who, row.Data), nil
}

// openDraft returns nil for one that can't be opened: it was altered, or its key was
// taken out of the list.
func (s *Sessions) openDraft(who author, sealed []byte) *Draft {
	d := &Draft{}
	plain, _, err := s.store.ring.open(who.binding(), sealed)
	if err != nil || json.Unmarshal(plain, d) != nil {
		return nil
	}
	return d
}

func (a author) is(subject string) bool { return bytes.Equal(a.Subject, hashID(subject)) }

// binding ties a draft to its author: the database has the means to open none, and a
// row that is moved doesn't open either.
func (a author) binding() binding {
	return binding{purpose: draftPurpose, salt: a.ID, context: a.Subject}
}

// Format redacts, for those who print an author.
func (author) Format(f fmt.State, _ rune) { formatRedacted(f) }

// Format redacts: people type what is nobody else's business.
func (Draft) Format(f fmt.State, _ rune) { formatRedacted(f) }
