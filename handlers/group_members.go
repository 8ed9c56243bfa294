package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

const (
	fieldPeople = "people"
	// maxPeople is how many people can be added at once.
	maxPeople = 500
)

// The steps of the form that adds members; any other finds them.
const (
	stepLookup  = "lookup"
	stepAdd     = "add"
	stepWithout = "without" // add, without those whom Toggl refused
)

// A groupAdder is one rendering of the form that adds members: what is typed,
// who that is, and what is wrong with it.
type groupAdder struct {
	groupsRequest

	group         group
	groupErr      error // why the group couldn't be read
	step          string
	text          string
	foundText     string // for which people were shown last
	chosen, shown []string
	without       []string // values of those whom Toggl refused
	people        []foundPerson
	cost          int
	lookupErr     error
	fault         string // about the text
	changed       bool   // the text, since people were shown
	refused       map[string]views.FieldError
	summary       []views.SummaryLine
	// uncertain: no answer came, so they may have been added all the same.
	uncertain bool
}

// showGroupMembers is the empty form; the address may hold who is to be added.
func (h *Handlers) showGroupMembers(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	m, err := h.readGroupAdder(c, api, s, c.QueryParams())
	if err != nil {
		return err
	}
	if m.readGroup(c.Request().Context(), api); m.groupErr != nil {
		return m.groupErr
	}
	return h.renderGroupMembers(c, http.StatusOK, api, m)
}

// addGroupMembers looks people up and shows who is meant, and adds those who
// are ticked in one change.
func (h *Handlers) addGroupMembers(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	m, err := h.readGroupAdder(c, api, s, form)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	m.readGroup(ctx, api)
	wanted := readPeople(m.text)
	if m.validate(wanted) {
		return h.renderGroupMembers(c, http.StatusUnprocessableEntity, api, m)
	}
	switch {
	case m.step != stepAdd && m.step != stepWithout:
		m.find(ctx, api, wanted)
		return h.renderGroupMembers(c, http.StatusOK, api, m)
	case m.text != m.foundText:
		m.changed = true
		m.find(ctx, api, wanted)
		return h.renderGroupMembers(c, http.StatusUnprocessableEntity, api, m)
	}
	m.recall(ctx, api, wanted)
	return h.sendGroupMembers(c, api, s, m)
}

func (h *Handlers) readGroupAdder(c echo.Context, api *apiclient.Client, s *auth.Session, values url.Values) (*groupAdder, error) {
	groupID, err := pathID(c, "group_id")
	if err != nil {
		return nil, err
	}
	r, err := h.readGroupsRequest(c, api, s)
	var upstream *apiclient.Error
	if err != nil && !errors.As(err, &upstream) {
		return nil, err
	}
	return &groupAdder{
		groupsRequest: r, group: group{ID: groupID}, groupErr: err, step: values.Get("step"),
		text: tidyLines(values.Get(fieldPeople)), foundText: tidyLines(values.Get("found")),
		chosen: values["member"], shown: values["shown"], without: values["without"],
	}, nil
}

