package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"roster/apiclient"
	"roster/apiclient/sandbox"
	"roster/views"
)

// upstreamUsers are the users that match, as Toggl tells them now. The sandbox's
// log is as it was before.
func (a *app) upstreamUsers(filter string) []apiclient.OrganizationUser {
	a.t.Helper()
	before := a.upstream.Requests()
	r := httptest.NewRequest(http.MethodGet, "/api/v9/organizations/"+number(a.org)+"/users?per_page=500&filter="+url.QueryEscape(filter), nil)
	r.SetBasicAuth(a.upstream.Owner().APIToken, "api_token")
	w := httptest.NewRecorder()
	a.upstream.ServeHTTP(w, r)
	var users []apiclient.OrganizationUser
	if err := json.Unmarshal(w.Body.Bytes(), &users); err != nil {
		a.t.Fatalf("%v: %s", err, w.Body)
	}
	if len(before) == 0 {
		a.upstream.ResetRequests()
	}
	return users
}

// pick is the first user that suits.
func (a *app) pick(suits func(apiclient.OrganizationUser) bool) apiclient.OrganizationUser {
	a.t.Helper()
	users := a.upstreamUsers("")
	i := slices.IndexFunc(users, suits)
	if i < 0 {
		a.t.Fatal("no such user in the sandbox")
	}
	return users[i]
}

// stored is the user as Toggl tells them now.
func (a *app) stored(id int64) apiclient.OrganizationUser {
	a.t.Helper()
	return a.pick(func(u apiclient.OrganizationUser) bool { return u.ID == id })
}

// isOrdinary is somebody whom nothing protects: in two workspaces and a group.
func isOrdinary(u apiclient.OrganizationUser) bool {
	return u.Joined && !u.Inactive && !u.Admin && u.CanEditEmail && len(u.Groups) == 1 && len(u.Workspaces) >= 2 &&
		slices.ContainsFunc(u.Workspaces, isDirect)
}

func isDirect(w apiclient.UserWorkspace) bool { return len(w.Groups) == 0 }

func (a *app) userPage(u apiclient.OrganizationUser) string {
	return views.UserURL(a.org, u.ID, u.Email)
}

// change opens the form of a user, edits it and sends it.
func (a *app) change(u apiclient.OrganizationUser, edit func(url.Values)) page {
	a.t.Helper()
	form := a.openUser(u)
	edit(form)
	return a.save(u, form)
}

func (a *app) openUser(u apiclient.OrganizationUser) url.Values {
	a.t.Helper()
	return a.get(a.userPage(u)).want(http.StatusOK).fields("#user-form", "")
}

func (a *app) save(u apiclient.OrganizationUser, form url.Values) page {
	a.t.Helper()
	return a.post(a.userPage(u), form)
}

// saved follows the redirect and returns the page's flash.
func (a *app) saved(got page) string {
	a.t.Helper()
	got.want(http.StatusSeeOther)
	return a.get(got.header.Get("Location")).want(http.StatusOK).text("#flash")
}

// put is what another admin changes behind the person's back.
func (a *app) put(organizationUserID int64, body string) {
	a.t.Helper()
	a.upstreamDo(http.MethodPut, "/api/v9/organizations/"+number(a.org)+"/users/"+number(organizationUserID), body)
}

func (a *app) upstreamDo(method, path, body string) {
	a.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(a.upstream.Owner().APIToken, "api_token")
	w := httptest.NewRecorder()
	a.upstream.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		a.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
}

func inWorkspace(id int64, member string) string { return "workspaces[" + number(id) + "]." + member }

func cloneValues(form url.Values) url.Values {
	clone := make(url.Values, len(form))
	for name, values := range form {
		clone[name] = slices.Clone(values)
	}
	return clone
}

// refuse scripts Toggl's refusal of the next change of a user.
func refuse(status int, words string) sandbox.Failure {
	return sandbox.Failure{API: "track", Operation: "UpdateOrganizationUser", Status: status, Body: jsonString(words)}
}

// TestFormComesBackAsItWas: to open the form and to save it changes nothing,
// whoever it is about.
func TestFormComesBackAsItWas(t *testing.T) {
	a := signedIn(t)
	for _, u := range a.upstreamUsers("")[:40] {
		a.upstream.ResetRequests()
		got := a.change(u, func(url.Values) {})
		if flash := a.saved(got); !strings.Contains(flash, "Nothing was changed") {
			t.Errorf("%s: %q", u.Name, flash)
		}
		if sent := a.bodiesOf("UpdateOrganizationUser"); sent != nil {
			t.Errorf("%s: sent %s", u.Name, sent)
		}
	}
}
