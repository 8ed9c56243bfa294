package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"roster/handlers"
	"roster/views"
)

// A company is an app at which a provider signs people in, where nobody has yet.
type company struct {
	*scene
	idp *idp
}

func newCompany(t testing.TB, options ...any) *company {
	t.Helper()
	c := &company{scene: &scene{}}
	c.app, c.idp = withProvider(t, options...)
	return c
}

// begin presses the button, and returns the provider's address.
func (c *company) begin(returnTo string) string {
	c.t.Helper()
	return c.post("/sign-in", url.Values{"return_to": {returnTo}}).want(http.StatusOK).attr("#forward", "href")
}

// answer is where the provider sends the browser back to.
func (c *company) answer(address string) *url.URL {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, address, nil)
	must(c.t, err)
	res, err := newBrowser(c.t).Do(r)
	must(c.t, err)
	must(c.t, res.Body.Close())
	back, err := url.Parse(res.Header.Get("Location"))
	must(c.t, err)
	return back
}

// with is the address with one parameter of another value.
func with(u *url.URL, name, value string) string {
	query := u.Query()
	query.Set(name, value)
	return u.Path + "?" + query.Encode()
}

// attemptCookies are those of the sign-ins that the browser has begun.
func (c *company) attemptCookies() []*http.Cookie {
	c.t.Helper()
	var found []*http.Cookie
	for _, cookie := range c.client.Jar.Cookies(c.request(http.MethodGet, "/sign-in/callback", nil).URL) {
		if strings.Contains(cookie.Name, "-oidc-") {
			found = append(found, cookie)
		}
	}
	return found
}

// TestAttacksOnAttempts: a sign-in ends in the browser in which it began, once, with
// what belongs to it.
func TestAttacksOnAttempts(t *testing.T) {
	for _, try := range []struct {
		name    string
		address func(*company) string // of the answer that the victim's browser is made to open
		status  int
	}{
		{"the attacker's answer in the victim's browser", func(c *company) string {
			back := c.answer(c.begin(""))
			c.elsewhere()
			return back.RequestURI()
		}, http.StatusBadRequest},
		{"the attacker's answer, where the victim has begun one too", func(c *company) string {
			back := c.answer(c.begin(""))
			c.elsewhere()
			c.begin("")
			return back.RequestURI()
		}, http.StatusBadRequest},
		{"the attacker's code under the victim's state", func(c *company) string {
			code := c.answer(c.begin("")).Query().Get("code")
			c.elsewhere()
			return with(c.answer(c.begin("")), "code", code)
		}, http.StatusBadRequest},
		{"the attacker's code, at a provider that doesn't ask for the verifier", func(c *company) string {
			c.idp.careless = true
			code := c.answer(c.begin("")).Query().Get("code")
			c.elsewhere()
			return with(c.answer(c.begin("")), "code", code)
		}, http.StatusForbidden},
		{"an answer that nobody asked for", func(*company) string { return "/sign-in/callback?code=x&state=" + strings.Repeat("A", 43) }, http.StatusBadRequest},
		{"no state", func(c *company) string { return with(c.answer(c.begin("")), "state", "") }, http.StatusBadRequest},
		{"two states", func(c *company) string {
			back := c.answer(c.begin(""))
			return back.RequestURI() + "&state=" + back.Query().Get("state")
		}, http.StatusBadRequest},
		{"another letter in the state", func(c *company) string {
			back := c.answer(c.begin(""))
			return with(back, "state", altered(back.Query().Get("state")))
		}, http.StatusBadRequest},
		{"no code", func(c *company) string { return with(c.answer(c.begin("")), "code", "") }, http.StatusForbidden},
		{"two codes", func(c *company) string {
			back := c.answer(c.begin(""))
			return back.RequestURI() + "&code=" + back.Query().Get("code")
		}, http.StatusForbidden},
		{"a code and an error", func(c *company) string { return c.answer(c.begin("")).RequestURI() + "&error=access_denied" }, http.StatusForbidden},
		{"an endless code", func(c *company) string { return with(c.answer(c.begin("")), "code", strings.Repeat("c", 10_000)) }, http.StatusForbidden},
		{"an error with markup and a line end", func(c *company) string {
			c.idp.refusal = `<script>evil</script>`
			return c.answer(c.begin("")).RequestURI() + "&error_description=%0d%0a%3Cimg+src=x+onerror=evil%3E&error_uri=https://evil.example/"
		}, http.StatusForbidden},
		{"an answer of another provider", func(c *company) string { return with(c.answer(c.begin("")), "iss", "https://evil.example") }, http.StatusForbidden},
		{"the same answer again", func(c *company) string {
			back := c.answer(c.begin("")).RequestURI()
			c.get(back).want(http.StatusSeeOther)
			c.post("/sign-out", nil)
			return back
		}, http.StatusBadRequest},
		{"the same answer again, with the cookie it had, at a provider that takes codes again", func(c *company) string {
			c.idp.careless = true
			back := c.answer(c.begin("")).RequestURI()
			cookies := c.attemptCookies()
			c.get(back).want(http.StatusSeeOther)
			c.post("/sign-out", nil)
			c.setCookies(cookies...)
			return back
		}, http.StatusBadRequest},
		{"the cookie of another attempt under this one's name", func(c *company) string {
			c.begin("")
			first := c.attemptCookies()[0]
			c.elsewhere()
			back := c.answer(c.begin("")).RequestURI()
			own := c.attemptCookies()[0]
			c.setCookies(&http.Cookie{Name: own.Name, Value: first.Value, Path: "/"})
			return back
		}, http.StatusBadRequest},
		{"a cookie of the attacker's own server", func(c *company) string {
			other := newCompany(c.t, func(o *handlers.Options) { o.PublicURL = c.publicURL() })
			other.begin("")
			theirs := other.attemptCookies()[0]
			back := c.answer(c.begin("")).RequestURI()
			c.setCookies(&http.Cookie{Name: c.attemptCookies()[0].Name, Value: theirs.Value, Path: "/"})
			return back
		}, http.StatusBadRequest},
		{"another letter in the cookie", func(c *company) string {
			back := c.answer(c.begin("")).RequestURI()
			own := c.attemptCookies()[0]
			c.setCookies(&http.Cookie{Name: own.Name, Value: altered(own.Value), Path: "/"})
			return back
		}, http.StatusBadRequest},
		{"ten minutes later", func(c *company) string {
			back := c.answer(c.begin("")).RequestURI()
			c.pass(10 * time.Minute)
			return back
		}, http.StatusBadRequest},
	} {
		t.Run(try.name, func(t *testing.T) {
			c := newCompany(t)
			address := try.address(c)
			got := c.get(address).want(try.status)
			got.checkLeadsNowhere()
			c.hasNoSession()
			if strings.Contains(got.text("main"), "evil") || got.Find("main img, main script").Length() != 0 {
				t.Error("the page repeats what the answer says")
			}
			c.get("/settings").leadsTo(views.SignInURL("/settings"))
			c.checkLogLines()
		})
	}
}

