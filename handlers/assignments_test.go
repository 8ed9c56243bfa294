package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/apiclient/sandbox"
)

// inProcess sends requests to a handler without a network.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}

// toggl is a client of the owner's that asks the sandbox itself.
func (a *app) toggl() *apiclient.Client {
	a.t.Helper()
	factory, err := apiclient.NewFactory(apiclient.Options{
		TrackURL: "http://127.0.0.1/api/v9", FocusURL: "http://127.0.0.1/focus/api", Transport: inProcess{a.upstream}, RatePerSecond: 1e6, Burst: 1e6,
	})
	must(a.t, err)
	return factory.Client(apiclient.Credentials{APIToken: a.upstream.Owner().APIToken}).Fresh()
}

// assignments is an address of the grid.
func (a *app) assignments(query string) string {
	address := a.orgURL() + "/assignments"
	if query != "" {
		address += "?" + query
	}
	return address
}

// A box is a cell of the grid as it is shown.
type box struct {
	Class, Label, Title       string
	Was                       string
	Checked, Disabled         bool
	Change, Words, Invalidity string
}

// boxes are the cells by their names.
func (p page) boxes() map[string]box {
	boxes := map[string]box{}
	p.Find("#users tbody td").Each(func(_ int, cell *selection) {
		input := cell.Find("input[type=checkbox]")
		b := box{
			Class: cell.AttrOr("class", ""), Title: cell.AttrOr("title", ""), Label: input.AttrOr("aria-label", ""), Was: input.AttrOr("data-was", ""),
			Change: input.AttrOr("aria-description", ""), Words: textOf(cell.Find(".cellerr")), Invalidity: input.AttrOr("aria-invalid", ""),
		}
		_, b.Checked = input.Attr("checked")
		_, b.Disabled = input.Attr("disabled")
		boxes[input.AttrOr("value", "")] = b
	})
	return boxes
}

// cellOf is the name of a user's cell.
func cellOf(userID, workspaceID int64) string {
	return "u" + number(userID) + "-" + number(workspaceID)
}

// expectedBox is how a user's cell has to be drawn by what Toggl says.
func expectedBox(u apiclient.OrganizationUser, workspace string, direct, known bool, groups []string) box {
	b := box{Was: "0", Label: u.Name + " in " + workspace}
	via := "via " + strings.Join(groups, " and ")
	if len(groups) > 2 {
		via = "via " + strings.Join(groups[:len(groups)-1], ", ") + " and " + groups[len(groups)-1]
	}
	locked := u.Owner || u.Admin
	switch {
	case len(groups) > 0 && !known:
		b.Class, b.Was, b.Title = "m", "1", "V"+via[1:]+", perhaps also direct"
		b.Label += ", " + via + ", perhaps also direct"
	case len(groups) > 0 && direct:
		b.Class, b.Was, b.Title = "b", "1", "Also "+via
		b.Label += ", also " + via
	case len(groups) > 0:
		b.Class, b.Title, locked = "g", "Only "+via, false
		b.Label += ", only " + via
	case direct:
		b.Was = "1"
	default:
		return b
	}
	b.Checked = b.Was == "1"
	if locked {
		who := "admin of"
		if u.Owner {
			who = "owner of"
		}
		b.Class, b.Disabled, b.Title = "k", true, strings.ToUpper(who[:1])+who[1:]+" the organization, can’t be removed"
		b.Label += ": " + who + " the organization, can’t be removed"
	}
	return b
}

