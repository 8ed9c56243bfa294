package apiclient

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

const (
	maxAnswer    = 32 << 20 // bytes of an answer
	maxRefusal   = 64 << 10 // bytes of an answer that refuses; the rest isn't read
	maxRetries   = 2        // of a GET
	maxRedirects = 3        // of a GET, at the same host
	firstRetry   = 500 * time.Millisecond
	// longestRetry bounds the wait before a retry of callers without a deadline.
	longestRetry = 30 * time.Second
)

var errTooLarge = errors.New("answer too large")

// send sends a request at the credential's pace. A GET is repeated where that
// helps, within the deadline; anything else is sent once. The error is an
// *Error, or the context's.
func (f *Factory) send(ctx context.Context, a *account, sign authorizer, r request, force bool) (answer, error) {
	if err := f.checkQuota(a, r, force); err != nil {
		return answer{}, err
	}
	body, err := encode(r)
	if err != nil {
		return answer{}, err
	}
	address := f.base(r.api) + r.target
	retries, redirects := 0, 0
	for attempt := 1; ; attempt++ {
		if err := a.pace(ctx, r); err != nil {
			return answer{}, err
		}
		got, cause := f.attempt(ctx, r, sign, address, body, attempt)
		if cause != nil && ctx.Err() != nil {
			return answer{}, ctx.Err()
		}
		a.remember(r.organizationID, got.header, f.now())
		failed := f.failure(r, got, cause)
		if failed == nil {
			return got, nil
		}
		if failed.Kind == ErrQuota {
			a.exhaust(r.organizationID, failed.RetryAfter, f.now())
		}
		if next, ok := redirect(r, address, got); ok && redirects < maxRedirects {
			address, redirects = next, redirects+1
			continue
		}
		if retries++; !r.reads() || retries > maxRetries || !passing(failed, cause) {
			return answer{}, failed
		}
		if wait, ok := retryIn(ctx, retries, failed.RetryAfter); !ok || sleep(ctx, wait) != nil {
			return answer{}, failed
		}
	}
}

func (f *Factory) base(api string) string {
	if api == apiTrack {
		return f.options.TrackURL
	}
	return f.options.FocusURL
}

// checkQuota refuses what upstream would refuse, without asking: a refused call
// helps nobody.
func (f *Factory) checkQuota(a *account, r request, force bool) error {
	now := f.now()
	quota, ok := a.quota(r.organizationID, now)
	if !ok || quota.Remaining > 0 || force {
		return nil
	}
	failed := r.fail(ErrQuota)
	failed.RetryAfter = quota.ResetsAt.Sub(now)
	return failed
}

func encode(r request) ([]byte, error) {
	if r.body == nil {
		return nil, nil
	}
	body, err := marshal(r.body)
	if err != nil {
		return nil, r.fail(ErrRefused) // a number that JSON can't hold
	}
	return body, nil
}

// pace waits for the credential's turn, unless that would take longer than the
// caller can wait.
func (a *account) pace(ctx context.Context, r request) error {
	turn := a.limiter.Reserve()
	wait := turn.Delay()
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		turn.Cancel()
		failed := r.fail(ErrRateLimited)
		failed.RetryAfter = wait
		return failed
	}
	if err := sleep(ctx, wait); err != nil {
		turn.Cancel()
		return err
	}
	return nil
}

