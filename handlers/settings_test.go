package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
)

func TestSettings(t *testing.T) {
	a := signedIn(t)
	a.get(a.orgURL())
	owner := a.upstream.Owner()
	got := a.get("/settings").want(http.StatusOK)
	got.has("section[aria-labelledby=h-track]", "Connected as "+owner.Name+", "+owner.Email, "Halden & Moss", "requests left until")
	got.has("section[aria-labelledby=h-focus]", "Not connected")
	if got.Find(`input[type=password][value]`).Length() != 0 {
		t.Error("a secret field is filled")
	}
}

func TestConnectFocus(t *testing.T) {
	a := signedIn(t)
	a.post("/settings/focus", url.Values{"focus_key": {a.upstream.Owner().FocusKey}}).leadsTo("/settings")
	got := a.get("/settings").want(http.StatusOK)
	got.has("#flash", "Toggl Focus is connected.")
	got.has("section[aria-labelledby=h-focus]", "Connected as the owner of the API key", "Key added just now")
	if again := a.get("/settings").text("#flash"); again != "" {
		t.Errorf("the flash stays: %q", again)
	}
	a.post("/settings/focus/removal", nil).leadsTo("/settings")
	a.get("/settings").want(http.StatusOK).has("section[aria-labelledby=h-focus]", "Not connected")
}

func TestConnectFocusRefused(t *testing.T) {
	key := "focus_key"
	tests := []struct {
		name         string
		form         url.Values
		failure      sandbox.Failure
		field, words string
	}{
		{name: "no key", form: url.Values{}, field: key, words: "Enter a Focus API key."},
		{name: "a wrong key", form: url.Values{key: {"typed-secret"}}, field: key, words: "the provided API key is invalid from Toggl"},
		{
			name: "an id that is no number", form: url.Values{key: {"typed-secret"}, "focus_organization_id": {"12x"}},
			field: "focus_organization_id", words: "The organization ID is a number, such as 4128077.",
		},
		{
			name: "a key of another organization", form: url.Values{key: {"typed-secret"}, "focus_organization_id": {"77"}},
			failure: sandbox.Failure{API: "focus", Status: 403, Body: `{"error":"forbidden","error_description":"not yours"}`},
			field:   "focus_organization_id", words: "not yours from Toggl",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := signedIn(t)
			if tt.failure.Status != 0 {
				a.upstream.Script(tt.failure)
			}
			got := a.post("/settings/focus", tt.form).want(http.StatusUnprocessableEntity)
			if words := got.text("#" + tt.field + "-error"); words != tt.words {
				t.Errorf("words %q, want %q", words, tt.words)
			}
			if !strings.Contains(got.attr("#"+tt.field, "aria-describedby"), tt.field+"-error") {
				t.Error("the field isn't described by its error")
			}
			if typed := got.attr("#focus_organization_id", "value"); typed != tt.form.Get("focus_organization_id") {
				t.Errorf("the organization ID became %q", typed)
			}
			if strings.Contains(got.body, "typed-secret") {
				t.Error("the page shows the key")
			}
			a.get("/settings").has("section[aria-labelledby=h-focus]", "Not connected")
		})
	}
}

// TestConnectFocusChecksTheOrganization: only one of the person's own can be chosen.
func TestConnectFocusChecksTheOrganization(t *testing.T) {
	a := signedIn(t)
	key := a.upstream.Owner().FocusKey
	for _, id := range []string{"-1", "0", "77", "x", "4128077x"} {
		form := url.Values{"focus_key": {key}, "organization_id": {id}, "focus_organization_id": {"12"}, "return_to": {"/orgs"}}
		got := a.post("/settings/focus", form).want(http.StatusUnprocessableEntity)
		if words := got.text("#organization_id-error"); words != "Choose one of your organizations." {
			t.Errorf("%s: %q", id, words)
		}
		sent := got.fields(`form[action="/settings/focus"]`, "")
		if sent.Get("focus_organization_id") != "12" || sent.Get("return_to") != "/orgs" {
			t.Errorf("%s: the form forgot: %v", id, sent)
		}
	}
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("asked %v for organizations of nobody", calls)
	}
}

// TestConnectFocusLeadsBack: to the page that asked for it, and nowhere else.
func TestConnectFocusLeadsBack(t *testing.T) {
	a := signedIn(t)
	for address, want := range map[string]string{
		"": "/settings", "/orgs": "/orgs", a.users("filter=a&page=2"): a.users("filter=a&page=2"),
		"//evil.example": "/settings", "https://evil.example/": "/settings", "/sign-out": "/settings", "/\\evil.example": "/settings",
	} {
		settings := a.get("/settings?return_to=" + escape(address)).want(http.StatusOK)
		form := settings.fields(`form[action="/settings/focus"]`, "")
		form.Set("focus_key", a.upstream.Owner().FocusKey)
		a.post("/settings/focus", form).leadsTo(want)
		form.Set("return_to", address)
		a.post("/settings/focus", form).leadsTo(want)
	}
	a.get("/orgs").want(http.StatusOK).has("#flash", "Toggl Focus is connected.")
}

