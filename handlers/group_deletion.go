package handlers

import (
	"errors"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// showGroupDeletion names what is lost before anything is sent.
func (h *Handlers) showGroupDeletion(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	f, err := h.readGroupForm(c, api, s)
	if err != nil {
		return err
	}
	h.nameGroupWorkspaces(c, api, f)
	g, err := f.source.find(c.Request().Context(), api, f.group.ID)
	if err != nil {
		return err
	}
	f.set(g)
	f.effects = knownGroupEffects(c.Request().Context(), api, f.groupsRequest, g)
	if c.QueryParam(paramDirect) == isTrue {
		f.effects.read(c.Request().Context(), api, nothing)
	}
	return h.renderGroupDeletion(c, api, f)
}

func (h *Handlers) renderGroupDeletion(c echo.Context, api *apiclient.Client, f *groupForm) error {
	const named = 5
	g := f.group
	v := views.GroupDeletion{
		Product: f.source.product(), Name: groupName(g), Emoji: g.Emoji,
		Action: views.GroupDeletionURL(f.organizationID, g.ID, f.query.values()), BackURL: f.groupURL(g.ID), ListURL: f.url(f.query),
		Members: views.Plural(len(g.Members), "member", "members"), Workspaces: views.Plural(len(g.Workspaces), "workspace", "workspaces"),
		WorkspaceNames: joinNames(f.workspaces.groupNames(g), named), Ghosts: joinNames(ghostNames(g), named), Refusal: f.refusal.general,
	}
	v.Losses = f.effects.losses(nothing)
	v.Losses.Offer, v.Losses.Note = f.effects.offer(f.directURL(views.GroupDeletionURL), nothing), f.effects.note(h, c)
	var names []string
	for _, m := range f.members() {
		names = append(names, m.Name)
	}
	v.MemberNames = joinNames(names, named)
	if f.focus {
		v.Workspace = &views.Field{
			ID: "workspace_id", Name: "workspace_id", Label: "Workspace in which Focus looks whether you may",
			Options: f.workspaces.options(f.workspaceID, ""),
		}
	}
	page := h.withFlash(c, h.newPage(c, api, "Delete "+v.Name))
	page.Failed = len(v.Refusal) > 0
	return render(c, f.refusal.answer(), views.GroupDeletionPage(page, v))
}

func ghostNames(g group) []string {
	names := make([]string, len(g.Ghosts))
	for i, ghost := range g.Ghosts {
		names[i] = ghostName(ghost)
	}
	return names
}

// deleteGroup deletes the group, looking for the right to in the workspace that
// was chosen.
func (h *Handlers) deleteGroup(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	f, err := h.readGroupForm(c, api, s)
	if err != nil {
		return err
	}
	h.nameGroupWorkspaces(c, api, f)
	ctx := c.Request().Context()
	g, err := f.source.find(ctx, api, f.group.ID)
	if errors.Is(err, apiclient.ErrNotFound) {
		return h.done(c, s, auth.Flash{Text: "The group was no longer there."}, f.url(f.query))
	}
	if err != nil {
		return err
	}
	f.set(g)
	if id := readID(form, "workspace_id"); id > 0 && f.focus {
		f.workspaceID = id
		f.source = newGroupSource(s, f.organizationID, id)
	}
	f.effects = knownGroupEffects(ctx, api, f.groupsRequest, g)
	if err := f.source.remove(ctx, api, g); err != nil {
		if f.refusal, err = h.refusalOf(c, err, nil); err != nil {
			return err
		}
		return h.renderGroupDeletion(c, api, f)
	}
	return h.done(c, s, auth.Flash{Kind: "ok", Text: "Deleted the group " + groupName(g) + "."}, f.url(f.query))
}
