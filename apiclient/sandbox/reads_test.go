package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestReadsBelongToTheCaller(t *testing.T) {
	s := newTester(t, Options{})
	for who, want := range map[string]int{"owner": 3, "admin": 1, "member": 1} {
		rows := decodeInto[[]organizationWire](t, s.send(s.caller(who), "GET", "/api/v9/me/organizations", ""))
		if len(rows) != want {
			t.Errorf("%s is in %d organizations, want %d", who, len(rows), want)
		}
	}
	me := decodeInto[meWire](t, s.send(s.server.Admin(), "GET", "/api/v9/me", ""))
	if me.Fullname != "Ana Kovač" || me.ID != s.server.Admin().UserID {
		t.Errorf("me is %+v", me)
	}
	org := decodeInto[organizationWire](t, s.owner("GET", large, ""))
	if org.Name != "Halden & Moss" || org.UserCount != 214 || !org.Owner || org.MaxWorkspaces != 12 {
		t.Errorf("organization %+v", org)
	}
	owner := decodeInto[ownerWire](t, s.owner("GET", large+"/owner", ""))
	if owner.OrganizationUserID != s.server.Owner().OrganizationUserID {
		t.Errorf("owner %+v", owner)
	}
}

func TestStatisticsAgreeWithWorkspaceUsers(t *testing.T) {
	s := newTester(t, Options{})
	statistics := decodeInto[map[string]statisticsWire](t, s.owner("GET", large+"/workspaces/statistics", ""))
	inactive := map[string]bool{}
	for _, u := range s.users("active_status=inactive&per_page=300") {
		inactive[u.Email] = true
	}
	single := 0
	for id, row := range statistics {
		users := decodeInto[[]workspaceUserWire](t, s.owner("GET", large+"/workspaces/"+id+"/workspace_users", ""))
		users = slices.DeleteFunc(users, func(u workspaceUserWire) bool { return u.Inactive || inactive[u.Email] })
		if len(users) != row.MembersCount {
			t.Errorf("workspace %s: %d users, statistics say %d", id, len(users), row.MembersCount)
		}
		if len(row.Admins) == 1 {
			single++
		}
	}
	if len(statistics) != 8 || single != 2 {
		t.Errorf("%d workspaces, %d with a single admin", len(statistics), single)
	}
	found := decodeInto[[]workspaceUserWire](t, s.owner("GET", large+"/workspaces/2000001/workspace_users?name=kovač", ""))
	if len(found) == 0 || slices.ContainsFunc(found, func(u workspaceUserWire) bool { return !strings.Contains(u.Name, "Kovač") }) {
		t.Errorf("name filter found %d", len(found))
	}
}

func TestRolesOfBothAPIs(t *testing.T) {
	s := newTester(t, Options{})
	track := decodeInto[[]roleWire](t, s.owner("GET", large+"/roles", ""))
	focus := decodeInto[[]roleWire](t, s.owner("GET", "/focus/api/organizations/4128077/roles", ""))
	if len(track) != 9 || len(focus) != 9 {
		t.Errorf("%d roles on Track, %d on Focus", len(track), len(focus))
	}
	conditions := 0
	for _, r := range slices.Concat(track, focus) {
		if len(r.Permissions) == 0 && r.Code != "org_member" {
			t.Errorf("%s has no permission", r.Code)
		}
		for _, p := range r.Permissions {
			if p.Condition != nil {
				conditions++
			}
		}
	}
	if conditions == 0 {
		t.Error("no permission has a condition")
	}
}

