package handlers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

// renderUser is the one way to show the form: fresh, refused or in conflict.
func (h *Handlers) renderUser(c echo.Context, status int, api *apiclient.Client, f userForm) error {
	f.choices.currencies = currencies(f.user)
	v := h.userView(c, f)
	page := h.newPage(c, api, v.Name)
	page.Failed = len(v.Summary) > 0
	return render(c, status, views.UserEditPage(h.withFlash(c, page), v))
}

func (h *Handlers) userView(c echo.Context, f userForm) views.UserEdit {
	clock, u := h.clock(c), f.user
	v := views.UserEdit{
		Avatar:     views.AvatarOf(u.Name),
		Name:       displayName(u.Name, u.Email),
		Line:       userLine(u, clock),
		Status:     userStatus(u),
		Tag:        userRole(u),
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
		Facts:      userFacts(u, clock),
	}
	v.Summary = append(f.summary(), f.general...)
	if !u.CanEditEmail {
		v.EmailField.Locked = "Toggl lets nobody else change this address: the person belongs to other organizations, or manages the account alone."
	}
	if f.choices.groupsErr != nil {
		v.GroupsNote = h.partNote(c, "The organization's groups could not be read.", f.choices.groupsErr)
	}
	return v
}

// userLine is "Member since 4 Mar 2024. Changed 14 Nov."
func userLine(u apiclient.OrganizationUser, clock views.Clock) string {
	var parts []string
	if !u.CreatedAt.IsZero() {
		parts = append(parts, "Member since "+clock.Date(u.CreatedAt).Text+".")
	}
	if !u.UpdatedAt.IsZero() {
		parts = append(parts, "Changed "+clock.Ago(u.UpdatedAt).Text+".")
	}
	return strings.Join(parts, " ")
}

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

// fieldID makes an id of a field's name that needs no quoting in selectors.
func fieldID(name string) string {
	return strings.NewReplacer("workspaces[", "workspace-", "groups[", "group-", "].", "-", "]", "").Replace(name)
}

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

