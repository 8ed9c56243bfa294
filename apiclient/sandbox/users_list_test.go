package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const large = "/api/v9/organizations/4128077"

func decodeInto[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var value T
	if w.Code >= 300 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &value); err != nil {
		t.Fatalf("%v: %.300s", err, w.Body)
	}
	return value
}

func (t *tester) users(query string) []organizationUserWire {
	t.Helper()
	return decodeInto[[]organizationUserWire](t.T, t.owner("GET", large+"/users?"+query, ""))
}

func (t *tester) user(id int64) organizationUserWire {
	t.Helper()
	for _, u := range t.users("per_page=1000") {
		if u.ID == id {
			return u
		}
	}
	t.Fatalf("no user %d", id)
	return organizationUserWire{}
}

func TestUsersPagesTogetherAreEverybodyByName(t *testing.T) {
	s := newTester(t, Options{})
	var names []string
	seen := map[int64]bool{}
	for page := 1; page <= 5; page++ {
		w := s.owner("GET", fmt.Sprintf("%s/users?page=%d", large, page), "")
		header := w.Header()
		got := []string{header.Get("X-Page"), header.Get("X-Page-Size"), header.Get("X-Pages"), header.Get("X-Records"), header.Get("X-Sort-Order")}
		if diff := cmp.Diff([]string{fmt.Sprint(page), "50", "5", "214", "asc"}, got); diff != "" {
			t.Errorf("page headers (-want +got):\n%s", diff)
		}
		for _, u := range decodeInto[[]organizationUserWire](t, w) {
			names = append(names, strings.ToLower(u.Name))
			seen[u.ID] = true
		}
	}
	if len(seen) != 214 || !slices.IsSorted(names) {
		t.Errorf("%d users, sorted: %t", len(seen), slices.IsSorted(names))
	}
	if past := s.users("page=6"); len(past) != 0 {
		t.Errorf("%d users past the last page", len(past))
	}
	if last := s.users("sort_dir=desc&per_page=1")[0].Name; strings.ToLower(last) != names[len(names)-1] {
		t.Errorf("descending starts with %q", last)
	}
}

func TestUsersFilters(t *testing.T) {
	s := newTester(t, Options{})
	everybody := s.users("per_page=214")
	in := func(id int64) func(organizationUserWire) bool {
		return func(u organizationUserWire) bool {
			return slices.ContainsFunc(u.Workspaces, func(w userWorkspaceWire) bool { return w.WorkspaceID == id })
		}
	}
	cases := map[string]func(organizationUserWire) bool{
		"filter=KOVA": func(u organizationUserWire) bool {
			return strings.Contains(strings.ToLower(u.Name+" "+u.Email), "kova")
		},
		"filter=İBRAHİM":                  func(u organizationUserWire) bool { return strings.Contains(u.Name, "İbrahim") },
		"filter=haldenmoss.example":       func(organizationUserWire) bool { return true },
		"only_admins=true":                func(u organizationUserWire) bool { return u.Admin },
		"only_admins=false":               func(organizationUserWire) bool { return true },
		"active_status=invited":           func(u organizationUserWire) bool { return !u.Joined && !u.Inactive },
		"active_status=inactive,invited":  func(u organizationUserWire) bool { return u.Inactive || !u.Joined },
		"workspaces=2000004":              in(2000004),
		"workspaces=2000004,2000006":      func(u organizationUserWire) bool { return in(2000004)(u) || in(2000006)(u) },
		"groups=310003&workspaces=999999": func(organizationUserWire) bool { return false },
		"groups=310003": func(u organizationUserWire) bool {
			return slices.ContainsFunc(u.Groups, func(g groupRefWire) bool { return g.GroupID == 310003 })
		},
	}
	for query, wanted := range cases {
		want := slices.DeleteFunc(slices.Clone(everybody), func(u organizationUserWire) bool { return !wanted(u) })
		got := s.users("per_page=214&" + query)
		if diff := cmp.Diff(len(want), len(got)); diff != "" {
			t.Errorf("%s: number of users (-want +got):\n%s", query, diff)
			continue
		}
		for i := range got {
			if got[i].ID != want[i].ID {
				t.Errorf("%s: user %d is %s, want %s", query, i, got[i].Name, want[i].Name)
			}
		}
		if len(want) == 0 && query != "groups=310003&workspaces=999999" {
			t.Errorf("%s: nobody to find", query)
		}
	}
}

func TestListShapes(t *testing.T) {
	s := newTester(t, Options{ListShape: "items", NoPageHeaders: true})
	for _, path := range []string{
		"/api/v9/me/organizations", "/api/v9/me/workspaces", "/api/v9/me/quota", large + "/users", large + "/groups",
		large + "/roles", large + "/usage", large + "/workspaces/2000001/workspace_users",
		"/focus/api/organizations/4128077/users", "/focus/api/organizations/4128077/roles", "/focus/api/organizations/4128077/groups/me",
	} {
		w := s.owner("GET", path, "")
		if !strings.HasPrefix(w.Body.String(), `{"items":[{`) {
			t.Errorf("%s: %.80s", path, w.Body)
		}
		if w.Header().Get("X-Records") != "" {
			t.Errorf("%s sends page headers", path)
		}
	}
}
