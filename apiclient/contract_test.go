package apiclient_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"roster/apiclient"
)

// calls has every operation once, with every parameter and field it takes.
var calls = map[string]func(context.Context, *apiclient.Client) error{
	"track CreateOrganization": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.CreateOrganization(ctx, apiclient.CreateOrganizationInput{Name: "A", WorkspaceName: "B"})
		return err
	},
	"track GetOrganization": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.GetOrganization(ctx, orgID)
		return err
	},
	"track UpdateOrganization": func(ctx context.Context, c *apiclient.Client) error {
		return c.UpdateOrganization(ctx, orgID, apiclient.UpdateOrganizationInput{Name: "A"})
	},
	"track ListOrganizationUsers": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.ListOrganizationUsers(ctx, orgID, apiclient.ListOrganizationUsersOptions{
			Filter: "a b&c", ActiveStatus: []string{"active", "invited"}, OnlyAdmins: "true", Groups: []string{"1", "2"},
			Workspaces: []string{"3", "4"}, Page: "2", PerPage: "25", SortDir: "desc",
		})
		return err
	},
	"track BulkUpdateOrganizationUsers": func(ctx context.Context, c *apiclient.Client) error {
		return c.BulkUpdateOrganizationUsers(ctx, orgID, []int64{1, 2})
	},
	"track LeaveOrganization": func(ctx context.Context, c *apiclient.Client) error {
		return c.LeaveOrganization(ctx, orgID)
	},
	"track UpdateOrganizationUser": func(ctx context.Context, c *apiclient.Client) error {
		return c.UpdateOrganizationUser(ctx, orgID, 7, apiclient.UpdateOrganizationUserInput{
			Name: new("A"), Email: new("a@example.com"), RoleID: new(int64(3)), Inactive: new(true), Groups: []int64{},
			OrganizationAdmin: new(false),
			Workspaces: []apiclient.UserWorkspaceInput{{
				WorkspaceID: 1, RoleID: new(int64(2)), Inactive: new(false), Rate: apiclient.Clear[float64](), Cost: apiclient.Set(1.5),
				WorkingHours: apiclient.Set(8.0), ViewEditBillableRates: new(true), ViewEditLaborCosts: new(true), Groups: []apiclient.GroupRef{{GroupID: 1}},
			}},
		})
	},
	"track GetWorkspaceStatistics": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.GetWorkspaceStatistics(ctx, orgID)
		return err
	},
	"track ChangeAssignments": func(ctx context.Context, c *apiclient.Client) error {
		return c.ChangeAssignments(ctx, orgID, 1, []apiclient.Assignment{{Operation: "add", UserID: 1}, {Operation: "remove", GroupID: 2}})
	},
	"track ListWorkspaceUsers": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.ListWorkspaceUsers(ctx, orgID, 1, apiclient.ListWorkspaceUsersOptions{Name: "a"})
		return err
	},
	"track RemoveWorkspaceUsers": func(ctx context.Context, c *apiclient.Client) error {
		return c.RemoveWorkspaceUsers(ctx, orgID, 1, []int64{1})
	},
	"track GetMe": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.GetMe(ctx)
		return err
	},
	"track ListMyOrganizations": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.ListMyOrganizations(ctx)
		return err
	},
	"track ListMyWorkspaces": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.ListMyWorkspaces(ctx)
		return err
	},
	"track GetQuota": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.GetQuota(ctx)
		return err
	},
	"track ListRoles": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.ListTrackRoles(ctx, orgID)
		return err
	},
	"track GetOwner": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.GetOwner(ctx, orgID)
		return err
	},
	"track ListUsage": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.ListUsage(ctx, orgID)
		return err
	},
	"track ListGroups": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.ListGroups(ctx, orgID, apiclient.ListGroupsOptions{Name: "a", Workspace: "1"})
		return err
	},
	"track CreateTrackGroup": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.CreateTrackGroup(ctx, orgID, apiclient.GroupInput{Name: "A", Users: []int64{1}, Workspaces: []int64{2}})
		return err
	},
	"track UpdateTrackGroup": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.UpdateTrackGroup(ctx, orgID, 1, apiclient.GroupInput{Name: "A", Users: []int64{}})
		return err
	},
	"track DeleteTrackGroup": func(ctx context.Context, c *apiclient.Client) error {
		return c.DeleteTrackGroup(ctx, orgID, 1)
	},
	"track PatchTrackGroup": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.PatchTrackGroup(ctx, orgID, 1, []apiclient.GroupPatch{{Op: "add", Path: "/users", Value: []int64{1}}})
		return err
	},
	"track InviteUsers": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.InviteUsers(ctx, orgID, apiclient.InvitationInput{
			Emails: []string{"a@example.com"}, Workspaces: []apiclient.InvitationWorkspace{{WorkspaceID: 1, RoleID: new(int64(2))}},
			Groups: []int64{1}, SkipEmail: true,
		})
		return err
	},
	"track ResendInvitation": func(ctx context.Context, c *apiclient.Client) error {
		return c.ResendInvitation(ctx, orgID, 1)
	},
	"track CreateWorkspace": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.CreateWorkspace(ctx, orgID, apiclient.CreateWorkspaceInput{Name: "A", DefaultCurrency: "EUR", Admins: []int64{1}})
		return err
	},
	"track UpdateWorkspaceUser": func(ctx context.Context, c *apiclient.Client) error {
		return c.UpdateWorkspaceUser(ctx, orgID, 1, 2, apiclient.WorkspaceUserInput{
			RoleID: new(int64(2)), Inactive: new(true), Rate: apiclient.Set(1.5), RateChangeMode: "start-today",
			LaborCost: apiclient.Clear[float64](), LaborCostChangeMode: "start-today", WorkingHoursInMinutes: apiclient.Set[int64](480),
			ViewEditBillableRates: new(true), ViewEditLaborCosts: new(false),
		})
	},
	"track ListAuditLog": func(ctx context.Context, c *apiclient.Client) error {
		from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		_, err := c.ListAuditLog(ctx, orgID, from, from.AddDate(0, 0, 7), apiclient.ListAuditLogOptions{
			WorkspaceID: 1, EntityType: "workspace_user", EntityID: 2, Action: "update", UserID: 3, PageSize: 10, PageNumber: 1,
		})
		return err
	},
	"focus CreateGroup": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.CreateGroup(ctx, orgID, apiclient.FocusGroupInput{Emoji: "🌱", Name: "A"})
		return err
	},
	"focus ListMyGroups": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.ListMyGroups(ctx, orgID)
		return err
	},
	"focus UpdateGroup": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.UpdateGroup(ctx, orgID, 1, apiclient.FocusGroupInput{Emoji: "🌱", Name: "A", OrganizationUsers: []int64{1}, Workspaces: []int64{2}})
		return err
	},
	"focus DeleteGroup": func(ctx context.Context, c *apiclient.Client) error {
		return c.DeleteGroup(ctx, orgID, 1, 2)
	},
	"focus ListRoles": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.ListRoles(ctx, orgID)
		return err
	},
	"focus ListTeams": func(ctx context.Context, c *apiclient.Client) error {
		_, err := c.ListTeams(ctx, orgID, apiclient.ListTeamsOptions{
			WorkspaceID: 1, Page: 1, PerPage: 20, SortDir: "asc", Filter: "a", OrganizationUserID: 2, GroupIDs: []int64{3, 4},
		})
		return err
	},
	"focus ListUsers": func(ctx context.Context, c *apiclient.Client) error {
		ids := []int64{1, 2}
		_, err := c.ListUsers(ctx, orgID, apiclient.ListUsersOptions{
			Workspaces: ids, UserAccountIDs: ids, OrgUserIDs: ids, Groups: ids, TogglProducts: []string{"track", "focus"},
			ActiveStatus: []string{"active"}, Roles: ids, OnlyAdmins: true, Filter: "a", SortDir: "asc", Page: 1, PerPage: 20,
			TagIDs: ids, IncludeWorkingHours: true, IncludeRates: true, PinnedIDs: ids,
		})
		return err
	},
}

