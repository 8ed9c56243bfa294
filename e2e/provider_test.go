package e2e

import (
	"regexp"
	"testing"
	"time"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
	"roster/e2e/services"
)

// A company has an OpenID provider, and Roster behind it.
type company struct {
	server
	provider *services.Provider
}

// behindProvider starts both: each has to know where the other is.
func behindProvider(t *testing.T, settings ...string) company {
	t.Helper()
	addrs := make([]string, 2)
	for i := range addrs {
		var err error
		if addrs[i], err = services.FreeAddr(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	roster := "http://" + addrs[0]
	options := services.ProviderOptions{
		Addr: addrs[1], ClientID: "roster", ClientSecret: "a-client-secret-of-tests",
		RedirectURI: roster + "/sign-in/callback", SignedOutURI: roster + "/sign-in", BackChannelURI: roster + "/sign-out/back-channel",
	}
	provider := services.StartProvider(t, options)
	s := serve(t, sandbox.Options{}, append([]string{
		"ROSTER_ADDR=" + addrs[0], "ROSTER_AUTH_MODE=oidc", "ROSTER_OIDC_ISSUER=" + options.Issuer(),
		"ROSTER_OIDC_CLIENT_ID=" + options.ClientID, "ROSTER_OIDC_CLIENT_SECRET=" + options.ClientSecret,
		"ROSTER_OIDC_SCOPES=openid profile email groups offline_access",
		"ROSTER_EDITOR_GROUPS=roster-editors", "ROSTER_VIEWER_GROUPS=roster-viewers",
	}, settings...)...)
	return company{server: s, provider: provider}
}

// signInAt goes from Roster's sign-in page through the provider's, where everybody's
// password is their name, and comes back.
func (p person) signInAt(name string) {
	p.t.Helper()
	if p.URL() == "about:blank" {
		p.Open("/sign-in")
	}
	p.click(p.button("Sign in with your company account"))
	p.see(p.heading("Company sign-in"))
	p.Must(p.GetByLabel("Name").Fill(name))
	p.Must(p.GetByLabel("Password").Fill(name))
	p.click(p.button("Sign in"))
	p.Must(p.WaitForURL(regexp.MustCompile("^" + regexp.QuoteMeta(p.base) + "/(?:orgs|connect|$)")))
}

// connect gives the token of Toggl that the session then has.
func (p person) connect(who sandbox.Persona) {
	p.t.Helper()
	p.see(p.heading("Connect Toggl"))
	p.Must(p.GetByLabel("Toggl Track API token").Fill(who.APIToken))
	p.click(p.button("Connect"))
	p.see(p.Locator("body:not(.auth) main"))
}

// TestCompanySignIn is the whole way: from a link, through the company's sign-in page
// and the connection, to a change, and out of everything.
func TestCompanySignIn(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]browsertest.Options{"scripts": {}, "no scripts": {NoScript: true}, "phone": {Width: browsertest.Phone, Height: 844, Touch: true, Dark: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := behindProvider(t)
			p := at(t, s.URL, look)
			p.Open(s.usersPath() + "?filter=mar")
			p.see(p.heading("Sign in"))
			p.holds(look, "the way to the provider")
			p.signInAt("edda")
			p.holds(look, "the page to connect")
			p.connect(s.upstream.Owner())
			p.seePath(s.usersPath())
			p.seeQuery("filter=mar")

			p.Open(s.organizationPath())
			p.click(p.Locator("#rename summary"))
			p.Must(p.field("Organization name").Fill("Sons & Daughters"))
			p.click(p.button("Rename"))
			p.see(p.heading("Sons & Daughters"))
			p.Open(s.organizationPath() + "/activity")
			p.seeText(p.Locator("#activity > li").First(), "Edda Editor")

			other := at(t, s.URL, browsertest.Options{})
			other.signInAt("edda")
			other.see(other.heading("Connect Toggl"))

			p.Open("/settings")
			p.holds(look, "settings of somebody whom a provider signed in")
			p.click(p.button("Sign out everywhere"))
			p.Must(p.WaitForURL(regexp.MustCompile("^" + regexp.QuoteMeta(s.provider.Issuer) + "/session/end")))
			p.click(p.button("Yes, sign out"))
			p.see(p.button("Sign in with your company account"))
			for _, gone := range []person{p, other} {
				gone.Open(s.usersPath())
				gone.see(gone.heading("Sign in"))
			}
		})
	}
}

