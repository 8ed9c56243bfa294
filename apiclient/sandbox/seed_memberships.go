package sandbox

import (
	"slices"
	"strconv"
)

// outsider says whether the user at a position is in no workspace: Farid, and
// one in 44.
func outsider(i int) bool { return i == 14 || i > 34 && i%44 == 10 }

func (s *seeder) seedMemberships(o *organization, users []*orgUser) {
	for i, u := range users {
		if outsider(i) {
			continue
		}
		s.seedMembership(o, u)
	}
	for i, ws := range o.workspaces {
		for _, name := range seedWorkspaces[i%len(seedWorkspaces)].admins {
			if at := slices.Index(knownPeople, name); at < len(users) {
				s.world.join(users[at], ws, s.now.ago(400*day)).role = roleWorkspaceAdmin
			}
		}
	}
	owner := users[0]
	for i, ws := range o.workspaces {
		// In three of four, but never where somebody is the only admin.
		if i%4 != 1 {
			s.world.join(owner, ws, s.now.ago(500*day))
		}
	}
}

// seedMembership chooses the workspaces of one user. Beyond the first eight, a
// user is in two or three wherever they are.
func (s *seeder) seedMembership(o *organization, u *orgUser) {
	for i, ws := range o.workspaces[:min(len(o.workspaces), len(seedWorkspaces))] {
		if s.chance(seedWorkspaces[i].share) {
			s.detail(u, s.world.join(u, ws, s.between(0, 700)))
		}
	}
	if rest := o.workspaces[min(len(o.workspaces), len(seedWorkspaces)):]; len(rest) > 0 {
		for range 2 + s.random.IntN(2) {
			s.detail(u, s.world.join(u, rest[s.random.IntN(len(rest))], s.between(0, 700)))
		}
	}
	if len(u.memberships) == 0 {
		s.detail(u, s.world.join(u, o.workspaces[0], s.between(0, 700)))
	}
}

func (s *seeder) detail(u *orgUser, m *membership) {
	switch s.random.IntN(20) {
	case 0:
		m.role = roleTeamLead
	case 1:
		m.role = roleProjectLead
	}
	if s.chance(0.5) {
		m.rate, m.rateAt = 4500+s.random.Int32N(40)*250, s.between(30, 400)
	}
	if s.chance(0.3) {
		m.cost, m.costAt = 2500+s.random.Int32N(40)*125, s.between(30, 400)
	}
	if s.chance(0.35) {
		m.minutes = []int32{480, 450, 360, 240}[s.random.IntN(4)]
	}
	m.inactive = u.inactive || s.chance(0.01)
	m.viewRates = m.role != roleWorkspaceUser && s.chance(0.6)
	m.viewCosts = m.viewRates && s.chance(0.4)
}

// A seedGroup names its workspaces by their position.
type seedGroup struct {
	emoji, name string
	share       float64
	workspaces  []int
}

var seedGroups = []seedGroup{
	{"🚚", "Field crew", 0.24, []int{0, 2}},
	{"🛠️", "Engineering", 0.21, []int{0, 1, 4}},
	{"🌍", "EMEA contractors", 0.14, []int{0, 2, 4, 6}},
	{"🎨", "Brand & Design", 0.08, []int{1, 6}},
	{"📈", "Sales EMEA", 0.08, []int{4, 7}},
	{"🧪", "Research", 0.07, []int{4, 5}},
	{"📐", "Delivery leads", 0.056, []int{0, 6}},
	{"💶", "Finance ops", 0.042, []int{3}},
	{"🌱", "People team", 0.037, []int{3, 4, 7}},
	{"🧭", "Directors", 0.028, []int{0, 1, 2, 3, 4, 5, 6, 7}},
	{"🛰️", "Night shift", 0.05, []int{2}},
	{"📚", "Onboarding", 0.03, []int{4}},
	{"🏗️", "Site managers", 0.03, []int{2, 6}},
	{"🧰", "Support desk", 0.03, []int{0, 4}},
	{"🎓", "Alumni", 0.02, nil},
	{"🗂️", "Archive", 0, nil},
	{"🎪", "Events 2027", 0, []int{7}},
}

// knownGroups are the groups of known people, by positions of both.
var knownGroups = map[int][]int{
	0: {9, 17, 18}, 1: {3, 11}, 2: {12}, 3: {8, 15}, 4: {10}, 5: {6}, 6: {1, 2, 15, 9, 18, 19}, 7: {5, 16}, 8: {4}, 9: {0, 1},
}

func (s *seeder) seedGroups(o *organization, users []*orgUser) {
	for i := range s.options.Groups {
		known := seedGroups[i%len(seedGroups)]
		name := known.name
		if round := i / len(seedGroups); round > 0 {
			name = numbered(seedCities, round-1) + " · " + name
		}
		g := &group{
			id: next(&s.world.lastID.group), org: o, name: name, emoji: known.emoji,
			createdAt: s.between(300, 2000), updatedAt: s.between(0, 200),
		}
		for _, at := range known.workspaces {
			if at += i / len(seedGroups) * len(seedWorkspaces); at < len(o.workspaces) {
				g.workspaces = append(g.workspaces, o.workspaces[at])
			}
		}
		if known.share > 0 && i%5 == 2 {
			g.ghosts = []ghost{{g.id*10 + 1, "Contractor 1"}, {g.id*10 + 2, "Contractor 2"}}
		}
		o.groups = append(o.groups, g)
		s.fillGroup(g, i, known.share, users)
	}
}

// fillGroup adds the known people, and a share of the others who are in a
// workspace at all.
func (s *seeder) fillGroup(g *group, position int, share float64, users []*orgUser) {
	for _, at := range knownGroups[position] {
		if at < len(users) {
			s.world.enter(g, users[at], s.now)
		}
	}
	if rounds := (s.options.Groups + len(seedGroups) - 1) / len(seedGroups); rounds > 1 {
		share /= float64(rounds)
	}
	for i, u := range users {
		if i >= len(knownPeople) && !outsider(i) && s.chance(share) {
			s.world.enter(g, u, s.now)
		}
	}
}

// numbered goes through the names again, with a number, when there are too few.
func numbered(names []string, i int) string {
	name := names[i%len(names)]
	if round := i / len(names); round > 0 {
		name += " " + strconv.Itoa(round+1)
	}
	return name
}
