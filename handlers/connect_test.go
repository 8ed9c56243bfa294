package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"roster/apiclient"
	"roster/apiclient/sandbox"
	"roster/auth"
	"roster/handlers"
	"roster/store"
	"roster/views"
)

// ada is an app behind a proxy, with Ada's session begun.
func ada(t testing.TB, options ...any) *app {
	t.Helper()
	a := behindProxy(t, options...)
	a.get("/")
	return a
}

func TestConnectRefusals(t *testing.T) {
	a := ada(t)
	a.post("/connect", nil).want(http.StatusUnprocessableEntity).has("#api_token-error", "Enter your API token.")
	wrong := a.post("/connect", url.Values{"api_token": {"wrong-token-canary"}}).want(http.StatusUnprocessableEntity)
	wrong.has("#api_token-error", "Toggl doesn't know this API token.")
	if strings.Contains(wrong.body, "wrong-token-canary") {
		t.Error("the token is on the page")
	}
	password := a.post("/connect", url.Values{"email": {"ada@corp.example"}, "password": {"wrong-canary"}}).want(http.StatusUnprocessableEntity)
	password.has("#password-error", "Toggl doesn't know")
	if password.attr("#email", "value") != "ada@corp.example" || strings.Contains(password.body, "wrong-canary") {
		t.Error("what was typed is not kept, or the secret is")
	}
	a.upstream.Script(sandbox.Failure{Operation: "GetMe", Status: 503, Times: -1})
	a.post("/connect", url.Values{"api_token": {a.upstream.Owner().APIToken}}).want(http.StatusBadGateway).has("#sign-in-error", "Toggl couldn't answer")
	a.get(a.orgURL()).leadsTo(views.ConnectURL(a.orgURL()))
}

func TestConnectIsLimited(t *testing.T) {
	a := ada(t)
	var last page
	for range 7 {
		last = a.post("/connect", url.Values{"api_token": {"guess-canary"}})
	}
	last.want(http.StatusTooManyRequests).has("#sign-in-error", "Too many attempts")
}

func TestConnectBoth(t *testing.T) {
	a := ada(t)
	owner := a.upstream.Owner()
	a.calls()
	a.post("/connect", url.Values{"email": {owner.Email}, "password": {owner.Password}, "focus_key": {owner.FocusKey}, "return_to": {"/settings"}}).leadsTo("/settings")
	if calls, want := a.calls(), []string{"GetMe", "ListMyGroups", "ListMyOrganizations"}; !slices.Equal(calls, want) {
		t.Errorf("asked %v", calls)
	}
	settings := a.get("/settings").want(http.StatusOK)
	settings.has("main", owner.Name, "the owner of the API key", "Nothing of it is kept", "proxy-header", "Editor")
	if settings.Find("form[action='"+views.PathSettingsKept+"']").Length() != 1 {
		t.Error("the settings don't offer to keep it")
	}
}

// TestConnectWithoutFocus: the rest is connected all the same.
func TestConnectWithoutFocus(t *testing.T) {
	a := ada(t)
	a.post("/connect", url.Values{"api_token": {a.upstream.Owner().APIToken}, "focus_key": {"wrong-focus-canary"}}).want(http.StatusSeeOther)
	a.get("/orgs").want(http.StatusOK).has("#flash", "The Focus API key was not taken")
}

// TestKeptConnection: what is kept is there at the next sign-in, for that person
// alone, until they forget it.
func TestKeptConnection(t *testing.T) {
	a := ada(t)
	owner := a.upstream.Owner()
	a.post("/connect", url.Values{"api_token": {owner.APIToken}, "focus_key": {owner.FocusKey}, "keep": {"true"}}).want(http.StatusSeeOther)
	a.post("/sign-out", nil).want(http.StatusOK)
	a.calls()
	a.get(a.users("")).want(http.StatusOK)
	if calls, want := a.calls(), []string{"GetMe", "ListMyOrganizations", "ListOrganizationUsers"}; !slices.Equal(calls, want) {
		t.Errorf("asked %v", calls)
	}
	a.get("/settings").want(http.StatusOK).has("#kept", "Kept for your next sign-in")

	a.vouch("bob", "roster-editors")
	a.get(a.users("")).leadsTo(views.ConnectURL(a.users("")))
	a.vouch("ada", "roster-editors")
	a.get(a.users("")).want(http.StatusOK)

	a.post(views.PathSettingsFocusGone, nil).leadsTo("/settings") // goes for what is kept too
	a.post("/sign-out", nil).want(http.StatusOK)
	a.get(a.users("")).want(http.StatusOK)
	a.get("/settings").has("main", "Groups with emoji")

	a.post(views.PathSettingsKeptGone, nil).leadsTo("/settings")
	a.get("/settings").has("#kept", "Not connected")
	a.post("/sign-out", nil).want(http.StatusOK)
	a.get(a.users("")).leadsTo(views.ConnectURL(a.users("")))
}

// TestKeepLater: from the settings.
func TestKeepLater(t *testing.T) {
	a := ada(t).connect()
	a.post(views.PathSettingsKept, nil).leadsTo("/settings")
	a.post("/sign-out", nil).want(http.StatusOK)
	a.get(a.users("")).want(http.StatusOK)
}

