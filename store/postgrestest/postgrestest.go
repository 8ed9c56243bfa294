package postgrestest

import (
	"context"
	"sync"
	"testing"
)

// shared is the server of this test binary, which ends with it.
var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// URL returns the address of an empty database for this test alone. The first call
// starts the server, which takes about a second. Without PostgreSQL on this system
// the test fails, and says how to get it.
func URL(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() { shared.server, shared.err = Start(context.WithoutCancel(t.Context())) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	database, err := shared.server.NewDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return database
}
