package handlers

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

// namedMember finds the user in refusals that name one: "User 9000001 not exists
// in the organization 7", "organization user 5000001 not found".
var namedMember = regexp.MustCompile(`(?i)\buser (\d+)\b`)

// refuseGroupMembers shows the form again: Toggl's words stand beside the person
// they name, or else above it. Nothing that was typed or ticked is lost.
func (h *Handlers) refuseGroupMembers(c echo.Context, api *apiclient.Client, m *groupAdder, err error, problemOf func(echo.Context, *apiclient.Error) problem) error {
	var upstream *apiclient.Error
	if !errors.As(err, &upstream) {
		return err
	}
	p := problemOf(c, upstream)
	m.refuse(upstream)
	m.uncertain = unanswered(upstream) && p.Text == h.changeProblem(c, upstream).Text
	line := failureLine(upstream, p)
	if len(m.refused) > 0 {
		line.Href, line.Place = "#group-people", views.Plural(len(m.refused), "person is marked", "people are marked")
	}
	m.summary = []views.SummaryLine{line}
	return h.renderGroupMembers(c, p.Status, api, m)
}

// refuse marks the person whom Toggl's words name.
func (m *groupAdder) refuse(e *apiclient.Error) {
	match := namedMember.FindStringSubmatch(e.Message)
	if match == nil {
		return
	}
	for _, u := range m.ticked() {
		if strconv.FormatInt(m.source.memberID(u), 10) == match[1] {
			m.refused = map[string]views.FieldError{personValue(u): wordsOf(e)}
		}
	}
}

// lookupNote says why not everybody could be looked up.
func (h *Handlers) lookupNote(c echo.Context, m *groupAdder) *views.Note {
	switch {
	case m.groupErr != nil:
		return h.partNote(c, "The group could not be read, so who is in it already isn't known.", m.groupErr)
	case m.lookupErr != nil:
		return h.partNote(c, "Not everybody could be looked up.", m.lookupErr)
	case m.changed:
		return &views.Note{Kind: "warn", Strong: "The text was changed.", Text: "Look at who is meant now. Nobody was added."}
	}
	return nil
}

func (h *Handlers) renderGroupMembers(c echo.Context, status int, api *apiclient.Client, m *groupAdder) error {
	if status == http.StatusOK && m.groupErr != nil {
		status = h.problemOf(c, m.groupErr).Status
	}
	v := m.view()
	v.Note = h.lookupNote(c, m)
	page := h.newPage(c, api, "Add members to "+v.GroupName)
	page.Failed = status >= http.StatusBadRequest
	return render(c, status, views.GroupMembersPage(h.withFlash(c, page), v))
}
