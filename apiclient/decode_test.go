package apiclient_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
)

func listUsers(t testing.TB, body string, headers ...string) (apiclient.OrganizationUserPage, error) {
	t.Helper()
	c := newClient(t, answers(respond(200, body, headers...)))
	return c.ListOrganizationUsers(t.Context(), orgID, apiclient.ListOrganizationUsersOptions{})
}

func TestListShapes(t *testing.T) {
	for name, tc := range map[string]struct {
		body  string
		users int
		bad   bool
	}{
		"a bare array":           {body: `[{"id":1},{"id":2}]`, users: 2},
		"spaces around":          {body: " \n[{\"id\":1}]\n", users: 1},
		"null":                   {body: `null`},
		"an empty array":         {body: `[]`},
		"items":                  {body: `{"items":[{"id":1}],"total":1}`, users: 1},
		"data":                   {body: `{"page":1,"data":[{"id":1},{"id":2}]}`, users: 2},
		"items is null":          {body: `{"items":null}`},
		"data is null":           {body: `{"data":null}`},
		"items is empty":         {body: `{"items":[]}`},
		"items null, data there": {body: `{"items":null,"data":[{"id":1}]}`, users: 1},
		"elements are null":      {body: `[null,{"id":1}]`, users: 2},
		"neither":                {body: `{"error":"x"}`, bad: true},
		"a text":                 {body: `"OK"`, bad: true},
		"a number":               {body: `7`, bad: true},
		"HTML":                   {body: `<html></html>`, bad: true},
		"nothing":                {body: ``, bad: true},
		"cut short":              {body: `[{"id":1},{"id"`, bad: true},
		"something after it":     {body: `[] []`, bad: true},
		"items is a text":        {body: `{"items":"x"}`, bad: true},
	} {
		page, err := listUsers(t, tc.body)
		if errors.Is(err, apiclient.ErrBadAnswer) != tc.bad || err != nil && !tc.bad || len(page.Users) != tc.users {
			t.Errorf("%s: %d users, error %v", name, len(page.Users), err)
		}
	}
}

func TestNoContentIsNothing(t *testing.T) {
	c := newClient(t, answers(respond(204, ``)))
	if groups, err := c.ListMyGroups(t.Context(), orgID); err != nil || len(groups) != 0 {
		t.Errorf("a list: %v %v", groups, err)
	}
	if group, err := c.CreateGroup(t.Context(), orgID, apiclient.FocusGroupInput{}); err != nil || group.ID != 0 {
		t.Errorf("a created group: %v %v", group, err)
	}
}

