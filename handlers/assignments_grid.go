package handlers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// mostRejected is how many rejected steps are marked in the grid.
const mostRejected = 1000

// grid is what the assignments are drawn of, and judged by.
type grid struct {
	organizationID int64
	query          assignmentsQuery
	set            store.ChangeSet
	steps          []store.Step // staged
	staged         changes.Staged
	notDone        []store.Step   // what the last set has not carried out
	rejected       changes.Staged // refused when they were sent, and still staged
	held           changes.Staged // not sent because their cells had changed, and not staged since
	rows           []gridRow
	page           apiclient.Page
	columns        []gridColumn // all, by name
	access         *changes.Access
	guessed        map[int64]bool // users of whom only the staged cells are known
	statistics     map[int64]apiclient.WorkspaceStatistics
	told           map[int64]bool // workspaces that said who is direct
	directErr      error          // why one of them couldn't be asked
}

// gridRow is a user or a group.
type gridRow struct {
	kind            string
	id              int64 // global user id, or group id
	name, line, url string
}

// A source is where the rows of a grid come from: fresh data for a page, and
// whatever is known for the change of a cell, which may cost no call.
type source int

const (
	fromList source = iota
	fromKnown
)

// readGrid reads the rows of a page with one call: the users list, or the
// groups. Rows with changes take none, for they are staged. Where Toggl refuses
// the list, what is staged is there all the same.
func (h *Handlers) readGrid(ctx context.Context, api *apiclient.Client, s *auth.Session, organizationID int64, q assignmentsQuery, from source) (*grid, error) {
	g := &grid{organizationID: organizationID, query: q, told: map[int64]bool{}}
	var err error
	if g.set, g.steps, err = h.stagedSet(ctx, s, organizationID); err != nil {
		return g, err
	}
	if s.Role.MayChange() {
		if g.notDone, err = h.store.RejectedSteps(ctx, organizationID, s.Subject, mostRejected); err != nil {
			return g, errors.Join(errStore, err)
		}
	}
	g.sortSteps()
	g.statistics, _ = api.Known().GetWorkspaceStatistics(ctx, organizationID) // unknown is none
	users, refused := g.readUsers(ctx, api, from)
	g.access, g.guessed = knownAccess(ctx, api.Known(), organizationID, g.steps, users)
	groups, groupsErr := g.readGroups(ctx, api, from)
	g.chooseRows(users, groups)
	g.nameColumns(ctx, api, users, groups, from)
	if q.direct && !q.groups {
		g.readDirect(ctx, api, from)
	}
	return g, errors.Join(refused, groupsErr)
}

// sortSteps finds the steps by their cells, also those that the last set has not
// carried out: refused ones count while they are staged as they were, held ones
// until they are staged again.
func (g *grid) sortSteps() {
	g.staged, g.rejected, g.held = changes.StagedOf(g.steps), changes.Staged{}, changes.Staged{}
	for i := range g.notDone {
		at := changes.TargetOf(g.notDone[i])
		again, staged := g.staged[at]
		if staged && again.Op == g.notDone[i].Op {
			g.rejected[at] = &g.notDone[i]
		}
		if !staged && g.notDone[i].State == store.StepHeld {
			g.held[at] = &g.notDone[i]
		}
	}
}

func ask[T any](api *apiclient.Client, from source, read func(*apiclient.Client) (T, error)) (T, error) {
	if from == fromKnown {
		return knownFirst(api, read)
	}
	return read(api)
}

func (g *grid) readUsers(ctx context.Context, api *apiclient.Client, from source) ([]apiclient.OrganizationUser, error) {
	if g.query.groups || g.query.staged {
		return nil, nil
	}
	list, err := ask(api, from, func(api *apiclient.Client) (apiclient.OrganizationUserPage, error) {
		return api.ListOrganizationUsers(ctx, g.organizationID, g.query.users.options())
	})
	g.page = list.Page
	return list.Users, err
}

