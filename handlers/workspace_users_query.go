package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
	"roster/views"
)

const (
	descending = "desc"
	// usualRows is how many rows a page has unless the address says otherwise.
	usualRows = 50
)

var rowsOnPage = []int{25, usualRows, 100, 200}

// workspaceUsersQuery is what the address says about the list. Only name is the
// API's, which gives all that match it; the rest is about what is shown of
// them, so that a value that makes no sense is the usual one.
type workspaceUsersQuery struct {
	Name          string
	Page, PerPage int
	SortDir       string
}

func readWorkspaceUsersQuery(values url.Values) workspaceUsersQuery {
	q := workspaceUsersQuery{Name: strings.TrimSpace(values.Get("name")), Page: 1, PerPage: usualRows}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 0 {
		q.Page = n
	}
	if n, err := strconv.Atoi(values.Get("per_page")); err == nil && slices.Contains(rowsOnPage, n) {
		q.PerPage = n
	}
	if values.Get("sort_dir") == descending {
		q.SortDir = descending
	}
	return q
}

// values is the address again, tidy.
func (q workspaceUsersQuery) values() url.Values {
	values := url.Values{}
	if q.Name != "" {
		values.Set("name", q.Name)
	}
	if q.Page > 1 {
		values.Set("page", strconv.Itoa(q.Page))
	}
	for _, p := range q.kept() {
		values.Set(p.Name, p.Value)
	}
	return values
}

func tidyWorkspaceUsers(values url.Values) url.Values {
	return readWorkspaceUsersQuery(values).values()
}

// kept are parameters that a new search doesn't change.
func (q workspaceUsersQuery) kept() []views.Parameter {
	var kept []views.Parameter
	if q.PerPage != usualRows {
		kept = append(kept, views.Parameter{Name: "per_page", Value: strconv.Itoa(q.PerPage)})
	}
	if q.SortDir != "" {
		kept = append(kept, views.Parameter{Name: "sort_dir", Value: q.SortDir})
	}
	return kept
}

func (q workspaceUsersQuery) on(page int) workspaceUsersQuery {
	q.Page = page
	return q
}

// rows are the bounds of the page among so many users; an empty range past the
// last page.
func (q workspaceUsersQuery) rows(users int) (first, last int) {
	if q.Page > users/q.PerPage+1 {
		return users, users
	}
	first = min((q.Page-1)*q.PerPage, users)
	return first, min(first+q.PerPage, users)
}

func (q workspaceUsersQuery) pageOf(users int) apiclient.Page {
	pages := (users + q.PerPage - 1) / q.PerPage
	return apiclient.Page{Number: q.Page, Size: q.PerPage, Pages: pages, Records: users, Known: true, HasNext: q.Page < pages}
}

func (w workspaceUsers) sort() views.Sort {
	turned := w.query.on(1)
	if turned.SortDir == descending {
		turned.SortDir = ""
		return views.Sort{URL: w.url(turned), Direction: "descending", Icon: "arrow-down"}
	}
	turned.SortDir = descending
	return views.Sort{URL: w.url(turned), Direction: "ascending", Icon: "arrow-up"}
}

func (w workspaceUsers) pager(page apiclient.Page) views.Pager {
	first, last := w.query.rows(page.Records)
	p := views.Pager{Text: strconv.Itoa(first+1) + "–" + strconv.Itoa(last) + " of " + views.Count(page.Records)}
	for _, number := range pageNumbers(page.Number, page.Pages) {
		if number == 0 {
			p.Pages = append(p.Pages, views.PageLink{})
			continue
		}
		p.Pages = append(p.Pages, views.PageLink{Label: strconv.Itoa(number), URL: w.url(w.query.on(number)), Current: number == page.Number})
	}
	for _, size := range rowsOnPage {
		sized := w.query.on(1)
		sized.PerPage = size
		p.Sizes = append(p.Sizes, views.PageLink{Label: strconv.Itoa(size), URL: w.url(sized), Current: size == page.Size})
	}
	if page.Number > 1 {
		p.Prev = w.url(w.query.on(page.Number - 1))
	}
	if page.HasNext {
		p.Next = w.url(w.query.on(page.Number + 1))
	}
	return p
}
