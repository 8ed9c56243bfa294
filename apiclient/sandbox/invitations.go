package sandbox

import (
	"slices"
	"strings"
	"time"
)

// invitationsAnHour is how many invitations an organization may send.
const invitationsAnHour = 500

type invitationInput struct {
	Emails     []string           `json:"emails"`
	Workspaces []invitedWorkspace `json:"workspaces"`
	Groups     []int64            `json:"groups"`
	SkipEmail  bool               `json:"skip_email"`
}

type invitedWorkspace struct {
	WorkspaceID int64            `json:"workspace_id"`
	RoleID      optional[int64]  `json:"role_id"`
	Admin       optional[bool]   `json:"admin"`
	Role        optional[string] `json:"role"`
}

type invitationResult struct {
	Data        []invitationWire `json:"data"`
	Invitations []invitationCard `json:"invitations"`
	Messages    []string         `json:"messages"`
}

type invitationWire struct {
	Email          string `json:"email"`
	InvitationID   int64  `json:"invitation_id"`
	InviteURL      string `json:"invite_url"`
	OrganizationID int64  `json:"organization_id"`
	RecipientID    int64  `json:"recipient_id"`
	SenderID       int64  `json:"sender_id"`
}

type invitationCard struct {
	Code             string `json:"code"`
	Email            string `json:"email"`
	OrganizationID   int64  `json:"organization_id"`
	OrganizationName string `json:"organization_name"`
	SenderEmail      string `json:"sender_email"`
	SenderName       string `json:"sender_name"`
}

// Codes and links are secrets in the real service: these are made of the id
// alone, and are there so that a client that shows them is found out.
func invitationCode(u *orgUser) string { return secretOf(tokenPrefix, u.invitation) }
func inviteURL(u *orgUser) string      { return "https://invite.example/" + invitationCode(u) }

// inviteUsers invites all addresses or none; those of users that are there
// already get a message.
func inviteUsers(c *call) answer {
	if c.organization() == nil {
		return c.invalid("Invalid organization id")
	}
	org, sender := c.admin()
	if org == nil {
		return c.deny("Forbidden")
	}
	var input invitationInput
	if !c.decode(&input) {
		return c.invalid("Invalid JSON input")
	}
	if refusal := input.check(c, org); refusal != "" {
		return c.invalid(refusal)
	}
	result := invitationResult{Data: []invitationWire{}, Invitations: []invitationCard{}, Messages: []string{}}
	for _, email := range input.Emails {
		email = strings.TrimSpace(email)
		if a := c.world.emails[strings.ToLower(email)]; a != nil && a.in(org) != nil {
			result.Messages = append(result.Messages, "User with e-mail '"+email+"' is already a member of the organization")
			continue
		}
		u := input.invite(c, org, email)
		result.Data = append(result.Data, invitationWire{
			Email: email, InvitationID: u.invitation, InviteURL: inviteURL(u), OrganizationID: org.id,
			RecipientID: u.account.id, SenderID: c.caller.id,
		})
		result.Invitations = append(result.Invitations, invitationCard{
			Code: invitationCode(u), Email: email, OrganizationID: org.id, OrganizationName: org.name,
			SenderEmail: sender.account.email, SenderName: sender.account.name,
		})
	}
	return ok(result)
}

func (in *invitationInput) check(c *call, org *organization) string {
	switch {
	case len(in.Emails) == 0:
		return "at least one email is required"
	case len(in.Workspaces) == 0:
		return "at least one workspace is required"
	}
	for _, email := range in.Emails {
		if refusal := c.checkInvited(org, strings.TrimSpace(email)); refusal != "" {
			return refusal
		}
	}
	for _, w := range in.Workspaces {
		if org.workspace(w.WorkspaceID) == nil {
			return "invalid workspace ID"
		}
		if w.RoleID.given() && !assignable(w.RoleID.value) {
			return "Invalid workspace role with ID: " + decimal(w.RoleID.value) + "."
		}
	}
	for _, id := range in.Groups {
		if org.group(id) == nil {
			return "Unknown group at organization"
		}
	}
	if org.plan.users > 0 && org.occupied()+len(in.Emails) > org.plan.users {
		return "Active user limit is " + decimal(int64(org.plan.users)) + ". Upgrade to add more active users"
	}
	hourAgo := c.now.ago(time.Hour)
	org.invited = slices.DeleteFunc(org.invited, func(at stamp) bool { return at < hourAgo })
	if len(org.invited)+len(in.Emails) > invitationsAnHour {
		return "Invitation limit reached (please try again later; or upgrade)"
	}
	return ""
}

func (c *call) checkInvited(org *organization, email string) string {
	switch {
	case email == "":
		return "Missing e-mail"
	case !validEmail(email):
		return "Invalid e-mail: '" + email + "'"
	}
	if a := c.world.emails[strings.ToLower(email)]; a != nil {
		if u := a.in(org); u != nil && u.inactive {
			return "User with e-mail '" + email + "' is already an inactive member of the organization"
		}
	}
	return ""
}

// occupied counts the users that take a seat of the plan.
func (o *organization) occupied() int {
	seats := 0
	for _, u := range o.sorted {
		if !u.inactive {
			seats++
		}
	}
	return seats
}

// invite makes an invited user, with a new account where nobody has the e-mail.
func (in *invitationInput) invite(c *call, org *organization, email string) *orgUser {
	a := c.world.emails[strings.ToLower(email)]
	if a == nil {
		name, _, _ := strings.Cut(email, "@")
		a = c.world.addAccount(name, email, c.now)
	}
	u := c.world.newUser(org, a, c.now)
	u.joined = false
	u.invitation, u.invitedAt = next(&c.world.lastID.invitation), c.now
	org.insert(u)
	for _, w := range in.Workspaces {
		m := c.world.join(u, org.workspace(w.WorkspaceID), c.now)
		change := workspaceChange{Admin: w.Admin, Role: w.Role}
		change.RoleID = optional[roleNumber]{set: w.RoleID.set, null: w.RoleID.null, value: roleNumber(w.RoleID.value)}
		change.apply(m, c.now)
	}
	for _, id := range in.Groups {
		c.world.enter(org.group(id), u, c.now)
	}
	org.invited = append(org.invited, c.now)
	c.record(org, "create", "invitation", u.invitation, 0, nil, map[string]any{"email": email})
	return u
}

func resendInvitation(c *call) answer {
	id, _ := c.pathID("invitation_id")
	u := c.world.invited(id)
	if u == nil {
		return c.notFound("Invitation code not found")
	}
	if org := c.organization(); org != u.org {
		return c.invalid("Organization ID and invitation organization ID mismatch")
	}
	if org, _ := c.admin(); org == nil {
		return c.deny("Forbidden")
	}
	u.invitedAt, u.updatedAt = c.now, c.now
	c.record(u.org, "update", "invitation", u.invitation, 0, nil, map[string]any{"resent": true})
	return okText()
}

// invited finds the user of a pending invitation.
func (w *world) invited(invitation int64) *orgUser {
	for _, o := range w.organizations {
		for _, u := range o.sorted {
			if u.invitation == invitation && !u.joined && invitation != 0 {
				return u
			}
		}
	}
	return nil
}
