package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/changes"
	"roster/views"
)

// accessRows is how many rows a page about access has at most, so that it stays
// small; with more, workspaces are folded, and one of them is shown in parts.
// accessSections bounds the workspaces of a page the same way.
const (
	accessRows     = 250
	accessSections = 250
)

// accessPrinter makes what people see of access.
type accessPrinter struct {
	organizationID int64
	clock          views.Clock
	names          workspaceNamesOf // of roles
	groups         map[int64]string // names of groups
	query          accessQuery      // of the page
	url            func(url.Values) string
	permits        map[int64]string // where what a role permits is said, by its id
	refused        map[int64]*apiclient.Error
}

// list puts as much of it onto a page as fits.
func (p accessPrinter) list(reviews []changes.WorkspaceReview) views.AccessList {
	total := 0
	for i := range reviews {
		total += len(reviews[i].Rows)
	}
	switch {
	case len(reviews) == 1:
		return p.one(reviews[0])
	case total <= accessRows && len(reviews) <= accessSections:
		return views.AccessList{Sections: p.sections(reviews)}
	}
	from := min(p.query.from, len(reviews))
	part := reviews[from:min(from+accessSections, len(reviews))]
	list := views.AccessList{Folded: p.folded(part)}
	p.page(&list, 0, from, len(part), len(reviews), accessSections)
	return list
}

// one shows a workspace in parts.
func (p accessPrinter) one(w changes.WorkspaceReview) views.AccessList {
	all := w.Rows
	from := min(p.query.from, len(all))
	s := p.section(w)
	s.Rows = p.rows(all[from:min(from+accessRows, len(all))])
	list := views.AccessList{Sections: []views.AccessSection{s}}
	p.page(&list, p.query.workspaceID, from, len(s.Rows), len(all), accessRows)
	return list
}

func (p accessPrinter) page(list *views.AccessList, workspaceID int64, from, shown, total, size int) {
	list.Range = views.Count(from+1) + "–" + views.Count(from+shown) + " of " + views.Count(total)
	if from > 0 {
		list.Prev = p.url(p.query.on(workspaceID, from-size))
	}
	if from+shown < total {
		list.Next = p.url(p.query.on(workspaceID, from+size))
	}
}

func (p accessPrinter) sections(reviews []changes.WorkspaceReview) []views.AccessSection {
	list := make([]views.AccessSection, len(reviews))
	for i, w := range reviews {
		list[i] = p.section(w)
		list[i].Rows = p.rows(w.Rows)
	}
	return list
}

func (p accessPrinter) folded(reviews []changes.WorkspaceReview) []views.AccessSection {
	list := make([]views.AccessSection, len(reviews))
	for i, w := range reviews {
		list[i] = p.section(w)
		list[i].OpenURL = p.url(p.query.on(w.WorkspaceID, 0))
	}
	return list
}

// section is a workspace without its rows.
func (p accessPrinter) section(w changes.WorkspaceReview) views.AccessSection {
	id := strconv.FormatInt(w.WorkspaceID, 10)
	s := views.AccessSection{
		ID: "workspace-" + id, Title: nameOr(w.Name, "Workspace", w.WorkspaceID), URL: views.WorkspaceAccessURL(p.organizationID, w.WorkspaceID, nil),
		Main: "Name", People: true, Line: peopleLine(w.Rows),
	}
	if n := exceptions(w.Rows); n > 0 {
		s.Exceptions = views.Plural(n, "exception", "exceptions")
	}
	if why := p.refused[w.WorkspaceID]; why != nil {
		s.Note = &views.Note{
			Kind: "warn", Strong: "Toggl didn’t give this workspace’s own list.", Text: "Who is direct besides a group isn’t known here.",
			Words: why.Message, Details: why.TraceID,
		}
	}
	return s
}

// peopleLine is "23 people, 2 admins".
func peopleLine(rows []changes.ReviewRow) string {
	admins := 0
	for i := range rows {
		if rows[i].Admin || rows[i].User.Admin {
			admins++
		}
	}
	return views.Plural(len(rows), "person", "people") + ", " + views.Plural(admins, "admin", "admins")
}

func exceptions(rows []changes.ReviewRow) int {
	n := 0
	for i := range rows {
		if rows[i].Marks != 0 {
			n++
		}
	}
	return n
}

func (p accessPrinter) rows(rows []changes.ReviewRow) []views.AccessRow {
	list := make([]views.AccessRow, len(rows))
	for i := range rows {
		list[i] = p.row(&rows[i])
	}
	return list
}

