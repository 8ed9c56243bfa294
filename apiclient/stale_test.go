package apiclient_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"roster/apiclient"
)

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
