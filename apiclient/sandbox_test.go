package apiclient_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"roster/apiclient"
	"roster/apiclient/sandbox"
)

// onSandbox starts an upstream of our own over HTTP, and a client of its owner.
func onSandbox(t *testing.T, options sandbox.Options) (*sandbox.Server, *apiclient.Client) {
	t.Helper()
	upstream := sandbox.New(options)
	server := httptest.NewServer(upstream)
	t.Cleanup(server.Close)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	f, err := apiclient.NewFactory(apiclient.Options{
		TrackURL: server.URL + "/api/v9", FocusURL: server.URL + "/focus/api", RatePerSecond: 1e6, Burst: 1000, Transport: transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	persona := upstream.Owner()
	return upstream, f.Client(apiclient.Credentials{APIToken: persona.APIToken, FocusKey: persona.FocusKey})
}

func TestReadsOnTheSandbox(t *testing.T) {
	for _, shape := range []string{"array", "items"} {
		t.Run(shape, func(t *testing.T) {
			upstream, c := onSandbox(t, sandbox.Options{ListShape: shape})
			org := upstream.OrganizationID()
			workspaces, err := c.ListMyWorkspaces(t.Context())
			some(t, "ListMyWorkspaces", len(workspaces), err)
			var workspace int64
			for _, w := range workspaces {
				if w.OrganizationID == org {
					workspace = w.ID
				}
			}
			me, err := c.GetMe(t.Context())
			some(t, "GetMe", int(me.ID), err)
			organizations, err := c.ListMyOrganizations(t.Context())
			some(t, "ListMyOrganizations", len(organizations)-1, err)
			quota, err := c.GetQuota(t.Context())
			some(t, "GetQuota", len(quota), err)
			organization, err := c.GetOrganization(t.Context(), org)
			some(t, "GetOrganization", int(organization.UserCount), err)
			if organization.CreatedAt.IsZero() || len(organization.Permissions) == 0 {
				t.Errorf("an organization without a date or permissions: %+v", organization)
			}
			owner, err := c.GetOwner(t.Context(), org)
			some(t, "GetOwner", int(owner.OrganizationUserID), err)
			usage, err := c.ListUsage(t.Context(), org)
			some(t, "ListUsage", len(usage), err)
			statistics, err := c.GetWorkspaceStatistics(t.Context(), org)
			some(t, "GetWorkspaceStatistics", int(statistics[workspace].MembersCount), err)
			users, err := c.ListOrganizationUsers(t.Context(), org, apiclient.ListOrganizationUsersOptions{})
			some(t, "ListOrganizationUsers", users.Page.Pages, err)
			members, err := c.ListWorkspaceUsers(t.Context(), org, workspace, apiclient.ListWorkspaceUsersOptions{})
			some(t, "ListWorkspaceUsers", len(members), err)
			groups, err := c.ListGroups(t.Context(), org, apiclient.ListGroupsOptions{})
			some(t, "ListGroups", len(groups), err)
			trackRoles, err := c.ListTrackRoles(t.Context(), org)
			some(t, "ListTrackRoles", len(trackRoles), err)
			focusRoles, err := c.ListRoles(t.Context(), org)
			some(t, "ListRoles", len(focusRoles), err)
			_, err = c.ListMyGroups(t.Context(), org)
			some(t, "ListMyGroups", 1, err)
			teams, err := c.ListTeams(t.Context(), org, apiclient.ListTeamsOptions{WorkspaceID: workspace, PerPage: 1})
			some(t, "ListTeams", len(teams.Teams), err)
			focusUsers, err := c.ListUsers(t.Context(), org, apiclient.ListUsersOptions{PerPage: "10", IncludeRates: "true", IncludeWorkingHours: "true"})
			some(t, "ListUsers", len(focusUsers.Users), err)
			log, err := c.ListAuditLog(t.Context(), org, time.Now().AddDate(0, 0, -30), time.Now(), apiclient.ListAuditLogOptions{})
			some(t, "ListAuditLog", len(log.Events), err)
		})
	}
}

func some(t *testing.T, operation string, n int, err error) {
	t.Helper()
	if err != nil || n < 1 {
		t.Errorf("%s: %d, error %v", operation, n, err)
	}
}

func TestAllUsersOnTheSandbox(t *testing.T) {
	for _, without := range []bool{false, true} {
		upstream, c := onSandbox(t, sandbox.Options{Users: 431, NoPageHeaders: without})
		seen := map[int64]bool{}
		for user, err := range c.AllOrganizationUsers(t.Context(), upstream.OrganizationID(), apiclient.ListOrganizationUsersOptions{}, 1000) {
			if err != nil {
				t.Fatal(err)
			}
			seen[user.ID] = true
		}
		if len(seen) != 431 || len(upstream.Requests()) != 3 {
			t.Errorf("no headers %v: %d users in %d requests", without, len(seen), len(upstream.Requests()))
		}
	}
}

func TestARenameOnTheSandbox(t *testing.T) {
	upstream, c := onSandbox(t, sandbox.Options{})
	org, id := upstream.OrganizationID(), upstream.Member().OrganizationUserID
	if _, err := c.ListUsers(t.Context(), org, apiclient.ListUsersOptions{OrgUserIDs: []string{strconv.FormatInt(id, 10)}}); err != nil {
		t.Fatal(err)
	}
	if err := c.UpdateOrganizationUser(t.Context(), org, id, apiclient.UpdateOrganizationUserInput{Name: new("Renamed Person")}); err != nil {
		t.Fatal(err)
	}
	users, err := c.ListUsers(t.Context(), org, apiclient.ListUsersOptions{OrgUserIDs: []string{strconv.FormatInt(id, 10)}})
	if err != nil || len(users.Users) != 1 || users.Users[0].Name != "Renamed Person" {
		t.Errorf("Focus after a rename in Track: %+v, error %v", users.Users, err)
	}
	err = c.UpdateOrganizationUser(t.Context(), org, id, apiclient.UpdateOrganizationUserInput{Name: new("")})
	var refused *apiclient.Error
	if !errors.As(err, &refused) || refused.Kind != apiclient.ErrRefused || refused.Message != "Field 'name' cannot be empty." {
		t.Errorf("an empty name: %#v", err)
	}
}

func TestRefusalsOnTheSandbox(t *testing.T) {
	upstream, c := onSandbox(t, sandbox.Options{NoAssignments: true, Quota: 3})
	org := upstream.OrganizationID()
	err := c.ChangeAssignments(t.Context(), org, 1, []apiclient.Assignment{{Operation: "add", UserID: 1}})
	if !errors.Is(err, apiclient.ErrNotAvailable) {
		t.Errorf("assignments: %v", err)
	}
	_, err = c.ListOrganizationUsers(t.Context(), org, apiclient.ListOrganizationUsersOptions{Page: "0"})
	var refused *apiclient.Error
	if !errors.As(err, &refused) || !strings.Contains(refused.Message, "page parameter must contain values > 0.") {
		t.Errorf("page 0: %#v", err)
	}
	var last error
	for page := range 5 {
		options := apiclient.ListOrganizationUsersOptions{Page: strconv.Itoa(page + 1)}
		if _, err := c.ListOrganizationUsers(t.Context(), org, options); err != nil {
			last = err
		}
	}
	if sent := len(upstream.Requests()); !errors.Is(last, apiclient.ErrQuota) || sent != 3 {
		t.Errorf("a quota of 3: %v after %d requests", last, sent)
	}
	upstream.Script(sandbox.Failure{API: "track", Operation: "CreateOrganization", Cut: true})
	if _, err := c.CreateOrganization(t.Context(), apiclient.CreateOrganizationInput{Name: "A", WorkspaceName: "B"}); !errors.Is(err, apiclient.ErrUnreachable) {
		t.Errorf("a cut connection: %v", err)
	}
}
