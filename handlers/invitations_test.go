package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
)

func (a *app) invitations() string { return a.orgURL() + "/invitations" }

// invitation fills the form in: these addresses, and the first workspace.
func (a *app) invitation(emails string) url.Values {
	a.t.Helper()
	got := a.get(a.invitations()).want(http.StatusOK)
	form := got.fields("#invitations", "")
	form.Set("emails", emails)
	form.Set("workspaces", got.attr("#workspaces input[type=checkbox]", "value"))
	return form
}

func TestInvite(t *testing.T) {
	a := signedIn(t)
	form := a.invitation("Ann Lee <ann@new.example>\nbob@new.example; " + a.upstream.Admin().Email)
	form.Add("groups", a.get(a.invitations()).attr("#groups input", "value"))
	a.upstream.ResetRequests()
	answer := a.post(a.invitations(), form).want(http.StatusSeeOther)
	if got := joined(a.calls()); got != "InviteUsers" {
		t.Errorf("asked for %q", got)
	}
	result := a.get(answer.header.Get("Location")).want(http.StatusOK)
	result.has("h1", "Invited 2 users")
	rows := result.texts("#addresses li")
	if len(rows) != 3 || rows[0] != "ann@new.example Invited" || rows[1] != "bob@new.example Invited" {
		t.Errorf("rows %q", rows)
	}
	if !strings.Contains(rows[2], a.upstream.Admin().Email+"' is already a member") || !strings.HasSuffix(rows[2], "Not invited") {
		t.Errorf("somebody who is there already: %q", rows[2])
	}
	a.get(result.attr("a:contains('Show who is invited')", "href")).has("#users", "ann@new.example", "Invited Today")
	a.get(answer.header.Get("Location")).want(http.StatusOK) // it can be read again
	a.client = newBrowser(t)
	a.signIn(a.upstream.Admin())
	a.get(answer.header.Get("Location")).want(http.StatusNotFound)
}

// TestInviteSends the body that the contract asks for: roles, never flags.
func TestInviteSends(t *testing.T) {
	a := signedIn(t)
	form := a.invitation("ann@new.example")
	id := form.Get("workspaces")
	role := a.get(a.invitations()).attr("#role-"+id+" option:contains('Workspace admin')", "value")
	form.Set("role_id["+id+"]", role)
	a.post(a.invitations(), form).want(http.StatusSeeOther)
	want := `{"emails":["ann@new.example"],"workspaces":[{"workspace_id":` + id + `,"role_id":` + role + `}]}`
	if got := a.sentBody("InviteUsers"); got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

// TestInviteChecks keeps everything that was typed.
func TestInviteChecks(t *testing.T) {
	a := signedIn(t)
	form := a.invitation("ann@new.example\nnobody\n<b>x</b>")
	form.Del("workspaces")
	got := a.post(a.invitations(), form).want(http.StatusUnprocessableEntity)
	got.has("#emails-error", "2 addresses can't be read.")
	got.has("#emails-lines", "Line 2: “nobody” is not an e-mail address.", "Line 3: “<b>x</b>”")
	got.has("#workspaces-error", "Choose at least one workspace.")
	got.has("#errors", "Nobody was invited.")
	if kept := got.Find("#emails").Text(); kept != form.Get("emails") {
		t.Errorf("kept %q", kept)
	}
	a.post(a.invitations(), url.Values{}).want(http.StatusUnprocessableEntity).has("#emails-error", "Give at least one e-mail address.")
	many := a.invitation(strings.Repeat("x", 10) + manyAddresses(501))
	a.post(a.invitations(), many).want(http.StatusUnprocessableEntity).has("#emails-error", "at most 500")
	if a.sentBody("InviteUsers") != "" {
		t.Error("Toggl was asked")
	}
}

func manyAddresses(n int) string {
	var text strings.Builder
	for i := range n {
		text.WriteString("u" + number(int64(i)) + "@new.example\n")
	}
	return text.String()
}

// invitationRefusals are the documented messages of the call, and where each
// is said.
var invitationRefusals = []struct{ words, place, others string }{
	{"Missing e-mail", "#emails-error", ""},
	{"at least one email is required", "#emails-error", ""},
	{"Invalid e-mail: 'bob@new.example'", "#emails-error", "Invite the other one without it"},
	{"User with e-mail 'o'brien@new.example' is already an inactive member of the organization", "#emails-error", "Invite the other one without it"},
	{"Invalid e-mail: 'somebody@else.example'", "#emails-error", ""},
	{"at least one workspace is required", "#workspaces-error", ""},
	{"invalid workspace ID", "#workspaces-error", ""},
	{"Unknown group at organization", "#groups-error", ""},
	{"Active user limit is 5. Upgrade to add more active users", "#errors", ""},
	{"Invitation limit reached (please try again later; or upgrade)", "#errors", ""},
	{"Invalid JSON input", "#errors", ""},
	{"Invalid organization id", "#errors", ""},
	{"Something new", "#errors", ""},
}

func TestInviteRefused(t *testing.T) {
	a := signedIn(t)
	for _, tt := range invitationRefusals {
		t.Run(tt.words, func(t *testing.T) {
			a := a.in(t)
			a.upstream.Script(sandbox.Failure{Operation: "InviteUsers", Status: 400, Body: jsonString(tt.words)})
			form := a.invitation("bob@new.example, o'brien@new.example")
			got := a.post(a.invitations(), form).want(http.StatusUnprocessableEntity)
			got.has(tt.place, tt.words, "from Toggl")
			got.has("#errors[role=alert]", "Nobody was invited.", tt.words)
			if others := got.text("button[name=without]"); others != tt.others {
				t.Errorf("the way on is %q, want %q", others, tt.others)
			}
			if kept := got.Find("#emails").Text(); kept != form.Get("emails") {
				t.Errorf("kept %q", kept)
			}
			if got.Find(`#workspaces input[checked][value="`+form.Get("workspaces")+`"]`).Length() != 1 {
				t.Error("the workspace isn't chosen any more")
			}
		})
	}
}

func TestInviteRoleRefused(t *testing.T) {
	a := signedIn(t)
	form := a.invitation("ann@new.example")
	id := form.Get("workspaces")
	form.Set("role_id["+id+"]", "1234")
	got := a.post(a.invitations(), form).want(http.StatusUnprocessableEntity)
	got.has("#role-"+id+"-error", "Invalid workspace role with ID: 1234.")
	if got.attr("#errors a", "href") != "#role-"+id {
		t.Error("the summary doesn't lead to the role")
	}
}

// TestInviteTheOthers: Toggl's real refusal of somebody who is inactive, and
// sending to the others without them.
func TestInviteTheOthers(t *testing.T) {
	a := signedIn(t)
	gone := a.get(a.users("active_status=inactive")).Find("#users tbody small").First().Text()
	form := a.invitation("ann@new.example\n" + gone)
	got := a.post(a.invitations(), form).want(http.StatusUnprocessableEntity)
	got.has("#emails-error", "User with e-mail '"+gone+"' is already an inactive member of the organization")
	again := got.fields("#invitations", "without")
	answer := a.post(a.invitations(), again).want(http.StatusSeeOther)
	result := a.get(answer.header.Get("Location")).want(http.StatusOK)
	rows := result.texts("#addresses li")
	if len(rows) != 2 || rows[0] != "ann@new.example Invited" || rows[1] != gone+" Left out" {
		t.Errorf("rows %q", rows)
	}
}

func TestInviteFails(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Operation: "InviteUsers", Status: 403, Body: jsonString("Forbidden")})
	a.post(a.invitations(), a.invitation("ann@new.example")).want(http.StatusForbidden).has("#errors", "Forbidden", "You are not allowed to do this")
	a.upstream.Script(sandbox.Failure{Operation: "InviteUsers", Cut: true})
	got := a.post(a.invitations(), a.invitation("ann@new.example")).want(http.StatusBadGateway)
	got.has("#errors", "isn't known whether anybody was invited", "may or may not")
}

