package auth

import (
	"context"
	"net/http"
)

type backgroundKey struct{}

// Background returns the request marked as one that the page makes by itself, such as
// a poll: it does not extend the session. Mark it before the session is first loaded.
func Background(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), backgroundKey{}, true))
}

func isBackground(r *http.Request) bool {
	marked, _ := r.Context().Value(backgroundKey{}).(bool)
	return marked
}
