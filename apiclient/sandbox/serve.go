package sandbox

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// bodyLimit is the largest request body that is read.
const bodyLimit = 8 << 20

type latencySetting struct{ nanoseconds atomic.Int64 }

func (l *latencySetting) set(d time.Duration) { l.nanoseconds.Store(int64(d)) }
func (l *latencySetting) get() time.Duration  { return time.Duration(l.nanoseconds.Load()) }

// ServeHTTP answers one request as the services would.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.mux.Handler(r); pattern == "" {
		s.serveUnknown(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// serve runs one operation from the reading of the body to the log line.
func (s *Server) serve(op *operation, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	entry := Request{
		Time: s.now(), API: op.api, Operation: op.name, Method: r.Method,
		Path: r.URL.Path, Query: r.URL.RawQuery, Body: string(body),
	}
	if err != nil {
		entry.Status = http.StatusRequestEntityTooLarge
		s.requests.add(entry)
		w.WriteHeader(entry.Status)
		return
	}
	failure, scripted := s.scripts.take(op.api, op.name)
	if !sleep(r.Context(), s.latency.get()+failure.Delay) {
		return
	}
	c := &call{server: s, op: op, request: r, body: body, now: stampOf(entry.Time)}
	if scripted && !failure.onlyDelays() {
		failure.serve(c, w, func(status int) { entry.Status = status; s.requests.add(entry) })
		return
	}
	answer := s.answer(c)
	entry.Status = answer.status
	s.requests.add(entry)
	answer.write(w)
}

// answer makes the checks that come before every operation, in the order of
// the real services: rate, credentials, quota, permission.
func (s *Server) answer(c *call) answer {
	caller, refusal := s.authenticate(c)
	if caller == nil {
		return refusal
	}
	if wait, ok := s.pace.allow(caller.id, c.now.Time()); !ok {
		return c.tooFast(wait)
	}
	remaining, resets, ok := s.quota.take(quotaKey{caller.id, s.organizationOf(c)}, s.now())
	var a answer
	if ok {
		a = s.run(c, caller)
	} else {
		a = c.quotaUsedUp(resets)
	}
	return a.withQuota(remaining, resets)
}

func (s *Server) run(c *call, caller *account) answer {
	if c.op.writes {
		s.mu.Lock()
		defer s.mu.Unlock()
	} else {
		s.mu.RLock()
		defer s.mu.RUnlock()
	}
	c.caller = caller
	c.world = s.world
	if caller.lockedAt != 0 {
		return c.deny("User does not have access to this resource.")
	}
	return c.op.handle(c)
}

// serveUnknown answers what no operation is at: 405 with an empty body where
// the path exists with another method, else 404.
func (s *Server) serveUnknown(w http.ResponseWriter, r *http.Request) {
	status := http.StatusNotFound
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "" {
			status = http.StatusMethodNotAllowed
		}
	}
	s.requests.add(Request{
		Time: s.now(), API: apiOf(r.URL.Path), Method: r.Method,
		Path: r.URL.Path, Query: r.URL.RawQuery, Status: status,
	})
	w.Header().Set("X-Request-Id", newRequestID())
	w.WriteHeader(status)
}

func newRequestID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, it ends the program instead
	return hex.EncodeToString(id[:])
}

func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
