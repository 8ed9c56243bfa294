package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/auth"
	"roster/views"
)

// late is somebody who has typed much, and sends it after the session has ended.
type late struct {
	*app
	person string // the address that the form is sent to
	form   url.Values
}

func newLate(a *app) late {
	a.t.Helper()
	u := a.pick(isOrdinary)
	form := a.openUser(u)
	fillUser(u, form)
	a.pass(auth.DefaultIdle)
	a.upstream.ResetRequests()
	return late{a, a.userPage(u), form}
}

// send sends the form, and is asked to sign in.
func (l late) send() {
	l.t.Helper()
	l.post(l.person, l.form).leadsTo(views.SignInURL(l.person))
}

// wantDraft sees what was typed, and sends it.
func (l late) wantDraft() {
	l.t.Helper()
	got := l.get(views.PathDraft).want(http.StatusOK)
	got.has("h1", "You are signed in again")
	kept := got.fields("#draft", "")
	if diff := cmp.Diff(l.form, kept); diff != "" || got.attr("#draft", "action") != l.person {
		l.t.Errorf("what was typed (-typed +kept): %s", diff)
	}
	l.get(views.PathDraft).want(http.StatusOK) // looking at it uses nothing up
	for _, call := range l.calls() {
		if call == "UpdateOrganizationUser" {
			l.t.Error("it is sent by itself")
		}
	}
	l.post(l.person, kept).want(http.StatusSeeOther)
	l.get(views.PathDraft).leadsTo(views.PathOrganizations)
}

func (l late) connectAgain() {
	l.t.Helper()
	l.get(views.PathDraft).leadsTo(views.ConnectURL(views.PathDraft))
	l.post("/connect", url.Values{"api_token": {l.upstream.Owner().APIToken}, "return_to": {views.PathDraft}}).leadsTo(views.PathDraft)
}

// TestProviderKeepsDraft: what was typed goes through the provider and the connection,
// and waits there to be sent.
func TestProviderKeepsDraft(t *testing.T) {
	a, _ := connected(t)
	l := newLate(a)
	a.get(l.person).leadsTo(views.SignInURL(l.person))
	if a.get(views.SignInURL(l.person)).Find(".note").Length() != 0 {
		t.Error("nothing is lost, and the page speaks of it")
	}
	l.send()
	a.get(views.SignInURL(l.person)).has(".note", "Your session had ended, so nothing was saved.", "What you typed is kept")
	a.throughProvider(l.person).leadsTo(views.PathDraft)
	l.connectAgain()
	l.wantDraft()
}

// TestProviderKeepsDraftWhileEnded: the same where the provider no longer vouches for
// the session, which still stands with its connection.
func TestProviderKeepsDraftWhileEnded(t *testing.T) {
	a, p := connected(t)
	l := newLate(a)
	l.pass(-auth.DefaultIdle + 11*time.Minute)
	p.change(func() { p.ended = true })
	l.send()
	p.change(func() { p.ended = false })
	a.throughProvider(l.person).leadsTo(views.PathDraft)
	l.wantDraft()
}

// TestDraftIsOfThePerson: nobody else gets it, nor who may no longer change anything,
// and who leaves it is not asked again.
func TestDraftIsOfThePerson(t *testing.T) {
	a, p := connected(t)
	l := newLate(a)
	l.send()
	p.change(func() { p.person["groups"] = []string{"roster-viewers"} })
	a.throughProvider(l.person).leadsTo(l.person)
	a.get(views.PathDraft).want(http.StatusForbidden)
	p.change(func() { p.person["groups"] = []string{"roster-editors"} })
	a.throughProvider(l.person).leadsTo(views.PathDraft)
	l.connectAgain()
	a.post(a.get(views.PathDraft).attr("form:not(#draft)", "action"), nil).leadsTo(l.person)
	a.get(views.PathDraft).leadsTo(views.PathOrganizations)

	a.pass(auth.DefaultIdle)
	l.send()
	p.change(func() { p.person["sub"] = "bob" })
	a.throughProvider(l.person).leadsTo(l.person)
	a.post("/connect", url.Values{"api_token": {a.upstream.Owner().APIToken}}).want(http.StatusSeeOther)
	a.get(views.PathDraft).leadsTo(views.PathOrganizations)
}

// TestDraftOfNobody: who was never signed in has nothing kept.
func TestDraftOfNobody(t *testing.T) {
	a, _ := connected(t)
	l := newLate(a)
	a.client = newBrowser(t)
	a.post(l.person, l.form).leadsTo(views.PathSignIn)
	if a.get(views.PathSignIn).Find(".note").Length() != 0 {
		t.Error("something is kept")
	}
}

// TestProxyKeepsDraft: the proxy still vouches for them, but nothing is sent in a
// session that they haven't seen.
func TestProxyKeepsDraft(t *testing.T) {
	a := behindProxy(t)
	a.get("/")
	l := newLate(a.connect())
	l.send()
	a.get(views.SignInURL(l.person)).leadsTo(views.PathDraft)
	l.connectAgain()
	l.wantDraft()

	// In another tab a session has begun meanwhile.
	a.pass(auth.DefaultIdle)
	a.get("/").want(http.StatusSeeOther)
	l.send()
	a.get(views.SignInURL(l.person)).leadsTo(views.PathDraft)

	// And it is somebody else by now.
	a.pass(auth.DefaultIdle)
	l.send()
	a.vouch("bob", "roster-editors")
	a.get(views.SignInURL(l.person)).leadsTo(l.person)
}
