package views

import (
	"context"
	"strings"
)

type readOnlyKey struct{}

// ReadOnly is a context in which components leave out what the person may not
// use: forms and buttons that change something, and links to pages that only do.
// It decides on nothing: the routes refuse.
func ReadOnly(ctx context.Context) context.Context {
	return context.WithValue(ctx, readOnlyKey{}, true)
}

// mayChange reports whether the person may use what changes something.
func mayChange(ctx context.Context) bool { return ctx.Value(readOnlyKey{}) == nil }

// stateClass is the cell's class where it is only shown: locks matter to those
// who would tick, and words are about what somebody has staged.
func (c *AssignmentCell) stateClass() string {
	class := strings.TrimSpace(strings.TrimSuffix(c.Class, "f"))
	if c.locked() {
		return ""
	}
	return class
}

func (c *AssignmentCell) locked() bool { return strings.HasPrefix(c.Class, "k") }

// stateLabel says in words what a box says by its tick.
func (c *AssignmentCell) stateLabel() string {
	switch {
	case c.Class != "" && !c.locked():
		return c.Label
	case c.WasMember:
		return c.Label + ", member"
	}
	return c.Label + ", not a member"
}
