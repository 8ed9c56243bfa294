package sandbox

import (
	"slices"
	"sync"
	"time"
)

// requestsKept bounds the log of requests.
const requestsKept = 10_000

// loggedBody is the length to which a request body is kept in the log, in bytes.
const loggedBody = 64 << 10

// Request is one request that the sandbox received. Credentials are not kept.
type Request struct {
	Time      time.Time
	API       string // "track" or "focus"
	Operation string // the contract's operationId; "" where there is none
	Method    string
	Path      string
	Query     string // raw, without the question mark
	Body      string // at most 64 KiB
	Status    int    // of the answer; 0 when it was cut or the caller went away
}

type requestLog struct {
	mu   sync.Mutex
	ring []Request
	next int // where the oldest one stands once the ring is full
}

func (l *requestLog) add(r Request) {
	if len(r.Body) > loggedBody {
		r.Body = r.Body[:loggedBody]
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < requestsKept {
		l.ring = append(l.ring, r)
		return
	}
	l.ring[l.next] = r
	l.next = (l.next + 1) % requestsKept
}

// Requests returns the last 10,000 requests, oldest first.
func (s *Server) Requests() []Request {
	l := &s.requests
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Concat(l.ring[l.next:], l.ring[:l.next])
}

// ResetRequests empties the log.
func (s *Server) ResetRequests() {
	l := &s.requests
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring, l.next = nil, 0
}
