package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

const (
	// mostChecked is how many workspaces a page reads, one call each.
	mostChecked = 20
	// readAtOnce keeps a page from using up what may be asked at once.
	readAtOnce = 4
)

// A review is one rendering of the plan of what is staged.
type review struct {
	organizationID int64
	set            store.ChangeSet // without an ID: nothing is staged
	steps          []store.Step
	access         *changes.Access
	plan           changes.SetPlan
	unread         int // touched workspaces whose users were not read
	status         int
	notes          []views.Note
	imported       views.Import
}

// showReview is the plan as a page: what the drawer of the grid says, whole.
func (h *Handlers) showReview(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	r, err := h.readReview(c, api, s, id)
	if err != nil {
		return err
	}
	return h.renderReview(c, api, s, r)
}

// readReview plans what the person has staged. Where the users of a workspace
// can't be read it plans on what is known of it.
func (h *Handlers) readReview(c echo.Context, api *apiclient.Client, s *auth.Session, organizationID int64) (review, error) {
	r := review{organizationID: organizationID, status: http.StatusOK}
	var err error
	if r.set, r.steps, err = h.stagedSet(c.Request().Context(), s, organizationID); err != nil || len(r.steps) == 0 {
		return r, err
	}
	r.access = h.readAccess(c, api, organizationID, r.steps)
	h.checkAccess(c, api, &r)
	r.plan = changes.PlanSet(r.steps, r.access)
	return r, nil
}

// checkAccess reads who is in the touched workspaces, and how: of many, only
// those that are known, and some more where the person asks for it.
func (h *Handlers) checkAccess(c echo.Context, api *apiclient.Client, r *review) {
	ctx := c.Request().Context()
	ask := touchedWorkspaces(r.steps)
	if len(ask) > mostChecked {
		ask = addKnownWorkspaces(ctx, api, r.organizationID, r.access, ask)
		if r.unread = len(ask); c.QueryParam("check") == "" {
			ask = nil
		}
		ask = ask[:min(len(ask), mostChecked)]
		r.unread -= len(ask)
	}
	failed, err := addWorkspaces(ctx, api, r.organizationID, r.access, ask)
	if r.unread += failed; err != nil {
		r.notes = append(r.notes, *h.partNote(c, views.Plural(failed, "workspace could not be read.", "workspaces could not be read."), err))
	}
	if !slices.ContainsFunc(r.steps, func(s store.Step) bool { return s.RowKind == store.RowGroup }) {
		return
	}
	groups, err := api.ListGroups(ctx, r.organizationID, apiclient.ListGroupsOptions{})
	if err != nil {
		r.notes = append(r.notes, *h.partNote(c, "The groups could not be read.", err))
		return
	}
	r.access.AddGroups(groups)
}

// touchedWorkspaces are the workspaces of steps, each once, in the steps' order.
func touchedWorkspaces(steps []store.Step) []int64 {
	var ids []int64
	seen := map[int64]bool{}
	for i := range steps {
		if id := steps[i].WorkspaceID; !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// addKnownWorkspaces adds the users of workspaces as far as they are known, and
// returns the other workspaces.
func addKnownWorkspaces(ctx context.Context, api *apiclient.Client, organizationID int64, access *changes.Access, ids []int64) (unknown []int64) {
	for _, id := range ids {
		users, err := api.Known().ListWorkspaceUsers(ctx, organizationID, id, apiclient.ListWorkspaceUsersOptions{})
		if err != nil {
			unknown = append(unknown, id)
			continue
		}
		access.AddWorkspaceUsers(id, users)
	}
	return unknown
}

// addWorkspaces reads the users of workspaces. Failed is how many it couldn't
// read, and err why the first of them.
func addWorkspaces(ctx context.Context, api *apiclient.Client, organizationID int64, access *changes.Access, ids []int64) (failed int, err error) {
	lists, errs := make([][]apiclient.WorkspaceUser, len(ids)), make([]error, len(ids))
	var calls errgroup.Group
	calls.SetLimit(readAtOnce)
	for i, id := range ids {
		calls.Go(func() error {
			lists[i], errs[i] = api.ListWorkspaceUsers(ctx, organizationID, id, apiclient.ListWorkspaceUsersOptions{})
			return nil
		})
	}
	_ = calls.Wait() // nothing above returns an error
	for i, id := range ids {
		if errs[i] == nil {
			access.AddWorkspaceUsers(id, lists[i])
			continue
		}
		if failed++; err == nil {
			err = errs[i]
		}
	}
	return failed, err
}

// seen is what was looked at: another set of changes has another one.
func (r *review) seen() string {
	sum := sha256.New()
	for i := range r.steps {
		s := &r.steps[i]
		_, _ = fmt.Fprintln(sum, s.RowKind, s.RowID, s.WorkspaceID, s.Op) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

func (h *Handlers) renderReview(c echo.Context, api *apiclient.Client, s *auth.Session, r review) error {
	v, err := h.reviewView(c, api, s, &r)
	if err != nil {
		return err
	}
	title := "Review " + views.Plural(len(r.steps), "change", "changes")
	if len(r.steps) == 0 {
		title = "Review changes"
	}
	page := h.newPage(c, api, title)
	page.Failed = r.status >= http.StatusBadRequest
	page.Notes = append(page.Notes, h.unfinishedNotes(c, r.organizationID)...)
	return render(c, r.status, views.ReviewPage(h.withFlash(c, page), v))
}

// reviewQuery keeps what the person asked to be read.
func reviewQuery(check bool) url.Values {
	if !check {
		return nil
	}
	return url.Values{"check": {"more"}}
}
