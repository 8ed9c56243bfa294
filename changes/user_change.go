package changes

import (
	"context"
	"slices"

	"roster/apiclient"
)

// Kind is what a UserChange does.
type Kind string

// The kinds of change.
const (
	Deactivate  Kind = "deactivation"
	Reactivate  Kind = "reactivation"
	SetRole     Kind = "role"
	AddToGroups Kind = "groups"
)

// UserChange is the same change for each of many organization users.
type UserChange struct {
	Kind     Kind
	RoleID   int64   // of SetRole: a role of the organization
	GroupIDs []int64 // of AddToGroups: Track groups
}

// Skip is why a user is left out; empty when there is something to send.
type Skip string

// Why a user is left out.
const (
	SkipAlready Skip = "already so"
	SkipOwner   Skip = "owner"
)

// Of is what changes one user: nothing but the field that it is about. Groups
// are the whole wanted set, because whether Toggl replaces or adds is not
// documented and the whole set is right under both readings.
func (c UserChange) Of(u apiclient.OrganizationUser) (apiclient.UpdateOrganizationUserInput, Skip) {
	var input apiclient.UpdateOrganizationUserInput
	switch c.Kind {
	case Deactivate, Reactivate:
		inactive := c.Kind == Deactivate
		if u.Owner && inactive {
			return input, SkipOwner
		}
		if u.Inactive == inactive {
			return input, SkipAlready
		}
		input.Inactive = &inactive
	case SetRole:
		if u.Owner {
			return input, SkipOwner
		}
		if u.RoleID != nil && *u.RoleID == c.RoleID {
			return input, SkipAlready
		}
		input.RoleID = &c.RoleID
	case AddToGroups:
		groups := c.groups(u)
		if len(groups) == len(u.Groups) {
			return input, SkipAlready
		}
		input.Groups = groups
	}
	return input, ""
}

func (c UserChange) groups(u apiclient.OrganizationUser) []int64 {
	ids := slices.Clone(c.GroupIDs)
	for _, g := range u.Groups {
		ids = append(ids, g.GroupID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Step is the step for one user, if there is something to send.
func (c UserChange) Step(organizationID int64, u apiclient.OrganizationUser) (Step, Skip) {
	input, skip := c.Of(u)
	if skip != "" {
		return Step{}, skip
	}
	return Step{ID: u.ID, Name: u.Name, Email: u.Email, Call: UserUpdate{organizationID, u.ID, input}}, ""
}

// UserUpdate is a Call of UpdateOrganizationUser.
type UserUpdate struct {
	OrganizationID, OrganizationUserID int64
	Input                              apiclient.UpdateOrganizationUserInput
}

// Send sends it.
func (u UserUpdate) Send(ctx context.Context, api *apiclient.Client) error {
	return api.UpdateOrganizationUser(ctx, u.OrganizationID, u.OrganizationUserID, u.Input)
}
