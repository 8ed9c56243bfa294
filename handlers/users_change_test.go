package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
)

// withBatches is signedIn whose batches end with the test.
func withBatches(t testing.TB, options ...any) *app {
	t.Helper()
	a := signedIn(t, options...)
	t.Cleanup(func() { must(t, a.handlers.Close(context.WithoutCancel(t.Context()))) })
	return a
}

func (a *app) changing(kind string) string { return a.users("") + "/changes/" + kind }

// start presses the button of the page that shows what a change would send,
// and returns the address of its progress.
func (a *app) start(preview page) string {
	a.t.Helper()
	got := a.post(preview.attr("form.pad", "action"), preview.fields("form.pad", "confirmed")).want(http.StatusSeeOther)
	return got.header.Get("Location")
}

// ended reads the progress until the batch has ended.
func (a *app) ended(address string) page {
	a.t.Helper()
	for range 500 {
		got := a.get(address).want(http.StatusOK)
		if got.attr("#batch", "hx-get") == "" {
			return got
		}
		time.Sleep(10 * time.Millisecond)
	}
	a.t.Fatal("the batch doesn't end")
	return page{}
}

func TestDeactivation(t *testing.T) {
	a := withBatches(t)
	list := a.get(a.users("")).want(http.StatusOK)
	var active, inactive string
	list.Find("#users tbody tr").Each(func(_ int, s *selection) {
		id := s.Find("[name=id]").AttrOr("value", "")
		switch s.AttrOr("data-is", "") {
		case "inactive":
			inactive = id
		case "":
			active = id
		}
	})
	owner := number(a.upstream.Owner().OrganizationUserID)
	preview := a.tick("/changes/deactivation", "", active, inactive, owner).want(http.StatusOK)
	preview.has("h1", "Deactivate 1 user")
	preview.has("#people #chosen-"+active, "Active", "Inactive")
	preview.has("#left-out #chosen-"+inactive, "Is inactive already.")
	preview.has("#left-out #chosen-"+owner, "The owner can't be deactivated.", "You")
	preview.has("form.pad .facts", "inactive: true", "role, groups, workspaces", "1 request", "more this hour")
	if len(a.bodiesOf("UpdateOrganizationUser")) != 0 {
		t.Error("the preview sent something")
	}
	end := a.ended(a.start(preview))
	end.has("#batch-state", "1 of 1 done")
	end.has("#row-"+active, "Done")
	if got := joined(a.bodiesOf("UpdateOrganizationUser")); got != `{"inactive":true}` {
		t.Errorf("sent %s", got)
	}
	a.get(a.users("active_status=inactive")).has("#users", end.text("#row-"+active+" a"))
}

func TestReactivationThroughALink(t *testing.T) {
	a := withBatches(t)
	row := a.get(a.users("active_status=inactive")).want(http.StatusOK).Find("#users tbody tr").First()
	user := a.get(row.Find("th a").AttrOr("href", "")).want(http.StatusOK)
	preview := a.get(user.Find("#user-actions a:contains(Reactivate)").AttrOr("href", "")).want(http.StatusOK)
	preview.has("h1", "Reactivate 1 user")
	a.ended(a.start(preview)).has("#batch-state", "1 of 1 done")
	if got := joined(a.bodiesOf("UpdateOrganizationUser")); got != `{"inactive":false}` {
		t.Errorf("sent %s", got)
	}
}

func TestSetRole(t *testing.T) {
	a := withBatches(t)
	ids := a.get(a.users("active_status=active")).rowIDs()[:2]
	asked := a.tick("/changes/role", "active_status=active", ids...).want(http.StatusOK)
	if asked.Find("button[name=confirmed]").Length() != 0 {
		t.Error("it can be started without a role")
	}
	unsaid := a.post(a.changing("role"), asked.fields("form.pad", "choose")).want(http.StatusUnprocessableEntity)
	unsaid.has("#role_id-error", "Choose a role.")
	unsaid.has("#errors", "Choose a role.")
	form := unsaid.fields("form.pad", "choose")
	form.Set("role_id", unsaid.attr("#role_id option:contains('Organization admin')", "value"))
	preview := a.post(a.changing("role"), form).want(http.StatusOK)
	preview.has("#people", "Organization member", "Organization admin")
	a.ended(a.start(preview)).has("#batch-state", "2 of 2 done")
	for _, body := range a.bodiesOf("UpdateOrganizationUser") {
		if body != `{"role_id":`+form.Get("role_id")+`}` {
			t.Errorf("sent %s", body)
		}
	}
	a.get(a.users("active_status=active")).has("#users tbody tr:first-child", "Admin")
}

