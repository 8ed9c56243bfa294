package apiclient_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"roster/apiclient"
)

// directory serves n users, with or without the page headers.
func directory(n int, counted bool) *upstream {
	return &upstream{answer: func(r *http.Request) (*http.Response, error) {
		query := r.URL.Query()
		page, size := 1, 50
		if text := query.Get("page"); text != "" {
			page, _ = strconv.Atoi(text)
		}
		if text := query.Get("per_page"); text != "" {
			size, _ = strconv.Atoi(text)
		}
		var matching []string
		for i := range n {
			if email := fmt.Sprintf("person%d@example.com", i+1); strings.Contains(email, query.Get("filter")) {
				matching = append(matching, fmt.Sprintf(`{"id":%d,"email":%q}`, i+1, email))
			}
		}
		from := min((page-1)*size, len(matching))
		res := response(200, "["+strings.Join(matching[from:min(from+size, len(matching))], ",")+"]")
		if counted {
			res.Header.Set("X-Page", strconv.Itoa(page))
			res.Header.Set("X-Page-Size", strconv.Itoa(size))
			res.Header.Set("X-Pages", strconv.Itoa((len(matching)+size-1)/size))
			res.Header.Set("X-Records", strconv.Itoa(len(matching)))
		}
		return res, nil
	}}
}

func TestAllOrganizationUsers(t *testing.T) {
	for name, tc := range map[string]struct {
		users, limit, want, sent int
		counted                  bool
		options                  apiclient.ListOrganizationUsersOptions
	}{
		"counted":                {users: 450, limit: 1000, want: 450, sent: 3, counted: true},
		"until a short page":     {users: 450, limit: 1000, want: 450, sent: 3},
		"full pages, counted":    {users: 400, limit: 1000, want: 400, sent: 2, counted: true},
		"full pages, to the end": {users: 400, limit: 1000, want: 400, sent: 3},
		"the cap":                {users: 450, limit: 250, want: 250, sent: 2, counted: true},
		"the cap at a page":      {users: 450, limit: 200, want: 200, sent: 1, counted: true},
		"no users":               {users: 0, limit: 10, want: 0, sent: 1, counted: true},
		"none wanted":            {users: 9, limit: 0, want: 0, sent: 0},
		"from page 2":            {users: 250, limit: 1000, want: 50, sent: 1, counted: true, options: apiclient.ListOrganizationUsersOptions{Page: "2"}},
		"small pages":            {users: 9, limit: 1000, want: 9, sent: 3, counted: true, options: apiclient.ListOrganizationUsersOptions{PerPage: "4"}},
	} {
		t.Run(name, func(t *testing.T) {
			u := directory(tc.users, tc.counted)
			c := newClient(t, u)
			got, last := 0, int64(0)
			for user, err := range c.AllOrganizationUsers(t.Context(), orgID, tc.options, tc.limit) {
				if err != nil {
					t.Fatal(err)
				}
				if user.ID <= last {
					t.Fatalf("user %d after %d", user.ID, last)
				}
				got, last = got+1, user.ID
			}
			if got != tc.want || u.count() != tc.sent {
				t.Errorf("%d users in %d requests, want %d in %d", got, u.count(), tc.want, tc.sent)
			}
		})
	}
}

func TestAllOrganizationUsersEnds(t *testing.T) {
	u := directory(500, true)
	for _, err := range newClient(t, u).AllOrganizationUsers(t.Context(), orgID, apiclient.ListOrganizationUsersOptions{}, 500) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if u.count() != 1 {
		t.Errorf("%d requests after leaving the loop", u.count())
	}
	same := answers(respond(200, "["+strings.TrimSuffix(strings.Repeat(`{"id":7},`, 200), ",")+"]"))
	var errs []error
	for _, err := range newClient(t, same).AllOrganizationUsers(t.Context(), orgID, apiclient.ListOrganizationUsersOptions{}, 5000) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) != 1 || !errors.Is(errs[0], apiclient.ErrBadAnswer) || same.count() != 2 {
		t.Errorf("a service that ignores page: %v after %d requests", errs, same.count())
	}
	failing := answers(respond(403, `"no"`))
	errs = nil
	for _, err := range newClient(t, failing).AllOrganizationUsers(t.Context(), orgID, apiclient.ListOrganizationUsersOptions{}, 5000) {
		errs = append(errs, err)
	}
	if len(errs) != 1 || !errors.Is(errs[0], apiclient.ErrForbidden) {
		t.Errorf("a refusal: %v", errs)
	}
}

