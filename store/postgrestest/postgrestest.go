package postgrestest

import (
	"context"
	"sync"
	"testing"
)

// shared is the server of this test binary.
var shared = sync.OnceValues(func() (*Server, error) { return Start(context.Background()) })

// URL returns the address of an empty database for this test alone. The first call
// starts the server, which takes about a second. Without PostgreSQL on this system
// the test fails, and says how to get it.
func URL(t testing.TB) string {
	t.Helper()
	server, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	database, err := server.NewDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return database
}
