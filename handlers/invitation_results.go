package handlers

import (
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// An invitationOutcome is what became of the addresses of an invitation.
type invitationOutcome struct {
	results  []views.AddressResult
	messages []string
}

// results says of each address what became of it. Toggl lists those that were
// invited, under one name or another, and speaks of others in its messages.
func (f *invitation) results(result apiclient.InvitationResult) invitationOutcome {
	invited := map[string]bool{}
	for _, d := range result.Data {
		invited[strings.ToLower(d.Email)] = true
	}
	for _, i := range result.Invitations {
		invited[strings.ToLower(i.Email)] = true
	}
	var o invitationOutcome
	said := map[string]string{}
	for _, message := range result.Messages {
		if address := named(message, f.addresses); address != "" {
			said[address] = message
		} else {
			o.messages = append(o.messages, message)
		}
	}
	for _, address := range f.addresses {
		row := views.AddressResult{Email: address, Words: said[address]}
		switch {
		case invited[strings.ToLower(address)]:
			row.State = views.Tag{Text: "Invited", Icon: "send", Class: "ok"}
			row.Invited = true
		case row.Words != "":
			row.State = views.Tag{Text: "Not invited", Class: "warn"}
		default:
			row.State = views.Tag{Text: "No word from Toggl", Class: "warn"}
		}
		o.results = append(o.results, row)
	}
	for _, address := range f.without {
		o.results = append(o.results, views.AddressResult{Email: address, State: views.Tag{Text: "Left out"}})
	}
	return o
}

// showInvitationResult tells what became of each address.
func (h *Handlers) showInvitationResult(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	o, ok := h.invited.find(c.Param("result_id"), s.Subject, id)
	if !ok {
		return echo.ErrNotFound
	}
	invited := 0
	for _, row := range o.results {
		if row.Invited {
			invited++
		}
	}
	v := views.InvitationResult{
		Title: "Invited " + views.Plural(invited, "user", "users"), Rows: o.results, Messages: o.messages,
		BackURL: views.UsersURL(id, nil), MoreURL: views.InvitationsURL(id),
		InvitedURL: views.UsersURL(id, usersQuery{ActiveStatus: []string{"invited"}}.values()),
	}
	if invited == 0 {
		v.Title = "Nobody was invited"
	}
	if left := len(o.results) - invited; left > 0 {
		v.Line = views.Plural(left, "address was", "addresses were") + " not invited: " + strconv.Itoa(invited) + " of " + strconv.Itoa(len(o.results)) + " were."
	}
	return h.renderInvitationResult(c, api, v)
}

func (h *Handlers) renderInvitationResult(c echo.Context, api *apiclient.Client, v views.InvitationResult) error {
	return render(c, 200, views.InvitationResultPage(h.withFlash(c, h.usersPage(c, api, v.Title)), v))
}
