package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
	"roster/handlers"
	"roster/store"
)

// steps is where single cells are staged, of the grid with this query.
func (a *app) steps(query string) string {
	return strings.Replace(a.assignments(query), "/assignments", "/assignments/steps", 1)
}

// stage sends a tick as app.js does.
func (a *app) stage(query, op string, cells ...string) page {
	a.t.Helper()
	form := url.Values{op: {strings.Join(cells, ",")}}
	r := a.request(http.MethodPost, a.steps(query), strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", a.server.URL)
	return a.do(asHTMX(r, a.server.URL+a.assignments(query)))
}

// cellLike is the name of the first box that is as wanted, of a page.
func (p page) cellLike(suits func(box) bool) string {
	p.t.Helper()
	boxes := p.boxes()
	names := make([]string, 0, len(boxes))
	for name, b := range boxes {
		if suits(b) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		p.t.Fatalf("%s: no such box", p.name)
	}
	return slices.Min(names)
}

func (p page) cellNamed(label string) string {
	p.t.Helper()
	return p.cellLike(func(b box) bool { return b.Label == label })
}

// told is what the answer to a tick says of boxes.
func (p page) told() map[string]string {
	p.t.Helper()
	var event struct {
		Staged struct {
			Cells map[string]struct {
				Checked bool
				Change  string
			}
		}
	}
	must(p.t, json.Unmarshal([]byte(p.header.Get("HX-Trigger")), &event))
	told := map[string]string{}
	for name, cell := range event.Staged.Cells {
		told[name] = "off "
		if cell.Checked {
			told[name] = "on "
		}
		told[name] = strings.TrimSpace(told[name] + cell.Change)
	}
	return told
}

func TestStageByTicks(t *testing.T) {
	a := signedIn(t)
	grid := a.get(a.assignments("")).want(http.StatusOK)
	add, remove := grid.cellNamed("Aisha Rahman in Labs"), grid.cellNamed("Aisha Rahman in Sales")
	a.calls()

	got := a.stage("", "add", add).want(http.StatusOK)
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("a tick asked for %v", calls)
	}
	if got.isPage() || got.text("#announce") != "Staged: add Aisha Rahman to Labs. 1 change" || got.told()[add] != "on to be added" {
		t.Errorf("it is answered with %q, %v", got.text("#announce"), got.told())
	}
	got.has("#staged-title", "1 staged change")
	got.has("#staged", "Labs", "Add Aisha Rahman", "Sent as 1 request.")
	if count := got.text("#n-" + strings.Split(add, "-")[1]); count != "+1" || got.text(".staged-nav") != "1 1 staged change" {
		t.Errorf("the head says %q, the navigation %q", count, got.text(".staged-nav"))
	}
	if got = a.stage("", "remove", remove).want(http.StatusOK); got.told()[remove] != "off to be removed" {
		t.Errorf("told %v", got.told())
	}
	got.has("#staged", "2 staged changes", "Sent as 2 requests, one per workspace.", "Remove Aisha Rahman")
	got.has("#stagebar", "2 staged", "Review")

	boxes := a.get(a.assignments("")).boxes()
	if b := boxes[add]; !b.Checked || b.Was != "0" || b.Change != "to be added" {
		t.Errorf("after a reload the box is %+v", b)
	}
	if b := boxes[remove]; b.Checked || b.Was != "1" || b.Change != "to be removed" {
		t.Errorf("after a reload the box is %+v", b)
	}
	got = a.stage("", "remove", add).want(http.StatusOK)
	if got.text("#announce") != "Taken back: add Aisha Rahman to Labs. 1 change" || got.told()[add] != "off" {
		t.Errorf("taking back says %q, %v", got.text("#announce"), got.told())
	}
	if again := a.stage("", "remove", remove).want(http.StatusOK); again.told()[remove] != "off to be removed" || again.text("#announce") != "" {
		t.Errorf("the same tick again: %v, %q", again.told(), again.text("#announce"))
	}
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("staging asked for %v", calls)
	}
}

