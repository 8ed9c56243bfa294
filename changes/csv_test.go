package changes_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
)

func fileAccess() *changes.Access {
	a := changes.NewAccess()
	a.AddWorkspaces([]apiclient.Workspace{{ID: 1, Name: "Delivery"}, {ID: 2, Name: "Łódź; Sales"}, {ID: 3, Name: "Twice"}, {ID: 4, Name: "twice"}})
	a.AddUsers([]apiclient.OrganizationUser{
		{ID: 51, UserID: 11, Name: "Hana Sato", Email: "Hana@example.com", Workspaces: []apiclient.UserWorkspace{{WorkspaceID: 1}}},
		{ID: 52, UserID: 12, Name: "=1+1", Email: "+x@example.com"},
		{ID: 53, UserID: 13, Name: "Owner", Email: "owner@example.com", Owner: true, Workspaces: []apiclient.UserWorkspace{{WorkspaceID: 1}}},
	})
	a.AddGroups([]apiclient.Group{{GroupID: 7, Name: "Delivery leads", Workspaces: []int64{1}}, {GroupID: 8, Name: "Crew"}, {GroupID: 9, Name: "crew "}})
	return a
}

func TestParseCSV(t *testing.T) {
	a := fileAccess()
	hana := changes.Target{RowKind: store.RowUser, RowID: 11, WorkspaceID: 1}
	hanaStays, _, err := changes.Stage(a, nil, hana, store.OpRemove)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, file string
		want       []string // kind row op workspace; − in front: taken back
		errors     []string
	}{
		{"by name and by id", "hana@example.com,2,add\nDelivery leads,delivery,remove\n", []string{"user 11 add 2", "group 7 remove 1"}, nil},
		{"semicolons", "hana@example.com;\"Łódź; Sales\";add\r\n", []string{"user 11 add 2"}, nil},
		{"tabs", "hana@example.com\t2\tADD", []string{"user 11 add 2"}, nil},
		{"a byte order mark", "\ufeffhana@example.com,2,add", []string{"user 11 add 2"}, nil},
		{"a header", "\ufeffMember,Workspace,Operation\nhana@example.com,2,add", []string{"user 11 add 2"}, nil},
		{"spaces, and an empty line", "\n hana@example.com , 2 , add \n\n", []string{"user 11 add 2"}, nil},
		{"more columns", "hana@example.com,2,add,why,not", []string{"user 11 add 2"}, nil},
		{"an apostrophe before a formula", "'+x@example.com,Delivery,add", []string{"user 12 add 1"}, nil},
		{"taken back", "hana@example.com,1,add", []string{"−user 11 remove 1"}, nil},
		{"a typing mistake in the first line", "hana@example.com,2,ad\nhana@example.com,2,add", []string{"user 11 add 2"}, []string{"1 ad: " + changes.ErrBadOp.Error()}},
		{"nobody", "x@example.com,1,add", nil, []string{"1 x@example.com: " + changes.ErrNoUser.Error()}},
		{"no address", ",1,add", nil, []string{"1 : " + changes.ErrNoGroup.Error()}},
		{"no group", "Nobody,1,add", nil, []string{"1 Nobody: " + changes.ErrNoGroup.Error()}},
		{"two groups", "crew,1,add", nil, []string{"1 crew: " + changes.ErrAmbiguousGroup.Error()}},
		{"no workspace", "hana@example.com,Labs,add", nil, []string{"1 Labs: " + changes.ErrNoWorkspace.Error()}},
		{"no workspace at all", "hana@example.com,,add", nil, []string{"1 : " + changes.ErrNoWorkspace.Error()}},
		{"two workspaces", "hana@example.com,TWICE,add", nil, []string{"1 TWICE: " + changes.ErrAmbiguousWorkspace.Error()}},
		{"two columns", "hana@example.com,add", nil, []string{"1 hana@example.com add: " + changes.ErrColumns.Error()}},
		{"twice", "hana@example.com,2,add\nHANA@example.com,2,remove", []string{"user 11 add 2"}, []string{"2 HANA@example.com: " + changes.ErrDuplicate.Error()}},
		{"already", "+x@example.com,1,remove", nil, []string{"1 +x@example.com: " + changes.ErrAlready.Error()}},
		{"staged already", "hana@example.com,1,remove", nil, []string{"1 hana@example.com: " + changes.ErrAlready.Error()}},
		{"locked", "who,where,op\nowner@example.com,1,remove", nil, []string{"2 owner@example.com: " + changes.ErrLocked.Error()}},
		{"lines are those of the file", "\n\nx@example.com,1,add", nil, []string{"3 x@example.com: " + changes.ErrNoUser.Error()}},
		{"nothing", "", nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := changes.ParseCSV(strings.NewReader(tt.file), a, changes.StagedOf([]store.Step{hanaStays}))
			if err != nil {
				t.Fatal(err)
			}
			var steps, faults []string
			for _, s := range got.Steps {
				steps = append(steps, fmt.Sprintf("%s %d %s %d", s.RowKind, s.RowID, s.Op, s.WorkspaceID))
			}
			for _, s := range got.Drop {
				steps = append(steps, fmt.Sprintf("−%s %d %s %d", s.RowKind, s.RowID, s.Op, s.WorkspaceID))
			}
			for _, e := range got.Errors {
				faults = append(faults, fmt.Sprintf("%d %s: %v", e.Line, e.Text, e.Why))
			}
			if diff := cmp.Diff(tt.want, steps); diff != "" {
				t.Errorf("steps %s", diff)
			}
			if diff := cmp.Diff(tt.errors, faults); diff != "" {
				t.Errorf("errors %s", diff)
			}
		})
	}
}

