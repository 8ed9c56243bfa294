package e2e

import (
	"net/http"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

func TestSignOutAndBackShowsNothing(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]browsertest.Options{"scripts": {}, "no scripts": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := atDemoUsers(t, o)
			list := p.path()
			name := p.names()[0]
			p.click(p.Locator("a[rel=next]"))
			p.seeQuery("page=2")
			p.click(p.button("Your account"))
			p.click(p.button("Sign out"))
			p.seePath("/sign-in")
			p.seeCount(p.Locator("#flash .note"), 0)
			for range 2 {
				p.back()
				p.see(p.heading("Sign in"))
				if shown := p.text(p.Locator("html")); strings.Contains(shown, name) || strings.Contains(shown, "Halden") {
					t.Errorf("Back shows the page of before:\n%s", shown)
				}
			}
			p.Open(list)
			p.see(p.heading("Sign in"))
		})
	}
}

// TestSessionEndedUnderAnOpenPage: in another tab somebody signed out.
func TestSessionEndedUnderAnOpenPage(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.Allow("status of 401")
	p.signIn(s.upstream.Admin())
	p.Open(s.usersPath())

	other, err := p.Context().NewPage()
	p.Must(err)
	_, err = other.Goto("/settings")
	p.Must(err)
	p.Must(other.Locator("button[popovertarget=account]").Click())
	p.Must(other.Locator("#account button").Click())
	p.Must(p.Expect.Locator(other.Locator("h1")).ToHaveText("Sign in"))
	p.Must(other.Close())

	p.Must(p.search().Fill("kova"))
	p.see(p.heading("Sign in"))
	p.seePath("/sign-in")

	// Whoever signs in again goes on where they were: on the page, not a part of it.
	p.signIn(s.upstream.Admin())
	p.seePath(s.usersPath())
	p.see(p.heading("Users"))
	p.see(p.button("Your account"))
	p.Must(p.Expect.Locator(p.search()).ToHaveValue("kova"))
}

// TestOldCookieOpensNothing: what the browser still holds opens nothing.
func TestOldCookieOpensNothing(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.signIn(s.upstream.Admin())
	cookies, err := p.Context().Cookies()
	p.Must(err)
	var session string
	for _, cookie := range cookies {
		if cookie.Name == "roster" {
			session = cookie.Name + "=" + cookie.Value
			if !cookie.HttpOnly {
				t.Error("scripts can read the session's cookie")
			}
		}
	}
	if session == "" {
		t.Fatal("there is no session cookie")
	}
	p.click(p.button("Your account"))
	p.click(p.button("Sign out"))
	p.see(p.heading("Sign in"))

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+s.usersPath(), nil)
	p.Must(err)
	request.Header.Set("Cookie", session)
	response, err := http.DefaultTransport.RoundTrip(request)
	p.Must(err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		t.Errorf("the old cookie gets status %d, want 303 to the sign-in page", response.StatusCode)
	}
}
