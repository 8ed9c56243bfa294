// Package sandbox is an upstream of our own: an http.Handler that answers every
// operation of the Toggl Track and Toggl Focus contracts over one in-memory
// state, with their parameters, defaults, headers, statuses and messages. The
// demo and the tests run on it. Track is served under /api/v9, Focus under
// /focus/api.
package sandbox

import (
	"net/http"
	"sync"
	"time"
)

// Options says how large the sandbox is and how it behaves. The zero value is
// the default organization of 214 users without any limit.
type Options struct {
	// Users, Workspaces and Groups size the large organization. 0 means 214, 8
	// and 17.
	Users, Workspaces, Groups int
	// Now is the clock. All seeded timestamps are relative to its value at New.
	// nil means time.Now.
	Now func() time.Time
	// Latency is added to each answer.
	Latency time.Duration
	// RatePerSecond and Burst make a leaky bucket per credential that answers
	// 429. A rate of 0 means no limit; a burst of 0 means 1.
	RatePerSecond float64
	Burst         int
	// Quota is the number of requests an hour per user and organization, above
	// which the answer is 402. Calls that name no organization have at most 30.
	// 0 enforces none; the headers then count down from 600.
	Quota int
	// ListShape is "array" (also "") for bare arrays or "items" for
	// {"items":[…]}.
	ListShape string
	// NoAssignments answers 405 to PUT assignments.
	NoAssignments bool
	// DropAbsentWorkspaces makes workspaces[] of PUT organization user replace
	// the direct memberships instead of upserting them.
	DropAbsentWorkspaces bool
	// NoPageHeaders leaves out the X-Page… headers of the users list.
	NoPageHeaders bool
	// TextErrors answers bare text instead of a JSON string where the
	// reference says that the operation produces text/plain.
	TextErrors bool
}

// Server is the sandbox. It is safe for concurrent use.
type Server struct {
	options  Options
	mux      *http.ServeMux
	pace     pacer
	quota    quotaBook
	scripts  scriptBook
	requests requestLog
	latency  latencySetting

	mu    sync.RWMutex // guards world
	world *world
}

// New builds the state and returns a sandbox that is ready to serve.
func New(options Options) *Server {
	if options.Users <= 0 {
		options.Users = 214
	}
	if options.Workspaces <= 0 {
		options.Workspaces = 8
	}
	if options.Groups <= 0 {
		options.Groups = 17
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	s := &Server{
		options: options,
		pace:    pacer{perSecond: options.RatePerSecond, burst: max(options.Burst, 1), levels: map[int64]level{}},
		quota:   newQuotaBook(options.Quota),
		world:   seedWorld(options),
	}
	s.latency.set(options.Latency)
	s.mux = s.routes()
	return s
}

// OrganizationID is the large organization, "Halden & Moss".
func (s *Server) OrganizationID() int64 { return largeOrganizationID }

// SetLatency changes what is added to each answer from now on.
func (s *Server) SetLatency(d time.Duration) { s.latency.set(d) }

// SetQuotaRemaining leaves every user n requests in each organization until
// their window ends, and enforces it. A negative n returns to Options.Quota.
func (s *Server) SetQuotaRemaining(n int) { s.quota.setRemaining(n) }

func (s *Server) now() time.Time { return s.options.Now().UTC() }
