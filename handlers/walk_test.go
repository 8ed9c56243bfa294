package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"roster/handlers"
	"roster/views"
)

// open are the routes that need nobody to be signed in.
var open = map[string]bool{
	"GET " + views.PathHealth: true, "GET " + views.PathReady: true, "GET " + views.PathStatic: true, "HEAD " + views.PathStatic: true,
	"GET " + views.PathSignIn: true, "POST " + views.PathSignIn: true, "POST " + views.PathSignOut: true,
	"POST " + views.PathCSPReport: true, "POST " + views.PathSettingsAppearance: true,
}

// address fills a route's pattern in.
func (a *app) address(pattern string) string {
	return strings.NewReplacer(
		":organization_id", number(a.org), ":organization_user_id", number(a.upstream.Owner().OrganizationUserID), ":name", "groups",
		"/static/*", "/static/app.css",
	).Replace(pattern)
}

// routes are all but the one for addresses that don't exist.
func (a *app) routes() []*echo.Route {
	return slices.DeleteFunc(a.handlers.Routes(), func(r *echo.Route) bool { return r.Method == echo.RouteNotFound })
}

func (a *app) send(method, path string, edit func(*http.Request)) page {
	a.t.Helper()
	r := a.request(method, path, http.NoBody)
	if edit != nil {
		edit(r)
	}
	return a.do(r)
}

// TestWalkSignedOut: whatever isn't listed as open leads to sign-in, with the
// way back, and asks Toggl for nothing.
func TestWalkSignedOut(t *testing.T) {
	a := newApp(t)
	for _, route := range a.routes() {
		if open[route.Method+" "+route.Path] {
			continue
		}
		path := a.address(route.Path)
		want := views.SignInURL(path)
		if route.Method != http.MethodGet {
			want = views.PathSignIn
		}
		a.send(route.Method, path, nil).leadsTo(want)
		fragment := a.send(route.Method, path, func(r *http.Request) { asHTMX(r, a.server.URL+path) })
		if fragment.status != http.StatusUnauthorized || fragment.header.Get("HX-Redirect") != want || fragment.body != "" {
			t.Errorf("%s %s as a fragment: %d, HX-Redirect %q", route.Method, path, fragment.status, fragment.header.Get("HX-Redirect"))
		}
	}
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("asked %v for nobody", calls)
	}
}

// TestWalkSignedOutFormsLeadBack: a form that was sent too late leads back to
// the page that it stood on.
func TestWalkSignedOutFormsLeadBack(t *testing.T) {
	a := newApp(t)
	for _, tt := range []struct{ referer, want string }{
		{a.server.URL + a.users("filter=mar"), views.SignInURL(a.users("filter=mar"))},
		{"https://evil.example//x", views.PathSignIn},
		{"", views.PathSignIn},
		{"%zz", views.PathSignIn},
		{"about:blank", views.PathSignIn},
	} {
		a.send(http.MethodPost, a.orgURL()+"/refresh", func(r *http.Request) { r.Header.Set("Referer", tt.referer) }).leadsTo(tt.want)
	}
}

// TestWalkSignedIn: every page answers, and as a fragment no page stands inside
// another where there is a fragment of it.
func TestWalkSignedIn(t *testing.T) {
	a := signedIn(t)
	fragments := map[string]bool{views.PathUsers: true, views.PathUsersFilter: true}
	for _, route := range a.routes() {
		if route.Method != http.MethodGet {
			continue
		}
		path, want := a.address(route.Path), http.StatusOK
		if route.Path == views.PathHome {
			want = http.StatusSeeOther
		}
		whole := a.get(path).want(want)
		if whole.isHTML() && (!whole.isPage() || whole.Find("h1").Length() != 1 || whole.Find("main").Length() != 1) {
			t.Errorf("%s isn't one page with one heading", path)
		}
		if !fragments[route.Path] {
			continue
		}
		if fragment := a.getFragment(path, path).want(want); fragment.isPage() || fragment.Find("h1").Length() != 0 {
			t.Errorf("%s is a page inside a page", path)
		}
		restored := a.send(http.MethodGet, path, func(r *http.Request) {
			asHTMX(r, a.server.URL+path).Header.Set("HX-History-Restore-Request", "true")
		})
		full := a.send(http.MethodGet, path, func(r *http.Request) { asHTMX(r, "").Header.Set("HX-Request-Type", "full") })
		if !restored.isPage() || !full.isPage() {
			t.Errorf("%s: who restores history or swaps the whole gets a fragment", path)
		}
	}
}

