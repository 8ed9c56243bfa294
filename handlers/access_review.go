package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/views"
)

// showAccessReview is who has access in the whole organization, as it was read
// last; before that, what reading it costs. It asks Toggl for the names of
// workspaces or roles that are not known yet, and nothing else.
func (h *Handlers) showAccessReview(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	q := readAccessQuery(c)
	kept, err := h.reviews.find(c.Request().Context(), reviewKeyOf(s, id))
	if err != nil {
		return err
	}
	running := kept != nil && !kept.ended
	if isPoll(c) && !running {
		return redirect(c, views.AccessURL(id, q.values()))
	}
	var v views.AccessReview
	if running {
		progress := h.accessProgress(c, kept, q)
		v.Progress = &progress
	}
	page := func() views.Page {
		p := h.newPage(c, nil, "Access review") // the review says its own age
		if running {
			p.Title, p.RefreshURL = v.Progress.State+" · "+p.Title, v.Progress.PollURL
		}
		return p
	}
	if isPoll(c) && wantsFragment(c) {
		return render(c, http.StatusOK, views.AccessReadingFragment(page(), *v.Progress))
	}
	if kept != nil {
		h.addAccessResult(c, api, &v, kept, q)
	}
	if !running {
		v.Start = h.accessStart(c, api, id, kept)
	}
	return render(c, http.StatusOK, views.AccessReviewPage(h.withFlash(c, page()), v))
}

// accessStart says what is known without asking: how many users and workspaces
// there are, how many requests that takes, and how many are left.
func (h *Handlers) accessStart(c echo.Context, api *apiclient.Client, id int64, kept *keptReview) *views.AccessStart {
	start := &views.AccessStart{Action: views.AccessURL(id, nil), Label: "Read the organization"}
	var requests int
	var exact bool
	if kept != nil && kept.here() && kept.made != nil && kept.made.missing > 0 {
		requests, exact = kept.made.missing, true
		start.Label, start.Resume = "Go on reading", true
		start.Facts = []views.Fact{requestsFact(requests, exact, "what is missing")}
	} else {
		if kept != nil {
			start.Label = "Read again"
		}
		requests, exact = h.accessCost(c, api, id, start)
	}
	quota, known := api.Quota(id)
	if !known {
		start.Facts = append(start.Facts, views.Fact{Term: "Requests left this hour", Value: "not known yet"})
		return start
	}
	hour := h.clock(c).Hour(quota.ResetsAt)
	start.Facts = append(start.Facts, views.Fact{Term: "Requests left this hour", Value: views.Count(quota.Remaining), Hint: "all are back at " + hour})
	if exact && requests > quota.Remaining {
		start.Short = &views.Note{
			Kind: "warn", Strong: "The requests that are left don’t suffice.",
			Text: "Reading would wait for the next hour’s at " + hour + " and then go on by itself. What was read until then is shown meanwhile.",
		}
	}
	return start
}

func (h *Handlers) accessCost(c echo.Context, api *apiclient.Client, id int64, start *views.AccessStart) (requests int, exact bool) {
	users, usersKnown := h.usersKnown(c, api, id)
	workspaces, err := knownFirst(api, func(api *apiclient.Client) ([]apiclient.Workspace, error) {
		return api.ListMyWorkspaces(c.Request().Context())
	})
	list := workspacesIn(workspaces, id)
	exact = usersKnown && err == nil
	pages := max((users+exportPage-1)/exportPage, 1)
	count := func(n int, known bool) string {
		if !known {
			return "not known before it starts"
		}
		return views.Count(n)
	}
	requests = pages + len(list)
	start.Facts = []views.Fact{
		{Term: "Users", Value: count(users, usersKnown)},
		{Term: "Workspaces", Value: count(len(list), err == nil), Hint: "yours; others are found while reading"},
		requestsFact(requests, exact, "one for each "+views.Count(exportPage)+" users, and one for each workspace"),
	}
	return requests, exact
}

