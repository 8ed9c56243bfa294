package sandbox

import (
	"cmp"
	"slices"
	"strings"
)

// An orgUser is an account in an organization.
type orgUser struct {
	id                              int64
	account                         *account
	org                             *organization
	memberships                     []membership // by workspace id
	groups                          []*group
	role                            int64 // of the organization
	invitation                      int64 // 0: none
	createdAt, updatedAt, invitedAt stamp
	tags                            uint8 // a bit for each of memberTags
	joined, inactive                bool
}

// unset stands for null in the amounts of a membership.
const unset = -1

// A membership is what the API calls a workspace user.
type membership struct {
	id                        int64
	workspace                 *workspace
	updatedAt, rateAt, costAt stamp
	role                      int32
	rate, cost                int32 // in cents of the workspace's currency, an hour
	minutes                   int32 // of work a day
	direct                    bool  // not only through groups
	inactive                  bool
	viewRates, viewCosts      bool
}

func (u *orgUser) isOwner() bool { return u.org.owner == u }
func (u *orgUser) isAdmin() bool { return u.role == roleOrgOwner || u.role == roleOrgAdmin }

// status is one of the three values of the active_status parameters.
func (u *orgUser) status() string {
	switch {
	case u.inactive:
		return "inactive"
	case !u.joined:
		return "invited"
	default:
		return "active"
	}
}

// canEditEmail: an e-mail that other organizations see as well is not ours.
func (u *orgUser) canEditEmail() bool { return !u.account.managed && len(u.account.users) == 1 }

// in finds the membership of a workspace, nil when there is none. The pointer
// is good until the next membership is added or removed.
func (u *orgUser) in(w *workspace) *membership {
	i, found := u.search(w.id)
	if !found {
		return nil
	}
	return &u.memberships[i]
}

func (u *orgUser) search(workspaceID int64) (int, bool) {
	return slices.BinarySearchFunc(u.memberships, workspaceID,
		func(m membership, id int64) int { return cmp.Compare(m.workspace.id, id) })
}

func (u *orgUser) hasGroup(id int64) bool {
	return slices.ContainsFunc(u.groups, func(g *group) bool { return g.id == id })
}

// compareUsers is the order of the users list.
func compareUsers(a, b *orgUser) int {
	if c := strings.Compare(a.account.sortKey(), b.account.sortKey()); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

func (o *organization) insert(u *orgUser) {
	o.users[u.id] = u
	i, _ := slices.BinarySearchFunc(o.sorted, u, compareUsers)
	o.sorted = slices.Insert(o.sorted, i, u)
}

func (o *organization) removeSorted(u *orgUser) {
	if i, found := slices.BinarySearchFunc(o.sorted, u, compareUsers); found {
		o.sorted = slices.Delete(o.sorted, i, i+1)
	}
}

// rename changes the account's name or e-mail everywhere it is sorted by it.
func (w *world) rename(a *account, name, email string) {
	for _, u := range a.users {
		u.org.removeSorted(u)
	}
	delete(w.emails, strings.ToLower(a.email))
	a.name, a.email = name, email
	a.index()
	w.emails[strings.ToLower(email)] = a
	for _, u := range a.users {
		u.org.insert(u)
	}
}

// remove takes a user out of the organization with all that depends on it. The
// account stays.
func (w *world) remove(u *orgUser) {
	for _, g := range slices.Clone(u.groups) {
		g.drop(u)
	}
	for _, m := range u.memberships {
		w.gone[m.id] = true
	}
	w.gone[u.id] = true
	u.org.removeSorted(u)
	delete(u.org.users, u.id)
	u.account.users = slices.DeleteFunc(u.account.users, func(other *orgUser) bool { return other == u })
}
