package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// focusLabels are the filters in words, by the API's names.
var focusLabels = map[string]string{
	"filter": "Name or email", "active_status": "Status", "only_admins": "Admins", "toggl_products": "Product", "roles": "Role",
	"workspaces": "Workspace", "groups": "Group", "tag_ids": "Tag", "org_user_ids": "Organization user IDs",
	"user_account_ids": "Account IDs", "pinned_ids": "First in the list", "include_rates": "Rate", "include_working_hours": "Working hours",
	"page": "Page", "per_page": "Rows on a page", "sort_dir": "Order",
}

// focusIDs are the filters that are typed: nothing lists what they can be.
var focusIDs = []string{"org_user_ids", "user_account_ids", "pinned_ids"}

// focusColumns are the columns that Focus fills only when it is asked to.
var focusColumns = []string{"include_rates", "include_working_hours"}

var productLabels = map[string]string{"track": "Track", "focus": "Focus", "work": "Work"}

func productName(product string) string {
	if label, ok := productLabels[product]; ok {
		return label
	}
	return product
}

func productChoices() []views.Choice {
	return []views.Choice{
		{Value: "track", Label: productLabels["track"]},
		{Value: "focus", Label: productLabels["focus"]},
		{Value: "work", Label: productLabels["work"]},
	}
}

// focusNames are the names of what filters hold the IDs of, as far as they are
// known without asking; a list is nil while it isn't.
type focusNames struct {
	filterNames
	roles, tags []views.Choice
}

func knownFocusNames(ctx context.Context, api *apiclient.Client, s *auth.Session, organizationID int64, users []apiclient.FocusUser) focusNames {
	names := focusNames{filterNames: knownNames(ctx, api, organizationID), tags: tagChoices(users)}
	names.roles, _ = roleChoices(ctx, api.Known(), focusID(s, organizationID)) // unknown is nil
	return names
}

// roleChoices are the roles of Focus, which are told apart by what they are a
// role in: their names alone are not.
func roleChoices(ctx context.Context, api *apiclient.Client, focusOrganizationID int64) ([]views.Choice, error) {
	roles, err := api.ListRoles(ctx, focusOrganizationID)
	if err != nil {
		return nil, err
	}
	choices := make([]views.Choice, 0, len(roles))
	for _, r := range roles {
		label := r.Name
		if r.Entity != "" {
			label += " (" + r.Entity + ")"
		}
		choices = append(choices, views.Choice{Value: strconv.FormatInt(r.RoleID, 10), Label: label})
	}
	slices.SortStableFunc(choices, func(a, b views.Choice) int { return compareNames(a.Label, b.Label) })
	return choices, nil
}

// tagChoices are the tags of the users on the page: no call lists them all.
func tagChoices(users []apiclient.FocusUser) []views.Choice {
	seen := map[int64]string{}
	for i := range users {
		for _, t := range users[i].Tags {
			seen[t.ID] = t.Label
		}
	}
	choices := make([]views.Choice, 0, len(seen))
	for id, label := range seen {
		choices = append(choices, views.Choice{Value: strconv.FormatInt(id, 10), Label: label})
	}
	slices.SortFunc(choices, func(a, b views.Choice) int {
		return cmp.Or(compareNames(a.Label, b.Label), strings.Compare(a.Value, b.Value))
	})
	return choices
}

// filter is the form above the table.
func (q focusUsersQuery) filter(organizationID int64, names focusNames, refused []string) views.UsersFilter {
	f := views.UsersFilter{List: "Focus users", Action: views.FocusUsersURL(organizationID, nil), Filter: q.text("filter")}
	for _, name := range []string{"per_page", "sort_dir"} {
		if value := q.text(name); value != "" {
			f.Kept = append(f.Kept, views.Parameter{Name: name, Value: value})
		}
	}
	chosen := func(name string, choices []views.Choice) views.FilterChip {
		return filterChip(name, focusLabels[name], choose(choices, q.list(name)))
	}
	asked := func(name string, known []views.Choice) views.FilterChip {
		ask := views.FocusUsersFilterURL(organizationID, name, onPage(q.values, 1))
		return askedChip(name, focusLabels[name], known, q.list(name), ask)
	}
	admins := filterChip("only_admins", focusLabels["only_admins"], choose(adminChoices(), []string{q.text("only_admins")}))
	f.Chips = []views.FilterChip{
		chosen("active_status", statusChoices()), admins, chosen("toggl_products", productChoices()), asked("roles", names.roles),
		asked("workspaces", names.workspaces), asked("groups", names.groups), q.tagChip(names.tags), q.idChip(), q.columnChip(),
	}
	for i := range f.Chips {
		f.Chips[i].Refused = slices.ContainsFunc(refused, func(name string) bool { return chipOf(name) == f.Chips[i].Name })
	}
	if q.filtered() {
		f.ClearURL = views.FocusUsersURL(organizationID, q.unfiltered())
	}
	return f
}

// Chips that hold several parameters.
const (
	chipIDs     = "ids"
	chipColumns = "columns"
)

