package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/views"
)

// Fields of the pages on which a change of many users is chosen. Those of the
// list, such as "groups", travel along under their own names.
const (
	fieldRoleID      = "role_id"
	fieldGroupsToAdd = "groups_to_add"
)

// A usersChange is one rendering of the page that says what a change of many
// users would send.
type usersChange struct {
	organizationID int64
	chosen         selection
	change         changes.UserChange
	users          []apiclient.OrganizationUser
	missing        []int64
	choices        userChoices
	// asked: the person wants to see or start it, so that a missing choice is a fault.
	asked   bool
	faults  map[string]views.FieldError
	general []views.SummaryLine
}

// changeUsers shows what a change would send and, once that is confirmed,
// starts it in the background.
func (h *Handlers) changeUsers(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	f, values, err := readUsersChange(c)
	if err != nil {
		return err
	}
	if f.chosen.empty() {
		return h.done(c, s, auth.Flash{Kind: "warn", Text: "Nobody was selected, so nothing was changed."}, f.chosen.back(f.organizationID))
	}
	confirmed := c.Request().Method == http.MethodPost && values.Get("confirmed") == "true"
	f.asked = confirmed || values.Get("choose") != ""
	f.choices = readUserChoices(c.Request().Context(), api, f.organizationID)
	f.validate()
	source := api
	if confirmed {
		source = api.Fresh() // what is sent builds on what each user has now
	}
	if f.users, f.missing, err = f.chosen.users(c.Request().Context(), source, f.organizationID); err != nil {
		return h.tooMany(c, s, f.chosen, err)
	}
	if confirmed && len(f.faults) == 0 {
		return h.startUsersChange(c, api, s, f)
	}
	return h.renderUsersChange(c, api, s, f)
}

func readUsersChange(c echo.Context) (usersChange, url.Values, error) {
	id, err := organizationID(c)
	if err != nil {
		return usersChange{}, nil, err
	}
	kind := changes.Kind(c.Param("change"))
	if _, ok := changeWords[kind]; !ok {
		return usersChange{}, nil, echo.ErrNotFound
	}
	values, err := readValues(c)
	if err != nil {
		return usersChange{}, nil, err
	}
	f := usersChange{organizationID: id, chosen: readSelection(values), change: changes.UserChange{Kind: kind}}
	if roleID := idOf(values.Get(fieldRoleID)); roleID != nil {
		f.change.RoleID = *roleID
	}
	for _, text := range readList(values[fieldGroupsToAdd]) {
		if groupID := idOf(text); groupID != nil {
			f.change.GroupIDs = append(f.change.GroupIDs, *groupID)
		}
	}
	return f, values, nil
}

// chosenWhat reports whether it is said what to change to.
func (f *usersChange) chosenWhat() bool {
	switch f.change.Kind {
	case changes.SetRole:
		return f.change.RoleID != 0
	case changes.AddToGroups:
		return len(f.change.GroupIDs) > 0
	default:
		return true
	}
}

func (f *usersChange) validate() {
	if !f.asked || f.chosenWhat() {
		return
	}
	if f.change.Kind == changes.SetRole {
		f.faults = fieldErrors(map[string]string{fieldRoleID: "Choose a role."})
		return
	}
	f.faults = fieldErrors(map[string]string{fieldGroupsToAdd: "Choose at least one group."})
}

// steps are the users that something is sent for.
func (f *usersChange) steps() []changes.Step {
	steps := make([]changes.Step, 0, len(f.users))
	for _, u := range f.users {
		if step, skip := f.change.Step(f.organizationID, u); skip == "" {
			steps = append(steps, step)
		}
	}
	return steps
}

// startUsersChange begins to send, and leads to the page that tells how far it is.
func (h *Handlers) startUsersChange(c echo.Context, api *apiclient.Client, s *auth.Session, f usersChange) error {
	owned, record := h.credentials(s), h.recorder(c, s)
	b, err := h.changes.Start(c.Request().Context(), changes.Plan{
		Owner: s.Subject, OrganizationID: f.organizationID, Change: f.change, Steps: f.steps(),
		Client: func() *apiclient.Client { return h.clientOf(owned, s).Recording(record) },
	})
	switch {
	case errors.Is(err, changes.ErrNothing):
		return h.done(c, s, auth.Flash{Text: "Nothing was left to change, so nothing was sent."}, f.chosen.back(f.organizationID))
	case errors.Is(err, changes.ErrBusy):
		f.general = []views.SummaryLine{{Text: "Other changes of yours are still being sent.", Place: "Wait until one of them has ended, or stop it."}}
		return h.renderUsersChange(c, api, s, f)
	case errors.Is(err, changes.ErrClosed):
		return echo.ErrServiceUnavailable.SetInternal(err)
	case err != nil:
		return errors.Join(errStore, err) // it could not be written down
	}
	return redirect(c, views.BatchURL(f.organizationID, b.ID, nil))
}

func (h *Handlers) renderUsersChange(c echo.Context, api *apiclient.Client, s *auth.Session, f usersChange) error {
	status := http.StatusOK
	switch {
	case len(f.faults) > 0:
		status = http.StatusUnprocessableEntity
	case len(f.general) > 0:
		status = http.StatusConflict
	}
	v := f.view(h.self(s))
	if f.change.Kind == changes.AddToGroups && f.choices.groupsErr != nil {
		v.NoteOnChoice = h.partNote(c, "The organization's groups could not be read.", f.choices.groupsErr)
	}
	if f.change.Kind == changes.SetRole && f.choices.rolesErr != nil {
		v.NoteOnChoice = h.partNote(c, "The organization's roles could not be read.", f.choices.rolesErr)
	}
	if v.Ready {
		v.Pace = pace(c, h, api, f.organizationID, len(v.Rows))
	}
	page := h.newPage(c, api, v.Title)
	page.Failed = len(v.Summary) > 0
	return render(c, status, views.UsersChangePage(h.withFlash(c, page), v))
}

