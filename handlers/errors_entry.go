package handlers

import (
	"errors"
	"net/http"

	"roster/auth"
	"roster/views"
)

// entryProblem is about who somebody is; false where it is about something else.
func entryProblem(err error) (problem, bool) {
	again := []views.Link{{Label: "Sign in again", URL: views.PathSignIn}}
	var refused *auth.RefusedError
	switch {
	case errors.Is(err, auth.ErrUntrustedPeer):
		return problem{
			Status: http.StatusForbidden, Icon: "ban", Title: "This did not come through Roster's proxy",
			Text: "Roster takes nobody's word on who you are but its own proxy's. Open Roster under its public address.",
		}, true
	case errors.Is(err, auth.ErrBadIdentity):
		return problem{
			Status: http.StatusForbidden, Icon: "ban", Title: "It is in doubt who you are",
			Text: "What the proxy in front of Roster says about you doesn't hold. Sign out there and in again. If that doesn't help, tell the people who run Roster.",
		}, true
	case errors.Is(err, auth.ErrNoIdentity):
		return problem{
			Status: http.StatusUnauthorized, Icon: "lock", Title: "You are not signed in",
			Text: "The proxy in front of Roster did not say who you are. Sign in there, then try again.", Retry: true,
		}, true
	case errors.Is(err, auth.ErrKeys):
		return problem{
			Status: http.StatusServiceUnavailable, Icon: "unplug", Title: "Roster can't check who you are",
			Text: "The keys for that can't be read at the moment. It usually passes within a minute.", Retry: true,
		}, true
	case errors.As(err, &refused):
		return problem{Status: http.StatusForbidden, Icon: "lock", Title: "You were not signed in", Text: refused.Words(), Links: again}, true
	case errors.Is(err, auth.ErrAttempt):
		return problem{
			Status: http.StatusBadRequest, Icon: "clock", Title: "This sign-in is over",
			Text: "It was begun too long ago, in another browser, or has been used before. Begin again.", Links: again,
		}, true
	case errors.Is(err, auth.ErrBadAnswer):
		return problem{
			Status: http.StatusForbidden, Icon: "ban", Title: "It is in doubt who you are",
			Text: "What your identity provider answered doesn't hold, so you are not signed in. Try again. If that doesn't help, tell the people who run Roster.", Links: again,
		}, true
	case errors.Is(err, auth.ErrProvider):
		return problem{
			Status: http.StatusServiceUnavailable, Icon: "unplug", Title: "Your identity provider can't be reached",
			Text: "So Roster can't tell who you are at the moment. Nothing was changed. It usually passes within a few minutes.", Retry: true, Links: again,
		}, true
	}
	return problem{}, false
}
