package changes_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode/utf8"

	"roster/changes"
	"roster/store"
)

// formula is a cell that a spreadsheet would calculate, in whatever country.
func formula(text string) string {
	for cell := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
		cell = strings.TrimLeft(cell, " ")
		if cell != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(cell)[0]) {
			return cell
		}
	}
	return ""
}

// FuzzNeutralCell: no cell of it is a formula, and nothing is gone.
func FuzzNeutralCell(f *testing.F) {
	for _, text := range []string{"", "Ada", "=1+1", " =1", "Ada;=cmd|' /C calc'!A0", "\t@SUM(A1)", "a\r\n-1", "＝1", "'=1", "x; +y", "\r", "=\xff", "a;;; =b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := changes.NeutralCell(text)
		if cell := formula(got); cell != "" {
			t.Errorf("%q became %q with the formula %q", text, got, cell)
		}
		if again := changes.NeutralCell(got); again != got {
			t.Errorf("%q became %q, and that %q", text, got, again)
		}
		without := func(s string) string { return strings.ReplaceAll(s, "'", "") }
		if utf8.ValidString(text) && without(got) != without(text) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

// FuzzWriteCSV: whatever the names are, a file has its lines and columns, and no
// formula in any of them.
func FuzzWriteCSV(f *testing.F) {
	f.Add("Hana", "hana@example.com", "Łódź; =Sales", "refused")
	f.Add("=1+1\n", `"x",`, "\t@a", "Toggl: ;=cmd")
	f.Add("\ufeff", "", "\xff", "\x00")
	f.Fuzz(func(t *testing.T, name, email, workspace, message string) {
		step := store.Step{RowKind: store.RowUser, RowID: 1, RowName: name, RowEmail: email, WorkspaceID: 2, WorkspaceName: workspace, Op: store.OpAdd, State: store.StepRefused, Message: message}
		var file bytes.Buffer
		if err := changes.WriteCSV(&file, []store.Step{step, step}); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(bytes.NewReader(file.Bytes())).ReadAll()
		if err != nil || len(lines) != 3 {
			t.Fatalf("%d lines, error %v", len(lines), err)
		}
		for _, line := range lines {
			for _, field := range line {
				if cell := formula(field); cell != "" || len(line) != len(lines[0]) {
					t.Errorf("%q of %d fields has the formula %q", field, len(line), cell)
				}
			}
		}
	})
}