func (f userForm) groupBoxes() []views.GroupBox {
	known := slices.Clone(f.choices.groups)
	for _, g := range f.user.Groups { // where the list can't be read, at least their own
		id := strconv.FormatInt(g.GroupID, 10)
		if !slices.ContainsFunc(known, func(c views.Choice) bool { return c.Value == id }) {
			known = append(known, views.Choice{Value: id, Label: g.Name})
		}
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

func (f userForm) workspaceRows() []views.WorkspaceFields {
	rows := make([]views.WorkspaceFields, 0, len(f.user.Workspaces))
	for _, w := range f.user.Workspaces {
		rows = append(rows, f.workspaceRow(w))
	}
	return rows
}

func (f userForm) workspaceRow(w apiclient.UserWorkspace) views.WorkspaceFields {
	in := func(member string) views.Field {
		v := f.field(workspaceField(w.WorkspaceID, member))
		v.Label = memberLabels[member] + " in " + w.WorkspaceName
		v.On = v.Value == "true"
		return v
	}
	row := views.WorkspaceFields{
		ID: strconv.FormatInt(w.WorkspaceID, 10), Name: w.WorkspaceName, Path: accessPath(w),
		Role: in(memberRole), Rate: in(memberRate), Cost: in(memberCost), Hours: in(memberHours),
		SeesRates: in(memberRates), SeesCosts: in(memberCosts), Inactive: in(fieldInactive), Remove: in(memberRemove),
		Error: f.faults[workspaceField(w.WorkspaceID, "")],
	}
	row.Role.Options = f.choices.roleOptions("workspace", f.typed[row.Role.Name])
	row.Rate.Prefix = f.choices.currencies[w.WorkspaceID]
	row.Cost.Prefix = row.Rate.Prefix
	row.Rate.Value, row.Cost.Value = twoDecimals(row.Rate.Value), twoDecimals(row.Cost.Value)
	return row
}

// twoDecimals prints a whole or half amount as money; what isn't a number, or
// is finer than that, stays as it is.
func twoDecimals(text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	if money := strconv.FormatFloat(n, 'f', 2, 64); strings.TrimRight(strings.TrimRight(money, "0"), ".") == text {
		return money
	}
	return text
}

// currencies are the symbols of the workspaces' currencies.
func currencies(u apiclient.OrganizationUser) map[int64]string {
	symbols := make(map[int64]string, len(u.Workspaces))
	for _, w := range u.Workspaces {
		symbols[w.WorkspaceID] = views.CurrencySymbol(w.DefaultCurrency)
	}
	return symbols
}

// accessPath says how somebody comes to be in a workspace. The list of users
// names the groups, but not whether they are also direct members.
func accessPath(w apiclient.UserWorkspace) string {
	if len(w.Groups) == 0 {
		return "Direct"
	}
	return "Via " + groupNames(w.Groups)
}

// addWorkspace is nil when there is no other workspace to be added to.
func (f userForm) addWorkspace() *views.AddWorkspace {
	options := []views.Option{{Label: "Add to a workspace…"}}
	for _, choice := range f.choices.workspaces {
		id, err := strconv.ParseInt(choice.Value, 10, 64)
		isIn := slices.ContainsFunc(f.user.Workspaces, func(w apiclient.UserWorkspace) bool { return w.WorkspaceID == id })
		if err != nil || isIn {
			continue
		}
		chosen := f.typed[workspaceField(id, "")] == "true"
		options = append(options, views.Option{Value: choice.Value, Label: choice.Label, Chosen: chosen})
	}
	if len(options) == 1 {
		return nil
	}
	a := &views.AddWorkspace{
		Workspace: views.Field{ID: "workspace_id", Name: "workspace_id", Label: "Add to", Options: options},
		Role:      views.Field{ID: "workspace_role_id", Name: "workspace_role_id", Label: "As", Options: f.choices.newMemberRoles()},
	}
	f.keepAdded(a)
	return a
}

// keepAdded shows the added workspace's role and what is wrong with either.
func (f userForm) keepAdded(a *views.AddWorkspace) {
	for _, o := range a.Workspace.Options {
		id, err := strconv.ParseInt(o.Value, 10, 64)
		if !o.Chosen || err != nil {
			continue
		}
		a.Workspace.Error = f.faults[workspaceField(id, "")]
		a.Role.Error = f.faults[workspaceField(id, memberRole)]
		for i := range a.Role.Options {
			a.Role.Options[i].Chosen = a.Role.Options[i].Value == f.typed[workspaceField(id, memberRole)]
		}
	}
}

// newMemberRoles offers the lowest role first: who is added should not get
// more than was asked for.
func (c userChoices) newMemberRoles() []views.Option {
	list := c.roleOptions("workspace", "")
	if len(c.roles) > 0 {
		list = list[1:] // without the placeholder of an unknown role
	}
	slices.Reverse(list)
	return list
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
	id, _, ok := parseWorkspaceField(name)
	isIn := slices.ContainsFunc(f.user.Workspaces, func(w apiclient.UserWorkspace) bool { return w.WorkspaceID == id })
	if ok && !isIn {
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

// access says in words what all of it adds up to.
func (f userForm) access() []views.Fact {
	u := f.user
	direct, viaGroups, rates, costs := 0, 0, 0, 0
	highest, where, level := "–", "", int64(-1)
	for _, w := range u.Workspaces {
		if len(w.Groups) > 0 {
			viaGroups++
		} else {
			direct++
		}
		rates += count(w.ViewEditBillableRates)
		costs += count(w.ViewEditLaborCosts)
		if role, ok := f.choices.role(formID(w.RoleID)); ok && role.PrivilegeLevel > level {
			highest, where, level = role.Name, w.WorkspaceName, role.PrivilegeLevel
		}
	}
	facts := []views.Fact{
		{Term: "Workspaces", Value: views.Count(len(u.Workspaces)), Hint: strconv.Itoa(direct) + " direct, " + strconv.Itoa(viaGroups) + " via groups"},
		{Term: "Highest role", Value: highest, Hint: "in " + where},
		{Term: "Sees rates in", Value: views.Count(rates)},
		{Term: "Sees costs in", Value: views.Count(costs)},
	}
	if where == "" {
		facts[1].Hint = ""
	}
	if u.Owner || u.Admin {
		facts = append(facts, views.Fact{Term: "As " + strings.ToLower(userRole(u).Text), Value: "manages every workspace and user"})
	}
	return facts
}

func count(flag *bool) int {
	if flag != nil && *flag {
		return 1
	}
	return 0
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

func groupNames(groups []apiclient.GroupRef) string {
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = g.Name
	}
	return joinNames(names, len(names))
}
