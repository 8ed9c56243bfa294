package handlers_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/apiclient/sandbox"
)

// TestFormWithoutItsChoices: what can't be read is missing, and all else goes on.
func TestFormWithoutItsChoices(t *testing.T) {
	for operation, words := range map[string]string{
		"ListRoles":        "The organization's roles could not be read, so none can be chosen.",
		"ListGroups":       "The organization's groups could not be read, so none can be added.",
		"ListMyWorkspaces": "Your workspaces could not be read, so none can be added.",
	} {
		for _, status := range []int{http.StatusForbidden, http.StatusInternalServerError, http.StatusPaymentRequired} {
			t.Run(operation+" "+http.StatusText(status), func(t *testing.T) {
				a := signedIn(t)
				u := a.pick(isOrdinary)
				a.upstream.Script(sandbox.Failure{API: "track", Operation: operation, Status: status, Times: -1, Body: `"Not today"`})
				got := a.get(a.userPage(u)).want(http.StatusOK)
				got.has(".note.warn", words)
				if status < http.StatusInternalServerError {
					got.has(".note.warn", "Not today")
				}
				if n := got.Find("#user-form .note.warn").Length(); n != 1 {
					t.Errorf("%d notes", n)
				}
				form := got.fields("#user-form", "")
				if flash := a.saved(a.save(u, form)); !strings.Contains(flash, "Nothing was changed") {
					t.Errorf("saved as it is: %q", flash)
				}
				form.Set("name", "New Name")
				a.upstream.ResetRequests()
				if flash := a.saved(a.save(u, form)); !strings.Contains(flash, "Saved 1 change") {
					t.Errorf("saved: %q", flash)
				}
				if diff := cmp.Diff([]string{`{"name":"New Name"}`}, a.bodiesOf("UpdateOrganizationUser")); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// TestNothingTypedIsLost: whichever call fails, the form comes back as it was
// sent.
func TestNothingTypedIsLost(t *testing.T) {
	quota := http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"1200"}}
	failures := []struct {
		name    string
		failure sandbox.Failure
		status  int
		words   string
	}{
		{"down", sandbox.Failure{Status: 500, Body: "<html>oops</html>"}, http.StatusBadGateway, "Toggl couldn't answer."},
		{"cut", sandbox.Failure{Cut: true, Body: `["half`}, http.StatusBadGateway, "Toggl couldn't answer."},
		{"quota", sandbox.Failure{Status: 402, Header: quota, Body: `"You have hit your hourly limit for API calls."`}, http.StatusPaymentRequired, "You have hit your hourly limit for API calls."},
		{"too fast", sandbox.Failure{Status: 429, Header: http.Header{"Retry-After": {"90"}}, Body: `"Too many requests"`}, http.StatusTooManyRequests, "Too many requests"},
		{"token reset", sandbox.Failure{Status: 401}, http.StatusForbidden, "Toggl refused your credentials."},
		{"not allowed", sandbox.Failure{Status: 403, Body: `"Forbidden"`}, http.StatusForbidden, "Forbidden"},
		{"plan", sandbox.Failure{Status: 402, Body: `"Rates available only for premium plans"`}, http.StatusPaymentRequired, "Rates available only for premium plans"},
	}
	for _, operation := range []string{"ListOrganizationUsers", "UpdateOrganizationUser", "RemoveWorkspaceUsers"} {
		for _, tt := range failures {
			for _, known := range []bool{true, false} {
				name := operation + " " + tt.name
				if !known {
					name += ", nothing known"
				}
				t.Run(name, func(t *testing.T) {
					a := signedIn(t)
					u := a.pick(isOrdinary)
					form := a.openUser(u)
					fillUser(u, form)
					if !known { // as after a restart
						a = restarted(t, a)
					}
					tt.failure.API, tt.failure.Operation, tt.failure.Times = "track", operation, -1
					a.upstream.Script(tt.failure)
					got := a.save(u, form)
					if operation == "RemoveWorkspaceUsers" {
						checkPartly(t, a, got, u, tt.words)
						return
					}
					got.want(tt.status)
					got.has("#errors", tt.words)
					checkKept(t, got, form)
					a.upstream.ClearScripts()
					a.pass(2 * apiclientCache)
					a.upstream.ResetRequests()
					if flash := a.saved(a.save(u, got.fields("#user-form", ""))); !strings.Contains(flash, "Saved 5 changes") {
						t.Errorf("saved later: %q", flash)
					}
				})
			}
		}
	}
}

const apiclientCache = 60e9 // nanoseconds that reads are kept

func fillUser(u apiclient.OrganizationUser, form url.Values) {
	form.Set("name", "New <Name>")
	form.Set("role_id", "11")
	form["groups"] = []string{""}
	w := leavable(u)
	stay := u.Workspaces[slices.IndexFunc(u.Workspaces, func(o apiclient.UserWorkspace) bool { return o.WorkspaceID != w.WorkspaceID })]
	form.Set(inWorkspace(stay.WorkspaceID, "rate"), "123.45")
	form.Add(inWorkspace(w.WorkspaceID, "remove"), "true")
}

// checkPartly: all but the removal was saved, and the page says so.
func checkPartly(t *testing.T, a *app, got page, u apiclient.OrganizationUser, words string) {
	t.Helper()
	got.has("#errors h2", "A part was saved")
	got.has("#errors", words)
	if strings.Contains(got.text("#errors h2"), "Nothing was saved") {
		t.Error("the page says that nothing was saved")
	}
	if now := a.stored(u.ID); now.Name != "New <Name>" {
		t.Errorf("stored %q", now.Name)
	}
	if left := got.texts("#unsaved-list li"); len(left) != 1 || !strings.HasPrefix(left[0], "Remove from "+leavable(u).WorkspaceName) {
		t.Errorf("unsaved: %q", left)
	}
}

// restarted is the same browser after a restart of Roster: the sessions are
// kept, what was read is not.
func restarted(t *testing.T, a *app) *app {
	t.Helper()
	a.post("/sign-out", nil).want(http.StatusSeeOther)
	a.signIn(a.upstream.Owner())
	a.upstream.ResetRequests()
	return a
}

// TestStaleAfterSaving: Toggl says OK before all of it knows.
func TestStaleAfterSaving(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	form := a.openUser(u)
	form.Set("name", "New Name")
	form.Set("role_id", "11")
	old, err := json.Marshal([]apiclient.OrganizationUser{u})
	must(t, err)
	// The read before sending is the first, that after it the second.
	a.upstream.Script(sandbox.Failure{API: "track", Operation: "ListOrganizationUsers", Status: 200, Times: 2, Body: string(old)})
	flash := a.saved(a.save(u, form))
	want := "Toggl took the changes, but shows otherwise so far: Name " + u.Name + " and Organization role Organization member. Read again in a moment."
	if flash != want {
		t.Errorf("flash %q, want %q", flash, want)
	}
}

// TestStoredOtherwise: Toggl rounds.
func TestStoredOtherwise(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	w := u.Workspaces[0]
	got := a.change(u, func(form url.Values) { form.Set(inWorkspace(w.WorkspaceID, "rate"), "85.556") })
	if flash := a.saved(got); !strings.Contains(flash, "Rate in "+w.WorkspaceName) || !strings.Contains(flash, "85.56") {
		t.Errorf("flash %q", flash)
	}
}

// TestNewAddressNotKnownYet is looked for under the old one too, and not in the
// whole organization.
func TestNewAddressNotKnownYet(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	form := a.openUser(u)
	form.Set("email", "brand.new@haldenmoss.example")
	a.upstream.ResetRequests()
	a.upstream.Script(refuse(http.StatusOK, "OK")) // taken, and nothing comes of it
	got := a.save(u, form).want(http.StatusSeeOther)
	if n := len(a.upstream.Requests()); n != 4 {
		t.Errorf("%d calls, want 4", n)
	}
	if flash := a.saved(got); !strings.Contains(flash, "shows otherwise so far: Email "+u.Email) {
		t.Errorf("flash %q", flash)
	}
}

// TestNotReadBack: saved is saved, also where it can't be read any more; the
// page that says why says that too.
func TestNotReadBack(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	form := a.openUser(u)
	form.Set("name", "New Name")
	a.upstream.SetQuotaRemaining(2) // for the read before and the change
	got := a.save(u, form).want(http.StatusSeeOther)
	a.get(got.header.Get("Location")).want(http.StatusPaymentRequired).
		has("#flash", "Saved 1 change to New Name. It could not be read back to make sure: Toggl's hourly limit is used up.")
}

// TestSessionEndedWhileTyping: signing in leads back to what was typed.
func TestSessionEndedWhileTyping(t *testing.T) {
	a := signedIn(t)
	u := a.pick(isOrdinary)
	form := a.openUser(u)
	fillUser(u, form)
	a.post("/sign-out", nil)
	a.upstream.ResetRequests()
	got := a.save(u, form).want(http.StatusUnauthorized)
	got.has(".note", "Your session had ended, so nothing was saved.", "What you typed is kept")
	if n := len(a.upstream.Requests()); n != 0 {
		t.Errorf("%d calls without a session", n)
	}
	signIn := got.fields("#sign-in-token", "")
	signIn.Set("api_token", "wrong")
	got = a.post("/sign-in", signIn).want(http.StatusUnprocessableEntity)
	signIn = got.fields("#sign-in-token", "")
	signIn.Set("api_token", a.upstream.Owner().APIToken)
	got = a.post("/sign-in", signIn).want(http.StatusOK)
	got.has("h1", "You are signed in again")
	if action := got.attr("#draft", "action"); action != a.userPage(u) {
		t.Errorf("leads to %q", action)
	}
	kept := got.fields("#draft", "")
	if diff := cmp.Diff(form, kept); diff != "" {
		t.Errorf("what was typed (-typed +kept): %s", diff)
	}
	if flash := a.saved(a.save(u, kept)); !strings.Contains(flash, "Saved 5 changes") {
		t.Errorf("flash %q", flash)
	}
}

// TestDraftStaysHere: nobody is led to another site, or to a form with nothing
// to do with it.
func TestDraftStaysHere(t *testing.T) {
	a := newApp(t)
	for _, back := range []string{"https://evil.example/orgs/1", "//evil.example", "/sign-out", ""} {
		got := a.post("/sign-in", url.Values{"api_token": {a.upstream.Owner().APIToken}, "draft": {"name=x"}, "return_to": {back}})
		if bytes.Contains([]byte(got.body), []byte("evil")) || got.Find("#draft").Length() > 0 {
			t.Errorf("%q: %s", back, got.body)
		}
	}
}
