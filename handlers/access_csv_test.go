package handlers_test

import (
	"slices"
	"testing"
)

// TestAccessCSV holds everybody in every workspace, as Toggl has them, and those in
// none.
func TestAccessCSV(t *testing.T) {
	a := signedIn(t)
	a.reads(nil)
	d := a.download(a.orgURL() + "/access.csv")
	if disposition := d.header.Get("Content-Disposition"); disposition != `attachment; filename="organization-4128077-access-2026-11-21.csv"` {
		t.Errorf("Content-Disposition %q", disposition)
	}
	var want, got []string
	for _, u := range a.upstreamUsers("") {
		for _, w := range u.Workspaces {
			want = append(want, number(w.WorkspaceID)+" "+number(u.UserID))
		}
		if len(u.Workspaces) == 0 {
			want = append(want, " "+number(u.UserID))
		}
	}
	users := d.column(t, "user_id")
	for i, workspace := range d.column(t, "workspace_id") {
		got = append(got, workspace+" "+users[i])
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}
	if paths := slices.Compact(slices.Sorted(slices.Values(d.column(t, "access")))); !slices.Equal(paths, []string{"direct", "direct and group", "group", "none"}) {
		t.Errorf("paths %q", paths)
	}
	filtered := a.download(a.orgURL() + "/access.csv?workspace=2000006&only=exceptions")
	for i, id := range filtered.column(t, "workspace_id") {
		if id != "2000006" || filtered.column(t, "exceptions")[i] == "" {
			t.Errorf("row %d: workspace %s, exceptions %q", i, id, filtered.column(t, "exceptions")[i])
		}
	}
}
