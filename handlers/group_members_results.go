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
	GroupID   int64         `json:"group_id"`
	GroupName string        `json:"group_name"`
	People    []addedPerson `json:"people"`
	// Stopped is why Toggl took only a part of them.
	Stopped *apiclient.Error `json:"stopped,omitempty"`
	ids     []int64          // members to be sent, as the source takes them
}

// addedPerson is one of them, or an entry of which nobody was chosen.
type addedPerson struct {
	UserID   int64      `json:"user_id,omitempty"` // of the organization; 0: nobody
	Name     string     `json:"name,omitempty"`
	Email    string     `json:"email,omitempty"`
	Text     string     `json:"text,omitempty"` // as typed, where it is nobody
	State    addedState `json:"state"`
	Words    string     `json:"words,omitempty"` // Toggl's
	memberID int64
}

func newAddedPerson(m *groupAdder, u apiclient.OrganizationUser) addedPerson {
	return addedPerson{UserID: u.ID, Name: u.Name, Email: u.Email, State: personAdded, memberID: m.source.memberID(u)}
}

// An addedState is a word that is stored.
type addedState string

const (
	personAdded   addedState = "added"
	personMember  addedState = "member"
	personRefused addedState = "refused"
	personUnsent  addedState = "not sent" // Toggl had stopped before it came to them
	personUnknown addedState = "unknown"  // no answer came to what they were sent with
	personLeftOut addedState = "left out"
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
	a := groupAddition{GroupID: m.group.ID, GroupName: groupName(m.group)}
	meant := map[int64]bool{}
	for _, u := range users {
		meant[u.ID] = true
		p := newAddedPerson(m, u)
		if m.isMember(u) {
			p.State = personMember
		} else {
			a.ids = append(a.ids, p.memberID)
		}
		a.People = append(a.People, p)
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
			p := newAddedPerson(m, u)
			p.State = personMember
			a.People = append(a.People, p)
		}
	}
	if members == 0 {
		a.People = append(a.People, addedPerson{Text: p.text, State: personLeftOut})
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
	for i := range a.People {
		p := &a.People[i]
		if p.State != personAdded {
			continue
		}
		refusal, refused := words[p.memberID]
		switch {
		case refused:
			p.State, p.Words = personRefused, refusal
		case partial != nil && sent >= partial.Done:
			p.State = stateAfter(partial, sent)
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

// stoppedBy keeps why Toggl took only a part.
func (a *groupAddition) stoppedBy(partial *apiclient.PartialError) {
	if !errors.As(partial.Err, &a.Stopped) {
		a.Stopped = &apiclient.Error{Kind: apiclient.ErrUnreachable}
	}
}

// showGroupMembersResult tells what became of each person.
func (h *Handlers) showGroupMembersResult(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	var a groupAddition
	if err := h.findOutcome(c, s, kindGroupAddition, c.Param("addition_id"), id, &a); err != nil {
		return err
	}
	return h.renderGroupAddition(c, api, id, a)
}

func (h *Handlers) renderGroupAddition(c echo.Context, api *apiclient.Client, organizationID int64, a groupAddition) error {
	v := a.view(organizationID, readGroupsQuery(c.QueryParams()))
	if a.Stopped != nil {
		v.Note = h.partNote(c, "Toggl stopped on the way.", a.Stopped)
	}
	return render(c, http.StatusOK, views.GroupMembersResultPage(h.withFlash(c, h.newPage(c, api, v.Title)), v))
}

func (a *groupAddition) view(organizationID int64, q groupsQuery) views.GroupMembersResult {
	v := views.GroupMembersResult{
		GroupName: a.GroupName, BackURL: views.GroupURL(organizationID, a.GroupID, q.values()), MoreURL: views.GroupMembersURL(organizationID, a.GroupID, q.values()),
	}
	counts := map[addedState]int{}
	for _, p := range a.People {
		counts[p.State]++
		row := views.GroupPersonResult{Name: p.Text, Words: p.Words, State: addedTags[p.State], Avatar: views.AvatarOf(p.Text)}
		if p.UserID != 0 {
			row.Name, row.Email, row.Avatar = displayName(p.Name, p.Email), p.Email, views.AvatarOf(p.Name)
			row.URL = views.UserURL(organizationID, p.UserID, p.Email)
		}
		v.Rows = append(v.Rows, row)
	}
	v.Rest, v.RestLabel = a.rest()
	v.Title = "Added " + views.Plural(counts[personAdded], "member", "members") + " to " + a.GroupName
	if counts[personAdded] == 0 {
		v.Title = "Nobody was added to " + a.GroupName
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
	for _, p := range a.People {
		if (p.State == personUnsent || p.State == personUnknown) && p.Email != "" {
			emails = append(emails, p.Email)
		}
	}
	return strings.Join(emails, ", "), "Look at the " + views.Count(len(emails)) + " who are left"
}
