package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// apiFocus is what changes and errors of Focus' calls say they are of.
const apiFocus = "focus"

// focusID is the number under which Toggl Focus knows an organization: Track's,
// unless the person said another when they connected Focus.
func focusID(s *auth.Session, organizationID int64) int64 {
	if id, ok := s.FocusOrganizations[organizationID]; ok {
		return id
	}
	return organizationID
}

// notConnected is the note of a page that has more to show with a Focus key than
// without; more says what. Connecting leads back to the page; where
// one connection is everybody's, nobody connects here. Whether a key is there says
// api.HasFocus.
func (h *Handlers) notConnected(c echo.Context, more string) views.Note {
	note := views.Note{Strong: "Toggl Focus is not connected.", Text: more}
	if !h.isShared() {
		note.Link = views.Link{Label: "Connect Toggl Focus", URL: connectFocusURL(c)}
	}
	return note
}

// connectFocusURL leads to where Focus is connected, and back here. An address
// that took a change is no place to come back to.
func connectFocusURL(c echo.Context) string {
	if c.Request().Method != http.MethodGet {
		return views.FocusSettingsURL("")
	}
	return views.FocusSettingsURL(c.Request().URL.RequestURI())
}

// traceOf is what Focus calls a failure. Track's errors have no code, and their
// words stand alone.
func traceOf(e *apiclient.Error) views.Trace {
	if e.API != apiFocus {
		return views.Trace{}
	}
	return views.Trace{Code: e.Code, ID: e.TraceID}
}

// wordsOf are Toggl's words about a field or a row.
func wordsOf(e *apiclient.Error) views.FieldError {
	return views.FieldError{Text: e.Message, API: true, Trace: traceOf(e)}
}
