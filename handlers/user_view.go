package handlers

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

// renderUser is the one way to show the form: fresh, refused or in conflict.
func (h *Handlers) renderUser(c echo.Context, status int, api *apiclient.Client, f userForm) error {
	v := h.userView(c, f)
	page := h.newPage(c, api, v.Name)
	page.Failed = len(v.Summary)+len(v.Conflicts)+len(f.notes) > 0
	page.Notes = append(page.Notes, f.notes...)
	return render(c, status, views.UserEditPage(h.withFlash(c, page), v))
}

func (h *Handlers) userView(c echo.Context, f userForm) views.UserEdit {
	clock, u := h.clock(c), f.user
	v := views.UserEdit{
		Avatar:     views.AvatarOf(u.Name),
		Name:       displayName(u.Name, u.Email),
		Line:       userLine(u, clock),
		Status:     userStatus(&u),
		Tag:        userRole(&u),
		BackURL:    views.UsersURL(f.organizationID, nil),
		Action:     views.UserURL(f.organizationID, u.ID, u.Email),
		Was:        f.was.encode(),
		Conflicts:  f.conflicts,
		NameField:  f.field(fieldName),
		EmailField: f.field(fieldEmail),
		Role:       f.roleField(),
		Active:     f.activeField(),
		Groups:     f.groupBoxes(),
		Workspaces: f.workspaceRows(),
		Add:        f.addWorkspace(),
		Changes:    f.changes(),
		Access:     f.access(),
		AccessURL:  views.UserAccessURL(f.organizationID, u.ID, u.Email),
		Facts:      userFacts(u, clock),
		Actions:    userActions(f.organizationID, u),
	}
	if s := sessionOf(c); s.FocusKey != "" { // Focus has the same users, under the same IDs
		v.FocusURL = views.FocusUserURL(f.organizationID, u.ID)
	}
	v.SummaryHead, v.Summary = f.head, append(f.summary(), f.general...)
	if f.head == "" && len(f.faults) > 0 {
		v.SummaryHead = "Nothing was saved. Fix " + views.Plural(len(f.faults), "field", "fields") + " and save again."
	}
	if len(f.faults) > 0 {
		v.Failure = views.Plural(len(f.faults), "field", "fields") + " to fix"
	} else if len(v.Summary) > 0 {
		v.Failure = "Not saved"
	}
	if !u.CanEditEmail {
		v.EmailField.Locked = "Toggl lets nobody else change this address: the person belongs to other organizations, or manages the account alone."
	}
	h.noteMissing(c, f.choices, &v)
	return v
}

// noteMissing says which choices could not be read, and why. What Roster was
// not to ask for, because something else failed before, needs no words.
func (h *Handlers) noteMissing(c echo.Context, choices userChoices, v *views.UserEdit) {
	missing := func(strong string, err error) *views.Note {
		if err == nil || errors.Is(err, apiclient.ErrUnknown) {
			return nil
		}
		return h.partNote(c, strong, err)
	}
	v.RolesNote = missing("The organization's roles could not be read, so none can be chosen.", choices.rolesErr)
	v.GroupsNote = missing("The organization's groups could not be read, so none can be added.", choices.groupsErr)
	v.WorkspacesNote = missing("Your workspaces could not be read, so none can be added.", choices.workspacesErr)
}

// userLine is "Member since 4 Mar 2024. Changed 14 Nov."
func userLine(u apiclient.OrganizationUser, clock views.Clock) string {
	if !u.Joined && !u.Inactive && !u.CreatedAt.IsZero() {
		return invitationLine(u, clock)
	}
	var parts []string
	if !u.CreatedAt.IsZero() {
		parts = append(parts, "Member since "+midSentence(clock.Date(u.CreatedAt))+".")
	}
	if !u.UpdatedAt.IsZero() {
		parts = append(parts, "Changed "+midSentence(clock.Ago(u.UpdatedAt))+".")
	}
	return strings.Join(parts, " ")
}

func midSentence(t views.Time) string { return strings.Replace(t.Text, "Today", "today", 1) }

// field is one input: what is typed, what it was, and what is wrong with it.
func (f userForm) field(name string) views.Field {
	v := views.Field{
		ID: fieldID(name), Name: name, Label: f.choices.label(name), Value: f.typed[name], Error: f.faults[name],
		Changed: slices.Contains(changed(f.was, f.typed), name),
	}
	if v.Changed {
		v.Was = f.choices.value(name, f.was[name])
	}
	return v
}

var fieldIDs = strings.NewReplacer("workspaces[", "workspace-", "groups[", "group-", "].", "-", "]", "")