func (g *grid) readGroups(ctx context.Context, api *apiclient.Client, from source) ([]apiclient.Group, error) {
	if !g.query.groups {
		return nil, nil
	}
	groups, err := ask(api, from, func(api *apiclient.Client) ([]apiclient.Group, error) {
		return api.ListGroups(ctx, g.organizationID, apiclient.ListGroupsOptions{})
	})
	g.access.AddGroups(groups)
	return groups, err
}

// chooseRows takes the page's rows: of the list, or of what is staged.
func (g *grid) chooseRows(users []apiclient.OrganizationUser, groups []apiclient.Group) {
	switch {
	case g.query.groups:
		g.rows, g.page = cut(g.groupRows(groups), g.query)
	case g.query.staged:
		g.rows, g.page = cut(g.stagedRows(), g.query)
	default:
		for i := range users {
			g.rows = append(g.rows, g.userRow(&users[i]))
		}
	}
}

func (g *grid) userRow(u *apiclient.OrganizationUser) gridRow {
	line := userRole(u).Text
	if status := userStatus(u); status.Class != "" {
		line += ", " + strings.ToLower(status.Text)
	}
	return gridRow{
		kind: store.RowUser, id: u.UserID, name: displayName(u.Name, u.Email), line: line,
		url: views.UserURL(g.organizationID, u.ID, u.Email),
	}
}

// stagedRows are the users of the staged steps.
func (g *grid) stagedRows() []gridRow {
	var rows []gridRow
	seen := map[int64]bool{}
	for i := range g.steps {
		s := &g.steps[i]
		if s.RowKind != store.RowUser || seen[s.RowID] {
			continue
		}
		seen[s.RowID] = true
		rows = append(rows, gridRow{
			kind: store.RowUser, id: s.RowID, name: displayName(s.RowName, s.RowEmail), line: s.RowEmail,
			url: views.UserURL(g.organizationID, s.OrganizationUserID, s.RowEmail),
		})
	}
	return sortedRows(rows)
}

func (g *grid) groupRows(groups []apiclient.Group) []gridRow {
	var rows []gridRow
	wanted := strings.ToLower(g.query.users.Filter)
	changed := map[int64]bool{}
	for i := range g.steps {
		if g.steps[i].RowKind == store.RowGroup {
			changed[g.steps[i].RowID] = true
		}
	}
	for _, group := range groups {
		if g.query.staged && !changed[group.GroupID] || !strings.Contains(strings.ToLower(group.Name), wanted) {
			continue
		}
		rows = append(rows, gridRow{
			kind: store.RowGroup, id: group.GroupID, name: displayName(group.Name, ""), line: views.Plural(len(group.Users), "user", "users"),
		})
	}
	return sortedRows(rows)
}

func sortedRows(rows []gridRow) []gridRow {
	slices.SortFunc(rows, func(a, b gridRow) int {
		return cmp.Or(compareNames(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	return rows
}

// readDirect asks each workspace in view who is a direct member. Where one
// can't be asked its cells stay as the users list has them.
func (g *grid) readDirect(ctx context.Context, api *apiclient.Client, from source) {
	if from == fromKnown {
		api = api.Known()
	}
	columns, _ := g.shown()
	users := make([][]apiclient.WorkspaceUser, len(columns))
	failures := make([]error, len(columns))
	var calls errgroup.Group
	for i, column := range columns {
		calls.Go(func() error {
			users[i], failures[i] = api.ListWorkspaceUsers(ctx, g.organizationID, column.id, apiclient.ListWorkspaceUsersOptions{})
			return nil
		})
	}
	_ = calls.Wait() // each failure stands beside its column
	for i, column := range columns {
		if failures[i] != nil {
			g.directErr = cmp.Or(g.directErr, failures[i])
			continue
		}
		g.access.AddWorkspaceUsers(column.id, users[i])
		g.told[column.id] = true
	}
}