// row is a person.
func (p accessPrinter) row(r *changes.ReviewRow) views.AccessRow {
	u := r.User
	row := views.AccessRow{
		URL: p.userURL(u), Name: displayName(u.Name, u.Email), Organization: userRole(&apiclient.OrganizationUser{Owner: u.Owner, Admin: u.Admin}),
		TwoFactor: views.Tag{Text: "–", Plain: true},
	}
	if row.Name != u.Email {
		row.Sub = u.Email
	}
	p.access(&row, r)
	switch {
	case r.Marks&changes.TwoFactorOff != 0:
		row.TwoFactor = views.Tag{Text: "Off", Class: "warn"}
	case u.Joined:
		row.TwoFactor = twoFactor(&apiclient.OrganizationUser{Joined: true, TwoFactorEnabled: u.TwoFactor})
	}
	if r.Marks&changes.LongInvited != 0 {
		row.Age = invitationAge(&apiclient.OrganizationUser{CreatedAt: u.CreatedAt}, p.clock.Now)
	}
	return row
}

// access is the part of a row that is about the workspace.
func (p accessPrinter) access(row *views.AccessRow, r *changes.ReviewRow) {
	row.Status = userStatus(&apiclient.OrganizationUser{Joined: r.User.Joined, Inactive: r.User.Inactive || r.Marks&changes.Inactive != 0})
	if r.Membership == changes.NotMember {
		row.Path, row.Role = "–", views.Tag{Text: "–", Plain: true}
		return
	}
	row.Role = p.role(r)
	row.RoleURL = p.permits[r.RoleID]
	for _, id := range r.Groups {
		row.Groups = append(row.Groups, views.Link{Label: p.groupName(id), URL: views.GroupAccessURL(p.organizationID, id, nil)})
	}
	row.Path = pathWords[r.Membership]
	switch {
	case r.Membership == changes.MaybeDirect:
		row.Hint = "perhaps direct, too"
	case r.Membership == changes.ThroughGroup && len(r.Groups) == 0:
		row.Path = "Not direct, and through no group that Toggl names"
	}
}

// pathWords stand before the names of the groups.
var pathWords = map[changes.Membership]string{
	changes.Direct: "Direct", changes.DirectAndGroup: "Direct, and via", changes.ThroughGroup: "Via", changes.MaybeDirect: "Via",
}

func (p accessPrinter) role(r *changes.ReviewRow) views.Tag {
	user := apiclient.WorkspaceUser{Role: r.Role, Admin: r.Admin}
	if r.RoleID != 0 {
		user.RoleID = &r.RoleID
	}
	return p.names.roleTag(user)
}

func (p accessPrinter) groupName(id int64) string {
	return nameOr(p.groups[id], "Group", id)
}

// userURL is why the person has access; a workspace's own list alone doesn't say
// who they are in the organization.
func (p accessPrinter) userURL(u *changes.User) string {
	if u.OrganizationUserID == 0 {
		return views.AccountURL(p.organizationID, u.UserID, u.Email)
	}
	return views.UserAccessURL(p.organizationID, u.OrganizationUserID, u.Email)
}

// roles are what the roles of the rows permit, highest first.
func (p *accessPrinter) roles(all []apiclient.Role, reviews []changes.WorkspaceReview, also ...int64) []views.AccessRole {
	used := map[int64]bool{}
	for _, id := range also {
		used[id] = true
	}
	for i := range reviews {
		for k := range reviews[i].Rows {
			used[reviews[i].Rows[k].RoleID] = true
		}
	}
	mine := slices.DeleteFunc(slices.Clone(all), func(r apiclient.Role) bool { return !used[r.RoleID] })
	slices.SortStableFunc(mine, func(x, y apiclient.Role) int { return cmp.Compare(y.PrivilegeLevel, x.PrivilegeLevel) })
	p.permits = map[int64]string{}
	list := make([]views.AccessRole, 0, len(mine))
	for _, r := range mine {
		id := "role-" + strconv.FormatInt(r.RoleID, 10)
		p.permits[r.RoleID] = "#" + id
		list = append(list, accessRole(id, r))
	}
	return list
}

func accessRole(id string, r apiclient.Role) views.AccessRole {
	v := views.AccessRole{ID: id, Name: cmp.Or(r.Name, r.Code), Kind: r.Entity, Description: r.Description}
	for _, permission := range r.Permissions {
		v.Permissions = append(v.Permissions, views.AccessPermission{
			Text: cmp.Or(permission.Description, permission.Name), Code: permission.Name, Condition: permission.Condition,
		})
	}
	return v
}

// accessStamp is what is printed at the foot of a page.
func (h *Handlers) accessStamp(c echo.Context, readAt time.Time) string {
	return "Read from Toggl " + h.clock(c).Moment(readAt).Text + ". " + h.publicURL.Scheme + "://" + h.publicURL.Host + c.Request().URL.RequestURI()
}
