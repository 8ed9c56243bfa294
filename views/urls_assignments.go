package views

import "net/url"

// AssignmentsURL is the grid of who is in which workspace; it takes a POST that
// stages what its form holds.
func AssignmentsURL(organizationID int64, query url.Values) string {
	return withQuery(assignmentsPath(organizationID), query)
}

// AssignmentsStepsURL takes a POST that stages cells, or takes them back; query
// is that of the grid which they stand in.
func AssignmentsStepsURL(organizationID int64, query url.Values) string {
	return withQuery(assignmentsPath(organizationID)+"/steps", query)
}