// TestStagedSurvives: reload, another browser and sign-out, but nobody else
// sees it, and nothing is sent.
func TestStagedSurvives(t *testing.T) {
	a := signedIn(t)
	add := a.get(a.assignments("")).cellNamed("Aisha Rahman in Labs")
	a.stage("", "add", add).want(http.StatusOK)
	here := a.client

	a.client = newBrowser(t)
	a.signIn(a.upstream.Owner())
	if !a.get(a.assignments("")).boxes()[add].Checked {
		t.Error("another browser of the same person doesn't see it")
	}
	a.get(a.users("")).has(".staged-nav", "1 staged change")
	a.client = newBrowser(t)
	a.signIn(a.upstream.Admin())
	other := a.get(a.assignments(""))
	if other.boxes()[add].Checked || other.text("#staged-title") != "Nothing staged" || other.attr(".staged-nav", "hidden") != "" || other.Find(".staged-nav[hidden]").Length() != 2 {
		t.Error("somebody else sees it")
	}
	a.stage("", "add", add).want(http.StatusOK)
	a.stage("", "remove", add).want(http.StatusOK)

	a.client = here
	a.post("/sign-out", nil)
	a.signIn(a.upstream.Owner())
	if got := a.get(a.assignments("")); !got.boxes()[add].Checked || got.text("#staged-title") != "1 staged change" {
		t.Error("it is gone after sign-out, or somebody else took it back")
	}
	for _, r := range a.upstream.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("%s was sent", r.Operation)
		}
	}
}

// withStore makes the handlers keep what is staged in a database of the test's.
func withStore(t *testing.T) (*store.Store, func(*handlers.Options)) {
	t.Helper()
	db, err := store.Open(t.Context(), ":memory:")
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db, func(o *handlers.Options) { o.Store = db }
}

// TestStagedAfterARestart: nothing is cached then, and still no call is made for
// the rows with changes.
func TestStagedAfterARestart(t *testing.T) {
	_, keep := withStore(t)
	a := signedIn(t, keep)
	grid := a.get(a.assignments(""))
	add := grid.cellNamed("Aisha Rahman in Labs")
	kept := grid.cellLike(func(b box) bool { return strings.HasPrefix(b.Label, "Aisha Rahman in Delivery, via ") })
	a.stage("", "add", add)
	a.stage("", "remove", kept).has("#staged", "Keeps access via Engineering")
	a.stage("", "add", grid.cellNamed("Adaeze Mwangi in Finance"))

	b := signedIn(t, keep)
	got := b.get(b.assignments("staged=true")).want(http.StatusOK)
	if calls := b.calls(); len(calls) != 0 {
		t.Errorf("asked for %v", calls)
	}
	if names := got.texts("#users tbody th a"); !slices.Equal(names, []string{"Adaeze Mwangi", "Aisha Rahman"}) {
		t.Errorf("the rows are %q", names)
	}
	boxes := got.boxes()
	if !boxes[add].Checked || boxes[add].Change != "to be added" || boxes[kept].Checked || boxes[kept].Change != "to be removed" {
		t.Errorf("the boxes are %+v", boxes)
	}
	unread := got.cellNamed("Aisha Rahman in Finance, not read")
	if box := boxes[unread]; box.Class != "u" || !box.Disabled {
		t.Errorf("what nobody has read since is shown as %+v", box)
	}
	b.stage("staged=true", "add", unread).want(http.StatusUnprocessableEntity).has("#flash", "Aisha Rahman in Finance: not known to Roster")
	got.has("#staged", "3 staged changes", "Keeps access via a group")
	if b.stage("staged=true", "remove", add).want(http.StatusOK); len(b.calls()) != 0 {
		t.Error("taking back asked Toggl")
	}
	// A cell that nobody has read can't be staged blindly; where the page is a
	// list, the list is read again.
	if got := b.stage("", "add", add).want(http.StatusOK); joined(b.calls()) != "ListOrganizationUsers" {
		t.Errorf("a tick on a forgotten page: %s", got.text("#announce"))
	}
}

func TestOnlyRowsWithChanges(t *testing.T) {
	a := signedIn(t)
	a.get(a.assignments("staged=true")).want(http.StatusOK).has("#users-results .empty", "No rows with changes")
	add := a.get(a.assignments("")).cellNamed("Aisha Rahman in Labs")
	a.stage("", "add", add)
	a.calls()
	got := a.get(a.assignments("staged=true")).want(http.StatusOK)
	if names := got.texts("#users tbody th a"); !slices.Equal(names, []string{"Aisha Rahman"}) || len(a.calls()) != 0 {
		t.Errorf("the rows are %q", names)
	}
	unread := 0
	for _, b := range got.boxes() {
		if b.Class == "u" {
			unread++
		}
	}
	if unread != 0 {
		t.Errorf("%d boxes of somebody who is known are not read", unread)
	}
	a.get(a.assignments("staged=true&rows=groups")).has("#users-results .empty", "No rows with changes")
}

