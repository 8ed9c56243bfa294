package apiclient

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Options configure a Factory. Zero fields take the default that is named.
type Options struct {
	TrackURL, FocusURL string            // required: http or https, operation paths are appended
	Transport          http.RoundTripper // nil: one of its own with sane limits
	RatePerSecond      float64           // requests per credential and API; 0: 1
	Burst              int               // requests at once before that pace holds; 0: 5
	CacheFor           time.Duration     // how long an answer is served without asking; 0: 60 s
	CacheEntries       int               // answers kept per credential; 0: 128, at most 16 MB in all
	Timeout            time.Duration     // of one attempt, to the end of the answer; 0: 15 s
	Observe            func(Call)        // told of each HTTP request; must be safe for concurrent use
	ObserveRead        func(Read)        // told of each read, sent or not; must be safe for concurrent use
	Now                func() time.Time  // nil: time.Now
	UserAgent          string            // empty: "roster"
}

// Call is one HTTP request that was sent, for metrics and counting.
type Call struct {
	API, Operation string
	Status         int // 0: no answer
	Duration       time.Duration
	Attempt        int // from 1
	OrganizationID int64
	// Remaining is how many calls are left this hour as the answer says; negative
	// where it doesn't.
	Remaining int
}

// Read is one read that a page asked for. Where its answer came from is one of
// the From constants.
type Read struct{ API, Operation, From string }

// Where the answer to a read came from.
const (
	FromCache = "cache" // read before, and fresh enough
	FromToggl = "toggl" // sent, or waited for where the same was on its way
	FromStale = "stale" // read before; Toggl could not be asked
	FromNone  = "none"  // refused, or not to be had
)

// Factory makes Clients and owns what outlives them. It is safe for concurrent
// use.
type Factory struct {
	options     Options
	http        *http.Client
	accounts    accounts
	assignments atomic.Int32 // the form of body that ChangeAssignments got through with
}

// NewFactory checks the options. Its errors never hold an address.
func NewFactory(options Options) (*Factory, error) {
	options.setDefaults()
	track, trackErr := baseURL(options.TrackURL)
	focus, focusErr := baseURL(options.FocusURL)
	if trackErr != nil || focusErr != nil {
		return nil, errors.Join(named("track url", trackErr), named("focus url", focusErr))
	}
	options.TrackURL, options.FocusURL = track, focus
	if options.RatePerSecond < 0 || options.Burst < 0 || options.CacheFor < 0 || options.CacheEntries < 0 || options.Timeout < 0 {
		return nil, errors.New("apiclient options: a negative limit")
	}
	f := &Factory{options: options}
	f.http = &http.Client{
		Transport: options.Transport,
		// send decides about redirects, and counts what it follows.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	f.accounts.key = make([]byte, 32)
	_, _ = rand.Read(f.accounts.key) // never fails
	byID, err := simplelru.NewLRU[accountID, *account](maxAccounts, nil)
	if err != nil {
		return nil, fmt.Errorf("apiclient accounts: %w", err)
	}
	f.accounts.byID = byID
	return f, nil
}

func (o *Options) setDefaults() {
	setDefault(&o.RatePerSecond, 1)
	setDefault(&o.Burst, 5)
	setDefault(&o.CacheFor, time.Minute)
	setDefault(&o.CacheEntries, 128)
	setDefault(&o.Timeout, 15*time.Second)
	setDefault(&o.UserAgent, "roster")
	if o.Transport == nil {
		o.Transport = newTransport()
	}
	if o.Observe == nil {
		o.Observe = func(Call) {}
	}
	if o.ObserveRead == nil {
		o.ObserveRead = func(Read) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		MaxIdleConns:           100,
		MaxIdleConnsPerHost:    32,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
	}
}

// baseURL checks an API's address and returns it without a slash at its end.
func baseURL(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", errors.New("not an address")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return "", errors.New("must begin with http:// or https:// and name a host")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return "", errors.New("must hold no user, query or fragment")
	}
	return strings.TrimRight(text, "/"), nil
}

func named(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

func (f *Factory) now() time.Time { return f.options.Now() }

// Client makes a client for a person's credentials. It costs next to nothing:
// make one per request.
func (f *Factory) Client(c Credentials) *Client {
	client := &Client{factory: f, seen: &seen{}}
	if user, password, ok := c.track(); ok {
		client.track = f.account(apiTrack, user, password)
		client.signTrack = basic(user, password)
	}
	if c.FocusKey != "" {
		client.focus = f.account(apiFocus, c.FocusKey)
		client.signFocus = bearer(c.FocusKey)
	}
	return client
}

// Forget drops what is remembered of the credentials: at sign-out.
func (f *Factory) Forget(c Credentials) {
	if user, password, ok := c.track(); ok {
		f.accounts.forget(f.accounts.id(apiTrack, user, password))
	}
	if c.FocusKey != "" {
		f.accounts.forget(f.accounts.id(apiFocus, c.FocusKey))
	}
}

func (f *Factory) account(parts ...string) *account {
	return f.accounts.get(f.accounts.id(parts...), f.now(), func() *account {
		return &account{
			limiter: rate.NewLimiter(rate.Limit(f.options.RatePerSecond), f.options.Burst),
			cache:   newCache(f.options.CacheEntries),
			flights: map[string]*flight{},
			quotas:  map[int64]Quota{},
		}
	})
}
