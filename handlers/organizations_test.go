package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient/sandbox"
)

func TestOrganizations(t *testing.T) {
	a := signedIn(t)
	got := a.get("/orgs").want(http.StatusOK)
	want := []string{"Halden & Moss", "Birch & Line", "Fjord Collective"}
	if diff := cmp.Diff(want, got.texts("#organizations a")); diff != "" {
		t.Errorf("organizations (-want +got):\n%s", diff)
	}
	if href := got.attr("#organizations a", "href"); href != a.orgURL() {
		t.Errorf("the first leads to %q", href)
	}
	got.has("#organizations li:first-child", "Enterprise, 214 users", "Owner")
	got.has("#organizations li:nth-child(2)", "Free, 5 users")
	if got.Find("#switcher a").Length() != 4 {
		t.Error("the switcher doesn't hold the three and all")
	}
}

func TestHomeLeadsOn(t *testing.T) {
	a := newApp(t)
	a.get("/").leadsTo("/sign-in")
	a.signIn(a.upstream.Owner()).get("/").leadsTo("/orgs")
	a.client = newBrowser(t)
	a.signIn(a.upstream.Admin()).get("/").leadsTo(a.orgURL())
}

func TestOrganizationsNone(t *testing.T) {
	a := newApp(t)
	a.upstream.Script(sandbox.Failure{Operation: "ListMyOrganizations", Body: "null"})
	a.signIn(a.upstream.Owner())
	a.get("/orgs").want(http.StatusOK).has(".empty", "You are in no organization")
}

// TestOrganizationsFollow: the frame of other pages shows what the picker read last.
func TestOrganizationsFollow(t *testing.T) {
	a := signedIn(t)
	a.pass(2 * time.Minute)
	a.upstream.Script(sandbox.Failure{
		Operation: "ListMyOrganizations", Body: `[{"id":77,"name":"Renamed","suspended_at":"2026-11-01T00:00:00Z","user_count":1}]`,
	})
	a.get("/orgs").want(http.StatusOK).has("#organizations", "Renamed", "Free, 1 user", "Suspended")
	if links := a.get("/settings").want(http.StatusOK).texts("#switcher a bdi"); len(links) != 1 || links[0] != "Renamed" {
		t.Errorf("the switcher holds %q", links)
	}
}

func TestRefresh(t *testing.T) {
	a := signedIn(t)
	a.get(a.users("")).want(http.StatusOK)
	a.pass(30 * time.Second)
	if got := a.get(a.users("")); got.text(".sync time") != "just now" || len(a.calls()) != 1 {
		t.Errorf("read %q", got.text(".sync time"))
	}
	a.upstream.Replace(a.upstream.Owner().OrganizationUserID, func(u *sandbox.User) { u.Name = "Aaron Renamed" })
	a.post(a.orgURL()+"/refresh", url.Values{"return_to": {a.users("")}}).leadsTo(a.users(""))
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("the refresh itself asked %v", calls)
	}
	a.get(a.users("filter=")).want(http.StatusOK).has("#users", "Aaron Renamed")
	a.post(a.orgURL()+"/refresh", url.Values{"return_to": {"https://evil.example/"}}).leadsTo("/")
	a.post("/orgs/x/refresh", nil).want(http.StatusNotFound)
}
