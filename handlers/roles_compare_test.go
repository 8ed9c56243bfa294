package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// comparedCells are the texts of the rows of a comparison, with their labels.
func comparedCells(p page) map[string][]string {
	rows := map[string][]string{}
	p.Find("#comparison tbody tr:not(.ent):not(.samerow)").Each(func(_ int, s *selection) {
		label := textOf(s.Find("th a bdi"))
		s.Find("td").Each(func(_ int, cell *selection) { rows[label] = append(rows[label], textOf(cell)) })
	})
	return rows
}

func TestCompareRoles(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.roles("/comparison?role=15&role=16&role=17")).want(http.StatusOK)
	if diff := cmp.Diff([]string{"Workspace admin", "Workspace manager", "Workspace member"}, got.texts("#comparison .rolehd b")); diff != "" {
		t.Error(diff)
	}
	got.has("#comparison-tools", "24 of 34 permissions differ")
	rows := comparedCells(got)
	for label, want := range map[string][]string{
		"Invite users":    {"Conditional To their workspace", "Not allowed", "Not allowed"},
		"Create projects": {"Allowed", "Allowed", "Conditional If workspace settings allow it"},
		"View members":    {"Allowed", "Allowed", "Not allowed"},
	} {
		if diff := cmp.Diff(want, rows[label]); diff != "" {
			t.Errorf("%s: %s", label, diff)
		}
	}
	if len(rows) != 24 || rows["Track time"] != nil {
		t.Errorf("%d rows, among them some that don't differ", len(rows))
	}
	if got.Find("#only-differences[checked]").Length() == 0 {
		t.Error("the box isn't checked")
	}
	entities := got.texts("#comparison .ent bdi")
	if diff := cmp.Diff([]string{"organization", "group", "workspace", "project"}, entities); diff != "" {
		t.Error(diff)
	}
	got.Find("#comparison .pv").Each(func(_ int, s *selection) {
		if s.Find("svg").Length() != 1 || textOf(s) == "" {
			t.Error("a cell without an icon and a word")
		}
	})

	all := a.get(got.attr(".samerow a", "href")).want(http.StatusOK)
	if n := len(comparedCells(all)); n != 34 {
		t.Errorf("all are %d", n)
	}
	if all.Find("#only-differences[checked]").Length() != 0 || all.Find("tr.differs").Length() != 24 {
		t.Error("those that differ aren't marked among all")
	}
	got.has(".samerow", "Show 10 permissions that are the same in all 3")
}

// TestComparisonAddress: all of it is in the address, which links and the form
// change, with scripts and without.
func TestComparisonAddress(t *testing.T) {
	a := withFocus(t)
	path := func(query string) string { return a.roles("/comparison" + query) }
	got := a.get(path(""))
	got.has("#comparison", "Choose the first role")
	got = a.get(got.attr("#comparison li:nth-child(4) a", "href"))
	if got.asked.URL.RequestURI() != path("?role=15") {
		t.Fatalf("the first is at %s", got.asked.URL)
	}
	got.has("#comparison-tools", "25 of 34 permissions")
	add := got.Find("#add-role a").FilterFunction(func(_ int, s *selection) bool { return strings.Contains(s.Text(), "Workspace member") })
	got = a.get(add.AttrOr("href", ""))
	if got.asked.URL.RequestURI() != path("?role=15&role=17") || got.Find("#add-role a").Length() != 7 {
		t.Errorf("added: %s", got.asked.URL)
	}
	got.has(".samerow", "the same in both")
	remove := got.attr(".rolehd .t a", "href")
	if remove != path("?role=17") || got.attr(".rolehd .t a", "aria-label") != "Remove Workspace admin from the comparison" {
		t.Errorf("removing leads to %s", remove)
	}
	for query, tidy := range map[string]string{
		"?role=15&role=17&all=1&all=0&q=": "?role=15&role=17", "?role=15&role=17&all=1&q=": "?all=1&role=15&role=17",
		"?role=15&role=15&role=x": "?role=15", "?role=15&role=17&q=+rate+&unknown=1": "?q=rate&role=15&role=17",
	} {
		fragment := a.getFragment(path(query), path("?role=15"))
		if address := fragment.header.Get("HX-Push-Url") + fragment.header.Get("HX-Replace-Url"); address != path(tidy) {
			t.Errorf("%s becomes %s", query, address)
		}
		if copied := a.get(path(query)).attr("[data-copy]", "href"); copied != path(tidy) {
			t.Errorf("%s is copied as %s", query, copied)
		}
	}
	form := got.fields(`form[aria-label="Filter permissions"]`, "")
	if diff := cmp.Diff(map[string][]string{"role": {"15", "17"}, "q": {""}, "all": {"1", "0"}}, map[string][]string(form)); diff != "" {
		t.Errorf("the form sends %s", diff)
	}
}

