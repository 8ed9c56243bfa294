package handlers_test

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
	"roster/store"
	"roster/views"
)

// formValues are what a form would send, without its buttons.
func formValues(p page, selector string) url.Values {
	form := url.Values{}
	p.Find(selector).Find("input, select, textarea").Each(func(_ int, s *selection) {
		name, kind := s.AttrOr("name", ""), s.AttrOr("type", "")
		_, checked := s.Attr("checked")
		value := s.AttrOr("value", "")
		switch {
		case name == "", (kind == "checkbox" || kind == "radio") && !checked, kind == "file":
			return
		case s.Is("select"):
			value = s.Find("option[selected]").AttrOr("value", "")
		case s.Is("textarea"):
			value = s.Text()
		}
		form.Add(name, value)
	})
	return form
}

// writes are the changes that Toggl got since the last look, by operation.
func (s *setApp) writes() []string {
	var list []string
	for _, r := range s.upstream.Requests() {
		if r.Method != http.MethodGet {
			list = append(list, r.Operation)
		}
	}
	s.upstream.ResetRequests()
	slices.Sort(list)
	return list
}

// rows are the log's, newest first, of the organization and of none.
func (s *setApp) rows() []store.ActivityEntry {
	s.t.Helper()
	var all []store.ActivityEntry
	for _, id := range []int64{s.org, 0} {
		list, err := s.store.Activities(s.t.Context(), store.ActivityFilter{OrganizationID: id, Limit: 1000})
		must(s.t, err)
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b store.ActivityEntry) int { return int(b.ID - a.ID) })
	return all
}

// unlogged are the POSTs that change nothing at Toggl.
var unlogged = []string{
	views.PathSignIn, views.PathSignOut, views.PathSignOutEverywhere, views.PathCSPReport, views.PathSettingsAppearance, views.PathSettingsTrack, views.PathSettingsFocus,
	views.PathSettingsFocusGone, views.PathOrganizationRefresh, views.PathUsersColumns, views.PathBatchStop, views.PathAssignments,
	views.PathAssignmentsSteps, views.PathDiscard, views.PathImport, views.PathChangeSetStop, views.PathChangeSetUndo,
	views.PathAccess, views.PathAccessStop,
}

