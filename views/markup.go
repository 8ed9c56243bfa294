package views

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// The parts that tables repeat in every row are written in Go: templ prints each
// expression with fmt, and sorts classes with a map, which together took a third
// of a page's time. They are types, so that a template which uses one, as in
// @icon("x"), allocates nothing for it.

// icon is a symbol of the sprite, by its name; its meaning is always in words
// beside it.
type icon string

// Render writes the symbol.
func (i icon) Render(_ context.Context, w io.Writer) error { return i.write(w, "") }

func (i icon) write(w io.Writer, class string) error {
	if class != "" {
		class = " " + class
	}
	return write(w, `<svg class="i`, escape(class), `" aria-hidden="true"><use href="`, spriteURL, escape(string(i)), `"></use></svg>`)
}

// classedIcon is an icon with a class of its own.
type classedIcon struct{ name, class string }

func iconClass(name, class string) classedIcon { return classedIcon{name, class} }

// Render writes the symbol.
func (i classedIcon) Render(_ context.Context, w io.Writer) error {
	return icon(i.name).write(w, i.class)
}

// sizedAvatar is an avatar; an empty size is the usual one.
type sizedAvatar struct {
	Avatar

	size string
}

func avatar(a Avatar, size string) sizedAvatar { return sizedAvatar{a, size} }

// Render writes the circle.
func (a sizedAvatar) Render(_ context.Context, w io.Writer) error {
	return write(w, `<span class="av `, escape(a.Tone), ` `, escape(a.size), `" aria-hidden="true">`, escape(a.Initials), `</span>`)
}

// somebody is a person with a link and a line below it.
type somebody struct {
	avatar          Avatar
	url, name, line string
}

func who(a Avatar, url, name, line string) somebody { return somebody{a, url, name, line} }

// Render writes the person.
func (s somebody) Render(ctx context.Context, w io.Writer) error {
	if err := write(w, `<span class="who">`); err != nil {
		return err
	}
	if err := avatar(s.avatar, "").Render(ctx, w); err != nil {
		return err
	}
	return write(w, `<span><a class="trunc" href="`, escape(string(templ.URL(s.url))), `"><bdi>`, escape(s.name),
		`</bdi></a> <small class="trunc"><bdi>`, escape(s.line), `</bdi></small></span></span>`)
}

// when is a moment, or a dash.
type when Time

// Render writes the moment.
func (t when) Render(_ context.Context, w io.Writer) error {
	if t.Text == "" {
		return write(w, dash)
	}
	return write(w, `<time datetime="`, escape(t.Datetime), `" title="`, escape(t.Exact), `">`, escape(t.Text), `</time>`)
}

// tag is a Tag: a box with an icon, or plain words.
type tag Tag

// Render writes the tag.
func (t tag) Render(_ context.Context, w io.Writer) error {
	if t.Plain {
		return write(w, `<span class="muted">`, escape(t.Text), `</span>`)
	}
	if err := write(w, `<span class="tag `, escape(t.Class), `">`); err != nil {
		return err
	}
	if t.Icon != "" {
		if err := icon(t.Icon).write(w, ""); err != nil {
			return err
		}
	}
	return write(w, escape(t.Text), `</span>`)
}

// status is a Status: a word behind a dot.
type status Status

// Render writes the status.
func (s status) Render(_ context.Context, w io.Writer) error {
	return write(w, `<span class="st `, escape(s.Class), `">`, escape(s.Text), `</span>`)
}

// shortList is a ShortList, or a dash.
type shortList ShortList

// Render writes the list.
func (l shortList) Render(_ context.Context, w io.Writer) error {
	if l.Text == "" {
		return write(w, dash)
	}
	if err := write(w, `<span class="list-in"><span class="trunc"><bdi>`, escape(l.Text), `</bdi></span> `); err != nil {
		return err
	}
	if l.More != "" {
		if err := write(w, `<span class="more">`, escape(l.More), `</span>`); err != nil {
			return err
		}
	}
	return write(w, `</span>`)
}

// orDash is a value, or a dash.
type orDash string

// Render writes the value.
func (s orDash) Render(_ context.Context, w io.Writer) error {
	if s == "" {
		return write(w, dash)
	}
	return write(w, `<span><bdi>`, escape(string(s)), `</bdi></span>`)
}

const dash = `<span class="faint">–</span>`

func escape(s string) string { return templ.EscapeString(s) }

// write writes parts of markup; what isn't a constant went through escape.
func write(w io.Writer, parts ...string) error {
	for _, part := range parts {
		if _, err := io.WriteString(w, part); err != nil {
			return err
		}
	}
	return nil
}