func TestEveryRequestIsOfTheContract(t *testing.T) {
	validator := newValidator(t)
	server := httptest.NewServer(validator)
	defer server.Close()
	f, err := apiclient.NewFactory(apiclient.Options{
		TrackURL: server.URL + "/api/v9", FocusURL: server.URL + "/focus/api", RatePerSecond: 1e6, Burst: 1000, UserAgent: "roster-test",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range listedOperations(t) {
		words := strings.Fields(line)
		operation := words[0] + " " + words[1]
		t.Run(operation, func(t *testing.T) {
			call, ok := calls[operation]
			if !ok {
				t.Fatal("no call for this operation")
			}
			validator.reset()
			if err := call(t.Context(), f.Client(owner)); err != nil {
				t.Errorf("call: %v", err)
			}
			if got := validator.got(); len(got) != 1 || got[0] != operation {
				t.Errorf("sent %q", got)
			}
			for _, problem := range validator.problems() {
				t.Error(problem)
			}
		})
	}
	if len(calls) != len(listedOperations(t)) {
		t.Error("a call is of no operation")
	}
}

// A validator checks requests against both contracts and answers as emptily as
// the operation allows.
type validator struct {
	routers map[string]routers.Router

	mu      sync.Mutex
	seen    []string
	invalid []string
}

func newValidator(t *testing.T) *validator {
	v := &validator{routers: map[string]routers.Router{}}
	for api, prefix := range map[string]string{"track": "/api/v9", "focus": "/focus/api"} {
		document := loadContract(t, api)
		document.Servers = openapi3.Servers{{URL: prefix}}
		router, err := gorillamux.NewRouter(document)
		if err != nil {
			t.Fatal(err)
		}
		v.routers[api] = router
	}
	return v
}

func (v *validator) reset() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seen, v.invalid = nil, nil
}

func (v *validator) got() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.seen
}

