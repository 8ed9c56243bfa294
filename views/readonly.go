package views

import "context"

type readOnlyKey struct{}

// ReadOnly is a context in which components leave out what the person may not
// use: forms and buttons that change something, and links to pages that only do.
// It decides on nothing: the routes refuse.
func ReadOnly(ctx context.Context) context.Context {
	return context.WithValue(ctx, readOnlyKey{}, true)
}

// mayChange reports whether the person may use what changes something.
func mayChange(ctx context.Context) bool { return ctx.Value(readOnlyKey{}) == nil }