// The seeded people have to show every state that a page tells apart.
func TestSeededPeople(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := newTester(t, Options{Now: func() time.Time { return now }})
	counts, emails := map[string]int{}, map[string]bool{}
	for _, u := range s.server.world.organizations[largeOrganizationID].sorted {
		counts[u.status()]++
		if emails[u.account.email] {
			t.Errorf("two users have %s", u.account.email)
		}
		emails[u.account.email] = true
		for label, holds := range map[string]bool{
			"admin": u.isAdmin(), "locked": u.account.lockedAt != 0, "no two-factor": !u.account.twoFactor,
			"nowhere": len(u.memberships) == 0 && u.status() == "active", "fixed email": !u.canEditEmail(),
			"shared": len(u.account.users) > 1, "tagged": u.tags != 0,
			"invited 14 days": u.invitation != 0 && u.invitedAt < stampOf(now.Add(-14*day)),
			"invited 30 days": u.invitation != 0 && u.invitedAt < stampOf(now.Add(-30*day)),
		} {
			if holds {
				counts[label]++
			}
		}
	}
	for label, want := range map[string]int{"active": 189, "invited": 11, "inactive": 14, "admin": 9, "locked": 1, "nowhere": 5} {
		if counts[label] != want {
			t.Errorf("%d %s, want %d", counts[label], label, want)
		}
	}
	for _, label := range []string{"no two-factor", "fixed email", "shared", "tagged", "invited 14 days", "invited 30 days"} {
		if counts[label] < 2 {
			t.Errorf("%d %s", counts[label], label)
		}
	}
}

func TestSameOptionsSameData(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	options := Options{Users: 90, Now: func() time.Time { return now }}
	one, two := newTester(t, options), newTester(t, options)
	for _, path := range []string{large + "/users?per_page=90", large + "/groups", "/api/v9/audit_logs/4128077/2020-01-01/2030-01-01?page_size=500"} {
		a, b := one.owner("GET", path, "").Body.String(), two.owner("GET", path, "").Body.String()
		if a != b || len(a) < 1000 {
			t.Errorf("%s differs, or is empty", path)
		}
	}
}

func TestSmallestSandboxes(t *testing.T) {
	for _, options := range []Options{{Users: 1, Workspaces: 1, Groups: 1}, {Users: 3, Workspaces: 2, Groups: 40}, {Users: 30, Workspaces: 30, Groups: 1}} {
		s := newTester(t, options)
		if got := len(s.users("")); got != options.Users {
			t.Errorf("%+v: %d users", options, got)
		}
		rows := decodeInto[[]groupWire](t, s.owner("GET", large+"/groups", ""))
		names := map[string]bool{}
		for _, g := range rows {
			names[g.Name] = true
		}
		if len(names) != options.Groups {
			t.Errorf("%+v: %d names of groups", options, len(names))
		}
		if w := s.owner("GET", large+"/workspaces/statistics", ""); w.Code != 200 {
			t.Error(w.Code)
		}
	}
}

func TestAuditLogHasWhatChanged(t *testing.T) {
	s := newTester(t, Options{})
	id := s.server.Member().OrganizationUserID
	s.owner("PUT", fmt.Sprintf("%s/users/%d", large, id), `{"name":"Elif Demir"}`)
	query := fmt.Sprintf("/api/v9/audit_logs/4128077/2020-01-01T00:00:00Z/2099-01-01?entity_type=organization_user&entity_id=%d&action=update&user_id=%d&page_size=1", id, s.server.Owner().UserID)
	log := decodeInto[auditWire](t, s.owner("GET", query, ""))
	if len(log.Events) != 1 || !strings.Contains(fmt.Sprint(log.Events[0].NewValue), "Elif Demir") {
		t.Errorf("audit log %+v", log.Events)
	}
	if name := log.UserSummaries[fmt.Sprint(s.server.Owner().UserID)].Name; name != "Ingrid Solheim" {
		t.Errorf("summary %q", name)
	}
}

func TestNoTwoPeopleShareAnAddress(t *testing.T) {
	source, seen, names := newNameSource(), map[string]bool{}, map[string]bool{}
	for i := range 6000 {
		p := source.next()
		if seen[p.address] {
			t.Fatalf("%s comes twice", p.address)
		}
		if names[p.name] && i < 1000 {
			t.Errorf("%s comes again among the first 1000", p.name)
		}
		seen[p.address], names[p.name] = true, true
	}
}
