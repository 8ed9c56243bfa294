package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/changes"
	"roster/views"
)

// errTooManySelected: more users match than one change may be about.
var errTooManySelected = errors.New("too many users selected")

// A selection is who a change is about: the ticked rows of a list, one user, or
// everyone that the list's filters match.
type selection struct {
	list  usersQuery
	ids   []int64
	email string // of the one user, to find them in one call
}

// readSelection takes ids repeated, as check boxes send them, and with commas,
// as the pages that follow do. What is no id is left out.
func readSelection(values url.Values) selection {
	s := selection{list: readUsersQuery(values), email: strings.TrimSpace(values.Get("email"))}
	for _, text := range readList(values["id"]) {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 && !slices.Contains(s.ids, id) {
			s.ids = append(s.ids, id)
		}
	}
	return s
}

// empty reports whether nobody is meant.
func (s selection) empty() bool { return len(s.ids) == 0 && s.list.Scope != scopeAll }

// users reads who is meant, in the order of the list. Ids that the organization
// doesn't have are missing. It asks for as little as it can: the page of the
// list that the rows were ticked on, and only for those that are no longer
// there all pages, one after the other.
func (s selection) users(ctx context.Context, api *apiclient.Client, organizationID int64) (found []apiclient.OrganizationUser, missing []int64, err error) {
	wanted := make(map[int64]bool, len(s.ids))
	for _, id := range s.ids {
		wanted[id] = true
	}
	take := func(u apiclient.OrganizationUser) {
		if wanted[u.ID] || len(s.ids) == 0 {
			found = append(found, u)
			delete(wanted, u.ID)
		}
	}
	switch {
	case s.list.Scope == scopeAll:
		err = s.takeAll(ctx, api, organizationID, take)
	case len(s.ids) == 1:
		err = s.takeOne(ctx, api, organizationID, take)
		return found, s.left(wanted), err
	default:
		err = s.takeListed(ctx, api, organizationID, take)
	}
	if err != nil || len(wanted) == 0 {
		return found, nil, err
	}
	for u, err := range api.AllOrganizationUsers(ctx, organizationID, apiclient.ListOrganizationUsersOptions{}, maxListed) {
		if err != nil {
			return nil, nil, err
		}
		if wanted[u.ID] {
			take(u)
		}
		if len(wanted) == 0 {
			break
		}
	}
	return found, s.left(wanted), nil
}

// maxListed bounds the search for users that are not where they were ticked.
const maxListed = 100_000

// left are the ids that were not found, in the order in which they came.
func (s selection) left(wanted map[int64]bool) []int64 {
	return slices.DeleteFunc(slices.Clone(s.ids), func(id int64) bool { return !wanted[id] })
}

func (s selection) takeAll(ctx context.Context, api *apiclient.Client, organizationID int64, take func(apiclient.OrganizationUser)) error {
	options := s.list.options()
	options.Page, options.PerPage = "", ""
	n := 0
	for u, err := range api.AllOrganizationUsers(ctx, organizationID, options, changes.MaxSteps+1) {
		if err != nil {
			return err
		}
		if n++; n > changes.MaxSteps {
			return errTooManySelected
		}
		take(u)
	}
	return nil
}

func (s selection) takeOne(ctx context.Context, api *apiclient.Client, organizationID int64, take func(apiclient.OrganizationUser)) error {
	u, err := api.FindOrganizationUser(ctx, organizationID, s.ids[0], s.email)
	if errors.Is(err, apiclient.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	take(u)
	return nil
}

// takeListed reads the page of the list that the rows were ticked on. Where
// Toggl refuses its parameters the users are looked for elsewhere.
func (s selection) takeListed(ctx context.Context, api *apiclient.Client, organizationID int64, take func(apiclient.OrganizationUser)) error {
	page, err := api.ListOrganizationUsers(ctx, organizationID, s.list.options())
	if errors.Is(err, apiclient.ErrRefused) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, u := range page.Users {
		take(u)
	}
	return nil
}

// kept are the form fields that name the same people again: the list, and
// these of them.
func (s selection) kept(ids []int64) []views.Parameter {
	list := parameters(s.list)
	if s.email != "" {
		list = append(list, views.Parameter{Name: "email", Value: s.email})
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return append(list, views.Parameter{Name: "id", Value: strings.Join(texts, ",")})
}

// back is the list that the people were chosen from.
func (s selection) back(organizationID int64) string {
	return views.UsersURL(organizationID, s.list.unselected().values())
}

// readValues are what a form sent, or the parameters of a link.
func readValues(c echo.Context) (url.Values, error) {
	if c.Request().Method == http.MethodPost {
		return readForm(c)
	}
	return c.QueryParams(), nil
}

// chosenUser is one of the people that a page names before something is done.
func chosenUser(organizationID int64, u apiclient.OrganizationUser, self int64) views.ChosenUser {
	return views.ChosenUser{
		ID: strconv.FormatInt(u.ID, 10), URL: views.UserURL(organizationID, u.ID, u.Email), Avatar: views.AvatarOf(u.Name),
		Name: displayName(u.Name, u.Email), Email: u.Email, Status: userStatus(&u), Role: userRole(&u), You: u.UserID == self && self != 0,
	}
}

// unknownUser is one of whom only the id is known.
func unknownUser(id int64, why views.FieldError) views.ChosenUser {
	text := strconv.FormatInt(id, 10)
	return views.ChosenUser{ID: text, Name: "Organization user " + text, Avatar: views.AvatarOf(""), Error: why}
}
