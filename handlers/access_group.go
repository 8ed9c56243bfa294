package handlers

import (
	"context"
	"strconv"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/views"
)

// mostGroupMembers bounds whose access is read for the page of a group: five calls.
const mostGroupMembers = 1000

// showGroupAccess says what a group of Track's gives to whom: one call for the
// groups where they aren't known, and one for each 200 members. Where the address
// means a group of Focus', that is read as well, unless it is known.
func (h *Handlers) showGroupAccess(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	groupID, err := pathID(c, "group_id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	w := accessWhy{organizationID: id, access: changes.NewAccess(), query: readAccessQuery(c)}
	of, err := h.readAccessGroup(c, api, s, groupID)
	if err != nil {
		return err
	}
	w.url = of.url(id, groupID)
	groups, err := api.ListGroups(ctx, id, apiclient.ListGroupsOptions{})
	if err != nil {
		return err
	}
	if of.focus != nil && twinAmong(groups, *of.focus) != twinSame {
		return h.renderNoTwin(c, api, w, *of.focus, groups)
	}
	group, users, err := w.readGroup(ctx, api, groups, groupID)
	if err != nil {
		return err
	}
	h.addKnownDirect(c, api, &w)
	all := w.access.Review(changes.Scope{GroupID: groupID}, h.now().Add(-oldInvitation))
	w.reviews = w.query.match(all)
	w.view = groupAccessView(id, group, users)
	w.view.Subject.URL = of.groupURL(id, group)
	w.view.Facts = append(w.view.Facts, append(spreadFacts(all), w.direct...)...)
	return h.renderAccess(c, api, w, func(p accessPrinter) views.AccessList {
		if len(group.Workspaces) == 0 {
			return views.AccessList{Empty: &views.EmptyList{Strong: "This group opens no workspace", Text: "Its members have whatever access they have without it."}}
		}
		return p.list(w.reviews)
	})
}

// groupAccessView is what the page says before its list; read is of how many
// members the access is known.
func groupAccessView(id int64, g apiclient.Group, read int) views.Access {
	v := views.Access{
		Back:    views.Link{Label: "Groups", URL: views.GroupsURL(id, nil)},
		Subject: views.Link{Label: g.Name},
		Title:   "What " + g.Name + " gives access to",
		Facts: []views.Fact{
			{Term: "Members", Value: views.Count(len(g.Users))}, {Term: "Workspaces", Value: views.Count(len(g.Workspaces))},
		},
	}
	if read < len(g.Users) {
		v.Notes = []views.Note{{
			Kind: "warn", Strong: "Not every member is listed.", Text: views.Count(read) + " of " + views.Count(len(g.Users)) + " were read. The access review reads everybody.",
			Link: views.Link{Label: "Access review", URL: views.AccessURL(id, nil)},
		}}
	}
	return v
}

// readGroup picks a group, and reads the access of its members and what roles
// are called at once.
func (w *accessWhy) readGroup(ctx context.Context, api *apiclient.Client, groups []apiclient.Group, groupID int64) (group apiclient.Group, users int, err error) {
	for _, g := range groups {
		if g.GroupID == groupID {
			group = g
		}
	}
	if group.GroupID == 0 {
		return group, 0, noGroup("track", "ListGroups")
	}
	w.access.AddGroups(groups)
	mine, _ := api.Known().ListMyWorkspaces(ctx) // unknown is none: the members' rows name theirs
	w.access.AddWorkspaces(workspacesIn(mine, w.organizationID))
	calls, ctx := errgroup.WithContext(ctx)
	calls.Go(func() error {
		w.readRoles(ctx, api)
		return nil
	})
	calls.Go(func() error {
		options := apiclient.ListOrganizationUsersOptions{Groups: []string{strconv.FormatInt(groupID, 10)}}
		for u, err := range api.AllOrganizationUsers(ctx, w.organizationID, options, mostGroupMembers) {
			if err != nil {
				return err
			}
			w.access.AddUsers([]apiclient.OrganizationUser{u})
			users++
		}
		return nil
	})
	return group, users, calls.Wait()
}
