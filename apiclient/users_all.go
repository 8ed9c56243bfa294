package apiclient

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"strings"
)

const (
	// allPageSize is what other published clients ask of the users list.
	allPageSize = 200
	// mostUsers bounds the search for one user; larger organizations don't exist.
	mostUsers = 100_000
)

// AllOrganizationUsers yields an organization's users, page after page, at most
// limit of them; ask for one more than fits to learn that there are more. It
// starts at options.Page and asks for 200 a page unless options.PerPage says
// otherwise. An error ends the sequence: it is yielded once, last.
func (c *Client) AllOrganizationUsers(ctx context.Context, organizationID int64, options ListOrganizationUsersOptions, limit int) iter.Seq2[OrganizationUser, error] {
	if options.PerPage == "" {
		options.PerPage = strconv.Itoa(allPageSize)
	}
	return func(yield func(OrganizationUser, error) bool) {
		left, first := limit, int64(0)
		for page := number(options.Page, 1); left > 0; page++ {
			if page > 1 {
				options.Page = strconv.Itoa(page)
			}
			got, err := c.ListOrganizationUsers(ctx, organizationID, options)
			if err == nil && len(got.Users) > 0 && got.Users[0].ID == first {
				err = &Error{API: apiTrack, Op: "ListOrganizationUsers", Kind: ErrBadAnswer, Message: "The next page begins like the last one."}
			}
			if err != nil {
				yield(OrganizationUser{}, err)
				return
			}
			for _, user := range got.Users[:min(left, len(got.Users))] {
				if !yield(user, nil) {
					return
				}
			}
			if !got.Page.HasNext || len(got.Users) == 0 {
				return
			}
			left -= len(got.Users)
			first = got.Users[0].ID
		}
	}
}

// FindOrganizationUser looks for one user, which the API has no call for: in
// the lists that are cached, then by emailHint when there is one, then page
// after page. An error of kind ErrNotFound with status 404 means that the
// organization has no such user. A Known client looks only into what is cached.
func (c *Client) FindOrganizationUser(ctx context.Context, organizationID, organizationUserID int64, emailHint string) (OrganizationUser, error) {
	if user, ok := c.cachedOrganizationUser(organizationID, organizationUserID); ok {
		return user, nil
	}
	if emailHint = strings.TrimSpace(emailHint); emailHint != "" {
		options := ListOrganizationUsersOptions{Filter: emailHint}
		user, err := c.searchOrganizationUser(ctx, organizationID, organizationUserID, options)
		if !errors.Is(err, ErrNotFound) {
			return user, err
		}
	}
	return c.searchOrganizationUser(ctx, organizationID, organizationUserID, ListOrganizationUsersOptions{})
}

func (c *Client) searchOrganizationUser(ctx context.Context, organizationID, organizationUserID int64, options ListOrganizationUsersOptions) (OrganizationUser, error) {
	for user, err := range c.AllOrganizationUsers(ctx, organizationID, options, mostUsers) {
		if err != nil {
			return OrganizationUser{}, err
		}
		if user.ID == organizationUserID {
			return user, nil
		}
	}
	return OrganizationUser{}, &Error{
		API: apiTrack, Op: "ListOrganizationUsers", Kind: ErrNotFound, Status: 404,
		Message: "The organization has no such user.",
	}
}
