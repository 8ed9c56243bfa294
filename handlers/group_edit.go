package handlers

import (
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// groupForm is one rendering of a group's page: the group as Toggl tells, the
// list beside it, what is in the fields, and what is wrong with it.
type groupForm struct {
	groupsRequest
	group group
	// beside is the page of the list that the group was chosen from.
	beside     groupPage
	was, typed userFields
	// ticked are the members to be removed.
	ticked    []int64
	conflicts []views.Conflict
	// head says what became of what was sent; empty where nothing was.
	head    string
	refusal refusal
	effects *groupEffects
	note    *views.Note
}

// showGroup is one group as a form, beside the list that it was chosen from:
// one call, unless the group isn't on that page of it.
func (h *Handlers) showGroup(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	f, err := h.readGroupForm(c, api, s)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	h.readAllGroupWorkspaces(c, api, f)
	f.beside, err = f.source.list(ctx, api, f.query)
	if err != nil && !errors.Is(err, apiclient.ErrRefused) {
		return err
	}
	i := slices.IndexFunc(f.beside.Groups, func(g group) bool { return g.ID == f.group.ID })
	if i >= 0 {
		f.group = f.beside.Groups[i]
	} else if f.group, err = f.source.find(ctx, api, f.group.ID); err != nil {
		return err
	}
	h.rememberGroupsWorkspace(c, f.groupsRequest)
	f.set(f.group)
	return h.renderGroup(c, api, f)
}

// readGroupForm has what the address says.
func (h *Handlers) readGroupForm(c echo.Context, api *apiclient.Client, s *auth.Session) (*groupForm, error) {
	r, err := h.readGroupsRequest(c, api, s)
	if err != nil {
		return nil, err
	}
	f := &groupForm{groupsRequest: r}
	if f.group.ID, err = pathID(c, "group_id"); err != nil {
		return nil, err
	}
	return f, nil
}

// readAllGroupWorkspaces asks for what the boxes need and isn't known: the
// workspaces of the caller by name, and all by number with how many they hold.
// Without them there are fewer boxes.
func (h *Handlers) readAllGroupWorkspaces(c echo.Context, api *apiclient.Client, f *groupForm) {
	ctx := c.Request().Context()
	h.nameGroupWorkspaces(c, api, f)
	statistics, _ := knownFirst(api, func(api *apiclient.Client) (map[int64]apiclient.WorkspaceStatistics, error) {
		return api.GetWorkspaceStatistics(ctx, f.organizationID)
	})
	f.workspaces.count(statistics)
}

// nameGroupWorkspaces asks for the caller's workspaces where they aren't known.
func (h *Handlers) nameGroupWorkspaces(c echo.Context, api *apiclient.Client, f *groupForm) {
	if _, err := knownFirst(api, func(api *apiclient.Client) (struct{}, error) {
		return struct{}{}, f.workspaces.ask(c.Request().Context(), api, f.organizationID)
	}); err != nil {
		f.note = h.partNote(c, "Your workspaces could not be read, so some may be missing here.", err)
	}
}

// set takes the group as Toggl tells it for what the fields hold.
func (f *groupForm) set(g group) {
	f.group = g
	f.workspaces.learn(g)
	f.was = groupFields(g, f.focus)
	f.typed = f.was
}

// updateGroup reads the group again, for what is sent replaces all of it, and
// sends it with what changed.
func (h *Handlers) updateGroup(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	f, err := h.readGroupForm(c, api, s)
	if err != nil {
		return err
	}
	h.readAllGroupWorkspaces(c, api, f)
	was, remembered := decodeFields(form.Get("was"))
	f.ticked = parseIDs(form["member"]...)
	now, err := f.source.find(c.Request().Context(), api.Fresh(), f.group.ID)
	if err != nil {
		return h.keepGroup(c, api, f, form, was, err)
	}
	f.set(now)
	if !remembered {
		was = f.was // a form without memory: what is now is what was
	}
	f.typed = readGroupFields(form, was)
	if form.Get("step") == "edit" { // back from the question what it takes
		f.was = was
		return h.renderGroup(c, api, f)
	}
	if form.Get("do") == "remove" && len(f.ticked) > 0 {
		return h.removeMembers(c, api, s, f, was)
	}
	f.ticked = nil
	if f.conflicts = f.findConflicts(was); len(f.conflicts) > 0 {
		f.refusal.status = http.StatusConflict
		// The list that is cached has the group as it was.
		f.beside, _ = f.source.list(c.Request().Context(), api.Fresh(), f.query) // what can't be read is left out
		return h.renderGroup(c, api, f)
	}
	return h.saveGroup(c, api, s, f)
}

func (h *Handlers) saveGroup(c echo.Context, api *apiclient.Client, s *auth.Session, f *groupForm) error {
	changes := changedInGroup(f.was, f.typed)
	if len(changes) == 0 {
		return h.done(c, s, auth.Flash{Text: "Nothing was changed, so nothing was saved."}, f.groupURL(f.group.ID))
	}
	in := f.group.input()
	in.Name, in.Emoji, in.Workspaces = f.typed[fieldName], f.typed[fieldEmoji], workspaceIDsOf(f.typed)
	if asked, err := h.confirmGroupLosses(c, api, f.groupsRequest, f.group, in); asked || err != nil {
		return err
	}
	faults, err := f.source.update(c.Request().Context(), api, f.group, in)
	if err != nil {
		return h.refuseGroup(c, api, f, err)
	}
	if len(faults) > 0 {
		return h.partlyChanged(c, api, f, faults)
	}
	saved := "Saved " + views.Plural(len(changes), "change", "changes") + " to " + groupName(group{ID: f.group.ID, Name: in.Name}) + "."
	return h.done(c, s, auth.Flash{Kind: "ok", Text: saved}, f.groupURL(f.group.ID))
}

// removeMembers takes the ticked members out, and nothing else: what is typed
// besides stays in the form, unsaved.
func (h *Handlers) removeMembers(c echo.Context, api *apiclient.Client, s *auth.Session, f *groupForm, was userFields) error {
	in := f.group.input()
	leaving := len(in.Members)
	in.Members = missing(in.Members, f.ticked)
	leaving -= len(in.Members)
	if leaving > 0 {
		asked, err := h.confirmGroupLosses(c, api, f.groupsRequest, f.group, in)
		if asked || err != nil {
			return err
		}
		faults, err := f.source.update(c.Request().Context(), api, f.group, in)
		if err != nil {
			return h.refuseGroup(c, api, f, err)
		}
		if len(faults) > 0 {
			return h.partlyChanged(c, api, f, faults)
		}
	}
	done := auth.Flash{Kind: "ok", Text: "Removed " + views.Plural(leaving, "member", "members") + " from " + groupName(f.group) + "."}
	typed := f.typed
	typed[fieldMembers] = was[fieldMembers]
	if len(changedInGroup(was, typed)) == 0 {
		return h.done(c, s, done, f.groupURL(f.group.ID))
	}
	return h.keepTyped(c, api, f, was, done)
}

// keepTyped shows the group without the members who have left, and what else
// was typed. What somebody else changed is found when that is saved.
func (h *Handlers) keepTyped(c echo.Context, api *apiclient.Client, f *groupForm, was userFields, done auth.Flash) error {
	left := func(m groupMember) bool { return slices.Contains(f.ticked, m.ID) }
	f.group.Members = slices.DeleteFunc(slices.Clone(f.group.Members), left)
	f.ticked = nil
	members := groupFields(f.group, f.focus)[fieldMembers]
	was[fieldMembers], f.typed[fieldMembers] = members, members
	f.was = was
	f.note = &views.Note{Kind: done.Kind, Strong: done.Text, Text: "What else you changed is not saved yet."}
	return h.renderGroup(c, api, f)
}
