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
