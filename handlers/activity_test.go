package handlers_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
	"roster/store"
)

// plant puts rows into the log.
func (s *setApp) plant(rows ...store.Activity) {
	s.t.Helper()
	for i, row := range rows {
		row.OrganizationID, row.Issuer = s.org, "toggl"
		if row.Operation == "" {
			row.Operation = "UpdateOrganizationUser"
		}
		if row.At.IsZero() {
			row.At = s.clock().Add(time.Duration(i) * time.Second)
		}
		_, err := s.store.BeginActivity(s.t.Context(), row)
		must(s.t, err)
	}
}

func TestActivityFilters(t *testing.T) {
	s := withSets(t)
	s.plant(
		store.Activity{Subject: "toggl:1", Name: "Ann Lee", TargetKind: "organization_user", TargetID: 7, TargetName: "Hana Sato", Result: store.ResultDone, At: start.AddDate(0, 0, -2)},
		store.Activity{Subject: "toggl:2", Name: "Bo Ek", TargetKind: "group", TargetID: 8, TargetName: "Design", Operation: "PatchTrackGroup", New: `[{"op":"add"}]`, Result: store.ResultRefused, Message: "No."},
		store.Activity{Subject: "toggl:2", Name: "Bo Ek", TargetKind: "organization_user", TargetID: 7, TargetName: "Hana Sato", Result: store.ResultDone},
	)
	for query, want := range map[string]int{
		"": 3, "person=ann": 1, "person=toggl:2": 2, "target=SATO": 2, "target=group:8": 1, "operation=PatchTrackGroup": 1, "result=refused": 1,
		"from=2026-11-21": 2, "to=2026-11-20": 1, "from=2026-11-19&to=2026-11-19": 1, "person=bo&result=done": 1, "person=nobody": 0, "operation=Unknown": 0,
	} {
		got := s.get(s.url("/activity?" + query)).want(http.StatusOK)
		if n := got.Find("#activity > li").Length(); n != want {
			t.Errorf("%q: %d rows, want %d", query, n, want)
		}
		if want == 0 {
			got.has("main", "No change matches these filters", "Clear the filters")
		}
		values, err := url.ParseQuery(query)
		must(t, err)
		for name := range values {
			kept := got.attr("[name="+name+"]", "value") + got.attr("[name="+name+"] option[selected]", "value")
			if kept != values.Get(name) {
				t.Errorf("%q: %s is shown as %q", query, name, kept)
			}
		}
	}
	bad := s.get(s.url("/activity?from=yesterday&person=ann")).want(http.StatusUnprocessableEntity)
	bad.has("#activity-from-error", "Write a date as")
	if bad.attr("[name=person]", "value") != "ann" {
		t.Error("the other filter is lost")
	}
	s.get(s.url("/activity?from=2026-11-21&to=2026-11-20")).want(http.StatusUnprocessableEntity).has("#activity-to-error", "before the first day")
	s.get(s.url("/activity.csv?from=x")).want(http.StatusUnprocessableEntity)
}

func TestActivityPages(t *testing.T) {
	s := withSets(t)
	rows := make([]store.Activity, 120)
	for i := range rows {
		rows[i] = store.Activity{Subject: "toggl:1", Name: "Ann", TargetKind: "group", TargetID: int64(i + 1), Result: store.ResultDone}
	}
	s.plant(rows...)
	seen := map[string]bool{}
	address, pages := s.url("/activity?person=ann"), 0
	for address != "" {
		got := s.get(address).want(http.StatusOK)
		got.Find("#activity > li").Each(func(_ int, row *selection) { seen[row.AttrOr("id", "")] = true })
		address = got.attr("a[rel=next]", "href")
		if pages++; pages == 1 {
			s.plant(store.Activity{Subject: "toggl:1", Name: "Ann", TargetKind: "group", TargetID: 1, Result: store.ResultDone}) // shifts nothing
		}
	}
	if len(seen) != 120 || pages != 3 {
		t.Errorf("%d rows on %d pages", len(seen), pages)
	}
}

