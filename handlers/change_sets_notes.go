package handlers

import (
	"cmp"

	"github.com/labstack/echo/v4"

	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// setNotes say what happened to a set, and what a person can do.
func (h *Handlers) setNotes(c echo.Context, s *auth.Session, f *changeSet, staged besideStaged) []views.Note {
	var list []views.Note
	if note := h.haltedNote(c, f); note != nil {
		list = append(list, *note)
	}
	if f.here && !f.run.signedIn.Equal(s.SignedInAt) {
		list = append(list, views.Note{
			Strong: "It was started in another session of yours.", Text: "It goes on to its end with the connection of that session, at most for a day.",
		})
	}
	return append(list, f.rejectedNotes(staged)...)
}

// haltedNote says why nothing is being sent, or what it waits for.
func (h *Handlers) haltedNote(c echo.Context, f *changeSet) *views.Note {
	left := views.Plural(f.left(), "change is", "changes are") + " left."
	switch {
	case f.State == store.SetStopped && f.here && !f.ResumeAt.IsZero():
		return &views.Note{
			Kind: "warn", Strong: waitingWords(f.Note), Text: "It goes on by itself at " + h.clock(c).Hour(f.ResumeAt) + ". You can leave this page and come back.",
		}
	case f.State == store.SetApplying && !f.here && f.running():
		return &views.Note{Strong: "Another process of Roster sends this.", Text: "This page shows how far it is."}
	case f.crashed():
		return &views.Note{
			Kind: "warn", Strong: "Roster ended while it sent this.",
			Text: f.inDoubt() + " Nothing was sent since. Continue where it was?",
		}
	case f.State != store.SetStopped || f.here:
		return nil
	case f.Note == changes.NoteQuota || f.Note == changes.NoteRateLimited:
		return &views.Note{
			Kind: "warn", Strong: waitingWords(f.Note),
			Text: "Toggl takes requests again from " + h.clock(c).Hour(f.ResumeAt) + " on. Roster ended meanwhile, so it doesn't go on by itself. " + left,
		}
	}
	kind := "bad"
	if f.Note == changes.NoteStopped {
		kind = "warn"
	}
	return &views.Note{Kind: kind, Strong: cmp.Or(stoppedWords[f.Note], "It stopped."), Text: f.inDoubt()}
}

func waitingWords(note string) string {
	if note == changes.NoteRateLimited {
		return "Toggl is limiting requests."
	}
	return "Toggl's hourly limit is used up."
}

// stoppedWords are why a set stopped, by its note.
var stoppedWords = map[string]string{
	changes.NoteStopped:     "Stopped.",
	changes.NoteUnreachable: "Toggl couldn't answer.",
	changes.NoteCredential:  "Toggl refused the connection. Sign in again, then continue.",
	changes.NoteUnrecorded:  "Roster could not write the next change down, so it was not sent.",
	changes.NoteFailed:      "Roster failed. The log of the server has the rest.",
}

// inDoubt is "5 are applied, 1 is unknown and is read again first, 3 are left."
func (f *changeSet) inDoubt() string {
	done := f.count(store.StepDone, store.StepAlready)
	unknown, left := f.count(store.StepUnknown, store.StepSending), f.count(store.StepStaged)
	text := views.Plural(done, "change is", "changes are") + " applied"
	if unknown > 0 {
		text += ", " + views.Plural(unknown, "is unknown and will be read", "are unknown and will be read") + " before anything more is sent"
	}
	return text + ", " + views.Plural(left, "is left", "are left") + "."
}

// rejectedNotes tell of a set that has come to its end.
func (f *changeSet) rejectedNotes(staged besideStaged) []views.Note {
	if f.running() || f.State != store.SetApplied {
		return nil
	}
	var list []views.Note
	rejected, held := f.count(store.StepRefused), f.count(store.StepHeld)
	if rejected > 0 {
		n := views.Note{Kind: "warn", Strong: views.Count(f.count(store.StepDone)) + " applied, " + views.Count(rejected) + " rejected."}
		if staged.again > 0 {
			n.Text = againWords(rejected, staged.again)
			n.Link = views.Link{Label: "Review", URL: views.ReviewURL(f.OrganizationID, nil)}
		}
		list = append(list, n)
	}
	if held > 0 {
		list = append(list, views.Note{
			Kind: "warn", Strong: views.Plural(held, "change was", "changes were") + " held back.",
			Text: "Somebody changed what it was about since it was staged. Look at how it is now, and stage it again if you still want it.",
			Link: views.Link{Label: "Assignments", URL: views.AssignmentsURL(f.OrganizationID, nil)},
		})
	}
	if rejected+held == 0 {
		list = append(list, views.Note{Kind: "ok", Strong: "Done.", Text: "Everything is as you staged it."})
	}
	return list
}

func againWords(rejected, again int) string {
	switch {
	case rejected == 1:
		return "The rejected change is still staged so you can fix or undo it."
	case again == rejected:
		return "The rejected changes are still staged so you can fix or undo them."
	}
	return views.Count(again) + " of the rejected changes " + isOrAre(again) + " still staged so you can fix or undo them."
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// unfinishedNotes lead to the person's sets that are being sent, or wait for
// them to go on.
func (h *Handlers) unfinishedNotes(c echo.Context, organizationID int64) []views.Note {
	s := sessionOf(c)
	if s == nil {
		return nil
	}
	sets, err := h.store.ChangeSets(c.Request().Context(), organizationID, setsListed)
	if err != nil {
		h.log.Warn("unfinished change sets could not be read", "id", requestIDOf(c), "error", err)
		return nil
	}
	var list []views.Note
	for _, set := range sets {
		if set.Subject != s.Subject || set.State != store.SetApplying && set.State != store.SetStopped {
			continue
		}
		f := changeSet{ChangeSet: set}
		f.run, f.here = h.appliers.find(set.ID)
		n := views.Note{
			Strong: "Changes are being sent.",
			Link:   views.Link{Label: "Show progress", URL: views.ChangeSetURL(organizationID, set.ID, nil)},
		}
		if !f.running() {
			n.Kind, n.Strong, n.Link.Label = "warn", "Changes were not sent to their end.", "Look at what is left"
		}
		list = append(list, n)
	}
	return list
}
