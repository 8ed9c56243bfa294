package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"roster/apiclient"
	"roster/auth"
	"roster/handlers"
	"roster/store"
)

// How long the server waits for a peer. A slow answer of Toggl is waited for
// within requestTimeout, so writeTimeout is longer.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 90 * time.Second
	idleTimeout       = 2 * time.Minute
	stopTimeout       = 20 * time.Second
	cleanupInterval   = 10 * time.Minute
)

// app is the wired program: everything that lives as long as the process.
type app struct {
	store    *store.Store
	sessions *auth.Sessions
	handlers *handlers.Handlers
	log      *slog.Logger
	metrics  string
}

// newApp opens the database and wires the rooms: config → store → client
// factory → auth → handlers.
func newApp(ctx context.Context, cfg config, log *slog.Logger, options ...func(*handlers.Options)) (*app, error) {
	db, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return nil, err
	}
	opts := handlers.Options{
		PublicURL:      cfg.PublicURL,
		TrustedProxies: cfg.TrustedProxies,
		Policy:         cfg.Policy,
		Recheck:        cfg.OIDCRecheck,
		Shared: apiclient.Credentials{
			APIToken: cfg.SharedTrack.APIToken, Email: cfg.SharedTrack.Email, Password: cfg.SharedTrack.Password, FocusKey: cfg.SharedFocusKey,
		},
		Store:   db,
		Needs:   []handlers.Need{{Name: "database", Check: db.Ping}},
		Log:     log,
		Version: version,
		API:     apiclient.Options{TrackURL: cfg.TrackURL, FocusURL: cfg.FocusURL, UserAgent: "roster/" + version, RatePerSecond: cfg.TogglRate},
	}
	opts.Sessions, err = auth.NewSessions(auth.SessionOptions{
		Store: db, Keys: cfg.SecretKeys, PublicURL: cfg.PublicURL, AllowPlainHTTP: cfg.AllowPlainHTTP,
		Idle: cfg.SessionIdle, Absolute: cfg.SessionAbsolute,
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := signInWith(cfg, db, &opts); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	for _, option := range options {
		option(&opts)
	}
	h, err := handlers.New(opts)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &app{store: db, sessions: opts.Sessions, handlers: h, log: log, metrics: cfg.MetricsAddr}, nil
}

// Close releases the database.
func (a *app) Close() error { return a.store.Close() }

// serve answers on listener, and metrics on a listener of their own, until ctx
// ends; then it lets running requests and changes finish.
func (a *app) serve(ctx context.Context, listener net.Listener) error {
	servers := []*http.Server{newServer(a.handlers, a.log)}
	listeners := []net.Listener{listener}
	if a.metrics != "" {
		metricsListener, err := new(net.ListenConfig).Listen(ctx, "tcp", a.metrics)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		servers = append(servers, newServer(a.handlers.Metrics(), a.log))
		listeners = append(listeners, metricsListener)
	}
	failed := make(chan error, len(servers))
	for i, server := range servers {
		go func() { failed <- server.Serve(listeners[i]) }()
	}
	go a.cleanUp(ctx)

	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	for _, server := range servers {
		err = errors.Join(err, server.Shutdown(stopping))
	}
	if closed := a.handlers.Close(stopping); closed != nil {
		a.log.Warn("a change was cut off", "error", closed)
	}
	return err
}

// cleanUp removes sessions that have ended, change sets that are long done, and
// records that have expired from the database now and then.
func (a *app) cleanUp(ctx context.Context) {
	tick := time.NewTicker(cleanupInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := a.sessions.Sweep(ctx); err != nil {
				a.log.Warn("expired sessions stay in the database", "error", err)
			}
			if _, err := a.store.DeleteOldChangeSets(ctx, time.Now()); err != nil {
				a.log.Warn("old change sets stay in the database", "error", err)
			}
			if _, err := a.store.DeleteExpiredRecords(ctx, time.Now()); err != nil {
				a.log.Warn("expired records stay in the database", "error", err)
			}
		}
	}
}

func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
