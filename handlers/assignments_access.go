package handlers

import (
	"context"
	"errors"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// mostLookups is how many staged users are looked up in the cached lists: each
// lookup goes through all of them.
const mostLookups = 200

// stagedSet is what the person has staged in an organization, from whatever
// browser. There may be none: then the set has no ID. Who may not change anything
// has none that counts.
func (h *Handlers) stagedSet(ctx context.Context, s *auth.Session, organizationID int64) (store.ChangeSet, []store.Step, error) {
	if !s.Role.MayChange() {
		return store.ChangeSet{}, nil, nil
	}
	set, err := h.store.StagedChangeSet(ctx, organizationID, s.Subject)
	if errors.Is(err, store.ErrNotFound) {
		return store.ChangeSet{}, nil, nil
	}
	if err != nil {
		return store.ChangeSet{}, nil, errors.Join(errStore, err)
	}
	steps, err := h.store.StagedSteps(ctx, set.ID)
	if err != nil {
		return store.ChangeSet{}, nil, errors.Join(errStore, err)
	}
	return set, steps, nil
}

// readAccess is who has what, as far as it is known without asking: the users
// given, which were read for this page, the cached groups and workspaces, and
// the users of steps. Of those that no cached list holds, the cells of the
// steps are taken to be as they were when they were staged.
func (h *Handlers) readAccess(c echo.Context, api *apiclient.Client, organizationID int64, steps []store.Step, users ...apiclient.OrganizationUser) *changes.Access {
	access, _ := knownAccess(c.Request().Context(), api.Known(), organizationID, steps, users)
	return access
}

// knownAccess is readAccess, and whose other cells are not known.
func knownAccess(ctx context.Context, known *apiclient.Client, organizationID int64, steps []store.Step, users []apiclient.OrganizationUser) (*changes.Access, map[int64]bool) {
	access := changes.NewAccess()
	workspaces, _ := known.ListMyWorkspaces(ctx) // unknown is none
	for _, w := range workspaces {
		if w.OrganizationID == organizationID {
			access.AddWorkspaces([]apiclient.Workspace{w})
		}
	}
	groups, _ := known.ListGroups(ctx, organizationID, apiclient.ListGroupsOptions{}) // unknown is none
	access.AddGroups(groups)
	access.AddUsers(users)
	found, guessed := usersOf(ctx, known, organizationID, steps, access)
	access.AddUsers(found)
	if groups == nil {
		access.AddGroups(groupsWhenStaged(steps))
	}
	for i := range steps {
		if access.WorkspaceName(steps[i].WorkspaceID) == "" {
			access.AddWorkspaces([]apiclient.Workspace{{ID: steps[i].WorkspaceID, Name: steps[i].WorkspaceName}})
		}
	}
	return access, guessed
}

// usersOf are the users of steps that access doesn't hold: of the cached lists,
// or else, guessed, as they were when they were staged.
func usersOf(ctx context.Context, known *apiclient.Client, organizationID int64, steps []store.Step, access *changes.Access) (users []apiclient.OrganizationUser, guessed map[int64]bool) {
	guessed = map[int64]bool{}
	at := map[int64]int{} // where in users somebody stands
	for i := range steps {
		s := &steps[i]
		if _, ok := access.User(s.RowID); ok || s.RowKind != store.RowUser {
			continue
		}
		place, seen := at[s.RowID]
		if !seen {
			user, ok := lookUp(ctx, known, organizationID, s, len(at))
			place, guessed[s.RowID] = len(users), !ok
			at[s.RowID], users = place, append(users, user)
		}
		if guessed[s.RowID] {
			users[place].Workspaces = append(users[place].Workspaces, membershipWhenStaged(s)...)
		}
	}
	return users, guessed
}

// lookUp finds the user of a step in the cached lists, unless so many were
// looked up before; false makes one of what the step says.
func lookUp(ctx context.Context, known *apiclient.Client, organizationID int64, s *store.Step, before int) (apiclient.OrganizationUser, bool) {
	if before < mostLookups {
		if user, err := known.FindOrganizationUser(ctx, organizationID, s.OrganizationUserID, ""); err == nil {
			return user, true
		}
	}
	return apiclient.OrganizationUser{ID: s.OrganizationUserID, UserID: s.RowID, Name: s.RowName, Email: s.RowEmail}, false
}

// membershipWhenStaged is the workspace of a step as the users list would have
// it; none for somebody who wasn't in it.
func membershipWhenStaged(s *store.Step) []apiclient.UserWorkspace {
	was, err := changes.ParseCell(s.Was)
	if err != nil || !was.HasAccess() {
		return nil
	}
	w := apiclient.UserWorkspace{WorkspaceID: s.WorkspaceID, WorkspaceName: s.WorkspaceName}
	for _, id := range was.Groups {
		w.Groups = append(w.Groups, apiclient.GroupRef{GroupID: id})
	}
	return []apiclient.UserWorkspace{w}
}

// groupsWhenStaged are the groups of steps, for when no list of them is known.
func groupsWhenStaged(steps []store.Step) []apiclient.Group {
	var groups []apiclient.Group
	at := map[int64]int{}
	for i := range steps {
		s := &steps[i]
		if s.RowKind != store.RowGroup {
			continue
		}
		place, seen := at[s.RowID]
		if !seen {
			place = len(groups)
			at[s.RowID] = place
			groups = append(groups, apiclient.Group{GroupID: s.RowID, Name: s.RowName})
		}
		if was, err := changes.ParseCell(s.Was); err == nil && was.HasAccess() {
			groups[place].Workspaces = append(groups[place].Workspaces, s.WorkspaceID)
		}
	}
	return groups
}

// stagedNav is how much the person has staged, for the navigation of every page
// of an organization. It is one query of the database over its indexes, about
// 20 µs; where that fails the page stands without the number.
func (h *Handlers) stagedNav(c echo.Context, s *auth.Session, organizationID int64) *views.NavCount {
	if !s.Role.MayChange() {
		return nil
	}
	n, err := h.store.CountStaged(c.Request().Context(), organizationID, s.Subject)
	if err != nil {
		h.log.Warn("staged changes can't be counted", "id", requestIDOf(c), "error", err)
	}
	count := stagedCount(n)
	return &count
}

func stagedCount(n int) views.NavCount {
	return views.NavCount{Count: n, Label: views.Plural(n, "staged change", "staged changes")}
}
