package handlers

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"roster/apiclient"
	"roster/auth"
)

// A group is one of Focus or of Track, whichever is connected, as pages need it.
type group struct {
	ID   int64
	Name string
	// Emoji is Focus'; Track has none.
	Emoji      string
	Members    []groupMember
	Ghosts     []apiclient.Ghost // Focus' placeholders, which no call changes
	Workspaces []groupWorkspace
	// CreatedAt is zero in Track.
	CreatedAt, ChangedAt time.Time
	// Permissions are what Track says the caller may do with the group.
	Permissions []string
}

// A groupMember is somebody in a group.
type groupMember struct {
	// ID is what the source's calls take: the organization user id in Focus, the
	// global user id in Track.
	ID int64
	// OrganizationUserID is 0 where Track doesn't tell it.
	OrganizationUserID, UserID int64
	Name                       string
	// Invited and Inactive are known of Track's members alone.
	Invited, Inactive bool
}

// A groupWorkspace is one that a group gives access to; Track tells no names.
type groupWorkspace struct {
	ID   int64
	Name string
}

// A groupInput is a group as it is to be: all of it. Members are named by the
// ids that the source takes.
type groupInput struct {
	Name, Emoji         string
	Members, Workspaces []int64
}

// A groupPage is one page of the list.
type groupPage struct {
	Groups []group
	Page   apiclient.Page
}

// A groupFault is a part of a change that Toggl refused while it took others,
// by the words that it gave.
type groupFault struct {
	// MemberID or WorkspaceID is what it was about.
	MemberID, WorkspaceID int64
	Words                 string
}

// A groupSource is where groups are read and changed. Its methods take the
// client, so that a page may read what is cached and a change what is fresh.
type groupSource interface {
	// product is "Focus" or "Track".
	product() string
	list(ctx context.Context, api *apiclient.Client, q groupsQuery) (groupPage, error)
	// find fails with ErrNotFound where there is no such group.
	find(ctx context.Context, api *apiclient.Client, groupID int64) (group, error)
	// create returns 0 where Toggl doesn't tell the new group's id.
	create(ctx context.Context, api *apiclient.Client, in groupInput) (int64, error)
	// update makes a group what in says; was is how it was just read. Parts that
	// were refused while others were taken are faults.
	update(ctx context.Context, api *apiclient.Client, was group, in groupInput) ([]groupFault, error)
	// add puts more members into a group, was being how it was just read.
	add(ctx context.Context, api *apiclient.Client, was group, memberIDs []int64) ([]groupFault, error)
	// remove deletes a group, was being how it was just read.
	remove(ctx context.Context, api *apiclient.Client, was group) error
	// memberID is by what the source's calls know a user.
	memberID(u apiclient.OrganizationUser) int64
}

// newGroupSource is Focus where the session has a key for it, else Track. In
// Focus workspaceID is where it looks whether the caller may.
func newGroupSource(s *auth.Session, organizationID, workspaceID int64) groupSource {
	if s.FocusKey != "" {
		return focusGroups{organizationID: focusID(s, organizationID), workspaceID: workspaceID}
	}
	return trackGroups{organizationID: organizationID, workspaceID: workspaceID}
}

// input is the group as it is.
func (g group) input() groupInput {
	in := groupInput{Name: g.Name, Emoji: g.Emoji, Members: make([]int64, len(g.Members)), Workspaces: make([]int64, len(g.Workspaces))}
	for i, m := range g.Members {
		in.Members[i] = m.ID
	}
	for i, w := range g.Workspaces {
		in.Workspaces[i] = w.ID
	}
	return in
}

func (g group) membersByName() []groupMember {
	return slices.SortedFunc(slices.Values(g.Members), func(a, b groupMember) int {
		return cmp.Or(compareNames(memberName(a), memberName(b)), cmp.Compare(a.ID, b.ID))
	})
}

// has reports whether the group gives access to a workspace.
func (g group) has(workspaceID int64) bool {
	return slices.ContainsFunc(g.Workspaces, func(w groupWorkspace) bool { return w.ID == workspaceID })
}

// noGroup is for a group that the list doesn't have.
func noGroup(api, operation string) error {
	return &apiclient.Error{
		API: api, Op: operation, Kind: apiclient.ErrNotFound, Status: http.StatusNotFound, Message: "The organization has no such group.",
	}
}