// TestAddToGroups sends the whole wanted set: what each user has, and what is added.
func TestAddToGroups(t *testing.T) {
	a := withBatches(t)
	ids := a.get(a.users("active_status=active")).rowIDs()[:3]
	asked := a.tick("/changes/groups", "active_status=active", ids...).want(http.StatusOK)
	a.post(a.changing("groups"), asked.fields("form.pad", "choose")).want(http.StatusUnprocessableEntity).
		has("#groups-error", "Choose at least one group.")
	form := asked.fields("form.pad", "choose")
	group := asked.attr(".pick label:contains('Night shift') input", "value")
	form["groups_to_add"] = []string{group}
	preview := a.post(a.changing("groups"), form).want(http.StatusOK)
	preview.has("#people", "+ Night shift")
	end := a.ended(a.start(preview))
	end.has("#batch-state", "3 of 3 done")
	bodies := a.bodiesOf("UpdateOrganizationUser")
	if len(bodies) != 3 {
		t.Fatalf("sent %v", bodies)
	}
	for _, body := range bodies {
		if !strings.HasPrefix(body, `{"groups":[`) || !strings.Contains(body, group) || strings.Count(body, ":") != 1 {
			t.Errorf("sent %s", body)
		}
	}
	again := a.tick("/changes/groups", "active_status=active", ids...)
	form = again.fields("form.pad", "choose")
	form["groups_to_add"] = []string{group}
	a.post(a.changing("groups"), form).has("#left-out", "Is in these groups already.")
}

// TestGroupsBuildOnWhatIsThere: another admin changed the groups between the
// preview and its button, which takes nothing of that back.
func TestGroupsBuildOnWhatIsThere(t *testing.T) {
	a := withBatches(t)
	id := a.get(a.users("active_status=active")).rowIDs()[3]
	group := ""
	preview := func(name string) page {
		asked := a.tick("/changes/groups", "active_status=active", id).want(http.StatusOK)
		group = asked.attr(".pick label:contains('"+name+"') input", "value")
		form := asked.fields("form.pad", "choose")
		form["groups_to_add"] = []string{group}
		return a.post(a.changing("groups"), form).want(http.StatusOK)
	}
	mine, owner := preview("Archive"), a.client
	a.client = newBrowser(t)
	a.signIn(a.upstream.Admin())
	a.ended(a.start(preview("Night shift")))
	a.client = owner
	a.ended(a.start(mine))
	if bodies := a.bodiesOf("UpdateOrganizationUser"); !strings.Contains(bodies[len(bodies)-1], group) {
		t.Errorf("the other admin's group is taken back: %v", bodies)
	}
}

func TestChangeOfEverybodyThatMatches(t *testing.T) {
	a := withBatches(t)
	preview := a.post(a.changing("deactivation"), url.Values{"scope": {"all"}, "active_status": {"active"}}).want(http.StatusOK)
	active := a.get(a.users("active_status=active"))
	if n := preview.Find("#people li").Length() + preview.Find("#left-out li").Length(); active.text("#users-count") != number(int64(n)) {
		t.Errorf("names %d of %s", n, active.text("#users-count"))
	}
	if ids := strings.Count(preview.attr("form.pad [name=id]", "value"), ","); ids < 100 {
		t.Errorf("the button is about %d users", ids+1)
	}
}

func TestTooManySelected(t *testing.T) {
	a := withBatches(t, func(o *sandbox.Options) { o.Users = 10_010 })
	a.post(a.changing("deactivation"), url.Values{"scope": {"all"}}).leadsTo(a.users(""))
	a.get(a.users("")).has("#flash", "More than 10 000 users match", "Nothing was changed")
}

func TestUnknownChange(t *testing.T) {
	a := withBatches(t)
	a.get(a.changing("promotion") + "?id=1").want(http.StatusNotFound)
	a.post(a.changing("role"), nil).leadsTo(a.users(""))
}
