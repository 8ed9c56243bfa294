package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/sessions"

	"roster/store"
)

const (
	// DefaultIdle is how long a session lasts without a request.
	DefaultIdle = 30 * time.Minute
	// DefaultAbsolute is how long a session lasts at most.
	DefaultAbsolute = 8 * time.Hour

	// lastSeenEvery is how often at most the time of the last request is written. A
	// session may end that much earlier than its idle time.
	lastSeenEvery = time.Minute
)

// SessionOptions say how sessions are kept and how long they last.
type SessionOptions struct {
	Store     *store.Store
	Keys      Keys     // newest first, see [ParseKeys]
	PublicURL *url.URL // decides on the cookie
	// AllowPlainHTTP permits a public URL of plain http that is not this machine's
	// loopback address. Everything then travels in the clear.
	AllowPlainHTTP bool
	Idle           time.Duration    // 0: DefaultIdle
	Absolute       time.Duration    // 0: DefaultAbsolute
	Now            func() time.Time // nil: time.Now
}

// Sessions are kept at the server; the browser has a random id that is good for
// nothing else. It is safe for concurrent use, but a request belongs to one goroutine.
type Sessions struct {
	store *sessionStore
}

// NewSessions checks the options. A public URL of plain http that is neither loopback
// nor allowed is an error, and so are missing keys.
func NewSessions(o SessionOptions) (*Sessions, error) {
	ring, err := newKeyring(o.Keys)
	if err != nil {
		return nil, err
	}
	c, err := cookieFor(o.PublicURL, o.AllowPlainHTTP)
	if err != nil {
		return nil, err
	}
	s := &sessionStore{rows: o.Store, ring: ring, cookie: c, idle: o.Idle, absolute: o.Absolute, now: o.Now}
	if s.idle == 0 {
		s.idle = DefaultIdle
	}
	if s.absolute == 0 {
		s.absolute = DefaultAbsolute
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.rows == nil || s.idle < 0 || s.absolute < 0 {
		return nil, errors.New("auth: sessions need a store and positive lifetimes")
	}
	s.touchEvery = min(lastSeenEvery, s.idle/2)
	return &Sessions{store: s}, nil
}

// CookieName is the name of the session cookie.
func (s *Sessions) CookieName() string { return s.store.cookie.name }

// Load returns the session of the request, or nil, nil when nobody is signed in. It is
// read once per request; later calls return the same pointer. An error means that the
// store failed: answer 503, and take nobody for signed out.
//
// Reading a session extends it, unless the request is marked by [Background].
func (s *Sessions) Load(r *http.Request) (*Session, error) {
	gs, err := s.get(r)
	if err != nil {
		return nil, err
	}
	if rec := recordOf(gs); rec != nil {
		return rec.session, nil
	}
	return nil, nil
}

// SignIn begins a session, always under a fresh id, and sends its cookie. A session
// that the browser had before is deleted. Load returns the new one from now on.
// On an error nothing has changed and no cookie is sent.
func (s *Sessions) SignIn(w http.ResponseWriter, r *http.Request, session Session) error {
	if session.Subject == "" {
		return errors.New("auth: a session needs a subject")
	}
	gs, err := s.get(r)
	if err != nil {
		return err
	}
	before, wasNew := recordOf(gs), gs.IsNew
	gs.Values[recordKey{}], gs.IsNew = &record{session: &session}, true
	if err := gs.Save(r, w); err != nil {
		gs.Values[recordKey{}], gs.IsNew = before, wasNew
		return fmt.Errorf("auth: sign in: %w", err)
	}
	return nil
}

// Save keeps what was changed in the session that [Sessions.Load] gave. Where another
// request saved the same session meanwhile, the fields that each of them changed are
// kept, and *session has them afterwards. It returns [ErrSessionGone] when the session
// has ended, and never revives it. After any other error nothing was saved.
//
// Call it before the answer is written. The subject can't be changed: sign in again.
func (s *Sessions) Save(w http.ResponseWriter, r *http.Request, session *Session) error {
	gs, err := s.get(r)
	if err != nil {
		return err
	}
	rec := recordOf(gs)
	if rec == nil {
		return ErrSessionGone
	}
	if session.Subject != rec.row.Subject {
		return errors.New("auth: a session can't change its subject")
	}
	rec.session = session
	if err := gs.Save(r, w); err != nil {
		return fmt.Errorf("auth: save session: %w", err)
	}
	return nil
}

// SignOut deletes the session at the server and has the browser forget the cookie.
// After an error the session still stands, and so does the cookie.
func (s *Sessions) SignOut(w http.ResponseWriter, r *http.Request) error {
	gs, err := s.get(r)
	if err != nil {
		return err
	}
	gs.Options.MaxAge = -1
	if err := gs.Save(r, w); err != nil {
		gs.Options.MaxAge = 0
		return fmt.Errorf("auth: sign out: %w", err)
	}
	return nil
}

// RevokeSubject ends every session of the subject and returns how many there were.
func (s *Sessions) RevokeSubject(ctx context.Context, subject string) (int, error) {
	return s.store.rows.DeleteSubjectSessions(ctx, subject)
}

// logOut does what the provider orders, once. Its error is an [ErrLogoutRefused] for
// an order that was done before, or else the store's: then it can be sent again.
func (s *Sessions) logOut(ctx context.Context, l Logout) (ended int, err error) {
	row := store.Logout{Mark: l.token[:], Now: s.store.now(), Expires: l.until, Subject: Identity{Issuer: l.Issuer, Subject: l.Subject}.Key()}
	if l.SID != "" {
		row.Provider = hashProviderSession(l.Issuer, l.SID)
	}
	ended, err = s.store.rows.LogOut(ctx, row)
	if errors.Is(err, store.ErrConflict) {
		return 0, fmt.Errorf("%w: sent before", ErrLogoutRefused)
	}
	return ended, err
}

// Sweep removes the sessions that have ended and returns how many. Call it from time
// to time: an ended session is refused in any case, this frees its place. Drafts, and
// the marks on what is used only once, are removed too when their time is over.
func (s *Sessions) Sweep(ctx context.Context) (int, error) {
	now := s.store.now()
	n, err := s.store.rows.DeleteExpiredSessions(ctx, now)
	return n, errors.Join(err, s.store.rows.DeleteExpiredMarks(ctx, now), s.store.rows.DeleteExpiredDrafts(ctx, now))
}

func (s *Sessions) get(r *http.Request) (*sessions.Session, error) {
	gs, err := s.store.Get(r, s.store.cookie.name)
	if err != nil {
		return nil, fmt.Errorf("auth: load session: %w", err)
	}
	return gs, nil
}
