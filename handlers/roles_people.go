package handlers

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/views"
)

const (
	// readsAtOnce is how many pages of users one request reads to count people.
	readsAtOnce = 10
	// focusPage is the most users that Focus sends at once.
	focusPage = 100

	// What the lists of users tell the roles of.
	entityOrganization, entityWorkspace = "organization", "workspace"
	typeOwner, typeAdmin                = "owner", "admin"
)

// rolePeople are users of an organization with their roles, as far as they are
// known or were read.
type rolePeople struct {
	list []rolePerson
	// looked is how many were looked at, of whom the list may be some.
	looked int
	// pages is how many pages of the list they are; complete is set where these
	// are all.
	pages    int
	complete bool
	readAt   time.Time
	// users is how many there are in the organization; 0 where that isn't known.
	users int
}

// A rolePerson is a user of Track or Focus.
type rolePerson struct {
	id           int64 // organization user id
	name, email  string
	status       views.Status
	owner, admin bool
	// role is the one in the organization, which Focus doesn't tell.
	role   *int64
	places []rolePlace
}

// A rolePlace is a workspace in which a user has a role.
type rolePlace struct {
	role      int64
	workspace string
	groups    []apiclient.MyGroup
}

func personOfTrack(u *apiclient.OrganizationUser) rolePerson {
	p := rolePerson{id: u.ID, name: u.Name, email: u.Email, status: userStatus(u), owner: u.Owner, admin: u.Admin, role: u.RoleID}
	for i := range u.Workspaces {
		w := &u.Workspaces[i]
		if w.RoleID == nil {
			continue
		}
		place := rolePlace{role: *w.RoleID, workspace: w.WorkspaceName}
		for _, g := range w.Groups {
			place.groups = append(place.groups, apiclient.MyGroup{ID: g.GroupID, Name: g.Name})
		}
		p.places = append(p.places, place)
	}
	return p
}

func personOfFocus(u *apiclient.FocusUser) rolePerson {
	p := rolePerson{id: u.ID, name: u.Name, email: u.Email, owner: u.Owner, admin: u.Admin}
	p.status = userStatus(&apiclient.OrganizationUser{Inactive: !u.Active && u.Joined, Joined: u.Joined})
	for i := range u.Workspaces {
		if w := &u.Workspaces[i]; w.FocusRoleID != nil {
			p.places = append(p.places, rolePlace{role: *w.FocusRoleID, workspace: w.Name, groups: w.Groups})
		}
	}
	return p
}

// count is how many people have a role, as far as that is known.
func (r *organizationRoles) count(role *apiclient.Role, people rolePeople) views.RoleCount {
	var n views.RoleCount
	if r.focus {
		n.URL = views.FocusUsersURL(r.organizationID, url.Values{"roles": {strconv.FormatInt(role.RoleID, 10)}})
	}
	if people.pages == 0 || !r.tells(role) {
		return n
	}
	if !r.focus {
		n.URL = r.whoURL(rolesQuery{Roles: []int64{role.RoleID}})
	}
	holders := 0
	for i := range people.list {
		if _, holds := r.holding(role, &people.list[i]); holds {
			holders++
		}
	}
	switch {
	case people.complete:
		n.Text = views.Plural(holders, "user", "users")
	case holders > 0:
		n.Text = "at least " + views.Plural(holders, "user", "users")
	}
	return n
}

// readRolePeople takes what is known, and reads what the address allows to:
// never more than readsAtOnce pages. An error is why it stopped.
func (h *Handlers) readRolePeople(ctx context.Context, api *apiclient.Client, r *organizationRoles) (rolePeople, error) {
	var people rolePeople
	known := api.Known()
	if o, err := known.GetOrganization(ctx, r.organizationID); err == nil {
		people.users = int(o.UserCount)
	}
	note := func(client *apiclient.Client) {
		if at := client.ReadAt(); people.readAt.IsZero() || !at.IsZero() && at.Before(people.readAt) {
			people.readAt = at
		}
	}
	for asked := 0; !people.complete; people.pages++ {
		page := people.pages + 1
		mayAsk := page <= r.query.Reads && asked < readsAtOnce
		list, more, err := []rolePerson(nil), false, error(apiclient.ErrUnknown)
		if !mayAsk || page <= r.query.Reads-readsAtOnce {
			list, more, err = r.peoplePage(ctx, known, page)
		}
		if mayAsk && errors.Is(err, apiclient.ErrUnknown) {
			asked++
			list, more, err = r.peoplePage(ctx, api, page)
			note(api)
		}
		switch {
		case errors.Is(err, apiclient.ErrUnknown):
			note(known)
			return people, nil
		case err != nil:
			note(known)
			return people, err
		}
		people.list = append(people.list, list...)
		people.looked = len(people.list)
		people.complete = !more
	}
	note(known)
	return people, nil
}

// peoplePage is a page of all users, from 1, and whether there are more.
func (r *organizationRoles) peoplePage(ctx context.Context, api *apiclient.Client, page int) (list []rolePerson, more bool, err error) {
	number := ""
	if page > 1 {
		number = strconv.Itoa(page)
	}
	if r.focus {
		return r.focusPeople(ctx, api, apiclient.ListUsersOptions{Page: number})
	}
	got, err := api.ListOrganizationUsers(ctx, r.organizationID, apiclient.ListOrganizationUsersOptions{Page: number, PerPage: strconv.Itoa(overviewUsers)})
	for i := range got.Users {
		list = append(list, personOfTrack(&got.Users[i]))
	}
	return list, got.Page.HasNext, err
}

func (r *organizationRoles) focusPeople(ctx context.Context, api *apiclient.Client, o apiclient.ListUsersOptions) (list []rolePerson, more bool, err error) {
	o.PerPage = strconv.Itoa(focusPage)
	got, err := api.ListUsers(ctx, r.upstreamID, o)
	for i := range got.Users {
		list = append(list, personOfFocus(&got.Users[i]))
	}
	return list, got.Page.HasNext, err
}

// rolePeopleView says among whom people were counted, and what it takes to
// count them in more users.
func (h *Handlers) rolePeopleView(c echo.Context, r *organizationRoles, people rolePeople, address func(rolesQuery) string) views.RolePeople {
	var v views.RolePeople
	counted := people.looked
	switch {
	case people.pages == 0:
		v.Text = "How many users have each role is not known yet."
	case people.complete:
		v.Text = "Counted among all " + views.Plural(counted, "user", "users") + ", read from Toggl"
	default:
		v.Text = "Counted among the first " + views.Plural(counted, "user", "users") + ", read from Toggl"
		if people.users > counted {
			v.Text = "Counted among the first " + views.Count(counted) + " of " + views.Plural(people.users, "user", "users") + ", read from Toggl"
		}
	}
	if people.pages > 0 {
		v.Time = h.clock(c).Ago(people.readAt)
	}
	if people.complete || people.pages >= mostReads {
		return v
	}
	q := r.query
	q.Reads, q.Page = people.pages+readsAtOnce, 1
	label := "Read the users"
	if people.pages > 0 {
		label = "Read on"
	}
	v.More = views.Link{Label: label + " (" + r.readsLeft(people) + ")", URL: address(q)}
	return v
}

// readsLeft is what counting costs.
func (r *organizationRoles) readsLeft(people rolePeople) string {
	size := overviewUsers
	if r.focus {
		size = focusPage
	}
	left := readsAtOnce
	if people.users > 0 {
		left = min(left, max(1, people.users/size+1-people.pages))
		return views.Plural(left, "request", "requests") + " to Toggl"
	}
	return "at most " + views.Plural(left, "request", "requests") + " to Toggl"
}
