package changes

import (
	"context"
	"slices"

	"roster/apiclient"
	"roster/store"
)

const (
	// maxPatches is how many patches Toggl takes in one request, each here of one
	// workspace so that a refusal has its cell.
	maxPatches = 100
	// filteredUsers is how many users are read to find the one with an address.
	filteredUsers = "200"
)

// NoEffect is the message of a step that upstream accepted without carrying it
// out.
const NoEffect = "Toggl accepted this, but nothing changed."

// byNeighbours carries out what is staged where upstream has no PUT assignments
// (any more): groups by PATCH group, one call each; additions of users by PUT
// organization user, two calls each (its workspaces are read before, because
// all have to be sent); removals by PATCH workspace_users, two calls for each
// workspace. All additions come first: who loses a workspace in between loses
// role and rates with it.
func (r *applying) byNeighbours(ctx context.Context) error {
	for _, op := range []string{store.OpAdd, store.OpRemove} {
		if err := r.patchGroups(ctx, op); err != nil {
			return err
		}
		users := r.addUsers
		if op == store.OpRemove {
			users = r.removeUsers
		}
		if err := users(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *applying) stagedFor(rowKind, op string) []*store.Step {
	return slices.DeleteFunc(ofKind(r.in(store.StepStaged), rowKind), func(s *store.Step) bool { return s.Op != op })
}

func rowID(s *store.Step) int64 { return s.RowID }

func (r *applying) patchGroups(ctx context.Context, op string) error {
	steps := r.stagedFor(store.RowGroup, op)
	access := NewAccess()
	access.AddGroups(r.groups)
	send, err := r.judge(ctx, steps, access)
	if err != nil {
		return err
	}
	for _, group := range cut(send, rowID) {
		for part := range slices.Chunk(group, maxPatches) {
			if err := r.patchGroup(ctx, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *applying) patchGroup(ctx context.Context, steps []*store.Step) error {
	id := steps[0].RowID
	patches := make([]apiclient.GroupPatch, len(steps))
	for i, s := range steps {
		patches[i] = apiclient.GroupPatch{Op: s.Op, Path: "/workspaces", Value: []int64{s.WorkspaceID}}
	}
	got, err := r.write(ctx, r.request("PatchTrackGroup", "group", id, steps), steps,
		func(ctx context.Context, api *apiclient.Client) (exceptions, error) {
			result, err := api.PatchTrackGroup(ctx, r.set.OrganizationID, id, patches)
			return refusedPatches(steps, result.Failure), err
		})
	if err == nil && got == notAvailable {
		err = r.unavailable(ctx, steps)
	}
	if err != nil {
		return err
	}
	return r.again(ctx, got, steps, r.patchGroup)
}

func refusedPatches(steps []*store.Step, failures []apiclient.GroupPatchFailure) exceptions {
	refused := exceptions{}
	for _, f := range failures {
		for _, s := range steps {
			if f.Patch.Op == s.Op && slices.Contains(f.Patch.Value, s.WorkspaceID) {
				refused[s.ID] = store.StepResult{ID: s.ID, State: store.StepRefused, Message: f.Message}
			}
		}
	}
	return refused
}

// unavailable: upstream has neither PUT assignments nor what stands in for it.
func (r *applying) unavailable(ctx context.Context, steps []*store.Step) error {
	return r.endAll(ctx, steps, store.StepRefused, "Toggl no longer offers a way to change this.")
}

func (r *applying) addUsers(ctx context.Context) error {
	var added []*store.Step
	for _, steps := range cut(r.stagedFor(store.RowUser, store.OpAdd), rowID) {
		if err := r.addUser(ctx, steps); err != nil {
			return err
		}
		added = append(added, steps...)
	}
	return r.verify(ctx, added)
}

func (r *applying) addUser(ctx context.Context, steps []*store.Step) error {
	user, access, err := r.currentUser(ctx, steps)
	if err != nil || access == nil {
		return err
	}
	send, err := r.judge(ctx, steps, access)
	if err != nil || len(send) == 0 {
		return err
	}
	doubtful := throughGroups(send, access)
	input := apiclient.UpdateOrganizationUserInput{Workspaces: workspacesWith(user.Workspaces, send)}
	got, err := r.write(ctx, r.request("UpdateOrganizationUser", "organization_user", user.ID, send), send,
		func(ctx context.Context, api *apiclient.Client) (exceptions, error) {
			return doubtful, api.UpdateOrganizationUser(ctx, r.set.OrganizationID, user.ID, input)
		})
	if err == nil && got == notAvailable {
		err = r.unavailable(ctx, send)
	}
	if err != nil {
		return err
	}
	return r.again(ctx, got, send, r.addUser)
}

// workspacesWith are all that the user has and the new ones: whether what is
// not sent is left alone is documented nowhere.
func workspacesWith(current []apiclient.UserWorkspace, add []*store.Step) []apiclient.UserWorkspaceInput {
	var all []apiclient.UserWorkspaceInput
	sent := map[int64]bool{}
	for _, w := range current {
		all = append(all, apiclient.UserWorkspaceInput{WorkspaceID: w.WorkspaceID, RoleID: w.RoleID})
		sent[w.WorkspaceID] = true
	}
	for _, s := range add {
		if !sent[s.WorkspaceID] {
			all = append(all, apiclient.UserWorkspaceInput{WorkspaceID: s.WorkspaceID})
		}
	}
	return all
}

// currentUser reads the row of steps of one user. Where it isn't found the
// steps are held, and there is no access.
func (r *applying) currentUser(ctx context.Context, steps []*store.Step) (apiclient.OrganizationUser, *Access, error) {
	first := steps[0]
	filter := first.RowEmail
	if filter == "" {
		filter = first.RowName
	}
	page, err := read(ctx, r, func(api *apiclient.Client) (apiclient.OrganizationUserPage, error) {
		return api.ListOrganizationUsers(ctx, r.set.OrganizationID, apiclient.ListOrganizationUsersOptions{Filter: filter, PerPage: filteredUsers})
	})
	if refusedForGood(err) {
		return apiclient.OrganizationUser{}, nil, r.endRefused(ctx, steps, err)
	}
	if err != nil {
		return apiclient.OrganizationUser{}, nil, err
	}
	i := slices.IndexFunc(page.Users, func(u apiclient.OrganizationUser) bool { return u.UserID == first.RowID })
	if i < 0 {
		return apiclient.OrganizationUser{}, nil, r.endAll(ctx, steps, store.StepHeld, string(Unread))
	}
	access := NewAccess()
	access.AddUsers(page.Users[i : i+1])
	return page.Users[i], access, nil
}

// throughGroups are the cells that have access before through groups: whether
// sending such a workspace makes a direct member is documented nowhere.
func throughGroups(steps []*store.Step, now *Access) exceptions {
	doubtful := exceptions{}
	for _, s := range steps {
		if now.userCell(s.RowID, s.WorkspaceID).HasAccess() {
			doubtful[s.ID] = store.StepResult{ID: s.ID, State: store.StepUnknown}
		}
	}
	return doubtful
}

// verify reads again what an answer left in doubt.
func (r *applying) verify(ctx context.Context, steps []*store.Step) error {
	for _, part := range perWorkspace(inStates(steps, store.StepUnknown)) {
		access, err := r.access(ctx, part)
		if refusedForGood(err) {
			err = r.endAll(ctx, part, store.StepDone, "") // upstream's own answer stands
			access = nil
		}
		if err != nil {
			return err
		}
		if access == nil {
			continue
		}
		results := make([]store.StepResult, len(part))
		for i, s := range part {
			results[i] = store.StepResult{ID: s.ID, State: store.StepRefused, Message: NoEffect}
			if access.userCell(s.RowID, s.WorkspaceID).Is(s.Op) {
				results[i] = store.StepResult{ID: s.ID, State: store.StepDone}
			}
		}
		if err := r.end(ctx, part, results); err != nil {
			return err
		}
	}
	return nil
}

func (r *applying) removeUsers(ctx context.Context) error {
	for _, steps := range perWorkspace(r.stagedFor(store.RowUser, store.OpRemove)) {
		access, err := r.look(ctx, steps)
		if err != nil {
			return err
		}
		if access == nil {
			continue
		}
		send, err := r.judge(ctx, steps, access)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(send, MaxElements) {
			if err := r.removeFrom(ctx, access, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *applying) removeFrom(ctx context.Context, access *Access, steps []*store.Step) error {
	id := steps[0].WorkspaceID
	ids := make([]int64, len(steps))
	for i, s := range steps {
		ids[i] = access.columns[id].members[s.RowID].workspaceUserID
	}
	got, err := r.write(ctx, r.request("RemoveWorkspaceUsers", "workspace", id, steps), steps,
		func(ctx context.Context, api *apiclient.Client) (exceptions, error) {
			return nil, api.RemoveWorkspaceUsers(ctx, r.set.OrganizationID, id, ids)
		})
	if err == nil && got == notAvailable {
		err = r.unavailable(ctx, steps)
	}
	if err != nil {
		return err
	}
	return r.again(ctx, got, steps, func(ctx context.Context, part []*store.Step) error { return r.removeFrom(ctx, access, part) })
}
