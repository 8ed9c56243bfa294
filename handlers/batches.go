package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// autoParameter marks what the progress page asks by itself.
const autoParameter = "auto"

// isPoll reports whether the page asks by itself, so that the session isn't
// extended: somebody who has gone away is signed out all the same.
func isPoll(c echo.Context) bool {
	progress := c.Path() == views.PathBatch || c.Path() == views.PathChangeSet || c.Path() == views.PathAccess
	return progress && c.Request().Method == http.MethodGet && c.QueryParam(autoParameter) != ""
}

// kindBatch is of the records of batches.
const kindBatch = "batch"

// ownBatch finds the batch in the address among those of the person, whichever replica
// runs it.
func (h *Handlers) ownBatch(c echo.Context, s *auth.Session) (*changes.Report, error) {
	id, err := organizationID(c)
	if err != nil {
		return nil, err
	}
	b, err := h.changes.Find(c.Request().Context(), c.Param("batch_id"), s.Subject, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, echo.ErrNotFound
	}
	if err != nil {
		return nil, errors.Join(errStore, err)
	}
	return &b, nil
}

// showBatch tells how far a change of many users is. It asks Toggl nothing.
func (h *Handlers) showBatch(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	b, err := h.ownBatch(c, s)
	if err != nil {
		return err
	}
	v := h.batchView(c, b, readBatchQuery(c))
	page := h.usersPage(c, api, v.Title)
	page.Title = v.State + " · " + v.Title
	if wantsFragment(c) {
		return render(c, http.StatusOK, views.ProgressFragment(page, v))
	}
	if v.Running {
		page.RefreshURL = v.PollURL
	}
	return render(c, http.StatusOK, views.BatchPage(h.withFlash(c, page), v))
}

// stopBatch sends no more; what is under way comes to its end.
func (h *Handlers) stopBatch(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	b, err := h.ownBatch(c, s)
	if err != nil {
		return err
	}
	if err := h.changes.Stop(c.Request().Context(), b.ID, s.Subject, b.OrganizationID); err != nil {
		return errors.Join(errStore, err)
	}
	return redirect(c, views.BatchURL(b.OrganizationID, b.ID, nil))
}

// retryBatch starts the same change for those for whom it failed, was never sent, or
// nobody knows. It builds on what each of them has now, so that what was carried out
// is not sent again.
func (h *Handlers) retryBatch(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	b, err := h.ownBatch(c, s)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	err = h.changes.Settle(ctx, b.ID, s.Subject, b.OrganizationID)
	if errors.Is(err, store.ErrConflict) { // it runs
		return redirect(c, views.BatchURL(b.OrganizationID, b.ID, nil))
	}
	if err != nil {
		return errors.Join(errStore, err)
	}
	f := usersChange{organizationID: b.OrganizationID, change: b.Change, chosen: selection{ids: b.Unfinished()}}
	f.choices = readUserChoices(ctx, api, f.organizationID)
	if f.users, f.missing, err = f.chosen.users(ctx, api.Fresh(), f.organizationID); err != nil {
		return err
	}
	return h.startUsersChange(c, api, s, f)
}

// haltNote says why a batch ended before its last step, or what it waits for.
func (h *Handlers) haltNote(c echo.Context, p changes.Progress) *views.Note {
	left := ""
	if p.Left() > 0 {
		left = views.Plural(p.Left(), "user was", "users were") + " not sent to Toggl."
	}
	unknown := "Whether " + views.Plural(p.Unknown, "change was", "changes were") + " carried out isn't known. "
	var upstream *apiclient.Error
	switch {
	case !p.ResumesAt.IsZero():
		return &views.Note{
			Kind: "warn", Strong: "Toggl's limit is used up.",
			Text: "It goes on by itself at " + h.clock(c).Hour(p.ResumesAt) + ". You can leave this page and come back.",
		}
	case p.Halt == nil && p.Uncertain:
		return &views.Note{Kind: "warn", Strong: "Not every request was answered.", Text: "Whether those changes were carried out isn't known. Sending them again does no harm."}
	case p.Halt == nil:
		return nil
	case errors.Is(p.Halt, changes.ErrInterrupted) && p.Unknown > 0:
		return &views.Note{Kind: "warn", Strong: "Roster ended while this was sent.", Text: unknown + left + " Nothing goes on by itself, and sending the rest looks first at what each has now."}
	case errors.Is(p.Halt, changes.ErrInterrupted):
		return &views.Note{Kind: "warn", Strong: "Roster ended before all was sent.", Text: left + " Nothing goes on by itself."}
	case errors.Is(p.Halt, changes.ErrNotKept):
		return &views.Note{Kind: "bad", Strong: "Roster couldn't write down how far it is.", Text: left + " What can't be written down isn't sent."}
	case errors.Is(p.Halt, changes.ErrStopped):
		return &views.Note{Kind: "warn", Strong: "Stopped.", Text: left}
	case errors.Is(p.Halt, changes.ErrTooLong):
		return &views.Note{Kind: "warn", Strong: "Stopped after a day of waiting for Toggl's hourly limit.", Text: left}
	case errors.As(p.Halt, &upstream):
		problem := h.changeProblem(c, upstream)
		return &views.Note{Kind: "bad", Strong: problem.Title + ".", Text: left, Words: upstream.Message, Details: upstream.TraceID}
	default:
		return &views.Note{Kind: "bad", Strong: "It ended early.", Text: left}
	}
}

// runningNotes say on the list what is still being sent.
func (h *Handlers) runningNotes(c echo.Context, organizationID int64) []views.Note {
	s := sessionOf(c)
	if s == nil {
		return nil
	}
	var list []views.Note
	running, err := h.changes.Running(c.Request().Context(), s.Subject, organizationID)
	if err != nil {
		h.log.Warn("running changes could not be read", "error", err)
	}
	for i := range running {
		b := &running[i]
		list = append(list, views.Note{
			Strong: changeWords[b.Change.Kind].progress(b.Progress.Total) + ".", Text: batchState(b.Progress) + ".",
			Link: views.Link{Label: "Show progress", URL: views.BatchURL(organizationID, b.ID, nil)},
		})
	}
	return list
}
