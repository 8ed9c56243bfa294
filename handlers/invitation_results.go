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
	Addresses []addressOutcome `json:"addresses"`
	Messages  []string         `json:"messages"` // Toggl's, about no address
}

// An addressOutcome is what became of one of them.
type addressOutcome struct {
	Email string       `json:"email"`
	State addressState `json:"state"`
	Words string       `json:"words,omitempty"` // Toggl's
}

// An addressState is a word that is stored.
type addressState string

const (
	addressInvited addressState = "invited"
	addressRefused addressState = "refused"
	addressNoWord  addressState = "no word"
	addressLeftOut addressState = "left out"
)

var addressTags = map[addressState]views.Tag{
	addressInvited: {Text: "Invited", Icon: "send", Class: "ok"},
	addressRefused: {Text: "Not invited", Class: "warn"},
	addressNoWord:  {Text: "No word from Toggl", Class: "warn"},
	addressLeftOut: {Text: "Left out"},
}

// outcome says of each address what became of it. Toggl lists those that were
// invited, under one name or another, and speaks of others in its messages.
func (f *invitation) outcome(result apiclient.InvitationResult) invitationOutcome {
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
			o.Messages = append(o.Messages, message)
		}
	}
	for _, address := range f.addresses {
		a := addressOutcome{Email: address, Words: said[address], State: addressNoWord}
		switch {
		case invited[strings.ToLower(address)]:
			a.State = addressInvited
		case a.Words != "":
			a.State = addressRefused
		}
		o.Addresses = append(o.Addresses, a)
	}
	for _, address := range f.without {
		o.Addresses = append(o.Addresses, addressOutcome{Email: address, State: addressLeftOut})
	}
	return o
}

// showInvitationResult tells what became of each address.
func (h *Handlers) showInvitationResult(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	var o invitationOutcome
	if err := h.findOutcome(c, s, kindInvitation, c.Param("result_id"), id, &o); err != nil {
		return err
	}
	return h.renderInvitationResult(c, api, o.view(id))
}

func (o *invitationOutcome) view(organizationID int64) views.InvitationResult {
	v := views.InvitationResult{
		Messages: o.Messages, BackURL: views.UsersURL(organizationID, nil), MoreURL: views.InvitationsURL(organizationID),
		InvitedURL: views.UsersURL(organizationID, usersQuery{ActiveStatus: []string{"invited"}}.values()),
	}
	invited, all := 0, len(o.Addresses)
	for _, a := range o.Addresses {
		row := views.AddressResult{Email: a.Email, Words: a.Words, State: addressTags[a.State], Invited: a.State == addressInvited}
		if row.Invited {
			invited++
		}
		v.Rows = append(v.Rows, row)
	}
	v.Title = "Invited " + views.Plural(invited, "user", "users")
	if invited == 0 {
		v.Title = "Nobody was invited"
	}
	if left := all - invited; left > 0 {
		v.Line = views.Plural(left, "address was", "addresses were") + " not invited: " + strconv.Itoa(invited) + " of " + strconv.Itoa(all) + " were."
	}
	return v
}

func (h *Handlers) renderInvitationResult(c echo.Context, api *apiclient.Client, v views.InvitationResult) error {
	return render(c, 200, views.InvitationResultPage(h.withFlash(c, h.usersPage(c, api, v.Title)), v))
}
