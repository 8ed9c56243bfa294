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
