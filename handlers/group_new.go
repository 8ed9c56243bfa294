package handlers

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// maxFirstMembers is how many members a new group may be given by address: each
// may need a call.
const maxFirstMembers = 10

// usualEmoji is what a new group has unless somebody chooses another.
const usualEmoji = "👥"

// newGroup is what was typed to make a group. Members are named by their e-mail
// addresses.
type newGroup struct {
	name, emoji, members string
	workspaces           []int64
}

func readNewGroup(form url.Values) newGroup {
	typed := newGroup{name: form.Get(fieldName), emoji: strings.TrimSpace(form.Get(fieldEmoji)), members: form.Get(fieldMembers)}
	for name := range form {
		if id, member, ok := parseWorkspaceField(name); ok && member == "" {
			typed.workspaces = append(typed.workspaces, id)
		}
	}
	slices.Sort(typed.workspaces)
	return typed
}

func (n newGroup) addresses() []string {
	var list []string
	for _, address := range addressBreak.Split(n.members, -1) {
		known := func(other string) bool { return strings.EqualFold(other, address) }
		if address != "" && !slices.ContainsFunc(list, known) {
			list = append(list, address)
		}
	}
	return list
}

// showNewGroup is the form that makes a group.
func (h *Handlers) showNewGroup(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	f, err := h.readNewGroupForm(c, api, s)
	if err != nil {
		return err
	}
	return h.renderNewGroup(c, api, f, newGroup{emoji: usualEmoji})
}

func (h *Handlers) readNewGroupForm(c echo.Context, api *apiclient.Client, s *auth.Session) (*groupForm, error) {
	id, err := organizationID(c)
	if err != nil {
		return nil, err
	}
	f := &groupForm{groupsRequest: groupsRequest{organizationID: id, focus: s.FocusKey != "", source: newGroupSource(s, id, 0)}}
	f.readKnown(c.Request().Context(), api)
	h.readAllGroupWorkspaces(c, api, f)
	return f, nil
}

func (h *Handlers) renderNewGroup(c echo.Context, api *apiclient.Client, f *groupForm, typed newGroup) error {
	f.typed = userFields{}
	for _, id := range typed.workspaces {
		f.typed[workspaceField(id, "")] = "true"
	}
	f.was = f.typed
	r := f.refusal
	v := views.GroupNew{
		Product: f.source.product(), Action: views.GroupsURL(f.organizationID, nil), BackURL: views.GroupsURL(f.organizationID, nil),
		NameField: r.field(fieldName, "Name", typed.name, "1 to 200 characters."), Boxes: f.boxes(), Note: f.note,
		Members: r.field(fieldMembers, "First members", typed.members, "E-mail addresses of users of this organization, one a line. More can be added afterwards."),
	}
	fields := []views.Field{v.NameField, v.Members}
	if f.focus {
		emoji := r.field(fieldEmoji, "Emoji", typed.emoji, "")
		v.Emoji = &emoji
		fields = []views.Field{emoji, v.NameField, v.Members}
	}
	for _, b := range v.Boxes {
		fields = append(fields, views.Field{ID: b.ID, Label: b.Label, Error: b.Error})
	}
	v.Summary = r.summary(fields...)
	page := h.withFlash(c, h.newPage(c, api, "New group"))
	page.Failed = len(v.Summary) > 0
	if !f.focus {
		page.Notes = append(page.Notes, h.notConnected(c, withoutFocus))
	}
	return render(c, r.answer(), views.GroupNewPage(page, v))
}

// createGroup finds the members before it makes the group, so that it isn't
// made without them.
func (h *Handlers) createGroup(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	f, err := h.readNewGroupForm(c, api, s)
	if err != nil {
		return err
	}
	typed := readNewGroup(form)
	if n := len(typed.addresses()); n > maxFirstMembers {
		f.refusal = faultsOf(map[string]string{
			fieldMembers: "Name at most " + strconv.Itoa(maxFirstMembers) + " members here. More can be added on the group’s page.",
		})
		return h.renderNewGroup(c, api, f, typed)
	}
	id, err := sendNewGroup(c.Request().Context(), api, f, typed)
	var unknown unknownAdmins
	if errors.As(err, &unknown) {
		f.refusal = faultsOf(map[string]string{fieldMembers: unknown.words()})
		return h.renderNewGroup(c, api, f, typed)
	}
	if err != nil {
		if f.refusal, err = h.groupRefusal(c, err, f.showsNew(typed)); err != nil {
			return err
		}
		return h.renderNewGroup(c, api, f, typed)
	}
	address := views.GroupURL(f.organizationID, id, nil)
	if id == 0 { // Toggl said no more than that it is there
		address = views.GroupsURL(f.organizationID, url.Values{"filter": {strings.TrimSpace(typed.name)}})
	}
	return h.done(c, s, auth.Flash{Kind: "ok", Text: "Created the group " + strings.TrimSpace(typed.name) + "."}, address)
}

func sendNewGroup(ctx context.Context, api *apiclient.Client, f *groupForm, typed newGroup) (int64, error) {
	in := groupInput{Name: typed.name, Emoji: typed.emoji, Members: []int64{}, Workspaces: typed.workspaces}
	var unknown unknownAdmins
	for _, address := range typed.addresses() {
		u, err := findUserByEmail(ctx, api, f.organizationID, address)
		switch {
		case errors.Is(err, apiclient.ErrNotFound):
			unknown = append(unknown, address)
		case err != nil:
			return 0, err
		default:
			in.Members = append(in.Members, f.source.memberID(u))
		}
	}
	if len(unknown) > 0 {
		return 0, unknown
	}
	return f.source.create(ctx, api, in)
}

// showsNew has a place for workspaces; members have but one for all.
func (f *groupForm) showsNew(typed newGroup) func(string) bool {
	return func(field string) bool {
		id, _, ok := parseWorkspaceField(field)
		_, known := f.workspaces.names[id]
		return ok && (known || slices.Contains(typed.workspaces, id))
	}
}
