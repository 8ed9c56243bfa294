package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
	"roster/handlers"
)

func TestSignInPage(t *testing.T) {
	a := newApp(t)
	got := a.get("/sign-in").want(http.StatusOK)
	for _, field := range []string{"api_token", "email", "password"} {
		if got.Find(`form[method=post][action="/sign-in"] input[name=`+field+`]`).Length() != 1 {
			t.Errorf("no field %s", field)
		}
	}
	if got.Find("button[name=demo]").Length() != 0 {
		t.Error("a real server offers to sign in as somebody of the demo")
	}
}

func TestSignIn(t *testing.T) {
	a := newApp(t)
	owner, admin := a.upstream.Owner(), a.upstream.Admin()
	overview := a.orgURL()
	tests := []struct {
		name, leadsTo string
		form          url.Values
	}{
		{"with a token, to the picker", "/orgs", url.Values{"api_token": {owner.APIToken}}},
		{"with spaces around the token", "/orgs", url.Values{"api_token": {" " + owner.APIToken + "\n"}}},
		{"with e-mail and password, straight on", overview, url.Values{"email": {admin.Email}, "password": {admin.Password}}},
		{"back to where they were", "/settings", url.Values{"api_token": {owner.APIToken}, "return_to": {"/settings"}}},
		{"never to another site", "/orgs", url.Values{"api_token": {owner.APIToken}, "return_to": {"//evil.example/"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a.in(t).client = newBrowser(t)
			a.post("/sign-in", tt.form).leadsTo(tt.leadsTo)
			a.get("/settings").want(http.StatusOK)
		})
	}
}

func TestSignInFromHTMXLeadsOnByHeader(t *testing.T) {
	a := newApp(t)
	form := url.Values{"api_token": {a.upstream.Owner().APIToken}}
	r := a.request(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", a.server.URL)
	got := a.do(asHTMX(r, a.server.URL+"/sign-in")).want(http.StatusNoContent)
	if got.header.Get("HX-Location") != "/orgs" {
		t.Errorf("HX-Location %q", got.header.Get("HX-Location"))
	}
}

// TestSignInRefused: the words stand beside the field they are about, and of
// what was typed only the secrets are gone.
func TestSignInRefused(t *testing.T) {
	tests := []struct {
		name         string
		form         url.Values
		field, words string
	}{
		{"nothing", url.Values{}, "api_token", "Enter your API token."},
		{"only spaces", url.Values{"api_token": {"  "}}, "api_token", "Enter your API token."},
		{"no e-mail", url.Values{"password": {"typed-secret"}}, "email", "Enter your e-mail address."},
		{"no password", url.Values{"email": {"ada@example.com"}}, "password", "Enter your password."},
		{"a wrong token", url.Values{"api_token": {"typed-secret"}}, "api_token", "Toggl doesn't know this API token."},
		{
			"a wrong password",
			url.Values{"email": {"ada@example.com"}, "password": {"typed-secret"}},
			"password", "Toggl doesn't know this e-mail address with this password.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newApp(t)
			tt.form.Set("return_to", "/settings")
			got := a.post("/sign-in", tt.form).want(http.StatusUnprocessableEntity)
			described := got.attr("#"+tt.field, "aria-describedby")
			if !strings.Contains(described, tt.field+"-error") {
				t.Errorf("#%s is described by %q", tt.field, described)
			}
			if words := got.text("#" + tt.field + "-error"); words != tt.words {
				t.Errorf("words %q, want %q", words, tt.words)
			}
			if email := got.attr("#email", "value"); email != tt.form.Get("email") {
				t.Errorf("the e-mail became %q", email)
			}
			if strings.Contains(got.body, "typed-secret") {
				t.Error("the page shows a secret that was typed")
			}
			if back := got.attr("#sign-in-token input[name=return_to]", "value"); back != "/settings" {
				t.Errorf("return_to became %q", back)
			}
			if !strings.HasPrefix(got.text("title"), "Error: ") {
				t.Errorf("title %q", got.text("title"))
			}
			a.get("/settings").leadsTo("/sign-in?return_to=%2Fsettings")
		})
	}
}

func TestSignInWhileTogglIsAway(t *testing.T) {
	tests := []struct {
		name    string
		failure sandbox.Failure
		status  int
		words   string
	}{
		{"down", sandbox.Failure{Status: 500, Body: "<html>oops</html>"}, http.StatusBadGateway, "Toggl couldn't answer."},
		{"an answer that is no JSON", sandbox.Failure{Body: "<html>login</html>"}, http.StatusBadGateway, "Toggl couldn't answer."},
		{
			"too many requests",
			sandbox.Failure{Status: 429, Header: http.Header{"Retry-After": {"600"}}, Body: `"Slow down"`, Times: -1},
			http.StatusTooManyRequests, "Toggl is limiting requests. Slow down",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newApp(t)
			tt.failure.Operation = "GetMe"
			a.upstream.Script(tt.failure)
			got := a.post("/sign-in", url.Values{"email": {"ada@example.com"}, "password": {"typed-secret"}}).want(tt.status)
			if words := got.text("#sign-in-error"); words != tt.words {
				t.Errorf("words %q, want %q", words, tt.words)
			}
			if got.attr("#email", "value") != "ada@example.com" {
				t.Error("the e-mail is gone")
			}
		})
	}
}

