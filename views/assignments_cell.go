package views

import (
	"context"
	"io"
)

// usualCell is a box of the grid with nothing to tell but its tick. A page has a
// thousand; see markup.go.
type usualCell struct{ *AssignmentCell }

// Render writes the cell.
func (c usualCell) Render(_ context.Context, w io.Writer) error {
	was, end := "0", `"></td>`
	if c.Checked {
		was, end = "1", `" checked></td>`
	}
	return write(w, `<td role="cell" data-l="`, escape(c.Workspace), `"><input type="checkbox" name="c" value="`, escape(c.Value),
		`" data-was="`, was, `" aria-label="`, escape(c.Label), end)
}
