package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/sessions"

	"roster/store"
)

const (
	idSize   = 32 // bytes of a session id
	idLength = 43 // of an id in the cookie: base64 without padding

	sessionPurpose         = "roster/session/v1"
	providedSessionPurpose = "roster/session-of-provider/v1"

	// maxSaveAttempts bounds how often a save begins again because another request
	// saved the same session in between. Each time one of them gets through.
	maxSaveAttempts = 32
)

// sessionStore is a gorilla/sessions store over package store. The database never
// sees an id: its key is the id's hash, and the content can't be opened without it.
type sessionStore struct {
	rows           *store.Store
	ring           *keyring
	cookie         cookie
	idle, absolute time.Duration
	touchEvery     time.Duration
	now            func() time.Time
}

var _ sessions.Store = (*sessionStore)(nil)

// recordKey is the key of the one entry, a *record, in a gorilla session's values.
type recordKey struct{}

// record is a session as this request knows it.
type record struct {
	session *Session
	row     store.Session
	plain   []byte // the content as it was read, to tell what this request changes
}

// Format redacts, for those who print a gorilla session.
func (*record) Format(f fmt.State, _ rune) { formatRedacted(f) }

func recordOf(gs *sessions.Session) *record {
	rec, _ := gs.Values[recordKey{}].(*record)
	return rec
}

// Get returns the session of the request, read once per request.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session that the request's cookie names. Its ID is the one that the
// browser sent, and IsNew tells that there is no session under it. An error means
// that the store could not be asked: nobody may be taken for signed out then.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	gs := sessions.NewSession(s, name)
	gs.Options, gs.IsNew = s.cookie.options(), true
	id, ok := s.cookie.id(r)
	if !ok {
		return gs, nil
	}
	gs.ID = id
	rec, err := s.load(r.Context(), id, !isBackground(r))
	if err != nil {
		return gs, err
	}
	if rec != nil {
		gs.Values[recordKey{}], gs.IsNew = rec, false
	}
	return gs, nil
}

// Save writes the session: under a fresh id when it is new, or not at all when it
// has ended meanwhile. A negative MaxAge ends it.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, gs *sessions.Session) error {
	rec := recordOf(gs)
	switch {
	case gs.Options.MaxAge < 0:
		return s.end(r.Context(), w, gs)
	case rec == nil:
		return ErrSessionGone
	case gs.IsNew:
		return s.create(r.Context(), w, gs, rec)
	}
	err := s.update(r.Context(), gs.ID, rec)
	if errors.Is(err, store.ErrNotFound) {
		s.forget(w, gs)
		return ErrSessionGone
	}
	return err
}

// load returns nil when there is no such session, or it has ended, or it can't be
// opened.
func (s *sessionStore) load(ctx context.Context, id string, extend bool) (*record, error) {
	row, err := s.rows.Session(ctx, hashID(id))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	now := s.now()
	if s.ended(row, now) {
		return nil, s.rows.DeleteSession(ctx, row.Key)
	}
	rec := s.openRow(id, row)
	if rec == nil || !extend || now.Sub(row.LastSeen) < s.touchEvery {
		return rec, nil
	}
	err = s.rows.TouchSession(ctx, row.Key, now, s.expires(row.Created, now))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return rec, nil
}

// openRow returns nil for a row that can't be opened: it was altered, moved, or
// sealed with a key that is no longer in the list. Its bearer has to sign in again.
func (s *sessionStore) openRow(id string, row store.Session) *record {
	plain, _, err := s.ring.open(sessionBinding(id, row), row.Data)
	if err != nil {
		return nil
	}
	session, err := decodeSession(plain, row.Subject, row.Created)
	if err != nil {
		return nil
	}
	return &record{session: session, row: row, plain: plain}
}

// ended also looks at the settings of today, which may be stricter than those under
// which Expires was written.
func (s *sessionStore) ended(row store.Session, now time.Time) bool {
	return !now.Before(row.Expires) || now.Sub(row.LastSeen) >= s.idle || now.Sub(row.Created) >= s.absolute
}

