package apiclient_test

import (
	"errors"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"roster/apiclient"
)

func withQuota(remaining int, resetsIn string) func() (*http.Response, error) {
	return respond(200, `{}`, "X-Toggl-Quota-Remaining", strconv.Itoa(remaining), "X-Toggl-Quota-Resets-In", resetsIn)
}

func TestQuotaIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, answers(withQuota(41, "600"), withQuota(7, "60")))
		if _, ok := c.Quota(orgID); ok {
			t.Error("known before any answer")
		}
		organizationName(t, c, orgID)
		want := apiclient.Quota{Remaining: 41, ResetsAt: time.Now().Add(10 * time.Minute)}
		got, ok := c.Quota(orgID)
		if !ok || got != want {
			t.Errorf("%+v %v, want %+v", got, ok, want)
		}
		if _, ok := c.Quota(0); ok {
			t.Error("a call that names an organization counts for those that don't")
		}
		if _, err := c.GetMe(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, ok := c.Quota(0); !ok || got.Remaining != 7 {
			t.Errorf("calls that name no organization: %+v %v", got, ok)
		}
		time.Sleep(11 * time.Minute)
		if got, ok := c.Quota(orgID); ok {
			t.Errorf("known after the reset: %+v", got)
		}
	})
}

func TestQuotaOfBothAPIs(t *testing.T) {
	u := &upstream{answer: func(r *http.Request) (*http.Response, error) {
		if r.URL.Host == "focus.example" {
			return response(200, `[]`, "X-Toggl-Quota-Remaining", "3", "X-Toggl-Quota-Resets-In", "60"), nil
		}
		return response(200, `{}`, "X-Toggl-Quota-Remaining", "9", "X-Toggl-Quota-Resets-In", "60"), nil
	}}
	c := newClient(t, u)
	organizationName(t, c, orgID)
	if got, _ := c.Quota(orgID); got.Remaining != 9 {
		t.Errorf("Track alone: %+v", got)
	}
	if _, err := c.ListRoles(t.Context(), orgID); err != nil {
		t.Fatal(err)
	}
	if got, _ := c.Quota(orgID); got.Remaining != 3 {
		t.Errorf("the scarcer: %+v", got)
	}
}

func TestNothingIsSentWithoutQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := answers(withQuota(0, "600"))
		c := newClient(t, u)
		organizationName(t, c, orgID)
		time.Sleep(time.Minute)
		_, err := c.GetOwner(t.Context(), orgID)
		var e *apiclient.Error
		if !errors.As(err, &e) || e.Kind != apiclient.ErrQuota || e.RetryAfter != 9*time.Minute {
			t.Errorf("read: %#v", err)
		}
		if err := c.UpdateOrganization(t.Context(), orgID, apiclient.UpdateOrganizationInput{Name: "A"}); !errors.Is(err, apiclient.ErrQuota) {
			t.Errorf("write: %v", err)
		}
		if u.count() != 1 {
			t.Errorf("%d requests", u.count())
		}
		if _, err := c.GetOwner(t.Context(), orgID+1); err != nil {
			t.Errorf("another organization: %v", err)
		}
		if _, err := c.Fresh().GetOwner(t.Context(), orgID); err != nil {
			t.Errorf("Fresh asks: %v", err)
		}
		if got := organizationName(t, c, orgID); got != "" || !errors.Is(c.Stale(), apiclient.ErrQuota) {
			t.Errorf("what is known is served: stale %v", c.Stale())
		}
		time.Sleep(10 * time.Minute)
		if _, err := c.GetOwner(t.Context(), orgID); err != nil {
			t.Errorf("after the reset: %v", err)
		}
	})
}

func TestQuotaOf402IsRemembered(t *testing.T) {
	u := answers(respond(402, `"You have hit your hourly limit for API calls. Your quota will reset in 1838 seconds."`))
	c := newClient(t, u)
	for range 2 {
		if _, err := c.GetOrganization(t.Context(), orgID); !errors.Is(err, apiclient.ErrQuota) {
			t.Error(err)
		}
	}
	if u.count() != 1 {
		t.Errorf("%d requests", u.count())
	}
}

func TestQuotaThatIsNotEnforced(t *testing.T) {
	u := answers(withQuota(0, "600"), withQuota(-3, "600"))
	c := newClient(t, u)
	organizationName(t, c, orgID)
	if _, err := c.Fresh().GetOwner(t.Context(), orgID); err != nil {
		t.Fatal(err)
	}
	if got, ok := c.Quota(orgID); ok {
		t.Errorf("a negative remainder is known: %+v", got)
	}
	if _, err := c.ListMyOrganizations(t.Context()); !errors.Is(err, apiclient.ErrBadAnswer) {
		t.Errorf("isn't sent: %v", err)
	}
	if _, err := c.GetWorkspaceStatistics(t.Context(), orgID); err != nil {
		t.Errorf("isn't sent: %v", err)
	}
}