func TestActivityExports(t *testing.T) {
	s := withSets(t)
	s.plant(
		store.Activity{Subject: "toggl:1", Name: "=HYPERLINK(1)", TargetName: "Zoë", Old: `{"name":"A"}`, New: `{"name":"+B"}`, Result: store.ResultDone},
		store.Activity{Subject: "toggl:2", Name: "Bo", Result: store.ResultRefused, Message: "@no"},
	)
	file := s.get(s.url("/activity.csv")).want(http.StatusOK)
	if got := file.header.Get("Content-Disposition"); got != `attachment; filename="activity-`+number(s.org)+`-2026-11-21.csv"` {
		t.Errorf("named %s", got)
	}
	table, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	must(t, err)
	if len(table) != 3 || table[2][5] != "'=HYPERLINK(1)" || table[1][18] != "'@no" || table[2][14] != `{"name":"+B"}` || table[2][1] != "2026-11-21T15:04:05.000Z" {
		t.Errorf("table %q", table)
	}
	text := s.get(s.url("/activity.jsonl?person=toggl:1")).want(http.StatusOK)
	var lines []struct {
		Name string
		Old  map[string]string
		New  map[string]string
	}
	for line := range strings.Lines(text.body) {
		lines = append(lines, struct {
			Name string
			Old  map[string]string
			New  map[string]string
		}{})
		must(t, json.Unmarshal([]byte(line), &lines[len(lines)-1]))
	}
	if len(lines) != 1 || lines[0].Name != "=HYPERLINK(1)" || lines[0].New["name"] != "+B" || lines[0].Old["name"] != "A" {
		t.Errorf("lines %+v", lines)
	}
	for _, kind := range []string{"csv", "jsonl"} { // nothing matches: an empty file, not a failure
		s.get(s.url("/activity." + kind + "?person=nobody")).want(http.StatusOK)
	}
}

// TestActivityIsForAdmins of that organization alone.
func TestActivityIsForAdmins(t *testing.T) {
	s := withSets(t)
	s.plant(store.Activity{Subject: "toggl:1", Name: "Ann", Result: store.ResultDone})
	for _, path := range []string{"/orgs/1/activity", "/orgs/1/activity.csv", "/orgs/1/activity.jsonl"} {
		s.get(path).want(http.StatusForbidden)
	}
	for who, status := range map[sandbox.Persona]int{s.upstream.Admin(): http.StatusOK, s.upstream.Member(): http.StatusForbidden} {
		s.client = newBrowser(t)
		s.signIn(who)
		got := s.get(s.url("/activity")).want(status)
		if status == http.StatusForbidden {
			got.has("#problem h1", "Only admins of the organization see this")
		}
		s.get(s.url("/activity.csv")).want(status)
		s.get(s.url("/activity.jsonl")).want(status)
		if links := got.Find(`.side a[href$="/activity"]`).Length(); (links == 1) != (status == http.StatusOK) {
			t.Errorf("%d links in the navigation of %s", links, who)
		}
	}
}

// TestActivityIsText: what people and Toggl wrote is never markup.
func TestActivityIsText(t *testing.T) {
	s := withSets(t)
	hostile := `<img src=x onerror=alert(1)>`
	s.plant(store.Activity{
		Subject: hostile, Name: hostile, TargetKind: hostile, TargetID: 1, TargetName: hostile, Operation: hostile,
		Old: `{"` + `name":"x"}`, New: `{"name":` + jsonString(hostile) + `,"<b>":[{"a":1}],"workspaces":[{"workspace_id":1,"rate":null}]}`,
		Result: store.ResultRefused, Message: hostile,
	})
	for _, path := range []string{"/activity", ""} {
		got := s.get(s.url(path)).want(http.StatusOK)
		if got.Find("img").Length() != 0 || !strings.Contains(got.text("main"), hostile) {
			t.Errorf("%s: not as text", path)
		}
	}
}