// form is what the grid's form would send without scripts, with some of its
// boxes turned.
func (p page) form(turned ...string) url.Values {
	form := url.Values{"rows": {p.attr("#grid [name=rows]", "value")}, "columns": {p.attr("#grid [name=columns]", "value")}}
	for name, b := range p.boxes() {
		if !b.Disabled && b.Checked != slices.Contains(turned, name) {
			form.Add("c", name)
		}
	}
	return form
}

func TestStageByForm(t *testing.T) {
	a := signedIn(t)
	query := "filter=aisha&direct=true"
	grid := a.get(a.assignments(query)).want(http.StatusOK)
	add := grid.cellNamed("Aisha Rahman in Labs")
	remove := grid.cellNamed("Aisha Rahman in Sales")
	a.calls()

	a.post(grid.attr("#grid", "action"), grid.form()).leadsTo(a.assignments("direct=true&filter=aisha"))
	a.get(a.assignments(query)).has("#flash", "Nothing was changed")
	a.post(grid.attr("#grid", "action"), grid.form(add, remove)).leadsTo(a.assignments("direct=true&filter=aisha"))
	if calls := a.calls(); len(calls) != 0 {
		t.Errorf("the form asked for %v", calls)
	}
	staged := a.get(a.assignments(query))
	staged.has("#flash", "2 staged, 0 taken back. 2 changes.")
	staged.has("#staged", "2 staged changes")
	if b := staged.boxes(); !b[add].Checked || b[remove].Checked {
		t.Error("the boxes are as before")
	}
	// The first form is old now: what it doesn't turn is none of its business.
	other := grid.cellNamed("Aisha Rahman in Finance")
	a.post(grid.attr("#grid", "action"), grid.form(other)).want(http.StatusSeeOther)
	a.get(a.assignments(query)).has("#staged", "3 staged changes")
	// And turned back in the new one.
	a.post(staged.attr("#grid", "action"), staged.form(add, remove)).want(http.StatusSeeOther)
	last := a.get(a.assignments(query))
	last.has("#flash", "0 staged, 2 taken back. 1 change.")
	last.has("#staged", "1 staged change", "Finance")
}

func TestStageGroups(t *testing.T) {
	a := signedIn(t)
	a.get(a.orgURL())
	grid := a.get(a.assignments("rows=groups")).want(http.StatusOK)
	add, remove := grid.cellNamed("Research in Sales"), grid.cellNamed("Delivery leads in Delivery")
	a.calls()
	a.stage("rows=groups", "add", add).want(http.StatusOK).has("#staged", "Add Research", "12 users")
	got := a.stage("rows=groups", "remove", remove).want(http.StatusOK)
	if got.text("#announce") != "Staged: remove Delivery leads from Delivery. 2 changes" || len(a.calls()) != 0 {
		t.Errorf("announced %q", got.text("#announce"))
	}
	boxes := a.get(a.assignments("rows=groups&staged=true")).boxes()
	if len(boxes) != 16 || !boxes[add].Checked || boxes[remove].Checked {
		t.Errorf("%d boxes of rows with changes, %+v", len(boxes), boxes[add])
	}
	a.get(a.assignments("")).has("#staged", "2 staged changes", "Research", "Delivery leads")
}

