package apiclient_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"roster/apiclient"
)

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := answers(respond(200, `{}`))
		f := newFactory(t, u)
		start := time.Now()
		for i := range int64(8) {
			if _, err := f.Client(owner).GetOrganization(t.Context(), i); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("8 requests with a burst of 5 took %v, want 3s", took)
		}
		if _, err := f.Client(owner).ListMyGroups(t.Context(), 1); !errors.Is(err, apiclient.ErrBadAnswer) || time.Since(start) != 3*time.Second {
			t.Errorf("the other API has a pace of its own: %v after %v", err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := f.Client(owner).GetOrganization(ctx, 99)
		var e *apiclient.Error
		if !errors.As(err, &e) || e.Kind != apiclient.ErrRateLimited || e.RetryAfter != time.Second || time.Since(start) != 3*time.Second {
			t.Errorf("no time for the turn: %#v after %v", err, time.Since(start))
		}
		if _, err := f.Client(owner).GetOrganization(t.Context(), 98); err != nil || time.Since(start) != 4*time.Second {
			t.Errorf("the turn that wasn't taken is given back: %v after %v", err, time.Since(start))
		}
		other := apiclient.Credentials{Email: "someone@example.com", Password: "not-a-real-password"}
		if _, err := f.Client(other).GetOrganization(t.Context(), 1); err != nil || time.Since(start) != 4*time.Second {
			t.Errorf("another credential has a pace of its own: %v after %v", err, time.Since(start))
		}
	})
}

func TestPaceHoldsForConcurrentCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := answers(respond(200, `{}`))
		c := newFactory(t, u).Client(owner)
		start := time.Now()
		var group sync.WaitGroup
		for i := range int64(10) {
			group.Go(func() { _, _ = c.GetOrganization(t.Context(), i) })
		}
		group.Wait()
		if took := time.Since(start); took != 5*time.Second || u.count() != 10 {
			t.Errorf("%d requests in %v", u.count(), took)
		}
	})
}
