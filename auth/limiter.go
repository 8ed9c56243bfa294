package auth

import (
	"crypto/sha256"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	// An address may try ten times at once and then every ten seconds: an office
	// behind one address signs in together.
	addressBurst = 10
	addressEvery = 10 * time.Second
	// An account may be tried five times at once and then every thirty seconds,
	// from wherever.
	accountBurst = 5
	accountEvery = 30 * time.Second
	// limiterEntries bounds the addresses and the accounts that are remembered, at
	// less than 100 bytes each.
	limiterEntries = 10_000

	// ipv6Network is what one subscriber is usually given: addresses in it are one.
	ipv6Network = 64
)

// A Limiter slows down guessing at sign-in, by remote address and by account. It is
// safe for concurrent use and its memory is bounded.
type Limiter struct {
	now func() time.Time

	mu        sync.Mutex
	addresses buckets[netip.Prefix]
	accounts  buckets[[sha256.Size]byte]
}

// NewLimiter returns a limiter that has seen nothing. A nil now is time.Now.
func NewLimiter(now func() time.Time) *Limiter {
	if now == nil {
		now = time.Now
	}
	return &Limiter{
		now:       now,
		addresses: newBuckets[netip.Prefix](addressBurst, addressEvery, limiterEntries),
		accounts:  newBuckets[[sha256.Size]byte](accountBurst, accountEvery, limiterEntries),
	}
}

// Allow counts an attempt from address to sign in to account, which is what the person
// typed, an e-mail address or a token (only its hash is remembered); empty counts for
// the address alone. It returns 0 when the attempt may go on, else after what time the
// next one may. A refused attempt is not counted.
func (l *Limiter) Allow(address netip.Addr, account string) (retryAfter time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, network, key := l.now(), networkOf(address), accountKey(account)
	wait := l.addresses.wait(network, now)
	if account != "" {
		wait = max(wait, l.accounts.wait(key, now))
	}
	if wait > 0 {
		return wait
	}
	l.addresses.take(network, now)
	if account != "" {
		l.accounts.take(key, now)
	}
	return 0
}

// Wait is after what time the next attempt from address may go on; 0 for at once. It
// counts nothing: it is for where only failures are attempts.
func (l *Limiter) Wait(address netip.Addr) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.addresses.wait(networkOf(address), l.now())
}

// Succeeded forgets the attempts on an account once somebody has signed in to it. The
// address is not forgiven: a guesser may have an account of their own.
func (l *Limiter) Succeeded(account string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.accounts.full, accountKey(account))
}

// networkOf returns what is counted as one address. Requests without a valid address
// share one.
func networkOf(address netip.Addr) netip.Prefix {
	address = address.Unmap().WithZone("")
	bits := address.BitLen()
	if address.Is6() {
		bits = ipv6Network
	}
	network, _ := address.Prefix(bits) // fails for the invalid address alone, as the zero Prefix
	return network
}

func accountKey(account string) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(account))))
}
