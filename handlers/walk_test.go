package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

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

// keepsForm are the routes whose form, sent too late, goes through the sign-in page.
var keepsForm = map[string]bool{views.PathUser: true, views.PathInvitations: true, views.PathGroup: true, views.PathGroupMembers: true}

// examples fill the parameters of routes in. What an app makes itself, batches
// and results of invitations, is "none" until withExamples has made it.
func (a *app) examples() map[string]string {
	owner := a.upstream.Owner()
	return map[string]string{
		"organization_id": number(a.org), "organization_user_id": number(owner.OrganizationUserID), "user_id": number(owner.UserID),
		"workspace_id": "2000001", "workspace_user_id": "7300092", "name": "groups", "change": "deactivation",
		"group_id": "310010", "batch_id": "none", "result_id": "none", "addition_id": "none", "set_id": "none",
	}
}

// withExamples has one of everything that a route can be about.
func (a *app) withExamples() map[string]string {
	a.t.Helper()
	if a.get("/settings").Find(`form[action="/settings/focus"]`).Length() > 0 { // else one connection is everybody's
		connects(a)
	}
	examples := a.examples()
	batch, _ := a.deactivating(2)
	a.ended(batch)
	examples["batch_id"] = path.Base(batch)
	result := a.post(a.invitations(), a.invitation("ann@new.example")).want(http.StatusSeeOther)
	examples["result_id"] = path.Base(result.header.Get("Location"))
	found := a.find("Directors", a.outsiders("Directors", 1)[0].Email)
	added := a.post(a.groupMembers("Directors"), found.adding()).want(http.StatusSeeOther)
	examples["addition_id"] = path.Base(added.header.Get("Location"))
	examples["set_id"] = a.appliedSet()
	a.reads(nil)
	a.stageAny("Labs") // what the review is about
	return examples
}

