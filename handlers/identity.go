package handlers

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

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
	if s.GroupsUnknown {
		p.Text += " What signed you in did not say which groups you are in: they may have to set that up."
	}
	p.Text += " Tell them that you are " + s.Name + ", known as " + subjectWords(s) + " to " + issuerWords(s) + "."
	return p
}

// issuerOf says whose word it is who the person is.
func issuerOf(s *auth.Session) string { return cmp.Or(s.Issuer, issuerToggl) }

// issuerWords are for whoever is asked: an address says itself, a mode doesn't.
func issuerWords(s *auth.Session) string {
	switch issuer := issuerOf(s); issuer {
	case auth.IssuerProxyHeader:
		return "the proxy"
	case issuerToggl:
		return "Toggl"
	default:
		return issuer
	}
}

// subjectWords are what the issuer calls the person.
func subjectWords(s *auth.Session) string { return strings.TrimPrefix(s.Subject, s.Issuer+" ") }

// self is the person's number at Toggl, 0 where everybody goes by one account.
func (h *Handlers) self(s *auth.Session) int64 {
	if h.isShared() {
		return 0
	}
	return s.UserID
}

// isMember reports whether the organization is one of those the person is known
// to be in.
func isMember(s *auth.Session, organizationID int64) bool {
	return s != nil && slices.ContainsFunc(s.Organizations, func(o auth.Organization) bool { return o.ID == organizationID })
}
