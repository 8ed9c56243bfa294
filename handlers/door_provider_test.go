package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/auth"
	"roster/store"
	"roster/views"
)

// connected is an app whose browser is signed in by the provider and connected to
// Toggl as the owner.
func connected(t testing.TB, options ...any) (*app, *idp) {
	t.Helper()
	a, p := withProvider(t, options...)
	a.throughProvider("").want(http.StatusSeeOther)
	a.post("/connect", url.Values{"api_token": {a.upstream.Owner().APIToken}}).want(http.StatusSeeOther)
	a.upstream.ResetRequests()
	return a, p
}

// TestProviderJourney: from a link to a page, through the provider and the
// connection, to that page, and out again at both.
func TestProviderJourney(t *testing.T) {
	a, p := withProvider(t)
	a.get(a.users("filter=mar")).leadsTo(views.SignInURL(a.users("filter=mar")))
	signIn := a.get(views.SignInURL(a.users("filter=mar"))).want(http.StatusOK)
	begun := a.post("/sign-in", signIn.fields("#sign-in-provider", "")).want(http.StatusOK)
	if refresh := begun.attr("meta[http-equiv=refresh]:not(noscript *)", "content"); refresh != "0;url="+begun.attr("#forward", "href") {
		t.Errorf("the page leads to %q by itself", refresh)
	}
	a.comeBack(begun.attr("#forward", "href")).leadsTo(a.users("filter=mar"))
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("signing in asked Toggl %v", calls)
	}
	a.get(a.users("filter=mar")).leadsTo(views.ConnectURL(a.users("filter=mar")))
	connect := a.get(views.ConnectURL(a.users("filter=mar"))).want(http.StatusOK)
	connect.has(".lead", "Ada Admin")
	form := connect.fields("#connect", "")
	form.Set("api_token", a.upstream.Owner().APIToken)
	a.post("/connect", form).leadsTo(a.users("filter=mar"))
	if calls, want := a.calls(), []string{"GetMe", "ListMyOrganizations"}; !slices.Equal(calls, want) {
		t.Errorf("connecting asked Toggl %v", calls)
	}
	a.get(a.users("filter=mar")).want(http.StatusOK).has(".me", "Ada Admin")

	out := a.post("/sign-out", nil).want(http.StatusOK)
	out.has("h1", "Signed out of Roster")
	if address := out.attr("#forward", "href"); !strings.HasPrefix(address, p.server.URL+"/end?") || !strings.Contains(address, "id_token_hint=") {
		t.Errorf("signing out leads to %q", address)
	}
	a.get(a.users("")).leadsTo(views.SignInURL(a.users("")))
}

