package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// applyChanges begins to send what the person has staged and looked at, and
// leads to the page that tells how far it is.
func (h *Handlers) applyChanges(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, form, err := organizationForm(c)
	if err != nil {
		return err
	}
	r := review{organizationID: id}
	if r.set, r.steps, err = h.stagedSet(c.Request().Context(), s, id); err != nil {
		return err
	}
	switch {
	case len(r.steps) == 0 && form.Get("set") != "": // a second click, or another tab
		return h.leadToSet(c, s, id, form.Get("set"))
	case len(r.steps) == 0 || form.Get("seen") == "":
		return redirect(c, views.ReviewURL(id, nil))
	case form.Get("set") != r.set.ID || form.Get("seen") != r.seen():
		return h.reviewAgain(c, api, s, id)
	}
	if err := h.startApplying(c, s, r.set.ID); err != nil {
		return h.notStarted(c, s, err, views.ReviewURL(id, nil))
	}
	return redirect(c, views.ChangeSetURL(id, r.set.ID, nil))
}

// leadToSet leads to a set of the person that was applied already.
func (h *Handlers) leadToSet(c echo.Context, s *auth.Session, organizationID int64, setID string) error {
	set, err := h.store.ChangeSet(c.Request().Context(), setID)
	if err != nil || set.Subject != s.Subject || set.OrganizationID != organizationID || set.State == store.SetDiscarded {
		return h.done(c, s, auth.Flash{Kind: "warn", Text: "Nothing is staged, so nothing was sent."}, views.ReviewURL(organizationID, nil))
	}
	return redirect(c, views.ChangeSetURL(organizationID, setID, nil))
}

// reviewAgain shows the plan as it is now instead of applying what nobody has
// looked at.
func (h *Handlers) reviewAgain(c echo.Context, api *apiclient.Client, s *auth.Session, id int64) error {
	r, err := h.readReview(c, api, s, id)
	if err != nil {
		return err
	}
	r.status = http.StatusConflict
	r.notes = append(r.notes, views.Note{
		Kind: "bad", Strong: "Nothing was sent.", Text: "Other changes were staged since you looked, in another tab or browser. This is the plan now.",
	})
	return h.renderReview(c, api, s, r)
}

// startApplying sends the set in the background with the connection of this
// session, which is kept in memory until the run has ended.
func (h *Handlers) startApplying(c echo.Context, s *auth.Session, setID string) error {
	owned, steps := h.credentials(s), &stepsRecorder{recorder: h.recorder(c, s)}
	return h.appliers.start(c.Request().Context(), changes.Job{
		SetID:  setID,
		Client: func() *apiclient.Client { return steps.client(h.clientOf(owned, s)) },
		Record: steps.record,
	}, s.SignedInAt)
}

func (h *Handlers) notStarted(c echo.Context, s *auth.Session, err error, back string) error {
	switch {
	case errors.Is(err, errTooManyRuns):
		return h.done(c, s, auth.Flash{Kind: "warn", Text: "Too many changes are being sent at the moment, so nothing was sent. Try again in a few minutes."}, back)
	case errors.Is(err, changes.ErrClosed):
		return h.done(c, s, auth.Flash{Kind: "warn", Text: "Roster is about to end, so nothing was sent. Try again in a minute."}, back)
	}
	return err
}

// discardChanges gives up what the person has staged, once they have confirmed it.
func (h *Handlers) discardChanges(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	id, form, err := organizationForm(c)
	if err != nil {
		return err
	}
	set, steps, err := h.stagedSet(c.Request().Context(), s, id)
	if err != nil {
		return err
	}
	if set.ID == "" || form.Get("set") != set.ID {
		return redirect(c, views.ReviewURL(id, nil))
	}
	if err := h.discard(c.Request().Context(), set); err != nil {
		return err
	}
	flash := auth.Flash{Kind: "ok", Text: "Discarded " + views.Plural(len(steps), "staged change", "staged changes") + ". Nothing was sent to Toggl."}
	return h.done(c, s, flash, views.AssignmentsURL(id, nil))
}

func (h *Handlers) discard(ctx context.Context, set store.ChangeSet) error {
	err := h.store.DiscardChangeSet(ctx, set.ID, set.Subject)
	if err != nil && !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrNotFound) { // it is staged no longer
		return errors.Join(errStore, err)
	}
	return nil
}
