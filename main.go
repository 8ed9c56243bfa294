// Roster is a web dashboard with which the admins of a Toggl organization see
// and change who is in it, what they may do and where.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"roster/apiclient/sandbox"
)

// version is set by the linker (see Makefile).
var version = "dev"

const usage = `Roster, a dashboard for the admins of a Toggl organization.

  roster [serve]       serve; every setting is an environment variable, see README.md
  roster demo          try it: an organization of invented people, nothing to set up
  roster sandbox       serve the stand-in for the Toggl APIs alone (-h lists its options)
  roster verify-activity
                       check that nobody has changed the log of activity
  roster healthcheck   ask the running server whether it is healthy
  roster version       print the version
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "roster:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	command := "serve"
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch command {
	case "serve":
		return serve(ctx, getenv, stderr)
	case "demo":
		return demo(ctx, getenv, stdout, stderr)
	case "sandbox":
		return sandbox.Main(ctx, args, stdout)
	case "verify-activity":
		return verifyActivity(ctx, getenv, stdout)
	case "healthcheck":
		return healthcheck(ctx, getenv)
	case "version", "-version", "--version":
		_, err := fmt.Fprintln(stdout, version)
		return err
	case "help", "-h", "-help", "--help":
		_, err := io.WriteString(stdout, usage)
		return err
	default:
		return fmt.Errorf("unknown command %q\n\n%s", command, usage)
	}
}

// serve runs the real server until ctx ends.
func serve(ctx context.Context, getenv func(string) string, stderr io.Writer) error {
	cfg, err := loadConfig(getenv)
	if err != nil {
		return fmt.Errorf("these settings need mending:\n%w", err)
	}
	log := slog.New(slog.NewJSONHandler(stderr, &slog.HandlerOptions{Level: cfg.LogLevel}))
	app, err := newApp(ctx, cfg, log)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return errors.Join(fmt.Errorf("ROSTER_ADDR: %w", err), app.Close())
	}
	log.Info("roster is ready", "addr", listener.Addr().String(), "public_url", cfg.PublicURL.String(), "version", version)
	return errors.Join(app.serve(ctx, listener), app.Close())
}

// healthcheck asks the server that the same settings describe; for containers
// that have no other tool to ask with.
func healthcheck(ctx context.Context, getenv func(string) string) error {
	values, err := readSettings(getenv)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(values["ROSTER_ADDR"])
	if err != nil {
		return fmt.Errorf("ROSTER_ADDR: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	client := http.Client{Timeout: 3 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("unhealthy: %s", response.Status)
	}
	return nil
}
