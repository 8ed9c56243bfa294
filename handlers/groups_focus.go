package handlers

import (
	"context"
	"slices"

	"roster/apiclient"
)

// focusGroups are the groups of Toggl Focus, which is told the whole group with
// every change.
type focusGroups struct{ organizationID, workspaceID int64 }

func (focusGroups) product() string { return "Focus" }

func (f focusGroups) list(ctx context.Context, api *apiclient.Client, q groupsQuery) (groupPage, error) {
	options := q.options()
	options.WorkspaceID = f.workspaceID
	page, err := api.ListTeams(ctx, f.organizationID, options)
	if err != nil {
		return groupPage{}, err
	}
	groups := make([]group, len(page.Teams))
	for i, t := range page.Teams {
		groups[i] = focusGroup(t)
	}
	return groupPage{groups, page.Page}, nil
}

func (f focusGroups) find(ctx context.Context, api *apiclient.Client, groupID int64) (group, error) {
	page, err := api.ListTeams(ctx, f.organizationID, apiclient.ListTeamsOptions{WorkspaceID: f.workspaceID, GroupIDs: []int64{groupID}})
	if err != nil {
		return group{}, err
	}
	i := slices.IndexFunc(page.Teams, func(t apiclient.Team) bool { return t.ID == groupID })
	if i < 0 {
		return group{}, noGroup(apiFocus, "ListTeams")
	}
	return focusGroup(page.Teams[i]), nil
}

func (f focusGroups) create(ctx context.Context, api *apiclient.Client, in groupInput) (int64, error) {
	g, err := api.CreateGroup(ctx, f.organizationID, focusInput(in))
	return g.ID, err
}

func (f focusGroups) update(ctx context.Context, api *apiclient.Client, was group, in groupInput) ([]groupFault, error) {
	_, err := api.UpdateGroup(withOld(ctx, focusInput(was.input())), f.organizationID, was.ID, focusInput(in))
	return nil, err
}

func (f focusGroups) add(ctx context.Context, api *apiclient.Client, was group, memberIDs []int64) ([]groupFault, error) {
	in := was.input()
	for _, id := range memberIDs {
		if !slices.Contains(in.Members, id) {
			in.Members = append(in.Members, id)
		}
	}
	return f.update(ctx, api, was, in)
}

func (f focusGroups) remove(ctx context.Context, api *apiclient.Client, was group) error {
	return api.DeleteGroup(withOld(ctx, focusInput(was.input())), f.organizationID, was.ID, f.workspaceID)
}

func (focusGroups) memberID(u apiclient.OrganizationUser) int64 { return u.ID }

func focusInput(in groupInput) apiclient.FocusGroupInput {
	return apiclient.FocusGroupInput{Name: in.Name, Emoji: in.Emoji, OrganizationUsers: in.Members, Workspaces: in.Workspaces}
}

// focusGroup leaves out who and what has been taken from the group: Focus may
// tell those with the time at which they were.
func focusGroup(t apiclient.Team) group {
	g := group{ID: t.ID, Name: t.Name, Emoji: t.Emoji, Ghosts: t.Ghosts, CreatedAt: t.CreatedAt, ChangedAt: t.UpdatedAt}
	for _, u := range t.Users {
		if u.DeletedAt.IsZero() {
			g.Members = append(g.Members, groupMember{
				ID: u.OrganizationUserID, OrganizationUserID: u.OrganizationUserID, UserID: u.UserAccountID, Name: u.DisplayName,
			})
		}
	}
	for _, w := range t.Workspaces {
		if w.DeletedAt.IsZero() {
			g.Workspaces = append(g.Workspaces, groupWorkspace{w.WorkspaceID, w.Name})
		}
	}
	return g
}
