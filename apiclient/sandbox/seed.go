package sandbox

import (
	"math/rand/v2"
	"time"
)

const largeOrganizationID = 4128077

const day = 24 * time.Hour

// A seeder builds the first state. The same options give the same data: its
// random numbers start from a constant.
type seeder struct {
	world   *world
	options Options
	random  *rand.Rand
	now     stamp
	names   nameSource
}

func seedWorld(options Options) *world {
	s := &seeder{
		options: options,
		random:  rand.New(rand.NewPCG(4128077, 17)), //nolint:gosec // it has to be repeatable, not secret
		now:     stampOf(options.Now().UTC().Truncate(time.Second)),
		world: &world{
			organizations: map[int64]*organization{},
			workspaces:    map[int64]*workspace{},
			accounts:      make(map[int64]*account, options.Users+10),
			emails:        make(map[string]*account, options.Users+10),
			gone:          map[int64]bool{},
			lastID: ids{
				account: 9_000_000, orgUser: 5_100_000, workspaceUser: 7_300_000, workspace: 2_000_000,
				group: 310_000, invitation: 640_000, organization: largeOrganizationID,
			},
		},
	}
	s.names = newNameSource()
	s.seedLarge()
	s.seedSmall()
	s.seedAudit()
	return s.world
}

// chance is true for this share of the calls, 0 to 1.
func (s *seeder) chance(share float64) bool { return s.random.Float64() < share }

// between is a moment from a to b days ago.
func (s *seeder) between(a, b int) stamp {
	return s.now.ago(time.Duration(a)*day + time.Duration(s.random.Int64N(int64(time.Duration(b-a+1)*day))))
}

func (w *world) addOrganization(o *organization) *organization {
	o.users = map[int64]*orgUser{}
	w.organizations[o.id] = o
	return o
}

func (w *world) addWorkspace(o *organization, name, currency string, owner *account, at stamp) *workspace {
	ws := &workspace{
		id: next(&w.lastID.workspace), org: o, name: name, currency: currency, owner: owner, createdAt: at, updatedAt: at,
	}
	w.workspaces[ws.id] = ws
	o.workspaces = append(o.workspaces, ws)
	return ws
}

func (w *world) addAccount(name, email string, at stamp) *account {
	a := &account{id: next(&w.lastID.account), name: name, email: email, createdAt: at, updatedAt: at}
	a.index()
	w.accounts[a.id] = a
	w.emails[email] = a
	return a
}

// newUser puts an account into an organization as an active member. The user
// still has to be inserted into the sorted list.
func (w *world) newUser(o *organization, a *account, at stamp) *orgUser {
	u := &orgUser{
		id: next(&w.lastID.orgUser), account: a, org: o, role: roleOrgMember, joined: true, createdAt: at, updatedAt: at,
	}
	o.users[u.id] = u
	a.users = append(a.users, u)
	return u
}
