package sandbox

import (
	"maps"
	"slices"
)

// seedSmall makes the other organizations: a free one of the same owner, full
// to its last user, and one on trial in which the owner is a plain member.
func (s *seeder) seedSmall() {
	owner := s.world.personas.owner.account
	free := s.addSmall("Birch & Line", plan{id: 0, name: "Free", users: 5, retentionDays: 90}, s.now.ago(700*day))
	free.maxWorkspaces = 1
	s.settle(free, "Studio", "NOK", owner, s.account("Linnéa Holm", "linnea.holm"), s.account("Ole Strand", "ole.strand"),
		s.account("Μυρτώ Ρήγα", "myrto.riga"), s.account("Kwame Mensah", "kwame.mensah"))

	trial := s.addSmall("Fjord Collective", plan{id: 13, name: "Premium trial", multiple: true, paid: true}, s.now.ago(20*day))
	trial.maxWorkspaces = 20
	trial.trialEnds = s.now + stamp((10 * day).Microseconds())
	s.settle(trial, "Co-op", "EUR", s.account("Sigrún Jónsdóttir", "sigrun.jonsdottir"), owner,
		s.account("Amara Okafor", "amara.okafor"))
	s.joinLarge(trial)
}

func (s *seeder) addSmall(name string, p plan, at stamp) *organization {
	id := s.world.lastID.organization + 1217
	s.world.lastID.organization = id
	return s.world.addOrganization(&organization{id: id, name: name, plan: p, createdAt: at, updatedAt: at})
}

func (s *seeder) account(name, address string) *account {
	a := s.world.addAccount(name, address+"@small.example", s.now.ago(900*day))
	a.twoFactor = true
	return a
}

// settle puts people into a new organization; the first owns and pays for it.
func (s *seeder) settle(o *organization, workspaceName, currency string, people ...*account) {
	ws := s.world.addWorkspace(o, workspaceName, currency, people[0], o.createdAt)
	g := &group{id: next(&s.world.lastID.group), org: o, name: "Core", emoji: "🪵", createdAt: o.createdAt, updatedAt: o.createdAt}
	o.groups = append(o.groups, g)
	for i, a := range people {
		u := s.world.newUser(o, a, o.createdAt)
		s.world.join(u, ws, o.createdAt)
		if i == 0 {
			o.owner, o.paying = u, u
			u.role, u.in(ws).role = roleOrgOwner, roleWorkspaceAdmin
			s.world.enter(g, u, o.createdAt)
		}
	}
	o.sorted = slices.SortedFunc(maps.Values(o.users), compareUsers)
}

// joinLarge makes a few members of the large organization members of another
// one, so that their e-mail is not the organization's to change.
func (s *seeder) joinLarge(o *organization) {
	large := s.world.organizations[largeOrganizationID]
	for i, u := range slices.Clone(large.sorted) {
		if i%70 == 8 && u.status() == "active" && !u.isAdmin() && u != s.world.personas.member && len(o.users) < 8 {
			o.insert(s.world.newUser(o, u.account, o.createdAt))
		}
	}
}