// TestEveryChangeLeavesARow goes through every route that changes something at
// Toggl: what Toggl got is in the log, with who, what and what became of it.
func TestEveryChangeLeavesARow(t *testing.T) {
	s := withSets(t)
	who, other, third := s.inside("Delivery", 3)[0], s.inside("Delivery", 3)[1], s.inside("Delivery", 3)[2]
	user := func(m member) string { return s.users("") + "/" + m.id + "?email=" + escape(m.email) }
	inWorkspace := func(m member, action string) string {
		list := s.get(s.url("/workspaces")).attr(`#workspaces a:contains("Delivery")`, "href")
		row := s.get(list + "?name=" + escape(m.name)).want(http.StatusOK).Find("#workspace-users tbody .c-act a")
		return row.Eq(map[string]int{"edit": 0, "remove": 1}[action]).AttrOr("href", "")
	}
	var batch string
	for _, step := range []struct {
		route string
		do    func() page
		want  string
	}{
		{views.PathOrganizationName, func() page { return s.post(s.url("/name"), url.Values{"name": {"Renamed"}}) }, "UpdateOrganization"},
		{views.PathWorkspaces, func() page {
			return s.post(s.url("/workspaces"), url.Values{"name": {"Yard"}, "default_currency": {"EUR"}})
		}, "CreateWorkspace"},
		{views.PathInvitations, func() page {
			form := s.get(s.url("/invitations"))
			values := formValues(form, "#invitations")
			values.Set("emails", "ann@new.example")
			values.Set("workspaces", form.attr("#workspaces input[type=checkbox]", "value"))
			return s.post(s.url("/invitations"), values)
		}, "InviteUsers"},
		{views.PathGroups, func() page { return s.post(s.url("/groups"), url.Values{"name": {"Night owls"}}) }, "CreateTrackGroup"},
		{views.PathGroup, func() page {
			values := s.get(s.groupURL("Night owls")).fields("#group-form", "")
			values.Set("name", "Day owls")
			return s.post(s.groupURL("Night owls"), values)
		}, "UpdateTrackGroup"},
		{views.PathGroupDeletion, func() page { return s.post(s.groupURL("Day owls")+"/deletion", nil) }, "DeleteTrackGroup"},
		{views.PathGroupMembers, func() page {
			return s.post(s.groupMembers("Archive"), s.find("Archive", who.email).adding())
		}, "PatchTrackGroup"},
		{views.PathUserInvitation, func() page {
			invited := s.get(s.users("active_status=invited")).Find("#users tbody th a").First().AttrOr("href", "")
			return s.post(s.get(invited).attr(`form[action*="/invitation"]`, "action"), nil)
		}, "ResendInvitation"},
		{views.PathUser, func() page {
			form := s.get(user(who))
			values := formValues(form, "#user-form")
			values.Set("name", "Changed Name")
			return s.post(user(who), values)
		}, "UpdateOrganizationUser"},
		{views.PathWorkspaceUser, func() page {
			address := inWorkspace(other, "edit")
			values := formValues(s.get(address), "#workspace-user-form")
			values.Set("rate", "77")
			return s.post(address, values)
		}, "UpdateWorkspaceUser"},
		{views.PathWorkspaceUserGone, func() page { return s.post(inWorkspace(other, "remove"), nil) }, "RemoveWorkspaceUsers"},
		{views.PathUsersChange, func() page {
			s.upstream.Script(sandbox.Failure{Operation: "UpdateOrganizationUser", Status: 400, Body: jsonString("Cannot deactivate paying user.")})
			got := s.post(s.users("")+"/changes/deactivation", url.Values{"id": {third.id}, "confirmed": {"true"}})
			batch = got.header.Get("Location")
			s.until(batch, "#batch-state", "failed")
			return got
		}, "UpdateOrganizationUser"},
		{views.PathBatchRetry, func() page {
			got := s.post(batch+"/retry", nil)
			s.until(got.header.Get("Location"), "#batch-state", "1 of 1 done")
			return got
		}, "UpdateOrganizationUser"},
		{views.PathUsersRemoval, func() page {
			return s.post(s.users("")+"/removal", url.Values{"id": {third.id, other.id}, "confirmed": {"true"}})
		}, "BulkUpdateOrganizationUsers"},
		{views.PathApplications, func() page {
			s.upstream.Script(usedUp)
			s.stage(adds("Finance", s.outside("Finance", 5)[3:]...))
			batch = s.apply()
			stop := s.until(batch, "#change-set .note", "used up")
			s.post(stop.attr("form:has(#change-set-stop)", "action"), nil)
			return s.done(batch)
		}, "ChangeAssignments"},
		{views.PathChangeSetResume, func() page {
			s.pass(time.Hour)
			s.signIn(s.upstream.Owner())
			got := s.post(batch+"/resume", nil)
			s.done(batch)
			return got
		}, "ChangeAssignments"},
		{views.PathOrganizations, func() page {
			return s.post("/orgs", url.Values{"name": {"Second"}, "workspace_name": {"Shed"}})
		}, "CreateOrganization"},
		{views.PathDeparture, func() page {
			s.client = newBrowser(t)
			s.signIn(s.upstream.Admin())
			return s.post(s.url("/departure"), nil)
		}, "LeaveOrganization"},
	} {
		before := len(s.rows())
		s.writes()
		got := step.do()
		if got.status != http.StatusSeeOther && got.status != http.StatusOK {
			t.Errorf("%s: status %d: %s", step.route, got.status, got.text("#errors, .note, .err"))
		}
		if sent := strings.Join(s.writes(), " "); sent != step.want {
			t.Errorf("%s: Toggl got %q, want %q", step.route, sent, step.want)
			continue
		}
		rows := s.rows()
		if len(rows) == before {
			t.Errorf("%s: no row in the log", step.route)
			continue
		}
		for _, row := range rows[:len(rows)-before] {
			if row.Operation != step.want || row.Issuer != "toggl" || !strings.HasPrefix(row.Subject, "toggl:") || row.Name == "" || row.IP != "127.0.0.1" || row.RequestID == "" ||
				row.TargetKind == "" || row.Result == store.ResultBegun || row.EndedAt.IsZero() || row.UpstreamStatus == 0 {
				t.Errorf("%s: row %+v", step.route, row.Activity)
			}
		}
		unlogged = append(unlogged, step.route)
	}
	for _, route := range s.handlers.Routes() {
		if route.Method == http.MethodPost && !slices.Contains(unlogged, route.Path) {
			t.Errorf("%s changes something, or is it unlogged?", route.Path)
		}
	}
	if rows, broken, err := s.store.VerifyActivity(t.Context()); err != nil || broken != 0 || rows < 20 {
		t.Errorf("%d rows, broken %d, %v", rows, broken, err)
	}
	all := s.rows()
	text, err := json.Marshal(all)
	must(t, err)
	noSecrets(t, "the log", string(text))
}