// tidyLines makes a text comparable with what a browser makes of it.
func tidyLines(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// readGroup fills in the group. Where it can't be read the form goes on without
// its name and members: nothing that was typed is lost.
func (m *groupAdder) readGroup(ctx context.Context, api *apiclient.Client) {
	if m.groupErr != nil {
		return
	}
	found, err := m.source.find(ctx, api, m.group.ID)
	if m.groupErr = err; err == nil {
		m.group = found
	}
}

// validate finds what can be known without asking Toggl.
func (m *groupAdder) validate(wanted []wantedPerson) (faulty bool) {
	switch {
	case len(wanted) == 0:
		m.fault = "Give at least one name or e-mail address."
	case len(wanted) > maxPeople:
		m.fault = "These are " + views.Count(len(wanted)) + " people. Add at most " + views.Count(maxPeople) + " at once."
	}
	return m.fault != ""
}

// find looks for people; with the step that says so, in as many requests as a
// click allows.
func (m *groupAdder) find(ctx context.Context, api *apiclient.Client, wanted []wantedPerson) {
	f := peopleFinder{api: api, organizationID: m.organizationID, allowed: freeLookups}
	if m.step == stepLookup {
		f.allowed, f.trusting = clickLookups, true
	}
	m.people, m.cost = f.find(ctx, wanted)
	m.lookupErr = f.err
	m.foundText = m.text
}

// recall is find without asking anybody, before a change forgets what is known.
func (m *groupAdder) recall(ctx context.Context, api *apiclient.Client, wanted []wantedPerson) {
	f := peopleFinder{api: api, organizationID: m.organizationID, trusting: true}
	m.people, m.cost = f.find(ctx, wanted)
}

// A personValue names somebody in the form by both ids, as Focus takes the one
// and Track the other.
func personValue(u apiclient.OrganizationUser) string {
	return strconv.FormatInt(u.ID, 10) + "-" + strconv.FormatInt(u.UserID, 10)
}

func readPersonValue(text string) (u apiclient.OrganizationUser, ok bool) {
	first, second, _ := strings.Cut(text, "-")
	id, err := strconv.ParseInt(first, 10, 64)
	userID, userErr := strconv.ParseInt(second, 10, 64)
	return apiclient.OrganizationUser{ID: id, UserID: userID}, err == nil && userErr == nil && id > 0 && userID > 0
}

// ticked are those who are to be added, each once.
func (m *groupAdder) ticked() []apiclient.OrganizationUser {
	var users []apiclient.OrganizationUser
	for _, value := range m.chosen {
		u, ok := readPersonValue(value)
		same := func(other apiclient.OrganizationUser) bool { return other.ID == u.ID }
		left := m.step == stepWithout && slices.Contains(m.without, value)
		if ok && !left && !slices.ContainsFunc(users, same) {
			users = append(users, m.known(u))
		}
	}
	return users
}

// known is the user as the list has them, if they are among those found.
func (m *groupAdder) known(u apiclient.OrganizationUser) apiclient.OrganizationUser {
	for _, p := range m.people {
		for i := range p.users {
			if p.users[i].ID == u.ID && p.users[i].UserID == u.UserID {
				return p.users[i]
			}
		}
	}
	return u
}

// sendGroupMembers reads the group again, adds whoever isn't in it yet, and
// leads to what became of each.
func (h *Handlers) sendGroupMembers(c echo.Context, api *apiclient.Client, s *auth.Session, m *groupAdder) error {
	users := m.ticked()
	if len(users) == 0 {
		m.summary = []views.SummaryLine{{Text: "Tick at least one person.", Href: "#group-people"}}
		return h.renderGroupMembers(c, http.StatusUnprocessableEntity, api, m)
	}
	if m.groupErr != nil {
		return h.renderGroupMembers(c, http.StatusOK, api, m) // the note says why
	}
	ctx := c.Request().Context()
	now, err := m.source.find(ctx, api.Fresh(), m.group.ID)
	if err != nil {
		return h.refuseGroupMembers(c, api, m, err, h.upstreamProblem)
	}
	m.group = now
	added := newGroupAddition(m, users)
	if len(added.ids) > 0 {
		faults, err := m.source.add(ctx, api, now, added.ids)
		var partial *apiclient.PartialError
		if err != nil && !errors.As(err, &partial) {
			return h.refuseGroupMembers(c, api, m, err, h.changeProblem)
		}
		added.settle(faults, partial)
		if partial != nil {
			added.stoppedBy(partial)
		}
	}
	id := h.keepOutcome(c, s, kindGroupAddition, m.organizationID, added)
	if id == "" {
		return h.renderGroupAddition(c, api, m.organizationID, added)
	}
	return redirect(c, views.GroupMembersResultURL(m.organizationID, m.group.ID, id, m.query.values()))
}
