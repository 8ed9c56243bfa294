package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"roster/apiclient"
)

// maxGroupRows is the most that Focus gives on one page.
const maxGroupRows = 100

// groupsQuery is what the address says about the list of groups, by the names
// of the parameters of Focus' call. Numbers that are none are left out; those
// that Toggl doesn't take are Toggl's to refuse.
type groupsQuery struct {
	WorkspaceID        int64
	Page, PerPage      int
	SortDir, Filter    string
	OrganizationUserID int64
	IDs                []int64
}

func readGroupsQuery(values url.Values) groupsQuery {
	q := groupsQuery{
		WorkspaceID: readID(values, "workspace_id"), OrganizationUserID: readID(values, "organization_user_id"),
		SortDir: strings.TrimSpace(values.Get("sort_dir")), Filter: strings.TrimSpace(values.Get("filter")),
	}
	q.Page, _ = strconv.Atoi(values.Get("page"))        // 0 is the first
	q.PerPage, _ = strconv.Atoi(values.Get("per_page")) // 0 is the usual
	q.IDs = parseIDs(readList(values["group_ids"])...)
	return q
}

func readID(values url.Values, name string) int64 {
	id, _ := strconv.ParseInt(values.Get(name), 10, 64) // 0: not given
	return id
}

// options are Focus'; where Focus looks whether the caller may is not among them.
func (q groupsQuery) options() apiclient.ListTeamsOptions {
	return apiclient.ListTeamsOptions{
		Page: q.Page, PerPage: q.rows(), SortDir: q.SortDir, Filter: q.Filter,
		OrganizationUserID: q.OrganizationUserID, GroupIDs: q.IDs,
	}
}

// rows is the size of a page: the most, unless the address says otherwise.
func (q groupsQuery) rows() int {
	if q.PerPage == 0 {
		return maxGroupRows
	}
	return q.PerPage
}

// values is the address again, tidy.
func (q groupsQuery) values() url.Values {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" && value != "0" {
			values.Set(name, value)
		}
	}
	set("workspace_id", strconv.FormatInt(q.WorkspaceID, 10))
	set("page", strconv.Itoa(q.Page))
	set("per_page", strconv.Itoa(q.PerPage))
	set("sort_dir", q.SortDir)
	set("filter", q.Filter)
	set("organization_user_id", strconv.FormatInt(q.OrganizationUserID, 10))
	set("group_ids", joinIDs(q.IDs))
	return values
}

func tidyGroups(values url.Values) url.Values { return readGroupsQuery(values).values() }

// narrowed reports whether groups may be missing from the list.
func (q groupsQuery) narrowed() bool {
	return q.Filter != "" || q.OrganizationUserID != 0 || len(q.IDs) > 0 || q.Page > 1 || q.WorkspaceID != 0
}

func joinIDs(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}

// cut is the page that is asked for out of a list that is known whole.
func (q groupsQuery) cut(groups []group) groupPage {
	size, number := max(q.rows(), 1), max(q.Page, 1)
	pages := (len(groups) + size - 1) / size
	page := apiclient.Page{Number: number, Size: size, Pages: pages, Records: len(groups), Known: true, HasNext: number < pages}
	if number > pages {
		return groupPage{Page: page}
	}
	first := (number - 1) * size
	return groupPage{groups[first:min(first+size, len(groups))], page}
}
