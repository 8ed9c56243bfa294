package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"roster/auth"
	"roster/handlers"
	"roster/store"
	"roster/views"
)

// TestWalkRules: what every route asks of people is said, and by no route that
// isn't there.
func TestWalkRules(t *testing.T) {
	a := newApp(t)
	rules := a.handlers.Rules()
	for _, route := range a.routes() {
		if rules[route.Method+" "+route.Path] == "" {
			t.Errorf("%s %s has no rule", route.Method, route.Path)
		}
		delete(rules, route.Method+" "+route.Path)
	}
	for route := range rules {
		t.Errorf("the rule of %s is about nothing", route)
	}
}

// viewing is an app with one of everything, whose person only reads from now on.
func viewing(t *testing.T, options ...any) (*app, map[string]string) {
	t.Helper()
	a := withBatches(t, options...)
	examples := a.withExamples()
	a.become(auth.RoleViewer)
	a.upstream.ResetRequests()
	return a, examples
}

// TestWalkViewer follows every address that a viewer's pages have: none leads to
// what only changes something, and nothing on them pretends to.
func TestWalkViewer(t *testing.T) {
	a, examples := viewing(t, func(o *handlers.Options) { o.API.CacheFor = 1 << 40 })
	rules := a.handlers.Rules()
	var from []string
	for _, route := range a.routes() {
		rule := rules[route.Method+" "+route.Path]
		if route.Method == http.MethodGet && (rule == "read" || rule == "own") {
			from = append(from, address(route.Path, examples))
		}
	}
	w := newWalk(append(from, a.users("page=0"), a.users("filter=nobody"))...)
	for len(w.queue) > 0 {
		path := w.next()
		got := a.get(path)
		foreign := got.status == http.StatusForbidden && !strings.HasPrefix(path, a.orgURL()) // where the owner is a plain member
		if got.status >= 400 && !foreign && path != a.users("page=0") {
			t.Errorf("%s: status %d", path, got.status)
		}
		checkNothingDead(t, got)
		for _, address := range viewerAddresses(got) {
			method, path, _ := strings.Cut(address, " ")
			path, _, _ = strings.Cut(path, "#")
			route := a.checkReaches(method, path, got.name)
			if rules[method+" "+route] == "change" {
				t.Errorf("%s leads a viewer to %s", got.name, address)
			}
			if method == http.MethodGet && path != "" && rules["GET "+route] != "open" {
				w.add(route, path)
			}
		}
	}
	t.Logf("%d pages visited", w.visited)
}

// viewerAddresses are a page's, and those that scripts put into menus.
func viewerAddresses(p page) []string {
	list := addresses(p)
	p.Find("[data-to]").Each(func(_ int, s *selection) { list = append(list, http.MethodPost+" "+s.AttrOr("data-to", "")) })
	return list
}

// checkNothingDead: what can be pressed or typed into belongs to something.
func checkNothingDead(t *testing.T, p page) {
	t.Helper()
	p.Find("button, input, select, textarea").Each(func(_ int, s *selection) {
		_, ofForm := s.Attr("form")
		_, opens := s.Attr("popovertarget")
		if s.Closest("form, fieldset[disabled]").Length() == 0 && !ofForm && !opens && s.AttrOr("type", "") != "hidden" {
			t.Errorf("%s: <%s id=%q class=%q> is of no use", p.name, s.Nodes[0].Data, s.AttrOr("id", ""), s.AttrOr("class", ""))
		}
	})
	if p.Find("fieldset[disabled] button, fieldset[disabled] [type=submit]").Length() != 0 {
		t.Errorf("%s has a button that can't be pressed", p.name)
	}
}

