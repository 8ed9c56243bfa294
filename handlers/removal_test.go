package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
)

// tick posts the rows with these ids from the table, as the bulk bar does.
func (a *app) tick(action, query string, ids ...string) page {
	a.t.Helper()
	table := a.get(a.users(query)).want(http.StatusOK)
	form := url.Values{"id": ids}
	table.Find(".bulkform > input[type=hidden]").Each(func(_ int, s *selection) {
		form.Add(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	if table.Find(`.bulk [formaction="`+a.users("")+action+`"]`).Length() != 1 {
		a.t.Fatalf("the bar has no button to %s", action)
	}
	return a.post(a.users("")+action, form)
}

// rowIDs are the ids of the table's rows, from the top.
func (p page) rowIDs() []string {
	return p.Find("#users tbody [name=id]").Map(func(_ int, s *selection) string { return s.AttrOr("value", "") })
}

func (a *app) removal() string { return a.users("") + "/removal" }

func TestRemoval(t *testing.T) {
	a := signedIn(t)
	table := a.get(a.users("active_status=active")).want(http.StatusOK)
	ids, names := table.rowIDs(), table.texts("#users tbody th a")
	asked := a.tick("/removal", "active_status=active", ids[3], ids[5]).want(http.StatusOK)
	if title := asked.text("h1"); title != "Remove 2 users" {
		t.Errorf("asks to %q", title)
	}
	asked.has("#people", names[3], names[5])
	asked.has("form.pad .note", "can't be undone", "invited again")
	if len(a.calls()) != 1 {
		t.Error("the confirmation asks Toggl again for what the table has")
	}
	a.post(a.removal(), asked.fields("form.pad", "confirmed")).leadsTo(a.users("active_status=active"))
	if body := a.sentBody("BulkUpdateOrganizationUsers"); body != `{"delete":[`+ids[3]+`,`+ids[5]+`]}` {
		t.Errorf("sent %s", body)
	}
	after := a.get(a.users("active_status=active"))
	after.has("#flash", "Removed 2 users from the organization.")
	if got := strings.Join(after.rowIDs(), " "); strings.Contains(got, ids[3]) || strings.Contains(got, ids[5]) || !strings.Contains(got, ids[4]) {
		t.Error("not those two are gone")
	}
}

// TestRemovalOfEverybodyThatMatches: the filters are sent, not ids; the page
// names all of them, and leaves out the owner.
func TestRemovalOfEverybodyThatMatches(t *testing.T) {
	a := signedIn(t)
	table := a.get(a.users("only_admins=true&per_page=2")).want(http.StatusOK)
	all := a.get(table.attr("#select-all", "href")).want(http.StatusOK)
	all.has(".bulk .picked", "All", "selected")
	if n := all.Find("#users tbody .cb[checked][disabled]").Length(); n != 2 {
		t.Errorf("%d rows are shown as selected", n)
	}
	form := all.fields(".bulkform", "")
	if form.Get("scope") != "all" || form.Get("only_admins") != "true" {
		t.Fatalf("the form sends %v", form)
	}
	form.Del("id") // disabled boxes aren't sent
	asked := a.post(a.removal(), form).want(http.StatusOK)
	admins := a.get(a.users("only_admins=true&per_page=100"))
	want := admins.Find("#users tbody tr").Length() - 1
	if n := asked.Find("#people li").Length(); n != want {
		t.Errorf("names %d, want %d", n, want)
	}
	asked.has("#left-out", a.upstream.Owner().Name, "The owner can't be removed.")
	if owner := number(a.upstream.Owner().OrganizationUserID); strings.Contains(asked.attr("form.pad [name=id]", "value"), owner) {
		t.Error("the owner would be sent")
	}
}

// removalRefusals are the documented messages of the call. Where one names
// ids, "%1" and "%2" stand for the first and second of three users.
var removalRefusals = []struct {
	words  string
	marked string // which of the three users
	others string // the button that sends without them
}{
	{"The following organization user IDs do not belong to this organization: '%1'.", "1", "Remove the other 2 users"},
	{"The following organization user IDs do not belong to this organization: '%1, %2'.", "1 2", "Remove the other user"},
	{"Cannot remove the paying user with organization user ID='%2'.", "2", "Remove the other 2 users"},
	{"Cannot remove the organization owner user with organization user ID='%1'.", "1", "Remove the other 2 users"},
	{"Organization user IDs must be unique.", "", "Remove 3 users"},
	{"At least one organization user ID must be supplied.", "", "Remove 3 users"},
	{"Missing or invalid organization_id", "", "Remove 3 users"},
}

// TestRemovalRefused: Toggl's words at the rows that they name, and the way to
// go on without them; nothing is sent again before the person agrees.
func TestRemovalRefused(t *testing.T) {
	a := signedIn(t)
	ids := a.get(a.users("active_status=active")).rowIDs()[2:5]
	for _, tt := range removalRefusals {
		words := strings.NewReplacer("%1", ids[0], "%2", ids[1]).Replace(tt.words)
		t.Run(tt.words, func(t *testing.T) {
			a := a.in(t)
			asked := a.tick("/removal", "active_status=active", ids...)
			a.upstream.ResetRequests()
			a.upstream.Script(sandbox.Failure{Operation: "BulkUpdateOrganizationUsers", Status: 400, Body: jsonString(words)})
			got := a.post(a.removal(), asked.fields("form.pad", "confirmed")).want(http.StatusUnprocessableEntity)
			got.has("#errors[role=alert]", "Nobody was removed.", words, "from Toggl")
			if title := got.text("title"); !strings.HasPrefix(title, "Error: ") {
				t.Errorf("title %q", title)
			}
			var marked []string
			for i, id := range ids {
				if got.text("#chosen-"+id+"-error") != "" {
					got.has("#refused #chosen-"+id, words)
					marked = append(marked, number(int64(i+1)))
				} else if got.Find("#people #chosen-"+id).Length() != 1 {
					t.Errorf("user %d is neither marked nor left to be removed", i+1)
				}
			}
			if joined(marked) != tt.marked {
				t.Errorf("marked %v, want %q", marked, tt.marked)
			}
			if button := got.text("button[name=confirmed]"); button != tt.others {
				t.Errorf("the button says %q, want %q", button, tt.others)
			}
			if n := len(a.calls()); n != 1 {
				t.Errorf("%d calls were sent", n)
			}
		})
	}
}

// TestRemovalGoesOnWithoutTheRefused: the real refusal of the paying user, and
// sending again without them.
func TestRemovalGoesOnWithoutTheRefused(t *testing.T) {
	a := newApp(t)
	a.signIn(a.upstream.Admin())
	ids := a.get(a.users("active_status=active")).rowIDs()[2:4]
	asked := a.tick("/removal", "active_status=active", ids...)
	form := asked.fields("form.pad", "confirmed")
	owner := number(a.upstream.Owner().OrganizationUserID)
	form.Set("id", form.Get("id")+","+owner)
	got := a.post(a.removal(), form).want(http.StatusUnprocessableEntity)
	got.has("#refused #chosen-"+owner, a.upstream.Owner().Name, "Cannot remove the organization owner user with organization user ID='"+owner+"'.")
	a.post(a.removal(), got.fields("form.pad", "confirmed")).want(http.StatusSeeOther)
	if body := a.sentBody("BulkUpdateOrganizationUsers"); body != `{"delete":[`+ids[0]+`,`+ids[1]+`]}` {
		t.Errorf("sent %s", body)
	}
}

// TestRemovalFails: nothing about single rows, so it is said above the list,
// which stays as it is.
func TestRemovalFails(t *testing.T) {
	a := signedIn(t)
	ids := a.get(a.users("")).rowIDs()[:2]
	for _, tt := range []struct {
		name    string
		failure sandbox.Failure
		status  int
		words   string
	}{
		{"not allowed", sandbox.Failure{Status: 403, Body: jsonString("User is not authorized to delete the organization user")}, 403, "User is not authorized to delete the organization user"},
		{"no answer", sandbox.Failure{Status: 500}, 502, "may or may not"},
		{"cut off", sandbox.Failure{Cut: true}, 502, "may or may not"},
		{"quota", sandbox.Failure{Status: 402, Header: http.Header{"X-Toggl-Quota-Remaining": {"0"}, "X-Toggl-Quota-Resets-In": {"600"}}, Body: jsonString("You have hit your hourly limit for API calls.")}, 402, "You have hit your hourly limit for API calls."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := a.in(t)
			form := url.Values{"id": {ids[0] + "," + ids[1]}, "confirmed": {"true"}}
			tt.failure.Operation = "BulkUpdateOrganizationUsers"
			a.upstream.Script(tt.failure)
			got := a.post(a.removal(), form).want(tt.status)
			got.has("#errors", tt.words)
			if sent := got.attr("form.pad [name=id]", "value"); sent != form.Get("id") && sent != ids[1]+","+ids[0] {
				t.Errorf("the form sends %q again", sent)
			}
		})
	}
}

func TestRemovalOfNobody(t *testing.T) {
	a := signedIn(t)
	a.post(a.removal(), url.Values{"filter": {"mar"}}).leadsTo(a.users("filter=mar"))
	a.get(a.users("filter=mar")).has("#flash", "Nobody was selected")
	got := a.post(a.removal(), url.Values{"id": {"999,x"}}).want(http.StatusOK)
	got.has("h1", "Nobody to remove")
	got.has("#left-out", "Organization user 999", "No longer in the organization.")
	if got.Find("button[name=confirmed]").Length() != 0 {
		t.Error("there is a button to remove nobody")
	}
	for _, r := range a.upstream.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("sent %s %s", r.Method, r.Path)
		}
	}
}

// TestRemovalChangesNothingOnGET: the link of the user's page only asks.
func TestRemovalChangesNothingOnGET(t *testing.T) {
	a := signedIn(t)
	id := a.get(a.users("active_status=inactive")).rowIDs()[0]
	got := a.get(a.removal() + "?confirmed=true&id=" + id).want(http.StatusOK)
	got.has("h1", "Remove 1 user")
	if a.sentBody("BulkUpdateOrganizationUsers") != "" {
		t.Error("a GET removed somebody")
	}
}

func TestRemovalNamesTheHostile(t *testing.T) {
	a := signedIn(t)
	const name = `"><script>alert(1)</script><b hx-get="/x">`
	id := number(a.upstream.Admin().OrganizationUserID)
	a.upstream.Replace(a.upstream.Admin().OrganizationUserID, func(u *sandbox.User) { u.Name = name })
	got := a.get(a.removal() + "?id=" + id).want(http.StatusOK)
	got.Find("#people bdi").First().Each(func(_ int, s *selection) {
		if s.Text() != name {
			t.Errorf("named %q", s.Text())
		}
	})
	if got.Find("#people b, #people script").Length() != 0 {
		t.Error("the name became markup")
	}
}
