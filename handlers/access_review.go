package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

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
	kept := h.reviews.find(reviewKeyOf(s, id))
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
	if kept != nil && kept.made != nil && kept.made.missing > 0 {
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
		fact.Hint += ", at most one a second: about " + (time.Duration(requests) * time.Second).String()
	}
	return fact
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
	owned := credentials(s)
	err = h.reviews.start(c.Request().Context(), reviewKeyOf(s, id), form.Get("resume") != "", anew, changes.Plan{
		Client: func() *apiclient.Client { return h.factory.Client(owned) },
	})
	switch {
	case errors.Is(err, changes.ErrBusy):
		return h.done(c, s, auth.Flash{Kind: "warn", Text: "Reviews of other organizations are still being read. Wait until one of them has ended, or stop it."}, views.AccessURL(id, nil))
	case errors.Is(err, changes.ErrClosed):
		return echo.ErrServiceUnavailable.SetInternal(err)
	case err != nil:
		return err
	}
	return redirect(c, views.AccessURL(id, nil))
}

// stopAccessReview reads no more; what was read is kept.
func (h *Handlers) stopAccessReview(c echo.Context, _ *apiclient.Client, s *auth.Session) error {
	id, err := organizationID(c)
	if err != nil {
		return err
	}
	h.reviews.stop(reviewKeyOf(s, id))
	return redirect(c, views.AccessURL(id, nil))
}

func (h *Handlers) accessProgress(c echo.Context, kept *keptReview, q accessQuery) views.AccessProgress {
	p, id := kept.batch.Progress(), kept.reading.organizationID
	total := max(p.Total, kept.reading.expected())
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
			Text: "It goes on by itself at " + h.clock(c).Hour(p.ResumesAt) + ". You can leave this page and come back. What was read so far is below.",
		}
	}
	return v
}

// addAccessResult shows what was read last, and says what is missing from it.
// While it is being read that is a whole review from before, or, where Toggl's
// limit stops it, the part that was read.
func (h *Handlers) addAccessResult(c echo.Context, api *apiclient.Client, v *views.AccessReview, kept *keptReview, q accessQuery) {
	waiting := kept.ended || kept.before != nil || !kept.batch.Progress().ResumesAt.IsZero()
	if !waiting {
		return
	}
	shown := kept.shown()
	if kept.ended {
		v.Notes = append(v.Notes, h.accessEndNotes(c, kept)...)
	}
	if shown == nil {
		return
	}
	v.Notes = append(v.Notes, gapNotes(shown, kept.ended)...)
	roles, _ := knownFirst(api, func(api *apiclient.Client) ([]apiclient.Role, error) {
		return api.ListTrackRoles(c.Request().Context(), kept.reading.organizationID)
	})
	v.Result = h.accessResult(c, kept.reading.organizationID, shown, roles, q)
}

// accessEndNotes say why the last reading ended before it was whole.
func (h *Handlers) accessEndNotes(c echo.Context, kept *keptReview) []views.Note {
	p := kept.batch.Progress()
	var notes []views.Note
	var upstream *apiclient.Error
	switch {
	case errors.As(p.Halt, &upstream):
		problem := h.upstreamProblem(c, upstream)
		notes = append(notes, views.Note{Kind: "bad", Strong: problem.Title + ".", Text: "Reading ended there.", Words: upstream.Message, Details: upstream.TraceID})
	case errors.Is(p.Halt, changes.ErrStopped):
		notes = append(notes, views.Note{Kind: "warn", Strong: "Stopped.", Text: "What was read until then is kept."})
	case p.Halt != nil:
		notes = append(notes, views.Note{Kind: "bad", Strong: "Reading ended early.", Text: "What was read until then is kept."})
	case p.Failed > 0:
		notes = append(notes, h.failedNote(c, kept.batch, p.Failed))
	}
	if made := kept.made; made != nil && made.missing > 0 && kept.before != nil {
		notes = append(notes, views.Note{Kind: "warn", Strong: "This is the review of " + h.clock(c).Hour(kept.before.readAt) + ".", Text: "The newer one isn’t whole."})
	}
	return notes
}

// failedNote names the first of the requests that failed.
func (h *Handlers) failedNote(c echo.Context, b *changes.Batch, failed int) views.Note {
	n := views.Note{Kind: "bad", Strong: views.Plural(failed, "request", "requests") + " to Toggl failed."}
	rows, _ := b.Rows(0, 1, changes.Failed)
	var upstream *apiclient.Error
	if len(rows) == 1 && errors.As(rows[0].Err, &upstream) {
		n.Text = rows[0].Name + ": " + h.upstreamProblem(c, upstream).Title + "."
		n.Words, n.Details = upstream.Message, upstream.TraceID
	}
	return n
}