// TestViewerPagesAreWhole: what there is to see is there.
func TestViewerPagesAreWhole(t *testing.T) {
	a, _ := viewing(t)
	owner := a.upstream.Owner()
	users := a.get(a.users("")).want(http.StatusOK)
	if users.Find("#users tbody tr").Length() < 10 || users.Find("#users tbody tr").First().Children().Length() != users.Find("#users thead tr").Children().Length() {
		t.Error("the table of users is not whole")
	}
	user := a.get(a.userURL(owner)).want(http.StatusOK)
	user.has("#user-form-why", "viewer")
	if got := user.attr("fieldset[disabled] #name", "value"); got != owner.Name {
		t.Errorf("the name is %q", got)
	}
	grid := a.get(a.orgURL() + "/assignments").want(http.StatusOK)
	if grid.Find(".mx td .is[role=img]").Length() < 50 || grid.Find(".mx input, #staged, #stagebar, .staged-nav").Length() != 0 {
		t.Error("the grid is not what a viewer sees")
	}
	if on := grid.Find(".mx .is.on").First(); !strings.Contains(on.AttrOr("aria-label", ""), "member") && on.Parent().AttrOr("class", "") == "" {
		t.Errorf("a member's cell says %q", on.AttrOr("aria-label", ""))
	}
}

// TestWalkRefusesByRole: whoever may not change anything is refused by every
// route that does when it is called directly, and that stands in the log.
func TestWalkRefusesByRole(t *testing.T) {
	for role, heading := range map[auth.Role]string{auth.RoleViewer: "Your role in Roster is viewer", auth.RoleNone: "You have no role in Roster yet"} {
		t.Run("role "+string(role), func(t *testing.T) {
			a := signedIn(t).become(role)
			rules, refused := a.handlers.Rules(), 0
			for _, route := range a.routes() {
				rule := rules[route.Method+" "+route.Path]
				if rule != "change" && (rule != "read" || role == auth.RoleViewer) {
					continue
				}
				path := address(route.Path, a.examples())
				if route.Method == http.MethodGet {
					a.get(path).want(http.StatusForbidden).has("#problem h1", heading)
					continue
				}
				a.post(path, url.Values{"confirmed": {"true"}}).want(http.StatusForbidden).has("#problem h1", heading)
				a.checkDenied(route.Path, strings.TrimSuffix(path, "?id="+a.examples()["organization_user_id"]))
				refused++
			}
			if refused < 20 {
				t.Errorf("only %d routes were refused", refused)
			}
			if calls := a.calls(); len(calls) != 0 {
				t.Errorf("asked %v", calls)
			}
		})
	}
}

// checkDenied holds the newest row of the log against what was just refused.
func (a *app) checkDenied(route, path string) {
	a.t.Helper()
	path, _, _ = strings.Cut(path, "?")
	filter := store.ActivityFilter{Limit: 1}
	if strings.HasPrefix(path, a.orgURL()+"/") {
		filter.OrganizationID = a.org
	}
	rows, err := a.store.Activities(a.t.Context(), filter)
	must(a.t, err)
	if len(rows) != 1 {
		a.t.Fatalf("%s: %d rows in the log", path, len(rows))
	}
	row, owner := rows[0], a.upstream.Owner()
	if row.Result != store.ResultDenied || row.Operation != "POST "+route || row.TargetName != path || row.OrganizationID != filter.OrganizationID {
		a.t.Errorf("the log has %+v", row)
	}
	if row.Issuer != "toggl" || row.Subject != "toggl:"+number(owner.UserID) || row.Name != owner.Name || row.IP != "127.0.0.1" || row.RequestID == "" {
		a.t.Errorf("the log does not say who and from where: %+v", row)
	}
}

// TestDeniedStaysHome: nobody writes into the log of an organization that they
// are not in.
func TestDeniedStaysHome(t *testing.T) {
	a := signedIn(t).become(auth.RoleViewer)
	a.post("/orgs/77/workspaces", nil).want(http.StatusForbidden)
	rows, err := a.store.Activities(t.Context(), store.ActivityFilter{OrganizationID: 77, Limit: 1})
	must(t, err)
	if len(rows) != 0 {
		t.Errorf("the log of another organization has %+v", rows[0])
	}
}

// TestDeniedInActivity: an admin reads who tried.
func TestDeniedInActivity(t *testing.T) {
	a := signedIn(t).become(auth.RoleViewer)
	a.post(a.orgURL()+"/workspaces", nil).want(http.StatusForbidden)
	a.get(a.orgURL()+"/activity").want(http.StatusOK).has("#activity", "Was not allowed to use", a.orgURL()+"/workspaces", "Not allowed")
}

