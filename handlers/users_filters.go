package handlers

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

// Labels of the filters, in the order of their chips, by the API's names.
var filterLabels = map[string]string{
	"active_status": "Status", "only_admins": "Role", "workspaces": "Workspace", "groups": "Group",
	"page": "Page", "per_page": "Rows on a page", "sort_dir": "Order",
}

var (
	statusLabels = map[string]string{"active": "Active", "invited": "Invited", "inactive": "Inactive"}
	adminLabels  = map[string]string{"": "Everyone", "true": "Admins only"}
)

// longList is from how many choices on a menu has a box to narrow them.
const longList = 8

// filterNames are the names of groups and workspaces that are known without
// asking; a list is nil while it isn't.
type filterNames struct {
	groups, workspaces []views.Choice
}

func knownNames(ctx context.Context, api *apiclient.Client, organizationID int64) filterNames {
	var names filterNames
	names.groups, _ = filterChoices(ctx, api.Known(), organizationID, "groups")         // unknown is nil
	names.workspaces, _ = filterChoices(ctx, api.Known(), organizationID, "workspaces") // unknown is nil
	return names
}

// filterChoices are all values of a filter: one call, cached.
func filterChoices(ctx context.Context, api *apiclient.Client, organizationID int64, name string) ([]views.Choice, error) {
	choices := []views.Choice{}
	if name == "groups" {
		groups, err := api.ListGroups(ctx, organizationID, apiclient.ListGroupsOptions{})
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			choices = append(choices, views.Choice{Value: strconv.FormatInt(g.GroupID, 10), Label: g.Name})
		}
	} else {
		workspaces, err := api.ListMyWorkspaces(ctx)
		if err != nil {
			return nil, err
		}
		for _, w := range workspaces {
			if w.OrganizationID == organizationID {
				choices = append(choices, views.Choice{Value: strconv.FormatInt(w.ID, 10), Label: w.Name})
			}
		}
	}
	slices.SortStableFunc(choices, func(a, b views.Choice) int { return compareNames(a.Label, b.Label) })
	return choices, nil
}

// usersFilter is the form above the table.
func usersFilter(id int64, q usersQuery, names filterNames, refusal *apiclient.Error) views.UsersFilter {
	f := views.UsersFilter{Action: views.UsersURL(id, nil), Filter: q.Filter}
	for _, kept := range []views.Parameter{{Name: "per_page", Value: q.PerPage}, {Name: "sort_dir", Value: q.SortDir}} {
		if kept.Value != "" {
			f.Kept = append(f.Kept, kept)
		}
	}
	ask := func(name string) string { return views.UsersFilterURL(id, name, q.on("1").values()) }
	f.Chips = []views.FilterChip{
		filterChip("active_status", filterLabels["active_status"], choose(statusChoices(), q.ActiveStatus)),
		filterChip("only_admins", filterLabels["only_admins"], choose(adminChoices(), []string{q.OnlyAdmins})),
		askedChip("workspaces", filterLabels["workspaces"], names.workspaces, q.Workspaces, ask("workspaces")),
		askedChip("groups", filterLabels["groups"], names.groups, q.Groups, ask("groups")),
	}
	for i, chip := range f.Chips {
		f.Chips[i].Refused = refusal != nil && refusedParameter(refusal.Message) == chip.Name
	}
	if q.filtered() {
		f.ClearURL = views.UsersURL(id, q.unfiltered().values())
	}
	return f
}

func statusChoices() []views.Choice {
	return []views.Choice{
		{Value: "active", Label: statusLabels["active"]},
		{Value: "invited", Label: statusLabels["invited"]},
		{Value: "inactive", Label: statusLabels["inactive"]},
	}
}

func adminChoices() []views.Choice {
	return []views.Choice{{Label: adminLabels[""]}, {Value: "true", Label: adminLabels["true"]}}
}

// choose marks what is chosen; a chosen value that is none of the choices
// stands among them as it is, so that it can be seen and taken back.
func choose(choices []views.Choice, chosen []string) []views.Choice {
	choices = slices.Clone(choices)
	for i := range choices {
		choices[i].Chosen = slices.Contains(chosen, choices[i].Value)
	}
	for _, value := range chosen {
		if !slices.ContainsFunc(choices, func(c views.Choice) bool { return c.Value == value }) {
			choices = append(choices, views.Choice{Value: value, Label: value, Chosen: true})
		}
	}
	return choices
}

func filterChip(name, label string, choices []views.Choice) views.FilterChip {
	var chosen []string
	for _, choice := range choices {
		if choice.Chosen && choice.Value != "" {
			chosen = append(chosen, choice.Label)
		}
	}
	c := views.Choices{Name: name, Label: strings.ToLower(label), Loaded: true, Single: name == "only_admins", List: choices}
	if len(choices) >= longList {
		c.Find = "Find a " + c.Label
	}
	return views.FilterChip{Name: name, Label: label, Value: joinNames(chosen, 2), Choices: c}
}

