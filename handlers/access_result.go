package handlers

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/changes"
	"roster/views"
)

// addAccessResult shows what was read last, and says what is missing from it.
// While it is being read that is a whole review from before, or, where Toggl's
// limit stops it, the part that was read.
func (h *Handlers) addAccessResult(c echo.Context, api *apiclient.Client, v *views.AccessReview, kept *keptReview, q accessQuery) {
	waiting := kept.ended || kept.before != nil || !kept.progress().ResumesAt.IsZero()
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
	roles, _ := knownTrackRoles(c.Request().Context(), api, kept.organizationID)
	v.Result = h.accessResult(c, kept.organizationID, shown, roles, q)
}

// accessEndNotes say why the last reading ended before it was whole.
func (h *Handlers) accessEndNotes(c echo.Context, kept *keptReview) []views.Note {
	p := kept.progress()
	var notes []views.Note
	var upstream *apiclient.Error
	switch {
	case errors.As(p.Halt, &upstream):
		problem := h.upstreamProblem(c, upstream)
		notes = append(notes, views.Note{Kind: "bad", Strong: problem.Title + ".", Text: "Reading ended there.", Words: upstream.Message, Details: upstream.TraceID})
	case errors.Is(p.Halt, changes.ErrInterrupted):
		notes = append(notes, views.Note{Kind: "warn", Strong: "Roster ended while it was read.", Text: "Read it again."})
	case errors.Is(p.Halt, changes.ErrStopped):
		notes = append(notes, views.Note{Kind: "warn", Strong: "Stopped.", Text: "What was read until then is kept."})
	case p.Halt != nil:
		notes = append(notes, views.Note{Kind: "bad", Strong: "Reading ended early.", Text: "What was read until then is kept."})
	case p.Failed > 0:
		notes = append(notes, h.failedNote(c, kept.steps(), p.Failed))
	}
	switch {
	case kept.here() && kept.made != nil && kept.reading.isUnshared():
		notes = append(notes, views.Note{Kind: "warn", Strong: "This review couldn’t be written down.", Text: "It is gone when Roster restarts, and other replicas don’t have it."})
	case !kept.here() && kept.made == nil && p.Done > 0 && !errors.Is(p.Halt, changes.ErrInterrupted):
		notes = append(notes, views.Note{Kind: "warn", Strong: "What was read isn’t here.", Text: "It was too large to be shared between replicas, and is with another one. Come back in a while, or read it again."})
	}
	if made := kept.made; made != nil && made.missing > 0 && kept.before != nil {
		notes = append(notes, views.Note{Kind: "warn", Strong: "This is the review of " + h.clock(c).Hour(kept.before.readAt) + ".", Text: "The newer one isn’t whole."})
	}
	return notes
}

// failedNote names the first of the requests that failed.
func (h *Handlers) failedNote(c echo.Context, report changes.Report, failed int) views.Note {
	n := views.Note{Kind: "bad", Strong: views.Plural(failed, "request", "requests") + " to Toggl failed."}
	rows, _ := report.Rows(0, 1, changes.Failed)
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
	var homeless []changes.ReviewRow
	if q.workspaceID == 0 {
		homeless = q.matchRows(r.homeless)
	}
	people := peopleIn(matching, homeless)
	v := &views.AccessResult{
		Action: views.AccessURL(id, nil), Exceptions: q.exceptionsOnly, Filtered: q.filtered(), ClearURL: views.AccessURL(id, nil),
		CSVURL: views.AccessCSVURL(id, q.on(q.workspaceID, 0)), Workspaces: workspaceOptions(r.workspaces, q.workspaceID),
		List: p.list(matching), Stamp: h.accessStamp(c, r.readAt),
		Figures: []views.Fact{
			{Term: "Read", Time: clock.Ago(r.readAt), Hint: "at " + clock.Hour(r.readAt)},
			{Term: "People", Value: views.Count(len(people))},
			{Term: "Workspaces", Value: views.Count(len(matching))},
		},
	}
	v.Figures = append(v.Figures, markFacts(people)...)
	if len(homeless) > 0 && v.List.Next == "" {
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
		options = append(options, views.Option{
			Value: strconv.FormatInt(w.WorkspaceID, 10), Label: nameOr(w.Name, "Workspace", w.WorkspaceID), Chosen: w.WorkspaceID == chosen,
		})
	}
	return options
}

// peopleIn are all of a review, once each, with the marks of all their rows.
func peopleIn(list []changes.WorkspaceReview, homeless []changes.ReviewRow) map[int64]changes.Mark {
	people := map[int64]changes.Mark{}
	for i := range list {
		for k := range list[i].Rows {
			people[list[i].Rows[k].User.UserID] |= list[i].Rows[k].Marks
		}
	}
	for i := range homeless {
		people[homeless[i].User.UserID] |= homeless[i].Marks
	}
	return people
}

// markFacts count the people behind each mark, in however many workspaces they are.
func markFacts(people map[int64]changes.Mark) []views.Fact {
	marked := map[changes.Mark]int{}
	for _, marks := range people {
		for _, mark := range []changes.Mark{changes.TwoFactorOff, changes.LongInvited, changes.Inactive} {
			if marks&mark != 0 {
				marked[mark]++
			}
		}
	}
	days := strconv.Itoa(int(oldInvitation.Hours() / 24))
	return []views.Fact{
		{Term: "Two-factor off", Value: views.Count(marked[changes.TwoFactorOff])},
		{Term: "Invited over " + days + " days ago", Value: views.Count(marked[changes.LongInvited])},
		{Term: "Inactive", Value: views.Count(marked[changes.Inactive])},
	}
}
