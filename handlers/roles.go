package handlers

import (
	"net/http"
	"slices"

	"roster/auth"
	"roster/views"
)

// noRoleProblem says whom to ask, and by what the person is known to Roster, so
// that whoever is asked can find them.
func noRoleProblem(s *auth.Session) problem {
	p := problem{
		Status: http.StatusForbidden, Icon: "lock", Title: "You have no role in Roster yet",
		Text:  "You are signed in, but nobody has let you in. Ask the people who run Roster for your company for the role of viewer or editor.",
		Alone: true,
		Links: []views.Link{{Label: "Settings", URL: views.PathSettings}},
	}
	if s == nil {
		return p
	}
	p.Text += " Tell them that you are " + s.Name + ", known as " + subjectWords(s) + "."
	return p
}

// subjectWords are what an operator's list of identities would name.
func subjectWords(s *auth.Session) string { return s.Subject }

// isMember reports whether the organization is one of those the person is known
// to be in.
func isMember(s *auth.Session, organizationID int64) bool {
	return s != nil && slices.ContainsFunc(s.Organizations, func(o auth.Organization) bool { return o.ID == organizationID })
}
