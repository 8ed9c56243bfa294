package views

import (
	"context"
	"io"
)

// Grant is what a role has of a permission: nothing, all of it, or under
// conditions.
type Grant struct {
	Allowed    bool
	Conditions []string
}

// Text is the grant in words, without its conditions.
func (g *Grant) Text() string {
	switch {
	case !g.Allowed:
		return "Not allowed"
	case len(g.Conditions) > 0:
		return "Conditional"
	}
	return "Allowed"
}

// sign is the grant's class and icon.
func (g *Grant) sign() (class, name string) {
	switch {
	case !g.Allowed:
		return "no", "minus"
	case len(g.Conditions) > 0:
		return "cond", "circle-dashed"
	}
	return "yes", "check"
}

// Render writes the grant: an icon and a word, never a colour alone. A
// comparison has thousands; see markup.go.
func (g *Grant) Render(_ context.Context, w io.Writer) error {
	class, name := g.sign()
	if err := write(w, `<span class="pv `, class, `">`); err != nil {
		return err
	}
	if err := icon(name).write(w, ""); err != nil {
		return err
	}
	if err := write(w, ` <span>`, g.Text()); err != nil {
		return err
	}
	for _, condition := range g.Conditions {
		if err := write(w, ` <small><bdi>`, escape(condition), `</bdi></small>`); err != nil {
			return err
		}
	}
	return write(w, `</span></span>`)
}

// grantCell is a cell of the comparison; role is its label on narrow screens.
type grantCell struct {
	role  string
	grant *Grant
}

// Render writes the cell.
func (c grantCell) Render(ctx context.Context, w io.Writer) error {
	if err := write(w, `<td role="cell" data-l="`, escape(c.role), `">`); err != nil {
		return err
	}
	if err := c.grant.Render(ctx, w); err != nil {
		return err
	}
	return write(w, `</td>`)
}
