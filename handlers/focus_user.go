package handlers

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"roster/apiclient"
	"roster/auth"
	"roster/views"
)

// focusUser is one Focus user and the names of the roles that they have the
// numbers of.
type focusUser struct {
	organizationID         int64
	user                   apiclient.FocusUser
	trackRoles, focusRoles map[int64]string
	trackErr, focusErr     error
	// inTrack: Track is known to have the same person.
	inTrack bool
}

// showFocusUser is one call for the user, and one for each list of roles that
// isn't known yet.
func (h *Handlers) showFocusUser(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	userID, err := pathID(c, "organization_user_id")
	if err != nil {
		return err
	}
	if !api.HasFocus() {
		return h.renderNotConnected(c, views.NotConnected{
			Title: "Focus user", Text: onlyFocus,
			Track: views.Link{Label: "The user in Toggl Track", URL: views.UserURL(id, userID, "")},
		})
	}
	f, err := readFocusUser(c.Request().Context(), api, s, id, userID)
	if err != nil {
		return err
	}
	_, err = api.Known().FindOrganizationUser(c.Request().Context(), id, userID, "")
	f.inTrack = err == nil || usesTrack(f.user)
	v := h.focusUserView(c, f)
	page := h.newPage(c, api, v.Name)
	return render(c, http.StatusOK, views.FocusUserPage(h.withFlash(c, page), v))
}

// readFocusUser asks for the list with one user in it: there is no call for one.
func readFocusUser(ctx context.Context, api *apiclient.Client, s *auth.Session, organizationID, userID int64) (focusUser, error) {
	f := focusUser{organizationID: organizationID}
	calls, ctx := errgroup.WithContext(ctx)
	calls.Go(func() error {
		list, err := api.ListUsers(ctx, focusID(s, organizationID), apiclient.ListUsersOptions{
			OrgUserIDs: []string{strconv.FormatInt(userID, 10)}, IncludeRates: isTrue, IncludeWorkingHours: isTrue,
		})
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list.Users, func(u apiclient.FocusUser) bool { return u.ID == userID })
		if i < 0 {
			return &apiclient.Error{
				API: apiFocus, Op: "ListUsers", Kind: apiclient.ErrNotFound, Status: http.StatusNotFound,
				Message: "The organization has no such user in Focus.",
			}
		}
		f.user = list.Users[i]
		return nil
	})
	calls.Go(func() error {
		f.focusRoles, f.focusErr = roleNames(api, func(api *apiclient.Client) ([]apiclient.Role, error) {
			return api.ListRoles(ctx, focusID(s, organizationID))
		})
		return nil
	})
	calls.Go(func() error {
		f.trackRoles, f.trackErr = roleNames(api, func(api *apiclient.Client) ([]apiclient.Role, error) {
			return api.ListTrackRoles(ctx, organizationID)
		})
		return nil
	})
	return f, calls.Wait()
}

func roleNames(api *apiclient.Client, ask func(*apiclient.Client) ([]apiclient.Role, error)) (map[int64]string, error) {
	roles, err := knownFirst(api, ask)
	names := make(map[int64]string, len(roles))
	for _, r := range roles {
		names[r.RoleID] = r.Name
	}
	return names, err
}

// usesTrack reports whether Focus itself says that somebody is in Track.
func usesTrack(u apiclient.FocusUser) bool {
	return slices.ContainsFunc(u.Workspaces, func(w apiclient.FocusUserWorkspace) bool {
		return w.TrackRoleID != nil || slices.Contains(w.TogglProducts, "track")
	})
}

func (h *Handlers) focusUserView(c echo.Context, f focusUser) views.FocusUser {
	clock, u := h.clock(c), f.user
	same := asTrackUser(&u)
	v := views.FocusUser{
		Name: displayName(u.Name, u.Email), Email: u.Email, Avatar: views.AvatarOf(u.Name),
		Status: userStatus(&same), Role: userRole(&same), Notice: focusNotice(&u, clock),
		BackURL: views.FocusUsersURL(f.organizationID, nil),
		Groups:  f.groups(), Account: focusAccount(u, clock), Pay: f.pay(clock), Permissions: focusPermissions(u),
	}
	if f.inTrack {
		v.TrackURL = views.UserURL(f.organizationID, u.ID, u.Email)
	}
	for _, t := range u.Tags {
		v.Tags = append(v.Tags, t.Label)
	}
	for _, w := range u.Workspaces {
		v.Workspaces = append(v.Workspaces, f.workspace(w))
	}
	for _, missing := range []struct {
		words string
		err   error
	}{
		{"The roles of Focus could not be read, so their numbers are shown.", f.focusErr},
		{"The roles of Track could not be read, so their numbers are shown.", f.trackErr},
	} {
		if missing.err != nil {
			v.Notes = append(v.Notes, *h.partNote(c, missing.words, missing.err))
		}
	}
	return v
}