// TestProviderSignInIsNoGET: what a browser fetches beforehand, or another site has
// it fetch, begins no sign-in.
func TestProviderSignInIsNoGET(t *testing.T) {
	a, _ := withProvider(t)
	got := a.get(views.SignInURL("/settings")).want(http.StatusOK)
	if len(got.header.Values("Set-Cookie")) != 0 || got.Find("meta[http-equiv=refresh]").Length() != 0 {
		t.Error("looking at the sign-in page begins something")
	}
	refused := a.send(http.MethodPost, "/sign-in", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	if refused.want(http.StatusForbidden); len(refused.header.Values("Set-Cookie")) != 0 {
		t.Error("another site begins a sign-in")
	}
}

func TestProviderRefuses(t *testing.T) {
	a, p := withProvider(t)
	p.refusal = "access_denied"
	got := a.throughProvider("/settings").want(http.StatusForbidden)
	got.has("#problem", "did not let you in")
	if got.attr("#problem .actions a", "href") != views.PathSignIn {
		t.Error("no way to try again")
	}
	a.get("/sign-in/callback?state=nobody&code=x").want(http.StatusBadRequest).has("#problem", "This sign-in is over")
	p.change(func() { p.refusal = "" })
	again := a.post("/sign-in", nil).want(http.StatusOK).attr("#forward", "href")
	a.comeBack(again).want(http.StatusSeeOther)
	a.comeBack(strings.Replace(again, "state=", "state=x", 1)).want(http.StatusBadRequest)
}

func TestProviderDown(t *testing.T) {
	a, p := withProvider(t)
	p.down = true
	a.post("/sign-in", nil).want(http.StatusServiceUnavailable).has("#problem h1", "Your identity provider can't be reached")
	p.change(func() { p.down = false })
	a.pass(time.Minute)
	a.throughProvider("").want(http.StatusSeeOther)
}

// TestProviderReturnTo: nobody is led to another site by signing in.
func TestProviderReturnTo(t *testing.T) {
	a, _ := withProvider(t)
	for _, back := range []string{"//evil.example", "https://evil.example/", "/\\evil.example", "/sign-out", "/sign-in?return_to=/sign-in"} {
		a.throughProvider(back).leadsTo(views.PathOrganizations)
	}
}

// TestProviderRoleChanges: the provider is asked again at an interval, and what
// it says then counts.
func TestProviderRoleChanges(t *testing.T) {
	a, p := connected(t)
	workspace := a.orgURL() + "/workspaces/new"
	a.get(workspace).want(http.StatusOK)
	p.change(func() { p.person["groups"] = []string{"roster-viewers"} })
	a.get(workspace).want(http.StatusOK) // not asked yet
	a.pass(11 * time.Minute)
	a.get(workspace).want(http.StatusForbidden).has("#problem h1", "Your role in Roster is viewer")
	p.change(func() { delete(p.person, "groups") })
	a.pass(11 * time.Minute)
	a.get(a.orgURL()).want(http.StatusForbidden).has("#problem", "You have no role", "did not say which groups", "ada")
	p.change(func() { p.person["groups"] = []string{"roster-editors"} })
	a.pass(11 * time.Minute)
	a.get(workspace).want(http.StatusOK)
}

// TestProviderEndsSession: whom the provider no longer vouches for signs in again,
// and finds the connection as it was.
func TestProviderEndsSession(t *testing.T) {
	a, p := connected(t)
	p.change(func() { p.ended = true })
	a.pass(11 * time.Minute)
	a.get(a.orgURL()).leadsTo(views.SignInURL(a.orgURL()))
	a.get("/sign-in").want(http.StatusOK)
	p.change(func() { p.ended = false })
	a.throughProvider(a.orgURL()).leadsTo(a.orgURL())
	a.get(a.orgURL()).want(http.StatusOK)
}

// TestProviderWithoutRefresh: people sign in again when it is time, but a form that
// they have open then is still taken for a while, unless they were sent away.
func TestProviderWithoutRefresh(t *testing.T) {
	a, p := withProvider(t)
	p.forgets = true
	a.throughProvider("").want(http.StatusSeeOther)
	a.post("/connect", url.Values{"api_token": {a.upstream.Owner().APIToken}}).want(http.StatusSeeOther)
	create := func(name string) page {
		return a.post(a.orgURL()+"/workspaces", url.Values{"name": {name}}).want(http.StatusSeeOther)
	}
	a.pass(11 * time.Minute)
	a.get(a.orgURL()).leadsTo(views.SignInURL(a.orgURL()))
	if to := create("Lab 7").header.Get("Location"); strings.HasPrefix(to, "/sign-in") {
		t.Errorf("the form is lost: it leads to %s", to)
	}
	a.pass(auth.RecheckGrace)
	if to := create("Lab 8").header.Get("Location"); !strings.HasPrefix(to, "/sign-in") {
		t.Errorf("a form is taken for ever: it leads to %s", to)
	}
	a.throughProvider(a.orgURL()).leadsTo(a.orgURL())
	a.get(a.orgURL()).want(http.StatusOK)
}

// TestProviderRefusesRefresh: whom the provider has just refused gets no grace.
func TestProviderRefusesRefresh(t *testing.T) {
	a, p := connected(t)
	p.change(func() { p.ended = true })
	a.pass(11 * time.Minute)
	for range 2 {
		got := a.post(a.orgURL()+"/workspaces", url.Values{"name": {"Lab 7"}}).want(http.StatusSeeOther)
		if to := got.header.Get("Location"); !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("the form is taken: it leads to %s", to)
		}
	}
}

