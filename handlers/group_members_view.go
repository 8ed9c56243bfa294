package handlers

import (
	"slices"

	"roster/apiclient"
	"roster/views"
)

func (m *groupAdder) view() views.GroupMembers {
	v := views.GroupMembers{
		Action: views.GroupMembersURL(m.organizationID, m.group.ID, m.query.values()), BackURL: m.groupURL(m.group.ID),
		GroupName: m.name(), Source: "Toggl " + m.source.product(), Found: m.foundText,
		People: views.Field{
			ID: fieldPeople, Name: fieldPeople, Label: "People", Value: m.text,
			Hint: "Names or e-mail addresses, one a line or with commas or semicolons between them. A part of a name finds all who have it.",
		},
		Heading: "Nobody was added.", Summary: m.summary,
	}
	if m.uncertain {
		v.Heading = "It isn't known whether anybody was added."
	}
	if m.fault != "" {
		v.People.Error = views.FieldError{Text: m.fault}
		v.Summary = []views.SummaryLine{{Text: m.fault, Place: v.People.Label, Href: "#" + fieldPeople}}
		v.Found = ""
		return v
	}
	if len(m.people) == 0 {
		v.Found = ""
		return v
	}
	m.addEntries(&v)
	return v
}

func (m *groupAdder) name() string {
	if m.group.Name == "" && m.groupErr != nil {
		return "the group"
	}
	return groupName(m.group)
}

func (m *groupAdder) addEntries(v *views.GroupMembers) {
	var unread, ticked, members int
	seen := map[int64]bool{}
	for i := range m.people {
		p := &m.people[i]
		e := m.entry(p, seen)
		if p.unread {
			unread++
		}
		for _, c := range e.Candidates {
			switch {
			case c.Again:
				continue
			case c.Member:
				if e.Alone() {
					members++
				}
				continue
			case c.Ticked:
				ticked++
			}
			v.CanAdd = true
		}
		v.Entries = append(v.Entries, e)
	}
	v.Lead = views.Plural(ticked, "person is", "people are") + " ticked"
	if members > 0 {
		v.Lead += ", " + views.Plural(members, "is", "are") + " in the group already"
	}
	v.Lead += ". Nothing is sent until you add them."
	if unread > 0 {
		v.Lookup = &views.GroupLookup{
			Text:   views.Plural(unread, "person isn't", "people aren't") + " among those whom Roster has read.",
			Button: "Look them up in Toggl",
			Cost:   "costs " + views.Plural(min(m.cost, clickLookups), "request", "requests"),
		}
		if m.cost > clickLookups {
			v.Lookup.Cost += " now, " + views.Count(m.cost) + " for all"
		}
	}
	if left := ticked - len(m.refused); len(m.refused) > 0 && left > 0 {
		v.LeaveOut = "Add the other " + rest(left, "one without them", "without them")
		v.CanAdd = true
	}
}

// entry is one of the people as they were typed. Whoever was seen before is
// ticked there.
func (m *groupAdder) entry(p *foundPerson, seen map[int64]bool) views.GroupEntry {
	e := views.GroupEntry{Text: p.text}
	for _, u := range p.users {
		c := m.candidate(u, len(p.users) == 1 && !p.more)
		c.Again, seen[u.ID] = seen[u.ID], true
		e.Candidates = append(e.Candidates, c)
	}
	switch {
	case p.unread:
		e.State = views.Tag{Text: "Not looked up", Class: "warn"}
	case len(p.users) == 0:
		e.State = views.Tag{Text: "Nobody found", Class: "warn"}
		e.Hint = "Nobody in the organization is called so."
		if p.email != "" {
			e.Hint = "Nobody in the organization has this address."
			e.Link = views.Link{Label: "Invite users", URL: views.InvitationsURL(m.organizationID)}
		}
	case p.more:
		e.State, e.Hint = views.Tag{Text: "Too many"}, "More people match: write more of the name, or the address."
	case len(p.users) > 1:
		e.State, e.Hint = views.Tag{Text: "Several"}, views.Plural(len(p.users), "person matches", "people match")+". Tick who is meant."
	case e.Candidates[0].Again:
		e.State = views.Tag{Text: "Named above"}
	case e.Candidates[0].Member:
		e.State = views.Tag{Text: "Already a member"}
	}
	return e
}

// candidate is ticked as the person left it, and at first where it is clear who
// is meant.
func (m *groupAdder) candidate(u apiclient.OrganizationUser, certain bool) views.GroupCandidate {
	value := personValue(u)
	c := views.GroupCandidate{
		ID: "member-" + value, Value: value, Name: displayName(u.Name, u.Email), Email: u.Email, Avatar: views.AvatarOf(u.Name),
		Error: m.refused[value],
	}
	if status := userStatus(&u); status.Class != "" {
		c.Words = status.Text
	}
	if c.Member = m.isMember(u); c.Member && !certain {
		c.Words = "Already a member"
	}
	c.Ticked = !c.Member && certain
	if slices.Contains(m.shown, value) {
		c.Ticked = !c.Member && slices.Contains(m.chosen, value)
	}
	return c
}

func (m *groupAdder) isMember(u apiclient.OrganizationUser) bool {
	id := m.source.memberID(u)
	return slices.ContainsFunc(m.group.Members, func(member groupMember) bool { return member.ID == id })
}