// TestWalkCrossSite: no other site can have anything changed, and what can't
// show where it comes from neither.
func TestWalkCrossSite(t *testing.T) {
	a := signedIn(t)
	theme := func() string { return a.get("/settings").attr("html", "data-theme") }
	a.post("/settings/appearance", url.Values{"theme": {"dark"}})
	from := map[string]func(*http.Request){
		"a site":         func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"a sister site":  func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"an origin":      func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"no origin":      func(r *http.Request) { r.Header.Set("Origin", "null") },
		"nobody":         func(*http.Request) {},
		"another's htmx": func(r *http.Request) { asHTMX(r, "https://evil.example/").Header.Set("Origin", "https://evil.example") },
	}
	a.calls()
	refused := 0
	for _, route := range a.routes() {
		if route.Method != http.MethodPost || route.Path == views.PathCSPReport {
			continue
		}
		for name, edit := range from {
			r := a.request(http.MethodPost, a.address(route.Path), strings.NewReader("theme=light&columns=role&focus_key=x&api_token=y"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			edit(r)
			got := a.do(r)
			if got.want(http.StatusForbidden); len(got.header.Values("Set-Cookie")) != 0 {
				t.Errorf("%s from %s sets a cookie", route.Path, name)
			}
			refused++
		}
	}
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("asked %v for another site", calls)
	}
	if refused != 8*len(from) {
		t.Errorf("%d requests were refused", refused)
	}
	if theme() != "dark" || a.get("/settings").status != http.StatusOK {
		t.Error("something was changed")
	}
}

// TestWalkAddresses follows every address of every page, from the picker on:
// each reaches a route, and each page that can be read is there.
func TestWalkAddresses(t *testing.T) {
	a := signedIn(t, func(o *handlers.Options) { o.API.CacheFor = 1 << 40 })
	const most = 400
	seen, queue := map[string]bool{}, []string{"/orgs", "/settings", "/sign-in", a.users("") + "/filters/groups", a.users("") + "/filters/workspaces", "/nowhere", a.users("page=0")}
	for visited := 0; len(queue) > 0 && visited < most; visited++ {
		path := queue[0]
		queue = queue[1:]
		got := a.get(path)
		foreign := got.status == http.StatusForbidden && !strings.HasPrefix(path, a.orgURL()) // where the owner is a plain member
		if got.status >= 400 && !foreign && path != "/nowhere" && path != a.users("page=0") {
			t.Errorf("%s: status %d", path, got.status)
		}
		for _, address := range addresses(got) {
			method, path, _ := strings.Cut(address, " ")
			path, fragment, _ := strings.Cut(path, "#")
			a.checkReaches(method, path, got.name)
			if path == "" && fragment != "" && got.Find("#"+fragment).Length() == 0 {
				t.Errorf("%s: #%s is nowhere", got.name, fragment)
			}
			if key := walkKey(path); method == http.MethodGet && path != "" && !seen[key] && !strings.HasPrefix(path, "/static/") {
				seen[key] = true
				queue = append(queue, path)
			}
		}
	}
	if len(seen) < 60 || len(queue) > 0 {
		t.Errorf("%d pages seen, %d not visited", len(seen), len(queue))
	}
}

// walkKey makes the pages of all users one, of which a few are visited.
func walkKey(path string) string {
	if before, id, ok := strings.Cut(path, "/users/"); ok && !strings.HasPrefix(id, "filters") {
		return before + id[:min(len(id), 7)]
	}
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	names := make([]string, 0, 4)
	for name := range u.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	return u.Path + "?" + strings.Join(names, ",")
}

// addresses are all of a page's, each with its method.
func addresses(p page) []string {
	var list []string
	for attribute, method := range map[string]string{
		"href": http.MethodGet, "src": http.MethodGet, "hx-get": http.MethodGet, "hx-post": http.MethodPost, "formaction": http.MethodPost,
	} {
		p.Find("[" + attribute + "]").Each(func(_ int, s *selection) { list = append(list, method+" "+s.AttrOr(attribute, "")) })
	}
	p.Find("form").Each(func(_ int, s *selection) {
		list = append(list, strings.ToUpper(s.AttrOr("method", ""))+" "+s.AttrOr("action", ""))
	})
	return list
}

// checkReaches fails the test where an address isn't one of this site, or has
// no route.
func (a *app) checkReaches(method, address, on string) {
	a.t.Helper()
	if address == "" { // a place on the same page
		return
	}
	u, err := url.Parse(address)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") {
		a.t.Errorf("%s: the address %q leads elsewhere", on, address)
		return
	}
	for _, route := range a.routes() {
		if route.Method == method && matches(route.Path, u.Path) {
			return
		}
	}
	a.t.Errorf("%s: no route for %s %s", on, method, address)
}

func matches(pattern, path string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(path, prefix)
	}
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || strings.HasPrefix(w, ":") && g != "" })
}
