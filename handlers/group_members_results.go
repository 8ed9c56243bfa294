package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// A groupAddition is what became of adding people to a group.
type groupAddition struct {
	groupID   int64
	groupName string
	people    []addedPerson
	ids       []int64 // members to be sent, as the source takes them
	note      *views.Note
}

// addedPerson is one of them, or an entry of which nobody was chosen.
type addedPerson struct {
	user     apiclient.OrganizationUser
	text     string // as typed, where it is nobody
	memberID int64
	state    addedState
	words    string // Toggl's
}

type addedState int

const (
	personAdded addedState = iota
	personMember
	personRefused
	personUnsent  // Toggl had stopped before it came to them
	personUnknown // no answer came to what they were sent with
	personLeftOut
)

var addedTags = map[addedState]views.Tag{
	personAdded:   {Text: "Added", Icon: "check", Class: "ok"},
	personMember:  {Text: "Already a member"},
	personRefused: {Text: "Not added", Class: "warn"},
	personUnsent:  {Text: "Not added", Class: "warn"},
	personUnknown: {Text: "Not known whether added", Class: "warn"},
	personLeftOut: {Text: "Left out"},
}

// newGroupAddition is of the users who were ticked, in the group as it is now,
// and of everything typed of which nobody was.
func newGroupAddition(m *groupAdder, users []apiclient.OrganizationUser) groupAddition {
	a := groupAddition{groupID: m.group.ID, groupName: groupName(m.group)}
	meant := map[int64]bool{}
	for _, u := range users {
		meant[u.ID] = true
		p := addedPerson{user: u, memberID: m.source.memberID(u)}
		if m.isMember(u) {
			p.state = personMember
		} else {
			a.ids = append(a.ids, p.memberID)
		}
		a.people = append(a.people, p)
	}
	for i := range m.people {
		a.addUnticked(m, &m.people[i], meant)
	}
	return a
}

// addUnticked adds members whom nobody could tick, and what was typed in vain.
func (a *groupAddition) addUnticked(m *groupAdder, p *foundPerson, meant map[int64]bool) {
	members := 0
	for _, u := range p.users {
		switch {
		case meant[u.ID]:
			members++
		case m.isMember(u):
			members++
			meant[u.ID] = true
			a.people = append(a.people, addedPerson{user: u, memberID: m.source.memberID(u), state: personMember})
		}
	}
	if members == 0 {
		a.people = append(a.people, addedPerson{text: p.text, state: personLeftOut})
	}
}

// settle says what became of those who were to be sent. Toggl may have stopped
// after some of them: the others were not added, but those for whom no answer
// came.
func (a *groupAddition) settle(faults []groupFault, partial *apiclient.PartialError) {
	words := map[int64]string{}
	for _, f := range faults {
		words[f.MemberID] = f.Words
	}
	sent := 0
	for i := range a.people {
		p := &a.people[i]
		if p.state != personAdded {
			continue
		}
		refusal, refused := words[p.memberID]
		switch {
		case refused:
			p.state, p.words = personRefused, refusal
		case partial != nil && sent >= partial.Done:
			p.state = stateAfter(partial, sent)
		}
		sent++
	}
}

// stateAfter is what became of the nth of those whom Toggl was to be sent after
// it had stopped: the first of them went with the request that failed.
func stateAfter(partial *apiclient.PartialError, n int) addedState {
	var upstream *apiclient.Error
	answered := errors.As(partial, &upstream) && !unanswered(upstream)
	if answered || n >= partial.Done+maxPatches {
		return personUnsent
	}
	return personUnknown
}

// showGroupMembersResult tells what became of each person.
func (h *Handlers) showGroupMembersResult(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	a, ok := h.added.find(c.Param("addition_id"), s.Subject, id)
	if !ok {
		return echo.ErrNotFound
	}
	v := a.view(id, readGroupsQuery(c.QueryParams()))
	return render(c, http.StatusOK, views.GroupMembersResultPage(h.withFlash(c, h.newPage(c, api, v.Title)), v))
}

func (a *groupAddition) view(organizationID int64, q groupsQuery) views.GroupMembersResult {
	v := views.GroupMembersResult{
		GroupName: a.groupName, BackURL: views.GroupURL(organizationID, a.groupID, q.values()), MoreURL: views.GroupMembersURL(organizationID, a.groupID, q.values()), Note: a.note,
	}
	counts := map[addedState]int{}
	for _, p := range a.people {
		counts[p.state]++
		row := views.GroupPersonResult{Name: p.text, Words: p.words, State: addedTags[p.state], Avatar: views.AvatarOf(p.text)}
		if p.user.ID != 0 {
			row.Name, row.Email, row.Avatar = displayName(p.user.Name, p.user.Email), p.user.Email, views.AvatarOf(p.user.Name)
			row.URL = views.UserURL(organizationID, p.user.ID, p.user.Email)
		}
		v.Rows = append(v.Rows, row)
	}
	v.Rest, v.RestLabel = a.rest()
	v.Title = "Added " + views.Plural(counts[personAdded], "member", "members") + " to " + a.groupName
	if counts[personAdded] == 0 {
		v.Title = "Nobody was added to " + a.groupName
	}
	if left := counts[personRefused]; left > 0 {
		v.Line = views.Plural(left, "person was", "people were") + " refused by Toggl."
	}
	return v
}

// rest are the addresses of those whom Toggl didn't come to, as the form takes
// them, and what to do with them.
func (a *groupAddition) rest() (text, label string) {
	var emails []string
	for _, p := range a.people {
		if (p.state == personUnsent || p.state == personUnknown) && p.user.Email != "" {
			emails = append(emails, p.user.Email)
		}
	}
	return strings.Join(emails, ", "), "Look at the " + views.Count(len(emails)) + " who are left"
}
