package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
	"roster/store"
	"roster/views"
)

// columnsOnPage is how many workspaces the grid shows at once.
const columnsOnPage = 20

// gridColumn is a workspace.
type gridColumn struct {
	id   int64
	name string
}

// nameColumns finds the organization's workspaces without asking: those that
// are known, and those that rows and steps are about. Groups name none: where
// nothing known does, the list of workspaces is asked for.
func (g *grid) nameColumns(ctx context.Context, api *apiclient.Client, users []apiclient.OrganizationUser, groups []apiclient.Group, from source) {
	ids := map[int64]bool{}
	known, _ := api.Known().ListMyWorkspaces(ctx) // unknown is none
	for _, w := range known {
		ids[w.ID] = w.OrganizationID == g.organizationID
	}
	for id := range g.statistics {
		ids[id] = true
	}
	for i := range users {
		for _, w := range users[i].Workspaces {
			ids[w.WorkspaceID] = true
		}
	}
	for _, group := range groups {
		for _, id := range group.Workspaces {
			ids[id] = true
		}
	}
	for i := range g.steps {
		ids[g.steps[i].WorkspaceID] = true
	}
	g.learn(ctx, api, ids)
	if len(g.nameless(ids)) > 0 && g.query.groups && from == fromList {
		mine, _ := api.ListMyWorkspaces(ctx) // without it they are called by their numbers
		g.access.AddWorkspaces(mine)
	}
	for id, here := range ids {
		if here {
			g.columns = append(g.columns, gridColumn{id, g.workspaceName(id)})
		}
	}
	slices.SortFunc(g.columns, func(a, b gridColumn) int {
		return cmp.Or(compareNames(a.name, b.name), cmp.Compare(a.id, b.id))
	})
}

// learn finds further workspaces, and names, in the lists of users that other
// pages have read.
func (g *grid) learn(ctx context.Context, api *apiclient.Client, ids map[int64]bool) {
	for _, size := range []string{"", strconv.Itoa(overviewUsers)} {
		list, _ := api.Known().ListOrganizationUsers(ctx, g.organizationID, apiclient.ListOrganizationUsersOptions{PerPage: size}) // unknown is none
		for i := range list.Users {
			for _, w := range list.Users[i].Workspaces {
				if ids[w.WorkspaceID] = true; g.access.WorkspaceName(w.WorkspaceID) == "" {
					g.access.AddWorkspaces([]apiclient.Workspace{{ID: w.WorkspaceID, Name: w.WorkspaceName}})
				}
			}
		}
	}
}

func (g *grid) nameless(ids map[int64]bool) []int64 {
	var list []int64
	for id, here := range ids {
		if here && g.access.WorkspaceName(id) == "" {
			list = append(list, id)
		}
	}
	return list
}

func (g *grid) workspaceName(id int64) string {
	return nameOr(g.access.WorkspaceName(id), "Workspace", id)
}

// shown are the columns of the page that is looked at, which is the last one
// where there are not so many.
func (g *grid) shown() (columns []gridColumn, number int) {
	pages := max(1, (len(g.columns)+columnsOnPage-1)/columnsOnPage)
	number = min(g.query.workspacePage, pages)
	first := (number - 1) * columnsOnPage
	return g.columns[first:min(len(g.columns), first+columnsOnPage)], number
}

func (g *grid) columnViews(columns []gridColumn) []views.AssignmentColumn {
	adds, removes := map[int64]int{}, map[int64]int{}
	for i := range g.steps {
		if g.steps[i].Op == store.OpAdd {
			adds[g.steps[i].WorkspaceID]++
		} else {
			removes[g.steps[i].WorkspaceID]++
		}
	}
	list := make([]views.AssignmentColumn, len(columns))
	for i, column := range columns {
		v := views.AssignmentColumn{ID: strconv.FormatInt(column.id, 10), Name: column.name}
		v.Adds, v.Removes = signed(adds[column.id], removes[column.id])
		var words []string
		if statistics, ok := g.statistics[column.id]; ok {
			v.Members = views.Count(statistics.MembersCount)
			words = append(words, views.Plural(statistics.MembersCount, "user", "users"))
		}
		if v.Adds != "" {
			words = append(words, views.Count(adds[column.id])+" to be added")
		}
		if v.Removes != "" {
			words = append(words, views.Count(removes[column.id])+" to be removed")
		}
		v.Title = strings.Join(words, ", ")
		list[i] = v
	}
	return list
}

func (g *grid) columnPager(number int) *views.ColumnPager {
	if len(g.columns) <= columnsOnPage {
		return nil
	}
	first := (number-1)*columnsOnPage + 1
	last := min(len(g.columns), first+columnsOnPage-1)
	p := &views.ColumnPager{Text: "Workspaces " + strconv.Itoa(first) + "–" + strconv.Itoa(last) + " of " + views.Count(len(g.columns))}
	q := g.query
	if number > 1 {
		q.workspacePage = number - 1
		p.Prev = q.url(g.organizationID)
	}
	if last < len(g.columns) {
		q.workspacePage = number + 1
		p.Next = q.url(g.organizationID)
	}
	return p
}