// fieldID makes an id of a field's name that needs no quoting in selectors.
func fieldID(name string) string { return fieldIDs.Replace(name) }

func (f userForm) roleField() views.Field {
	v := f.field(fieldRole)
	v.Options = f.choices.roleOptions("organization", f.typed[fieldRole])
	v.Hint = "Toggl takes a role or the admin flag, not both: a role is sent."
	if f.user.Owner {
		v.Value, v.Locked = f.choices.roleName(f.typed[fieldRole]), "The owner keeps this role. Ownership is handed over in Toggl."
	}
	return v
}

func (f userForm) activeField() views.Field {
	v := f.field(fieldInactive)
	v.ID, v.Label, v.On = "active", "Active", f.typed[fieldInactive] != "true"
	v.Hint = "Inactive users can’t sign in and aren’t billed. Their data stays."
	if f.user.Owner {
		v.Locked = "The owner can’t be deactivated."
	}
	return v
}

// groupBoxes are the organization's groups; where those can't be read, at least
// the user's own, and whatever was sent.
func (f userForm) groupBoxes() []views.GroupBox {
	known := slices.Clone(f.choices.groups)
	add := func(name string) {
		id, ok := parseGroupField(name)
		if !ok || slices.ContainsFunc(known, func(c views.Choice) bool { return c.Value == formID(&id) }) {
			return
		}
		known = append(known, views.Choice{Value: formID(&id), Label: f.choices.groupName(id)})
	}
	for _, name := range slices.Sorted(maps.Keys(f.was)) {
		add(name)
	}
	for _, name := range slices.Sorted(maps.Keys(f.typed)) {
		add(name)
	}
	boxes := make([]views.GroupBox, 0, len(known))
	for _, choice := range known {
		name := fieldGroups + "[" + choice.Value + "]"
		boxes = append(boxes, views.GroupBox{
			ID: choice.Value, Name: choice.Label, Member: f.typed[name] == "true",
			Changed: f.typed[name] != f.was[name], Error: f.faults[name],
		})
	}
	return boxes
}

// changes are what is typed and not saved, in words.
func (f userForm) changes() []views.Change {
	names := changed(f.was, f.typed)
	list := make([]views.Change, 0, len(names))
	for _, name := range names {
		list = append(list, views.Change{
			Label: f.choices.label(name), Href: "#" + f.anchor(name),
			Was: f.choices.value(name, f.was[name]), Now: f.choices.value(name, f.typed[name]),
		})
	}
	return list
}

// anchor is the id of the input that a field's words link to.
func (f userForm) anchor(name string) string {
	if name == fieldInactive {
		return "active"
	}
	if id, member, ok := parseWorkspaceField(name); ok && id == f.selectedWorkspace() {
		if member == memberRole {
			return "workspace_role_id"
		}
		return "workspace_id"
	}
	return fieldID(name)
}

// summary lists what is wrong, in the order of the form.
func (f userForm) summary() []views.SummaryLine {
	names := make([]string, 0, len(f.faults))
	for name := range f.faults {
		names = append(names, name)
	}
	slices.SortFunc(names, compareFields)
	lines := make([]views.SummaryLine, 0, len(names))
	for _, name := range names {
		lines = append(lines, views.SummaryLine{
			Text: f.faults[name].Text, API: f.faults[name].API, Place: f.choices.label(name), Href: "#" + f.anchor(name),
		})
	}
	return lines
}

// userFacts is what can't be edited here.
func userFacts(u apiclient.OrganizationUser, clock views.Clock) []views.Fact {
	picture := "None"
	if u.AvatarURL != "" {
		picture = "Set in Toggl; not loaded here, for privacy"
	}
	facts := []views.Fact{
		{Term: "Two-factor", Value: onOff(u.TwoFactorEnabled)},
		{Term: "Joined", Value: views.YesNo(u.Joined)},
		{Term: "Workspaces", Value: views.Count(u.WorkspaceCount)},
		{Term: "Picture", Value: picture},
		{Term: "Created", Time: clock.Date(u.CreatedAt), Value: "–"},
		{Term: "Updated", Time: clock.Ago(u.UpdatedAt), Value: "–"},
		{Term: "Organization user ID", Value: strconv.FormatInt(u.ID, 10)},
		{Term: "User ID", Value: strconv.FormatInt(u.UserID, 10)},
	}
	if u.InvitationID != nil {
		facts = append(facts, views.Fact{Term: "Invitation ID", Value: formID(u.InvitationID)})
	}
	return facts
}

func onOff(on bool) string {
	if on {
		return "On"
	}
	return "Off"
}