// TestFocusOrganizationOfItsOwn: where Focus has another number for the
// organization, it is the one that Focus is asked for.
func TestFocusOrganizationOfItsOwn(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListMyGroups", Body: `[]`})
	a.post("/settings/focus", url.Values{
		"focus_key": {a.upstream.Owner().FocusKey}, "organization_id": {number(a.org)}, "focus_organization_id": {"4455"},
	}).leadsTo("/settings")
	a.upstream.ResetRequests()
	a.upstream.Script(sandbox.Failure{API: "focus", Operation: "ListUsers", Body: `[]`, Times: -1})
	for range 2 {
		a.get(a.focusUsers("")).want(http.StatusOK)
		a.post(a.orgURL()+"/refresh", nil)
	}
	requests := a.upstream.Requests()
	if len(requests) != 2 { // the refresh forgets what Focus said too
		t.Fatalf("%d requests", len(requests))
	}
	if path := requests[0].Path; path != "/focus/api/organizations/4455/users" {
		t.Errorf("asked at %s", path)
	}
}

func TestConnectFocusWhileItIsDown(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{API: "focus", Status: 500})
	a.post("/settings/focus", url.Values{"focus_key": {a.upstream.Owner().FocusKey}}).want(http.StatusBadGateway).
		has("#problem", "Toggl couldn't answer", "Nothing was changed.")
	a.get("/settings").has("section[aria-labelledby=h-focus]", "Not connected")
}

func TestConnectTrack(t *testing.T) {
	a := newApp(t)
	owner := a.upstream.Owner()
	a.post("/sign-in", url.Values{"email": {owner.Email}, "password": {owner.Password}}).leadsTo("/orgs")
	for _, tt := range []struct{ name, token, words string }{
		{"nothing", " ", "Enter an API token."},
		{"a wrong one", "typed-secret", "Toggl doesn't know this API token."},
		{"somebody else's", a.upstream.Admin().APIToken, "This token is somebody else's. Sign out to sign in as them."},
	} {
		got := a.post("/settings/track", url.Values{"api_token": {tt.token}}).want(http.StatusUnprocessableEntity)
		if words := got.text("#api_token-error"); words != tt.words {
			t.Errorf("%s: %q, want %q", tt.name, words, tt.words)
		}
	}
	a.post("/settings/track", url.Values{"api_token": {owner.APIToken}}).leadsTo("/settings")
	a.get("/settings").want(http.StatusOK).has("#flash", "Toggl Track is connected with the new token.")
	a.get("/orgs").want(http.StatusOK)
}

func TestAppearance(t *testing.T) {
	a := newApp(t)
	change := func(values url.Values) {
		t.Helper()
		values.Set("return_to", "/settings")
		got := a.post("/settings/appearance", values)
		if got.leadsTo("/settings"); strings.Contains(joined(got.header.Values("Set-Cookie")), "script") {
			t.Errorf("kept: %q", got.header.Values("Set-Cookie"))
		}
	}
	change(url.Values{"theme": {"dark"}})
	if theme := a.get("/sign-in").attr("html", "data-theme"); theme != "dark" {
		t.Errorf("the sign-in page is %q", theme)
	}
	a.signIn(a.upstream.Owner())
	change(url.Values{"density": {"compact"}, "shortcuts": {"off"}})
	got := a.get("/settings").want(http.StatusOK)
	for name, want := range map[string]string{"data-theme": "dark", "data-density": "compact", "data-shortcuts": "off"} {
		if value := got.attr("html", name); value != want {
			t.Errorf("%s is %q, want %q", name, value, want)
		}
	}
	change(url.Values{"theme": {`"><script>`}, "density": {"x"}})
	got = a.get("/settings")
	if got.attr("html", "data-theme")+got.attr("html", "data-density") != "" {
		t.Error("an unknown look is kept")
	}
	a.post("/settings/appearance", url.Values{"theme": {"light"}, "return_to": {"//evil.example"}}).leadsTo("/")
	for _, cookie := range []string{"roster_theme=evil", "roster_density=evil", "roster_columns=<script>"} {
		r := a.request(http.MethodGet, a.users(""), nil)
		r.Header.Set("Cookie", cookie)
		if body := a.do(r).body; strings.Contains(body, "evil\"") || strings.Contains(body, "<script>") {
			t.Errorf("%s is printed", cookie)
		}
	}
}
