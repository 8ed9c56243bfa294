package handlers

import (
	"slices"

	"roster/apiclient"
)

// tells reports whether the list of users tells who has a role: Focus' names the
// roles in workspaces, owners and admins, Track's those of the organization, too.
func (r *organizationRoles) tells(role *apiclient.Role) bool {
	switch role.Entity {
	case entityWorkspace:
		return true
	case entityOrganization:
		return !r.focus || role.Type == typeOwner || role.Type == typeAdmin
	}
	return false
}

// holding reports whether a person has a role, and in which workspaces, none
// where it is one of the organization.
func (r *organizationRoles) holding(role *apiclient.Role, p *rolePerson) (places []rolePlace, holds bool) {
	if role.Entity == entityOrganization {
		switch {
		case !r.focus:
			return nil, p.role != nil && *p.role == role.RoleID
		case role.Type == typeOwner:
			return nil, p.owner
		}
		return nil, role.Type == typeAdmin && p.admin && !p.owner
	}
	for _, place := range p.places {
		if place.role == role.RoleID {
			places = append(places, place)
		}
	}
	return places, len(places) > 0
}

// held is a role that a person has, and where.
type held struct {
	role   *apiclient.Role
	places []rolePlace
}

// held are those of the roles that a person has.
func (r *organizationRoles) held(roles []apiclient.Role, p *rolePerson) []held {
	var list []held
	for i := range roles {
		if places, holds := r.holding(&roles[i], p); holds {
			list = append(list, held{&roles[i], places})
		}
	}
	return list
}

// String is "Team lead in Delivery and Labs".
func (h held) String() string {
	const shown = 3
	names := make([]string, len(h.places))
	for i, place := range h.places {
		names[i] = place.workspace
	}
	if len(names) == 0 {
		return roleTitle(h.role)
	}
	return roleTitle(h.role) + " in " + joinNames(names, shown)
}

// groupsOf are the groups that give the roles, each once.
func groupsOf(list []held) []apiclient.MyGroup {
	var groups []apiclient.MyGroup
	for _, h := range list {
		for _, place := range h.places {
			for _, g := range place.groups {
				if !slices.ContainsFunc(groups, func(other apiclient.MyGroup) bool { return other.ID == g.ID }) {
					groups = append(groups, g)
				}
			}
		}
	}
	return groups
}