// altered begins with another letter.
func altered(text string) string {
	if text[0] == 'A' {
		return "B" + text[1:]
	}
	return "A" + text[1:]
}

func (c *company) setCookies(cookies ...*http.Cookie) {
	c.t.Helper()
	for _, cookie := range cookies {
		cookie.Path = "/"
	}
	c.client.Jar.SetCookies(c.publicURL(), cookies)
}

func (s *scene) publicURL() *url.URL {
	s.t.Helper()
	u, err := url.Parse(s.server.URL)
	must(s.t, err)
	return u
}

// TestAttacksOnTheWayToTheProvider: where the provider sends people back to is the
// public URL, whatever the request says it is; and after it, a page of this site.
func TestAttacksOnTheWayToTheProvider(t *testing.T) {
	c := newCompany(t)
	r := c.submit("/sign-in", nil, saying("X-Forwarded-Host", "evil.example"))
	r.Host = "evil.example"
	asked, err := url.Parse(c.do(r).want(http.StatusOK).attr("#forward", "href"))
	must(t, err)
	if back := asked.Query().Get("redirect_uri"); back != c.server.URL+"/sign-in/callback" || asked.Query().Get("code_challenge_method") != "S256" {
		t.Errorf("the provider sends people to %q", back)
	}
	for name, address := range awayFromHere {
		t.Run(name, func(t *testing.T) {
			c := newCompany(t)
			c.throughProvider(address).leadsTo(views.PathOrganizations)
		})
	}
	t.Run("a session id planted before", func(t *testing.T) {
		c := newCompany(t)
		c.plant(strings.Repeat("A", 43))
		c.throughProvider("")
		if id := c.sessionID(); id == "" || id == strings.Repeat("A", 43) {
			t.Errorf("the session is %q", id)
		}
	})
	t.Run("signing out under another host", func(t *testing.T) {
		a, _ := connected(t)
		s := &scene{app: a}
		r := s.submit("/sign-out", nil, saying("Cookie", "roster="+s.sessionID()))
		r.Host = "evil.example"
		out, err := url.Parse(s.do(r).want(http.StatusOK).attr("#forward", "href"))
		must(t, err)
		if back := out.Query().Get("post_logout_redirect_uri"); back != s.server.URL+"/sign-in" {
			t.Errorf("the provider sends people to %q", back)
		}
	})
}
