package handlers

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// setsListed is how many change sets the list shows.
const setsListed = 50

// isAdmin reports whether the person is an admin of the organization, as far as
// the session knows.
func isAdmin(s *auth.Session, organizationID int64) bool {
	o := sessionOrganization(s, organizationID)
	return o.Admin || o.Owner
}

// A changeSet is a set that was applied, at least in part, with what became of it.
type changeSet struct {
	store.ChangeSet
	steps []store.Step
	own   bool
	run   applyRun
	// here: this process sends it, or waits to go on.
	here bool
}

// findSet finds the set in the address. People see their own, and admins what
// others have applied.
func (h *Handlers) findSet(c echo.Context, s *auth.Session) (changeSet, error) {
	id, err := organizationID(c)
	if err != nil {
		return changeSet{}, err
	}
	// The run is looked for first: once it isn't there, what it wrote is.
	run, here := h.appliers.find(c.Param("set_id"))
	set, err := h.store.ChangeSet(c.Request().Context(), c.Param("set_id"))
	if errors.Is(err, store.ErrNotFound) {
		return changeSet{}, echo.ErrNotFound
	}
	if err != nil {
		return changeSet{}, errors.Join(errStore, err)
	}
	f := changeSet{ChangeSet: set, own: set.Subject == s.Subject, run: run, here: here}
	shared := isAdmin(s, id) && (set.State == store.SetApplying || set.State == store.SetStopped || set.State == store.SetApplied)
	if set.OrganizationID != id || !f.own && !shared {
		return changeSet{}, echo.ErrNotFound
	}
	if f.steps, err = h.store.Steps(c.Request().Context(), set.ID); err != nil {
		return changeSet{}, errors.Join(errStore, err)
	}
	return f, nil
}

// running reports whether more will be sent without anybody's doing. Leases run
// by the clock of the database, which is a real one.
func (f *changeSet) running() bool {
	return f.here || f.State == store.SetApplying && time.Now().Before(f.HeldUntil)
}

// crashed reports whether the process died that sent it.
func (f *changeSet) crashed() bool { return f.State == store.SetApplying && !f.running() }

// count is how many steps are in one of the states.
func (f *changeSet) count(states ...string) int {
	n := 0
	for i := range f.steps {
		if slices.Contains(states, f.steps[i].State) {
			n++
		}
	}
	return n
}

// left are the steps that going on would settle or send.
func (f *changeSet) left() int {
	return f.count(store.StepStaged, store.StepSending, store.StepUnknown)
}

// showChangeSet tells what became of a change set. It asks Toggl nothing.
func (h *Handlers) showChangeSet(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	f, err := h.findSet(c, s)
	if err != nil {
		return err
	}
	if f.State == store.SetStaged && !f.here {
		return redirect(c, views.ReviewURL(f.OrganizationID, nil))
	}
	v, err := h.changeSetView(c, s, &f, readBatchQuery(c))
	if err != nil {
		return err
	}
	page := h.changesPage(c, api, v.Title)
	page.Title = v.State + " · " + v.Title
	if wantsFragment(c) {
		return render(c, http.StatusOK, views.ChangeSetFragment(page, v))
	}
	if v.Running {
		page.RefreshURL = v.PollURL
	}
	return render(c, http.StatusOK, views.ChangeSetPage(h.withFlash(c, page), v))
}

// changesPage is the frame of a page about change sets: they come from the grid
// of assignments.
func (h *Handlers) changesPage(c echo.Context, api *apiclient.Client, title string) views.Page {
	p := h.newPage(c, api, title)
	if id, err := organizationID(c); err == nil {
		for i := range p.Nav {
			p.Nav[i].Current = p.Nav[i].URL == views.AssignmentsURL(id, nil)
		}
	}
	return p
}

// stopChangeSet sends no more; what is under way comes to its end.
func (h *Handlers) stopChangeSet(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	f, err := h.findOwnSet(c, s)
	if err != nil {
		return err
	}
	h.appliers.stop(f.ID)
	return redirect(c, views.ChangeSetURL(f.OrganizationID, f.ID, nil))
}

// resumeChangeSet goes on with a set that stopped, or whose process died. Of what
// is unknown it is read first how it is.
func (h *Handlers) resumeChangeSet(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	f, err := h.findOwnSet(c, s)
	if err != nil {
		return err
	}
	address := views.ChangeSetURL(f.OrganizationID, f.ID, nil)
	if f.State == store.SetStaged {
		return redirect(c, views.ReviewURL(f.OrganizationID, nil))
	}
	if f.running() || f.State != store.SetStopped && f.State != store.SetApplying {
		return redirect(c, address)
	}
	if err := h.startApplying(c, s, f.ID); err != nil {
		return h.notStarted(c, s, err, address)
	}
	return redirect(c, address)
}

func (h *Handlers) findOwnSet(c echo.Context, s *auth.Session) (changeSet, error) {
	f, err := h.findSet(c, s)
	if err == nil && !f.own {
		err = echo.ErrNotFound
	}
	return f, err
}

// sendSteps writes the steps of a set as a file.
func (h *Handlers) sendSteps(c echo.Context, s *auth.Session, contentType, name string, write func(f *changeSet) error) error {
	f, err := h.findSet(c, s)
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, contentType)
	header.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return write(&f)
}

func (h *Handlers) exportChangeSetCSV(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	return h.sendSteps(c, s, "text/csv; charset=utf-8; header=present", "changes.csv", func(f *changeSet) error {
		if _, err := c.Response().Write([]byte(byteOrderMark)); err != nil {
			return err
		}
		return changes.WriteCSV(c.Response(), f.steps)
	})
}

func (h *Handlers) exportChangeSetJSON(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	return h.sendSteps(c, s, echo.MIMEApplicationJSON, "changes.json", func(f *changeSet) error {
		return changes.WriteJSON(c.Response(), f.ChangeSet, f.steps)
	})
}