// chipOf is the chip in which a parameter is chosen.
func chipOf(name string) string {
	switch {
	case slices.Contains(focusIDs, name):
		return chipIDs
	case slices.Contains(focusColumns, name):
		return chipColumns
	}
	return name
}

// tagChip offers the tags that are on the page, and a box for the IDs of others.
func (q focusUsersQuery) tagChip(known []views.Choice) views.FilterChip {
	chip := filterChip("tag_ids", focusLabels["tag_ids"], choose(known, q.list("tag_ids")))
	chip.Choices.Typed = []views.TypedChoices{{Name: "tag_ids", Label: "Other tag IDs, with commas"}}
	return chip
}

func (q focusUsersQuery) idChip() views.FilterChip {
	chip := views.FilterChip{Name: chipIDs, Label: "IDs", Choices: views.Choices{Name: chipIDs, Label: "ID", Loaded: true}}
	var words []string
	for _, name := range focusIDs {
		if list := q.list(name); len(list) > 0 {
			words = append(words, uncapitalized(focusLabels[name])+" "+joinNames(list, 2))
		}
		chip.Choices.Typed = append(chip.Choices.Typed, views.TypedChoices{Name: name, Label: focusLabels[name] + idsHint[name], Value: q.text(name)})
	}
	chip.Value = strings.Join(words, "; ")
	return chip
}

// idsHint says what is to be typed, where the label doesn't.
var idsHint = map[string]string{"pinned_ids": ": organization user IDs"}

// columnChip chooses what Focus fills only when it is asked to. A value that is
// no choice stands among them as it is, so that it can be taken back.
func (q focusUsersQuery) columnChip() views.FilterChip {
	chip := views.FilterChip{Name: chipColumns, Label: "Columns", Columns: true}
	var shown []string
	list := []views.Choice{}
	for _, name := range focusColumns {
		value := q.text(name)
		list = append(list, views.Choice{Name: name, Value: isTrue, Label: focusLabels[name], Chosen: value == isTrue})
		if value != "" && value != isTrue {
			list = append(list, views.Choice{Name: name, Value: value, Label: focusLabels[name] + ": " + value, Chosen: true})
		}
		if value != "" {
			shown = append(shown, list[len(list)-1].Label)
		}
	}
	chip.Value = strings.Join(shown, ", ")
	chip.Choices = views.Choices{Name: chipColumns, Label: "column", Loaded: true, List: list}
	return chip
}

// filterWords says what is filtered: "Status: Invited, and product: Focus."
func filterWords(f views.UsersFilter) string {
	var parts []string
	if f.Filter != "" {
		parts = append(parts, "Name or email contains “"+f.Filter+"”")
	}
	for _, chip := range f.Chips {
		if chip.Value != "" && !chip.Columns {
			parts = append(parts, uncapitalized(chip.Label)+": "+chip.Value)
		}
	}
	return capitalized(strings.Join(parts, ", and ")) + "."
}

// showFocusUsersFilter is the choice of one filter's values: what an opened menu
// is filled with, or a page of its own without scripts.
func (h *Handlers) showFocusUsersFilter(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	name, ctx := c.Param("name"), c.Request().Context()
	q := readFocusUsersQuery(c.QueryParams())
	if !api.HasFocus() && !wantsFragment(c) {
		return h.renderNotConnected(c, noFocusUsers(id, q))
	}
	var known []views.Choice
	switch name {
	case "roles":
		known, err = roleChoices(ctx, api, focusID(s, id))
	case "groups", "workspaces":
		known, err = filterChoices(ctx, api, id, name)
	default:
		return echo.ErrNotFound
	}
	form := q.filter(id, focusNames{}, nil)
	form.Kept = otherParameters(onPage(q.values, 1), name)
	choices := filterChip(name, focusLabels[name], choose(known, q.list(name))).Choices
	return h.answerFilter(c, api, form, choices, views.FocusUsersURL(id, q.values), err)
}

// focusUsersTabs are the views under a name. How many users a tab holds is shown
// when that list was read before and Focus gave all of it.
func focusUsersTabs(ctx context.Context, api *apiclient.Client, s *auth.Session, organizationID int64, q focusUsersQuery) []views.Tab {
	tabs := make([]views.Tab, 0, 4)
	for _, tab := range []struct{ label, name, value string }{
		{label: "Everyone"}, {"Admins", "only_admins", isTrue}, {"Invited", "active_status", "invited"}, {"Inactive", "active_status", "inactive"},
	} {
		values := q.unfiltered()
		if tab.name != "" {
			values.Set(tab.name, tab.value)
		}
		t := views.Tab{Label: tab.label, URL: views.FocusUsersURL(organizationID, values)}
		t.Current = onPage(q.values, 1).Encode() == values.Encode()
		list, err := api.Known().ListUsers(ctx, focusID(s, organizationID), focusUsersQuery{values}.options())
		if err == nil {
			t.Count = listCount(list.Page, len(list.Users))
		}
		tabs = append(tabs, t)
	}
	return tabs
}
