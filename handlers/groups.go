package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// groupPageSizes are those that Focus takes.
var groupPageSizes = []int{25, 50, maxGroupRows}

// maxSuggested is how many members are suggested to filter by.
const maxSuggested = 300

// withoutFocus is what a page about groups lacks where no Focus key is.
const withoutFocus = "These are the groups of Toggl Track, which has no emoji and no placeholders."

// showGroups is one call for the list of groups.
func (h *Handlers) showGroups(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	r, err := h.readGroupsRequest(c, api, s)
	if err != nil {
		return err
	}
	found, err := r.source.list(c.Request().Context(), api, r.query)
	status, refusal, err := h.groupsRefusal(c, r, err)
	if err != nil {
		return err
	}
	if refusal == nil {
		h.rememberGroupsWorkspace(c, r)
	}
	r.workspaces.learn(found.Groups...)
	v := h.groupsView(c, r, found)
	v.Refusal = refusal
	page := h.newPage(c, api, "Groups")
	page.Here, page.Failed = r.url(r.query), refusal != nil
	if !r.focus {
		page.Notes = append(page.Notes, h.notConnected(c, withoutFocus))
	}
	showAddress(c, page.Here, onlyTyped(c, "filter", r.query.values(), tidyGroups))
	return renderEither(c, status, views.GroupsPage(h.withFlash(c, page), v), views.GroupsFragment(page, v))
}

// groupsRefusal is why there is no list: what Toggl says of its parameters, and
// of the workspace in which it looked whether the caller may. Both are mended
// on the page itself, which keeps the filters.
func (h *Handlers) groupsRefusal(c echo.Context, r groupsRequest, err error) (int, *views.Note, error) {
	var upstream *apiclient.Error
	switch {
	case err == nil:
		return http.StatusOK, nil, nil
	case !errors.As(err, &upstream), upstream.Kind != apiclient.ErrRefused && upstream.Kind != apiclient.ErrForbidden:
		return 0, nil, err
	}
	p := h.upstreamProblem(c, upstream)
	n := &views.Note{
		Kind: "bad", Strong: p.Title + ".", Words: upstream.Message, Trace: traceOf(upstream),
		Link: views.Link{Label: "Clear the filters", URL: views.GroupsURL(r.organizationID, nil)},
	}
	if upstream.Kind == apiclient.ErrForbidden && r.focus {
		n.Text = "Toggl Focus looked in " + r.workspaces.name(r.workspaceID) + ": choose a workspace in which you may."
	}
	return p.Status, n, nil
}

func (h *Handlers) groupsView(c echo.Context, r groupsRequest, found groupPage) views.Groups {
	values := r.query.values()
	address := func(values url.Values) string { return views.GroupsURL(r.organizationID, values) }
	v := views.Groups{
		Product: r.source.product(), Rows: h.groupRows(c, r, found.Groups), Filter: groupsFilter(r, found.Groups),
		NewURL: views.GroupNewURL(r.organizationID), MineURL: views.MyGroupsURL(r.organizationID),
		Sort: listSort(values, address), Kept: groupsKept(r.query),
		Sub: "A group gives all its members access to its workspaces. These are " + r.source.product() + "’s.",
	}
	if found.Page.Known {
		v.Count = views.Count(found.Page.Records)
	}
	v.Announce = views.Plural(len(v.Rows), "group", "groups")
	if len(v.Rows) > 0 {
		v.Pager = listPager(values, found.Page, len(v.Rows), groupPageSizes, address)
		return v
	}
	v.Empty = &views.EmptyList{Strong: "There is no group yet", Text: "A group gives several people the same workspaces at once."}
	if r.query.narrowed() {
		v.Empty = &views.EmptyList{
			Strong: "No group matches these filters", Text: "Try less of a name, or another member.",
			Link: views.Link{Label: "Clear the filters", URL: views.GroupsURL(r.organizationID, nil)},
		}
	}
	return v
}

func (h *Handlers) groupRows(c echo.Context, r groupsRequest, groups []group) []views.GroupRow {
	clock := h.clock(c)
	rows := make([]views.GroupRow, len(groups))
	for i, g := range groups {
		rows[i] = views.GroupRow{
			Emoji: g.Emoji, Name: groupName(g), URL: r.groupURL(g.ID),
			Workspaces:     shortList(r.workspaces.groupNames(g), func(name string) string { return name }),
			WorkspaceCount: views.Plural(len(g.Workspaces), "workspace", "workspaces"),
			Members:        views.Count(len(g.Members)),
			Ghosts:         shortList(g.Ghosts, ghostName),
			Changed:        clock.Ago(g.ChangedAt),
		}
	}
	return rows
}

// groupName is never empty, so that a group can be clicked on.
func groupName(g group) string { return nameOr(g.Name, "Group", g.ID) }

func ghostName(g apiclient.Ghost) string { return nameOr(g.Name, "Placeholder", g.ID) }

// groupsFilter are the parameters of the call as fields. Members of the groups
// that are shown are suggested to filter by.
func groupsFilter(r groupsRequest, groups []group) views.GroupsFilter {
	q := r.query
	f := views.GroupsFilter{
		Action: views.GroupsURL(r.organizationID, nil), Filter: q.Filter, IDs: joinIDs(q.IDs),
		Workspace: views.Field{ID: "workspace_id", Name: "workspace_id", Label: "Workspace", Options: r.workspaces.options(r.workspaceID, "")},
	}
	if !r.focus {
		f.Workspace.Options = r.workspaces.options(r.workspaceID, "Every workspace")
		return f
	}
	f.Hint = "Focus looks in this workspace whether you may see groups. It is remembered."
	f.ByMember = true
	if q.OrganizationUserID != 0 {
		f.Member = strconv.FormatInt(q.OrganizationUserID, 10)
	}
	f.Members = suggestedMembers(groups)
	f.More = len(q.IDs) > 0 || f.Member != ""
	return f
}

// groupsKept are parameters that a new filter doesn't change.
func groupsKept(q groupsQuery) []views.Parameter {
	var kept []views.Parameter
	for _, name := range []string{"sort_dir", "per_page"} {
		if value := q.values().Get(name); value != "" {
			kept = append(kept, views.Parameter{Name: name, Value: value})
		}
	}
	return kept
}

func suggestedMembers(groups []group) []views.Option {
	var list []views.Option
	seen := map[int64]bool{}
	for _, g := range groups {
		for _, m := range g.Members {
			if !seen[m.ID] && m.OrganizationUserID > 0 {
				seen[m.ID] = true
				list = append(list, views.Option{Value: strconv.FormatInt(m.OrganizationUserID, 10), Label: memberName(m)})
			}
		}
	}
	slices.SortFunc(list, func(a, b views.Option) int {
		return cmp.Or(compareNames(a.Label, b.Label), strings.Compare(a.Value, b.Value))
	})
	return list[:min(len(list), maxSuggested)]
}

func memberName(m groupMember) string { return nameOr(m.Name, "User", cmp.Or(m.UserID, m.ID)) }
