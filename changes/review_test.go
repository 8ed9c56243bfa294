package changes_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/changes"
)

var reviewDay = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// reviewed are five people and two workspaces, of which Delivery's own list was read.
func reviewed() *changes.Access {
	lead := apiclient.GroupRef{GroupID: 5, Name: "Leads"}
	in := func(id int64, name string, groups ...apiclient.GroupRef) apiclient.UserWorkspace {
		role := int64(2)
		return apiclient.UserWorkspace{WorkspaceID: id, WorkspaceName: name, RoleID: &role, Groups: groups}
	}
	long := reviewDay.Add(-15 * 24 * time.Hour)
	a := changes.NewAccess()
	a.AddUsers([]apiclient.OrganizationUser{
		{ID: 91, UserID: 1, Name: "zoe", Owner: true, Joined: true, TwoFactorEnabled: true, Workspaces: []apiclient.UserWorkspace{in(10, "delivery")}},
		{ID: 92, UserID: 2, Name: "Bob", Joined: true, Workspaces: []apiclient.UserWorkspace{in(10, "delivery", lead), in(20, "Labs", lead)}},
		{ID: 93, UserID: 3, Email: "cy@x.example", CreatedAt: long, Workspaces: []apiclient.UserWorkspace{in(10, "delivery", lead)}},
		{ID: 94, UserID: 4, Name: "ada", Inactive: true, Joined: true, Workspaces: []apiclient.UserWorkspace{in(10, "delivery")}},
		{ID: 95, UserID: 5, Name: "Eve", Admin: true, Joined: true, TwoFactorEnabled: true},
	})
	a.AddGroups([]apiclient.Group{{GroupID: 5, Name: "Leads", Users: []apiclient.GroupUser{{UserID: 2}, {UserID: 3}}, Workspaces: []int64{10, 20, 30}}})
	role := int64(1)
	a.AddWorkspaceUsers(10, []apiclient.WorkspaceUser{
		{ID: 701, UserID: 1, IsDirect: true, RoleID: &role},
		{ID: 702, UserID: 2, GroupIDs: []int64{5}, IsDirect: true, Inactive: true},
		{ID: 703, UserID: 3, GroupIDs: []int64{5}},
		{ID: 704, UserID: 4, IsDirect: true, WorkspaceAdmin: true, Role: "admin"},
	})
	return a
}

// lines print a review: workspace, then a row each.
func lines(list []changes.WorkspaceReview) string {
	var b strings.Builder
	for _, w := range list {
		fmt.Fprintf(&b, "%s %v\n", w.Name, w.Complete)
		for _, r := range w.Rows {
			fmt.Fprintf(&b, "  %d %s %v role %d %s marks %d\n", r.User.UserID, r.Membership, r.Groups, r.RoleID, r.Role, r.Marks)
		}
	}
	return b.String()
}

