package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// Fields of the invitation form. A workspace's role is "role_id[8000001]".
const (
	fieldEmails     = "emails"
	fieldWorkspaces = "workspaces"
	fieldWithout    = "without"
)

// An invitation is one rendering of the form: what is typed, and what is wrong
// with it.
type invitation struct {
	organizationID int64
	emails         string
	addresses      []string
	workspaces     []int64
	roles          map[int64]int64 // by workspace
	groups         []int64
	// without are addresses that the person agreed to leave out.
	without []string
	choices userChoices
	faults  map[string]views.FieldError
	lines   []string // one for each address that can't be read
	// refused is the address that Toggl's words name.
	refused string
	general []views.SummaryLine
	// uncertain: no answer came, so people may have been invited all the same.
	uncertain bool
}

// showInvitations is the empty form; the address may choose a workspace.
func (h *Handlers) showInvitations(c echo.Context, api *apiclient.Client) error {
	f, err := readInvitation(c, c.QueryParams())
	if err != nil {
		return err
	}
	f.choices = readUserChoices(c.Request().Context(), api, f.organizationID)
	return h.renderInvitations(c, http.StatusOK, api, f)
}

// inviteUsers invites all addresses in one call.
func (h *Handlers) inviteUsers(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	f, err := readInvitation(c, form)
	if err != nil {
		return err
	}
	f.choices = readUserChoices(c.Request().Context(), api, f.organizationID)
	if f.validate(); len(f.faults) > 0 {
		return h.renderInvitations(c, http.StatusUnprocessableEntity, api, f)
	}
	result, err := api.InviteUsers(c.Request().Context(), f.organizationID, f.input())
	if err != nil {
		return h.refuseInvitation(c, api, f, err)
	}
	o := f.outcome(result)
	id := h.keepOutcome(c, s, kindInvitation, f.organizationID, o)
	if id == "" {
		return h.renderInvitationResult(c, api, o.view(f.organizationID))
	}
	return redirect(c, views.InvitationResultURL(f.organizationID, id))
}

func readInvitation(c echo.Context, values url.Values) (invitation, error) {
	id, err := organizationID(c)
	if err != nil {
		return invitation{}, err
	}
	f := invitation{organizationID: id, emails: values.Get(fieldEmails), roles: map[int64]int64{}, without: values[fieldWithout]}
	f.addresses, f.lines = readAddresses(f.emails)
	f.addresses = slices.DeleteFunc(f.addresses, func(address string) bool { return slices.Contains(f.without, address) })
	f.workspaces, f.groups = readIDs(values[fieldWorkspaces]), readIDs(values[fieldGroups])
	for name := range values {
		workspaceID := idOf(strings.TrimSuffix(strings.TrimPrefix(name, "role_id["), "]"))
		if roleID := idOf(values.Get(name)); workspaceID != nil && roleID != nil {
			f.roles[*workspaceID] = *roleID
		}
	}
	return f, nil
}

func readIDs(values []string) []int64 {
	var ids []int64
	for _, text := range readList(values) {
		if id := idOf(text); id != nil {
			ids = append(ids, *id)
		}
	}
	return ids
}

// validate finds what can be known without asking Toggl.
func (f *invitation) validate() {
	faults := map[string]string{}
	switch {
	case len(f.lines) > 0:
		faults[fieldEmails] = views.Plural(len(f.lines), "address can't be read.", "addresses can't be read.")
	case len(f.addresses) == 0:
		faults[fieldEmails] = "Give at least one e-mail address."
	case len(f.addresses) > maxAddresses:
		faults[fieldEmails] = "These are " + views.Count(len(f.addresses)) + " addresses. Invite at most " + views.Count(maxAddresses) + " at once."
	}
	if len(f.workspaces) == 0 {
		faults[fieldWorkspaces] = "Choose at least one workspace."
	}
	f.faults = fieldErrors(faults)
}