// appliedSet is the id of a change set that has been applied.
func (a *app) appliedSet() string {
	a.t.Helper()
	a.stageAny("Finance")
	review := a.get(a.orgURL() + "/assignments/review").want(http.StatusOK)
	applied := a.post(a.orgURL()+"/assignments/applications", hidden(review, "form:has(#apply)")).want(http.StatusSeeOther)
	address := applied.header.Get("Location")
	for range 1000 {
		if strings.Contains(a.get(address).text("#change-set-state"), "applied") {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	return path.Base(address)
}

// stageAny stages the first user of the list who isn't in a workspace to be added.
func (a *app) stageAny(workspace string) {
	a.t.Helper()
	for _, link := range addresses(a.get(a.users("active_status=active"))) {
		_, query, _ := strings.Cut(link, "?email=")
		email, err := url.QueryUnescape(query)
		must(a.t, err)
		if email == "" {
			continue
		}
		staged := a.post(a.orgURL()+"/assignments/import", url.Values{"csv": {email + "," + workspace + ",add"}})
		if staged.status == http.StatusSeeOther {
			return
		}
	}
	a.t.Fatalf("everybody is in %s", workspace)
}

// address fills a route's pattern in.
func address(pattern string, examples map[string]string) string {
	parts := strings.Split(pattern, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = examples[name]
		}
	}
	filled := strings.Join(parts, "/")
	switch pattern {
	case views.PathUsersChange, views.PathUsersRemoval:
		return filled + "?id=" + examples["organization_user_id"]
	case views.PathStatic:
		return "/static/app.css"
	}
	return filled
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
		path := address(route.Path, a.examples())
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

// TestWalkSignedOutKeepsForms: what was typed into a long form goes through the
// sign-in page and on to where it was meant for; of all others nothing is kept,
// for they are short, or hold secrets.
func TestWalkSignedOutKeepsForms(t *testing.T) {
	a := newApp(t)
	for _, route := range a.routes() {
		if route.Method != http.MethodPost || open["POST "+route.Path] {
			continue
		}
		path := address(route.Path, a.examples())
		got := a.post(path, url.Values{"name": {"Ada"}})
		if !keepsForm[route.Path] {
			got.leadsTo(views.PathSignIn)
			continue
		}
		got.want(http.StatusUnauthorized).has("h1", "Sign in")
		sent := got.fields("form:has([name=api_token])", "")
		if sent.Get("return_to") != path || sent.Get("draft") != "name=Ada" {
			t.Errorf("POST %s: sign-in keeps %v", path, sent)
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
	a := withBatches(t)
	fragments := map[string]bool{
		views.PathUsers: true, views.PathUsersFilter: true, views.PathUsersExport: true, views.PathBatch: true,
		views.PathWorkspace: true, views.PathOrganizationUsage: true, views.PathAssignments: true, views.PathChangeSet: true,
		views.PathGroups: true,
		views.PathRoles:  true, views.PathRolesComparison: true, views.PathRolePermissions: true,
		views.PathFocusUsers: true, views.PathFocusUsersFilter: true,
	}
	leadOn := map[string]bool{views.PathHome: true, views.PathAccount: true} // to the page that they mean
	examples := a.withExamples()
	for _, route := range a.routes() {
		if route.Method != http.MethodGet {
			continue
		}
		path, want := address(route.Path, examples), http.StatusOK
		if leadOn[route.Path] {
			want = http.StatusSeeOther
		}
		whole := a.get(path).want(want)
		if whole.isHTML() && (!whole.isPage() || whole.Find("h1").Length() != 1 || whole.Find("main").Length() != 1) {
			t.Errorf("%s isn't one page with one heading", path)
		}
		if leadOn[route.Path] {
			continue
		}
		fragment := a.getFragment(path, path).want(want)
		if !fragments[route.Path] {
			if whole.isHTML() && !fragment.isPage() {
				t.Errorf("%s has a fragment: name its route", path)
			}
			continue
		}
		if fragment.isPage() || fragment.Find("h1").Length() != 0 {
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
			r := a.request(http.MethodPost, address(route.Path, a.examples()), strings.NewReader("theme=light&columns=role&focus_key=x&api_token=y"))
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
	if refused != 36*len(from) {
		t.Errorf("%d requests were refused", refused)
	}
	if theme() != "dark" || a.get("/settings").status != http.StatusOK {
		t.Error("something was changed")
	}
}

// TestWalkAddresses follows the addresses of every page, from the picker on:
// each reaches a route, each page that can be read is there, and every page is
// reached. Of pages that differ in nothing but ids and values a few do.
func TestWalkAddresses(t *testing.T) {
	a := withBatches(t, func(o *handlers.Options) { o.API.CacheFor = 1 << 40 })
	examples := a.withExamples()
	w := newWalk(
		"/", "/orgs", "/settings", "/sign-in", "/nowhere", a.users("page=0"), a.users("")+"/filters/groups", a.users("")+"/filters/workspaces",
		a.focusUsers("")+"/filters/roles",
		address(views.PathBatch, examples), address(views.PathInvitationResult, examples),
		address(views.PathGroupMembersResult, examples),
	)
	mayFail := map[string]bool{"/nowhere": true, a.users("page=0"): true}
	w.reached[views.PathHome], w.reached[views.PathSignIn] = 1, 1            // nobody who is signed in is led there
	w.reached[views.PathBatch], w.reached[views.PathInvitationResult] = 1, 1 // what a form leads to
	w.reached[views.PathGroupMembersResult] = 1
	for len(w.queue) > 0 {
		path := w.next()
		got := a.get(path)
		foreign := got.status == http.StatusForbidden && !strings.HasPrefix(path, a.orgURL()) // where the owner is a plain member
		if got.status >= 400 && !foreign && !mayFail[path] {
			t.Errorf("%s: status %d", path, got.status)
		}
		for _, address := range addresses(got) {
			method, path, _ := strings.Cut(address, " ")
			path, fragment, _ := strings.Cut(path, "#")
			route := a.checkReaches(method, path, got.name)
			if path == "" && fragment != "" && got.Find("#"+fragment).Length() == 0 {
				t.Errorf("%s: #%s is nowhere", got.name, fragment)
			}
			if method == http.MethodGet && path != "" {
				w.add(route, path)
			}
		}
	}
	for _, route := range a.routes() {
		probe := route.Path == views.PathHealth || route.Path == views.PathReady || route.Path == views.PathMetrics
		if route.Method == http.MethodGet && !probe && w.reached[route.Path] == 0 {
			t.Errorf("no page leads to %s", route.Path)
		}
	}
	t.Logf("%d pages visited", w.visited)
}

// A walk is what is to be visited, and has been. It goes to mostAlike addresses
// of those whose route and names of parameters are the same.
type walk struct {
	queue   []string
	seen    map[string]bool
	alike   map[string]int
	reached map[string]int // by route
	visited int
}

const mostAlike = 2

func newWalk(from ...string) *walk {
	return &walk{queue: from, seen: map[string]bool{}, alike: map[string]int{}, reached: map[string]int{}}
}

func (w *walk) next() string {
	path := w.queue[0]
	w.queue = w.queue[1:]
	w.visited++
	return path
}

func (w *walk) add(route, path string) {
	if w.reached[route]++; w.seen[path] || route == views.PathStatic {
		return
	}
	w.seen[path] = true
	_, query, _ := strings.Cut(path, "?")
	values, _ := url.ParseQuery(query) // a query that can't be read is one of no names
	key := route + "?" + strings.Join(slices.Sorted(maps.Keys(values)), ",")
	if w.alike[key]++; w.alike[key] <= mostAlike {
		w.queue = append(w.queue, path)
	}
}

// addresses are all of a page's, each with its method.
func addresses(p page) []string {
	var list []string
	for attribute, method := range map[string]string{
		"href": http.MethodGet, "src": http.MethodGet, "hx-get": http.MethodGet, "hx-post": http.MethodPost, "formaction": http.MethodPost,
	} {
		p.Find("[" + attribute + "]").Each(func(_ int, s *selection) { list = append(list, method+" "+s.AttrOr(attribute, "")) })
	}
	if location := p.header.Get("Location"); location != "" {
		list = append(list, http.MethodGet+" "+location)
	}
	p.Find("form").Each(func(_ int, s *selection) {
		list = append(list, strings.ToUpper(s.AttrOr("method", ""))+" "+s.AttrOr("action", ""))
	})
	return list
}

// checkReaches is the route of an address. It fails the test where that isn't
// one of this site, or has none.
func (a *app) checkReaches(method, address, on string) string {
	a.t.Helper()
	if address == "" { // a place on the same page
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") {
		a.t.Errorf("%s: the address %q leads elsewhere", on, address)
		return ""
	}
	found := ""
	for _, route := range a.routes() {
		// The router takes what stands there literally before a parameter.
		nearer := found == "" || strings.Count(route.Path, ":") < strings.Count(found, ":")
		if nearer && route.Method == method && matches(route.Path, u.Path) {
			found = route.Path
		}
	}
	if found == "" {
		a.t.Errorf("%s: no route for %s %s", on, method, address)
	}
	return found
}

func matches(pattern, path string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(path, prefix)
	}
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || strings.HasPrefix(w, ":") && g != "" })
}