// TestKeptConnectionFails: a key that is gone, a token that is gone, and Toggl that
// is away are told apart.
func TestKeptConnectionFails(t *testing.T) {
	t.Run("unreadable", func(t *testing.T) {
		a := ada(t)
		foreign, err := auth.NewConnections(auth.ConnectionOptions{Store: a.store, Keys: auth.Keys{auth.NewKey()}})
		must(t, err)
		must(t, foreign.Save(t.Context(), "proxy-header ada", auth.Connection{Track: auth.TrackCredentials{APIToken: "x-canary"}}))
		a.get(a.users("")).leadsTo(views.ConnectURL(a.users("")))
		a.get("/connect").want(http.StatusOK).has("#flash", "can't be opened any more")
		a.get("/settings").want(http.StatusOK).has("#kept", "can’t be opened any more")
	})
	t.Run("refused", func(t *testing.T) {
		a := ada(t).connect()
		a.post(views.PathSettingsKept, nil)
		a.post("/sign-out", nil)
		a.upstream.Script(sandbox.Failure{Operation: "GetMe", Status: 403, Times: -1})
		a.pass(1 << 40)
		a.get(a.users("")).leadsTo(views.ConnectURL(a.users("")))
		a.get("/connect").want(http.StatusOK).has("#flash", "Toggl no longer takes the connection")
	})
	t.Run("away", func(t *testing.T) {
		a := ada(t).connect()
		a.post(views.PathSettingsKept, nil)
		a.post("/sign-out", nil)
		a.pass(1 << 40)
		a.upstream.Script(sandbox.Failure{Operation: "GetMe", Status: 503, Times: -1})
		a.get(a.users("")).want(http.StatusBadGateway).has("#problem", "Toggl couldn't answer", "Try again")
		a.upstream.ClearScripts()
		a.get(a.users("")).want(http.StatusOK)
	})
}

// shared is an app at which everybody goes by the owner's account.
func shared(t testing.TB) *app {
	t.Helper()
	var token string
	a := ada(t, func(o *handlers.Options) { o.Shared = apiclient.Credentials{APIToken: token} }, func(o *sandbox.Options) {
		token = sandbox.New(*o).Owner().APIToken
	})
	a.upstream.ResetRequests()
	return a
}

// TestSharedConnection: nobody connects, the pages say whose name Toggl sees, and
// the log of activity has the person.
func TestSharedConnection(t *testing.T) {
	a := shared(t)
	owner := a.upstream.Owner()
	a.get("/settings").want(http.StatusOK).has("main", "Connected as "+owner.Name)
	a.get(a.orgURL()).want(http.StatusOK).has(".me", "ada@corp.example", "Toggl sees "+owner.Name)
	a.get("/connect").want(http.StatusNotFound)
	settings := a.get("/settings").want(http.StatusOK)
	settings.has("#shared-hint", "activity alone")
	if settings.Find("#api_token, #focus_key, #kept").Length() != 0 {
		t.Error("the settings ask for a connection")
	}
	for _, page := range []string{"/groups", "/groups/mine", "/roles", "/focus-users"} {
		got := a.get(a.orgURL() + page).want(http.StatusOK)
		got.has("main", "Toggl Focus is not connected")
		if got.Find("main a[href^='/settings']").Length() != 0 {
			t.Errorf("%s offers to connect", page)
		}
	}
	a.post(views.PathSettingsTrack, url.Values{"api_token": {"x-canary"}}).want(http.StatusNotFound)
	a.post(a.orgURL()+"/workspaces", url.Values{"name": {"Lab 7"}}).want(http.StatusSeeOther)
	rows, err := a.store.Activities(t.Context(), store.ActivityFilter{OrganizationID: a.org, Limit: 1})
	must(t, err)
	if row := rows[0]; row.Issuer != "proxy-header" || row.Subject != "ada" || row.Name != "ada@corp.example" {
		t.Errorf("the log has %+v", row)
	}
	a.post("/sign-out", nil)
	a.calls()
	a.get(a.orgURL()).want(http.StatusOK)
	if calls := a.calls(); slices.Contains(calls, "GetMe") {
		t.Errorf("signing out forgot what others have read: %v", calls)
	}
}

// TestSharedConnectionRefused: only those who run Roster can mend that.
func TestSharedConnectionRefused(t *testing.T) {
	a := ada(t, func(o *handlers.Options) { o.Shared = apiclient.Credentials{APIToken: "gone-canary"} })
	got := a.get(a.orgURL()).want(http.StatusForbidden)
	got.has("#problem", "Toggl refused Roster's connection", "Tell the people who run Roster")
	if strings.Contains(got.body, "gone-canary") {
		t.Error("the token is on the page")
	}
}

// TestSessionGoneMeanwhile: what can't be saved because the session has ended asks
// to sign in, and doesn't blame the database.
func TestSessionGoneMeanwhile(t *testing.T) {
	var revoke func()
	a := signedIn(t, func(o *handlers.Options) {
		o.API.Observe = func(call apiclient.Call) {
			if call.Operation == "ListMyGroups" {
				revoke()
			}
		}
	})
	owner := a.upstream.Owner()
	revoke = func() {
		if n, err := a.sessions.RevokeSubject(t.Context(), "toggl:"+number(owner.UserID)); n != 1 || err != nil {
			t.Errorf("%d sessions ended, %v", n, err)
		}
	}
	got := a.post("/settings/focus", url.Values{"focus_key": {owner.FocusKey}})
	got.leadsTo(views.PathSignIn)
}
