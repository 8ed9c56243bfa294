package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/store"
	"roster/views"
)

// showChangeSets lists what was applied in an organization: an admin sees
// everybody's, and everybody their own.
func (h *Handlers) showChangeSets(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	sets, err := h.store.ChangeSets(c.Request().Context(), id, setsListed)
	if err != nil {
		return errors.Join(errStore, err)
	}
	shown := make([]store.ChangeSet, 0, len(sets))
	ids := make([]string, 0, len(sets))
	for _, set := range sets {
		if set.State == store.SetDiscarded || set.Subject != s.Subject && (!isAdmin(s, id) || set.State == store.SetStaged) {
			continue
		}
		shown, ids = append(shown, set), append(ids, set.ID)
	}
	counts, err := h.store.StepCounts(c.Request().Context(), ids)
	if err != nil {
		return errors.Join(errStore, err)
	}
	v := views.ChangeSets{GridURL: views.AssignmentsURL(id, nil)}
	for i := range shown {
		if row, ok := h.setSummary(c, s, &shown[i], counts[shown[i].ID]); ok {
			v.Rows = append(v.Rows, row)
		}
	}
	page := h.changesPage(c, api, "Changes")
	return render(c, http.StatusOK, views.ChangeSetsPage(h.withFlash(c, page), v))
}

// setSummary is false for a set from which everything was taken back.
func (h *Handlers) setSummary(c echo.Context, s *auth.Session, set *store.ChangeSet, counts map[string]int) (views.ChangeSetSummary, bool) {
	total := 0
	for _, n := range counts {
		total += n
	}
	row := views.ChangeSetSummary{
		URL: views.ChangeSetURL(set.OrganizationID, set.ID, nil), Title: views.Plural(total, "change", "changes"),
		Who: h.whoseSet(c, s, set), Results: countWords(counts), Time: h.clock(c).Ago(lastOf(set.AppliedAt, set.UpdatedAt)),
	}
	if set.UndoOf != "" {
		row.Title = "Undo of " + row.Title
	}
	f := changeSet{ChangeSet: *set}
	f.run, f.here = h.appliers.find(set.ID)
	switch {
	case f.running():
		row.State = views.Tag{Text: "Being sent", Class: "accent"}
	case set.State == store.SetStaged:
		row.State, row.URL, row.Results = views.Tag{Text: "Staged", Class: "accent"}, views.ReviewURL(set.OrganizationID, nil), ""
	case set.State == store.SetApplied:
		row.State = views.Tag{Text: "Applied", Icon: "check", Class: "ok"}
	default:
		row.State = views.Tag{Text: "Not finished", Icon: "triangle-alert", Class: "warn"}
	}
	readable := s.Role.MayChange() || set.State != store.SetStaged // what is staged is seen in its review
	return row, total > 0 && readable
}

// countWords is "9 applied, 1 rejected"; what nobody needs to know is left out.
func countWords(counts map[string]int) string {
	parts := []string{views.Count(counts[store.StepDone]) + " applied"}
	for _, part := range []struct {
		n     int
		words string
	}{
		{counts[store.StepRefused], "rejected"},
		{counts[store.StepHeld], "held back"},
		{counts[store.StepStaged] + counts[store.StepSending] + counts[store.StepUnknown], "left"},
	} {
		if part.n > 0 {
			parts = append(parts, views.Count(part.n)+" "+part.words)
		}
	}
	return strings.Join(parts, ", ")
}

func lastOf(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}

// whoseSet is "You", or another admin's name as far as it is known without
// asking.
func (h *Handlers) whoseSet(c echo.Context, s *auth.Session, set *store.ChangeSet) string {
	if set.Subject == s.Subject {
		return "You"
	}
	userID, err := strconv.ParseInt(strings.TrimPrefix(set.Subject, "toggl:"), 10, 64)
	if err == nil {
		known := h.client(s).Known()
		u, ok := knownUser(c.Request().Context(), known, set.OrganizationID, func(u apiclient.OrganizationUser) bool { return u.UserID == userID })
		if ok {
			return displayName(u.Name, u.Email)
		}
	}
	return "Another admin"
}