// TestAssignmentsCells holds each cell of the first page against Toggl's lists:
// what the users list says of them, and what the workspaces say who is direct.
func TestAssignmentsCells(t *testing.T) {
	a := signedIn(t)
	users, err := a.toggl().ListOrganizationUsers(t.Context(), a.org, apiclient.ListOrganizationUsersOptions{})
	must(t, err)
	workspaces, err := a.toggl().ListMyWorkspaces(t.Context())
	must(t, err)
	groups, err := a.toggl().ListGroups(t.Context(), a.org, apiclient.ListGroupsOptions{})
	must(t, err)
	groupName := map[int64]string{}
	for _, g := range groups {
		groupName[g.GroupID] = g.Name
	}
	listed, told := map[string]box{}, map[string]box{}
	for _, w := range workspaces {
		if w.OrganizationID != a.org {
			continue
		}
		members, err := a.toggl().ListWorkspaceUsers(t.Context(), a.org, w.ID, apiclient.ListWorkspaceUsersOptions{})
		must(t, err)
		for _, u := range users.Users {
			name := cellOf(u.UserID, w.ID)
			listed[name], told[name] = expectedBox(u, w.Name, false, true, nil), expectedBox(u, w.Name, false, true, nil)
			for _, m := range u.Workspaces {
				if m.WorkspaceID == w.ID {
					listed[name] = expectedBox(u, w.Name, len(m.Groups) == 0, len(m.Groups) == 0, namesOf(m.Groups))
				}
			}
			for _, m := range members {
				if m.UserID == u.UserID {
					slices.Sort(m.GroupIDs)
					var names []string
					for _, id := range m.GroupIDs {
						names = append(names, groupName[id])
					}
					told[name] = expectedBox(u, w.Name, m.IsDirect, true, names)
				}
			}
		}
	}
	a.upstream.ResetRequests()
	got := a.get(a.assignments("")).want(http.StatusOK)
	if diff := cmp.Diff(listed, got.boxes()); diff != "" {
		t.Error(diff)
	}
	if calls := joined(a.calls()); calls != "ListOrganizationUsers" {
		t.Errorf("the grid asked for %q", calls)
	}
	if diff := cmp.Diff(told, a.get(a.assignments("direct=true")).want(http.StatusOK).boxes()); diff != "" {
		t.Error(diff)
	}
	if calls := joined(a.calls()); calls != strings.TrimSpace(strings.Repeat("ListWorkspaceUsers ", 8)) {
		t.Errorf("telling direct members apart asked for %q", calls)
	}
	states := map[string]int{}
	for _, b := range told {
		states[b.Class+b.Was]++
	}
	for _, state := range []string{"0", "1", "g0", "b1", "k1"} {
		if states[state] == 0 {
			t.Errorf("no cell of the state %q was seen: %v", state, states)
		}
	}
}

// namesOf are the names of groups in the order of their ids, as cells have them.
func namesOf(groups []apiclient.GroupRef) []string {
	groups = slices.Clone(groups)
	slices.SortFunc(groups, func(a, b apiclient.GroupRef) int { return int(a.GroupID - b.GroupID) })
	var names []string
	for _, g := range groups {
		names = append(names, g.Name)
	}
	return names
}

func TestAssignmentsOfGroups(t *testing.T) {
	a := signedIn(t)
	groups, err := a.toggl().ListGroups(t.Context(), a.org, apiclient.ListGroupsOptions{})
	must(t, err)
	a.get(a.users("")) // where the names of workspaces stand
	a.upstream.ResetRequests()
	got := a.get(a.assignments("rows=groups")).want(http.StatusOK)
	if calls := joined(a.calls()); calls != "ListGroups" {
		t.Errorf("asked for %q", calls)
	}
	boxes := got.boxes()
	if len(boxes) != 8*len(groups) {
		t.Fatalf("%d boxes for %d groups", len(boxes), len(groups))
	}
	for _, g := range groups {
		for name, b := range boxes {
			row, workspace, _ := strings.Cut(name, "-")
			if row != "g"+number(g.GroupID) {
				continue
			}
			id, err := strconv.ParseInt(workspace, 10, 64)
			must(t, err)
			if has := slices.Contains(g.Workspaces, id); b.Checked != has || (b.Was == "1") != has || !strings.HasPrefix(b.Label, g.Name+" in ") {
				t.Errorf("%s: %+v, has it: %v", g.Name, b, has)
			}
		}
	}
	if heads := got.texts("#users thead th bdi"); !slices.Equal(heads, []string{"Delivery", "Design Studio", "Field Ops", "Finance", "Internal", "Labs", "Partner Projects", "Sales"}) {
		t.Errorf("the columns are %q", heads)
	}
	narrowed := a.get(a.assignments("rows=groups&filter=LEADS"))
	if names := narrowed.texts("#users tbody th bdi"); !slices.Equal(names, []string{"Delivery leads"}) {
		t.Errorf("narrowed to %q", names)
	}
	a.get(a.assignments("rows=groups&filter=nothing")).has("#users-results .empty", "No groups match this filter", "“nothing”")
}

// TestAssignmentsOfGroupsAtFirst: where nothing names a workspace the list of
// workspaces is asked for, once.
func TestAssignmentsOfGroupsAtFirst(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.assignments("rows=groups")).want(http.StatusOK)
	if calls := joined(a.calls()); calls != "ListGroups ListMyWorkspaces" {
		t.Errorf("asked for %q", calls)
	}
	if heads := got.texts("#users thead th bdi"); len(heads) != 8 || heads[0] != "Delivery" {
		t.Errorf("the columns are %q", heads)
	}
	if a.get(a.assignments("rows=groups")); len(a.calls()) != 0 {
		t.Error("asked again")
	}
}