func TestFindOrganizationUser(t *testing.T) {
	for name, tc := range map[string]struct {
		id    int64
		hint  string
		sent  int
		found bool
	}{
		"by the hint":           {301, "person301@example.com", 1, true},
		"a hint out of date":    {301, "old@example.com", 3, true},
		"without a hint":        {401, " ", 3, true},
		"not there":             {999, "", 3, false},
		"not there, with hint":  {999, "person1", 4, false},
		"on the first of pages": {7, "", 1, true},
	} {
		u := directory(450, true)
		user, err := newClient(t, u).FindOrganizationUser(t.Context(), orgID, tc.id, tc.hint)
		if u.count() != tc.sent || tc.found && (err != nil || user.ID != tc.id) {
			t.Errorf("%s: user %d in %d requests, error %v", name, user.ID, u.count(), err)
		}
		var e *apiclient.Error
		if !tc.found && (!errors.As(err, &e) || e.Kind != apiclient.ErrNotFound || e.Status != 404) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFindOrganizationUserInTheCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := directory(450, true)
		f := newFactory(t, u, quick)
		if _, err := f.Client(owner).ListOrganizationUsers(t.Context(), orgID, apiclient.ListOrganizationUsersOptions{}); err != nil {
			t.Fatal(err)
		}
		readAt := time.Now()
		time.Sleep(30 * time.Second)
		c := f.Client(owner)
		if user, err := c.FindOrganizationUser(t.Context(), orgID, 17, ""); err != nil || user.ID != 17 || u.count() != 1 || !c.ReadAt().Equal(readAt) {
			t.Errorf("fresh: user %d, error %v, %d requests, read at %v", user.ID, err, u.count(), c.ReadAt())
		}
		if _, err := c.Known().FindOrganizationUser(t.Context(), orgID, 999, ""); !errors.Is(err, apiclient.ErrUnknown) || u.count() != 1 {
			t.Errorf("Known: %v after %d requests", err, u.count())
		}
		if _, err := c.FindOrganizationUser(t.Context(), orgID+1, 17, "person17@"); err != nil || u.count() != 2 {
			t.Errorf("another organization: %v after %d requests", err, u.count())
		}
		time.Sleep(time.Hour)
		if user, err := c.Known().FindOrganizationUser(t.Context(), orgID, 17, ""); err != nil || user.ID != 17 || u.count() != 2 {
			t.Errorf("Known, an hour later: user %d, error %v", user.ID, err)
		}
		if _, err := c.FindOrganizationUser(t.Context(), orgID, 17, "person17@"); err != nil || u.count() != 3 {
			t.Errorf("an hour later: %v after %d requests", err, u.count())
		}
		if _, err := c.Fresh().FindOrganizationUser(t.Context(), orgID, 17, "person17@"); err != nil || u.count() != 4 {
			t.Errorf("Fresh: %v after %d requests", err, u.count())
		}
	})
}

// TestKnownOrganizationUsers: everybody of all cached pages, as they were read
// last, without a request.
func TestKnownOrganizationUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := directory(450, true)
		c := newFactory(t, u, quick).Client(owner)
		if users := c.KnownOrganizationUsers(orgID); len(users) != 0 {
			t.Errorf("%d users before anything was read", len(users))
		}
		for _, options := range []apiclient.ListOrganizationUsersOptions{{Page: "2"}, {}, {Filter: "person17@"}} {
			if _, err := c.ListOrganizationUsers(t.Context(), orgID, options); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
		}
		users := c.KnownOrganizationUsers(orgID)
		if len(users) != 100 || users[16].ID != 17 || u.count() != 3 || len(c.KnownOrganizationUsers(orgID+1)) != 0 {
			t.Errorf("%d users after %d requests", len(users), u.count())
		}
		if !slices.IsSortedFunc(users, func(a, b apiclient.OrganizationUser) int { return int(a.ID - b.ID) }) {
			t.Error("not by their id")
		}
	})
}
