package sandbox

import (
	"sync"
	"time"
)

const (
	quotaWindow    = time.Hour
	premiumQuota   = 600 // what a Premium organization has, when none is enforced
	ownQuota       = 30  // for calls that name no organization
	noOrganization = 0
)

type quotaKey struct{ account, organization int64 }

// A quotaBucket is a window that starts with its first request.
type quotaBucket struct {
	start time.Time
	used  int
}

type quotaBook struct {
	mu       sync.Mutex
	enforced int // requests an hour; 0: only counted
	left     int // of SetQuotaRemaining; negative: not set
	buckets  map[quotaKey]quotaBucket
}

func newQuotaBook(enforced int) quotaBook {
	return quotaBook{enforced: enforced, left: -1, buckets: map[quotaKey]quotaBucket{}}
}

func (q *quotaBook) total(organization int64) int {
	total := premiumQuota
	if q.enforced > 0 {
		total = q.enforced
	}
	if organization == noOrganization {
		total = min(total, ownQuota)
	}
	return total
}

// bucket returns the current window. A window that is over starts again; so
// does one that is used up while nothing is enforced.
func (q *quotaBook) bucket(key quotaKey, now time.Time) quotaBucket {
	b, ok := q.buckets[key]
	switch {
	case !ok && q.left >= 0:
		return quotaBucket{start: now, used: q.total(key.organization) - q.left}
	case !ok || now.Sub(b.start) >= quotaWindow:
		return quotaBucket{start: now}
	case q.enforced == 0 && q.left < 0 && b.used >= q.total(key.organization):
		return quotaBucket{start: now}
	}
	return b
}

// take counts one request. It returns what is left and when the window ends;
// ok is false when nothing was left.
func (q *quotaBook) take(key quotaKey, now time.Time) (remaining int, resets time.Duration, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.bucket(key, now)
	total := q.total(key.organization)
	ok = b.used < total
	if ok {
		b.used++
	}
	q.buckets[key] = b
	return total - b.used, quotaWindow - now.Sub(b.start), ok
}

// look reports a bucket without counting.
func (q *quotaBook) look(key quotaKey, now time.Time) (remaining, total int, resets time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.bucket(key, now)
	total = q.total(key.organization)
	return total - b.used, total, quotaWindow - now.Sub(b.start)
}

func (q *quotaBook) setRemaining(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.left = n
	if n < 0 {
		clear(q.buckets)
		return
	}
	for key, b := range q.buckets {
		b.used = q.total(key.organization) - n
		q.buckets[key] = b
	}
}