// TestRolesOfTheCompany: what somebody may do follows from their groups.
func TestRolesOfTheCompany(t *testing.T) {
	t.Parallel()
	s := behindProvider(t)
	viewer := at(t, s.URL, browsertest.Options{})
	viewer.signInAt("viktor")
	viewer.connect(s.upstream.Owner())
	viewer.Open(s.usersPath())
	viewer.see(viewer.heading("Users"))
	viewer.seeCount(viewer.link("Invite users"), 0)
	viewer.Accessible()
	s.provider.SetGroups("viktor", "roster-editors")
	editor := at(t, s.URL, browsertest.Options{})
	editor.signInAt("viktor")
	editor.connect(s.upstream.Owner())
	editor.Open(s.usersPath())
	editor.see(editor.link("Invite users"))

	for _, name := range []string{"nora", "gil"} {
		p := at(t, s.URL, browsertest.Options{})
		p.Allow("status of 403")
		p.signInAt(name)
		p.see(p.heading("You have no role in Roster"))
		p.seeText(p.Locator("main"), name)
		p.Accessible()
	}
}

// TestProviderGoesOn: with a new key, and when it ends a session itself.
func TestProviderGoesOn(t *testing.T) {
	t.Parallel()
	s := behindProvider(t)
	first := at(t, s.URL, browsertest.Options{})
	first.signInAt("edda")
	s.provider.RotateKeys()
	time.Sleep(11 * time.Second) // unknown keys are asked for at most every ten seconds
	second := at(t, s.URL, browsertest.Options{})
	second.signInAt("viktor")
	second.connect(s.upstream.Admin())
	first.connect(s.upstream.Owner())

	_, err := second.Goto(s.provider.Issuer + "/session/end")
	second.Must(err)
	second.click(second.button("Yes, sign out"))
	second.see(second.heading("Signed out of the company"))
	second.Open(s.usersPath())
	second.see(second.heading("Sign in"))
	first.Open(s.usersPath())
	first.see(first.heading("Users"))
}

// TestLateFormOfTheCompany: what is sent after the session has ended goes through the
// company's sign-in and the connection, and waits to be sent.
func TestLateFormOfTheCompany(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]browsertest.Options{"scripts": {}, "no scripts": {NoScript: true}, "phone": {Width: browsertest.Phone, Height: 844, Touch: true, Dark: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := behindProvider(t)
			p := at(t, s.URL, look)
			p.signInAt("edda")
			p.connect(s.upstream.Owner())
			p.Open(s.usersPath() + "?filter=" + elif)
			p.click(p.rowLink(0))
			p.Must(p.label("Name").Fill("Elif Aydın"))

			other := at(t, s.URL, browsertest.Options{})
			other.signInAt("edda")
			other.Open("/settings")
			other.click(other.button("Sign out everywhere"))
			other.see(other.button("Yes, sign out"))

			p.save()
			p.see(p.heading("Sign in"))
			p.seeText(p.Locator(".note"), "What you typed is kept")
			p.holds(look, "the sign-in page with something kept")
			p.click(p.button("Sign in with your company account")) // the company still knows them
			p.Must(p.GetByLabel("Toggl Track API token").Fill(s.upstream.Owner().APIToken))
			p.click(p.button("Connect"))
			p.see(p.heading("You are signed in again"))
			p.holds(look, "what was typed")
			p.click(p.button("Send it now"))
			p.seeText(p.Locator("#flash"), "Saved 1 change to Elif Aydın.")
		})
	}
}