// TestOldAndNew: what the forms change is told with what it was.
func TestOldAndNew(t *testing.T) {
	s := withSets(t)
	who := s.inside("Delivery", 1)[0]
	address := s.users("") + "/" + who.id + "?email=" + escape(who.email)
	form := formValues(s.get(address).want(http.StatusOK), "#user-form")
	form.Set("name", "Changed Name")
	s.upstream.Script(sandbox.Failure{Operation: "UpdateOrganizationUser", Status: 400, Body: jsonString("Field 'name' cannot be empty.")})
	s.post(address, form).want(http.StatusUnprocessableEntity)
	s.post(address, form).want(http.StatusSeeOther)
	log := s.get(s.url("/activity")).want(http.StatusOK)
	rows := log.texts("#activity > li")
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, words := range []string{"Changed " + who.name, "Ingrid Solheim", "Name " + who.name + " → becomes Changed Name", "Done"} {
		if !strings.Contains(rows[0], words) {
			t.Errorf("%q is not in %q", words, rows[0])
		}
	}
	if !strings.Contains(rows[1], "Refused") || !strings.Contains(rows[1], "Field 'name' cannot be empty. from Toggl") {
		t.Errorf("the refused one: %q", rows[1])
	}
	if when := log.Find("#activity time").First(); when.AttrOr("datetime", "") != "2026-11-21T10:04:05-05:00" {
		t.Errorf("at %q", when.AttrOr("datetime", ""))
	}
	overview := s.get(s.url("")).want(http.StatusOK)
	overview.has("#recent", "Changed", who.name, "Refused")
	if href := overview.attr(`section[aria-labelledby=h-recent] a:contains("All activity")`, "href"); href != s.url("/activity") {
		t.Errorf("all activity is at %q", href)
	}
	if n := s.get(s.url("/activity")).Find(".side nav a[aria-current=page]").Length(); n != 1 {
		t.Errorf("%d items of the navigation are the current one", n)
	}
}

// TestWhatCantBeLoggedIsNotSent, whichever way it would have been.
func TestWhatCantBeLoggedIsNotSent(t *testing.T) {
	s := withSets(t)
	s.stage(adds("Finance", s.outside("Finance", 1)...))
	db, err := sql.Open("sqlite", s.path)
	must(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), `CREATE TRIGGER full BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
	must(t, err)
	s.writes()
	who := s.inside("Delivery", 1)[0]
	got := s.post(s.users("")+"/removal", url.Values{"id": {who.id}, "confirmed": {"true"}})
	got.want(http.StatusServiceUnavailable).has("main", "Roster could not write this change down", "not sent to Toggl")
	renamed := s.post(s.url("/name"), url.Values{"name": {"Renamed"}})
	renamed.want(http.StatusServiceUnavailable).has("main", "Roster could not write this change down")
	address := s.users("") + "/" + who.id + "?email=" + escape(who.email)
	form := formValues(s.get(address), "#user-form")
	form.Set("name", "Changed Name")
	kept := s.post(address, form).want(http.StatusServiceUnavailable)
	kept.has("main", "Roster could not write this change down")
	if kept.attr("#user-form [name=name]", "value") != "Changed Name" {
		t.Error("what was typed is lost")
	}
	batch := s.post(s.users("")+"/changes/deactivation", url.Values{"id": {who.id}, "confirmed": {"true"}}).want(http.StatusSeeOther).header.Get("Location")
	s.until(batch, "#batch-state", "1 failed").has("#batch", "Roster could not write this change down")
	set := s.apply()
	s.until(set, "#change-set .note", "Roster could not write the next change down, so it was not sent.")
	if sent := s.writes(); len(sent) != 0 {
		t.Errorf("Toggl got %v", sent)
	}
	if log := s.log.String(); !strings.Contains(log, "a change was not sent: it could not be recorded") || !strings.Contains(log, "disk full") {
		t.Error("the cause isn't in the program's log")
	}
	_, err = db.ExecContext(t.Context(), `DROP TRIGGER full`)
	must(t, err)
	s.post(set+"/resume", nil).leadsTo(set)
	s.done(set).has("#change-set-state", "1 applied")
}