// pace says how many requests it takes, and whether Toggl allows as many now.
func pace(c echo.Context, h *Handlers, api *apiclient.Client, organizationID int64, requests int) string {
	text := views.Plural(requests, "request", "requests") + ", one after the other, about one a second."
	quota, ok := api.Quota(organizationID)
	switch {
	case !ok:
	case quota.Remaining < requests:
		text += " Toggl allows " + views.Count(quota.Remaining) + " more this hour: the rest follows from " + h.clock(c).Hour(quota.ResetsAt) + " on."
	default:
		text += " Toggl allows " + views.Count(quota.Remaining) + " more this hour."
	}
	return text
}

func (f *usersChange) view(self int64) views.UsersChange {
	words := changeWords[f.change.Kind]
	v := views.UsersChange{
		Action: views.UsersChangeURL(f.organizationID, string(f.change.Kind), nil),
		Stays:  words.stays, Sends: f.sends(), Summary: f.general,
	}
	v.BackURL = f.chosen.back(f.organizationID)
	var ids []int64
	for _, u := range f.users {
		row := chosenUser(f.organizationID, u, self)
		ids = append(ids, u.ID)
		if f.chosenWhat() {
			f.explain(&row, u)
		}
		if row.Why != "" {
			v.LeftOut = append(v.LeftOut, row)
		} else {
			v.Rows = append(v.Rows, row)
		}
	}
	for _, id := range f.missing {
		row := unknownUser(id, views.FieldError{})
		row.Why = "No longer in the organization."
		v.LeftOut = append(v.LeftOut, row)
	}
	v.Kept = f.chosen.kept(ids)
	v.Title = words.title(len(v.Rows))
	v.Button = v.Title
	v.Ready = f.chosenWhat() && len(v.Rows) > 0
	if len(v.Rows) == 0 {
		v.Title = "Nobody to change"
	}
	f.addChoices(&v)
	return v
}

// explain says what changes for one user, or why they are left out.
func (f *usersChange) explain(row *views.ChosenUser, u apiclient.OrganizationUser) {
	words := changeWords[f.change.Kind]
	switch _, skip := f.change.Of(u); skip {
	case changes.SkipOwner:
		row.Why = words.owner
	case changes.SkipAlready:
		row.Why = words.already
	default:
		row.Was, row.Now = f.wasAndNow(u)
	}
}

func (f *usersChange) wasAndNow(u apiclient.OrganizationUser) (was, now string) {
	switch f.change.Kind {
	case changes.SetRole:
		return f.choices.roleName(formID(u.RoleID)), f.choices.roleName(formID(&f.change.RoleID))
	case changes.AddToGroups:
		has := make([]int64, 0, len(u.Groups))
		for _, g := range u.Groups {
			has = append(has, g.GroupID)
		}
		added := slices.DeleteFunc(slices.Clone(f.change.GroupIDs), func(id int64) bool { return slices.Contains(has, id) })
		return "", "+ " + f.groupNames(added)
	default:
		was = userStatus(&u).Text
		u.Inactive = f.change.Kind == changes.Deactivate
		return was, userStatus(&u).Text
	}
}

func (f *usersChange) groupNames(ids []int64) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = cmp.Or(choiceName(f.choices.groups, id), "group "+strconv.FormatInt(id, 10))
	}
	return joinNames(names, len(names))
}

// sends is the body in the API's own terms.
func (f *usersChange) sends() string {
	switch f.change.Kind {
	case changes.SetRole:
		return "role_id: " + strconv.FormatInt(f.change.RoleID, 10)
	case changes.AddToGroups:
		return "groups: the user's own and " + f.groupNames(f.change.GroupIDs)
	case changes.Deactivate:
		return "inactive: true"
	default:
		return "inactive: false"
	}
}

// addChoices are the controls for the role or the groups.
func (f *usersChange) addChoices(v *views.UsersChange) {
	switch f.change.Kind {
	case changes.SetRole:
		chosen := ""
		if f.change.RoleID != 0 {
			chosen = strconv.FormatInt(f.change.RoleID, 10)
		}
		role := views.Field{ID: fieldRoleID, Name: fieldRoleID, Label: "Organization role", Error: f.faults[fieldRoleID]}
		role.Options = f.choices.roleOptions("organization", chosen)
		if chosen == "" {
			role.Options[0].Label = "Choose a role"
		}
		v.Role = &role
		v.Summary = append(v.Summary, faultLine(role.Error, role.Label, role.ID)...)
	case changes.AddToGroups:
		v.Groups = make([]views.GroupBox, 0, len(f.choices.groups))
		for _, g := range f.choices.groups {
			id, _ := strconv.ParseInt(g.Value, 10, 64) // made of a number
			v.Groups = append(v.Groups, views.GroupBox{ID: g.Value, Name: g.Label, Member: slices.Contains(f.change.GroupIDs, id)})
		}
		v.GroupsError = f.faults[fieldGroupsToAdd]
		v.Summary = append(v.Summary, faultLine(v.GroupsError, "Groups to add", "groups")...)
	}
}

func faultLine(fault views.FieldError, label, id string) []views.SummaryLine {
	if fault.Text == "" {
		return nil
	}
	return []views.SummaryLine{{Text: fault.Text, API: fault.API, Place: label, Href: "#" + id}}
}
