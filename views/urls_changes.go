package views

import "net/url"

// ReviewURL is the plan of what is staged, before it is applied.
func ReviewURL(organizationID int64, query url.Values) string {
	return withQuery(assignmentsPath(organizationID)+"/review", query)
}

// ApplicationsURL takes a POST that applies what is staged.
func ApplicationsURL(organizationID int64) string {
	return assignmentsPath(organizationID) + "/applications"
}

// DiscardURL takes a POST that gives up what is staged.
func DiscardURL(organizationID int64) string { return assignmentsPath(organizationID) + "/discard" }

// ImportURL takes a POST with a CSV to be staged.
func ImportURL(organizationID int64) string { return assignmentsPath(organizationID) + "/import" }

func assignmentsPath(organizationID int64) string {
	return OrganizationURL(organizationID) + "/assignments"
}

// ChangeSetsURL is the list of an organization's change sets.
func ChangeSetsURL(organizationID int64) string {
	return OrganizationURL(organizationID) + "/changes"
}

// ChangeSetURL is what became of a change set; the parameter "auto" marks what
// the page asks by itself.
func ChangeSetURL(organizationID int64, setID string, query url.Values) string {
	return withQuery(changeSetPath(organizationID, setID), query)
}

// ChangeSetCSVURL is the steps of a change set as a table.
func ChangeSetCSVURL(organizationID int64, setID string) string {
	return changeSetPath(organizationID, setID) + "/steps.csv"
}

// ChangeSetJSONURL is a change set with its steps as one object.
func ChangeSetJSONURL(organizationID int64, setID string) string {
	return changeSetPath(organizationID, setID) + "/steps.json"
}

// ChangeSetStopURL takes a POST that sends no more of a change set.
func ChangeSetStopURL(organizationID int64, setID string) string {
	return changeSetPath(organizationID, setID) + "/stop"
}

// ChangeSetResumeURL takes a POST that goes on with a change set.
func ChangeSetResumeURL(organizationID int64, setID string) string {
	return changeSetPath(organizationID, setID) + "/resume"
}

// ChangeSetUndoURL takes a POST that stages the way back from a change set.
func ChangeSetUndoURL(organizationID int64, setID string) string {
	return changeSetPath(organizationID, setID) + "/undo"
}

func changeSetPath(organizationID int64, setID string) string {
	return ChangeSetsURL(organizationID) + "/" + url.PathEscape(setID)
}

// ActivityURL is the log of changes with these filters.
func ActivityURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/activity", query)
}

// ActivityCSVURL is the log of changes that these filters match, as a table.
func ActivityCSVURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/activity.csv", query)
}

// ActivityJSONLURL is the same, an object a line.
func ActivityJSONLURL(organizationID int64, query url.Values) string {
	return withQuery(OrganizationURL(organizationID)+"/activity.jsonl", query)
}
