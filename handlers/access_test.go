package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/apiclient"
	"roster/apiclient/sandbox"
	"roster/auth"
	"roster/handlers"
)

func (a *app) access(query string) string {
	address := a.orgURL() + "/access"
	if query != "" {
		address += "?" + query
	}
	return address
}

// reads starts an access review and waits until it has ended.
func (a *app) reads(form url.Values) page {
	a.t.Helper()
	a.post(a.access(""), form).leadsTo(a.access(""))
	return a.readToEnd()
}

func (a *app) readToEnd() page {
	a.t.Helper()
	for range 1000 {
		if got := a.get(a.access("")).want(http.StatusOK); got.Find("#access-reading").Length() == 0 {
			return got
		}
		time.Sleep(10 * time.Millisecond)
	}
	a.t.Fatal("the review is read without end")
	return page{}
}

// accessRow is the row of somebody in a section, by name.
func (p page) accessRow(section, name string) *selection {
	p.t.Helper()
	row := p.Find("#" + section + " tbody tr").FilterFunction(func(_ int, s *selection) bool { return textOf(s.Find("th a")) == name })
	if row.Length() != 1 {
		p.t.Fatalf("%s: %d rows of %s in %s", p.name, row.Length(), name, section)
	}
	return row
}

func hasWords(t *testing.T, s *selection, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(textOf(s), word) {
			t.Errorf("%q is without %q", textOf(s), word)
		}
	}
}

func (a *app) userAccess(u apiclient.OrganizationUser) string {
	return a.users("") + "/" + number(u.ID) + "/access?email=" + escape(u.Email)
}

// TestWhyAUserHasAccess: by workspace, with role and path, as the users list says.
func TestWhyAUserHasAccess(t *testing.T) {
	a := signedIn(t)
	u := a.pick(func(u apiclient.OrganizationUser) bool {
		in := slices.IndexFunc(u.Workspaces, func(w apiclient.UserWorkspace) bool { return len(w.Groups) > 0 && w.RoleID != nil })
		direct := slices.IndexFunc(u.Workspaces, func(w apiclient.UserWorkspace) bool { return len(w.Groups) == 0 })
		return in >= 0 && direct >= 0 && u.Joined && !u.Inactive
	})
	got := a.get(a.userAccess(u)).want(http.StatusOK)
	got.has("h1", "Why "+u.Name+" has access")
	if rows := got.Find("#workspaces tbody tr").Length(); rows != len(u.Workspaces) {
		t.Errorf("%d rows, want %d", rows, len(u.Workspaces))
	}
	for _, w := range u.Workspaces {
		row := got.accessRow("workspaces", w.WorkspaceName)
		if len(w.Groups) == 0 {
			hasWords(t, row, "Direct")
			continue
		}
		hasWords(t, row, "Via", w.Groups[0].Name, "perhaps direct, too")
		role := row.Find("[data-l=Role] a").AttrOr("href", "")
		if !strings.HasPrefix(role, "#role-") || got.Find("details"+role).Length() != 1 {
			t.Errorf("what the role permits is at %q", role)
		}
	}
	got.has(".permits", "Workspace user", "track_time")
	for _, link := range got.Find("#workspaces a").Map(func(_ int, s *selection) string { return s.AttrOr("href", "") }) {
		if !strings.HasPrefix(link, "#") {
			a.get(link).want(http.StatusOK)
		}
	}
	again := a.get(a.userAccess(u)) // the workspaces' own lists have been read meanwhile
	if text := again.text("#workspaces"); strings.Contains(text, "perhaps") {
		t.Errorf("what is known is said to be open: %q", text)
	}
	again.has(".facts", "Who is direct", "just now")
}

// TestWhoHasAWorkspace: everybody, owner and admins first, each with the path that
// the workspace's own list says.
func TestWhoHasAWorkspace(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.workspace("Labs") + "/access").want(http.StatusOK)
	got.has("h1", "Who has access to Labs")
	hasWords(t, got.Find("tbody tr").First(), "Admin") // who owns the organization stands in the users list alone
	if strings.Contains(got.text("tbody"), "perhaps") {
		t.Error("the workspace's own list leaves open who is direct")
	}
	admins := true
	got.Find("tbody tr").Each(func(_ int, s *selection) {
		admin := strings.Contains(textOf(s.Find("[data-l=Role], [data-l=Organization]")), "dmin") || strings.Contains(textOf(s), "Owner")
		if admin && !admins {
			t.Errorf("an admin after others: %q", textOf(s))
		}
		admins = admin
	})
	a.get(a.workspace("Labs")).has(".page-head", "Who and why")
	a.get(a.users("filter=" + a.upstream.Owner().Email))
	hasWords(t, a.get(a.workspace("Labs")+"/access").Find("tbody tr").First(), a.upstream.Owner().Name, "Owner")
}

