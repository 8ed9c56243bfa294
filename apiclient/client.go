package apiclient

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

type mode int

const (
	modeCached mode = iota
	modeFresh
	modeKnown
)

// Client makes calls with one person's credentials. It is made per request, is
// safe for concurrent use and remembers how old the data is that it handed out.
type Client struct {
	factory      *Factory
	track, focus *account // nil: no credential
	signTrack    authorizer
	signFocus    authorizer
	mode         mode
	seen         *seen
	recorder     Recorder // nil: none
	// focusNumbers are Focus' numbers of organizations by Track's, where they differ.
	focusNumbers map[int64]int64
}

// seen is shared by a Client and those derived from it.
type seen struct {
	mu     sync.Mutex
	readAt time.Time
	stale  *Error
}

// HasTrack reports whether there is a credential for Toggl Track.
func (c *Client) HasTrack() bool { return c.track != nil }

// HasFocus reports whether there is a key for Toggl Focus.
func (c *Client) HasFocus() bool { return c.focus != nil }

// Fresh is the same client, but asks upstream always, even where the remembered
// quota says no, and never serves what is cached. What it reads is cached.
func (c *Client) Fresh() *Client { return c.in(modeFresh) }

// Known is the same client, but serves only what is cached, of whatever age,
// and sends nothing: the rest is ErrUnknown. It changes neither the cache nor
// ReadAt and Stale of the client that it was made of; its own ReadAt is about
// what it has handed out itself.
func (c *Client) Known() *Client {
	known := c.in(modeKnown)
	known.seen = &seen{}
	return known
}

func (c *Client) in(m mode) *Client {
	derived := *c
	derived.mode = m
	return &derived
}

// WithFocusOrganizations is the same client, but knows under which number Focus
// has an organization of Track's where the two differ. Calls take the number of
// the API that they are of; Quota, DropOrganization and what a change makes
// outdated are about both.
func (c *Client) WithFocusOrganizations(numbers map[int64]int64) *Client {
	derived := *c
	derived.focusNumbers = numbers
	return &derived
}

// ReadAt is when the oldest data was read that this client, or one derived from
// it by Fresh, has handed out. Zero: none yet.
func (c *Client) ReadAt() time.Time {
	c.seen.mu.Lock()
	defer c.seen.mu.Unlock()
	return c.seen.readAt
}

// Stale tells why upstream couldn't be asked, where older data was served
// instead (quota, 429, 5xx, unreachable). Nil: all that was served is current.
func (c *Client) Stale() *Error {
	c.seen.mu.Lock()
	defer c.seen.mu.Unlock()
	return c.seen.stale
}

// Quota is what was left for an organization of Track's (0: for calls that name
// none) as of the last answer; with both credentials, the scarcer of the two.
// False: nothing is known, or it has been reset since.
func (c *Client) Quota(organizationID int64) (Quota, bool) {
	now := c.factory.now()
	quota, ok := c.track.quota(organizationID, now)
	if other, known := c.focus.quota(c.inFocus(organizationID), now); known && (!ok || other.Remaining < quota.Remaining) {
		return other, true
	}
	return quota, ok
}

// DropOrganization makes the next reads of an organization of Track's, in either
// API, and of the caller's lists of organizations and workspaces, ask upstream. Where upstream can't be
// asked then, what was read before is still served as stale.
func (c *Client) DropOrganization(organizationID int64) {
	c.track.expire(organizationID)
	c.focus.expire(c.inFocus(organizationID))
}

// inFocus is Focus' number of an organization of Track's.
func (c *Client) inFocus(organizationID int64) int64 {
	if id, ok := c.focusNumbers[organizationID]; ok {
		return id
	}
	return organizationID
}

// dropChanged forgets what a change may have made outdated, in both APIs. More
// than one of Track's organizations may have the same number in Focus.
func (c *Client) dropChanged(r request) {
	if r.api == apiTrack {
		c.track.drop(r.organizationID, r.mine)
		c.focus.drop(c.inFocus(r.organizationID), r.mine)
		return
	}
	c.focus.drop(r.organizationID, r.mine)
	c.track.drop(r.organizationID, r.mine)
	for track, focus := range c.focusNumbers {
		if focus == r.organizationID {
			c.track.drop(track, r.mine)
		}
	}
}

func (c *Client) note(e *entry) {
	c.seen.mu.Lock()
	defer c.seen.mu.Unlock()
	if c.seen.readAt.IsZero() || e.readAt.Before(c.seen.readAt) {
		c.seen.readAt = e.readAt
	}
}

func (c *Client) noteStale(e *entry, why *Error) {
	c.note(e)
	c.seen.mu.Lock()
	defer c.seen.mu.Unlock()
	c.seen.stale = why
}

