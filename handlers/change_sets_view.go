package handlers

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// setFilters are the parts of a set's results, by their names in the address.
var setFilters = []struct {
	name, label, empty string
	states             []string
}{
	{"", "All", "", nil},
	{"rejected", "Rejected", "None was rejected.", []string{store.StepRefused}},
	{"held", "Held back", "None was held back.", []string{store.StepHeld}},
	{"left", "Left", "None is left.", []string{store.StepStaged, store.StepSending, store.StepUnknown}},
	{"applied", "Applied", "None is applied yet.", []string{store.StepDone, store.StepAlready}},
}

func (h *Handlers) changeSetView(c echo.Context, s *auth.Session, f *changeSet, q batchQuery) (views.ChangeSet, error) {
	id := f.OrganizationID
	v := views.ChangeSet{
		Title: views.Plural(len(f.steps), "change", "changes"), State: f.state(),
		Done: strconv.Itoa(len(f.steps) - f.left()), Total: strconv.Itoa(max(len(f.steps), 1)),
		Running: f.running(), ListURL: views.ChangeSetsURL(id), GridURL: views.AssignmentsURL(id, nil),
		CSVURL: views.ChangeSetCSVURL(id, f.ID), JSONURL: views.ChangeSetJSONURL(id, f.ID),
	}
	if f.UndoOf != "" {
		v.Title = "Undo of " + v.Title
	}
	poll := q.values()
	poll.Set(autoParameter, "1")
	v.PollURL = views.ChangeSetURL(id, f.ID, poll)
	staged, err := h.stagedBeside(c, s, f)
	if err != nil {
		return v, err
	}
	v.Notes = h.setNotes(c, s, f, staged)
	f.addActions(&v, staged)
	v.Facts = h.setFacts(c, s, f)
	h.addSetRows(c, &v, f, q)
	if !v.Running {
		v.Announce = v.State
	}
	return v, nil
}

// state is "9 applied, 1 rejected".
func (f *changeSet) state() string {
	parts := []string{views.Count(f.count(store.StepDone)) + " applied"}
	for _, part := range []struct {
		n     int
		words string
	}{
		{f.count(store.StepRefused), "rejected"},
		{f.count(store.StepHeld), "held back"},
		{f.count(store.StepAlready), "already so"},
		{f.count(store.StepUnknown), "unknown"},
		{f.count(store.StepSending), "being sent"},
		{f.count(store.StepStaged), "left"},
	} {
		if part.n == 0 {
			continue
		}
		if part.words == "being sent" && f.crashed() {
			part.words = "unknown"
		}
		parts = append(parts, views.Count(part.n)+" "+part.words)
	}
	return strings.Join(parts, ", ")
}

// besideStaged is what the person who looks has staged.
type besideStaged struct {
	total int
	again int // of those, how many the set has that were rejected
}

// only reports whether what is staged are changes that this set was refused.
func (b besideStaged) only() bool { return b.total > 0 && b.total == b.again }

func (h *Handlers) stagedBeside(c echo.Context, s *auth.Session, f *changeSet) (besideStaged, error) {
	_, steps, err := h.stagedSet(c.Request().Context(), s, f.OrganizationID)
	if err != nil {
		return besideStaged{}, err
	}
	return f.beside(steps), nil
}

func (f *changeSet) beside(staged []store.Step) besideStaged {
	refused := map[changes.Target]string{}
	for _, step := range stepsIn(f.steps, store.StepRefused) {
		refused[changes.TargetOf(step)] = step.Op
	}
	b := besideStaged{total: len(staged)}
	for i := range staged {
		if op, ok := refused[changes.TargetOf(staged[i])]; ok && op == staged[i].Op {
			b.again++
		}
	}
	return b
}

func (f *changeSet) addActions(v *views.ChangeSet, staged besideStaged) {
	id := f.OrganizationID
	switch {
	case f.running():
		if f.here && f.own {
			v.StopURL = views.ChangeSetStopURL(id, f.ID)
		}
		return
	case f.own && (f.crashed() || f.State == store.SetStopped) && f.left() > 0:
		v.ResumeURL = views.ChangeSetResumeURL(id, f.ID)
		v.ResumeLabel = "Continue with " + views.Plural(f.left(), "change", "changes")
	}
	if done := f.count(store.StepDone); done > 0 && !f.crashed() {
		v.UndoURL = views.ChangeSetUndoURL(id, f.ID)
		v.UndoLabel = "Undo " + views.Plural(done, "change", "changes") + "…"
		if staged.total > 0 && !staged.only() {
			v.Replaced = views.Plural(staged.total, "staged change", "staged changes")
			v.UndoLabel = "Discard " + v.Replaced + " and undo…"
		}
	}
}

