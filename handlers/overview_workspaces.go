package handlers

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
	"roster/views"
)

// workspaceNames are the organization's workspaces by id. Statistics hold no
// names, and the person's own workspaces are not all: what has no name is
// called by its number.
func workspaceNames(data overview) map[int64]string {
	names := make(map[int64]string, len(data.statistics))
	for id := range data.statistics {
		names[id] = "Workspace " + strconv.FormatInt(id, 10)
	}
	for _, u := range data.users.Users {
		for _, w := range u.Workspaces {
			if w.WorkspaceName != "" {
				names[w.WorkspaceID] = w.WorkspaceName
			}
		}
	}
	for _, w := range data.workspaces {
		if w.OrganizationID == data.organization.ID {
			names[w.ID] = w.Name
		}
	}
	return names
}

func workspaceRows(data overview) []views.WorkspaceRow {
	var largest int64 = 1
	for _, s := range data.statistics {
		largest = max(largest, s.MembersCount)
	}
	names := workspaceNames(data)
	suspended := map[int64]bool{}
	for _, w := range data.workspaces {
		suspended[w.ID] = !w.SuspendedAt.IsZero()
	}
	rows := make([]views.WorkspaceRow, 0, len(names))
	for id, name := range names {
		row := views.WorkspaceRow{
			Name: name, Members: "–", Groups: "–",
			URL: views.WorkspaceURL(data.organization.ID, id, nil),
		}
		if s, ok := data.statistics[id]; ok {
			row = withStatistics(row, s, largest)
		}
		if suspended[id] {
			row.Tag = views.Tag{Text: "Suspended", Class: "bad"}
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b views.WorkspaceRow) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.URL, b.URL))
	})
	return rows
}

func withStatistics(row views.WorkspaceRow, s apiclient.WorkspaceStatistics, largest int64) views.WorkspaceRow {
	const shown = 3
	row.Members, row.Groups = views.Count(s.MembersCount), views.Count(s.GroupsCount)
	row.Share, row.Scale = strconv.FormatInt(s.MembersCount, 10), strconv.FormatInt(largest, 10)
	names := make([]string, 0, shown)
	for i, admin := range s.Admins {
		if i == shown {
			names = append(names, "+"+strconv.Itoa(len(s.Admins)-shown))
			break
		}
		row.Admins = append(row.Admins, views.AvatarOf(admin.Name))
		names = append(names, givenName(admin.Name, len(s.Admins)))
	}
	row.AdminNames = strings.Join(names, ", ")
	switch len(s.Admins) {
	case 0:
		row.Tag = views.Tag{Text: "No admin", Class: "bad"}
	case 1:
		row.Tag = views.Tag{Text: "Only admin", Class: "warn"}
	}
	return row
}

// givenName is the first word of a name where several names share a line, the
// whole name of someone who stands alone.
func givenName(name string, of int) string {
	if of == 1 {
		return name
	}
	first, _, _ := strings.Cut(name, " ")
	return first
}
