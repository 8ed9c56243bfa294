package handlers

import (
	"net/url"
	"slices"
	"strings"

	"roster/apiclient"
)

// focusUsersQuery are the API's sixteen parameters as they stand in the address,
// tidy, under the API's own names. They are not judged here: the API does, in
// its own words.
type focusUsersQuery struct{ values url.Values }

var (
	focusTexts = []string{"filter", "only_admins", "include_working_hours", "include_rates", "sort_dir", "page", "per_page"}
	focusLists = []string{
		"active_status", "toggl_products", "roles", "workspaces", "groups", "tag_ids", "org_user_ids", "user_account_ids", "pinned_ids",
	}
	// focusKept are the parameters that narrow nothing down.
	focusKept = []string{"include_working_hours", "include_rates", "sort_dir", "per_page"}
)

// readFocusUsersQuery takes lists with commas, as the API does, and repeated, as
// check boxes send them.
func readFocusUsersQuery(values url.Values) focusUsersQuery {
	tidy := make(url.Values, len(values))
	for _, name := range focusTexts {
		if text := strings.TrimSpace(values.Get(name)); text != "" {
			tidy.Set(name, text)
		}
	}
	for _, name := range focusLists {
		if list := readList(values[name]); len(list) > 0 {
			tidy.Set(name, strings.Join(list, ","))
		}
	}
	return focusUsersQuery{tidy}
}

func tidyFocusUsers(values url.Values) url.Values { return readFocusUsersQuery(values).values }

func (q focusUsersQuery) text(name string) string { return q.values.Get(name) }

func (q focusUsersQuery) list(name string) []string { return readList(q.values[name]) }

func (q focusUsersQuery) options() apiclient.ListUsersOptions {
	return apiclient.ListUsersOptions{
		Filter: q.text("filter"), ActiveStatus: q.list("active_status"), OnlyAdmins: q.text("only_admins"),
		TogglProducts: q.list("toggl_products"), Roles: q.list("roles"), Workspaces: q.list("workspaces"),
		Groups: q.list("groups"), TagIDs: q.list("tag_ids"), OrgUserIDs: q.list("org_user_ids"),
		UserAccountIDs: q.list("user_account_ids"), PinnedIDs: q.list("pinned_ids"),
		IncludeWorkingHours: q.text("include_working_hours"), IncludeRates: q.text("include_rates"),
		SortDir: q.text("sort_dir"), Page: q.text("page"), PerPage: q.text("per_page"),
	}
}

// filtered reports whether anything but the order and the columns is chosen.
func (q focusUsersQuery) filtered() bool {
	for name := range q.values {
		if name != "page" && !slices.Contains(focusKept, name) {
			return true
		}
	}
	return false
}

// unfiltered keeps the order, the columns and the size of the page only.
func (q focusUsersQuery) unfiltered() url.Values {
	kept := url.Values{}
	for _, name := range focusKept {
		if q.values.Has(name) {
			kept[name] = q.values[name]
		}
	}
	return kept
}

// shared are the parameters that Track's list of users knows as well.
func (q focusUsersQuery) shared() url.Values {
	return tidyUsers(url.Values{
		"filter": q.values["filter"], "active_status": q.values["active_status"], "only_admins": q.values["only_admins"],
		"workspaces": q.values["workspaces"], "groups": q.values["groups"], "sort_dir": q.values["sort_dir"],
	})
}
