package e2e

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

var clockTime = regexp.MustCompile(`It comes back at \d\d:\d\d`)

// TestRefusedParameters shows Toggl's own words, and keeps what was filtered.
func TestRefusedParameters(t *testing.T) {
	t.Parallel()
	p := atDemoUsers(t, browsertest.Options{})
	p.Allow("status of 422")
	list := p.path()
	for query, words := range map[string]string{
		"page=0":          "page parameter must contain values > 0.",
		"active_status=x": "active_status parameter can contain only 'active', 'inactive' or 'invited'.",
		"sort_dir=up":     "sort_dir",
	} {
		if status := p.Open(list + "?filter=ana&" + query); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d, want 422", query, status)
		}
		alert := p.GetByRole("alert")
		p.seeText(alert, words)
		p.seeText(alert, "from Toggl")
		p.focused(alert)
		p.Must(p.Expect.Locator(p.search()).ToHaveValue("ana"))
		p.Must(p.Expect.Page(p).ToHaveTitle(regexp.MustCompile("^Error: ")))
		p.seeCount(p.rows(), 0)
	}
	p.Open(list + "?active_status=x&filter=ana")
	p.Must(p.Expect.Locator(p.chip("Status")).ToHaveAttribute("aria-describedby", "users-error"))
	p.seeText(p.chip("Status"), "x")

	// While typing the refusal stands where the rows were, and goes with its cause.
	p.Must(p.search().Fill("an"))
	p.seeQuery("active_status=x&filter=an")
	p.seeText(p.GetByRole("alert"), "active_status parameter can contain only")
	p.focused(p.search())
	p.click(p.link("Show the list without it"))
	p.seeQuery("filter=an")
	p.see(p.rows().First())
}

func TestWrongTokenAtSignIn(t *testing.T) {
	t.Parallel()
	p := at(t, serve(t, sandbox.Options{}).URL, browsertest.Options{})
	p.Allow("status of 422")
	p.Open("/sign-in")
	token := p.GetByLabel("Toggl Track API token")
	p.Must(token.Fill("facade00facade00facade00deadbeef"))
	p.press("Enter")
	p.Must(p.Expect.Locator(token).ToHaveAccessibleDescription(regexp.MustCompile("Toggl doesn't know this API token.")))
	p.Must(p.Expect.Locator(token).ToHaveAttribute("aria-invalid", "true"))
	p.focused(token)
	p.Must(p.Expect.Locator(token).ToHaveValue(""))
	p.Must(p.Expect.Page(p).ToHaveTitle(regexp.MustCompile("^Error: Sign in")))
}

func TestWrongPasswordAtSignIn(t *testing.T) {
	t.Parallel()
	p := at(t, serve(t, sandbox.Options{}).URL, browsertest.Options{})
	p.Allow("status of 422")
	p.Open("/sign-in?return_to=%2Fsettings")
	p.click(p.GetByText("Sign in with e-mail and password"))
	email, password := p.GetByLabel("Email"), p.GetByRole("textbox", playwright.PageGetByRoleOptions{Name: "Password"})
	p.Must(email.Fill("ana.kovac@haldenmoss.example"))
	p.Must(password.Fill("not the one"))
	p.press("Enter")
	p.Must(p.Expect.Locator(password).ToHaveAccessibleDescription(regexp.MustCompile("Toggl doesn't know this e-mail address with this password.")))
	p.focused(password)
	p.Must(p.Expect.Locator(email).ToHaveValue("ana.kovac@haldenmoss.example"))
	p.Must(p.Expect.Locator(password).ToHaveValue(""))
	p.Must(password.Fill("not-a-secret-9000002"))
	p.press("Enter")
	p.seePath("/settings")
}

