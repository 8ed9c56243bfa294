package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the tables up to date, and refuses a database that a newer Roster
// has changed: older code would misread it.
func migrate(ctx context.Context, db *sql.DB, d dialect) error {
	folder, err := fs.Sub(migrations, "migrations/"+d.name)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if d.migrating != nil {
		options = append(options, goose.WithSessionLocker(d.migrating))
	}
	provider, err := goose.NewProvider(d.goose, db, folder, options...)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if err := up(ctx, provider, d); err != nil {
		return fmt.Errorf("migrations (%s): %w", d.migrationNeeds, err)
	}
	current, newest, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if current > newest {
		return fmt.Errorf("the database is at version %d, written by a newer Roster; this one knows up to %d", current, newest)
	}
	return nil
}

// up runs the migrations that are missing. Where no lock keeps several processes from
// it, all but one fail at a step that another has just done; they look again.
func up(ctx context.Context, provider *goose.Provider, d dialect) error {
	attempts := 1
	if d.migrating == nil {
		attempts = 10 + len(provider.ListSources())
	}
	for {
		_, err := provider.Up(ctx)
		attempts--
		if err == nil || attempts == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}
