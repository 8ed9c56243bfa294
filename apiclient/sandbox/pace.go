package sandbox

import (
	"sync"
	"time"
)

// A level is how full a bucket was at a time, in requests.
type level struct {
	at     time.Time
	filled float64
}

// pacer is a leaky bucket per account.
type pacer struct {
	perSecond float64 // 0: no limit
	burst     int
	mu        sync.Mutex
	levels    map[int64]level
}

// allow takes one request in. When the bucket is full it returns how long it
// takes until there is room.
func (p *pacer) allow(account int64, now time.Time) (wait time.Duration, ok bool) {
	if p.perSecond <= 0 {
		return 0, true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.levels[account]
	filled := max(0, l.filled-now.Sub(l.at).Seconds()*p.perSecond)
	if over := filled + 1 - float64(p.burst); over > 0 {
		return time.Duration(over / p.perSecond * float64(time.Second)), false
	}
	p.levels[account] = level{at: now, filled: filled + 1}
	return 0, true
}