func TestComparisonSearch(t *testing.T) {
	a := withFocus(t)
	search := func(query string) page {
		return a.get(a.roles("/comparison?role=15&role=17&" + query)).want(http.StatusOK)
	}
	if diff := cmp.Diff([]string{"View and edit billable rates", "View and edit labor costs"}, search("q=VIEW_EDIT").texts("#comparison tbody th a bdi")); diff != "" {
		t.Error(diff)
	}
	if n := len(comparedCells(search("q=switched+on"))); n != 1 {
		t.Errorf("a condition is found %d times", n)
	}
	if n := len(comparedCells(search("q=track_time"))); n != 0 {
		t.Error("what doesn't differ is found")
	}
	if n := len(comparedCells(search("q=track_time&all=1"))); n != 1 {
		t.Error("what doesn't differ isn't found among all")
	}
	none := search("q=zzz")
	none.has("#comparison .empty", "No permissions match this search", "“zzz”")
	if none.attr("#comparison .empty a", "href") != a.roles("/comparison?role=15&role=17") {
		t.Error("Clear leads elsewhere")
	}
}

func TestCompareLikeRoles(t *testing.T) {
	a := withFocus(t)
	a.answersRoles(`[{"role_id":1,"name":"A","permissions":[{"permission_id":1,"name":"x","condition":"b"},{"permission_id":1,"name":"x","condition":" a "}]},
		{"role_id":2,"name":"B","permissions":[{"permission_id":1,"name":"x","condition":"a"},{"permission_id":1,"name":"x","condition":"b"},{"permission_id":1,"name":"x","condition":"b"}]},
		{"role_id":3,"name":"C","permissions":[{"permission_id":1,"name":"x","condition":"a"},{"permission_id":1,"name":"x","condition":null}]}]`)
	got := a.get(a.roles("/comparison?role=1&role=2")).want(http.StatusOK)
	got.has("#comparison .empty", "These roles allow the same")
	all := comparedCells(a.get(got.attr("#comparison .empty a", "href")))
	if diff := cmp.Diff([]string{"Conditional a b", "Conditional a b"}, all["x"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Conditional a b", "Allowed"}, comparedCells(a.get(a.roles("/comparison?role=1&role=3")))["x"]); diff != "" {
		t.Errorf("without a condition once is without: %s", diff)
	}
}

func TestCompareUnknownRole(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.roles("/comparison?role=15&role=99&role=4")).want(http.StatusOK)
	got.has(".note.warn", "Toggl lists no roles 99, 4.", "Compare without them")
	if without := got.attr(".note.warn a", "href"); without != a.roles("/comparison?role=15") {
		t.Errorf("comparing without them is at %s", without)
	}
	if n := got.Find(".rolehd").Length(); n != 1 {
		t.Errorf("%d columns", n)
	}
}

func TestComparisonCSV(t *testing.T) {
	a := withFocus(t)
	got := a.get(a.roles("/comparison?role=15&role=17&q=rates"))
	d := a.download(got.attr("a[download]", "href"))
	want := [][]string{
		{"entity", "permission_id", "name", "description", "differs", "Workspace admin (15, ws_admin)", "Workspace member (17, ws_user)"},
		{"workspace", "17", "view_edit_billable_rates", "View and edit billable rates", "true", "Allowed", "Conditional: If switched on for the member"},
	}
	if diff := cmp.Diff(want, d.records); diff != "" {
		t.Error(diff)
	}
	if name := d.header.Get("Content-Disposition"); name != `attachment; filename="roles-`+number(a.org)+`-2026-11-21.csv"` {
		t.Errorf("the file is called %s", name)
	}
	if d := a.download(a.roles("/comparison.csv?role=15&role=17&all=1")); len(d.records) != 35 {
		t.Errorf("all are %d records", len(d.records))
	}
	if d := a.download(a.roles("/comparison.csv")); d.status != http.StatusOK || len(d.records[0]) != 5 {
		t.Errorf("a comparison of nothing: %d, %v", d.status, d.records)
	}
}