// TestQuotaUsedUpMidWay: the table stays, and a note says until when.
func TestQuotaUsedUpMidWay(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.Allow("status of 402")
	p.signIn(s.upstream.Admin())
	p.Open(s.usersPath())
	s.upstream.SetQuotaRemaining(0)

	p.Must(p.search().Fill("ana"))
	note := p.Locator("#flash").GetByRole("alert")
	p.Must(p.Expect.Locator(note).ToContainText(clockTime))
	p.seeCount(p.rows(), 50)
	p.seeQuery("")
	p.focused(p.search())
	p.Must(p.Expect.Locator(p.Locator("[aria-busy]")).ToHaveCount(0))

	// The whole page shows what was read before, and says when.
	p.click(p.button("Read again from Toggl"))
	stale := p.GetByRole("status").Filter(playwright.LocatorFilterOptions{HasText: "Toggl is limiting requests."})
	p.Must(p.Expect.Locator(stale).ToContainText(regexp.MustCompile(`This was read at \d\d:\d\d\.`)))
	p.Must(p.Expect.Locator(stale).ToContainText(clockTime))
	p.seeCount(p.rows(), 50)

	// What was never read can't be shown.
	if status := p.Open(s.usersPath() + "?filter=never"); status != http.StatusPaymentRequired {
		t.Errorf("status %d, want 402", status)
	}
	p.see(p.heading("Toggl's hourly limit is used up"))
}

func TestUpstreamDown(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	p.Allow("status of 502")
	p.signIn(s.upstream.Admin())
	p.Open(s.usersPath())
	s.upstream.Script(sandbox.Failure{Times: -1, Status: http.StatusInternalServerError, Body: "<h1>nginx</h1>"})

	sort := p.Locator("#users-sort")
	p.click(sort)
	note := p.Locator("#flash").GetByRole("alert")
	p.seeText(note, "Toggl couldn't answer.")
	p.focused(p.Locator("#flash")) // nobody was typing
	p.seeCount(p.rows(), 50)
	p.seeQuery("")
	if html := p.text(p.Locator("body")); strings.Contains(html, "nginx") {
		t.Error("a page of the server in between is shown")
	}
	if status := p.Open(s.usersPath() + "?filter=never"); status != http.StatusBadGateway {
		t.Errorf("status %d, want 502", status)
	}
	p.see(p.heading("Toggl couldn't answer"))

	s.upstream.ClearScripts()
	p.click(p.link("Try again"))
	p.see(p.GetByText("No users match these filters"))
	p.Open(s.usersPath())
	s.upstream.Script(sandbox.Failure{Status: http.StatusInternalServerError})
	p.click(sort)
	p.see(note)
	p.click(sort)
	p.seeQuery("sort_dir=desc")
	p.seeCount(note, 0)
	p.focused(sort)
}

// TestRosterUnreachable: the server is stopped under an open page.
func TestRosterUnreachable(t *testing.T) {
	t.Parallel()
	s := serve(t, sandbox.Options{})
	p := at(t, s.URL, browsertest.Options{})
	for _, line := range []string{"ERR_INTERNET_DISCONNECTED", "Failed to fetch", "htmx:error"} {
		p.Allow(line)
	}
	p.signIn(s.upstream.Admin())
	p.Open(s.usersPath())
	p.Must(p.Context().SetOffline(true))
	p.Must(p.search().Fill("ana"))
	note := p.Locator("#flash").GetByRole("alert")
	p.seeText(note, "Roster did not answer. Nothing was changed.")
	p.seeCount(p.rows(), 50)
	p.focused(p.search())
	p.Must(p.Expect.Locator(p.Locator("[aria-busy]")).ToHaveCount(0))

	p.Must(p.Context().SetOffline(false))
	p.Must(p.search().Fill("anak"))
	p.seeQuery("filter=anak")
	p.seeCount(note, 0)
}

func TestMissingPages(t *testing.T) {
	t.Parallel()
	p := atDemo(t, "admin", browsertest.Options{})
	p.Allow("status of 404")
	organization := p.path()
	for _, path := range []string{"/nowhere", organization + "/users/1", "/orgs/1x"} {
		if status := p.Open(path); status != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, status)
		}
		p.see(p.Locator("#problem h1"))
	}
}
