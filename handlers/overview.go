package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"roster/apiclient"
	"roster/views"
)

// overviewUsers is how many users the overview looks at, in one call. What it
// says of a larger organization is a lower bound, and worded so. Toggl tells no
// largest page; fewerUsers is what published clients are known to get.
const (
	overviewUsers = 500
	fewerUsers    = 200
)

// overview is what the page is made of: four calls, each of which may fail
// without taking the others along, but for the organization itself.
type overview struct {
	organization  apiclient.Organization
	workspaces    []apiclient.Workspace
	workspacesErr error
	statistics    map[int64]apiclient.WorkspaceStatistics
	statisticsErr error
	users         apiclient.OrganizationUserPage
	usersErr      error
}

func (h *Handlers) showOverview(c echo.Context, api *apiclient.Client) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	data, err := h.readOverview(c.Request().Context(), api, id)
	if err != nil {
		return err
	}
	return h.renderOverview(c, api, data, renameForm(id, data.organization.Name, refusal{}), http.StatusOK)
}

// renderOverview shows the page with the form that renames the organization,
// closed, or open with what is wrong.
func (h *Handlers) renderOverview(c echo.Context, api *apiclient.Client, data overview, rename views.RenameForm, status int) error {
	page := h.withFlash(c, h.newPage(c, api, data.organization.Name))
	page.Failed = rename.Open
	if page.Organization != nil { // the answer is fresher than the session
		page.Organization.Name, page.Organization.Plan = data.organization.Name, planName(data.organization)
	}
	v := h.overviewView(c, data)
	if data.organization.Owner || data.organization.Admin || rename.Open {
		v.Rename = &rename
	}
	if s := sessionOf(c); s != nil && isAdmin(s, data.organization.ID) {
		recent, err := h.recentChanges(c, data.organization.ID)
		if err != nil {
			return err
		}
		v.Recent, v.ActivityURL = recent, views.ActivityURL(data.organization.ID, nil)
	}
	page.Notes = append(page.Notes, h.unfinishedNotes(c, data.organization.ID)...)
	return render(c, status, views.OverviewPage(page, v))
}

func (h *Handlers) readOverview(ctx context.Context, api *apiclient.Client, id int64) (overview, error) {
	var data overview
	calls, ctx := errgroup.WithContext(ctx)
	calls.Go(func() (err error) {
		data.organization, err = api.GetOrganization(ctx, id)
		return err
	})
	data.askForWorkspaces(ctx, calls, api, id)
	calls.Go(func() error {
		data.users, data.usersErr = h.readManyUsers(ctx, api, id)
		return nil
	})
	return data, calls.Wait()
}

// askForWorkspaces makes the two calls that tell of workspaces, either of which
// may fail alone.
func (o *overview) askForWorkspaces(ctx context.Context, calls *errgroup.Group, api *apiclient.Client, id int64) {
	calls.Go(func() error {
		o.workspaces, o.workspacesErr = api.ListMyWorkspaces(ctx)
		return nil
	})
	calls.Go(func() error {
		o.statistics, o.statisticsErr = api.GetWorkspaceStatistics(ctx, id)
		return nil
	})
}

// readManyUsers reads as many users as one call gives. Where Toggl refuses so
// large a page it is asked for a smaller one, and from then on for that at once.
func (h *Handlers) readManyUsers(ctx context.Context, api *apiclient.Client, id int64) (apiclient.OrganizationUserPage, error) {
	size := overviewUsers
	if h.fewerUsers.Load() {
		size = fewerUsers
	}
	list, err := api.ListOrganizationUsers(ctx, id, apiclient.ListOrganizationUsersOptions{PerPage: strconv.Itoa(size)})
	if !errors.Is(err, apiclient.ErrRefused) || size == fewerUsers {
		return list, err
	}
	h.fewerUsers.Store(true)
	return h.readManyUsers(ctx, api, id)
}

func (h *Handlers) overviewView(c echo.Context, data overview) views.Overview {
	clock := h.clock(c)
	census := countUsers(data, h.now())
	v := views.Overview{
		Sub:        planSentence(data.organization, clock),
		Figures:    overviewFigures(data, census),
		Status:     statusBar(data.organization.ID, census),
		Workspaces: workspaceRows(data),
		Attention:  attention(data, census, clock),
		Groups:     largestGroups(data.organization.ID, census),
		Facts:      organizationFacts(data.organization, clock),

		WorkspacesURL: views.WorkspacesURL(data.organization.ID),
		DepartureURL:  views.DepartureURL(data.organization.ID),
		Usage:         views.Usage{URL: views.OrganizationUsageURL(data.organization.ID)},
	}
	if data.statisticsErr != nil {
		v.WorkspacesNote = h.partNote(c, "The workspaces' statistics could not be read.", data.statisticsErr)
	} else if data.workspacesErr != nil {
		v.WorkspacesNote = h.partNote(c, "The workspaces' names could not be read.", data.workspacesErr)
	}
	if data.usersErr != nil {
		v.AttentionNote = h.partNote(c, "The users could not be read.", data.usersErr)
	}
	return v
}

