// Package jsonbench measures JSON libraries on what a cold view decodes: a page
// of 200 organization users. docs/adr/0002-json.md keeps the figures. It is a
// module of its own, so that none of the libraries enters Roster's.
package jsonbench

import (
	"fmt"
	"strings"
	"time"
)

// user has the fields of apiclient.OrganizationUser.
type user struct {
	ID               int64       `json:"id"`
	UserID           int64       `json:"user_id"`
	OrganizationID   int64       `json:"organization_id"`
	Name             string      `json:"name"`
	Email            string      `json:"email"`
	AvatarURL        string      `json:"avatar_url"`
	RoleID           *int64      `json:"role_id"`
	Admin            bool        `json:"admin"`
	Owner            bool        `json:"owner"`
	Joined           bool        `json:"joined"`
	Inactive         bool        `json:"inactive"`
	InvitationID     *int64      `json:"invitation_id"`
	CanEditEmail     bool        `json:"can_edit_email"`
	TwoFactorEnabled bool        `json:"2fa_enabled"`
	WorkspaceCount   int64       `json:"workspace_count"`
	Workspaces       []workspace `json:"workspaces"`
	Groups           []group     `json:"groups"`
	CreatedAt        time.Time   `json:"created_at"`
	UpdatedAt        time.Time   `json:"updated_at"`
}

type workspace struct {
	WorkspaceID           int64    `json:"workspace_id"`
	WorkspaceUserID       int64    `json:"workspace_user_id"`
	WorkspaceName         string   `json:"workspace_name"`
	RoleID                *int64   `json:"role_id"`
	Role                  string   `json:"role"`
	Admin                 bool     `json:"admin"`
	Inactive              bool     `json:"inactive"`
	Rate                  *float64 `json:"rate"`
	Cost                  *float64 `json:"cost"`
	DefaultCurrency       string   `json:"default_currency"`
	WorkingHours          *float64 `json:"working_hours"`
	ViewEditBillableRates *bool    `json:"view_edit_billable_rates"`
	ViewEditLaborCosts    *bool    `json:"view_edit_labor_costs"`
	Groups                []group  `json:"groups"`
}

type group struct {
	GroupID int64  `json:"group_id"`
	Name    string `json:"name"`
}

// page builds an answer in the shape of the contract, with one member that no
// type knows, as the services send them.
func page(users int) []byte {
	var text strings.Builder
	text.WriteByte('[')
	for i := range users {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `{"id":%d,"user_id":%d,"organization_id":1000001,"name":"Zoë Müller %d","email":"person%d@example.com",`+
			`"avatar_url":"https://avatars.example.com/%d.png","role_id":%d,"admin":false,"owner":false,"joined":true,"inactive":false,`+
			`"invitation_id":null,"can_edit_email":true,"2fa_enabled":%t,"toggl_accounts_id":"AAAAAAAAAAAAAAAAAAAAAA","workspace_count":2,"workspaces":[`,
			5000000+i, 3000000+i, i, i, i, 3+i%3, i%2 == 0)
		for w := range 1 + i%3 {
			if w > 0 {
				text.WriteByte(',')
			}
			fmt.Fprintf(&text, `{"workspace_id":%d,"workspace_user_id":%d,"workspace_name":"Workspace %d","role_id":2,"role":"user","admin":false,`+
				`"inactive":false,"rate":%d.5,"cost":null,"default_currency":"EUR","working_hours":8,"view_edit_billable_rates":null,`+
				`"view_edit_labor_costs":null,"groups":[{"group_id":%d,"name":"Design"}]}`, 2000001+w, 7000000+i*8+w, w, 40+i%50, 400000+i%17)
		}
		fmt.Fprintf(&text, `],"groups":[{"group_id":%d,"name":"Design"}],"created_at":"2024-12-16T19:09:07.041832Z","updated_at":"2026-11-20T07:42:35.365613Z"}`,
			400000+i%17)
	}
	text.WriteByte(']')
	return []byte(text.String())
}