func TestResendInvitation(t *testing.T) {
	a := signedIn(t)
	row := a.get(a.users("active_status=invited")).want(http.StatusOK).Find("#users tbody tr").First()
	name := row.Find("th a").Text()
	address := row.Find("th a").AttrOr("href", "")
	user := a.get(address).want(http.StatusOK)
	resend := user.attr("#user-actions form", "action")
	for _, tt := range []struct {
		words  string
		status int
	}{
		{"Organization ID and invitation organization ID mismatch", 400},
		{"Invitation code not found", 404},
	} {
		a.upstream.Script(sandbox.Failure{Operation: "ResendInvitation", Status: tt.status, Body: jsonString(tt.words)})
		got := a.post(resend, nil).want(http.StatusUnprocessableEntity)
		got.has(".note.bad", "The invitation to "+name+" was not sent again.", tt.words)
		if got.Find("#user-form").Length() != 1 {
			t.Error("not on the user's page")
		}
	}
	a.upstream.ResetRequests()
	a.post(resend, nil).leadsTo(address)
	if got := joined(a.calls()); got != "ResendInvitation" {
		t.Errorf("asked for %q", got)
	}
	a.get(address).has("#flash", "Sent the invitation to "+name+" again.")

	back := a.request(http.MethodPost, resend, nil)
	back.Header.Set("Sec-Fetch-Site", "same-origin")
	back.Header.Set("Referer", a.server.URL+a.users("active_status=invited"))
	a.do(back).leadsTo(a.users("active_status=invited"))

	owner := a.userURL(a.upstream.Owner())
	a.post(owner+"/invitation", nil).want(http.StatusSeeOther)
	a.get(owner).has("#flash", "is pending, so none was sent")
}

// TestOldInvitations are marked in the table after 14 and after 30 days.
func TestOldInvitations(t *testing.T) {
	a := signedIn(t)
	id := a.upstream.Admin().OrganizationUserID
	for _, tt := range []struct {
		days       int
		want, line string
	}{
		{13, "Invited 8 Nov", "Invited 8 Nov."},
		{16, "Invited 5 Nov 16 days ago", "Invited 5 Nov. It has been waiting for 16 days."},
		{31, "Invited 21 Oct Expired", "Invited 21 Oct. Invitations expire after 30 days: send it again."},
	} {
		a.upstream.Replace(id, func(u *sandbox.User) {
			u.Joined, u.CreatedAt = false, start.AddDate(0, 0, -tt.days)
		})
		a.pass(2 * 60e9)
		row := a.get(a.users("filter=" + a.upstream.Admin().Email)).Find("#users tbody tr")
		cells := row.Children().Map(func(_ int, s *selection) string { return textOf(s) })
		if got := cells[len(cells)-2]; got != tt.want {
			t.Errorf("%d days: %q, want %q", tt.days, got, tt.want)
		}
		if got := a.get(row.Find("th a").AttrOr("href", "")).text(".page-head .chips .muted.small"); got != tt.line {
			t.Errorf("%d days: %q on the user's page, want %q", tt.days, got, tt.line)
		}
	}
}