// attempt sends one HTTP request and reads its answer to the end.
func (f *Factory) attempt(ctx context.Context, r request, sign authorizer, address string, body []byte, attempt int) (answer, error) {
	// Not WithTimeout: it would leave its own timer out where a flight's deadline
	// is earlier, and that moves when someone more patient joins.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer time.AfterFunc(f.options.Timeout, cancel).Stop()
	got := answer{api: r.api, op: r.op}
	req, err := http.NewRequestWithContext(ctx, r.method, address, bytes.NewReader(body))
	if err != nil {
		return got, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", f.options.UserAgent)
	sign(req)
	got.secret = secretOf(req)

	start := f.now()
	res, err := f.http.Do(req)
	if err == nil {
		got.status, got.header = res.StatusCode, res.Header
		got.body, err = readBody(res)
	}
	f.options.Observe(Call{
		API: r.api, Operation: r.op, Status: got.status, Duration: f.now().Sub(start), Attempt: attempt,
		OrganizationID: r.organizationID, Remaining: remaining(got.header),
	})
	return got, err
}

func readBody(res *http.Response) ([]byte, error) {
	defer res.Body.Close()
	limit := int64(maxAnswer)
	if res.StatusCode >= http.StatusMultipleChoices {
		limit = maxRefusal
	}
	var body bytes.Buffer
	if res.ContentLength > 0 && res.ContentLength <= 1<<20 {
		body.Grow(int(res.ContentLength) + bytes.MinRead)
	}
	if _, err := body.ReadFrom(io.LimitReader(res.Body, limit+1)); err != nil {
		return nil, err
	}
	if body.Len() > int(limit) {
		if limit == maxAnswer {
			return nil, errTooLarge
		}
		body.Truncate(maxRefusal)
	}
	return body.Bytes(), nil
}

// failure turns an answer that isn't a success, or the lack of one, into an
// *Error.
func (f *Factory) failure(r request, got answer, cause error) *Error {
	failed := r.fail(ErrUnreachable)
	failed.Status = got.status
	switch {
	case errors.Is(cause, errTooLarge):
		failed.Kind = ErrBadAnswer
		return failed
	case cause != nil:
		return failed
	case got.status >= 200 && got.status < 300:
		return nil
	}
	failed.Message, failed.Code, failed.TraceID = parseErrorBody(got.body)
	if failed.TraceID == "" {
		failed.TraceID = traceID(got.header)
	}
	for _, words := range []*string{&failed.Message, &failed.Code, &failed.TraceID} {
		*words = withhold(*words, got.secret)
	}
	failed.RetryAfter = retryAfter(got.header, f.now())
	failed.Kind = kindOf(got.status)
	if got.status == http.StatusPaymentRequired {
		paymentRequired(failed, got.header)
	}
	return failed
}

func kindOf(status int) Kind {
	switch status {
	case http.StatusUnauthorized:
		return ErrUnauthorized
	case http.StatusForbidden:
		return ErrForbidden
	case http.StatusNotFound:
		return ErrNotFound
	case http.StatusMethodNotAllowed, http.StatusGone:
		return ErrNotAvailable
	case http.StatusTooManyRequests:
		return ErrRateLimited
	case http.StatusRequestTimeout:
		return ErrUnreachable
	}
	if status >= 400 && status < 500 {
		return ErrRefused
	}
	return ErrUnreachable
}

// redirect is where a GET may be sent on to: the same scheme and host, so that
// the credential stays where it belongs.
func redirect(r request, address string, got answer) (string, bool) {
	if got.status < 300 || got.status > 399 || !r.reads() {
		return "", false
	}
	from, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	to, err := from.Parse(got.header.Get("Location"))
	if err != nil || to.Scheme != from.Scheme || !strings.EqualFold(to.Host, from.Host) || to.User != nil {
		return "", false
	}
	return to.String(), got.header.Get("Location") != ""
}

// passing reports whether the same request may succeed a moment later.
func passing(failed *Error, cause error) bool {
	switch failed.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return errors.Is(cause, syscall.ECONNRESET) || errors.Is(cause, syscall.EPIPE) ||
		errors.Is(cause, io.EOF) || errors.Is(cause, io.ErrUnexpectedEOF)
}

// retryIn is how long to wait before a retry: what upstream asked for, or twice
// as long each time, with jitter. False where the caller can't wait for it.
func retryIn(ctx context.Context, retry int, asked time.Duration) (time.Duration, bool) {
	wait := firstRetry << (retry - 1)
	wait = wait/2 + jitter(wait)
	if asked > 0 {
		wait = asked + jitter(firstRetry)
	}
	if deadline, ok := ctx.Deadline(); ok {
		return wait, wait < time.Until(deadline)
	}
	return wait, wait <= longestRetry
}

// jitter keeps clients that failed together from coming back together.
func jitter(most time.Duration) time.Duration {
	return rand.N(most) //nolint:gosec // nothing to guess here
}

func sleep(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
