package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/views"
)

// An accessRecord is one person in one workspace; of a person in none the
// workspace is empty.
type accessRecord struct {
	workspaceID int64
	workspace   string
	row         *changes.ReviewRow
	role        string
	groups      []string
	readAt      time.Time
}

// accessCSV is what an access review holds.
var accessCSV = []csvColumn[accessRecord]{
	{"workspace_id", func(r accessRecord) string { return knownID(r.workspaceID) }},
	{"workspace", func(r accessRecord) string { return csvText(r.workspace) }},
	{"user_id", func(r accessRecord) string { return csvInt(r.row.User.UserID) }},
	{"organization_user_id", func(r accessRecord) string { return knownID(r.row.User.OrganizationUserID) }},
	{"name", func(r accessRecord) string { return csvText(r.row.User.Name) }},
	{"email", func(r accessRecord) string { return csvText(r.row.User.Email) }},
	{"organization_owner", func(r accessRecord) string { return csvFlag(r.row.User.Owner) }},
	{"organization_admin", func(r accessRecord) string { return csvFlag(r.row.User.Admin) }},
	{"role_id", func(r accessRecord) string { return knownID(r.row.RoleID) }},
	{"role", func(r accessRecord) string { return csvText(r.role) }},
	{"workspace_admin", func(r accessRecord) string { return csvFlag(r.row.Admin) }},
	{"access", func(r accessRecord) string { return accessWords[r.row.Membership] }},
	{"group_ids", func(r accessRecord) string { return csvList(r.row.Groups, csvInt) }},
	{"groups", func(r accessRecord) string { return csvList(r.groups, csvText) }},
	{"2fa_enabled", func(r accessRecord) string { return csvFlag(r.row.User.TwoFactor) }},
	{"joined", func(r accessRecord) string { return csvFlag(r.row.User.Joined) }},
	{"inactive", func(r accessRecord) string { return csvFlag(r.row.User.Inactive || r.row.Marks&changes.Inactive != 0) }},
	{"created_at", func(r accessRecord) string { return csvTime(r.row.User.CreatedAt) }},
	{"exceptions", func(r accessRecord) string { return strings.Join(markNames(r.row.Marks), "; ") }},
	{"read_at", func(r accessRecord) string { return csvTime(r.readAt) }},
}

// accessWords are the paths as the file has them.
var accessWords = map[changes.Membership]string{
	changes.Direct: "direct", changes.ThroughGroup: "group", changes.DirectAndGroup: "direct and group",
	changes.MaybeDirect: "group, perhaps direct", changes.NotMember: "none",
}

func markNames(marks changes.Mark) []string {
	var names []string
	for _, m := range []struct {
		mark changes.Mark
		name string
	}{{changes.TwoFactorOff, "two-factor off"}, {changes.LongInvited, "long invited"}, {changes.Inactive, "inactive"}} {
		if marks&m.mark != 0 {
			names = append(names, m.name)
		}
	}
	return names
}

// knownID is empty for an id that isn't known.
func knownID(id int64) string {
	if id == 0 {
		return ""
	}
	return csvInt(id)
}

// exportAccessReview sends the review that the page shows, as far as the filters
// match. It asks Toggl nothing but the names of roles where they aren't known.
func (h *Handlers) exportAccessReview(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	q := readAccessQuery(c)
	kept, err := h.reviews.find(c.Request().Context(), reviewKeyOf(s, id))
	if err != nil {
		return err
	}
	var shown *accessReview
	if kept != nil {
		shown = kept.shown()
	}
	if shown == nil || fromElsewhere(c) {
		return c.Redirect(http.StatusSeeOther, views.AccessURL(id, q.values()))
	}
	if err := giveTime(http.NewResponseController(c.Response())); err != nil {
		return err
	}
	roles, _ := knownTrackRoles(c.Request().Context(), api, id)
	return h.writeAccess(c, id, shown, q, workspaceNamesOf{roles: roles})
}

func (h *Handlers) writeAccess(c echo.Context, id int64, r *accessReview, q accessQuery, names workspaceNamesOf) error {
	file := newCSVFile(c, h.accessFileName(c, id, r), accessCSV)
	p := accessPrinter{organizationID: id, names: names, groups: r.groups}
	if err := file.add(nil); err != nil {
		return err
	}
	for _, w := range q.match(r.workspaces) {
		readAt := r.readAt
		if at, ok := r.lists[w.WorkspaceID]; ok {
			readAt = at
		}
		if err := file.add(p.records(w, readAt)); err != nil {
			return file.cutShort("", h.stopWords(c, err), err)
		}
	}
	if q.workspaceID == 0 {
		none := changes.WorkspaceReview{Rows: q.matchRows(r.homeless)}
		if err := file.add(p.records(none, r.readAt)); err != nil {
			return file.cutShort("", h.stopWords(c, err), err)
		}
	}
	if r.whole() {
		return nil
	}
	return file.incomplete(incompleteWords(r))
}

func (p accessPrinter) records(w changes.WorkspaceReview, readAt time.Time) []accessRecord {
	list := make([]accessRecord, len(w.Rows))
	for i := range w.Rows {
		row := &w.Rows[i]
		list[i] = accessRecord{workspaceID: w.WorkspaceID, workspace: w.Name, row: row, readAt: readAt}
		if row.Membership != changes.NotMember {
			list[i].role = p.role(row).Text
		}
		for _, group := range row.Groups {
			list[i].groups = append(list[i].groups, p.groupName(group))
		}
	}
	return list
}

// incompleteWords say in a line what a review doesn't hold.
func incompleteWords(r *accessReview) string {
	var words []string
	if r.missing > 0 {
		words = append(words, strconv.Itoa(r.missing)+" requests to Toggl were not made or not answered.")
	}
	if len(r.refused) > 0 {
		words = append(words, "Toggl did not give the own lists of "+strconv.Itoa(len(r.refused))+" workspaces.")
	}
	if r.moved {
		words = append(words, "The list of users changed while it was read.")
	}
	return strings.Join(words, " ")
}

// accessFileName holds nothing that anybody typed, and says where the file isn't
// whole.
func (h *Handlers) accessFileName(c echo.Context, id int64, r *accessReview) string {
	name := "organization-" + strconv.FormatInt(id, 10) + "-access-" + r.readAt.In(h.clock(c).Location).Format("2006-01-02")
	if !r.whole() {
		name += "-incomplete"
	}
	return name + ".csv"
}
