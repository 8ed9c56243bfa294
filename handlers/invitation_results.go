package handlers

import (
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

const (
	maxInvitationResults  = 200
	keepInvitationResults = time.Hour
)

// invitationResults keeps for a while what became of invitations, so that the
// page about it can be read again. They are in memory: the users list has the
// invited people in any case.
type invitationResults struct {
	now  func() time.Time
	mu   sync.Mutex
	list []invitationOutcome // oldest first
}

type invitationOutcome struct {
	id, owner      string
	organizationID int64
	at             time.Time
	results        []views.AddressResult
	messages       []string
}

func newInvitationResults(now func() time.Time) *invitationResults {
	return &invitationResults{now: now}
}

func (r *invitationResults) keep(owner string, organizationID int64, o invitationOutcome) (id string) {
	o.id, o.owner, o.organizationID, o.at = rand.Text(), owner, organizationID, r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = slices.DeleteFunc(r.list, func(old invitationOutcome) bool { return o.at.Sub(old.at) > keepInvitationResults })
	if len(r.list) >= maxInvitationResults {
		r.list = slices.Delete(r.list, 0, 1)
	}
	r.list = append(r.list, o)
	return o.id
}

func (r *invitationResults) find(id, owner string, organizationID int64) (invitationOutcome, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.list, func(o invitationOutcome) bool {
		return o.id == id && o.owner == owner && o.organizationID == organizationID && r.now().Sub(o.at) <= keepInvitationResults
	})
	if i < 0 {
		return invitationOutcome{}, false
	}
	return r.list[i], true
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