func (h *Handlers) setFacts(c echo.Context, s *auth.Session, f *changeSet) []views.Fact {
	clock := h.clock(c)
	facts := []views.Fact{{Term: "By", Value: h.whoseSet(c, s, &f.ChangeSet)}, {Term: "First staged", Time: clock.Ago(f.CreatedAt)}}
	if !f.AppliedAt.IsZero() {
		facts = append(facts, views.Fact{Term: "Applied", Time: clock.Ago(f.AppliedAt)})
	}
	return facts
}

func (h *Handlers) addSetRows(c echo.Context, v *views.ChangeSet, f *changeSet, q batchQuery) {
	link := func(show string, from int) string {
		return views.ChangeSetURL(f.OrganizationID, f.ID, batchQuery{show, max(from, 0)}.values())
	}
	for _, filter := range setFilters {
		part := f.steps
		if filter.states != nil {
			part = stepsIn(f.steps, filter.states...)
		}
		v.Tabs = append(v.Tabs, views.Tab{
			Label: filter.label, Count: views.Count(len(part)), Current: filter.name == q.show, URL: link(filter.name, 0),
		})
		if filter.name != q.show {
			continue
		}
		from := min(q.from, len(part))
		rows := part[from:min(from+batchRows, len(part))]
		v.Empty = cmp.Or(filter.empty, "There is nothing here.")
		for i := range rows {
			v.Rows = append(v.Rows, h.setRow(c, f, &rows[i]))
		}
		v.Range = views.Count(from+1) + "–" + views.Count(from+len(rows)) + " of " + views.Count(len(part))
		if from > 0 {
			v.Prev = link(q.show, from-batchRows)
		}
		if from+batchRows < len(part) {
			v.Next = link(q.show, from+batchRows)
		}
	}
}

func (h *Handlers) setRow(c echo.Context, f *changeSet, s *store.Step) views.ChangeSetRow {
	row := views.ChangeSetRow{
		ID: strconv.FormatInt(s.ID, 10), URL: stepURL(f.OrganizationID, s), Name: displayName(s.RowName, s.RowEmail),
		Workspace: s.WorkspaceName, Remove: s.Op == store.OpRemove, Time: h.clock(c).Ago(s.DoneAt),
	}
	switch s.State {
	case store.StepDone:
		row.State = views.Tag{Text: "Applied", Icon: "check", Class: "ok"}
	case store.StepRefused:
		row.State = views.Tag{Text: "Rejected", Icon: "circle-alert", Class: "bad"}
		row.Error = views.FieldError{Text: cmp.Or(s.Message, "Toggl gave no reason."), API: s.Message != ""}
	case store.StepHeld:
		row.State, row.Text = views.Tag{Text: "Held back", Icon: "lock", Class: "warn"}, heldWords(s)
	case store.StepAlready:
		row.State = views.Tag{Text: "Already so", Plain: true}
	case store.StepUnknown:
		row.State, row.Text = views.Tag{Text: "Unknown", Class: "warn"}, unknownWords
	case store.StepSending:
		row.State = views.Tag{Text: "Being sent", Class: "accent"}
		if f.crashed() {
			row.State, row.Text = views.Tag{Text: "Unknown", Class: "warn"}, unknownWords
		}
	default:
		row.State = views.Tag{Text: "Left", Plain: true}
	}
	return row
}

const unknownWords = "Toggl gave no answer. It is read again before anything more is sent."

// heldWords say what a cell was, and is now. The names of groups aren't known here.
func heldWords(s *store.Step) string {
	now, ok := changes.ReadHeld(*s)
	unnamed := changes.NewAccess()
	switch {
	case !ok:
		return "How it is now could not be read: " + s.Message
	case now.Lock != changes.Unlocked:
		return capitalized(lockWords[now.Lock]) + "."
	}
	is := membershipWords(now, unnamed)
	was, err := changes.ParseCell(s.Was)
	if err != nil {
		return "It is " + is + " now."
	}
	return "Somebody changed it meanwhile: it was " + membershipWords(was, unnamed) + ", and is " + is + " now."
}
