package apiclient_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"roster/apiclient"
)

func TestSlowAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{answer: func(r *http.Request) (*http.Response, error) {
			res := response(200, ``)
			res.Body = io.NopCloser(slowReader{r.Context()})
			return res, nil
		}}
		start := time.Now()
		_, err := newClient(t, u).GetOrganization(t.Context(), orgID)
		if !errors.Is(err, apiclient.ErrUnreachable) || time.Since(start) != 15*time.Second {
			t.Errorf("slow body: %v after %v", err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start = time.Now()
		_, err = newClient(t, u).GetOrganization(ctx, orgID)
		if !errors.Is(err, apiclient.ErrUnreachable) || time.Since(start) != 3*time.Second {
			t.Errorf("the caller's deadline: %v after %v", err, time.Since(start))
		}
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err = newClient(t, u).GetOrganization(ctx, orgID)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the caller went away: %v", err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		err = newClient(t, u).UpdateOrganization(ctx, orgID, apiclient.UpdateOrganizationInput{Name: "A"})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the caller went away from a write: %v", err)
		}
		synctest.Wait() // the call upstream ends a moment after its callers
	})
}

// slowReader never sends anything.
type slowReader struct{ ctx context.Context }

func (s slowReader) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}

func TestLargeAnswers(t *testing.T) {
	padded := func(size int) func() (*http.Response, error) {
		return func() (*http.Response, error) {
			res := response(200, ``)
			res.ContentLength = -1
			res.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"id":7,"padding":"`), io.LimitReader(zeros{}, int64(size)), strings.NewReader(`"}`)))
			return res, nil
		}
	}
	organization, err := newClient(t, answers(padded(20<<20))).GetOrganization(t.Context(), orgID)
	if err != nil || organization.ID != 7 {
		t.Errorf("20 MB: %v", err)
	}
	u := answers(respond(200, `{"id":7}`+strings.Repeat(" ", 33<<20)))
	if _, err = newClient(t, u).GetOrganization(t.Context(), orgID); !errors.Is(err, apiclient.ErrBadAnswer) || u.count() != 1 {
		t.Errorf("33 MB: %v after %d requests", err, u.count())
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}
