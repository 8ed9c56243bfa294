package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

// groupPlaces are where messages of Focus and of Track about a group belong.
var groupPlaces = []refusalPlace{
	{regexp.MustCompile(`'Emoji'`), fieldEmoji},
	{regexp.MustCompile(`'Name'|(?i)^group name|^name has already`), fieldName},
}

// groupParts are the messages that name a member or a workspace, and the field of
// whom they name.
var groupParts = []struct {
	message *regexp.Regexp
	field   func(id int64) string
}{
	{regexp.MustCompile(`(?i)^(?:organization )?user (\d+) not `), memberField},
	{regexp.MustCompile(`(?i)^workspace (\d+) not `), func(id int64) string { return workspaceField(id, "") }},
}

// memberField is the name under which words about a member are kept.
func memberField(id int64) string { return "members[" + strconv.FormatInt(id, 10) + "]" }

// groupRefusal puts Toggl's words beside what they are about, as long as that
// is on the page: shown says whether it is.
func (h *Handlers) groupRefusal(c echo.Context, err error, shown func(field string) bool) (refusal, error) {
	places := groupPlaces
	var upstream *apiclient.Error
	if errors.As(err, &upstream) {
		for _, part := range groupParts {
			found := part.message.FindStringSubmatch(upstream.Message)
			if found == nil {
				continue
			}
			if id, err := strconv.ParseInt(found[1], 10, 64); err == nil && shown(part.field(id)) {
				places = []refusalPlace{{part.message, part.field(id)}}
			}
		}
	}
	return h.refusalOf(c, err, places)
}

// refuseGroup shows what Toggl said of the change, with what was typed.
func (h *Handlers) refuseGroup(c echo.Context, api *apiclient.Client, f *groupForm, cause error) error {
	var err error
	if f.refusal, err = h.groupRefusal(c, cause, f.shows); err != nil {
		return err
	}
	f.head = "Nothing was saved. What you typed is still here."
	var upstream *apiclient.Error
	var partly *apiclient.PartialError
	switch {
	case errors.As(cause, &partly):
		f.head = "A part was saved. What is still listed as unsaved was not."
		h.readPartlyChanged(c, api, f)
	case errors.As(cause, &upstream) && (upstream.Kind == apiclient.ErrUnreachable || upstream.Kind == apiclient.ErrBadAnswer):
		f.head = "Toggl didn’t say whether it saved this. Save again: what is stored is read first."
	}
	return h.renderGroup(c, api, f)
}

// shows reports whether the page has a place for words about a field.
func (f *groupForm) shows(field string) bool {
	if id, _, ok := parseWorkspaceField(field); ok {
		_, known := f.workspaces.names[id]
		return known || f.typed[field] != ""
	}
	for _, m := range f.group.Members {
		if memberField(m.ID) == field {
			return true
		}
	}
	return false
}

// partlyChanged shows what Track refused of the parts of a change, each beside
// what it is about.
func (h *Handlers) partlyChanged(c echo.Context, api *apiclient.Client, f *groupForm, faults []groupFault) error {
	f.head = "A part was saved. Toggl refused the rest, part by part."
	f.refusal = refusal{status: http.StatusUnprocessableEntity, faults: map[string]views.FieldError{}}
	h.readPartlyChanged(c, api, f)
	for _, fault := range faults {
		field, name := memberField(fault.MemberID), "A member"
		if fault.WorkspaceID != 0 {
			field, name = workspaceField(fault.WorkspaceID, ""), f.workspaces.name(fault.WorkspaceID)
		}
		if f.shows(field) {
			f.refusal.faults[field] = views.FieldError{Text: fault.Words, API: true}
		} else {
			f.refusal.general = append(f.refusal.general, views.SummaryLine{Text: fault.Words, API: true, Place: name})
		}
	}
	return h.renderGroup(c, api, f)
}

// readPartlyChanged takes the group as Toggl holds it after a part was saved for
// what was, so that only the rest counts as unsaved.
func (h *Handlers) readPartlyChanged(c echo.Context, api *apiclient.Client, f *groupForm) {
	stored, err := f.source.find(c.Request().Context(), api.Fresh(), f.group.ID)
	if err != nil {
		return // saving again compares, and asks
	}
	typed := f.typed
	f.set(stored)
	typed[fieldMembers] = f.was[fieldMembers]
	f.typed = typed
}

// keepGroup shows the form again where the group could not be read before
// sending: from what the form itself remembers.
func (h *Handlers) keepGroup(c echo.Context, api *apiclient.Client, f *groupForm, form url.Values, was userFields, cause error) error {
	var upstream *apiclient.Error
	if was == nil || !errors.As(cause, &upstream) {
		return cause
	}
	f.group = f.remembered(was)
	f.was, f.typed = was, readGroupFields(form, was)
	f.workspaces.learn(f.group)
	if upstream.Kind == apiclient.ErrNotFound {
		f.head = "Nothing was saved. This group is no longer there."
		f.refusal = refusal{status: http.StatusConflict, general: []views.SummaryLine{{
			Text: "Somebody deleted it meanwhile. What you typed is still here, to make a new one of it.",
			Href: views.GroupNewURL(f.organizationID),
		}}}
		return h.renderGroup(c, api, f)
	}
	var err error
	if f.refusal, err = h.refusalOf(c, cause, nil); err != nil {
		return err
	}
	f.head = "Nothing was saved. What you typed is still here: save again later."
	return h.renderGroup(c, api, f)
}

// remembered is the group that the form was about, as far as the form says.
func (f *groupForm) remembered(was userFields) group {
	g := group{ID: f.group.ID, Name: was[fieldName], Emoji: was[fieldEmoji]}
	ids := parseIDs(was[fieldMembers])
	names := f.memberNames(ids)
	for i, id := range ids {
		m := groupMember{ID: id, UserID: id, Name: names[i]}
		if f.focus {
			m.OrganizationUserID, m.UserID = id, 0
		}
		g.Members = append(g.Members, m)
	}
	for _, id := range workspaceIDsOf(was) {
		g.Workspaces = append(g.Workspaces, groupWorkspace{ID: id})
	}
	return g
}
