package handlers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"roster/apiclient"
	"roster/views"
)

// userChoices are what the user form offers besides the user: roles, groups
// and workspaces. Each may be missing; the form then keeps what the user has.
type userChoices struct {
	roles      []apiclient.Role
	rolesErr   error
	groups     []views.Choice
	groupsErr  error
	workspaces []views.Choice
	// workspacesErr: none can be added, but all else goes on.
	workspacesErr error
	// What the user's own lists tell, which may name more than the caller's do.
	currencies, workspaceNames, groupNames map[int64]string
}

// readUserChoices takes what is known, of whatever age, before it asks: names
// of roles and groups change seldom, and the refresh button forgets them. Each
// part may fail without taking the others along.
func readUserChoices(ctx context.Context, api *apiclient.Client, organizationID int64) userChoices {
	var c userChoices
	var calls errgroup.Group
	calls.Go(func() error {
		c.roles, c.rolesErr = knownTrackRoles(ctx, api, organizationID)
		return nil
	})
	calls.Go(func() error {
		c.groups, c.groupsErr = knownFirst(api, func(api *apiclient.Client) ([]views.Choice, error) {
			return filterChoices(ctx, api, organizationID, "groups")
		})
		return nil
	})
	calls.Go(func() error {
		c.workspaces, c.workspacesErr = knownFirst(api, func(api *apiclient.Client) ([]views.Choice, error) {
			return filterChoices(ctx, api, organizationID, "workspaces")
		})
		return nil
	})
	_ = calls.Wait() // nothing above returns an error
	return c
}

// of adds the names that the user's own lists tell.
func (c userChoices) of(u apiclient.OrganizationUser) userChoices {
	c.currencies = make(map[int64]string, len(u.Workspaces))
	c.workspaceNames = make(map[int64]string, len(u.Workspaces))
	c.groupNames = make(map[int64]string, len(u.Groups))
	for _, w := range u.Workspaces {
		c.currencies[w.WorkspaceID] = views.CurrencySymbol(w.DefaultCurrency)
		c.workspaceNames[w.WorkspaceID] = w.WorkspaceName
	}
	for _, g := range u.Groups {
		c.groupNames[g.GroupID] = g.Name
	}
	return c
}

func knownFirst[T any](api *apiclient.Client, ask func(*apiclient.Client) (T, error)) (T, error) {
	value, err := ask(api.Known())
	if errors.Is(err, apiclient.ErrUnknown) {
		return ask(api)
	}
	return value, err
}

// knownTrackRoles takes what is known of Track's roles, of whatever age, before it
// asks.
func knownTrackRoles(ctx context.Context, api *apiclient.Client, organizationID int64) ([]apiclient.Role, error) {
	return knownFirst(api, func(api *apiclient.Client) ([]apiclient.Role, error) { return api.ListTrackRoles(ctx, organizationID) })
}

// roleOptions are the roles of one kind of thing, highest first. The value
// that the user has stands among them even if it is unknown.
func (c userChoices) roleOptions(entity, chosen string) []views.Option {
	roles := slices.Clone(c.roles)
	slices.SortStableFunc(roles, func(a, b apiclient.Role) int { return int(b.PrivilegeLevel - a.PrivilegeLevel) })
	var list []views.Option
	for _, r := range roles {
		id := strconv.FormatInt(r.RoleID, 10)
		if r.Entity == entity && (r.Type != "owner" || id == chosen) {
			list = append(list, views.Option{Value: id, Label: r.Name, Chosen: id == chosen})
		}
	}
	if !slices.ContainsFunc(list, func(o views.Option) bool { return o.Chosen }) {
		label := "No role known"
		if chosen != "" {
			label = "Role " + chosen
		}
		list = slices.Insert(list, 0, views.Option{Value: chosen, Label: label, Chosen: true})
	}
	return list
}

func (c userChoices) role(id string) (apiclient.Role, bool) {
	i := slices.IndexFunc(c.roles, func(r apiclient.Role) bool { return strconv.FormatInt(r.RoleID, 10) == id })
	if i < 0 {
		return apiclient.Role{}, false
	}
	return c.roles[i], true
}

func (c userChoices) roleName(id string) string {
	if r, ok := c.role(id); ok {
		return r.Name
	}
	if id == "" {
		return "–"
	}
	return "Role " + id
}

func (c userChoices) workspaceName(id int64) string {
	return cmp.Or(c.workspaceNames[id], choiceName(c.workspaces, id), "workspace "+formID(&id))
}

func (c userChoices) groupName(id int64) string {
	return cmp.Or(c.groupNames[id], choiceName(c.groups, id), formID(&id))
}

// choiceName is empty where there is no such choice.
func choiceName(choices []views.Choice, id int64) string {
	i := slices.IndexFunc(choices, func(c views.Choice) bool { return c.Value == formID(&id) })
	if i < 0 {
		return ""
	}
	return choices[i].Label
}

// memberLabels name the fields of one workspace.
var memberLabels = map[string]string{
	"": "Workspace", memberRole: "Role", memberRate: "Rate", memberCost: "Labor cost", memberHours: "Working hours",
	memberRates: "View and edit billable rates", memberCosts: "View and edit labor costs",
	fieldInactive: "Inactive", memberRemove: "Remove",
}

// label names a field: "Email", "Group Research", "Rate in Delivery".
func (c userChoices) label(name string) string {
	switch name {
	case fieldName:
		return "Name"
	case fieldEmail:
		return "Email"
	case fieldRole:
		return "Organization role"
	case fieldInactive:
		return "Status"
	}
	if id, ok := parseGroupField(name); ok {
		return "Group " + c.groupName(id)
	}
	id, member, _ := parseWorkspaceField(name)
	switch member {
	case "":
		return "Workspace " + c.workspaceName(id)
	case memberRemove:
		return "Remove from " + c.workspaceName(id)
	default:
		return memberLabels[member] + " in " + c.workspaceName(id)
	}
}

// value is a field's content in words.
func (c userChoices) value(name, value string) string {
	if strings.HasPrefix(name, fieldGroups+"[") {
		return inOrOut(value)
	}
	if name == fieldRole {
		return c.roleName(value)
	}
	if name == fieldInactive {
		return activeWord(value)
	}
	id, member, ok := parseWorkspaceField(name)
	if !ok {
		return dash(value)
	}
	switch member {
	case "":
		return inOrOut(value)
	case memberRole:
		return c.roleName(value)
	case memberRate, memberCost:
		return c.money(id, value)
	case memberRates, memberCosts, fieldInactive, memberRemove:
		return views.YesNo(value == "true")
	default:
		return dash(value)
	}
}

// money is an amount in the currency of a workspace; what is no amount stays as
// it was typed.
func (c userChoices) money(workspaceID int64, value string) string {
	if n, err := parseNumber(value); err != nil || n == nil {
		return dash(value)
	}
	return c.currencies[workspaceID] + twoDecimals(value)
}

func inOrOut(value string) string {
	if value == "true" {
		return "in"
	}
	return "not in"
}

func activeWord(inactive string) string {
	if inactive == "true" {
		return statusLabels["inactive"]
	}
	return statusLabels["active"]
}

func dash(value string) string {
	if value == "" {
		return "–"
	}
	return value
}
