package handlers

import (
	"errors"

	"github.com/labstack/echo/v4"

	"roster/auth"
	"roster/views"
)

// identityFacts are who the person is to Roster, in the words that an operator's
// lists use.
func (h *Handlers) identityFacts(s *auth.Session) []views.Fact {
	facts := []views.Fact{{Term: "Signed in as", Value: s.Name, Hint: s.Email}}
	if s.Issuer != "" {
		facts = append(facts, views.Fact{Term: "Known as", Value: subjectWords(s), Hint: issuerOf(s)})
	}
	role := map[auth.Role]string{auth.RoleEditor: "Editor: sees and changes", auth.RoleViewer: "Viewer: sees, changes nothing"}[s.Role]
	if role == "" {
		role = "None"
	}
	return append(facts, views.Fact{Term: "Role in Roster", Value: role})
}

// describeConnection says by whose connection Toggl is asked, and for how long it is
// there, where that isn't what the person signs in with.
func (h *Handlers) describeConnection(c echo.Context, v *views.Settings, s *auth.Session) error {
	if h.isShared() {
		if err := h.connected(c, s); err != nil { // told in full where Toggl is needed
			h.log.Warn("whose the shared connection is can't be told", "id", requestIDOf(c), "error", err)
		}
		shared := h.trackConnection(c, h.client(s), s)
		shared.Detail, shared.Time = "Set up by the people who run Roster.", views.Time{}
		v.Shared = &shared
		return nil
	}
	if !h.connects() {
		return nil
	}
	v.Kept = &views.Kept{Connected: s.UserID != 0, MayKeep: h.kept != nil}
	kept, err := h.keptFor(c.Request().Context(), s)
	switch {
	case errors.Is(err, auth.ErrConnectionUnreadable):
		v.Kept.Unreadable = true
	case err != nil:
		return errors.Join(errStore, err)
	case kept != nil:
		v.Kept.Since = h.clock(c).Ago(kept.SavedAt)
	}
	return nil
}
