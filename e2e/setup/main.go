// Command setup installs what the browser tests need and is not there yet:
//
//	go run ./e2e/setup
package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"

	"roster/e2e/browsertest"
	"roster/e2e/services"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	env, err := browsertest.Setup(ctx, os.Stderr)
	if err == nil {
		err = services.Setup(ctx, os.Stderr)
	}
	stop()
	if err != nil {
		slog.Error("browser tests cannot run here", "error", err)
		os.Exit(1)
	}
	slog.Info("browser tests can run", "node", env.Node, "driver", browsertest.DriverVersion, "browser", env.Browser)
}