// TestStageRefused: what can't be staged is refused in words, and nothing else
// is lost with it.
func TestStageRefused(t *testing.T) {
	a := signedIn(t)
	a.get(a.orgURL())
	query := "direct=true"
	grid := a.get(a.assignments(query))
	good := grid.cellNamed("Aisha Rahman in Labs")
	locked := grid.cellLike(func(b box) bool { return b.Class == "k" && strings.HasPrefix(b.Label, "Ana Kovač") })
	only := grid.cellLike(func(b box) bool { return b.Class == "g" && strings.HasPrefix(b.Label, "Aisha Rahman") })
	row, workspace, _ := strings.Cut(good, "-")
	a.calls()
	for _, tt := range []struct{ name, op, cell, words string }{
		{"no cell", "add", "x", "That is no cell of the grid."},
		{"a number with a sign", "add", "u+12-34", "That is no cell of the grid."},
		{"nothing", "add", "u0-0", "That is no cell of the grid."},
		{"too large", "add", "u99999999999999999999-1", "That is no cell of the grid."},
		{"hostile", "add", `u1-1"><script>alert(1)</script>`, "That is no cell of the grid."},
		{"nobody", "add", "u999999999-" + workspace, "There is no such user or group in this organization"},
		{"no such group", "remove", "g999999999-" + workspace, "There is no such user or group"},
		{"a workspace of another organization", "add", row + "-999999999", "Aisha Rahman in Workspace 999999999: not known to Roster"},
		{"locked", "remove", locked, "admin of the organization, can’t be removed."},
		{"only through a group", "remove", only, "so it is the group that has to change."},
	} {
		got := a.stage(query, tt.op, tt.cell).want(http.StatusUnprocessableEntity)
		got.has("#flash[hx-swap-oob] .note[role=alert]", "Not staged.", tt.words)
		if got.Find("#staged").Length() != 1 || got.text("#staged-title") != "Nothing staged" {
			t.Errorf("%s: the drawer says %q", tt.name, got.text("#staged-title"))
		}
		if told := got.told(); tt.cell == locked && told[tt.cell] != "on" || tt.cell == only && told[tt.cell] != "off" {
			t.Errorf("%s: the box is told to be %v", tt.name, told)
		}
	}
	r := a.stage(query, "add", good, "x", row+"-999999999").want(http.StatusUnprocessableEntity)
	r.has("#staged", "1 staged change", "Aisha Rahman")
	r.has("#flash", "no cell", "not known")
	if a.get(a.assignments("")).boxes()[good].Checked != true {
		t.Error("what could be staged is lost")
	}
	form := grid.form(locked)
	form.Add("c", "u5-999")
	a.post(a.assignments(query), form).want(http.StatusSeeOther)
	a.get(a.assignments(query)).has("#flash .note.bad", "Not staged: That is no cell of the grid.")
	for _, form := range []url.Values{{}, {"rows": {"u1"}}, {"rows": {"u1.zz!"}, "columns": {"1 2"}}, {"rows": {"x.1"}, "columns": {"1"}}, {"columns": {"1 2 3"}}} {
		a.post(a.assignments(""), form).want(http.StatusSeeOther)
	}
	a.get(a.assignments(query)).has("#staged", "1 staged change")
	if calls := a.calls(); slices.ContainsFunc(calls, func(s string) bool { return !strings.HasPrefix(s, "List") }) {
		t.Errorf("asked for %v", calls)
	}
}

// TestStageWhileSetIsApplied: a set that is being applied takes no more; a new
// one does.
func TestStageWhileSetIsApplied(t *testing.T) {
	db, keep := withStore(t)
	a := signedIn(t, keep)
	grid := a.get(a.assignments(""))
	first, second := grid.cellNamed("Aisha Rahman in Labs"), grid.cellNamed("Aisha Rahman in Finance")
	a.stage("", "add", first)
	sets, err := db.ChangeSets(t.Context(), a.org, 9)
	must(t, err)
	_, err = db.ClaimChangeSet(t.Context(), sets[0].ID, "holder", []string{store.SetStaged}, time.Minute)
	must(t, err)
	a.stage("", "add", second).want(http.StatusOK).has("#staged", "1 staged change", "Finance")
	if sets, err = db.ChangeSets(t.Context(), a.org, 9); err != nil || len(sets) != 2 {
		t.Errorf("%d sets, %v", len(sets), err)
	}
}

// TestRejectedCells: what Toggl refused stands in its cell and first in the
// drawer while it is staged again, and what was held back says why.
func TestRejectedCells(t *testing.T) {
	db, keep := withStore(t)
	a := signedIn(t, keep)
	grid := a.get(a.assignments(""))
	refused, held := grid.cellNamed("Aisha Rahman in Sales"), grid.cellNamed("Aisha Rahman in Labs")
	other := grid.cellNamed("Aisha Rahman in Field Ops")
	a.stage("", "remove", refused)
	a.stage("", "add", held)
	set := a.staged(db)
	_, err := db.ClaimChangeSet(t.Context(), set.ID, "holder", []string{store.SetStaged}, time.Minute)
	must(t, err)
	must(t, db.BeginSteps(t.Context(), set.ID, "holder", []int64{1, 2}))
	must(t, db.EndSteps(t.Context(), set.ID, "holder", []store.StepResult{
		{ID: 1, State: store.StepRefused, Message: "Cannot remove paying user."}, {ID: 2, State: store.StepHeld, Message: "none"},
	}))
	must(t, db.FinishChangeSet(t.Context(), set.ID, "holder", store.SetApplied, "", time.Time{}))
	a.stage("", "remove", other)
	got := a.stage("", "remove", refused)
	got.has("#staged .note", "1 rejected.")
	if names := got.texts("#staged .chg h3"); !slices.Equal(names, []string{"Sales", "Field Ops"}) {
		t.Errorf("the drawer begins with %q", names)
	}
	got.has("#staged .chg .d.bad", "Cannot remove paying user. from Toggl")
	boxes := a.get(a.assignments("")).boxes()
	if b := boxes[refused]; b.Words != "Cannot remove paying user." || b.Invalidity != "true" || b.Class != "f" || b.Checked {
		t.Errorf("the refused box is %+v", b)
	}
	if b := boxes[held]; b.Words != "Not sent. Changed in Toggl meanwhile, now not a member" || b.Checked {
		t.Errorf("the held box is %+v", b)
	}
	a.stage("", "add", refused)
	if b := a.get(a.assignments("")).boxes()[refused]; b.Words != "" || !b.Checked {
		t.Errorf("after it was taken back the box is %+v", b)
	}
}