func (c *Client) account(r request) (*account, authorizer, error) {
	switch {
	case r.api == apiTrack && c.track == nil:
		return nil, nil, r.fail(ErrNoTrack)
	case r.api == apiFocus && c.focus == nil:
		return nil, nil, r.fail(ErrNoFocus)
	case r.api == apiTrack:
		return c.track, c.signTrack, nil
	}
	return c.focus, c.signFocus, nil
}

// read serves a GET from the cache, or asks upstream, or serves what is stale.
func read[T any](ctx context.Context, c *Client, r request, decode func(answer) (T, error)) (T, error) {
	e, err := c.find(ctx, r, func(a answer) (any, error) { return decode(a) })
	if err != nil {
		var none T
		return none, err
	}
	value, _ := e.value.(T) // the target names the operation, and so the type
	return value, nil
}

func (c *Client) find(ctx context.Context, r request, decode func(answer) (any, error)) (*entry, error) {
	a, sign, err := c.account(r)
	if err != nil {
		return nil, err
	}
	if c.mode == modeKnown {
		if e, ok := a.peek(r.target); ok {
			c.note(e)
			return e, nil
		}
		return nil, r.fail(ErrUnknown)
	}
	if c.mode == modeCached {
		if e, fresh := a.cached(r.target, c.factory.now(), c.factory.options.CacheFor); fresh {
			c.note(e)
			c.factory.observeRead(r, FromCache)
			return e, nil
		}
	}
	e, err := c.fetch(ctx, a, sign, r, decode)
	if err == nil {
		c.note(e)
		c.factory.observeRead(r, FromToggl)
		return e, nil
	}
	e, err = c.fallBack(a, r, err)
	if err != nil {
		c.factory.observeRead(r, FromNone)
		return nil, err
	}
	c.factory.observeRead(r, FromStale)
	return e, nil
}

func (f *Factory) observeRead(r request, from string) {
	f.options.ObserveRead(Read{API: r.api, Operation: r.op, From: from})
}

// fetch asks upstream, together with others that ask the same.
func (c *Client) fetch(ctx context.Context, a *account, sign authorizer, r request, decode func(answer) (any, error)) (*entry, error) {
	epoch := a.currentEpoch()
	key := fmt.Sprintf("%d %d %s", c.mode, epoch, r.target)
	e, err := a.share(ctx, key, func(ctx context.Context) (*entry, error) {
		got, err := c.factory.send(ctx, a, sign, r, c.mode == modeFresh)
		if err != nil {
			return nil, err
		}
		value, err := decode(got)
		if err != nil {
			return nil, err
		}
		e := &entry{value: value, organizationID: r.organizationID, readAt: c.factory.now(), size: len(got.body)}
		a.store(r.target, e, epoch)
		return e, nil
	})
	return e, r.contextError(err)
}

// fallBack serves what was read before, where it isn't upstream's word that
// there is nothing (any more).
func (c *Client) fallBack(a *account, r request, err error) (*entry, error) {
	var why *Error
	if !errors.As(err, &why) {
		return nil, err
	}
	switch why.Kind {
	case ErrUnauthorized, ErrForbidden, ErrNotFound:
		a.remove(r.target)
	case ErrQuota, ErrRateLimited, ErrUnreachable:
		if e, ok := a.peek(r.target); ok && c.mode == modeCached {
			c.noteStale(e, why)
			return e, nil
		}
	}
	return nil, err
}

// write sends a change once and forgets what it may have changed.
func write[T any](ctx context.Context, c *Client, r request, decode func(answer) (T, error)) (T, error) {
	var none T
	a, sign, err := c.account(r)
	if err != nil {
		return none, err
	}
	if c.mode == modeKnown {
		return none, r.fail(ErrUnknown)
	}
	got, err := c.recorded(ctx, r, func() (answer, error) {
		return c.factory.send(ctx, a, sign, r, c.mode == modeFresh)
	})
	if err == nil || mayHaveChanged(err) {
		c.dropChanged(r)
	}
	if err != nil {
		return none, r.contextError(err)
	}
	return decode(got)
}

// change is a write whose answer says nothing.
func change(ctx context.Context, c *Client, r request) error {
	_, err := write(ctx, c, r, ignored)
	return err
}

// mayHaveChanged reports whether a failed write might have been carried out.
func mayHaveChanged(err error) bool {
	var e *Error
	return !errors.As(err, &e) || e.Kind == ErrUnreachable || e.Kind == ErrBadAnswer
}

// contextError gives the caller's own end of patience its place: running out of
// time is upstream's fault, going away is nobody's.
func (r request) contextError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return r.fail(ErrUnreachable)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s %s: %w", r.api, r.op, context.Canceled)
	}
	return err
}
