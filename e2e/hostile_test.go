package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
)

// hostile are names that break pages: markup in each context, quotes, marks that
// turn the direction of text, 140 characters without a place to break, emoji of
// several code points, and characters that pile up.
var hostile = []string{
	`<img src=x onerror="document.title='broken in'">`,
	`"><script>document.title='broken in'</script>`,
	`</title></textarea><svg onload=document.title='broken in'>`,
	`' autofocus onfocus='document.title=1`,
	`{{constructor.constructor('document.title=1')()}} ${1}`,
	"\u202egnirts desrever\u202c \u2066isolated",
	strings.Repeat("W", 140),
	"لوريم إيبسوم " + strings.Repeat("م", 120),
	"👩‍👩‍👧‍👦🏳️‍🌈🇳🇴👨🏿‍🚀 " + strings.Repeat("👩‍👩‍👧‍👦", 15),
	"Z" + strings.Repeat("\u0335\u0321\u034f", 40) + "algo",
}

// plant gives hostile names to the first users of the list, to the groups and
// the workspaces of the first of them, to the admin, and to the organization.
func plant(t *testing.T, s server) {
	t.Helper()
	admin := s.upstream.Admin()
	ids := []int64{admin.OrganizationUserID}
	for _, u := range read[[]struct {
		ID int64 `json:"id"`
	}](t, s.upstream, http.MethodGet, "/users?per_page=50", "") {
		ids = append(ids, u.ID)
	}
	for i, name := range hostile {
		s.upstream.Replace(ids[i], func(u *sandbox.User) {
			u.Name = name
			if i == 0 {
				u.Name = strings.Repeat("N", 140)
			}
			if i > 6 {
				u.Email = strings.Repeat("long.address.", 12) + fmt.Sprint(i) + "@haldenmoss.example"
			}
		})
	}
	for i, g := range read[[]struct {
		ID int64 `json:"group_id"`
	}](t, s.upstream, http.MethodGet, "/groups", "") {
		if i < len(hostile) {
			read[any](t, s.upstream, http.MethodPut, fmt.Sprintf("/groups/%d", g.ID), body("name", fmt.Sprintf("%.130s%d", hostile[i], i)))
		}
	}
	for _, name := range []string{hostile[0], hostile[6]} {
		read[any](t, s.upstream, http.MethodPost, "/workspaces", body("name", name))
	}
	read[any](t, s.upstream, http.MethodPut, "", body("name", strings.Repeat("O", 140)))
}

func body(name, value string) string {
	text, _ := json.Marshal(map[string]string{name: value}) // texts always are
	return string(text)
}

// read asks the upstream for something of the large organization, as its owner.
func read[T any](t *testing.T, upstream *sandbox.Server, method, path, body string) T {
	t.Helper()
	target := fmt.Sprintf("/api/v9/organizations/%d%s", upstream.OrganizationID(), path)
	request := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	request.SetBasicAuth(upstream.Owner().APIToken, "api_token")
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	upstream.ServeHTTP(recorder, request)
	var answer T
	if recorder.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, target, recorder.Code, recorder.Body)
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil && method == http.MethodGet {
		t.Fatalf("%s %s: %v", method, target, err)
	}
	return answer
}

// TestMarkupInNamesIsText, on every page, in fragments and in titles.
func TestMarkupInNamesIsText(t *testing.T) {
	t.Parallel()
	s := hostileServer(t)
	p := at(t, s.URL, browsertest.Options{})
	p.signIn(s.upstream.Admin())
	p.everyPage(p.unharmed)
	p.menus(p.unharmed)
	p.Open(p.organization(s))
	p.focusPages(s.upstream.Admin().FocusKey, p.unharmed)

	p.Open(s.usersPath())
	for _, name := range hostile[1:4] {
		p.Must(p.search().Fill(name))
		p.seeText(p.rows().First(), name)
		p.unharmed("a fragment")
	}
}

// unharmed: no name has become an element, an attribute or a script.
func (p person) unharmed(name string) {
	p.t.Helper()
	const grown = `() => [...document.querySelectorAll('img, [onerror], [onload], [onfocus], main script, main title, main textarea:not([name]), bdi *')]
		.map(el => el.outerHTML.slice(0, 100)).join('\n')`
	if broken := ask[string](p, grown); broken != "" {
		p.t.Errorf("%s: names became elements:\n%s", name, broken)
	}
	title, err := p.Title()
	p.Must(err)
	if !strings.HasSuffix(title, " · Roster") {
		p.t.Errorf("%s: the title is %q", name, title)
	}
}
