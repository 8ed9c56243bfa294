package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// A seedWorkspace is one of the well-known workspaces; share is how many of
// the users are direct members, 0 to 1.
type seedWorkspace struct {
	name   string
	share  float64
	admins []string // of the known people
}

var seedWorkspaces = []seedWorkspace{
	{"Delivery", 0.10, []string{"Ana Kovač", "Jonas Berg", "Mei Tanaka"}},
	{"Design Studio", 0.06, []string{"Lena Fischer", "Noor Haddad"}},
	{"Field Ops", 0.06, []string{"Marek Zieliński", "Ana Kovač"}},
	{"Finance", 0.03, []string{"Tomás Rivera", "Ingrid Solheim"}},
	{"Internal", 0.78, []string{"Ingrid Solheim", "Priya Nair", "Jonas Berg"}},
	{"Labs", 0.03, []string{"Mei Tanaka"}},
	{"Partner Projects", 0.02, []string{"Lena Fischer"}},
	{"Sales", 0.03, []string{"Callum Reid", "Priya Nair"}},
}

// seedCities name the workspaces and groups beyond the well-known ones.
var seedCities = []string{
	"Oslo", "Bergen", "Zagreb", "İstanbul", "Łódź", "São Paulo", "Lisboa", "München", "Praha", "Lagos", "Accra",
	"Nairobi", "Tokyo", "Osaka", "Seoul", "Busan", "Mumbai", "Kochi", "Beirut", "Amman", "Tel Aviv", "Athina",
	"Kyiv", "Sofia", "Reykjavík", "Göteborg", "Malmö", "Tallinn", "Rīga", "Vilnius", "Québec", "Toronto",
	"Boston", "Austin", "Bogotá", "Córdoba", "Santiago", "Lima", "Cape Town", "Dakar", "Hanoi", "Đà Nẵng",
	"Singapore", "Jakarta", "Perth", "Auckland", "Dublin", "Cork", "Glasgow", "Lyon", "Genève", "Torino",
	"Málaga", "Porto", "Antwerpen", "Utrecht", "Kraków", "Brno", "Győr", "Cluj", "Niš", "Split", "Malatya",
}

func (s *seeder) seedLarge() {
	created := s.now.ago(2600 * day)
	o := s.world.addOrganization(&organization{
		id: largeOrganizationID, name: "Halden & Moss", createdAt: created, updatedAt: s.now.ago(40 * day),
		maxWorkspaces: s.options.Workspaces + 4, nextPayment: s.now + stamp((100 * day).Microseconds()),
		plan: plan{id: 14, name: "Enterprise", enterprise: true, multiple: true, paid: true},
	})
	users := make([]*orgUser, s.options.Users)
	for i := range users {
		users[i] = s.seedUser(o)
	}
	o.owner, o.paying = users[0], users[min(4, len(users)-1)] // Priya Nair pays
	s.seedWorkspaces(o)
	s.seedStatuses(users)
	s.seedMemberships(o, users)
	s.seedGroups(o, users)
	for _, u := range users {
		slices.SortFunc(u.groups, func(a, b *group) int { return cmp.Compare(a.id, b.id) })
		u.updatedAt = max(u.createdAt, s.between(0, 90))
		u.account.updatedAt = u.updatedAt
	}
	o.sorted = slices.SortedFunc(slices.Values(users), compareUsers)
	s.choosePersonas(users)
}

func (s *seeder) seedUser(o *organization) *orgUser {
	p := s.names.next()
	a := s.world.addAccount(p.name, p.address+"@haldenmoss.example", s.between(120, 2500))
	a.zone = uint8(s.random.IntN(len(zones))) //nolint:gosec // a handful
	a.twoFactor = !s.chance(0.18)
	a.managed = s.chance(0.04)
	u := s.world.newUser(o, a, a.createdAt)
	if s.chance(0.4) {
		u.tags = 1 << s.random.IntN(len(memberTags))
	}
	return u
}

func (s *seeder) seedWorkspaces(o *organization) {
	currencies := []string{"EUR", "EUR", "NOK", "EUR", "EUR", "USD", "GBP", "EUR"}
	for i := range s.options.Workspaces {
		known := seedWorkspaces[i%len(seedWorkspaces)]
		name := known.name
		if round := i / len(seedWorkspaces); round > 0 {
			name = numbered(seedCities, round-1) + " " + name
		}
		s.world.addWorkspace(o, name, currencies[i%len(currencies)], o.owner.account, o.createdAt+stamp(i))
	}
}

// seedStatuses makes the admins, the invited and inactive ones, and those with
// an account that something is the matter with. The known people's states are
// fixed, the others' are shares of the whole.
func (s *seeder) seedStatuses(users []*orgUser) {
	users[0].role = roleOrgOwner
	users[0].account.twoFactor = true
	for i, u := range users {
		switch {
		case i == 0:
		case i == 1 || i == 3 || i == 4 || i == 5 || i >= 30 && i < 34: // Ana, Jonas, Priya, Tomás and four more
			u.role = roleOrgAdmin
			u.account.managed = false
			u.account.twoFactor = i != 3 && i < 32
		case i == 13, i == 17: // Daria, Wale
			s.invite(u, map[int]int{13: 9, 17: 31}[i])
		case i == 20: // Henrik
			u.inactive = true
		case i > 34 && i%20 == 0:
			s.invite(u, 2+(i*3)%44)
		case i > 34 && i%14 == 3:
			u.inactive = true
		}
	}
	if len(users) > 5 {
		users[5].account.lockedAt = s.now.ago(3*day + 4*time.Hour) // Tomás
	}
}

// invite makes a user an invited one, of so many days ago.
func (s *seeder) invite(u *orgUser, days int) {
	u.joined = false
	u.account.twoFactor = false
	u.invitation = next(&s.world.lastID.invitation)
	u.invitedAt = s.now.ago(time.Duration(days)*day + time.Hour)
	u.createdAt, u.account.createdAt = u.invitedAt, u.invitedAt
}

func (s *seeder) choosePersonas(users []*orgUser) {
	p := &s.world.personas
	p.owner, p.admin, p.member = users[0], users[min(1, len(users)-1)], users[min(2, len(users)-1)]
}
