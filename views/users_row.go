package views

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// rowBox selects a row; with all it is selected with everything else. See
// markup.go.
type rowBox struct {
	id, name string
	all      bool
}

// Render writes the box.
func (b rowBox) Render(_ context.Context, w io.Writer) error {
	end := `">`
	if b.all {
		end = `" checked disabled>`
	}
	return write(w, `<input class="cb" type="checkbox" name="id" value="`, escape(b.id), `" aria-label="Select `, escape(b.name), end)
}

// rowMenuLink opens a row's menu, and without scripts its page.
type rowMenuLink struct{ url, name string }

// Render writes the link.
func (l rowMenuLink) Render(ctx context.Context, w io.Writer) error {
	err := write(w, `<a class="btn ghost sm icon" href="`, escape(string(templ.URL(l.url))), `" data-menu="row-menu" aria-label="Actions for `, escape(l.name), `">`)
	if err != nil {
		return err
	}
	if err := icon("ellipsis").Render(ctx, w); err != nil {
		return err
	}
	return write(w, `</a>`)
}
