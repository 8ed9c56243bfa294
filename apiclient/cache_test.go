package apiclient_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
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
	})
}

func TestWritesDropWhatTheyMayHaveChanged(t *testing.T) {
	read := func(t *testing.T, c *apiclient.Client) {
		organizationName(t, c, orgID)
		organizationName(t, c, orgID+1)
		for _, err := range []error{
			second(c.ListRoles(t.Context(), orgID)), second(c.GetMe(t.Context())),
			second(c.ListMyOrganizations(t.Context())), second(c.ListMyWorkspaces(t.Context())),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, tc := range map[string]struct {
		write func(context.Context, *apiclient.Client) error
		asked int // requests of the second reading
	}{
		"a rename": {func(ctx context.Context, c *apiclient.Client) error {
			return c.UpdateOrganization(ctx, orgID, apiclient.UpdateOrganizationInput{Name: "B"})
		}, 4},
		"a workspace user": {func(ctx context.Context, c *apiclient.Client) error {
			return c.UpdateWorkspaceUser(ctx, orgID, 1, 2, apiclient.WorkspaceUserInput{})
		}, 2},
		"a Focus group": {func(ctx context.Context, c *apiclient.Client) error {
			return c.DeleteGroup(ctx, orgID, 1, 2)
		}, 2},
		"a user's name": {func(ctx context.Context, c *apiclient.Client) error {
			return c.UpdateOrganizationUser(ctx, orgID, 1, apiclient.UpdateOrganizationUserInput{Name: new("B")})
		}, 2},
		"a deactivation": {func(ctx context.Context, c *apiclient.Client) error {
			return c.UpdateOrganizationUser(ctx, orgID, 1, apiclient.UpdateOrganizationUserInput{Inactive: new(true)})
		}, 4},
		"a new organization": {func(ctx context.Context, c *apiclient.Client) error {
			return second(c.CreateOrganization(ctx, apiclient.CreateOrganizationInput{Name: "B"}))
		}, 2},
		"nothing": {func(context.Context, *apiclient.Client) error { return nil }, 0},
		"the refresh button": {func(_ context.Context, c *apiclient.Client) error {
			c.DropOrganization(orgID)
			return nil
		}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			u := counting()
			c := newClient(t, u)
			read(t, c)
			if err := tc.write(t.Context(), c); err != nil && !errors.Is(err, apiclient.ErrBadAnswer) {
				t.Fatal(err)
			}
			before := u.count()
			read(t, c)
			if asked := u.count() - before; asked != tc.asked {
				t.Errorf("%d reads asked again, want %d", asked, tc.asked)
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

func TestFailedWrites(t *testing.T) {
	for name, tc := range map[string]struct {
		answer func() (*http.Response, error)
		drops  bool
	}{
		"refused":             {respond(400, `"no"`), false},
		"not allowed":         {respond(403, `"no"`), false},
		"quota":               {respond(402, `"You have hit your hourly limit for API calls."`), false},
		"perhaps carried out": {respond(502, ``), true},
		"no answer":           {failWith(errors.New("gone")), true},
	} {
		t.Run(name, func(t *testing.T) {
			u := answers(respond(200, `{"name":"A"}`), tc.answer)
			c := newClient(t, u)
			organizationName(t, c, orgID)
			if c.UpdateOrganization(t.Context(), orgID, apiclient.UpdateOrganizationInput{Name: "B"}) == nil {
				t.Fatal("the write didn't fail")
			}
			_, err := c.Known().GetOrganization(t.Context(), orgID)
			if dropped := errors.Is(err, apiclient.ErrUnknown); dropped != tc.drops {
				t.Errorf("dropped: %v", dropped)
			}
		})
	}
}

func TestAReadFromBeforeAWriteIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := counting()
		inner := u.answer
		u.answer = func(r *http.Request) (*http.Response, error) {
			res, err := inner(r)
			if r.Method == http.MethodGet {
				time.Sleep(time.Second) // decided before, arrives after the write
			}
			return res, err
		}
		c := newClient(t, u)
		var group sync.WaitGroup
		group.Go(func() { organizationName(t, c, orgID) })
		synctest.Wait()
		if err := c.UpdateOrganization(t.Context(), orgID, apiclient.UpdateOrganizationInput{Name: "B"}); err != nil {
			t.Fatal(err)
		}
		if got := organizationName(t, c, orgID); got != "answer 2" {
			t.Errorf("a read after the write joined one from before: %q", got)
		}
		group.Wait()
		if got := organizationName(t, c, orgID); got != "answer 2" {
			t.Errorf("a read from before the write was kept: %q", got)
		}
	})
}

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

func TestStale(t *testing.T) {
	good := respond(200, `{"name":"as it was"}`)
	for name, tc := range map[string]struct {
		answer func() (*http.Response, error)
		kind   apiclient.Kind
		served bool
	}{
		"quota":       {respond(402, `"x"`, "X-Toggl-Quota-Remaining", "0", "X-Toggl-Quota-Resets-In", "60"), apiclient.ErrQuota, true},
		"429":         {respond(429, ``), apiclient.ErrRateLimited, true},
		"500":         {respond(500, `"oops"`), apiclient.ErrUnreachable, true},
		"unreachable": {failWith(errors.New("no route")), apiclient.ErrUnreachable, true},
		"plan":        {respond(402, `"upgrade"`), apiclient.ErrPlan, false},
		"401":         {respond(401, ``), apiclient.ErrUnauthorized, false},
		"403":         {respond(403, `"no"`), apiclient.ErrForbidden, false},
		"404":         {respond(404, `"no"`), apiclient.ErrNotFound, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFactory(t, answers(good, tc.answer), quick)
				start := time.Now()
				organizationName(t, f.Client(owner), orgID)
				time.Sleep(10 * time.Minute)
				c := f.Client(owner)
				organization, err := c.GetOrganization(t.Context(), orgID)
				if !tc.served {
					if !errors.Is(err, tc.kind) || c.Stale() != nil {
						t.Errorf("error %v, stale %v", err, c.Stale())
					}
					return
				}
				if err != nil || organization.Name != "as it was" || !errors.Is(c.Stale(), tc.kind) || !c.ReadAt().Equal(start) {
					t.Errorf("served %q, error %v, stale %v, read at %v", organization.Name, err, c.Stale(), c.ReadAt())
				}
				if _, err := c.Fresh().GetOrganization(t.Context(), orgID); !errors.Is(err, tc.kind) {
					t.Errorf("Fresh served what is stale: %v", err)
				}
			})
		})
	}
}

func TestARefusedReadIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, answers(respond(200, `{}`), respond(403, `"no"`), respond(500, ``)))
		organizationName(t, c, orgID)
		time.Sleep(2 * time.Minute)
		_, _ = c.GetOrganization(t.Context(), orgID)
		if _, err := c.GetOrganization(t.Context(), orgID); !errors.Is(err, apiclient.ErrUnreachable) {
			t.Errorf("what is no longer allowed was served: %v", err)
		}
	})
}

func TestRefreshKeepsSomethingToFallBackOn(t *testing.T) {
	c := newClient(t, answers(respond(200, `{"name":"as it was"}`), respond(500, ``)))
	organizationName(t, c, orgID)
	c.DropOrganization(orgID)
	if got := organizationName(t, c, orgID); got != "as it was" || !errors.Is(c.Stale(), apiclient.ErrUnreachable) {
		t.Errorf("served %q, stale %v", got, c.Stale())
	}
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
