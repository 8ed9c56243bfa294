package apiclient

import (
	"context"
	"net/http"
)

// InvitationInput is the body of InviteUsers.
type InvitationInput struct {
	Emails     []string              `json:"emails"`
	Workspaces []InvitationWorkspace `json:"workspaces"`
	Groups     []int64               `json:"groups,omitzero"` // Track group ids
	SkipEmail  bool                  `json:"skip_email,omitzero"`
}

// InvitationWorkspace is a workspace that an invitation leads to.
type InvitationWorkspace struct {
	WorkspaceID int64  `json:"workspace_id"`
	RoleID      *int64 `json:"role_id,omitzero"`
}

// InvitationResult tells what became of an invitation. The addresses and codes
// that let anyone accept it are secrets and not decoded.
type InvitationResult struct {
	Data        []InvitationDatum `json:"data"` // may be empty where Invitations is not
	Invitations []Invitation      `json:"invitations"`
	Messages    []string          `json:"messages"` // about single addresses
}

// InvitationDatum is an invitation by its ids.
type InvitationDatum struct {
	Email          string `json:"email"`
	InvitationID   int64  `json:"invitation_id"`
	OrganizationID int64  `json:"organization_id"`
	RecipientID    int64  `json:"recipient_id"` // global user id
	SenderID       int64  `json:"sender_id"`    // global user id
}

// Invitation is an invitation by its names.
type Invitation struct {
	Email            string `json:"email"`
	OrganizationID   int64  `json:"organization_id"`
	OrganizationName string `json:"organization_name"`
	SenderEmail      string `json:"sender_email"`
	SenderName       string `json:"sender_name"`
}

// InviteUsers invites people by their email addresses.
//
//api:operation track InviteUsers
func (c *Client) InviteUsers(ctx context.Context, organizationID int64, input InvitationInput) (InvitationResult, error) {
	r := track("InviteUsers", http.MethodPost, organizationID, "organizations", organizationID, "invitations").with(input).alsoMine()
	return write(ctx, c, r, decodeValue[InvitationResult])
}

// ResendInvitation sends a pending invitation again, by
// OrganizationUser.InvitationID.
//
//api:operation track ResendInvitation
func (c *Client) ResendInvitation(ctx context.Context, organizationID, invitationID int64) error {
	r := track("ResendInvitation", http.MethodPut, organizationID, "organizations", organizationID, "invitations", invitationID, "resend")
	return change(ctx, c, r)
}