func TestAssignmentsColumnsArePaged(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Workspaces = 45 })
	a.get(a.orgURL()).want(http.StatusOK) // the workspaces are known from here
	seen := map[string]bool{}
	address := a.assignments("filter=a")
	for page, want := range []string{"Workspaces 1–20 of 45", "Workspaces 21–40 of 45", "Workspaces 41–45 of 45"} {
		got := a.get(address).want(http.StatusOK)
		if text := got.text(".mx-columns .num"); text != want {
			t.Errorf("page %d says %q", page+1, text)
		}
		for _, name := range got.texts("#users thead th bdi") {
			if seen[name] {
				t.Errorf("%s stands on two pages", name)
			}
			seen[name] = true
		}
		if got.attr("#users-search", "value") != "a" {
			t.Error("the filter is lost")
		}
		address = got.attr("#columns-next", "href")
	}
	if len(seen) != 45 || address != "" {
		t.Errorf("%d columns, and then %q", len(seen), address)
	}
	for _, page := range []string{"99", "-1", "x", "0"} {
		a.get(a.assignments("workspace_page=" + page)).want(http.StatusOK)
	}
	if text := a.get(a.assignments("workspace_page=99")).text(".mx-columns .num"); text != "Workspaces 41–45 of 45" {
		t.Errorf("a page that isn't there is %q", text)
	}
}

func TestAssignmentsCounts(t *testing.T) {
	a := signedIn(t)
	if got := a.get(a.assignments("")).texts("#users thead small"); strings.Join(got, "") != "" {
		t.Errorf("counts that nobody has read: %q", got)
	}
	a.get(a.orgURL())
	statistics, err := a.toggl().GetWorkspaceStatistics(t.Context(), a.org)
	must(t, err)
	got := a.get(a.assignments(""))
	for id, s := range statistics {
		if text := got.text("#n-" + number(id)); text != number(s.MembersCount) {
			t.Errorf("workspace %d says %q, want %d", id, text, s.MembersCount)
		}
	}
}

func TestAssignmentsPagerAndFilters(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.assignments("per_page=25&only_admins=false&page=2")).want(http.StatusOK)
	if rows := got.Find("#users tbody tr").Length(); rows != 25 {
		t.Errorf("%d rows", rows)
	}
	if next := got.attr("#page-next", "href"); next != a.assignments("only_admins=false&page=3&per_page=25") {
		t.Errorf("the next page is %q", next)
	}
	fragment := a.getFragment(a.assignments("filter=ab"), a.assignments("")).want(http.StatusOK)
	if fragment.isPage() || fragment.Find("#users-results #users").Length() != 1 || fragment.Find("#staged").Length() != 1 {
		t.Error("the fragment isn't the grid with its drawer")
	}
	if address := fragment.header.Get("HX-Replace-Url"); address != a.assignments("filter=ab") {
		t.Errorf("typing puts %q into the address", address)
	}
	empty := a.get(a.assignments("filter=nobody-is-called-so&workspace_page=2")).want(http.StatusOK)
	empty.has("#users-results .empty", "No users match these filters")
	refused := a.get(a.assignments("active_status=asleep&filter=ab")).want(http.StatusUnprocessableEntity)
	refused.has("#users-error", "active_status", "from Toggl")
	if link := refused.attr("#users-error a", "href"); link != a.assignments("filter=ab") || refused.attr("#users-search", "value") != "ab" {
		t.Errorf("the way on is %q", link)
	}
	if menu := a.get(a.assignments("")).attr("#choices-groups a", "href"); !strings.Contains(menu, "grid=true") {
		t.Errorf("the menu of groups is at %q", menu)
	} else if choice := a.get(menu).want(http.StatusOK); choice.attr("main form[method=get]", "action") != a.assignments("") {
		t.Error("a filter that is chosen on its own page doesn't lead back to the grid")
	}
}

// TestAssignmentsUpstreamDown: without the list there is no grid, and words why.
func TestAssignmentsUpstreamDown(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Operation: "ListOrganizationUsers", Status: 503, Times: -1})
	a.get(a.assignments("")).want(http.StatusBadGateway).has("#problem h1", "Toggl couldn't answer")
	a.upstream.ClearScripts()
	a.upstream.Script(sandbox.Failure{Operation: "ListWorkspaceUsers", Status: 403, Body: `"User does not have access to this resource."`, Times: -1})
	got := a.get(a.assignments("direct=true")).want(http.StatusOK)
	got.has("#grid .note", "Not every workspace said who is a direct member", "User does not have access")
	if boxes := got.boxes(); len(boxes) != 400 {
		t.Errorf("%d boxes", len(boxes))
	}
}