func (f *invitation) input() apiclient.InvitationInput {
	input := apiclient.InvitationInput{Emails: f.addresses, Groups: f.groups}
	for _, id := range f.workspaces {
		workspace := apiclient.InvitationWorkspace{WorkspaceID: id}
		if roleID, ok := f.roles[id]; ok {
			workspace.RoleID = &roleID
		}
		input.Workspaces = append(input.Workspaces, workspace)
	}
	return input
}

// refuseInvitation shows the form again with Toggl's words in their place.
func (h *Handlers) refuseInvitation(c echo.Context, api *apiclient.Client, f invitation, err error) error {
	var upstream *apiclient.Error
	if !errors.As(err, &upstream) {
		return err
	}
	p := h.changeProblem(c, upstream)
	if p.Status == http.StatusUnprocessableEntity {
		f.place(upstream)
	}
	if len(f.faults) == 0 {
		f.general = []views.SummaryLine{failureLine(upstream, p)}
		f.uncertain = unanswered(upstream)
	}
	return h.renderInvitations(c, p.Status, api, f)
}

func (h *Handlers) renderInvitations(c echo.Context, status int, api *apiclient.Client, f invitation) error {
	v := f.view()
	if f.choices.groupsErr != nil {
		v.GroupsNote = h.partNote(c, "The organization's groups could not be read.", f.choices.groupsErr)
	}
	page := h.usersPage(c, api, "Invite users")
	page.Failed = len(v.Summary) > 0
	return render(c, status, views.InvitationsPage(h.withFlash(c, page), v))
}

func (f *invitation) view() views.Invitations {
	v := views.Invitations{
		Action: views.InvitationsURL(f.organizationID), BackURL: views.UsersURL(f.organizationID, nil),
		Emails: views.Field{
			ID: fieldEmails, Name: fieldEmails, Label: "E-mail addresses", Value: f.emails, Error: f.faults[fieldEmails],
			Hint: "One a line, or with commas or semicolons between them. “Name <mail>” from a mail program works too.",
		},
		Lines: f.lines, Without: f.without, WorkspacesError: f.faults[fieldWorkspaces], GroupsError: f.faults[fieldGroups],
		Heading: "Nobody was invited.",
	}
	if f.uncertain {
		v.Heading = "It isn't known whether anybody was invited."
	}
	for _, choice := range f.choices.workspaces {
		v.Workspaces = append(v.Workspaces, f.workspace(choice))
	}
	for _, choice := range f.choices.groups {
		id := idOf(choice.Value)
		v.Groups = append(v.Groups, views.GroupBox{ID: choice.Value, Name: choice.Label, Member: id != nil && slices.Contains(f.groups, *id)})
	}
	if left := len(f.addresses) - 1; f.refused != "" && left > 0 {
		v.Refused = f.refused
		v.OthersLabel = "Invite the other " + rest(left, "one without it", "without it")
	}
	v.Summary = slices.Concat(
		faultLine(v.Emails.Error, v.Emails.Label, v.Emails.ID),
		faultLine(v.WorkspacesError, "Workspaces", fieldWorkspaces),
		f.roleLines(v.Workspaces),
		faultLine(v.GroupsError, "Groups", fieldGroups),
		f.general,
	)
	return v
}

func (f *invitation) workspace(choice views.Choice) views.InvitationWorkspace {
	w := views.InvitationWorkspace{ID: choice.Value, Name: choice.Label}
	role := views.Field{ID: "role-" + choice.Value, Name: "role_id[" + choice.Value + "]", Label: "Role in " + choice.Label}
	id := idOf(choice.Value)
	if id == nil {
		return w
	}
	w.Chosen = slices.Contains(f.workspaces, *id)
	role.Error = f.faults[role.Name]
	chosen := ""
	if roleID, ok := f.roles[*id]; ok {
		chosen = strconv.FormatInt(roleID, 10)
	}
	role.Options = f.choices.newMemberRoles(chosen)
	w.Role = role
	return w
}

func (f *invitation) roleLines(workspaces []views.InvitationWorkspace) []views.SummaryLine {
	var lines []views.SummaryLine
	for _, w := range workspaces {
		lines = append(lines, faultLine(w.Role.Error, w.Role.Label, w.Role.ID)...)
	}
	return lines
}
