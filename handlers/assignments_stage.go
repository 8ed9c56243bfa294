package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// A wish is what somebody wants of a cell.
type wish struct {
	at changes.Target
	op string
}

// refusedWish is one that stages nothing, and why.
type refusedWish struct{ cell, words string }

// staging is what came of wishes.
type staging struct {
	done    []wish // staged, or taken back
	staged  int    // of done
	refused []refusedWish
}

// stageSteps stages single cells, or takes them back: those that were ticked in
// the grid, and those of which the drawer's button was pressed. Unless the page
// is long forgotten it asks Toggl for nothing.
func (h *Handlers) stageSteps(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, form, err := organizationForm(c)
	if err != nil {
		return err
	}
	var wishes []wish
	var invalid []refusedWish
	for _, op := range []string{store.OpAdd, store.OpRemove} {
		for _, value := range readList(form[op]) {
			if at, ok := readCell(value); ok {
				wishes = append(wishes, wish{at, op})
			} else {
				invalid = append(invalid, noCell(value))
			}
		}
	}
	return h.answerWishes(c, api, s, id, wishes, invalid)
}

// answerWishes stages, and shows what is staged then: to htmx the drawer with
// what depends on it, else the page again.
func (h *Handlers) answerWishes(c echo.Context, api *apiclient.Client, s *auth.Session, id int64, wishes []wish, invalid []refusedWish) error {
	ctx := c.Request().Context()
	g, err := h.readGrid(ctx, api, s, id, readAssignmentsQuery(c.QueryParams()), fromKnown)
	var upstream *apiclient.Error
	if err != nil && (!errors.As(err, &upstream) || !g.takesBack(wishes)) {
		return err
	}
	result, err := h.stage(ctx, s, g, wishes)
	if err != nil {
		return err
	}
	result.refused = append(result.refused, invalid...)
	if wantsFragment(c) {
		return h.renderStaged(c, g, wishes, result)
	}
	s.Flash = append(s.Flash, result.flashes(g)...)
	if err := h.sessions.Save(c.Response(), c.Request(), s); err != nil {
		return err
	}
	if back := c.FormValue("return_to"); back != "" {
		return redirect(c, auth.SafeReturn(back))
	}
	return redirect(c, g.query.url(id))
}

// takesBack reports whether the wishes only take back what is staged: for that
// it makes no difference what Toggl says.
func (g *grid) takesBack(wishes []wish) bool {
	return !slices.ContainsFunc(wishes, func(w wish) bool {
		step, ok := g.staged[w.at]
		return !ok || step.Op == w.op
	})
}

// stage judges the wishes by what is known and writes them down. A set that was
// applied meanwhile is left alone: then a new one takes them.
func (h *Handlers) stage(ctx context.Context, s *auth.Session, g *grid, wishes []wish) (staging, error) {
	const attempts = 3
	var result staging
	var steps, back []store.Step
	var err error
	for range attempts {
		result, steps, back = g.judge(wishes)
		if len(steps)+len(back) == 0 {
			return result, nil
		}
		err = h.writeSteps(ctx, g, s, steps, back)
		if !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrNotFound) {
			break
		}
		if g.set, g.steps, err = h.stagedSet(ctx, s, g.organizationID); err != nil {
			return result, err
		}
		g.sortSteps()
	}
	if err != nil {
		return result, errors.Join(errStore, err)
	}
	g.take(steps, back)
	return result, nil
}

// take has the steps as the store has them now, without reading them all again.
func (g *grid) take(steps, back []store.Step) {
	gone := changes.StagedOf(append(slices.Clone(back), steps...))
	var last int64
	g.steps = slices.DeleteFunc(g.steps, func(s store.Step) bool {
		last = max(last, s.ID)
		_, ok := gone[changes.TargetOf(s)]
		return ok
	})
	for i := range steps {
		steps[i].ID = last + int64(i) + 1
	}
	g.steps = append(g.steps, steps...)
	g.sortSteps()
}

func (h *Handlers) writeSteps(ctx context.Context, g *grid, s *auth.Session, steps, back []store.Step) error {
	if g.set.ID == "" {
		set, _, err := openStaged(ctx, h.store, g.organizationID, s.Subject)
		if err != nil {
			return err
		}
		g.set = set
	}
	if len(steps) > 0 {
		if err := h.store.StageSteps(ctx, g.set.ID, steps); err != nil {
			return err
		}
	}
	for i := range back {
		if err := h.store.UnstageStep(ctx, g.set.ID, back[i].RowKind, back[i].RowID, back[i].WorkspaceID); err != nil {
			return err
		}
	}
	return nil
}

