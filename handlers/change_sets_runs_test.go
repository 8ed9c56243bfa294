package handlers_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
	"roster/store"
)

func TestQuotaStopsAndGoesOn(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 2)...))
	s.get(s.url("")) // the overview is remembered
	s.upstream.Script(usedUp)
	address := s.apply()
	waiting := s.until(address, "#change-set .note", "Toggl's hourly limit is used up.")
	waiting.has("#change-set .note", "It goes on by itself at 10:34")
	waiting.has("#change-set-state", "0 applied, 2 left")
	if waiting.Find("#change-set[hx-get]").Length() != 1 || !strings.Contains(waiting.body, `http-equiv="refresh"`) {
		t.Error("the page doesn't ask again by itself")
	}
	s.get(s.url("")).has(".notes", "Changes are being sent.", "Show progress")
	s.pass(31 * time.Minute)
	s.signIn(s.upstream.Owner()) // the first session has ended
	end := s.done(address)
	end.has("#change-set-state", "2 applied")
}

// TestAnotherSessionIsTold whose connection a run goes on with.
func TestAnotherSessionIsTold(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 1)...))
	s.upstream.Script(usedUp)
	address := s.apply()
	s.until(address, "#change-set .note", "used up")
	s.post("/sign-out", nil)
	s.pass(time.Second)
	s.signIn(s.upstream.Owner())
	s.get(address).has("#change-set", "It was started in another session of yours.")
	s.pass(time.Hour)
	s.signIn(s.upstream.Owner())
	s.done(address).has("#change-set-state", "1 applied")
}

func TestStopAndContinue(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 2)...))
	s.get(s.url("")) // the overview is remembered
	s.upstream.Script(usedUp)
	address := s.apply()
	waiting := s.until(address, "#change-set .note", "used up")
	s.post(waiting.attr("form:has(#change-set-stop)", "action"), nil).leadsTo(address)
	stopped := s.done(address)
	stopped.has("#change-set-resume", "Continue with 2 changes")
	s.get(s.url("")).has(".notes", "Changes were not sent to their end.")
	s.pass(time.Hour)
	s.signIn(s.upstream.Owner())
	s.post(stopped.attr("form:has(#change-set-resume)", "action"), nil).leadsTo(address)
	s.done(address).has("#change-set-state", "2 applied")
}

// TestRestart: the program ends while a set waits; the next one asks.
func TestRestart(t *testing.T) {
	s := withSets(t)
	one, two := s.outside("Delivery", 1), s.outside("Finance", 1)
	s.stage(adds("Delivery", one...), adds("Finance", two...))
	late := usedUp
	s.upstream.Script(sandbox.Failure{Operation: "ChangeAssignments", Delay: time.Millisecond}) // Delivery goes through
	s.upstream.Script(late)
	address := s.apply()
	s.until(address, "#change-set .note", "used up")
	must(t, s.handlers.Close(t.Context()))
	next := s.another(openStore(t, s.path))
	next.pass(time.Hour)
	next.signIn(next.upstream.Owner())
	asked := next.done(address)
	asked.has("#change-set .note", "Roster ended meanwhile, so it doesn't go on by itself.")
	before := len(next.assignments())
	time.Sleep(20 * time.Millisecond)
	if got := next.assignments(); len(got) != before {
		t.Errorf("it went on by itself: %v", got)
	}
	next.post(asked.attr("form:has(#change-set-resume)", "action"), nil).leadsTo(address)
	next.done(address).has("#change-set-state", "2 applied")
	sent := map[string]int{}
	for _, e := range next.assignments() {
		if strings.Contains(e, " 200 ") {
			sent[e]++
		}
	}
	if len(sent) != 2 {
		t.Errorf("carried out: %v", sent)
	}
	for e, n := range sent {
		if n != 1 {
			t.Errorf("%s was carried out %d times", e, n)
		}
	}
}

