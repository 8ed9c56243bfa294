// Command setup installs the PostgreSQL that the store's tests need, if there is none:
//
//	go run ./store/postgrestest/setup
package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"

	"roster/store/postgrestest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	dir, err := postgrestest.Setup(ctx, os.Stderr)
	stop()
	if err != nil {
		slog.Error("tests with PostgreSQL cannot run here", "error", err)
		os.Exit(1)
	}
	slog.Info("tests with PostgreSQL can run", "programs", dir)
}
