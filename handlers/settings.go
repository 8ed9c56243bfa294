package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// focusForm is what was typed to connect Toggl Focus, but for the key.
type focusForm struct {
	Key            string
	OrganizationID int64
	// Return is where connecting leads to.
	Return string
	// FocusOrganization is the organization's number in Focus, where it differs.
	FocusOrganization string
}

func (h *Handlers) showSettings(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	return h.renderSettings(c, http.StatusOK, api, s, focusForm{Return: settingsReturn(c)}, nil)
}

func (h *Handlers) renderSettings(c echo.Context, status int, api *apiclient.Client, s *auth.Session, form focusForm, faults map[string]views.FieldError) error {
	page := h.withFlash(c, h.newPage(c, nil, "Settings"))
	page.Failed = len(faults) > 0
	look := readAppearance(c.Request())
	v := views.Settings{
		Track:               h.trackConnection(c, api, s),
		Focus:               h.focusConnection(c, s),
		FocusOrganizationID: form.FocusOrganization,
		FocusReturn:         form.Return,
		Errors:              faults,
		Theme:               options(look.Theme, "", "Like the system", "light", "Light", "dark", "Dark"),
		Density:             options(densityOf(look), "", "Comfortable", "compact", "Compact"),
		QuietKeys:           look.QuietKeys,
		Keys:                shortcuts,
	}
	v.Identity, v.NoRole = h.identityFacts(s), !s.Role.MayRead()
	if !v.NoRole {
		if err := h.describeConnection(c, &v, s); err != nil {
			return err
		}
	}
	for _, o := range s.Organizations {
		v.FocusOrganizations = append(v.FocusOrganizations, views.Option{
			Value: strconv.FormatInt(o.ID, 10), Label: o.Name, Chosen: o.ID == form.OrganizationID,
		})
	}
	return render(c, status, views.SettingsPage(page, v))
}

func (h *Handlers) trackConnection(c echo.Context, api *apiclient.Client, s *auth.Session) views.Connection {
	if s.UserID == 0 {
		return views.Connection{Detail: "Toggl is asked for what you look at with your own account there."}
	}
	v := views.Connection{
		Connected: true, As: cmp.Or(s.Account, s.Name+", "+s.Email), Detail: "Until you sign out. Signed in", Time: h.clock(c).Ago(s.SignedInAt),
	}
	for _, o := range s.Organizations {
		if quota, ok := api.Quota(o.ID); ok {
			v.Quotas = append(v.Quotas, views.Fact{
				Term: o.Name, Value: views.Plural(quota.Remaining, "request", "requests") + " left until " + h.clock(c).Hour(quota.ResetsAt),
			})
		}
	}
	return v
}

func (h *Handlers) focusConnection(c echo.Context, s *auth.Session) views.Connection {
	if s.FocusKey == "" {
		return views.Connection{Detail: "Groups with emoji, roles with permissions and more about users come from Toggl Focus."}
	}
	return views.Connection{
		Connected: true, As: "the owner of the API key", Detail: "Until you sign out. Key added", Time: h.clock(c).Ago(s.FocusKeyAddedAt),
	}
}

// connectTrack replaces the session's Track credentials with another token of
// the same person, checked first.
func (h *Handlers) connectTrack(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	refuse := func(text string) error {
		return h.renderSettings(c, http.StatusUnprocessableEntity, api, s, focusForm{}, map[string]views.FieldError{"api_token": {Text: text}})
	}
	if s.UserID == 0 { // there is nothing to replace
		return askToConnect(c)
	}
	token := strings.TrimSpace(c.FormValue("api_token"))
	if token == "" {
		return refuse("Enter an API token.")
	}
	if wait := h.limiter.Allow(h.proxies.ClientIP(c.Request()), token); wait > 0 {
		return refuse("Too many attempts. Try again in a minute.")
	}
	me, err := h.factory.Client(apiclient.Credentials{APIToken: token}).Fresh().GetMe(c.Request().Context())
	switch {
	case errors.Is(err, apiclient.ErrUnauthorized), errors.Is(err, apiclient.ErrForbidden):
		return refuse("Toggl doesn't know this API token.")
	case err != nil:
		return err
	case me.ID != s.UserID:
		return refuse("This token is somebody else's. Sign out to sign in as them.")
	}
	h.forget(c, s)
	s.Track = auth.TrackCredentials{APIToken: token}
	if err := h.stillKept(c, s); err != nil {
		return err
	}
	return h.saveSettings(c, s, "Toggl Track is connected with the new token.", views.PathSettings)
}

// connectFocus takes a Focus key for the session, after Focus has taken it.
func (h *Handlers) connectFocus(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	if s.UserID == 0 {
		return askToConnect(c)
	}
	form, faults := readFocusForm(c, s)
	refuse := func(faults map[string]views.FieldError) error {
		return h.renderSettings(c, http.StatusUnprocessableEntity, api, s, form, faults)
	}
	if len(faults) > 0 {
		return refuse(fieldErrors(faults))
	}
	target := form.OrganizationID
	if form.FocusOrganization != "" {
		target, _ = strconv.ParseInt(form.FocusOrganization, 10, 64) // validated by readFocusForm
	}
	err := checkFocus(c.Request().Context(), h.factory.Client(apiclient.Credentials{FocusKey: form.Key}), target)
	var upstream *apiclient.Error
	if errors.As(err, &upstream) {
		if field := focusField(upstream); field != "" {
			return refuse(map[string]views.FieldError{field: {Text: focusWords(upstream), API: upstream.Message != "", Trace: traceOf(upstream)}})
		}
	}
	if err != nil {
		return err
	}
	s.FocusKey, s.FocusKeyAddedAt = form.Key, h.now()
	if form.FocusOrganization != "" && form.OrganizationID != 0 {
		if s.FocusOrganizations == nil {
			s.FocusOrganizations = map[int64]int64{}
		}
		s.FocusOrganizations[form.OrganizationID] = target
	}
	if err := h.stillKept(c, s); err != nil {
		return err
	}
	return h.saveSettings(c, s, "Toggl Focus is connected.", cmp.Or(form.Return, views.PathSettings))
}

