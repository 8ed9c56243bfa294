package apiclient_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"roster/apiclient"
)

func TestEqualReadsAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := counting()
		inner := u.answer
		u.answer = func(r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(2 * time.Second):
				return inner(r)
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		}
		f := newFactory(t, u, quick)
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := f.Client(owner).GetOrganization(impatient, orgID); !errors.Is(err, apiclient.ErrUnreachable) {
				t.Errorf("out of time: %v", err)
			}
		})
		synctest.Wait() // the impatient one is first, and the call upstream is its
		for range 20 {
			group.Go(func() {
				if got := organizationName(t, f.Client(owner), orgID); got != "answer 1" {
					t.Errorf("shared: %q", got)
				}
			})
		}
		group.Wait()
		if u.count() != 1 {
			t.Errorf("%d requests for equal reads", u.count())
		}
	})
}

func TestAnAttemptEndsForThePatientToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{answer: func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}}
		c := newClient(t, u)
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		go func() { _, _ = c.GetOrganization(impatient, orgID) }()
		synctest.Wait()
		start := time.Now()
		_, err := c.GetOrganization(t.Context(), orgID)
		if took := time.Since(start); !errors.Is(err, apiclient.ErrUnreachable) || took != 15*time.Second || u.count() != 1 {
			t.Errorf("error %v after %v and %d requests", err, took, u.count())
		}
	})
}

func TestTheLastCallerEndsTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan time.Time, 1)
		u := &upstream{answer: func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			ended <- time.Now()
			return nil, r.Context().Err()
		}}
		c := newClient(t, u)
		start := time.Now()
		for _, patience := range []time.Duration{time.Second, 3 * time.Second} {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(patience, cancel)
			go func() { _, _ = c.GetOrganization(ctx, orgID) }()
		}
		if took := (<-ended).Sub(start); took != 3*time.Second || u.count() != 1 {
			t.Errorf("%d requests ended after %v", u.count(), took)
		}
	})
}

func TestPanicsReachTheCaller(t *testing.T) {
	u := answers(func() (*http.Response, error) { panic("transport bug") })
	c := newClient(t, u)
	defer func() {
		if recover() == nil {
			t.Error("the panic was lost")
		}
	}()
	_, _ = c.GetOrganization(t.Context(), orgID)
}
