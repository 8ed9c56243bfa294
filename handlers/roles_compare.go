package handlers

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
	"roster/views"
)

// permissionKey is what makes permissions of several roles the same one: their
// id, or where the API gives none, what they are called and of.
type permissionKey struct {
	id           int64
	entity, name string
}

func keyOf(p *apiclient.Permission) permissionKey {
	if p.PermissionID != 0 {
		return permissionKey{id: p.PermissionID}
	}
	return permissionKey{entity: p.Entity, name: p.Name}
}

// String is the key in an address.
func (k permissionKey) String() string {
	if k.id != 0 {
		return strconv.FormatInt(k.id, 10)
	}
	return k.entity + ":" + k.name
}

func sameGrant(a, b *views.Grant) bool {
	return a.Allowed == b.Allowed && slices.Equal(a.Conditions, b.Conditions)
}

// addGrant adds what a role has once more of the same permission, in the API's
// words: what it has without a condition it needs none for.
func addGrant(g *views.Grant, condition string) {
	condition = strings.TrimSpace(condition)
	switch {
	case condition == "" || g.Allowed && len(g.Conditions) == 0:
		*g = views.Grant{Allowed: true}
	case !slices.Contains(g.Conditions, condition):
		*g = views.Grant{Allowed: true, Conditions: append(g.Conditions, condition)}
	}
}

// A comparison is what roles have of each permission that any role of the
// organization has.
type comparison struct {
	roles []apiclient.Role
	// rows stand in the order of the permissions' ids, those about the same
	// kind of thing together.
	rows      []comparedPermission
	differing int
}

type comparedPermission struct {
	*apiclient.Permission

	grants  []views.Grant // as many as roles
	differs bool
}

// compareRoles sets the chosen roles side by side, with the permissions of all.
func compareRoles(all, chosen []apiclient.Role) comparison {
	permissions, places := permissionsOf(all)
	c := comparison{roles: chosen, rows: make([]comparedPermission, len(permissions))}
	grants := make([]views.Grant, len(permissions)*len(chosen))
	for i := range c.rows {
		c.rows[i].Permission = permissions[i]
		c.rows[i].grants = grants[i*len(chosen) : (i+1)*len(chosen) : (i+1)*len(chosen)]
	}
	for column := range chosen {
		for i := range chosen[column].Permissions {
			p := &chosen[column].Permissions[i]
			if place, known := places[keyOf(p)]; known {
				addGrant(&c.rows[place].grants[column], p.Condition)
			}
		}
	}
	for i := range c.rows {
		c.rows[i].settle()
		if c.rows[i].differs {
			c.differing++
		}
	}
	return c
}

// settle puts conditions in an order, so that roles with the same ones are
// alike, and says whether they all are.
func (p *comparedPermission) settle() {
	for i := range p.grants {
		if len(p.grants[i].Conditions) > 1 {
			slices.Sort(p.grants[i].Conditions)
		}
		p.differs = p.differs || !sameGrant(&p.grants[i], &p.grants[0])
	}
}

// permissionsOf are all permissions of the roles, each once, and their places.
func permissionsOf(roles []apiclient.Role) (permissions []*apiclient.Permission, places map[permissionKey]int) {
	places = map[permissionKey]int{}
	for r := range roles {
		for i := range roles[r].Permissions {
			p := &roles[r].Permissions[i]
			if _, seen := places[keyOf(p)]; !seen {
				places[keyOf(p)] = 0
				permissions = append(permissions, p)
			}
		}
	}
	slices.SortStableFunc(permissions, func(a, b *apiclient.Permission) int {
		return cmp.Or(cmp.Compare(a.PermissionID, b.PermissionID), cmp.Compare(a.Name, b.Name))
	})
	permissions = byEntity(permissions)
	for i, p := range permissions {
		places[keyOf(p)] = i
	}
	return permissions, places
}

// byEntity puts permissions about the same kind of thing together, where the
// first of them stands.
func byEntity(permissions []*apiclient.Permission) []*apiclient.Permission {
	var groups [][]*apiclient.Permission
	group := map[string]int{}
	for _, p := range permissions {
		i, seen := group[p.Entity]
		if !seen {
			i = len(groups)
			group[p.Entity], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], p)
	}
	return slices.Concat(groups...)
}

// shown are the rows that a query asks for: those that differ, unless it asks
// for all or there is nothing to differ from.
func (c *comparison) shown(q rolesQuery) []*comparedPermission {
	all := q.All || len(c.roles) < 2
	var rows []*comparedPermission
	for i := range c.rows {
		row := &c.rows[i]
		if (all || row.differs) && row.matches(q.Text) {
			rows = append(rows, row)
		}
	}
	return rows
}

func (p *comparedPermission) matches(text string) bool {
	if text == "" || containsFold(text, p.Name, p.Description, p.Entity) {
		return true
	}
	return slices.ContainsFunc(p.grants, func(g views.Grant) bool { return containsFold(text, g.Conditions...) })
}