func (v *validator) problems() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.invalid
}

func (v *validator) report(problem string) { v.invalid = append(v.invalid, problem) }

func (v *validator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	api, scheme := "track", "Basic "
	if strings.HasPrefix(r.URL.Path, "/focus/") {
		api, scheme = "focus", "Bearer "
	}
	if !strings.HasPrefix(r.Header.Get("Authorization"), scheme) {
		v.report("Authorization isn't " + scheme)
	}
	if r.UserAgent() != "roster-test" || r.Header.Get("Accept") != "application/json" {
		v.report("User-Agent or Accept is missing")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.report(err.Error())
	}
	if (r.Header.Get("Content-Type") != "") != (len(body) > 0) {
		v.report("Content-Type goes with a body, and only with one")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := v.routers[api].FindRoute(r)
	if err != nil {
		v.report(r.Method + " " + r.URL.Path + ": " + err.Error())
		http.NotFound(w, r)
		return
	}
	v.seen = append(v.seen, api+" "+route.Operation.OperationID)
	v.validate(r, route, params)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, emptyAnswer(route))
}

func (v *validator) validate(r *http.Request, route *routers.Route, params map[string]string) {
	input := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true},
	}
	if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
		v.report(err.Error())
	}
	known := map[string]bool{}
	for _, parameter := range append(route.PathItem.Parameters, route.Operation.Parameters...) {
		known[parameter.Value.Name] = true
	}
	for name := range r.URL.Query() {
		if !known[name] {
			v.report("query parameter of no contract: " + name)
		}
	}
}

func emptyAnswer(route *routers.Route) string {
	success := route.Operation.Responses.Value("200")
	if success == nil {
		success = route.Operation.Responses.Value("201")
	}
	media := success.Value.Content.Get("application/json")
	if media == nil {
		return "OK"
	}
	if len(media.Schema.Value.OneOf) > 0 {
		return "[]"
	}
	return "{}"
}
