package handlers

import (
	"strconv"
	"strings"

	"roster/changes"
	"roster/store"
	"roster/views"
)

// cellValue names a cell in forms: u12-34 is user 12 in workspace 34, g12-34
// group 12.
func cellValue(at changes.Target) string {
	text := append(make([]byte, 0, 24), 'u')
	if at.RowKind == store.RowGroup {
		text[0] = 'g'
	}
	text = strconv.AppendInt(text, at.RowID, 10)
	return string(strconv.AppendInt(append(text, '-'), at.WorkspaceID, 10))
}

// readCell is the cell that a form names; false for what names none.
func readCell(value string) (changes.Target, bool) {
	row, workspace, _ := strings.Cut(value, "-")
	at := changes.Target{RowKind: store.RowUser}
	switch {
	case strings.HasPrefix(row, "g"):
		at.RowKind = store.RowGroup
	case !strings.HasPrefix(row, "u"):
		return at, false
	}
	var err, otherErr error
	at.RowID, err = strconv.ParseInt(row[1:], 10, 64)
	at.WorkspaceID, otherErr = strconv.ParseInt(workspace, 10, 64)
	return at, err == nil && otherErr == nil && at.RowID > 0 && at.WorkspaceID > 0 && cellValue(at) == value
}

// rowViews are the rows with a cell for each of the columns. fates are of the
// staged steps that would not be sent.
func (g *grid) rowViews(columns []gridColumn, fates map[changes.Target]changes.Fate) []views.AssignmentRow {
	rows := make([]views.AssignmentRow, 0, len(g.rows))
	cells := make([]views.AssignmentCell, len(g.rows)*len(columns))
	for _, row := range g.rows {
		v := views.AssignmentRow{Name: row.name, Line: row.line, URL: row.url, Avatar: views.AvatarOf(row.name), Cells: cells[:len(columns):len(columns)]}
		cells = cells[len(columns):]
		for i, column := range columns {
			g.cell(&v.Cells[i], row, column, fates)
		}
		rows = append(rows, v)
	}
	return rows
}

func (g *grid) cell(v *views.AssignmentCell, row gridRow, column gridColumn, fates map[changes.Target]changes.Fate) {
	at := changes.Target{RowKind: row.kind, RowID: row.id, WorkspaceID: column.id}
	now := g.access.Cell(at.RowKind, at.RowID, at.WorkspaceID)
	step, staged := g.staged[at]
	if g.guessed[row.id] && !staged && !g.told[column.id] && row.kind == store.RowUser {
		now = changes.Cell{Membership: changes.Unread}
	}
	v.Value, v.Label, v.Workspace = cellValue(at), row.name+" in "+column.name, column.name
	v.WasMember = hasTick(now)
	v.Checked = v.WasMember
	g.describe(v, now)
	if staged {
		v.Checked = step.Op == store.OpAdd
		v.Change = stagedWord(v.Checked, v.WasMember)
		v.SetWords(g.markWords(at, now, fates[at]))
		return
	}
	if now.Lock != changes.Unlocked {
		v.Class, v.Icon, v.Disabled, v.Title = "k", lockIcon, true, capitalized(lockWords[now.Lock])
		v.Label += ": " + lockWords[now.Lock]
	}
	if held, ok := g.held[at]; ok && !now.Is(held.Op) {
		v.SetWords("Not sent. Changed in Toggl meanwhile, now " + membershipWords(now, g.access))
	}
}

// markWords are about a staged step that was rejected, or would not be sent.
func (g *grid) markWords(at changes.Target, now changes.Cell, fate changes.Fate) string {
	if step, ok := g.rejected[at]; ok {
		words, _ := rejectedWords(*step, g.access)
		return words
	}
	switch fate {
	case changes.WillHold:
		return "Changed in Toggl meanwhile, now " + membershipWords(now, g.access)
	case changes.WillNotFind:
		return "Not found in Toggl any more"
	case changes.WillBlock:
		return capitalized(lockWords[now.Lock])
	case changes.WillSend, changes.WillSkip:
	}
	return ""
}

// hasTick reports whether a box is ticked before anything is staged: a member
// of a group alone has the workspace, but no tick of their own.
func hasTick(now changes.Cell) bool {
	return now.HasAccess() && now.Membership != changes.ThroughGroup
}

func stagedWord(wanted, was bool) string {
	switch {
	case wanted == was:
		return ""
	case wanted:
		return "to be added"
	}
	return "to be removed"
}

// shownRows remembers which boxes of a form could be ticked and were: for each
// row its name and, as a number in base 36, a bit for each column. What is sent
// back differs from it where somebody has ticked.
func shownRows(rows []gridRow, drawn []views.AssignmentRow) string {
	text := make([]byte, 0, 16*len(rows))
	for i, row := range rows {
		if i > 0 {
			text = append(text, ' ')
		}
		kind := byte('u')
		if row.kind == store.RowGroup {
			kind = 'g'
		}
		var ticked uint64
		for j := range drawn[i].Cells {
			if cell := &drawn[i].Cells[j]; cell.Checked && !cell.Disabled {
				ticked |= 1 << j
			}
		}
		text = strconv.AppendInt(append(text, kind), row.id, 10)
		text = strconv.AppendUint(append(text, '.'), ticked, 36)
	}
	return string(text)
}

func shownColumns(columns []gridColumn) string {
	ids := make([]string, len(columns))
	for i, column := range columns {
		ids[i] = strconv.FormatInt(column.id, 10)
	}
	return strings.Join(ids, " ")
}