func TestParseCSVBounds(t *testing.T) {
	a := fileAccess()
	if _, err := changes.ParseCSV(strings.NewReader(strings.Repeat("x@example.com,1,add\n", changes.MaxSteps+1)), a, nil); !errors.Is(err, changes.ErrTooMany) {
		t.Errorf("many lines: %v", err)
	}
	if _, err := changes.ParseCSV(strings.NewReader(strings.Repeat("x", 9<<20)), a, nil); !errors.Is(err, changes.ErrTooLarge) {
		t.Errorf("a long line: %v", err)
	}
}

func FuzzParseCSV(f *testing.F) {
	f.Add("hana@example.com,2,add\n")
	f.Add("\ufeff\"x;\ty\";\"\"\"\n'=,,")
	a := fileAccess()
	f.Fuzz(func(t *testing.T, file string) {
		got, err := changes.ParseCSV(strings.NewReader(file), a, nil)
		if err == nil && len(got.Steps)+len(got.Errors)+len(got.Drop) > strings.Count(file, "\n")+1 {
			t.Errorf("more results than lines: %+v", got)
		}
	})
}

func exported(t *testing.T) []store.Step {
	t.Helper()
	a := fileAccess()
	var steps []store.Step
	for _, at := range []changes.Target{
		{RowKind: store.RowUser, RowID: 11, WorkspaceID: 2}, {RowKind: store.RowUser, RowID: 12, WorkspaceID: 1}, {RowKind: store.RowGroup, RowID: 7, WorkspaceID: 2},
	} {
		step, _, err := changes.Stage(a, nil, at, store.OpAdd)
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	steps[0].Message = "@SUM(A1)\tand\nmore"
	return steps
}

func TestWriteCSV(t *testing.T) {
	steps := exported(t)
	var file bytes.Buffer
	if err := changes.WriteCSV(&file, steps); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(file.Bytes())).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, error %v", len(rows), err)
	}
	for _, row := range rows {
		for _, field := range row {
			if strings.IndexAny(field, "=+-@\t\r") == 0 {
				t.Errorf("%q is a formula", field)
			}
		}
	}
	want := []string{"'+x@example.com", "Delivery", "add", "user", "'=1+1", "12", "1", "none", "staged", ""}
	if diff := cmp.Diff(want, rows[2]); diff != "" {
		t.Error(diff)
	}
	again, err := changes.ParseCSV(&file, fileAccess(), nil)
	steps[0].Message = ""
	if diff := cmp.Diff(steps, again.Steps); diff != "" || err != nil || len(again.Errors) != 0 {
		t.Errorf("read again: %v, %+v, %s", err, again.Errors, diff)
	}
}

func TestWriteJSON(t *testing.T) {
	var file bytes.Buffer
	set := store.ChangeSet{ID: "set", OrganizationID: 7, Subject: "secret subject", State: store.SetApplied, CreatedAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	if err := changes.WriteJSON(&file, set, exported(t)); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(file.String(), set.Subject) {
		t.Error("it says who staged it")
	}
	var got struct {
		ID    string
		Steps []map[string]any
	}
	if err := json.Unmarshal(file.Bytes(), &got); err != nil || got.ID != "set" || len(got.Steps) != 3 {
		t.Fatalf("%v: %s", err, file.String())
	}
	want := map[string]any{
		"kind": "group", "group_id": 7.0, "name": "Delivery leads", "workspace_id": 2.0, "workspace": "Łódź; Sales",
		"operation": "add", "was": "none", "state": "staged",
	}
	if diff := cmp.Diff(want, got.Steps[2]); diff != "" {
		t.Error(diff)
	}
}
