package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"roster/apiclient/sandbox"
	"roster/auth"
	"roster/handlers"
)

// demoRate lets the demo's pages feel as they do with a warm cache: the
// sandbox has no rate limit to respect.
const demoRate = 200

// demo serves Roster on a sandbox of invented people, both in this process and
// gone when it ends. It is its own command, never a mode of a real server.
func demo(ctx context.Context, getenv func(string) string, stdout, stderr io.Writer) error {
	upstream := sandbox.New(sandbox.Options{})
	upstreamListener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	upstreamServer := newServer(upstream, log)
	go func() { _ = upstreamServer.Serve(upstreamListener) }() // ends with upstreamServer.Close
	defer upstreamServer.Close()

	cfg, listener, err := demoConfig(ctx, getenv, "http://"+upstreamListener.Addr().String())
	if err != nil {
		return err
	}
	app, err := newApp(ctx, cfg, log, func(o *handlers.Options) {
		o.API.RatePerSecond, o.API.Burst = demoRate, demoRate
		o.Demo = demoSignIns(upstream.Owner(), upstream.Admin())
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	_, err = fmt.Fprintf(stdout, "Roster's demo is at %s\nStop it with Ctrl+C; nothing is kept.\n", cfg.PublicURL)
	return errors.Join(err, app.serve(ctx, listener), app.Close())
}

// demoConfig takes the address from the environment and everything else from
// the sandbox. Where the usual port is taken, any free one serves.
func demoConfig(ctx context.Context, getenv func(string) string, upstream string) (config, net.Listener, error) {
	values := map[string]string{
		"ROSTER_ADDR":         getenv("ROSTER_ADDR"),
		"ROSTER_TRACK_URL":    upstream + "/api/v9",
		"ROSTER_FOCUS_URL":    upstream + "/focus/api",
		"ROSTER_DATABASE_URL": ":memory:",
		"ROSTER_SECRET_KEYS":  hex.EncodeToString(auth.NewKey()), // for the life of the process
	}
	if values["ROSTER_ADDR"] == "" {
		values["ROSTER_ADDR"] = "127.0.0.1:8080"
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", values["ROSTER_ADDR"])
	if err != nil && getenv("ROSTER_ADDR") == "" {
		listener, err = new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return config{}, nil, fmt.Errorf("ROSTER_ADDR: %w", err)
	}
	values["ROSTER_ADDR"] = listener.Addr().String()
	cfg, err := loadConfig(func(name string) string { return values[name] })
	if err != nil {
		return config{}, nil, errors.Join(err, listener.Close())
	}
	return cfg, listener, nil
}

func demoSignIns(people ...sandbox.Persona) []handlers.DemoSignIn {
	roles := []string{"owner", "admin"}
	signIns := make([]handlers.DemoSignIn, len(people))
	for i, person := range people {
		signIns[i] = handlers.DemoSignIn{
			Name: person.Name, Role: roles[i], APIToken: person.APIToken, FocusKey: person.FocusKey,
		}
	}
	return signIns
}
