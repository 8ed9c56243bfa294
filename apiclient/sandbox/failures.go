package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Failure is a scripted answer. The next request that matches gets it instead
// of the operation, which then changes nothing; with only Delay set, the
// operation answers later. A Cut without Body cuts the operation's own answer.
type Failure struct {
	API       string        // "track", "focus"; "" matches both
	Operation string        // the contract's operationId; "" matches all
	Times     int           // how many requests; 0 is 1, negative is always
	Status    int           // 0: 200, or 302 with Redirect
	Header    http.Header   // sent as well; Content-Type is JSON unless given
	Body      string        // sent as it is
	Delay     time.Duration // before the answer, on top of the latency
	Cut       bool          // the connection ends in the middle of the body
	Redirect  string        // Location
}

type scriptBook struct {
	mu       sync.Mutex
	failures []Failure
}

// Script adds a failure. Failures are used in the order in which they came.
func (s *Server) Script(f Failure) {
	if f.Times == 0 {
		f.Times = 1
	}
	f.Header = f.Header.Clone()
	s.scripts.mu.Lock()
	defer s.scripts.mu.Unlock()
	s.scripts.failures = append(s.scripts.failures, f)
}

// ClearScripts forgets all scripted failures.
func (s *Server) ClearScripts() {
	s.scripts.mu.Lock()
	defer s.scripts.mu.Unlock()
	s.scripts.failures = nil
}

func (b *scriptBook) take(api, operation string) (Failure, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.failures {
		f := &b.failures[i]
		if f.API != "" && f.API != api || f.Operation != "" && f.Operation != operation {
			continue
		}
		taken := *f
		if f.Times > 0 {
			f.Times--
		}
		if f.Times == 0 {
			b.failures = slices.Delete(b.failures, i, i+1)
		}
		return taken, true
	}
	return Failure{}, false
}

func (f Failure) onlyDelays() bool {
	return f.Status == 0 && f.Body == "" && !f.Cut && f.Redirect == "" && len(f.Header) == 0
}

func (f Failure) statusCode() int {
	switch {
	case f.Status != 0:
		return f.Status
	case f.Redirect != "":
		return http.StatusFound
	default:
		return http.StatusOK
	}
}

// serve writes the scripted answer and reports its status for the log, 0 when
// the connection is cut.
func (f Failure) serve(c *call, w http.ResponseWriter, report func(status int)) {
	status, body := f.statusCode(), []byte(f.Body)
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("X-Request-Id", newRequestID())
	if f.Cut && f.Body == "" {
		own := c.server.answer(c)
		status = own.status
		maps.Copy(header, own.header)
		body, _ = own.encode()
	}
	maps.Copy(header, f.Header)
	if f.Redirect != "" {
		header.Set("Location", f.Redirect)
	}
	if !f.Cut {
		report(status)
		w.WriteHeader(status)
		_, _ = w.Write(body)
		return
	}
	report(0)
	header.Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(status)
	_, _ = w.Write(body[:(len(body)+1)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler) // the documented way to cut a connection
}