// partNote says why a part of a page is missing.
func (h *Handlers) partNote(c echo.Context, strong string, err error) *views.Note {
	p := h.problemOf(c, err)
	return &views.Note{Kind: "warn", Strong: strong, Text: p.Title + ".", Words: p.Words, Details: p.Detail, Trace: p.Trace}
}

// planSentence is "Enterprise plan, next payment 1 Mar 2027. Organization ID 7."
func planSentence(o apiclient.Organization, clock views.Clock) string {
	sentence := planName(o) + " plan"
	if t := o.TrialInfo; t != nil {
		switch {
		case t.Trial && !t.TrialEndDate.IsZero():
			sentence += ", on trial until " + clock.Date(t.TrialEndDate).Text
		case t.Trial:
			sentence += ", on trial"
		case !t.NextPaymentDate.IsZero():
			sentence += ", next payment " + clock.Date(t.NextPaymentDate).Text
		}
	}
	return sentence + ". Organization ID " + strconv.FormatInt(o.ID, 10) + "."
}

func overviewFigures(data overview, census census) []views.Figure {
	o := data.organization
	users := views.Figure{Label: "Users", Value: views.Count(o.UserCount), URL: views.UsersURL(o.ID, nil)}
	admins := views.Figure{Label: "Admins", Value: "–", URL: views.UsersURL(o.ID, url.Values{"only_admins": {"true"}})}
	if data.usersErr == nil {
		users.Detail = census.atLeast(census.invited) + " still invited"
		admins.Value = census.atLeast(census.admins)
		admins.Detail = views.Plural(census.owners, "owner", "owners") + ", " + views.Plural(census.admins-census.owners, "admin", "admins")
	}
	workspaces := views.Figure{Label: "Workspaces", Value: views.Count(len(workspaceNames(data))), URL: views.WorkspacesURL(o.ID)}
	if o.MaxWorkspaces > 0 {
		workspaces.Of = views.Count(o.MaxWorkspaces)
		workspaces.Detail = views.Count(max(0, o.MaxWorkspaces-int64(len(workspaceNames(data))))) + " more allowed"
	}
	return []views.Figure{users, admins, groupsFigure(data, census), workspaces}
}

// groupsFigure counts the groups that users are in; empty ones are not seen here.
func groupsFigure(data overview, census census) views.Figure {
	f := views.Figure{Label: "Groups", Value: "–"}
	if data.usersErr == nil {
		f.Value, f.Detail = census.atLeast(len(census.groups)), "with users"
	}
	return f
}

func organizationFacts(o apiclient.Organization, clock views.Clock) []views.Fact {
	facts := []views.Fact{
		{Term: "You are", Value: membership(o)},
		{Term: "Plan", Value: planName(o)},
		{Term: "Several workspaces", Value: views.YesNo(o.IsMultiWorkspaceEnabled)},
		{Term: "Data is kept", Value: retention(o)},
		{Term: "Created", Time: clock.Date(o.CreatedAt)},
		{Term: "Changed", Time: clock.Date(o.At)},
	}
	if !o.SuspendedAt.IsZero() {
		facts = append(facts, views.Fact{Term: "Suspended since", Time: clock.Date(o.SuspendedAt)})
	}
	if o.TrialInfo != nil {
		facts = append(facts, views.Fact{Term: "Trial", Value: trial(*o.TrialInfo)})
	}
	if len(o.Permissions) > 0 {
		facts = append(facts, views.Fact{Term: "Your permissions", Value: strings.Join(o.Permissions, ", ")})
	}
	return append(facts, views.Fact{Term: "Unified with Toggl Focus", Value: views.YesNo(o.IsUnified)})
}

func membership(o apiclient.Organization) string {
	switch {
	case o.Owner:
		return "the owner"
	case o.Admin:
		return "an admin"
	default:
		return "a member"
	}
}

func retention(o apiclient.Organization) string {
	if o.MaxDataRetentionDays == nil {
		return "without limit"
	}
	return views.Plural(*o.MaxDataRetentionDays, "day", "days")
}

func trial(t apiclient.TrialInfo) string {
	switch {
	case t.Trial:
		return "running"
	case t.TrialAvailable || t.CanHaveTrial:
		return "available"
	default:
		return "used or not available"
	}
}
