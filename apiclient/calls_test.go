package apiclient_test

import (
	"context"
	"time"

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
		ids := []string{"1", "2"}
		_, err := c.ListUsers(ctx, orgID, apiclient.ListUsersOptions{
			Workspaces: ids, UserAccountIDs: ids, OrgUserIDs: ids, Groups: ids, TogglProducts: []string{"track", "focus"},
			ActiveStatus: []string{"active"}, Roles: ids, OnlyAdmins: "true", Filter: "a", SortDir: "asc", Page: "1", PerPage: "20",
			TagIDs: ids, IncludeWorkingHours: "true", IncludeRates: "true", PinnedIDs: ids,
		})
		return err
	},
}