// TestNoRole: a page without dead ends, and one's own settings.
func TestNoRole(t *testing.T) {
	a := newApp(t, func(o *handlers.Options) { o.Policy = auth.Policy{} })
	owner := a.upstream.Owner()
	a.signIn(owner)
	got := a.get(a.orgURL()).want(http.StatusForbidden)
	got.has("#problem", "Ask the people who run Roster", owner.Name, number(owner.UserID))
	if got.Find("#problem form[action='"+views.PathSignOut+"']").Length() != 1 || got.Find("nav a").Length() != 0 {
		t.Error("the page leads to where nobody lets them in, or not out")
	}
	settings := a.get(views.PathSettings).want(http.StatusOK)
	settings.has("main", "Role in Roster None")
	for _, dead := range []string{"nav[aria-label=Main] a[href='/orgs']", "form[action^='/settings/track']", "form[action^='/settings/focus']"} {
		if settings.Find(dead).Length() > 0 {
			t.Errorf("the settings have %s", dead)
		}
	}
}

// TestPolicyAtSignIn: lists of identities give roles in the mode toggl too.
func TestPolicyAtSignIn(t *testing.T) {
	a := newApp(t, func(o *handlers.Options) { o.Policy = auth.Policy{Everybody: auth.RoleViewer} })
	a.signIn(a.upstream.Owner()).get(a.orgURL() + "/workspaces/new").want(http.StatusForbidden)
	owner := a.upstream.Owner()
	b := newApp(t, func(o *handlers.Options) { o.Policy = auth.Policy{Editors: []string{number(owner.UserID)}} })
	b.signIn(owner).get(b.orgURL() + "/workspaces/new").want(http.StatusOK)
	b.client = newBrowser(t)
	b.signIn(b.upstream.Admin()).get(b.orgURL()).want(http.StatusForbidden)
}

// TestPolicyAfterSignIn: who is taken out of the lists doesn't stay in until the
// session ends.
func TestPolicyAfterSignIn(t *testing.T) {
	editors := []string{""}
	a := newApp(t, func(o *handlers.Options) { o.Policy = auth.Policy{Editors: editors} })
	editors[0] = number(a.upstream.Owner().UserID)
	a.signIn(a.upstream.Owner()).get(a.orgURL() + "/workspaces/new").want(http.StatusOK)
	editors[0] = "somebody else"
	a.get(a.orgURL()).want(http.StatusForbidden).has("#problem h1", "You have no role in Roster yet")
}

// TestWalkRulesOfModes: every mode's routes have rules, and nobody who isn't signed
// in gets past those that ask for it.
func TestWalkRulesOfModes(t *testing.T) {
	for name, open := range map[string]func() *app{
		"provider": func() *app { a, _ := withProvider(t); return a },
		"proxy":    func() *app { a := behindProxy(t); a.proxy = nil; return a },
		"shared":   func() *app { a := shared(t); a.proxy = nil; return a },
	} {
		t.Run(name, func(t *testing.T) {
			a := open().in(t)
			a.client = newBrowser(t)
			rules := a.handlers.Rules()
			for _, route := range a.routes() {
				rule, path := rules[route.Method+" "+route.Path], address(route.Path, a.examples())
				switch {
				case rule == "":
					t.Errorf("%s %s has no rule", route.Method, route.Path)
				case rule == "open":
				case name == "provider":
					if got := a.send(route.Method, path, nil).want(http.StatusSeeOther); !strings.HasPrefix(got.header.Get("Location"), views.PathSignIn) {
						t.Errorf("%s %s leads to %s", route.Method, path, got.header.Get("Location"))
					}
				default:
					a.send(route.Method, path, nil).want(http.StatusUnauthorized)
				}
			}
			if calls := a.calls(); len(calls) != 0 {
				t.Errorf("asked %v for nobody", calls)
			}
		})
	}
}