func (s *sessionStore) expires(created, lastSeen time.Time) time.Time {
	idle, absolute := lastSeen.Add(s.idle), created.Add(s.absolute)
	if idle.Before(absolute) {
		return idle
	}
	return absolute
}

// create writes the record under a fresh id and deletes the session under the id
// that the browser sent, if any, in one step.
func (s *sessionStore) create(ctx context.Context, w http.ResponseWriter, gs *sessions.Session, rec *record) error {
	var replaces []byte
	if gs.ID != "" {
		replaces = hashID(gs.ID)
	}
	// Whole milliseconds, as the store keeps them: the seal is bound to the sign-in.
	id, now := newID(), s.now().UTC().Truncate(time.Millisecond)
	rec.row = store.Session{
		Key: hashID(id), Subject: rec.session.Subject, Provider: rec.session.Provider.row(), Created: now, LastSeen: now,
		Expires: s.expires(now, now), Revision: 1,
	}
	rec.session.SignedInAt = now
	var err error
	if rec.plain, err = encodeSession(rec.session); err != nil {
		return err
	}
	if rec.row.Data, err = s.ring.seal(sessionBinding(id, rec.row), rec.plain); err != nil {
		return err
	}
	if err := s.rows.CreateSession(ctx, rec.row, replaces); err != nil {
		return err
	}
	gs.ID, gs.IsNew = id, false
	s.cookie.set(w, id)
	return nil
}

// update writes what this request changed, on top of what others saved meanwhile.
// It does not extend the session: reading it has done that.
func (s *sessionStore) update(ctx context.Context, id string, rec *record) error {
	mine, err := encodeSession(rec.session)
	if err != nil {
		return err
	}
	row, theirs := rec.row, rec.plain
	for range maxSaveAttempts {
		merged, err := merge(rec.plain, mine, theirs)
		if err != nil {
			return err
		}
		sealed, err := s.ring.seal(sessionBinding(id, row), merged)
		if err != nil {
			return err
		}
		err = s.rows.UpdateSession(ctx, row.Key, row.Revision, sealed)
		if err == nil {
			row.Revision++
			return rec.saved(row, merged)
		}
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
		if row, err = s.rows.Session(ctx, row.Key); err != nil {
			return err
		}
		if theirs, _, err = s.ring.open(sessionBinding(id, row), row.Data); err != nil {
			return err
		}
	}
	return store.ErrConflict
}

// saved makes the record, and the Session that the handler holds, what the store has.
func (rec *record) saved(row store.Session, plain []byte) error {
	session, err := decodeSession(plain, row.Subject, row.Created)
	if err != nil {
		return err
	}
	*rec.session, rec.row, rec.plain = *session, row, plain
	return nil
}

// end deletes the session at the server; only then the browser forgets it, so that a
// failed sign-out can be tried again.
func (s *sessionStore) end(ctx context.Context, w http.ResponseWriter, gs *sessions.Session) error {
	if gs.ID != "" {
		if err := s.rows.DeleteSession(ctx, hashID(gs.ID)); err != nil {
			return err
		}
	}
	s.forget(w, gs)
	return nil
}

func (s *sessionStore) forget(w http.ResponseWriter, gs *sessions.Session) {
	delete(gs.Values, recordKey{})
	gs.ID, gs.IsNew, gs.Options = "", true, s.cookie.options()
	s.cookie.expire(w)
}

// sessionBinding ties content to the id, which the database doesn't have, and to what
// stands beside it in the row: a row with another subject, sign-in or session of the
// provider's doesn't open.
func sessionBinding(id string, row store.Session) binding {
	bound := fmt.Appendf(nil, "%x %d %s", row.Key, row.Created.UnixMilli(), row.Subject)
	if row.Provider == nil {
		return binding{purpose: sessionPurpose, salt: id, context: bound}
	}
	return binding{purpose: providedSessionPurpose, salt: id, context: fmt.Appendf(nil, "%x %s", row.Provider, bound)}
}

func newID() string {
	id := make([]byte, idSize)
	_, _ = rand.Read(id) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(id)
}

func hashID(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:]
}
