package handlers

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

// showAccount leads from a global user ID, which is all that some lists know of
// a person, to the page of the organization user. It is asked for only when
// somebody follows the link; the list that it reads then serves that page too.
func (h *Handlers) showAccount(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	userID, err := pathID(c, "user_id")
	if err != nil {
		return err
	}
	u, err := findAccount(c.Request().Context(), api, id, userID, strings.TrimSpace(c.QueryParam("email")))
	if err != nil {
		return err
	}
	return redirect(c, views.UserURL(id, u.ID, u.Email))
}

// findAccount looks through the users that the overview has read, then asks
// with the e-mail address; without one it goes through all users.
func findAccount(ctx context.Context, api *apiclient.Client, id, userID int64, email string) (apiclient.OrganizationUser, error) {
	is := func(u apiclient.OrganizationUser) bool { return u.UserID == userID }
	if u, ok := knownUser(ctx, api, id, is); ok {
		return u, nil
	}
	if email != "" {
		return searchUser(ctx, api, id, email, is)
	}
	for u, err := range api.AllOrganizationUsers(ctx, id, apiclient.ListOrganizationUsersOptions{}, maxSearched) {
		if err != nil || is(u) {
			return u, err
		}
	}
	return apiclient.OrganizationUser{}, noSuchUser()
}

// maxSearched bounds the search for one account among all: ten calls.
const maxSearched = 2000

// findUserByEmail is one call, and none where the overview has read the user.
// An error of kind ErrNotFound means that nobody has the address.
func findUserByEmail(ctx context.Context, api *apiclient.Client, id int64, email string) (apiclient.OrganizationUser, error) {
	is := func(u apiclient.OrganizationUser) bool { return strings.EqualFold(u.Email, email) }
	if u, ok := knownUser(ctx, api, id, is); ok {
		return u, nil
	}
	return searchUser(ctx, api, id, email, is)
}

func knownUser(ctx context.Context, api *apiclient.Client, id int64, is func(apiclient.OrganizationUser) bool) (apiclient.OrganizationUser, bool) {
	known, _ := api.Known().ListOrganizationUsers(ctx, id, apiclient.ListOrganizationUsersOptions{PerPage: strconv.Itoa(overviewUsers)})
	if i := slices.IndexFunc(known.Users, is); i >= 0 {
		return known.Users[i], true
	}
	return apiclient.OrganizationUser{}, false
}

func searchUser(ctx context.Context, api *apiclient.Client, id int64, email string, is func(apiclient.OrganizationUser) bool) (apiclient.OrganizationUser, error) {
	found, err := api.ListOrganizationUsers(ctx, id, apiclient.ListOrganizationUsersOptions{Filter: email})
	if err != nil {
		return apiclient.OrganizationUser{}, err
	}
	if i := slices.IndexFunc(found.Users, is); i >= 0 {
		return found.Users[i], nil
	}
	return apiclient.OrganizationUser{}, noSuchUser()
}

func noSuchUser() error {
	return &apiclient.Error{
		API: "track", Op: "ListOrganizationUsers", Kind: apiclient.ErrNotFound, Status: http.StatusNotFound,
		Message: "The organization has no such user.",
	}
}
