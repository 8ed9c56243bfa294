package auth

import (
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"
)

var (
	home   = netip.MustParseAddr("198.51.100.7")
	office = netip.MustParseAddr("203.0.113.9")
)

// newTestLimiter returns a limiter and its clock, which moves only by hand.
func newTestLimiter() (*Limiter, *time.Time) {
	now := time.Date(2026, 8, 21, 9, 0, 0, 0, time.UTC)
	return NewLimiter(func() time.Time { return now }), &now
}

func wantWait(t *testing.T, got, want time.Duration) {
	t.Helper()
	if got != want {
		t.Errorf("to wait: %v, want %v", got, want)
	}
}

func TestLimiterByAddress(t *testing.T) {
	l, now := newTestLimiter()
	for i := range addressBurst {
		wantWait(t, l.Allow(home, fmt.Sprint("account", i)), 0)
	}
	wantWait(t, l.Allow(home, "another"), addressEvery)
	wantWait(t, l.Allow(home, ""), addressEvery)
	wantWait(t, l.Allow(office, "another"), 0)
	*now = now.Add(addressEvery - time.Second)
	wantWait(t, l.Allow(home, "another"), time.Second)
	*now = now.Add(time.Second)
	wantWait(t, l.Allow(home, "another"), 0)
	wantWait(t, l.Allow(home, "another"), addressEvery)
}

func TestLimiterByAccount(t *testing.T) {
	l, now := newTestLimiter()
	address := home
	for range accountBurst {
		wantWait(t, l.Allow(address, "ana@mail.example"), 0)
		address = address.Next() // a guesser with many addresses
	}
	wantWait(t, l.Allow(office, "ana@mail.example"), accountEvery)
	wantWait(t, l.Allow(office, " Ana@Mail.Example "), accountEvery)
	wantWait(t, l.Allow(office, "ben@mail.example"), 0)
	*now = now.Add(accountEvery)
	wantWait(t, l.Allow(office, "ana@mail.example"), 0)
	wantWait(t, l.Allow(office, "ana@mail.example"), accountEvery)
}

func TestLimiterDoesNotCountRefusedAttempts(t *testing.T) {
	l, now := newTestLimiter()
	for range accountBurst {
		l.Allow(home, "ana@mail.example")
	}
	for range 100 {
		wantWait(t, l.Allow(home, "ana@mail.example"), accountEvery)
	}
	// Neither did they use up the address.
	for i := range addressBurst - accountBurst {
		wantWait(t, l.Allow(home, fmt.Sprint("account", i)), 0)
	}
	// Nor can a limited address use up an account.
	for range 100 {
		wantWait(t, l.Allow(home, "eve@mail.example"), addressEvery)
	}
	wantWait(t, l.Allow(office, "eve@mail.example"), 0)
	*now = now.Add(time.Hour)
	wantWait(t, l.Allow(home, "ana@mail.example"), 0)
}

func TestLimiterSucceeded(t *testing.T) {
	l, _ := newTestLimiter()
	for range accountBurst {
		l.Allow(home, "ana@mail.example")
	}
	l.Succeeded("Ana@mail.example")
	wantWait(t, l.Allow(office, "ana@mail.example"), 0)
	// The address is not forgiven.
	for range addressBurst - accountBurst {
		wantWait(t, l.Allow(home, ""), 0)
	}
	wantWait(t, l.Allow(home, ""), addressEvery)
}

func TestLimiterTakesNetworksForOneAddress(t *testing.T) {
	for _, tt := range []struct {
		a, b netip.Addr
		same bool
	}{
		{netip.MustParseAddr("2001:db8:1:2::1"), netip.MustParseAddr("2001:db8:1:2:ffff::9"), true},
		{netip.MustParseAddr("2001:db8:1:2::1"), netip.MustParseAddr("2001:db8:1:3::1"), false},
		{netip.MustParseAddr("::ffff:198.51.100.7"), home, true},
		{home, home.Next(), false},
		{netip.Addr{}, netip.Addr{}, true},
		{netip.Addr{}, home, false},
	} {
		if same := networkOf(tt.a) == networkOf(tt.b); same != tt.same {
			t.Errorf("%v and %v are one is %t, want %t", tt.a, tt.b, same, tt.same)
		}
	}
}

func TestLimiterMemoryIsBounded(t *testing.T) {
	l, now := newTestLimiter()
	limited := netip.MustParseAddr("192.0.2.1")
	for range accountBurst {
		l.Allow(limited, "ana@mail.example")
	}
	for range addressBurst - accountBurst {
		l.Allow(limited, "")
	}
	address := netip.MustParseAddr("10.0.0.0")
	for i := range 3 * limiterEntries {
		address = address.Next()
		l.Allow(address, fmt.Sprint("account", i))
	}
	if a, b := len(l.addresses.full), len(l.accounts.full); a > limiterEntries || b > limiterEntries {
		t.Errorf("%d addresses and %d accounts, want at most %d", a, b, limiterEntries)
	}
	// A flood of addresses doesn't wash out those that are refused.
	if l.Allow(limited, "") == 0 || l.Allow(office, "ana@mail.example") == 0 {
		t.Error("the flood made it forget who is limited")
	}
	*now = now.Add(time.Hour)
	l.accounts.makeRoom(*now)
	if n := len(l.accounts.full); n != 0 {
		t.Errorf("%d accounts are remembered though all may try freely again", n)
	}
}

func TestLimiterIsSafeForConcurrentUse(t *testing.T) {
	l, _ := newTestLimiter()
	var wg sync.WaitGroup
	var mu sync.Mutex
	allowed := 0
	for range 4 * addressBurst {
		wg.Go(func() {
			if l.Allow(home, "") == 0 {
				mu.Lock()
				defer mu.Unlock()
				allowed++
			}
			l.Succeeded("ana@mail.example")
		})
	}
	wg.Wait()
	if allowed != addressBurst {
		t.Errorf("%d attempts were allowed, want %d", allowed, addressBurst)
	}
}
