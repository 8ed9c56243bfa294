package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// undoChangeSet stages the way back from what a set has carried out, as the state
// is now, and leads to its review. What is staged already is in the way, unless it
// is no more than what this set was refused, or the person gives it up.
func (h *Handlers) undoChangeSet(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	f, err := h.findSet(c, s)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	address := views.ChangeSetURL(f.OrganizationID, f.ID, nil)
	if f.running() || f.crashed() || f.count(store.StepDone) == 0 {
		return h.done(c, s, auth.Flash{Kind: "warn", Text: "There is nothing to undo yet."}, address)
	}
	set, staged, err := h.stagedSet(c.Request().Context(), s, f.OrganizationID)
	if err != nil {
		return err
	}
	beside := f.beside(staged)
	if beside.total > 0 && !beside.only() && form.Get("replace") == "" {
		text := "Nothing was changed: " + views.Plural(beside.total, "other change is", "other changes are") + " staged. Apply or discard them first, or discard them with the button below."
		return h.done(c, s, auth.Flash{Kind: "warn", Text: text}, address)
	}
	access, err := h.readForUndo(c, api, &f)
	if err != nil {
		return err
	}
	steps, kept := changes.Undo(stepsIn(f.steps, store.StepDone), access)
	if len(steps) == 0 {
		return h.done(c, s, auth.Flash{Kind: "warn", Text: "Nothing of it can be undone: " + keptWords(kept) + "."}, address)
	}
	if err := h.stageUndo(c.Request().Context(), s, &f, set, steps); err != nil {
		return err
	}
	flash := auth.Flash{Kind: "ok", Text: "Staged the way back. Nothing is sent until you apply it."}
	if len(kept) > 0 {
		flash = auth.Flash{Kind: "warn", Text: "Staged the way back, but for " + views.Plural(len(kept), "change", "changes") + ": " + keptWords(kept) + "."}
	}
	return h.done(c, s, flash, views.ReviewURL(f.OrganizationID, nil))
}

// stageUndo puts the steps into a new set, in place of what was staged.
func (h *Handlers) stageUndo(ctx context.Context, s *auth.Session, f *changeSet, staged store.ChangeSet, steps []store.Step) error {
	if staged.ID != "" {
		if err := h.discard(ctx, staged); err != nil {
			return err
		}
	}
	undo := store.ChangeSet{ID: rand.Text(), OrganizationID: f.OrganizationID, Subject: s.Subject, UndoOf: f.ID}
	if err := h.store.CreateChangeSet(ctx, undo); err != nil {
		return errors.Join(errStore, err)
	}
	if err := h.store.StageSteps(ctx, undo.ID, steps); err != nil {
		return errors.Join(errStore, err)
	}
	return nil
}

// readForUndo is who has what now in the workspaces of the set. Of more than can
// be read at once it is taken to be as the set has left it: applying reads it.
func (h *Handlers) readForUndo(c echo.Context, api *apiclient.Client, f *changeSet) (*changes.Access, error) {
	ctx, done := c.Request().Context(), stepsIn(f.steps, store.StepDone)
	access := h.readAccess(c, api, f.OrganizationID, done).After(done)
	touched := touchedWorkspaces(done)
	if _, err := addWorkspaces(ctx, api.Fresh(), f.OrganizationID, access, touched[:min(len(touched), mostChecked)]); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(done, func(s store.Step) bool { return s.RowKind == store.RowGroup }) {
		return access, nil
	}
	groups, err := api.Fresh().ListGroups(ctx, f.OrganizationID, apiclient.ListGroupsOptions{})
	if err != nil {
		return nil, err
	}
	access.AddGroups(groups)
	return access, nil
}

// keptWords are who an undo leaves out, and why.
func keptWords(kept []changes.Kept) string {
	words := make([]string, len(kept))
	for i := range kept {
		words[i] = displayName(kept[i].Step.RowName, kept[i].Step.RowEmail) + " in " + kept[i].Step.WorkspaceName + " " + keptWhy(kept[i].Why)
	}
	return joinNames(words, 3)
}

func keptWhy(why error) string {
	switch {
	case errors.Is(why, changes.ErrMovedOn), errors.Is(why, changes.ErrAlready):
		return "was changed since"
	case errors.Is(why, changes.ErrLocked):
		return "can't be removed any more"
	case errors.Is(why, changes.ErrOnlyGroup):
		return "is in only through a group now"
	case errors.Is(why, changes.ErrNoRow):
		return "isn't there any more"
	}
	return "can't be read"
}
