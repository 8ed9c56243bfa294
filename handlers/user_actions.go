package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/views"
)

// userActions are what else can be done about a user: the same as in the menu
// of their row in the table.
func userActions(organizationID int64, u apiclient.OrganizationUser) []views.UserAction {
	one := oneUser(u)
	actions := []views.UserAction{{Label: "Effective access", Icon: "eye", URL: "#h-access"}}
	if u.Owner {
		return actions
	}
	if !u.Joined && !u.Inactive {
		actions = append(actions, views.UserAction{
			Label: "Resend invitation", Icon: "send", Post: true, URL: views.UserInvitationURL(organizationID, u.ID, u.Email),
		})
	}
	if u.Inactive {
		actions = append(actions, views.UserAction{
			Label: "Reactivate", Icon: "user-check", URL: views.UsersChangeURL(organizationID, string(changes.Reactivate), one),
		})
	} else {
		actions = append(actions, views.UserAction{
			Label: "Deactivate", Icon: "ban", URL: views.UsersChangeURL(organizationID, string(changes.Deactivate), one),
		})
	}
	return append(actions, views.UserAction{
		Label: "Remove from organization…", Icon: "trash-2", Danger: true, URL: views.UsersRemovalURL(organizationID, one),
	})
}

// invitationLine says since when somebody is invited, and whether that has been
// too long.
func invitationLine(u apiclient.OrganizationUser, clock views.Clock) string {
	text := "Invited " + midSentence(clock.Date(u.CreatedAt)) + "."
	switch age := clock.Now.Sub(u.CreatedAt); {
	case age >= invitationExpires*24*time.Hour:
		return text + " Invitations expire after " + strconv.Itoa(invitationExpires) + " days: send it again."
	case age > oldInvitation:
		return text + " It has been waiting for " + strconv.Itoa(int(age.Hours()/24)) + " days."
	default:
		return text
	}
}

// oneUser is a selection of one, for a link: the e-mail address finds them in
// one call.
func oneUser(u apiclient.OrganizationUser) url.Values {
	query := url.Values{"id": {strconv.FormatInt(u.ID, 10)}}
	if u.Email != "" {
		query.Set("email", u.Email)
	}
	return query
}

// resendInvitation sends a pending invitation again. Its id is known from the
// list that the person saw.
func (h *Handlers) resendInvitation(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	f, err := readUserForm(c, api, api, c.QueryParam("email"))
	if err != nil {
		return err
	}
	name := displayName(f.user.Name, f.user.Email)
	back := auth.SafeReturn(refererPath(c.Request())) // the list, or the user's page
	if back == views.PathHome {
		back = views.UserURL(f.organizationID, f.user.ID, f.user.Email)
	}
	if f.user.InvitationID == nil {
		return h.done(c, s, auth.Flash{Kind: "warn", Text: "No invitation of " + name + " is pending, so none was sent."}, back)
	}
	err = api.ResendInvitation(c.Request().Context(), f.organizationID, *f.user.InvitationID)
	if err == nil {
		return h.done(c, s, auth.Flash{Kind: "ok", Text: "Sent the invitation to " + name + " again."}, back)
	}
	var upstream *apiclient.Error
	if !errors.As(err, &upstream) {
		return err
	}
	p := h.changeProblem(c, upstream)
	if upstream.Kind == apiclient.ErrNotFound {
		p.Status = http.StatusUnprocessableEntity
	}
	f.notes = []views.Note{{
		Kind: "bad", Strong: "The invitation to " + name + " was not sent again.", Words: upstream.Message,
		Text: strings.TrimSpace(p.Title + ". " + statusText(upstream.Status)), Details: upstream.TraceID,
	}}
	return h.renderUser(c, p.Status, api, f)
}
