package apiclient

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	headerQuotaRemaining = "X-Toggl-Quota-Remaining"
	headerQuotaResetsIn  = "X-Toggl-Quota-Resets-In"

	// maxQuotas bounds what is remembered of one credential's organizations.
	maxQuotas = 256
	// longestReset is the most that is believed; the window is an hour.
	longestReset = 24 * time.Hour
)

// Quota is what was left of the hourly calls when upstream last answered.
type Quota struct {
	Remaining int       // calls left, never negative
	ResetsAt  time.Time // when all of them are back
}

// remember keeps what an answer says about the quota. A negative remainder
// means that the quota isn't enforced: nothing is known then.
func (a *account) remember(organizationID int64, header http.Header, now time.Time) {
	if header.Get(headerQuotaRemaining) == "" {
		return
	}
	remaining := remaining(header)
	resetsIn := seconds(header.Get(headerQuotaResetsIn))
	a.mu.Lock()
	defer a.mu.Unlock()
	if remaining < 0 || resetsIn <= 0 {
		delete(a.quotas, organizationID)
		return
	}
	a.setQuota(organizationID, Quota{remaining, now.Add(resetsIn)})
}

// remaining is what is left as an answer says; negative where it doesn't, or
// where the quota isn't enforced.
func remaining(header http.Header) int {
	n, err := strconv.Atoi(header.Get(headerQuotaRemaining))
	if err != nil {
		return -1
	}
	return n
}

// exhaust remembers that nothing is left, as an answer 402 says in words.
func (a *account) exhaust(organizationID int64, resetsIn time.Duration, now time.Time) {
	if resetsIn <= 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.setQuota(organizationID, Quota{0, now.Add(resetsIn)})
}

func (a *account) setQuota(organizationID int64, quota Quota) {
	if len(a.quotas) >= maxQuotas {
		clear(a.quotas)
	}
	a.quotas[organizationID] = quota
}

// quota is what is remembered and not yet reset.
func (a *account) quota(organizationID int64, now time.Time) (Quota, bool) {
	if a == nil {
		return Quota{}, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	quota, ok := a.quotas[organizationID]
	return quota, ok && now.Before(quota.ResetsAt)
}

var resetWords = regexp.MustCompile(`reset in (\d{1,6}) seconds`)

// paymentRequired tells the two meanings of 402 apart: the header first, then
// the words.
func paymentRequired(e *Error, header http.Header) {
	text := strings.ToLower(e.Message)
	exhausted := header.Get(headerQuotaRemaining) == "0" ||
		strings.Contains(text, "hourly limit") || strings.Contains(text, "quota will reset")
	if !exhausted {
		e.Kind = ErrPlan
		return
	}
	e.Kind = ErrQuota
	if resetsIn := seconds(header.Get(headerQuotaResetsIn)); resetsIn > 0 {
		e.RetryAfter = resetsIn
		return
	}
	if found := resetWords.FindStringSubmatch(text); found != nil && e.RetryAfter == 0 {
		e.RetryAfter = seconds(found[1])
	}
}

// seconds reads a number of seconds; 0 where it is none.
func seconds(text string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return 0
	}
	return min(time.Duration(min(n, int(longestReset/time.Second)))*time.Second, longestReset)
}

// retryAfter reads the header Retry-After, in either of its forms.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), longestReset)
	}
	return seconds(text)
}