// readFocusForm takes the person's first organization when they chose none.
func readFocusForm(c echo.Context, s *auth.Session) (focusForm, map[string]string) {
	form := focusForm{
		Key:               strings.TrimSpace(c.FormValue("focus_key")),
		FocusOrganization: strings.TrimSpace(c.FormValue("focus_organization_id")),
		Return:            settingsReturn(c),
	}
	faults := map[string]string{}
	if form.Key == "" {
		faults["focus_key"] = "Enter a Focus API key."
	}
	if id, err := strconv.ParseInt(form.FocusOrganization, 10, 64); form.FocusOrganization != "" && (err != nil || id <= 0) {
		faults["focus_organization_id"] = "The organization ID is a number, such as 4128077."
	}
	chosen, known := chosenOrganization(c.FormValue("organization_id"), s.Organizations)
	if !known {
		faults["organization_id"] = "Choose one of your organizations."
	}
	if form.OrganizationID = chosen; known && chosen == 0 && form.FocusOrganization == "" {
		faults["focus_organization_id"] = "Enter the organization's ID in Focus."
	}
	return form, faults
}

// chosenOrganization is the ID that was chosen among a person's organizations;
// without a choice the first, 0 where there is none.
func chosenOrganization(chosen string, list []auth.Organization) (id int64, known bool) {
	for _, o := range list {
		if chosen == "" || chosen == strconv.FormatInt(o.ID, 10) {
			return o.ID, true
		}
	}
	return 0, chosen == ""
}

// settingsReturn is where the person came from to connect something; empty when
// they came for the settings.
func settingsReturn(c echo.Context) string {
	if back := auth.SafeReturn(c.FormValue("return_to")); back != views.PathHome {
		return back
	}
	return ""
}

// checkFocus asks for the caller's own groups: the call that anybody may make.
func checkFocus(ctx context.Context, api *apiclient.Client, organizationID int64) error {
	_, err := api.Fresh().ListMyGroups(ctx, organizationID)
	return err
}

// focusField is the field that a refusal is about: a bad key, or a key that
// isn't good for that organization.
func focusField(e *apiclient.Error) string {
	switch e.Kind {
	case apiclient.ErrUnauthorized:
		return "focus_key"
	case apiclient.ErrForbidden, apiclient.ErrNotFound, apiclient.ErrRefused:
		return "focus_organization_id"
	default:
		return ""
	}
}

func focusWords(e *apiclient.Error) string {
	if e.Message != "" {
		return e.Message
	}
	return "Toggl Focus refused it."
}

func (h *Handlers) disconnectFocus(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	h.factory.Forget(apiclient.Credentials{FocusKey: s.FocusKey})
	s.FocusKey, s.FocusOrganizations = "", nil
	if err := h.stillKept(c, s); err != nil {
		return err
	}
	return h.saveSettings(c, s, "Toggl Focus is disconnected.", views.PathSettings)
}

func (h *Handlers) saveSettings(c echo.Context, s *auth.Session, done, address string) error {
	s.Flash = append(s.Flash, auth.Flash{Kind: "ok", Text: done})
	if err := h.save(c, s); err != nil {
		return err
	}
	return redirect(c, address)
}

// options are pairs of value and label.
func options(chosen string, pairs ...string) []views.Option {
	list := make([]views.Option, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, views.Option{Value: pairs[i], Label: pairs[i+1], Chosen: pairs[i] == chosen})
	}
	return list
}

func densityOf(a appearance) string {
	if a.Compact {
		return "compact"
	}
	return ""
}

// shortcuts are what static/app.js listens to.
var shortcuts = []views.Key{
	{Does: "Find a user", Keys: []string{"/"}},
	{Does: "Go to the overview", Keys: []string{"G", "O"}},
	{Does: "Go to users", Keys: []string{"G", "U"}},
	{Does: "Go to assignments", Keys: []string{"G", "A"}},
	{Does: "Go to groups", Keys: []string{"G", "G"}},
	{Does: "Go to roles", Keys: []string{"G", "R"}},
	{Does: "Go to workspaces", Keys: []string{"G", "W"}},
	{Does: "Go to Focus users", Keys: []string{"G", "F"}},
	{Does: "Go to the access review", Keys: []string{"G", "C"}},
	{Does: "Go to the activity", Keys: []string{"G", "Y"}},
	{Does: "Go to the list of organizations", Keys: []string{"G", "L"}},
	{Does: "Go to settings", Keys: []string{"G", "S"}},
	{Does: "Next and previous row", Keys: []string{"J", "K"}},
	{Does: "This list", Keys: []string{"?"}},
}
