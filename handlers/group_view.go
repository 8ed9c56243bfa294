package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

// renderGroup is the one way to show a group: fresh, refused or in conflict.
func (h *Handlers) renderGroup(c echo.Context, api *apiclient.Client, f *groupForm) error {
	ctx := c.Request().Context()
	if f.beside.Groups == nil {
		f.beside, _ = f.source.list(ctx, api.Known(), f.query) // unknown is none
	}
	f.effects = knownGroupEffects(ctx, api, f.groupsRequest, f.group)
	if c.QueryParam(paramDirect) == isTrue {
		f.effects.read(ctx, api, nothing)
	}
	v := h.groupView(c, f)
	page := h.newPage(c, api, v.Name)
	page.Failed = len(v.Summary)+len(v.Conflicts) > 0
	page.Fit = true
	if !f.focus {
		page.Notes = append(page.Notes, h.notConnected(c, withoutFocus))
	}
	return render(c, f.refusal.answer(), views.GroupPage(h.withFlash(c, page), v))
}

func (h *Handlers) groupView(c echo.Context, f *groupForm) views.Group {
	g := f.group
	v := views.Group{
		Product: f.source.product(), Name: groupName(g), Find: f.query.Filter, Note: f.note,
		Beside: h.groupRows(c, f.groupsRequest, f.beside.Groups), All: views.GroupsURL(f.organizationID, f.query.values()),
		NewURL: views.GroupNewURL(f.organizationID), Action: f.groupURL(g.ID), Was: f.was.encode(),
		DeletionURL:   views.GroupDeletionURL(f.organizationID, g.ID, f.query.values()),
		AssignmentURL: views.AssignmentsURL(f.organizationID, url.Values{"rows": {"groups"}, "filter": {g.Name}}),
		Conflicts:     f.conflicts, NameField: f.field(fieldName), Boxes: f.boxes(),
		Members: f.members(), MembersCount: views.Count(len(g.Members)), Facts: h.groupFacts(c, f),
		AccessURL: views.GroupAccessURL(f.organizationID, g.ID, f.accessValues()), Changes: f.changes(),
	}
	v.AddURL = views.GroupMembersURL(f.organizationID, g.ID, f.query.values())
	v.EffectsNote = f.effects.note(h, c)
	v.Offer = f.effects.offer(f.directURL(views.GroupURL), nothing)
	if f.beside.Page.Known {
		v.Count = views.Count(f.beside.Page.Records)
	}
	for i := range v.Beside {
		v.Beside[i].Current = f.beside.Groups[i].ID == g.ID
	}
	if f.focus {
		emoji := f.field(fieldEmoji)
		v.Emoji = &emoji
	}
	for _, ghost := range g.Ghosts {
		v.Ghosts = append(v.Ghosts, ghostName(ghost))
	}
	if v.Summary = f.summary(v); len(v.Summary) > 0 {
		v.SummaryHead, v.Failure = f.head, "Not saved"
	}
	return v
}

// field is one text: what is typed, what it was, and what is wrong with it.
func (f *groupForm) field(name string) views.Field {
	v := f.refusal.field(name, f.label(name), f.typed[name], "")
	if v.Changed = f.typed[name] != f.was[name]; v.Changed {
		v.Was = f.value(name, f.was[name])
	}
	return v
}

// directURL is the page of the group that address makes, asking who is direct.
func (f *groupForm) directURL(address func(organizationID, groupID int64, query url.Values) string) string {
	values := f.query.values()
	values.Set(paramDirect, isTrue)
	return address(f.organizationID, f.group.ID, values)
}

// boxes are all workspaces that are known, and those of the group.
func (f *groupForm) boxes() []views.WorkspaceBox {
	w := f.workspaces
	for _, id := range workspaceIDsOf(f.typed) {
		w.names[id] = cmp.Or(w.names[id], "")
	}
	ids := w.ids()
	boxes := make([]views.WorkspaceBox, len(ids))
	for i, id := range ids {
		name := workspaceField(id, "")
		boxes[i] = views.WorkspaceBox{
			ID: fieldID(name), Name: name, Label: w.name(id), Words: w.memberCount(id), On: f.typed[name] == "true",
			Changed: f.typed[name] != f.was[name], Error: f.refusal.faults[name],
		}
		if f.effects != nil && f.group.has(id) {
			boxes[i].Words = cmp.Or(f.effects.words(id), boxes[i].Words)
		}
	}
	return boxes
}

