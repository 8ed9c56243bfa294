package store

import (
	"context"
	"fmt"

	"github.com/pressly/goose/v3"
)

// dialect is what differs between kinds of databases, beside the migrations in the
// folder of its name.
type dialect struct {
	name  string
	goose goose.Dialect
}

var sqlite = dialect{name: "sqlite", goose: goose.DialectSQLite3}

// connect is the one switch over dialects.
func connect(ctx context.Context, loc location) (*Store, error) {
	switch {
	case loc.dialect == sqlite && loc.path == memoryPath:
		return connectMemory(ctx)
	case loc.dialect == sqlite:
		return connectFile(loc.path)
	default:
		return nil, fmt.Errorf("no driver for %s", loc)
	}
}