// TestWhatAGroupGives: each of its workspaces with the members who have it
// through the group.
func TestWhatAGroupGives(t *testing.T) {
	a := signedIn(t)
	u := a.pick(func(u apiclient.OrganizationUser) bool {
		return slices.ContainsFunc(u.Workspaces, func(w apiclient.UserWorkspace) bool { return len(w.Groups) > 1 })
	})
	at := slices.IndexFunc(u.Workspaces, func(w apiclient.UserWorkspace) bool { return len(w.Groups) > 1 })
	w := u.Workspaces[at]
	got := a.get(a.orgURL() + "/groups/" + number(w.Groups[0].GroupID) + "/access").want(http.StatusOK)
	got.has("h1", "What "+w.Groups[0].Name+" gives access to")
	one := a.get(got.attr("#main a[href*='workspace="+number(w.WorkspaceID)+"'], h1", "href"))
	section := got
	if got.Find("#workspace-"+number(w.WorkspaceID)+" tbody").Length() == 0 {
		section = one
	}
	hasWords(t, section.accessRow("workspace-"+number(w.WorkspaceID), u.Name), w.Groups[0].Name, w.Groups[1].Name)
	a.get(a.orgURL()+"/groups/999999999/access").want(http.StatusNotFound).has("main", "no such group")
}

// TestAccessOfNobody: what there is to say of users and workspaces without access.
func TestAccessOfNobody(t *testing.T) {
	a := signedIn(t)
	homeless := a.pick(func(u apiclient.OrganizationUser) bool { return len(u.Workspaces) == 0 })
	a.get(a.userAccess(homeless)).want(http.StatusOK).has(".empty", "No access")
	a.get(a.users("") + "/999999999/access").want(http.StatusNotFound)
	a.get(a.workspaces() + "/999999999/access").want(http.StatusNotFound)
}

// TestAccessWithoutRoles: what roles permit may be missing; the rest stands.
func TestAccessWithoutRoles(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Operation: "ListRoles", Times: -1, Status: 500})
	u := a.pick(func(u apiclient.OrganizationUser) bool { return len(u.Workspaces) > 1 })
	got := a.get(a.userAccess(u)).want(http.StatusOK)
	got.has(".access > .note", "What roles permit could not be read.")
	if got.Find("#workspaces tbody tr").Length() != len(u.Workspaces) {
		t.Error("the workspaces are missing")
	}
}

// TestHostileAccess: names are texts like any other on all pages about access.
func TestHostileAccess(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			a := signedIn(t)
			owner := a.upstream.Owner()
			a.upstream.Replace(owner.OrganizationUserID, func(u *sandbox.User) { u.Name, u.TwoFactorEnabled = text, false })
			whole := a.reads(nil)
			href := whole.attr("a[href*='workspace=2000001']", "href")
			review := a.get(href).want(http.StatusOK)
			person := a.get(a.users("") + "/" + number(owner.OrganizationUserID) + "/access")
			for place, got := range map[string]string{
				"the review": review.text("tbody tr:first-child th a"), "the user's page": person.text("h1"),
				"the workspace's": a.get(a.workspaces() + "/2000001/access").text("tbody tr:first-child th a"),
			} {
				if !strings.Contains(got, shown(text)) {
					t.Errorf("%s says %q", place, got)
				}
			}
			for _, p := range []page{review, person} {
				if p.Find("main img, main b > b, main [onmouseover], main [hx-trigger=load]").Length() != 0 {
					t.Errorf("%s has elements of the name's making", p.name)
				}
			}
			file := a.download(a.orgURL() + "/access.csv")
			for _, cell := range file.column(t, "name") {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
					t.Errorf("a formula: %q", cell)
				}
			}
		})
	}
}

// asViewer is an app whose browser is signed in as the owner, who may only read.
func asViewer(t *testing.T) *app {
	t.Helper()
	var sessions *auth.Sessions
	a := newApp(t, func(o *handlers.Options) { sessions = o.Sessions })
	owner := a.upstream.Owner()
	w := httptest.NewRecorder()
	must(t, sessions.SignIn(w, a.request(http.MethodPost, "/sign-in", nil), auth.Session{
		Subject: "toggl:1", Role: auth.RoleViewer, Name: owner.Name, Email: owner.Email, UserID: owner.UserID,
		Track: auth.TrackCredentials{APIToken: owner.APIToken},
	}))
	home, err := url.Parse(a.server.URL)
	must(t, err)
	a.client.Jar.SetCookies(home, w.Result().Cookies())
	return a
}

// TestViewersReview: whoever may only read may read this, too.
func TestViewersReview(t *testing.T) {
	a := asViewer(t)
	a.reads(nil).has("#access-csv", "Export CSV")
	a.get(a.workspaces() + "/2000001/access").want(http.StatusOK)
	a.get(a.users("") + "/" + number(a.upstream.Owner().OrganizationUserID) + "/access").want(http.StatusOK)
	if r := a.upstream.Requests(); slices.ContainsFunc(r, func(r sandbox.Request) bool { return r.Method != http.MethodGet }) {
		t.Error("something was changed in Toggl")
	}
}