func requestsFact(requests int, exact bool, hint string) views.Fact {
	fact := views.Fact{Term: "Requests to Toggl", Value: "not known before it starts", Hint: hint}
	if !exact {
		return fact
	}
	fact.Value = views.Count(requests)
	if requests > 1 {
		fact.Hint += ", at most one a second: about " + lasting(requests)
	}
	return fact
}

// lasting says how long so many seconds are, in the unit that fits.
func lasting(seconds int) string {
	const minute = 60
	if seconds < 2*minute {
		return strconv.Itoa(seconds) + " seconds"
	}
	return strconv.Itoa((seconds+minute/2)/minute) + " minutes"
}

// usersKnown is how many users there are, where any list that is remembered says so.
func (h *Handlers) usersKnown(c echo.Context, api *apiclient.Client, id int64) (int, bool) {
	if n, known := knownUsers(c, api, id, usersQuery{}); known {
		return n, true
	}
	mine, _ := api.Known().ListMyOrganizations(c.Request().Context()) // unknown is none
	if i := slices.IndexFunc(mine, func(o apiclient.Organization) bool { return o.ID == id }); i >= 0 && mine[i].UserCount > 0 {
		return int(mine[i].UserCount), true
	}
	return 0, false
}

func workspacesIn(all []apiclient.Workspace, organizationID int64) []apiclient.Workspace {
	return slices.DeleteFunc(slices.Clone(all), func(w apiclient.Workspace) bool { return w.OrganizationID != organizationID })
}

// startAccessReview begins to read, in the background, and leads to the page that
// tells how far it is.
func (h *Handlers) startAccessReview(c echo.Context, api *apiclient.Client, s *auth.Session) error {
	id, form, err := organizationForm(c)
	if err != nil {
		return err
	}
	anew := func() *reading {
		known, _ := api.Known().ListMyWorkspaces(c.Request().Context()) // unknown is none: the users' lists name them
		users, _ := h.usersKnown(c, api, id)
		return newReading(id, workspacesIn(known, id), (users+exportPage-1)/exportPage, h.now)
	}
	owned := h.credentials(s)
	err = h.reviews.start(c.Request().Context(), reviewKeyOf(s, id), form.Get("resume") != "", anew, changes.Plan{
		Client: func() *apiclient.Client { return h.clientOf(owned, s) },
	})
	switch {
	case errors.Is(err, changes.ErrBusy):
		return h.done(c, s, auth.Flash{Kind: "warn", Text: "Reviews of other organizations are still being read. Wait until one of them has ended, or stop it."}, views.AccessURL(id, nil))
	case errors.Is(err, changes.ErrClosed):
		return echo.ErrServiceUnavailable.SetInternal(err)
	case err != nil:
		return errors.Join(errStore, err)
	}
	return redirect(c, views.AccessURL(id, nil))
}

// stopAccessReview reads no more; what was read is kept.
func (h *Handlers) stopAccessReview(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	if err := h.reviews.stop(c.Request().Context(), reviewKeyOf(s, id)); err != nil {
		return err
	}
	return redirect(c, views.AccessURL(id, nil))
}

func (h *Handlers) accessProgress(c echo.Context, kept *keptReview, q accessQuery) views.AccessProgress {
	p, id, total := kept.progress(), kept.organizationID, kept.expected()
	poll := q.values()
	poll.Set(autoParameter, "1")
	v := views.AccessProgress{
		State: views.Count(p.Done+p.Failed) + " of " + views.Plural(total, "request", "requests"),
		Done:  strconv.Itoa(p.Done + p.Failed), Total: strconv.Itoa(total),
		PollURL: views.AccessURL(id, poll), StopURL: views.AccessStopURL(id),
	}
	switch {
	case p.StopAsked:
		v.State += ", stopping"
	case !p.ResumesAt.IsZero():
		v.Note = &views.Note{
			Kind: "warn", Strong: "Toggl’s limit is used up.",
			Text: "It goes on by itself at " + h.clock(c).Hour(p.ResumesAt) + ". You can leave this page and come back.",
		}
		if kept.here() {
			v.Note.Text += " What was read so far is below."
		}
	}
	return v
}
