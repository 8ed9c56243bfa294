package handlers

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

// renderWorkspaceUser is the one way to show the form: fresh, refused or in
// conflict.
func (h *Handlers) renderWorkspaceUser(c echo.Context, api *apiclient.Client, f workspaceUserForm) error {
	v := f.view(h.clock(c), f.names(c, api))
	page := h.newPage(c, api, v.Name+" in "+v.Workspace)
	page.Failed = len(v.Summary)+len(v.Conflicts) > 0
	return render(c, f.refusal.answer(), views.WorkspaceUserPage(h.withFlash(c, page), v))
}

// names are asked for nothing: where the groups aren't known the page says
// their numbers.
func (f workspaceUserForm) names(c echo.Context, api *apiclient.Client) workspaceNamesOf {
	names := readWorkspaceNames(c.Request().Context(), api.Known(), f.organizationID)
	names.roles = f.choices.roles
	return names
}

func (f workspaceUserForm) view(clock views.Clock, names workspaceNamesOf) views.WorkspaceUserEdit {
	u := f.user
	v := views.WorkspaceUserEdit{
		Name: displayName(u.Name, u.Email), Line: u.Email, Avatar: views.AvatarOf(u.Name),
		Status: workspaceUserStatus(u), Tag: names.roleTag(u),
		Workspace: f.workspace.name, WorkspacesURL: views.WorkspacesURL(f.organizationID), WorkspaceURL: f.listURL(),
		UserURL:   views.AccountURL(f.organizationID, accountOf(u), u.Email),
		RemoveURL: views.WorkspaceUserRemovalURL(f.organizationID, f.workspace.id, u.ID, f.filter),
		Action:    f.url(), Was: f.was.encode(), Conflicts: f.conflicts,
		Role: f.roleField(), Active: f.activeField(),
		Rate:      f.amountField(fieldRate, "Left empty, they have no rate of their own here."),
		Cost:      f.amountField(fieldLaborCost, "Left empty, they have none here."),
		Hours:     f.field(fieldHours, "Such as 7.5 or 7:30. Toggl keeps them as minutes."),
		SeesRates: f.field(memberRates, ""), SeesCosts: f.field(memberCosts, ""),
		Changes: f.changes(), Facts: f.facts(clock, names),
	}
	v.SeesRates.On, v.SeesCosts.On = v.SeesRates.Value == "true", v.SeesCosts.Value == "true"
	v.Summary = f.refusal.summary(v.Role, v.Active, v.Rate, v.Cost, v.Hours, v.SeesRates, v.SeesCosts)
	return v
}

func (f workspaceUserForm) listURL() string {
	var query url.Values
	if f.filter != "" {
		query = url.Values{"name": {f.filter}}
	}
	return views.WorkspaceURL(f.organizationID, f.workspace.id, query)
}

func (f workspaceUserForm) field(name, hint string) views.Field {
	v := f.refusal.field(name, workspaceUserLabels[name], f.typed[name], hint)
	if v.Changed = f.typed[name] != f.was[name]; v.Changed {
		v.Was = f.value(name, f.was[name])
	}
	return v
}

func (f workspaceUserForm) roleField() views.Field {
	v := f.field(fieldRole, "In this workspace.")
	v.Options = f.choices.roleOptions("workspace", f.typed[fieldRole])
	return v
}

func (f workspaceUserForm) activeField() views.Field {
	v := f.field(fieldInactive, "Of this workspace only. Their data stays.")
	v.ID, v.Label, v.On = "active", "Active", f.typed[fieldInactive] != "true"
	return v
}

func (f workspaceUserForm) amountField(name, hint string) views.Field {
	v := f.field(name, hint)
	v.Prefix, v.Value = views.CurrencySymbol(f.workspace.currency), twoDecimals(v.Value)
	return v
}

// changes are what is typed and not saved, in words.
func (f workspaceUserForm) changes() []views.Change {
	var list []views.Change
	for _, name := range changedInWorkspace(f.was, f.typed) {
		anchor := name
		if name == fieldInactive {
			anchor = "active"
		}
		list = append(list, views.Change{
			Label: workspaceUserLabels[name], Href: "#" + anchor, Was: f.value(name, f.was[name]), Now: f.value(name, f.typed[name]),
		})
	}
	return list
}

// facts are what can't be edited here.
func (f workspaceUserForm) facts(clock views.Clock, names workspaceNamesOf) []views.Fact {
	u := f.user
	picture := "None"
	if u.AvatarFileName != "" {
		picture = "Set in Toggl; not loaded here, for privacy"
	}
	facts := []views.Fact{
		{Term: "Access", Value: names.access(u)},
		{Term: "Joined", Value: views.YesNo(u.Active)},
		{Term: "Workspace admin", Value: views.YesNo(u.WorkspaceAdmin || u.Admin)},
		{Term: "Organization admin", Value: views.YesNo(u.OrganizationAdmin)},
		{Term: "Rate since", Time: clock.Day(u.RateLastUpdated), Value: "–"},
		{Term: "Labor cost since", Time: clock.Day(u.LaborCostLastUpdated), Value: "–"},
		{Term: "Time zone", Value: dash(u.Timezone)},
		{Term: "Two-factor", Value: onOff(u.TwoFactorEnabled)},
		{Term: "Picture", Value: picture},
		{Term: "Updated", Time: clock.Ago(u.At), Value: "–"},
		{Term: "Workspace user ID", Value: strconv.FormatInt(u.ID, 10)},
		{Term: "User ID", Value: strconv.FormatInt(accountOf(u), 10)},
	}
	return slices.DeleteFunc(facts, func(f views.Fact) bool {
		return f.Term == "Rate since" && u.Rate == nil || f.Term == "Labor cost since" && u.LaborCost == nil
	})
}