func (a *app) staged(db *store.Store) store.ChangeSet {
	a.t.Helper()
	sets, err := db.ChangeSets(a.t.Context(), a.org, 1)
	must(a.t, err)
	return sets[0]
}

// TestHeldWhileStaged: somebody else's change in between is seen in the cell and
// in the drawer.
func TestHeldWhileStaged(t *testing.T) {
	a := signedIn(t)
	grid := a.get(a.assignments("filter=aisha"))
	add := grid.cellNamed("Aisha Rahman in Labs")
	a.stage("filter=aisha", "add", add)
	userID, workspaceID, _ := strings.Cut(strings.TrimPrefix(add, "u"), "-")
	a.upstream.Script(sandbox.Failure{Operation: "ListOrganizationUsers", Times: -1, Body: `[{"id":1,"user_id":` + userID +
		`,"joined":true,"name":"Aisha Rahman","email":"a@example.com","workspaces":[{"workspace_id":` + workspaceID + `,"workspace_name":"Labs"}]}]`})
	a.pass(2 * time.Minute)
	got := a.get(a.assignments("filter=aisha"))
	got.has("#staged", "Already so, nothing is sent", "Nothing of this would be sent.")
	if b := got.boxes()[add]; !b.Checked || b.Was != "1" || b.Change != "" {
		t.Errorf("the box is %+v", b)
	}
	a.upstream.ClearScripts()
	a.upstream.Script(sandbox.Failure{Operation: "ListOrganizationUsers", Times: -1, Body: `[{"id":1,"user_id":` + userID +
		`,"joined":true,"name":"Aisha Rahman","email":"a@example.com","workspaces":[{"workspace_id":` + workspaceID + `,"workspace_name":"Labs","groups":[{"group_id":6,"name":"Friends"}]}]}]`})
	a.pass(2 * time.Minute)
	got = a.get(a.assignments("filter=aisha"))
	got.has("#staged .d.bad", "Changed in Toggl since you staged it: now a member via Friends")
	if b := got.boxes()[add]; b.Words != "Changed in Toggl meanwhile, now a member via Friends" {
		t.Errorf("the box is %+v", b)
	}
}

// TestUndoInTheDrawer: the button that posts works with and without scripts, on
// whatever page, also while Toggl gives no list.
func TestUndoInTheDrawer(t *testing.T) {
	a := signedIn(t)
	add := a.get(a.assignments("")).cellNamed("Aisha Rahman in Labs")
	a.stage("", "add", add)
	got := a.get(a.assignments("filter=bruno"))
	button := got.Find("#staged .chg button").First()
	if label := button.AttrOr("aria-label", ""); label != "Undo: add Aisha Rahman to Labs" {
		t.Errorf("the button says %q", label)
	}
	op, cell := button.AttrOr("name", ""), button.AttrOr("value", "")
	a.post(got.attr("#staged form", "action"), url.Values{op: {cell}}).leadsTo(a.assignments("filter=bruno"))
	a.get(a.assignments("")).has("#flash", "Taken back: add Aisha Rahman to Labs. 0 changes.")
	a.stage("", "add", add)
	a.post(a.orgURL()+"/refresh", nil)
	a.pass(2 * time.Minute)
	a.upstream.Script(sandbox.Failure{Operation: "ListOrganizationUsers", Status: 503, Times: -1})
	a.stage("filter=unread-before", op, cell).want(http.StatusOK).has("#staged", "Nothing staged")
	back := a.post(a.steps(""), url.Values{"add": {"x"}, "return_to": {"//evil.example/"}})
	if to := back.want(http.StatusSeeOther).header.Get("Location"); !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		t.Errorf("leads to %q", to)
	}
}
