package handlers

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"roster/apiclient"
	"roster/views"
)

// showWorkspaces is the list of an organization's workspaces.
func (h *Handlers) showWorkspaces(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	data, err := readWorkspaces(c.Request().Context(), api, id)
	if err != nil {
		return err
	}
	v := h.workspacesView(c, data)
	page := h.withFlash(c, h.newPage(c, api, "Workspaces"))
	return render(c, http.StatusOK, views.WorkspacesPage(page, v))
}

// readWorkspaces makes two calls, and two more where what they say is not known:
// one for the limits of the organization, one for names, which the statistics
// don't hold.
func readWorkspaces(ctx context.Context, api *apiclient.Client, id int64) (overview, error) {
	var data overview
	var calls errgroup.Group
	data.askForWorkspaces(ctx, &calls, api, id)
	calls.Go(func() error {
		// Without it the page lacks a sentence, so it is no reason to fail.
		data.organization, _ = knownFirst(api, func(api *apiclient.Client) (apiclient.Organization, error) {
			return api.GetOrganization(ctx, id)
		})
		data.organization.ID = id
		return nil
	})
	_ = calls.Wait() // each error stands beside its part
	if data.statisticsErr != nil && data.workspacesErr != nil {
		return data, data.statisticsErr
	}
	if data.statisticsErr == nil && lacksNames(data) {
		data.users, data.usersErr = knownFirst(api, func(api *apiclient.Client) (apiclient.OrganizationUserPage, error) {
			return api.ListOrganizationUsers(ctx, id, apiclient.ListOrganizationUsersOptions{PerPage: strconv.Itoa(overviewUsers)})
		})
	}
	return data, nil
}

// lacksNames reports whether the person is in fewer workspaces than there are.
func lacksNames(data overview) bool {
	named := make(map[int64]bool, len(data.workspaces))
	for _, w := range data.workspaces {
		named[w.ID] = w.Name != ""
	}
	for id := range data.statistics {
		if !named[id] {
			return true
		}
	}
	return false
}

func (h *Handlers) workspacesView(c echo.Context, data overview) views.Workspaces {
	o := data.organization
	v := views.Workspaces{Rows: workspaceRows(data), NewURL: views.WorkspaceNewURL(o.ID)}
	v.Count = views.Count(len(v.Rows))
	switch {
	case o.Name == "":
	case !o.IsMultiWorkspaceEnabled:
		v.Sub = "The organization’s plan has one workspace."
	case o.MaxWorkspaces > 0:
		v.Sub = views.Count(max(0, o.MaxWorkspaces-int64(len(v.Rows)))) + " more allowed."
	}
	if data.statisticsErr != nil {
		v.Note = h.partNote(c, "The workspaces' statistics could not be read.", data.statisticsErr)
	} else if data.workspacesErr != nil {
		v.Note = h.partNote(c, "The workspaces' names could not be read.", data.workspacesErr)
	}
	return v
}

// A workspaceRef is what pages about one workspace call it.
type workspaceRef struct {
	id             int64
	name, currency string
	suspended      bool
}

// findWorkspace names a workspace by what is known, else by the person's own
// workspaces; one that they are not in is called by its number.
func findWorkspace(ctx context.Context, api *apiclient.Client, organizationID, workspaceID int64) workspaceRef {
	ref := workspaceRef{id: workspaceID, name: "Workspace " + strconv.FormatInt(workspaceID, 10)}
	mine, _ := knownFirst(api, func(api *apiclient.Client) ([]apiclient.Workspace, error) { return api.ListMyWorkspaces(ctx) })
	for _, w := range mine {
		if w.ID == workspaceID && w.OrganizationID == organizationID {
			return workspaceRef{id: workspaceID, name: w.Name, currency: w.DefaultCurrency, suspended: !w.SuspendedAt.IsZero()}
		}
	}
	known, _ := api.Known().ListOrganizationUsers(ctx, organizationID, apiclient.ListOrganizationUsersOptions{PerPage: strconv.Itoa(overviewUsers)})
	for _, u := range known.Users {
		for _, w := range u.Workspaces {
			if w.WorkspaceID == workspaceID && w.WorkspaceName != "" {
				ref.name, ref.currency = w.WorkspaceName, w.DefaultCurrency
				return ref
			}
		}
	}
	return ref
}

// workspaceID is the number in the address.
func workspaceID(c echo.Context) (int64, error) { return pathID(c, "workspace_id") }