func TestSignInWithoutOrganizations(t *testing.T) {
	a := newApp(t)
	a.upstream.Script(sandbox.Failure{Operation: "ListMyOrganizations", Status: 500, Times: 2})
	a.signIn(a.upstream.Admin())
	a.get("/orgs").want(http.StatusBadGateway).has("h1", "Toggl couldn't answer")
	a.get("/orgs").want(http.StatusOK).has("#organizations", "Halden & Moss")
}

func TestSignInIsLimited(t *testing.T) {
	a := newApp(t)
	form := url.Values{"email": {"ada@example.com"}, "password": {"typed-secret"}}
	const burst = 5
	for range burst {
		a.post("/sign-in", form).want(http.StatusUnprocessableEntity)
	}
	got := a.post("/sign-in", form).want(http.StatusTooManyRequests)
	got.has("#sign-in-error", "Too many attempts. Try again at 15:0", "UTC.")
	if got.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	asked := len(a.calls())
	if asked != burst {
		t.Errorf("Toggl was asked %d times, want %d", asked, burst)
	}
}

func TestSignOut(t *testing.T) {
	a := signedIn(t)
	cookies := a.client.Jar.Cookies(a.request(http.MethodGet, "/", nil).URL)
	a.post("/sign-out", nil).leadsTo("/sign-in")
	a.get("/orgs").leadsTo("/sign-in?return_to=%2Forgs")

	replayed := a.request(http.MethodGet, "/orgs", nil)
	for _, cookie := range cookies {
		replayed.AddCookie(cookie)
	}
	a.do(replayed).leadsTo("/sign-in?return_to=%2Forgs")
	a.post("/sign-out", nil).leadsTo("/sign-in")
}

func TestSignInOfTheDemo(t *testing.T) {
	a := newApp(t)
	if got := a.post("/sign-in", url.Values{"demo": {"owner"}}).want(http.StatusUnprocessableEntity); got.text("#sign-in-error") == "" {
		t.Error("a real server says nothing of a demo person")
	}
	owner := a.upstream.Owner()
	var people []handlers.DemoSignIn
	people = append(people, handlers.DemoSignIn{Name: owner.Name, Role: "owner", APIToken: owner.APIToken, FocusKey: owner.FocusKey})
	demo := newApp(t, func(o *handlers.Options) { o.Demo = people })
	demo.get("/sign-in").want(http.StatusOK).has("button[name=demo][value=owner]", "Continue as "+owner.Name+" , owner")
	demo.post("/sign-in", url.Values{"demo": {"owner"}}).leadsTo("/orgs")
	demo.get("/settings").want(http.StatusOK).has("section[aria-labelledby=h-focus]", "Connected as")
	demo.post("/sign-in", url.Values{"demo": {"nobody"}}).want(http.StatusUnprocessableEntity)
}

// TestUnsafeReturnAddresses: whatever stands in return_to, the form carries a
// path of this site.
func TestUnsafeReturnAddresses(t *testing.T) {
	a := newApp(t)
	for _, address := range []string{
		"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/a//b", "/%2f/evil.example", "evil.example", "/\tx",
	} {
		got := a.get("/sign-in?" + url.Values{"return_to": {address}}.Encode()).want(http.StatusOK)
		if back := got.attr("input[name=return_to]", "value"); back != "/" {
			t.Errorf("return_to=%q stays %q", address, back)
		}
	}
}