// memberCount is "41 members", empty where it isn't known.
func (w groupWorkspaces) memberCount(id int64) string {
	n, ok := w.members[id]
	if !ok {
		return ""
	}
	return views.Plural(n, "member", "members")
}

// members are the group's by name, with what lists that were read say of them.
func (f *groupForm) members() []views.GroupMember {
	known := make(map[int64]*apiclient.OrganizationUser, len(f.known))
	for i := range f.known {
		known[f.source.memberID(f.known[i])] = &f.known[i]
	}
	members := f.group.membersByName()
	rows := make([]views.GroupMember, len(members))
	for i, m := range members {
		row := views.GroupMember{
			ID: strconv.FormatInt(m.ID, 10), Anchor: "member-" + strconv.FormatInt(m.ID, 10), Name: memberName(m), Avatar: views.AvatarOf(m.Name),
			URL: f.memberURL(m), Ticked: slices.Contains(f.ticked, m.ID), Error: f.refusal.faults[memberField(m.ID)],
		}
		switch {
		case m.Inactive:
			row.Tag = views.Tag{Text: "Deactivated"}
		case m.Invited:
			row.Tag = views.Tag{Text: "Invited"}
		}
		if u := known[m.ID]; u != nil {
			row.Line, row.URL = u.Email, views.UserURL(f.organizationID, u.ID, u.Email)
			if tag := userRole(u); !tag.Plain {
				row.Tag = tag
			}
		}
		rows[i] = row
	}
	return rows
}

// memberURL is the page of a member by whichever of their ids is known.
func (f *groupForm) memberURL(m groupMember) string {
	if m.OrganizationUserID > 0 {
		return views.UserURL(f.organizationID, m.OrganizationUserID, "")
	}
	return views.AccountURL(f.organizationID, m.UserID, "")
}

func (h *Handlers) groupFacts(c echo.Context, f *groupForm) []views.Fact {
	clock, g := h.clock(c), f.group
	facts := []views.Fact{{Term: "Group of", Value: "Toggl " + f.source.product()}}
	if f.focus {
		facts = append(facts, views.Fact{Term: "Created", Time: clock.Date(g.CreatedAt), Value: "–"})
	}
	facts = append(facts, views.Fact{Term: "Changed", Time: clock.Ago(g.ChangedAt), Value: "–"})
	if len(g.Permissions) > 0 {
		facts = append(facts, views.Fact{Term: "You may", Value: strings.Join(g.Permissions, ", ")})
	}
	return append(facts, views.Fact{Term: "Group ID", Value: strconv.FormatInt(g.ID, 10)})
}

// changes are what is typed and not saved, in words.
func (f *groupForm) changes() []views.Change {
	names := changedInGroup(f.was, f.typed)
	list := make([]views.Change, 0, len(names))
	for _, name := range names {
		list = append(list, views.Change{
			Label: f.label(name), Href: "#" + fieldID(name), Was: f.value(name, f.was[name]), Now: f.value(name, f.typed[name]),
		})
	}
	return list
}

// summary lists what is wrong, in the order of the page.
func (f *groupForm) summary(v views.Group) []views.SummaryLine {
	fields := []views.Field{v.NameField}
	if v.Emoji != nil {
		fields = []views.Field{*v.Emoji, v.NameField}
	}
	for _, b := range v.Boxes {
		fields = append(fields, views.Field{ID: b.ID, Label: b.Label, Error: b.Error})
	}
	for _, m := range v.Members {
		fields = append(fields, views.Field{ID: m.Anchor, Label: m.Name, Error: m.Error})
	}
	return f.refusal.summary(fields...)
}