// TestProviderSomebodyElse: the connection of one person is not another's.
func TestProviderSomebodyElse(t *testing.T) {
	a, p := connected(t)
	p.change(func() { p.person["sub"] = "bob" })
	a.throughProvider(a.orgURL()).leadsTo(a.orgURL())
	a.get(a.orgURL()).leadsTo(views.ConnectURL(a.orgURL()))
}

// TestProviderUnreachable: sessions outlast a provider that is down for a while,
// and no longer.
func TestProviderUnreachable(t *testing.T) {
	a, p := connected(t)
	p.change(func() { p.down = true })
	a.pass(11 * time.Minute)
	a.get(a.orgURL()).want(http.StatusOK)
	a.pass(auth.RecheckGrace)
	a.get(a.orgURL()).want(http.StatusServiceUnavailable).has("#problem h1", "Your identity provider can't be reached")
	a.post("/sign-out", nil).want(http.StatusOK) // out one gets all the same
}

// TestBackChannelLogout: the provider ends sessions, without cookie or origin.
func TestBackChannelLogout(t *testing.T) {
	a, p := connected(t)
	send := func(token string) page {
		r := a.request(http.MethodPost, "/sign-out/back-channel", strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		parent := a.client
		a.client = newBrowser(t)
		defer func() { a.client = parent }()
		return a.do(r)
	}
	event := map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}
	bad := send("no.token.atall").want(http.StatusBadRequest)
	if bad.header.Get("Cache-Control") != "no-store" || !strings.Contains(bad.body, "invalid_request") {
		t.Errorf("refused with %q", bad.body)
	}
	a.get(a.orgURL()).want(http.StatusOK)
	good := p.sign(map[string]any{"sid": "session-1", "sub": "ada", "jti": "1", "events": event}, "logout+jwt")
	if ok := send(good).want(http.StatusOK); ok.header.Get("Cache-Control") != "no-store" {
		t.Error("the answer may be cached")
	}
	a.get(a.orgURL()).leadsTo(views.SignInURL(a.orgURL()))
	send(good).want(http.StatusBadRequest) // once is enough
	if !strings.Contains(a.log.String(), `"event":"logout_refused"`) {
		t.Error("no security event")
	}
	for range 20 {
		bad = send("no.token.atall")
	}
	bad.want(http.StatusTooManyRequests)
}

// TestSignOutEverywhere ends the other browser's session too.
func TestSignOutEverywhere(t *testing.T) {
	a, _ := connected(t)
	first := a.client
	a.client = newBrowser(t)
	a.throughProvider("").want(http.StatusSeeOther)
	a.get("/settings").want(http.StatusOK).has("#everywhere", "Sign out everywhere")
	a.post("/sign-out/everywhere", nil).want(http.StatusOK).has("h1", "Signed out of Roster")
	a.get("/settings").leadsTo(views.SignInURL("/settings"))
	a.client = first
	a.get("/settings").leadsTo(views.SignInURL("/settings"))
}

// TestProviderActivity: the log names the provider's person, not Toggl's.
func TestProviderActivity(t *testing.T) {
	a, p := connected(t)
	a.post(a.orgURL()+"/workspaces", url.Values{"name": {"Lab 7"}}).want(http.StatusSeeOther)
	rows, err := a.store.Activities(t.Context(), store.ActivityFilter{OrganizationID: a.org, Limit: 1})
	must(t, err)
	if row := rows[0]; row.Issuer != p.server.URL || row.Subject != "ada" || row.Name != "Ada Admin" || row.Result != store.ResultDone {
		t.Errorf("the log has %+v", row)
	}
}