func TestSuccessTextsAreNotParsed(t *testing.T) {
	for _, body := range []string{`OK`, `"OK"`, ``, `{"x":true}`, `<html>`, `[`} {
		if err := newClient(t, answers(respond(200, body))).DeleteTrackGroup(t.Context(), orgID, 1); err != nil {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestUser(t *testing.T) {
	page, err := listUsers(t, `[{
		"id":5000001,"user_id":3000001,"organization_id":1000001,"name":"زينب \"O'Neil\" <b>","email":"z@example.com","avatar_url":null,
		"role_id":3,"admin":true,"owner":false,"joined":true,"inactive":false,"invitation_id":9,"can_edit_email":true,"2fa_enabled":true,
		"workspace_count":2,"unknown":{"api_token":"x"},"created_at":"2024-12-16T19:09:07.041832Z","updated_at":"not a date",
		"groups":[{"group_id":1,"name":"Design"}],
		"workspaces":[{"workspace_id":1,"workspace_user_id":2,"workspace_name":"W","role_id":null,"role":null,"rate":0,"cost":null,
			"default_currency":"EUR","working_hours":7.5,"view_edit_billable_rates":false,"view_edit_labor_costs":null,"inactive":true,"groups":null}]}]`)
	check(t, []apiclient.OrganizationUser{{
		ID: 5000001, UserID: 3000001, OrganizationID: 1000001, Name: `زينب "O'Neil" <b>`, Email: "z@example.com", RoleID: new(int64(3)), Admin: true,
		Joined: true, InvitationID: new(int64(9)), CanEditEmail: true, TwoFactorEnabled: true, WorkspaceCount: 2,
		CreatedAt: time.Date(2024, 12, 16, 19, 9, 7, 41832000, time.UTC),
		Groups:    []apiclient.GroupRef{{GroupID: 1, Name: "Design"}},
		Workspaces: []apiclient.UserWorkspace{{
			WorkspaceID: 1, WorkspaceUserID: 2, WorkspaceName: "W", Rate: new(0.0), DefaultCurrency: "EUR", WorkingHours: new(7.5),
			ViewEditBillableRates: new(false), Inactive: true,
		}},
	}}, page.Users, err)
}

func TestTimesNeverFail(t *testing.T) {
	for text, want := range map[string]time.Time{
		`"2024-04-14T17:01:34+00:00"`:   time.Date(2024, 4, 14, 17, 1, 34, 0, time.UTC),
		`"2024-04-14T17:01:34.5Z"`:      time.Date(2024, 4, 14, 17, 1, 34, 500000000, time.UTC),
		`"2024-04-14T19:01:34+02:00"`:   time.Date(2024, 4, 14, 17, 1, 34, 0, time.UTC),
		`"2024-04-14T17:01:34+0000"`:    time.Date(2024, 4, 14, 17, 1, 34, 0, time.UTC),
		`"2024-04-14 17:01:34"`:         time.Date(2024, 4, 14, 17, 1, 34, 0, time.UTC),
		`"2024-04-14"`:                  time.Date(2024, 4, 14, 0, 0, 0, 0, time.UTC),
		`""`:                            {},
		`"soon"`:                        {},
		`"2024-13-45T99:99:99Z"`:        {},
		`null`:                          {},
		`false`:                         {},
		`1713114094`:                    {},
		`{"at":"2024-04-14T17:01:34Z"}`: {},
		`["2024-04-14T17:01:34Z"]`:      {},
	} {
		got, err := newClient(t, answers(respond(200, `{"name":"A","at":`+text+`}`))).GetOrganization(t.Context(), orgID)
		if err != nil || !got.At.Equal(want) || got.Name != "A" {
			t.Errorf("%s: %v, error %v", text, got.At, err)
		}
	}
}

func TestPermissionsInEachForm(t *testing.T) {
	for text, want := range map[string][]string{
		`null`: nil, `""`: nil, `"view_audit_log"`: {"view_audit_log"}, `["a","b"]`: {"a", "b"}, `[]`: {},
	} {
		got, err := newClient(t, answers(respond(200, `{"permissions":`+text+`}`))).GetOrganization(t.Context(), orgID)
		check(t, want, got.Permissions, err)
	}
}

func TestWrongTypesNameTheFieldAndNotTheValue(t *testing.T) {
	for body, field := range map[string]string{
		`[{"id":1,"name":4711}]`:                             "/0/name",
		`[{"id":1},{"id":"s3cret"}]`:                         "/1/id",
		`[{"id":1.5}]`:                                       "/0/id",
		`[{"id":99999999999999999999}]`:                      "/0/id",
		`[{"workspaces":[{"rate":"s3cret"}]}]`:               "/0/workspaces/0/rate",
		`{"items":[{"joined":"s3cret"}]}`:                    "/items/0/joined",
		`[{"groups":{"s3cret":1}}]`:                          "/0/groups",
		`["s3cret"]`:                                         "/0",
		`[{"role_id":{}}]`:                                   "/0/role_id",
		`[{"id":1,"workspaces":[{"workspace_name":["x"]}]}]`: "/0/workspaces/0/workspace_name",
	} {
		_, err := listUsers(t, body)
		checkError(t, body, apiclient.Error{API: "track", Op: "ListOrganizationUsers", Kind: apiclient.ErrBadAnswer, Status: 200, Field: field}, err)
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: the error holds the value: %v", body, err)
		}
	}
}

func TestNullInEachField(t *testing.T) {
	for name, call := range calls {
		if !strings.HasPrefix(name, "track Get") && !strings.HasPrefix(name, "track List") && !strings.HasPrefix(name, "focus List") {
			continue
		}
		body := `null`
		if err := call(t.Context(), newClient(t, answers(respond(200, body)))); err != nil {
			t.Errorf("%s: null: %v", name, err)
		}
	}
	// Each field of a user in turn, by its own name.
	for _, field := range reflect.VisibleFields(reflect.TypeFor[apiclient.OrganizationUser]()) {
		if _, err := listUsers(t, `[{"`+field.Tag.Get("json")+`":null}]`); err != nil {
			t.Errorf("%s: %v", field.Name, err)
		}
	}
}

func TestStatistics(t *testing.T) {
	c := newClient(t, answers(respond(200, `{"2000001":{"admins":[{"user_id":3000001,"name":"A"}],"groups_count":1,"members_count":12},"2000002":{"admins":null}}`)))
	got, err := c.GetWorkspaceStatistics(t.Context(), orgID)
	check(t, map[int64]apiclient.WorkspaceStatistics{
		2000001: {Admins: []apiclient.WorkspaceAdmin{{UserID: 3000001, Name: "A"}}, GroupsCount: 1, MembersCount: 12},
		2000002: {},
	}, got, err)
	c = newClient(t, answers(respond(200, `{"not a number":{}}`)))
	if _, err := c.GetWorkspaceStatistics(t.Context(), orgID); !errors.Is(err, apiclient.ErrBadAnswer) {
		t.Errorf("a key that is no id: %v", err)
	}
}

func TestQueriesAreSentAsTheyCame(t *testing.T) {
	u := answers(respond(200, `[]`))
	c := newClient(t, u)
	_, err := c.ListOrganizationUsers(t.Context(), orgID, apiclient.ListOrganizationUsersOptions{
		Filter: " ö&=?#", Page: "0", PerPage: "many", ActiveStatus: []string{"x", "active"}, SortDir: "up",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"filter": {" ö&=?#"}, "page": {"0"}, "per_page": {"many"}, "active_status": {"x,active"}, "sort_dir": {"up"}}
	if diff := cmp.Diff(want, map[string][]string(u.requests[0].URL.Query())); diff != "" {
		t.Error(diff)
	}
}

func TestBodies(t *testing.T) {
	for name, tc := range map[string]struct {
		call func(*apiclient.Client) error
		want string
	}{
		"only what changes": {func(c *apiclient.Client) error {
			return c.UpdateOrganizationUser(t.Context(), 1, 2, apiclient.UpdateOrganizationUserInput{RoleID: new(int64(3)), Groups: []int64{}})
		}, `{"role_id":3,"groups":[]}`},
		"cleared and kept": {func(c *apiclient.Client) error {
			return c.UpdateWorkspaceUser(t.Context(), 1, 2, 3, apiclient.WorkspaceUserInput{Rate: apiclient.Clear[float64](), LaborCost: apiclient.Set(0.0)})
		}, `{"rate":null,"labor_cost":0}`},
		"nil lists of Focus": {func(c *apiclient.Client) error {
			return second(c.CreateGroup(t.Context(), 1, apiclient.FocusGroupInput{Name: "A\xff"}))
		}, "{\"emoji\":\"\",\"name\":\"A\ufffd\",\"organization_users\":[],\"workspaces\":[]}"},
	} {
		u := answers(respond(200, `{}`))
		if err := tc.call(newClient(t, u)); err != nil || u.bodies[0] != tc.want {
			t.Errorf("%s: sent %s, error %v", name, u.bodies[0], err)
		}
	}
}
