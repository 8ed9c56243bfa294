package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func (t *tester) focusUsers(query string) []focusUserWire {
	t.Helper()
	return decodeInto[[]focusUserWire](t.T, t.owner("GET", focusLarge+"/users?"+query, ""))
}

func TestFocusUsersParameters(t *testing.T) {
	s := newTester(t, Options{})
	everybody := slices.Concat(s.focusUsers("per_page=100"), s.focusUsers("per_page=100&page=2"), s.focusUsers("per_page=100&page=3"))
	if len(everybody) != 214 {
		t.Fatalf("%d users", len(everybody))
	}
	a, b := everybody[3], everybody[70]
	workspace := func(u focusUserWire, holds func(focusUserWorkspace) bool) bool {
		return slices.ContainsFunc(u.Workspaces, holds)
	}
	cases := map[string]func(focusUserWire) bool{
		"workspaces=2000004,2000006": func(u focusUserWire) bool {
			return workspace(u, func(w focusUserWorkspace) bool { return w.ID == 2000004 || w.ID == 2000006 })
		},
		fmt.Sprintf("user_account_ids=%d,%d", a.UserAccountID, b.UserAccountID): func(u focusUserWire) bool { return u.ID == a.ID || u.ID == b.ID },
		fmt.Sprintf("org_user_ids=%d,%d", a.ID, b.ID):                           func(u focusUserWire) bool { return u.ID == a.ID || u.ID == b.ID },
		"groups=310003,310004": func(u focusUserWire) bool {
			return slices.ContainsFunc(u.Groups, func(g focusUserGroup) bool { return g.ID == 310003 || g.ID == 310004 })
		},
		"toggl_products=focus&active_status=inactive": func(u focusUserWire) bool {
			return !u.Active && workspace(u, func(w focusUserWorkspace) bool { return slices.Contains(w.TogglProducts, "focus") })
		},
		"active_status=invited": func(u focusUserWire) bool { return u.Active && !u.Joined },
		"roles=15": func(u focusUserWire) bool {
			return workspace(u, func(w focusUserWorkspace) bool { return w.FocusRoleID != nil && *w.FocusRoleID == 15 })
		},
		"only_admins=true": func(u focusUserWire) bool { return u.Admin },
		"filter=kova":      func(u focusUserWire) bool { return strings.Contains(u.Email, "kova") },
		"tag_ids=9101,9103": func(u focusUserWire) bool {
			return slices.ContainsFunc(u.Tags, func(tag tagWire) bool { return tag.ID == 9101 || tag.ID == 9103 })
		},
	}
	for query, wanted := range cases {
		var want, got []int64
		for _, u := range everybody {
			if wanted(u) {
				want = append(want, u.ID)
			}
		}
		for _, u := range s.focusUsers("per_page=100&" + query) {
			got = append(got, u.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
			t.Errorf("%s: %d wanted (-want +got):\n%s", query, len(want), diff)
		}
	}
	pinned := s.focusUsers(fmt.Sprintf("pinned_ids=%d,%d&per_page=3&sort_dir=desc", b.ID, a.ID))
	if pinned[0].ID != b.ID || pinned[1].ID != a.ID || pinned[2].ID != everybody[213].ID {
		t.Errorf("pinned: %s, %s, %s", pinned[0].Name, pinned[1].Name, pinned[2].Name)
	}
	with, rated := s.focusUsers("per_page=100&include_working_hours=true&include_rates=true"), 0
	for i, u := range with {
		if everybody[i].Rate != nil || everybody[i].WorkingHours != nil {
			t.Error("rates or hours without asking")
		}
		if u.Rate != nil && u.WorkingHours != nil {
			rated++
		}
	}
	if rated == 0 {
		t.Error("nobody has a rate and working hours")
	}
}

func TestFocusListRefusals(t *testing.T) {
	s := newTester(t, Options{})
	for query, want := range map[string]string{
		"/users?per_page=101":           "Key: 'Pagination.PerPage' Error:Field validation for 'PerPage' failed on the 'max' tag",
		"/users?page=0":                 "Key: 'Pagination.Page' Error:Field validation for 'Page' failed on the 'min' tag",
		"/users?page=x":                 `strconv.ParseInt: parsing "x": invalid syntax`,
		"/users?only_admins=perhaps":    `strconv.ParseBool: parsing "perhaps": invalid syntax`,
		"/users?workspaces=1,x":         `strconv.ParseInt: parsing "x": invalid syntax`,
		"/users?active_status=x":        "Key: 'ListUsers.ActiveStatus[0]' Error:Field validation for 'ActiveStatus[0]' failed on the 'oneof' tag",
		"/users?sort_dir=up":            "Key: 'Pagination.SortDir' Error:Field validation for 'SortDir' failed on the 'oneof' tag",
		"/teams":                        "Key: 'ListTeams.WorkspaceID' Error:Field validation for 'WorkspaceID' failed on the 'required' tag",
		"/teams?workspace_id=x":         `strconv.ParseInt: parsing "x": invalid syntax`,
		"/teams?workspace_id=1&page=-1": "Key: 'Pagination.Page' Error:Field validation for 'Page' failed on the 'min' tag",
	} {
		w := s.owner("GET", focusLarge+query, "")
		if got := errorText(t, apiFocus, w.Body.Bytes()); w.Code != 400 || got != want {
			t.Errorf("%s: %d %q", query, w.Code, got)
		}
	}
	w := s.owner("GET", "/focus/api/organizations/x/users", "")
	if w.Code != 400 || !strings.Contains(w.Body.String(), `"invalid_organization_id"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestTeamsParameters(t *testing.T) {
	s := newTester(t, Options{})
	teams := func(query string) teamPageWire {
		return decodeInto[teamPageWire](t, s.owner("GET", focusLarge+"/teams?workspace_id=2000001&"+query, ""))
	}
	all := teams("per_page=100")
	if all.Total != 17 || all.Rows != 17 || all.Page != 1 || len(all.Data) != 17 {
		t.Fatalf("page %d, rows %d, total %d", all.Page, all.Rows, all.Total)
	}
	names := func(page teamPageWire) (names []string) {
		for _, team := range page.Data {
			names = append(names, strings.ToLower(team.Name))
		}
		return names
	}
	if !slices.IsSorted(names(all)) {
		t.Errorf("not by name: %v", names(all))
	}
	second := teams("page=2&per_page=5&sort_dir=desc")
	want := names(all)
	slices.Reverse(want)
	if diff := cmp.Diff(want[5:10], names(second)); diff != "" {
		t.Errorf("second page (-want +got):\n%s", diff)
	}
	if got := names(teams("filter=DESIGN")); len(got) != 1 || got[0] != "brand & design" {
		t.Errorf("filter: %v", got)
	}
	if got := teams("group_ids=310001,310003"); got.Total != 2 {
		t.Errorf("group_ids: %d", got.Total)
	}
	mine := teams(fmt.Sprintf("organization_user_id=%d", s.server.Admin().OrganizationUserID))
	own := decodeInto[[]myGroupWire](t, s.send(s.server.Admin(), "GET", focusLarge+"/groups/me", ""))
	if mine.Total == 0 || mine.Total != len(own) {
		t.Errorf("%d teams with the admin, who has %d", mine.Total, len(own))
	}
	ghosts := 0
	for _, team := range all.Data {
		ghosts += len(team.Ghosts)
	}
	if ghosts == 0 {
		t.Error("no team has a ghost")
	}
}
