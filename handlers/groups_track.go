package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"roster/apiclient"
)

// trackGroups are the groups of Toggl Track, whose members and workspaces are
// changed one by one, each with an answer of its own.
type trackGroups struct{ organizationID, workspaceID int64 }

// maxPatches is how many changes Track takes in one request.
const maxPatches = 100

func (trackGroups) product() string { return "Track" }

// list asks for what Track filters by, and sorts and pages itself: Track gives
// all at once.
func (t trackGroups) list(ctx context.Context, api *apiclient.Client, q groupsQuery) (groupPage, error) {
	options := apiclient.ListGroupsOptions{Name: q.Filter}
	if t.workspaceID > 0 {
		options.Workspace = strconv.FormatInt(t.workspaceID, 10)
	}
	found, err := api.ListGroups(ctx, t.organizationID, options)
	if err != nil {
		return groupPage{}, err
	}
	var groups []group
	for _, g := range found {
		if len(q.IDs) == 0 || slices.Contains(q.IDs, g.GroupID) {
			groups = append(groups, trackGroup(g))
		}
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		return cmp.Or(compareNames(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	if q.SortDir == descending {
		slices.Reverse(groups)
	}
	return q.cut(groups), nil
}

func (t trackGroups) find(ctx context.Context, api *apiclient.Client, groupID int64) (group, error) {
	groups, err := api.ListGroups(ctx, t.organizationID, apiclient.ListGroupsOptions{})
	if err != nil {
		return group{}, err
	}
	i := slices.IndexFunc(groups, func(g apiclient.Group) bool { return g.GroupID == groupID })
	if i < 0 {
		return group{}, noGroup("track", "ListGroups")
	}
	return trackGroup(groups[i]), nil
}

func (t trackGroups) create(ctx context.Context, api *apiclient.Client, in groupInput) (int64, error) {
	g, err := api.CreateTrackGroup(ctx, t.organizationID, trackInput(in))
	return g.GroupID, err
}

// update sends the name, with the rest of the group as it is: whether Track
// would leave out what isn't sent is not documented. Each change of a member or
// a workspace follows.
func (t trackGroups) update(ctx context.Context, api *apiclient.Client, was group, in groupInput) ([]groupFault, error) {
	before := was.input()
	if in.Name != was.Name {
		renamed := before
		renamed.Name = in.Name
		_, err := api.UpdateTrackGroup(withOld(ctx, trackInput(before)), t.organizationID, was.ID, trackInput(renamed))
		if err != nil {
			return nil, err
		}
	}
	patches := slices.Concat(
		patchEach("remove", pathUsers, missing(before.Members, in.Members)),
		patchEach("remove", pathWorkspaces, missing(before.Workspaces, in.Workspaces)),
		patchEach("add", pathWorkspaces, missing(in.Workspaces, before.Workspaces)),
		patchEach("add", pathUsers, missing(in.Members, before.Members)),
	)
	faults, err := t.patch(ctx, api, was, patches)
	if err != nil && in.Name != was.Name {
		return faults, &apiclient.PartialError{Done: 1, Total: 2, Err: err}
	}
	return faults, err
}

func (t trackGroups) add(ctx context.Context, api *apiclient.Client, was group, memberIDs []int64) ([]groupFault, error) {
	return t.patch(ctx, api, was, patchEach("add", pathUsers, missing(memberIDs, was.input().Members)))
}

func (t trackGroups) remove(ctx context.Context, api *apiclient.Client, was group) error {
	return api.DeleteTrackGroup(withOld(ctx, trackInput(was.input())), t.organizationID, was.ID)
}

func (trackGroups) memberID(u apiclient.OrganizationUser) int64 { return u.UserID }

// patch sends the patches, as many in a request as Track takes. A request of
// which nothing was taken is refused as a whole.
func (t trackGroups) patch(ctx context.Context, api *apiclient.Client, was group, patches []apiclient.GroupPatch) ([]groupFault, error) {
	var faults []groupFault
	done := 0
	for part := range slices.Chunk(patches, maxPatches) {
		result, err := api.PatchTrackGroup(withOld(ctx, trackInput(was.input())), t.organizationID, was.ID, part)
		if err != nil && done > 0 {
			return faults, &apiclient.PartialError{Done: done, Total: len(patches), Err: err}
		}
		if err != nil {
			return faults, err
		}
		done += len(part)
		for _, f := range result.Failure {
			faults = append(faults, patchFaults(f)...)
		}
	}
	return faults, nil
}

const (
	pathUsers      = "/users"
	pathWorkspaces = "/workspaces"
)

// patchEach makes a patch of every id, so that each has an answer.
func patchEach(op, path string, ids []int64) []apiclient.GroupPatch {
	patches := make([]apiclient.GroupPatch, len(ids))
	for i, id := range ids {
		patches[i] = apiclient.GroupPatch{Op: op, Path: path, Value: []int64{id}}
	}
	return patches
}

func patchFaults(f apiclient.GroupPatchFailure) []groupFault {
	faults := make([]groupFault, len(f.Patch.Value))
	for i, id := range f.Patch.Value {
		faults[i] = groupFault{Words: f.Message}
		if f.Patch.Path == pathUsers {
			faults[i].MemberID = id
		} else {
			faults[i].WorkspaceID = id
		}
	}
	return faults
}

// missing are the ids of all that are not among some.
func missing(all, some []int64) []int64 {
	among := setOf(some) // a group may have thousands of members
	return slices.DeleteFunc(slices.Clone(all), func(id int64) bool { return among[id] })
}

func setOf(ids []int64) map[int64]bool {
	set := make(map[int64]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

func trackInput(in groupInput) apiclient.GroupInput {
	return apiclient.GroupInput{Name: in.Name, Users: in.Members, Workspaces: in.Workspaces}
}

func trackGroup(g apiclient.Group) group {
	converted := group{ID: g.GroupID, Name: g.Name, ChangedAt: g.At, Permissions: g.Permissions}
	for _, u := range g.Users {
		converted.Members = append(converted.Members, groupMember{
			ID: u.UserID, UserID: u.UserID, Name: u.Name, Invited: !u.Joined, Inactive: u.Inactive,
		})
	}
	for _, id := range g.Workspaces {
		converted.Workspaces = append(converted.Workspaces, groupWorkspace{ID: id})
	}
	return converted
}
