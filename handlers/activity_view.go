package handlers

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/store"
	"roster/views"
)

// operationWords name changes by their operationId in the contracts.
var operationWords = map[string]string{
	"BulkUpdateOrganizationUsers": "Removed from the organization",
	"ChangeAssignments":           "Changed the access of",
	"CreateGroup":                 "Created a Focus group in",
	"CreateOrganization":          "Created an organization",
	"CreateTrackGroup":            "Created a group in",
	"CreateWorkspace":             "Created a workspace in",
	"DeleteGroup":                 "Deleted the Focus group",
	"DeleteTrackGroup":            "Deleted the group",
	"InviteUsers":                 "Invited to",
	"LeaveOrganization":           "Left",
	"PatchTrackGroup":             "Changed the group",
	"RemoveWorkspaceUsers":        "Removed from a workspace",
	"ResendInvitation":            "Sent again the invitation",
	"UpdateGroup":                 "Changed the Focus group",
	"UpdateOrganization":          "Renamed",
	"UpdateOrganizationUser":      "Changed",
	"UpdateTrackGroup":            "Changed the group",
	"UpdateWorkspaceUser":         "Changed in a workspace",
}

// resultTags are the results in words.
var resultTags = map[string]views.Tag{
	store.ResultDone:    {Text: "Done", Plain: true},
	store.ResultRefused: {Text: "Refused", Icon: "circle-alert", Class: "bad"},
	store.ResultFailed:  {Text: "No answer", Icon: "triangle-alert", Class: "warn"},
	store.ResultBegun:   {Text: "Not completed", Icon: "triangle-alert", Class: "warn"},
	store.ResultDenied:  {Text: "Not allowed", Icon: "lock", Class: "bad"},
}

func (h *Handlers) activityView(c echo.Context, api *apiclient.Client, id int64, q activityQuery, entries []store.ActivityEntry) views.Activity {
	all := q
	all.before = 0
	v := views.Activity{
		Action: views.ActivityURL(id, nil), ClearURL: views.ActivityURL(id, nil),
		CSVURL: views.ActivityCSVURL(id, all.values()), JSONLURL: views.ActivityJSONLURL(id, all.values()),
		EmptyStrong: "Nothing has been changed yet", EmptyText: "What is changed with Roster stands here from now on.",
	}
	if q.filtered() {
		v.EmptyStrong, v.EmptyText = "No change matches these filters", "Try another person, another day, or less of a name."
	}
	if len(entries) > activityRows {
		entries = entries[:activityRows]
		v.OlderURL = views.ActivityURL(id, q.olderThan(entries[activityRows-1].ID).values())
	}
	if q.before > 0 {
		v.NewestURL = views.ActivityURL(id, all.values())
	}
	names := knownActivityNames(c.Request().Context(), api, id)
	for i := range entries {
		v.Rows = append(v.Rows, activityRow(h.clock(c), &entries[i], names))
	}
	return v
}

func activityRow(clock views.Clock, e *store.ActivityEntry, names activityNames) views.ActivityRow {
	row := views.ActivityRow{
		ID: strconv.FormatInt(e.ID, 10), Title: cmp.Or(operationWords[e.Operation], e.Operation), Target: activityTarget(e),
		TargetURL: activityTargetURL(e), AboutURL: views.ActivityURL(e.OrganizationID, activityQuery{target: e.TargetKind + ":" + strconv.FormatInt(e.TargetID, 10)}.values()),
		Who: cmp.Or(e.Name, e.Subject), WhoURL: views.ActivityURL(e.OrganizationID, activityQuery{person: e.Subject}.values()),
		Time: clock.Moment(e.At), State: resultTags[e.Result], Fields: activityFields(e.Old, e.New, names),
	}
	if e.Result == store.ResultDenied {
		row.Title = "Was not allowed to use"
	}
	if e.Message != "" && e.Result != store.ResultDone {
		row.Error = views.FieldError{Text: e.Message, API: true}
	}
	row.Details = activityDetails(clock, e)
	return row
}

func activityDetails(clock views.Clock, e *store.ActivityEntry) []views.Fact {
	list := []views.Fact{
		{Term: "Operation", Value: e.Operation},
		{Term: "Number", Value: strconv.FormatInt(e.ID, 10)},
		{Term: "Person", Value: e.Issuer + " " + e.Subject},
		{Term: "Address", Value: e.IP},
		{Term: "Request", Value: e.RequestID},
	}
	if !e.EndedAt.IsZero() {
		list = append(list, views.Fact{Term: "Answered", Time: clock.Moment(e.EndedAt)})
	}
	if e.UpstreamStatus != 0 {
		list = append(list, views.Fact{Term: "Toggl's status", Value: strconv.Itoa(e.UpstreamStatus)})
	}
	if e.UpstreamRequestID != "" {
		list = append(list, views.Fact{Term: "Toggl's request", Value: e.UpstreamRequestID})
	}
	return list
}

// activityTarget names what was changed. An organization stands in every row:
// its page has it above.
func activityTarget(e *store.ActivityEntry) string {
	if e.TargetName != "" {
		return e.TargetName
	}
	if e.TargetID == 0 {
		return ""
	}
	kind := map[string]string{
		targetOrganization: "organization", targetOrganizationUser: "user", targetUser: "user", targetWorkspace: "workspace",
		targetWorkspaceUser: "workspace user", targetGroup: "group", targetInvitation: "",
	}[e.TargetKind]
	if kind == "" {
		return strconv.FormatInt(e.TargetID, 10)
	}
	return kind + " " + strconv.FormatInt(e.TargetID, 10)
}

// activityTargetURL is empty for what has no page of its own.
func activityTargetURL(e *store.ActivityEntry) string {
	switch {
	case e.TargetID == 0, e.Operation == "BulkUpdateOrganizationUsers" && e.Result == store.ResultDone:
		return ""
	case e.TargetKind == targetOrganizationUser:
		return views.UserURL(e.OrganizationID, e.TargetID, "")
	case e.TargetKind == targetGroup && !strings.HasPrefix(e.Operation, "Delete"):
		return views.GroupURL(e.OrganizationID, e.TargetID, nil)
	case e.TargetKind == targetWorkspace:
		return views.WorkspaceURL(e.OrganizationID, e.TargetID, nil)
	case e.TargetKind == targetUser:
		return views.AccountURL(e.OrganizationID, e.TargetID, "")
	}
	return ""
}
