package apiclient

import (
	"crypto/hmac"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

const (
	// maxAccounts bounds how many credentials are remembered at once.
	maxAccounts = 4096
	// idleAccount is after how long a credential that nobody uses is forgotten:
	// its quota has long been reset, and what it read is old.
	idleAccount = 2 * time.Hour
)

// An account is what outlives a request of one credential at one API.
type account struct {
	limiter *rate.Limiter

	mu      sync.Mutex
	cache   *cache
	flights map[string]*flight
	quotas  map[int64]Quota // by organization; 0: the calls that name none
	epoch   uint64          // counts what was dropped

	used time.Time // guarded by the lock of accounts
}

// accounts finds a credential's account under a keyed hash of it: the
// credential itself isn't kept.
type accounts struct {
	key  []byte
	mu   sync.Mutex
	byID *simplelru.LRU[accountID, *account]
}

type accountID [sha256.Size]byte

func (s *accounts) id(parts ...string) accountID {
	mac := hmac.New(sha256.New, s.key)
	for _, part := range parts {
		mac.Write([]byte(part))
		mac.Write([]byte{0}) // no HTTP credential holds one
	}
	return accountID(mac.Sum(nil))
}

func (s *accounts) get(id accountID, now time.Time, create func() *account) *account {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.byID.Get(id)
	if !ok {
		s.forgetIdle(now)
		a = create()
		s.byID.Add(id, a)
	}
	a.used = now
	return a
}

func (s *accounts) forgetIdle(now time.Time) {
	for {
		id, oldest, ok := s.byID.GetOldest()
		if !ok || now.Sub(oldest.used) < idleAccount {
			return
		}
		s.byID.Remove(id)
	}
}

func (s *accounts) forget(id accountID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID.Remove(id)
}