// askedChip is a filter whose choices Toggl is asked for when its menu is
// opened, at the address ask; until they are known, what is chosen is only counted.
func askedChip(name, label string, known []views.Choice, chosen []string, ask string) views.FilterChip {
	chip := filterChip(name, label, choose(known, chosen))
	if known != nil {
		return chip
	}
	if len(chosen) > 0 {
		chip.Value = views.Plural(len(chosen), "chosen", "chosen")
	}
	chip.Choices.Loaded, chip.Choices.Find = false, ""
	chip.Choices.URL = ask
	return chip
}

// showUsersFilter is the choice of one filter's values: what an opened menu is
// filled with, or a page of its own without scripts.
func (h *Handlers) showUsersFilter(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	q := readUsersQuery(c.QueryParams())
	name := c.Param("name")
	chosen, ok := map[string][]string{"groups": q.Groups, "workspaces": q.Workspaces}[name]
	if !ok {
		return echo.ErrNotFound
	}
	known, err := filterChoices(c.Request().Context(), api, id, name)
	form, back := usersFilter(id, q, filterNames{}, nil), views.UsersURL(id, q.values())
	form.Kept = otherParameters(q.on("1").values(), name)
	if c.QueryParam(overGrid) == isTrue {
		form.Action, back = views.AssignmentsURL(id, nil), views.AssignmentsURL(id, q.values())
	}
	return h.answerFilter(c, api, form, filterChip(name, filterLabels[name], choose(known, chosen)).Choices, back, err)
}

// answerFilter shows the choices of one filter, or in an opened menu why they
// could not be read.
func (h *Handlers) answerFilter(c echo.Context, api *apiclient.Client, form views.UsersFilter, choices views.Choices, back string, err error) error {
	if err != nil {
		var upstream *apiclient.Error
		if !errors.As(err, &upstream) || !wantsFragment(c) {
			return err
		}
		p := h.upstreamProblem(c, upstream)
		choices.Failed = wordsOf(upstream)
		choices.Failed.Text = strings.TrimSpace(p.Title + ". " + p.Words)
	}
	page := h.newPage(c, api, "Choose "+choices.Label+"s")
	return renderEither(c, http.StatusOK,
		views.UsersFilterPage(page, form, choices, back),
		views.FilterChoicesFragment(choices))
}

// otherParameters are those that the page of one filter carries along.
func otherParameters(values url.Values, name string) []views.Parameter {
	var kept []views.Parameter
	for _, other := range slices.Sorted(maps.Keys(values)) {
		if other != name && other != "filter" {
			kept = append(kept, views.Parameter{Name: other, Value: values.Get(other)})
		}
	}
	return kept
}

// words says what is filtered: "Status is Invited, and workspace is Labs."
func (q usersQuery) words(names filterNames) string {
	var parts []string
	add := func(label string, choices []views.Choice, chosen []string) {
		if value := filterChip("", "", choose(choices, chosen)).Value; value != "" {
			parts = append(parts, label+" is "+value)
		}
	}
	if q.Filter != "" {
		parts = append(parts, "Name or email contains “"+q.Filter+"”")
	}
	add("status", statusChoices(), q.ActiveStatus)
	if q.OnlyAdmins == "true" {
		parts = append(parts, "only admins")
	}
	add("workspace", names.workspaces, q.Workspaces)
	add("group", names.groups, q.Groups)
	text := strings.Join(parts, ", and ")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// usersRefusal is what Toggl said of the query, and how to go on.
func usersRefusal(id int64, q usersQuery, e *apiclient.Error) *views.ListRefusal {
	name := refusedParameter(e.Message)
	r := &views.ListRefusal{Words: e.Message, Place: filterLabels[name], Status: e.Status}
	values := q.values()
	values.Del(name)
	r.Clear = views.Link{Label: "Show the list without it", URL: views.UsersURL(id, values)}
	if name == "" {
		r.Clear = views.Link{Label: "Clear filters", URL: views.UsersURL(id, url.Values{})}
	}
	return r
}

// refusedParameter finds which parameter a message of the list is about: they
// name it. per_page comes before page, whose name it holds.
func refusedParameter(message string) string {
	for _, name := range []string{"active_status", "only_admins", "per_page", "page", "sort_dir", "groups", "workspaces"} {
		if strings.Contains(message, name) {
			return name
		}
	}
	return ""
}

// usersTabs are the views under a name. How many users a tab holds is shown
// when that list was read before.
func usersTabs(ctx context.Context, api *apiclient.Client, id int64, q usersQuery) []views.Tab {
	tabs := make([]views.Tab, 0, 4)
	current := views.UsersURL(id, q.on("1").unselected().values())
	for _, tab := range []struct {
		label string
		edit  func(*usersQuery)
	}{
		{"Everyone", func(*usersQuery) {}},
		{"Admins", func(q *usersQuery) { q.OnlyAdmins = "true" }},
		{"Invited", func(q *usersQuery) { q.ActiveStatus = []string{"invited"} }},
		{"Inactive", func(q *usersQuery) { q.ActiveStatus = []string{"inactive"} }},
	} {
		view := q.unfiltered().with(tab.edit)
		t := views.Tab{Label: tab.label, URL: views.UsersURL(id, view.values())}
		t.Current = t.URL == current
		if list, err := api.Known().ListOrganizationUsers(ctx, id, view.options()); err == nil {
			t.Count = listCount(list.Page, len(list.Users))
		}
		tabs = append(tabs, t)
	}
	return tabs
}
