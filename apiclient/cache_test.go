package apiclient_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"roster/apiclient"
)

// counting answers every read with how many requests there were, as the name.
func counting() *upstream {
	var n atomic.Int64
	return &upstream{answer: func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodGet {
			return response(200, `"OK"`), nil
		}
		body := fmt.Sprintf(`{"id":1,"name":"answer %d"}`, n.Add(1))
		if strings.HasPrefix(r.URL.Path, "/api/v9/me/") || strings.Contains(r.URL.Path, "/focus") || r.URL.Host == "focus.example" {
			body = "[" + body + "]"
		}
		return response(200, body), nil
	}}
}

func organizationName(t *testing.T, c *apiclient.Client, id int64) string {
	t.Helper()
	organization, err := c.GetOrganization(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return organization.Name
}

func TestCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := counting()
		f := newFactory(t, u, quick)
		start := time.Now()
		first := f.Client(owner)
		if !first.ReadAt().IsZero() || organizationName(t, first, orgID) != "answer 1" || !first.ReadAt().Equal(start) {
			t.Errorf("first read: read at %v", first.ReadAt())
		}
		time.Sleep(59 * time.Second)
		second := f.Client(owner)
		if got := organizationName(t, second, orgID); got != "answer 1" || !second.ReadAt().Equal(start) {
			t.Errorf("within a minute: %q, read at %v", got, second.ReadAt())
		}
		if got := organizationName(t, f.Client(apiclient.Credentials{APIToken: "another"}), orgID); got != "answer 2" {
			t.Errorf("another credential was served %q", got)
		}
		if got := organizationName(t, second, orgID+1); got != "answer 3" || !second.ReadAt().Equal(start) {
			t.Errorf("another organization: %q, read at %v", got, second.ReadAt())
		}
		time.Sleep(2 * time.Second)
		if got := organizationName(t, f.Client(owner), orgID); got != "answer 4" {
			t.Errorf("after a minute: %q", got)
		}
	})
}

func TestFreshAndKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := counting()
		f := newFactory(t, u, quick)
		c := f.Client(owner)
		if _, err := c.Known().GetOrganization(t.Context(), orgID); !errors.Is(err, apiclient.ErrUnknown) {
			t.Errorf("nothing known: %v", err)
		}
		if err := c.Known().UpdateOrganization(t.Context(), orgID, apiclient.UpdateOrganizationInput{Name: "A"}); !errors.Is(err, apiclient.ErrUnknown) {
			t.Errorf("Known writes: %v", err)
		}
		if u.count() != 0 {
			t.Fatal("Known sent a request")
		}
		organizationName(t, c, orgID)
		if got := organizationName(t, c.Fresh(), orgID); got != "answer 2" {
			t.Errorf("Fresh: %q", got)
		}
		if got := organizationName(t, c, orgID); got != "answer 2" {
			t.Errorf("after Fresh: %q", got)
		}
		time.Sleep(time.Hour)
		later := f.Client(owner)
		if got := organizationName(t, later.Known(), orgID); got != "answer 2" || !later.ReadAt().IsZero() || later.Stale() != nil || u.count() != 2 {
			t.Errorf("Known: %q, read at %v", got, later.ReadAt())
		}
		known := later.Known()
		if organizationName(t, known, orgID); !known.ReadAt().Equal(time.Now().Add(-time.Hour)) || !later.ReadAt().IsZero() {
			t.Errorf("what is known was read at %v, the client's own at %v", known.ReadAt(), later.ReadAt())
		}
	})
}

func TestCacheIsBounded(t *testing.T) {
	u := counting()
	c := newClient(t, u, func(o *apiclient.Options) { o.CacheEntries = 2 })
	for id := range int64(3) {
		organizationName(t, c, id+1)
	}
	if _, err := c.Known().GetOrganization(t.Context(), 1); !errors.Is(err, apiclient.ErrUnknown) {
		t.Errorf("the oldest of three is kept: %v", err)
	}
	large := answers(respond(200, `{"name":"`+strings.Repeat("x", 7<<20)+`"}`))
	c = newClient(t, large)
	for id := range int64(3) {
		organizationName(t, c, id+1)
	}
	for id, kept := range []bool{false, true, true} {
		_, err := c.Known().GetOrganization(t.Context(), int64(id+1))
		if (err == nil) != kept {
			t.Errorf("of three answers of 7 MB, number %d: %v", id+1, err)
		}
	}
}

func TestForget(t *testing.T) {
	u := counting()
	f := newFactory(t, u)
	organizationName(t, f.Client(owner), orgID)
	f.Forget(apiclient.Credentials{APIToken: "someone else's"})
	if got := organizationName(t, f.Client(owner).Known(), orgID); got != "answer 1" {
		t.Errorf("forgot someone else: %q", got)
	}
	f.Forget(owner)
	if _, err := f.Client(owner).Known().GetOrganization(t.Context(), orgID); !errors.Is(err, apiclient.ErrUnknown) {
		t.Errorf("after sign-out: %v", err)
	}
}

func TestCredentialsAreKeptApart(t *testing.T) {
	f := newFactory(t, counting())
	organizationName(t, f.Client(apiclient.Credentials{Email: "a@example.com", Password: "bc"}), orgID)
	for _, other := range []apiclient.Credentials{
		{Email: "a@example.comb", Password: "c"}, {Email: "a@example.com", Password: "b"}, {APIToken: "a@example.com"}, {APIToken: "bc"},
	} {
		if _, err := f.Client(other).Known().GetOrganization(t.Context(), orgID); !errors.Is(err, apiclient.ErrUnknown) {
			t.Errorf("another credential sees what is cached: %v", err)
		}
	}
}

func TestIdleCredentialsAreForgotten(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	f := newFactory(t, counting(), func(o *apiclient.Options) { o.Now = func() time.Time { return now } })
	organizationName(t, f.Client(owner), orgID)
	now = now.Add(3 * time.Hour)
	f.Client(apiclient.Credentials{APIToken: "someone else's"})
	if _, err := f.Client(owner).Known().GetOrganization(t.Context(), orgID); !errors.Is(err, apiclient.ErrUnknown) {
		t.Errorf("after three idle hours: %v", err)
	}
}