// judge tells the wishes that can be staged, and those that take something
// back, from those that are refused.
func (g *grid) judge(wishes []wish) (result staging, steps, back []store.Step) {
	here := make(map[int64]bool, len(g.columns))
	for _, column := range g.columns {
		here[column.id] = true
	}
	for _, w := range wishes {
		step, unstage, err := changes.Stage(g.access, g.staged, w.at, w.op)
		if err == nil && !unstage && (!here[w.at.WorkspaceID] || g.guessed[w.at.RowID]) {
			err = changes.ErrUnread
		}
		if err == nil && !unstage && len(g.steps)+len(steps) >= changes.MaxSteps {
			err = changes.ErrTooMany
		}
		switch {
		case errors.Is(err, changes.ErrAlready): // as wanted
		case err != nil:
			result.refused = append(result.refused, refusedWish{cellValue(w.at), g.refusalOf(w, err)})
		case unstage:
			back, result.done = append(back, step), append(result.done, w)
		default:
			step.WorkspaceName = g.workspaceName(w.at.WorkspaceID)
			steps, result.done = append(steps, step), append(result.done, w)
			result.staged++
		}
	}
	return result, steps, back
}

// refusalOf is why a wish stages nothing, in a sentence.
func (g *grid) refusalOf(w wish, err error) string {
	name := g.access.GroupName(w.at.RowID)
	if w.at.RowKind == store.RowUser {
		u, _ := g.access.User(w.at.RowID) // nobody has no name
		name = u.Name
		if u.UserID != 0 {
			name = displayName(u.Name, u.Email)
		}
	}
	if name == "" || errors.Is(err, changes.ErrNoRow) {
		return "There is no such user or group in this organization, as far as Roster has read it."
	}
	return name + " in " + g.workspaceName(w.at.WorkspaceID) + ": " + stagingWords(err, w.at, g) + "."
}

// words say what was done and how much is staged: "Staged: add Aisha Rahman to
// Labs. 7 changes".
func (r staging) words(g *grid) string {
	all := views.Plural(len(g.steps), "change", "changes")
	if len(r.done) != 1 {
		return views.Count(r.staged) + " staged, " + views.Count(len(r.done)-r.staged) + " taken back. " + all
	}
	w := r.done[0]
	verb, op := "Staged: ", w.op
	if r.staged == 0 {
		verb, op = "Taken back: ", operation(w.op == store.OpRemove)
	}
	return verb + stepWords(op, g.rowName(w.at), g.workspaceName(w.at.WorkspaceID)) + ". " + all
}

func (g *grid) rowName(at changes.Target) string {
	if at.RowKind == store.RowGroup {
		return displayName(g.access.GroupName(at.RowID), "")
	}
	u, _ := g.access.User(at.RowID) // nobody has no name
	return displayName(u.Name, u.Email)
}

// cellState tells the page how a box is to stand.
type cellState struct {
	Checked bool   `json:"checked"`
	Change  string `json:"change"`
}

// renderStaged answers htmx: the drawer, the changed columns' heads, the number
// in the navigation, what is read out, and how the boxes stand.
func (h *Handlers) renderStaged(c echo.Context, g *grid, wishes []wish, result staging) error {
	states := make(map[string]cellState, len(wishes))
	changed := map[int64]bool{}
	for _, w := range wishes {
		was := hasTick(g.access.Cell(w.at.RowKind, w.at.RowID, w.at.WorkspaceID))
		now := was
		if step, ok := g.staged[w.at]; ok {
			now = step.Op == store.OpAdd
		}
		states[cellValue(w.at)] = cellState{now, stagedWord(now, was)}
		changed[w.at.WorkspaceID] = true
	}
	if err := setEvent(c, "staged", map[string]any{"cells": states}); err != nil {
		return err
	}
	columns, _ := g.shown()
	columns = slices.DeleteFunc(slices.Clone(columns), func(column gridColumn) bool { return !changed[column.id] })
	v := views.Staged{
		Drawer: g.drawer(changes.PlanSet(g.steps, g.access)), Columns: g.columnViews(columns), NavCount: stagedCount(len(g.steps)),
	}
	if len(result.done) > 0 {
		v.Announce = result.words(g)
	}
	status := http.StatusOK
	for _, refused := range result.refused[:min(len(result.refused), mostRefusals)] {
		status = http.StatusUnprocessableEntity
		v.Notes = append(v.Notes, views.Note{Kind: "bad", Strong: "Not staged.", Text: refused.words})
	}
	return render(c, status, views.StagedFragment(v))
}
