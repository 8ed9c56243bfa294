package auth

import (
	"maps"
	"slices"
	"time"
)

// buckets are token buckets by key. Of each it keeps the one time at which it will be
// full again; a full bucket need not be kept at all. It is not safe for concurrent use.
type buckets[K comparable] struct {
	burst int
	every time.Duration // one token
	limit int           // of keys
	full  map[K]time.Time
}

func newBuckets[K comparable](burst int, every time.Duration, limit int) buckets[K] {
	return buckets[K]{burst: burst, every: every, limit: limit, full: map[K]time.Time{}}
}

// wait returns how long until the bucket of key has a token: 0 when it has one.
func (b *buckets[K]) wait(key K, now time.Time) time.Duration {
	missing := max(0, b.full[key].Sub(now)) // of a new key it is as far below 0 as can be
	return max(0, missing-time.Duration(b.burst-1)*b.every)
}

// take takes a token out of the bucket of key, which must have one.
func (b *buckets[K]) take(key K, now time.Time) {
	at, known := b.full[key]
	if !known && len(b.full) >= b.limit {
		b.makeRoom(now)
	}
	if at.Before(now) {
		at = now
	}
	b.full[key] = at.Add(b.every)
}

// makeRoom drops the buckets that are full, and where that is not enough, those that
// soonest will be, down to three quarters of the limit: who has been refused lately
// is forgotten last.
func (b *buckets[K]) makeRoom(now time.Time) {
	maps.DeleteFunc(b.full, func(_ K, full time.Time) bool { return !full.After(now) })
	excess := len(b.full) - b.limit*3/4
	if excess <= 0 {
		return
	}
	keys := slices.SortedFunc(maps.Keys(b.full), func(x, y K) int { return b.full[x].Compare(b.full[y]) })
	for _, key := range keys[:excess] {
		delete(b.full, key)
	}
}