// gapNotes say what a review doesn't hold.
func gapNotes(r *accessReview, ended bool) []views.Note {
	var notes []views.Note
	if r.missing > 0 && ended {
		notes = append(notes, views.Note{Kind: "warn", Strong: "This review isn’t whole.", Text: views.Plural(r.missing, "request is", "requests are") + " missing."})
	}
	if len(r.refused) > 0 {
		notes = append(notes, views.Note{
			Kind: "warn", Strong: "Toggl didn’t give the own lists of " + views.Plural(len(r.refused), "workspace", "workspaces") + ".",
			Text: "Who is direct there besides a group isn’t known.",
		})
	}
	if r.moved {
		notes = append(notes, views.Note{Kind: "warn", Strong: "The list of users changed while it was read.", Text: "Somebody may be missing. Read it again."})
	}
	return notes
}

func (h *Handlers) accessResult(c echo.Context, id int64, r *accessReview, roles []apiclient.Role, q accessQuery) *views.AccessResult {
	clock := h.clock(c)
	p := accessPrinter{
		organizationID: id, clock: clock, names: workspaceNamesOf{roles: roles}, groups: r.groups, query: q, refused: r.refused,
		url: func(values url.Values) string { return views.AccessURL(id, values) },
	}
	matching := q.match(r.workspaces)
	v := &views.AccessResult{
		Action: views.AccessURL(id, nil), Exceptions: q.exceptionsOnly, Filtered: q.filtered(), ClearURL: views.AccessURL(id, nil),
		CSVURL: views.AccessCSVURL(id, q.on(q.workspaceID, 0)), Workspaces: workspaceOptions(r.workspaces, q.workspaceID),
		List: p.list(matching), Stamp: h.accessStamp(c, r.readAt),
		Figures: []views.Fact{
			{Term: "Read", Time: clock.Ago(r.readAt), Hint: "at " + clock.Hour(r.readAt)},
			{Term: "People", Value: views.Count(r.users)},
			{Term: "Workspaces", Value: views.Count(len(matching))},
		},
	}
	v.Figures = append(v.Figures, markFacts(matching)...)
	if homeless := q.matchRows(r.homeless); q.workspaceID == 0 && len(homeless) > 0 && v.List.Next == "" {
		v.List.Sections = append(v.List.Sections, p.homeless(homeless, accessRows-rowsOn(v.List)))
	}
	if len(v.List.Sections)+len(v.List.Folded) == 0 {
		v.List.Empty = &views.EmptyList{Strong: "No access matches these filters", Text: "Nobody there has an exception.", Link: views.Link{Label: "Clear", URL: v.ClearURL}}
		if !q.filtered() {
			v.List.Empty = &views.EmptyList{Strong: "Nobody has access to anything", Text: "Toggl lists no users and no workspaces here."}
		}
	}
	return v
}

func rowsOn(list views.AccessList) int {
	n := 0
	for i := range list.Sections {
		n += len(list.Sections[i].Rows)
	}
	return n
}

// homeless are people in no workspace, of whom a page shows the first.
func (p accessPrinter) homeless(rows []changes.ReviewRow, most int) views.AccessSection {
	s := views.AccessSection{ID: "no-workspace", Title: "In no workspace", Line: peopleLine(rows), Main: "Name", People: true}
	s.Rows = p.rows(rows[:min(len(rows), most)])
	if len(rows) > most {
		s.Line += ", the first " + views.Count(most) + " here and all in the CSV"
	}
	if n := exceptions(rows); n > 0 {
		s.Exceptions = views.Plural(n, "exception", "exceptions")
	}
	return s
}

func workspaceOptions(list []changes.WorkspaceReview, chosen int64) []views.Option {
	options := []views.Option{{Label: "All workspaces", Chosen: chosen == 0}}
	for _, w := range list {
		id := strconv.FormatInt(w.WorkspaceID, 10)
		name := w.Name
		if name == "" {
			name = "Workspace " + id
		}
		options = append(options, views.Option{Value: id, Label: name, Chosen: w.WorkspaceID == chosen})
	}
	return options
}

// markFacts count the people behind each mark once, in however many workspaces
// they are.
func markFacts(list []changes.WorkspaceReview) []views.Fact {
	marked := map[changes.Mark]map[int64]bool{changes.TwoFactorOff: {}, changes.LongInvited: {}, changes.Inactive: {}}
	for i := range list {
		for k := range list[i].Rows {
			r := &list[i].Rows[k]
			for mark, people := range marked {
				if r.Marks&mark != 0 {
					people[r.User.UserID] = true
				}
			}
		}
	}
	days := strconv.Itoa(int(oldInvitation.Hours() / 24))
	return []views.Fact{
		{Term: "Two-factor off", Value: views.Count(len(marked[changes.TwoFactorOff]))},
		{Term: "Invited over " + days + " days ago", Value: views.Count(len(marked[changes.LongInvited]))},
		{Term: "Inactive", Value: views.Count(len(marked[changes.Inactive]))},
	}
}
