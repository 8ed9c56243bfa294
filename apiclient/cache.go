package apiclient

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// maxCachedBytes bounds what one credential's cache holds, counted as the
// answers' size before decoding.
const maxCachedBytes = 16 << 20

// An entry is a decoded answer. All of it but expired never changes.
type entry struct {
	value          any
	organizationID int64
	readAt         time.Time
	size           int
	expired        bool // by the refresh button; guarded by the account's lock
}

// A cache belongs to an account, whose lock guards it.
type cache struct {
	entries *simplelru.LRU[string, *entry]
	bytes   int
}

func newCache(entries int) *cache {
	c := &cache{}
	// The only error is a size that isn't positive, which NewFactory excludes.
	c.entries, _ = simplelru.NewLRU(entries, func(_ string, e *entry) { c.bytes -= e.size })
	return c
}

func (c *cache) add(key string, e *entry) {
	c.entries.Remove(key)
	if e.size > maxCachedBytes {
		return
	}
	c.entries.Add(key, e)
	c.bytes += e.size
	for c.bytes > maxCachedBytes {
		c.entries.RemoveOldest()
	}
}

// cached looks an entry up; fresh says whether it is younger than freshFor.
func (a *account) cached(key string, now time.Time, freshFor time.Duration) (e *entry, fresh bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, ok := a.cache.entries.Get(key)
	if !ok {
		return nil, false
	}
	return e, !e.expired && now.Sub(e.readAt) < freshFor
}

// peek looks an entry up without making it younger in the order of eviction.
func (a *account) peek(key string) (*entry, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.cache.entries.Peek(key)
}

// store keeps an entry unless something was dropped since the read began: the
// read may have seen what was before.
func (a *account) store(key string, e *entry, epoch uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.epoch == epoch {
		a.cache.add(key, e)
	}
}

func (a *account) remove(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cache.entries.Remove(key)
}

// drop removes what a write may have changed: all of the organization, and with
// mine the caller's lists of organizations and workspaces.
func (a *account) drop(organizationID int64, mine bool) {
	a.each(organizationID, mine, func(key string, _ *entry) { a.cache.entries.Remove(key) })
}

// expire makes the next read ask upstream, but keeps what is there for the case
// that upstream refuses.
func (a *account) expire(organizationID int64) {
	a.each(organizationID, true, func(_ string, e *entry) { e.expired = true })
}

func (a *account) each(organizationID int64, mine bool, do func(string, *entry)) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.epoch++
	for _, key := range a.cache.entries.Keys() {
		e, _ := a.cache.entries.Peek(key)
		if e.organizationID == organizationID && organizationID != 0 || mine && isMine(key) {
			do(key, e)
		}
	}
}

func isMine(key string) bool {
	return strings.HasPrefix(key, "/me/organizations") || strings.HasPrefix(key, "/me/workspaces")
}

// cachedOrganizationUser looks for a user in the cached pages of the users list.
func (c *Client) cachedOrganizationUser(organizationID, organizationUserID int64) (OrganizationUser, bool) {
	if c.track == nil || c.mode == modeFresh {
		return OrganizationUser{}, false
	}
	user, found := c.track.organizationUser(organizationID, organizationUserID, func(e *entry) bool {
		return c.mode == modeKnown || !e.expired && c.factory.now().Sub(e.readAt) < c.factory.options.CacheFor
	})
	if found == nil {
		return OrganizationUser{}, false
	}
	c.note(found)
	return user, true
}

// organizationUser finds a user in the youngest of the pages that are usable.
func (a *account) organizationUser(organizationID, organizationUserID int64, usable func(*entry) bool) (user OrganizationUser, found *entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.cache.entries.Values() {
		page, ok := e.value.(OrganizationUserPage)
		if !ok || e.organizationID != organizationID || !usable(e) || found != nil && e.readAt.Before(found.readAt) {
			continue
		}
		for i := range page.Users {
			if page.Users[i].ID == organizationUserID {
				user, found = page.Users[i], e
			}
		}
	}
	return user, found
}

// KnownOrganizationUsers are all users in the cached pages of an organization's
// users list, each as it was read last and of whatever age, by their id. It
// asks nobody, and is empty where nothing is known.
func (c *Client) KnownOrganizationUsers(organizationID int64) []OrganizationUser {
	if c.track == nil {
		return nil
	}
	return c.track.organizationUsers(organizationID)
}

func (a *account) organizationUsers(organizationID int64) []OrganizationUser {
	a.mu.Lock()
	defer a.mu.Unlock()
	type reading struct {
		user *OrganizationUser
		at   time.Time
	}
	latest := map[int64]reading{}
	for _, e := range a.cache.entries.Values() {
		page, ok := e.value.(OrganizationUserPage)
		if !ok || e.organizationID != organizationID {
			continue
		}
		for i := range page.Users {
			u := &page.Users[i]
			if before, seen := latest[u.ID]; !seen || before.at.Before(e.readAt) {
				latest[u.ID] = reading{u, e.readAt}
			}
		}
	}
	users := make([]OrganizationUser, 0, len(latest))
	for _, id := range slices.Sorted(maps.Keys(latest)) {
		users = append(users, *latest[id].user)
	}
	return users
}

func (a *account) currentEpoch() uint64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.epoch
}