func TestReview(t *testing.T) {
	before := reviewDay.Add(-14 * 24 * time.Hour)
	for _, test := range []struct {
		name string
		of   changes.Scope
		want string
	}{
		{"all, owners and admins first, then by name whatever its case", changes.Scope{}, `delivery true
  1 direct [] role 1  marks 0
  4 direct [] role 0 admin marks 4
  2 both [5] role 0  marks 5
  3 group [5] role 0  marks 2
Labs false
  2 maybe [5] role 2  marks 1
`},
		{"a workspace", changes.Scope{WorkspaceID: 20}, "Labs false\n  2 maybe [5] role 2  marks 1\n"},
		{"a workspace that nothing is known of", changes.Scope{WorkspaceID: 99}, " false\n"},
		{"a user", changes.Scope{UserID: 2}, "delivery true\n  2 both [5] role 0  marks 5\nLabs false\n  2 maybe [5] role 2  marks 1\n"},
		{"a group, and a workspace of its that has nobody", changes.Scope{GroupID: 5}, ` false
delivery true
  2 both [5] role 0  marks 5
  3 group [5] role 0  marks 2
Labs false
  2 maybe [5] role 2  marks 1
`},
		{"nobody", changes.Scope{UserID: 77}, ""},
	} {
		if diff := cmp.Diff(test.want, lines(reviewed().Review(test.of, before))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestReviewOfInvitations(t *testing.T) {
	invited := reviewDay.Add(-15 * 24 * time.Hour)
	for age, want := range map[time.Time]changes.Mark{invited: 0, invited.Add(time.Second): changes.LongInvited} {
		for _, row := range reviewed().Review(changes.Scope{WorkspaceID: 10}, age)[0].Rows {
			if row.User.UserID == 3 && row.Marks != want {
				t.Errorf("invited %v, marked before %v: %d, want %d", invited, age, row.Marks, want)
			}
		}
	}
}

func TestHomeless(t *testing.T) {
	rows := reviewed().Homeless(reviewDay)
	if len(rows) != 1 || rows[0].User.UserID != 5 || rows[0].Membership != changes.NotMember {
		t.Errorf("%+v", rows)
	}
}

// TestAddDirect: an older list settles what the users list leaves open, and
// nothing else.
func TestAddDirect(t *testing.T) {
	one := changes.Scope{UserID: 2}
	for _, test := range []struct {
		name  string
		user  apiclient.WorkspaceUser
		want  changes.Membership
		added bool
	}{
		{"direct, too", apiclient.WorkspaceUser{UserID: 2, GroupIDs: []int64{5}, IsDirect: true}, changes.DirectAndGroup, true},
		{"under the older name of the id", apiclient.WorkspaceUser{UID: 2, GroupIDs: []int64{5}}, changes.ThroughGroup, true},
		{"of other groups", apiclient.WorkspaceUser{UserID: 2, GroupIDs: []int64{6}, IsDirect: true}, changes.MaybeDirect, false},
		{"somebody else", apiclient.WorkspaceUser{UserID: 1, IsDirect: true}, changes.MaybeDirect, false},
	} {
		a := reviewed()
		added := a.AddDirect(20, []apiclient.WorkspaceUser{test.user})
		list := a.Review(one, reviewDay)
		if got := list[1].Rows[0].Membership; len(list) != 2 || got != test.want || added != test.added {
			t.Errorf("%s: %s, added %v", test.name, got, added)
		}
		if a.AddDirect(10, []apiclient.WorkspaceUser{test.user}) {
			t.Errorf("%s: what is known was settled again", test.name)
		}
	}
}

// TestReviewChangesNothing: it is computed while others read.
func TestReviewChangesNothing(t *testing.T) {
	a := reviewed()
	before := a.Workspaces()
	a.Review(changes.Scope{WorkspaceID: 99}, reviewDay)
	a.Review(changes.Scope{GroupID: 5}, reviewDay)
	if diff := cmp.Diff(before, a.Workspaces()); diff != "" {
		t.Error(diff)
	}
}

// largeAccess has 10,000 users in so many of 100 workspaces each, half of them
// through a group, all of it read.
func largeAccess(each int) *changes.Access {
	a := changes.NewAccess()
	users := make([]apiclient.OrganizationUser, 10_000)
	workspaces := make([][]apiclient.WorkspaceUser, 100)
	role := int64(2)
	for i := range users {
		id := int64(i + 1)
		users[i] = apiclient.OrganizationUser{ID: id, UserID: id, Name: fmt.Sprintf("User %d", i*7919%10_000), Email: "u@x.example", Joined: true}
		for k := range each {
			w := (i + k) % 100
			users[i].Workspaces = append(users[i].Workspaces, apiclient.UserWorkspace{WorkspaceID: int64(w + 1), WorkspaceName: "W", RoleID: &role})
			u := apiclient.WorkspaceUser{ID: int64(i*100 + w), UserID: id, IsDirect: k%2 == 0, RoleID: &role}
			if k%2 == 1 {
				u.GroupIDs = []int64{int64(w)}
			}
			workspaces[w] = append(workspaces[w], u)
		}
	}
	a.AddUsers(users)
	for w, list := range workspaces {
		a.AddWorkspaceUsers(int64(w+1), list)
	}
	return a
}

// BenchmarkReview computes the access review of 10,000 users × 100 workspaces:
// everybody in 10 of them, and everybody in all.
func BenchmarkReview(b *testing.B) {
	for _, each := range []int{10, 100} {
		b.Run(fmt.Sprintf("each-in-%d", each), func(b *testing.B) {
			a := largeAccess(each)
			rows := 0
			b.ReportAllocs()
			for b.Loop() {
				rows = 0
				for _, w := range a.Review(changes.Scope{}, reviewDay) {
					rows += len(w.Rows)
				}
			}
			if rows != each*10_000 {
				b.Errorf("%d rows", rows)
			}
		})
	}
}
