package handlers

import (
	"net/url"
	"slices"
	"strings"

	"roster/apiclient"
)

// usersQuery are the API's parameters as they stand in the address, under the
// API's own names. They are not judged here: the API does, in its own words.
type usersQuery struct {
	Filter       string
	ActiveStatus []string
	OnlyAdmins   string
	Groups       []string
	Workspaces   []string
	Page         string
	PerPage      string
	SortDir      string
	// Scope is "all" where everything that matches is selected.
	Scope string
}

// scopeAll stands for everything that the filters match, on every page.
const scopeAll = "all"

// readUsersQuery takes lists with commas, as the API does, and repeated, as
// check boxes send them.
func readUsersQuery(values url.Values) usersQuery {
	q := usersQuery{
		Filter:       strings.TrimSpace(values.Get("filter")),
		ActiveStatus: readList(values["active_status"]),
		OnlyAdmins:   values.Get("only_admins"),
		Groups:       readList(values["groups"]),
		Workspaces:   readList(values["workspaces"]),
		Page:         values.Get("page"),
		PerPage:      values.Get("per_page"),
		SortDir:      values.Get("sort_dir"),
	}
	if values.Get("scope") == scopeAll {
		q.Scope = scopeAll
	}
	return q
}

func readList(values []string) []string {
	var list []string
	for _, value := range strings.Split(strings.Join(values, ","), ",") {
		if value = strings.TrimSpace(value); value != "" && !slices.Contains(list, value) {
			list = append(list, value)
		}
	}
	return list
}

func (q usersQuery) options() apiclient.ListOrganizationUsersOptions {
	return apiclient.ListOrganizationUsersOptions{
		Filter: q.Filter, ActiveStatus: q.ActiveStatus, OnlyAdmins: q.OnlyAdmins, Groups: q.Groups, Workspaces: q.Workspaces,
		Page: q.Page, PerPage: q.PerPage, SortDir: q.SortDir,
	}
}

// values is the address again, tidy: no empty parameters, lists with commas.
func (q usersQuery) values() url.Values {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values[name] = []string{value}
		}
	}
	set("filter", q.Filter)
	set("active_status", strings.Join(q.ActiveStatus, ","))
	set("only_admins", q.OnlyAdmins)
	set("groups", strings.Join(q.Groups, ","))
	set("workspaces", strings.Join(q.Workspaces, ","))
	set("page", q.Page)
	set("per_page", q.PerPage)
	set("sort_dir", q.SortDir)
	set("scope", q.Scope)
	return values
}

func tidyUsers(values url.Values) url.Values { return readUsersQuery(values).values() }

// filtered reports whether anything narrows the list.
func (q usersQuery) filtered() bool {
	return q.Filter != "" || len(q.ActiveStatus)+len(q.Groups)+len(q.Workspaces) > 0 || q.OnlyAdmins != ""
}

// unselected is the same list with nothing selected.
func (q usersQuery) unselected() usersQuery {
	q.Scope = ""
	return q
}

// unfiltered keeps the order and the size of the page only.
func (q usersQuery) unfiltered() usersQuery {
	return usersQuery{PerPage: q.PerPage, SortDir: q.SortDir}
}

// on is the same list on another page; the first has no number.
func (q usersQuery) on(page string) usersQuery {
	if page == "1" {
		page = ""
	}
	q.Page = page
	return q
}

// with is the same list from its first page, changed by edit.
func (q usersQuery) with(edit func(*usersQuery)) usersQuery {
	q.Page = ""
	edit(&q)
	return q
}
