package main

import (
	"context"

	"roster/auth"
	"roster/handlers"
	"roster/store"
)

// signInWith wires who signs people in, and has the server ready only when that can
// be done.
func signInWith(cfg config, db *store.Store, o *handlers.Options) error {
	switch cfg.AuthMode {
	case modeOIDC:
		options := cfg.OIDC
		options.Store = db
		provider, err := auth.NewOIDC(options)
		if err != nil {
			return err
		}
		o.Provider = provider
		o.Ready = allReady(db.Ping, provider.Ready)
	case modeProxyHeader:
		proxy, err := auth.NewProxyHeader(cfg.ProxyHeader)
		if err != nil {
			return err
		}
		o.Proxy = proxy
	case modeProxyJWT:
		proxy, err := auth.NewProxyJWT(cfg.ProxyJWT)
		if err != nil {
			return err
		}
		o.Proxy = proxy
		o.Ready = allReady(db.Ping, proxy.Ready)
	default:
		return nil
	}
	var err error
	o.Connections, err = auth.NewConnections(auth.ConnectionOptions{Store: db, Keys: cfg.SecretKeys})
	return err
}

// allReady returns the first fault.
func allReady(checks ...func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, check := range checks {
			if err := check(ctx); err != nil {
				return err
			}
		}
		return nil
	}
}
