package handlers

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// userForm is one rendering of the form: the user as Toggl tells, what is in
// the fields, and what is wrong with it.
type userForm struct {
	organizationID int64
	user           apiclient.OrganizationUser
	was, typed     userFields
	// head says what happened to what was sent; empty when nothing was.
	head      string
	faults    map[string]views.FieldError
	general   []views.SummaryLine
	conflicts []views.Conflict
	choices   userChoices
	// notes are about something else than the form, such as an invitation.
	notes []views.Note
}

// showUser is one organization user as a form. There is no call for one user:
// the lists that are cached are looked through first.
func (h *Handlers) showUser(c echo.Context, api *apiclient.Client) error {
	f, err := readUserForm(c, api, api, c.QueryParam("email"))
	if err != nil {
		return err
	}
	return h.renderUser(c, http.StatusOK, api, f)
}

// readUserForm finds the user through source: what is cached may do to show
// the form, never to change anything.
func readUserForm(c echo.Context, api, source *apiclient.Client, emailHint string) (userForm, error) {
	f, err := newUserForm(c)
	if err != nil {
		return f, err
	}
	f.user, err = source.FindOrganizationUser(c.Request().Context(), f.organizationID, f.user.ID, emailHint)
	if err != nil {
		return f, err
	}
	f.was = fieldsOf(f.user)
	f.typed = f.was
	f.choices = readUserChoices(c.Request().Context(), api, f.organizationID).of(f.user)
	return f, nil
}

// newUserForm has the ids of the address and nothing else.
func newUserForm(c echo.Context) (f userForm, err error) {
	if f.organizationID, err = organizationID(c); err != nil {
		return f, err
	}
	f.user.ID, err = pathID(c, "organization_user_id")
	return f, err
}

// updateUser reads the user again, sends what changed, and reads what was
// really stored. Nothing that was typed is lost on the way.
func (h *Handlers) updateUser(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	was, remembered := decodeUserFields(form.Get("was"))
	f, err := readUserForm(c, api, api.Fresh(), cmp.Or(c.QueryParam("email"), was[fieldEmail]))
	if err != nil {
		return h.keepUser(c, api, form, was, err)
	}
	if !remembered {
		was = f.was // a form without memory: what is now is what was
	}
	f.typed = readUserFields(form, was)
	settle(form, was, f.typed)
	if f.conflicts = findConflicts(was, f.was, f.typed, f.choices); len(f.conflicts) > 0 {
		return h.renderUser(c, http.StatusConflict, api, f)
	}
	changes := changed(f.was, f.typed)
	if faults := f.typed.validate(changes); len(faults) > 0 {
		f.faults = fieldErrors(faults)
		return h.renderUser(c, http.StatusUnprocessableEntity, api, f)
	}
	if len(changes) == 0 {
		return h.doneUser(c, s, f, auth.Flash{Text: "Nothing was changed, so nothing was saved."})
	}
	if sent, err := f.send(c.Request().Context(), api, changes); err != nil {
		return h.refuseUser(c, api, f, sent, err)
	}
	return h.doneUser(c, s, f, h.readStored(c, api, f, changes))
}

// doneUser leads back to the user, by the address that finds them at once.
func (h *Handlers) doneUser(c echo.Context, s *auth.Session, f userForm, flash auth.Flash) error {
	return h.done(c, s, flash, views.UserURL(f.organizationID, f.user.ID, f.typed[fieldEmail]))
}

// keepUser shows the form again where the user could not be read before
// sending: from what is known and what the form itself remembers.
func (h *Handlers) keepUser(c echo.Context, api *apiclient.Client, form map[string][]string, was userFields, err error) error {
	var upstream *apiclient.Error
	f, bad := newUserForm(c)
	if was == nil || bad != nil || !errors.As(err, &upstream) {
		return err
	}
	ctx := c.Request().Context()
	f.choices = readUserChoices(ctx, api.Known(), f.organizationID)
	if known, unknown := api.Known().FindOrganizationUser(ctx, f.organizationID, f.user.ID, ""); unknown == nil {
		f.user = known
	} else {
		f.user = was.user(f.organizationID, f.user.ID, f.choices)
	}
	f.choices = f.choices.of(f.user)
	f.was, f.typed = was, readUserFields(form, was)
	settle(form, was, f.typed)
	status := http.StatusConflict // somebody removed them since the form was opened
	if upstream.Kind == apiclient.ErrNotFound {
		f.head = "Nothing was saved. This user is no longer in the organization."
		f.general = []views.SummaryLine{{Text: "Somebody removed them meanwhile, or they left. To bring them back, invite " +
			displayName(f.typed[fieldEmail], f.typed[fieldName]) + " again."}}
	} else {
		p := h.upstreamProblem(c, upstream)
		status, f.general = p.Status, []views.SummaryLine{generalRefusal(upstream, p)}
		f.head = "Nothing was saved. What you typed is still here: save again later."
	}
	return h.renderUser(c, status, api, f)
}