// TestCrash: a process dies between the request and its answer. The person is
// told what is done, unknown and left, and what is unknown is read.
func TestCrash(t *testing.T) {
	s := withSets(t)
	in := s.outside("Finance", 3)
	s.stage(adds("Finance", in...))
	set, err := s.store.StagedChangeSet(t.Context(), s.org, subject(s.upstream.Owner()))
	must(t, err)
	steps, err := s.store.Steps(t.Context(), set.ID)
	must(t, err)
	const lease = 300 * time.Millisecond
	_, err = s.store.ClaimChangeSet(t.Context(), set.ID, "dead", []string{store.SetStaged}, lease)
	must(t, err)
	must(t, s.store.BeginSteps(t.Context(), set.ID, "dead", []int64{steps[0].ID, steps[1].ID}))
	must(t, s.store.EndSteps(t.Context(), set.ID, "dead", []store.StepResult{{ID: steps[0].ID, State: store.StepDone}}))
	address := s.url("/changes/" + set.ID)
	s.get(address).has("#change-set", "Another process of Roster sends this.")
	s.post(address+"/resume", nil).leadsTo(address) // it is the other one's
	time.Sleep(lease + 50*time.Millisecond)
	asked := s.get(address)
	asked.has("#change-set .note", "Roster ended while it sent this.", "1 change is applied, 1 is unknown and will be read before anything more is sent, 1 is left.")
	asked.has("#change-set-rows", "Unknown")
	asked.has("#change-set-resume", "Continue with 2 changes")
	s.upstream.ResetRequests()
	s.post(asked.attr("form:has(#change-set-resume)", "action"), nil).leadsTo(address)
	s.done(address).has("#change-set-state", "3 applied")
	if got := s.assignments(); len(got) != 2 {
		t.Errorf("sent %v: the one that is done must not be among them", got)
	}
}

func subject(p sandbox.Persona) string { return "toggl:" + number(p.UserID) }

// TestTwoProcesses: of two that apply the same set at once one does.
func TestTwoProcesses(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 3)...))
	other := s.another(openStore(t, s.path))
	form := hidden(s.get(s.url("/assignments/review")), "form:has(#apply)")
	s.upstream.ResetRequests()
	s.upstream.SetLatency(20 * time.Millisecond)
	answers := make(chan page, 2)
	for _, one := range []*setApp{s, other} {
		go func() { answers <- one.post(one.url("/assignments/applications"), form) }()
	}
	address := (<-answers).want(http.StatusSeeOther).header.Get("Location")
	(<-answers).leadsTo(address)
	s.done(address)
	other.done(address).has("#change-set-state", "3 applied")
	if got := s.assignments(); len(got) != 3 {
		t.Errorf("sent %v", got)
	}
}

func TestHeldBack(t *testing.T) {
	s := withSets(t)
	in := s.outside("Finance", 2)
	s.stage(removes("Delivery", s.inside("Delivery", 1)...), adds("Finance", in...))
	set, err := s.store.StagedChangeSet(t.Context(), s.org, subject(s.upstream.Owner()))
	must(t, err)
	steps, err := s.store.Steps(t.Context(), set.ID)
	must(t, err)
	steps[0].Was = "both:310003" // as if it had been so when it was staged
	must(t, s.store.StageStep(t.Context(), set.ID, steps[0]))
	s.get(s.url("/assignments/review")).has("#plan", "Changed in Toggl since you staged it")
	end := s.done(s.apply())
	end.has("#change-set-state", "2 applied, 1 held back")
	end.has("#change-set-rows", "Somebody changed it meanwhile: it was a direct member, also via a group, and is a direct member now.")
}

// TestApplyWhileClosing: who applies while the program ends is told.
func TestApplyWhileClosing(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 1)...))
	must(t, s.handlers.Close(t.Context()))
	review := s.get(s.url("/assignments/review"))
	s.post(s.url("/assignments/applications"), hidden(review, "form:has(#apply)")).leadsTo(s.url("/assignments/review"))
	s.get(s.url("/assignments/review")).has("#flash", "Roster is about to end, so nothing was sent.")
	if _, err := s.store.StagedChangeSet(t.Context(), s.org, subject(s.upstream.Owner())); errors.Is(err, store.ErrNotFound) {
		t.Error("the staged set is gone")
	}
}