func (f focusUser) workspace(w apiclient.FocusUserWorkspace) views.FocusUserWorkspace {
	v := views.FocusUserWorkspace{
		Name: nameOr(w.Name, "Workspace", w.ID), URL: views.WorkspaceURL(f.organizationID, w.ID, nil),
		ID: strconv.FormatInt(w.ID, 10), UserID: strconv.FormatInt(w.WorkspaceUserID, 10), Products: productNames(w.TogglProducts),
		TrackRole: roleIn(f.trackRoles, w.TrackRoleID), FocusRole: roleIn(f.focusRoles, w.FocusRoleID), WorkRole: roleIn(f.focusRoles, w.WorkRoleID),
	}
	for _, g := range w.Groups {
		v.Groups = append(v.Groups, withEmoji(g.Emoji, nameOr(g.Name, "Group", g.ID)))
	}
	return v
}

// productNames are the products in the order in which they come, each once.
func productNames(products []string) string {
	var names []string
	for _, product := range products {
		if name := productName(product); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func (f focusUser) workspaceName(id int64) string {
	for _, w := range f.user.Workspaces {
		if w.ID == id {
			return nameOr(w.Name, "Workspace", id)
		}
	}
	return nameOr("", "Workspace", id)
}

func (f focusUser) groups() []views.FocusUserGroup {
	list := make([]views.FocusUserGroup, 0, len(f.user.Groups))
	for _, g := range f.user.Groups {
		names := make([]string, len(g.WorkspaceIDs))
		for i, id := range g.WorkspaceIDs {
			names[i] = f.workspaceName(id)
		}
		detail := "Group " + strconv.FormatInt(g.ID, 10)
		if len(names) > 0 {
			detail += ", opens " + strings.Join(names, ", ")
		}
		list = append(list, views.FocusUserGroup{Name: nameOr(g.Name, "Group", g.ID), Emoji: g.Emoji, Detail: detail, URL: views.GroupURL(f.organizationID, g.ID, nil)})
	}
	return list
}

// pay is the rate with its dates, and the working hours.
func (f focusUser) pay(clock views.Clock) []views.Fact {
	hours := views.Fact{Term: "Working hours", Value: "Not set"}
	if f.user.WorkingHours != nil {
		hours.Value = views.Decimal(*f.user.WorkingHours)
	}
	r := f.user.Rate
	if r == nil {
		return []views.Fact{{Term: "Hourly rate", Value: "None"}, hours}
	}
	facts := []views.Fact{
		{Term: "Hourly rate", Value: views.Money(r.HourlyRate, r.Currency)},
		{Term: "Valid from", Time: clock.Day(r.StartAt), Value: "The beginning"},
		{Term: "Valid until", Time: clock.Day(r.EndAt), Value: "Further notice"},
	}
	if r.WorkspaceID != 0 {
		facts = append(facts, views.Fact{Term: "Rate of", Value: f.workspaceName(r.WorkspaceID)})
	}
	if r.WorkspaceRateID != nil {
		facts = append(facts, views.Fact{Term: "Workspace rate ID", Value: formID(r.WorkspaceRateID)})
	}
	if r.WorkspaceUserRateID != nil {
		facts = append(facts, views.Fact{Term: "Workspace user rate ID", Value: formID(r.WorkspaceUserRateID)})
	}
	return append(facts, hours)
}

// focusAccount is what Focus tells of the account itself.
func focusAccount(u apiclient.FocusUser, clock views.Clock) []views.Fact {
	facts := []views.Fact{
		{Term: "Two-factor", Value: onOff(u.TwoFactorEnabled)},
		{Term: "Locked", Time: clock.Date(u.AccountLockedAt), Value: "No"},
		{Term: "Active", Value: views.YesNo(u.Active)},
		{Term: "Joined", Value: views.YesNo(u.Joined)},
		{Term: "Invitation sent", Value: views.YesNo(u.InviteSent)},
		{Term: "Owner", Value: views.YesNo(u.Owner)},
		{Term: "Admin", Value: views.YesNo(u.Admin)},
		{Term: "Details can be edited", Value: views.YesNo(u.CanEditPersonalDetails)},
		{Term: "Created", Time: clock.Date(u.CreatedAt), Value: "–"},
		{Term: "Updated", Time: clock.Ago(u.UpdatedAt), Value: "–"},
	}
	if !u.DeletedAt.IsZero() {
		facts = append(facts, views.Fact{Term: "Deleted", Time: clock.Date(u.DeletedAt)})
	}
	return append(facts,
		views.Fact{Term: "Organization user ID", Value: strconv.FormatInt(u.ID, 10)},
		views.Fact{Term: "Account ID", Value: strconv.FormatInt(u.UserAccountID, 10)},
		views.Fact{Term: "User ID", Value: u.UserID},
		views.Fact{Term: "Organization ID", Value: strconv.FormatInt(u.OrganizationID, 10)},
	)
}

// focusPermissions are as Focus sends them: what they may be is documented
// nowhere.
func focusPermissions(u apiclient.FocusUser) []views.Fact {
	facts := make([]views.Fact, 0, len(u.Permissions))
	for _, name := range slices.Sorted(maps.Keys(u.Permissions)) {
		value, err := json.Marshal(u.Permissions[name])
		if err != nil {
			continue // it came as JSON
		}
		text := strings.Trim(string(value), `"`)
		if allowed, ok := u.Permissions[name].(bool); ok {
			text = views.YesNo(allowed)
		}
		facts = append(facts, views.Fact{Term: name, Value: text})
	}
	return facts
}
