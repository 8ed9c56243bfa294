package sandbox

import (
	"net/http"
	"net/mail"
	"strconv"
	"strings"
)

// userUpdate is the body of PUT organization user. What is not sent stays.
type userUpdate struct {
	Email             optional[string]            `json:"email"`
	Name              optional[string]            `json:"name"`
	Groups            optional[[]int64]           `json:"groups"`
	Inactive          optional[bool]              `json:"inactive"`
	OrganizationAdmin optional[bool]              `json:"organization_admin"`
	RoleID            optional[roleNumber]        `json:"role_id"`
	Workspaces        optional[[]workspaceChange] `json:"workspaces"`
}

// A roleNumber is 0 when what was sent is no number.
type roleNumber int64

// UnmarshalJSON never fails: that is for the check to say in the API's words.
func (r *roleNumber) UnmarshalJSON(data []byte) error {
	n, err := strconv.ParseInt(string(data), 10, 64)
	if err != nil {
		n = 0
	}
	*r = roleNumber(n)
	return nil
}

func (in *userUpdate) empty() bool {
	return !in.Email.given() && !in.Name.given() && !in.Groups.given() && !in.Inactive.given() &&
		!in.OrganizationAdmin.given() && !in.RoleID.given() && !in.Workspaces.given()
}

func updateOrganizationUser(c *call) answer {
	if _, numeric := c.pathID("organization_id"); !numeric {
		return c.invalid("Missing or invalid organization_id.")
	}
	id, numeric := c.pathID("organization_user_id")
	if !numeric {
		return c.notFound("Invalid organization user ID.")
	}
	org, _ := c.admin()
	if org == nil {
		return c.deny("User is not authorized to update the organization user")
	}
	u, refusal := c.findUser(org, id)
	if u == nil {
		return refusal
	}
	var input userUpdate
	if !c.decode(&input) {
		return c.invalid("Invalid JSON input")
	}
	if input.empty() {
		return c.invalid("At least one field is required.")
	}
	if message := input.check(c.world, u); message != "" {
		return c.invalid(message)
	}
	if !org.plan.paid && input.needsPlan() {
		return c.refuse(http.StatusPaymentRequired, "Rates and labor costs available only for premium plans")
	}
	input.apply(c, u)
	return okText()
}

// findUser finds a user of the organization to change.
func (c *call) findUser(org *organization, id int64) (*orgUser, answer) {
	u := c.world.user(id)
	switch {
	case u == nil && c.world.gone[id]:
		return nil, c.notFound("Failed to load user data.")
	case u == nil:
		return nil, c.notFound("Invalid organization user ID.")
	case u.org != org:
		return nil, c.invalid("User does not exist in the organization.")
	case u.account.closed:
		return nil, c.notFound("Failed to load user data.")
	}
	return u, answer{}
}

// check returns the API's words where the update is refused.
func (in *userUpdate) check(w *world, u *orgUser) string {
	checks := []func() string{
		in.checkFlags,
		func() string { return in.checkRole(u) },
		func() string { return in.checkName() },
		func() string { return in.checkEmail(w, u) },
		func() string { return in.checkGroups(u.org) },
		func() string { return in.checkWorkspaces(u.org) },
		func() string { return in.checkProtected(u) },
	}
	for _, check := range checks {
		if message := check(); message != "" {
			return message
		}
	}
	return ""
}

// checkFlags: role_id anywhere and admin flags anywhere exclude each other.
func (in *userUpdate) checkFlags() string {
	flags, ids := in.OrganizationAdmin.given(), in.RoleID.given()
	if ids && in.RoleID.value <= 0 {
		return "Invalid role_id."
	}
	for _, change := range in.Workspaces.value {
		flags = flags || change.flagged()
		ids = ids || change.RoleID.given()
		if change.RoleID.given() && change.RoleID.value <= 0 {
			return "Invalid role_id."
		}
	}
	if flags && ids {
		return "Cannot use both admin flags and role_id."
	}
	return ""
}

func (in *userUpdate) checkRole(u *orgUser) string {
	if !in.RoleID.given() {
		return ""
	}
	id := int64(in.RoleID.value)
	r, found := roleByID(id)
	switch {
	case !found:
		return "Invalid role ID: " + strconv.FormatInt(id, 10) + "."
	case r.entity != "organization", id == roleOrgOwner && !u.isOwner():
		return "Invalid organization role."
	}
	return ""
}

func (in *userUpdate) checkName() string {
	if in.Name.given() && strings.TrimSpace(in.Name.value) == "" {
		return "Field 'name' cannot be empty."
	}
	return ""
}

func (in *userUpdate) checkEmail(w *world, u *orgUser) string {
	email := in.Email.value
	switch {
	case !in.Email.given() || email == u.account.email:
		return ""
	case strings.TrimSpace(email) == "":
		return "Missing e-mail."
	case !validEmail(email):
		return "Invalid e-mail: '" + email + "'"
	case w.hasEmail(email, u.account):
		return "Email already exists."
	case !u.canEditEmail():
		return "User has multiple organizations."
	}
	return ""
}

func validEmail(email string) bool {
	address, err := mail.ParseAddress(email)
	return err == nil && address.Address == email
}

// hasEmail says whether somebody else has an e-mail.
func (w *world) hasEmail(email string, except *account) bool {
	a := w.emails[strings.ToLower(email)]
	return a != nil && a != except
}

func (in *userUpdate) checkGroups(org *organization) string {
	for _, id := range in.Groups.value {
		if org.group(id) == nil {
			return "Group '" + strconv.FormatInt(id, 10) + "' is not in Organization '" + strconv.FormatInt(org.id, 10) + "'."
		}
	}
	return ""
}

func (in *userUpdate) checkWorkspaces(org *organization) string {
	for _, change := range in.Workspaces.value {
		if org.workspace(change.WorkspaceID) == nil {
			return "Workspace '" + strconv.FormatInt(change.WorkspaceID, 10) + "' is not in Organization '" + strconv.FormatInt(org.id, 10) + "'."
		}
		if message := change.check(); message != "" {
			return message
		}
	}
	return ""
}

// checkProtected keeps the owner and the paying user what they are.
func (in *userUpdate) checkProtected(u *orgUser) string {
	who := ""
	switch {
	case u.isOwner():
		who = "owner"
	case u.org.paying == u:
		who = "paying user"
	default:
		return ""
	}
	role := in.wantedRole(u)
	if u.isOwner() && role != roleOrgOwner || u.isAdmin() && role == roleOrgMember {
		return "Cannot remove admin privileges from " + who + "."
	}
	if in.Inactive.value && !u.inactive {
		return "Cannot deactivate " + who + "."
	}
	return ""
}

// wantedRole is the organization role after the update.
func (in *userUpdate) wantedRole(u *orgUser) int64 {
	switch {
	case in.RoleID.given():
		return int64(in.RoleID.value)
	case in.OrganizationAdmin.given() && !in.OrganizationAdmin.value:
		return roleOrgMember
	case in.OrganizationAdmin.given() && !u.isAdmin():
		return roleOrgAdmin
	}
	return u.role
}
