// Package services runs for tests what stands around Roster in a company: a
// certified OpenID provider and a reverse proxy.
package services

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"roster/e2e/browsertest"
)

// providerDir holds the provider's program and, once installed, its modules.
func providerDir() string { return filepath.Join(browsertest.Dir(), "idp") }

func haveProvider() bool {
	_, err := os.Stat(filepath.Join(providerDir(), "node_modules", "oidc-provider", "package.json"))
	return err == nil
}

func findNginx() (string, error) {
	for _, name := range []string{"nginx", "/usr/sbin/nginx", "/opt/homebrew/bin/nginx"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no nginx (run: make e2e-setup)")
}

// Setup installs what is missing, after browsertest.Setup has seen to Node.js: the
// provider's modules with npm, and nginx with apt-get where this is Debian and the
// user is root.
func Setup(ctx context.Context, out io.Writer) error {
	install := browsertest.NewInstaller(out)
	if !haveProvider() {
		if err := install.Modules(ctx, providerDir()); err != nil {
			return err
		}
	}
	_, err := findNginx()
	if err == nil {
		return nil
	}
	if !browsertest.CanUseApt() {
		return errors.New("no nginx: install the package nginx of your system")
	}
	return install.Apt(ctx, "nginx-light")
}

// FreeAddr is an address of this machine that nobody listens on now. Its port is not
// one that systems give to outgoing connections: between here and its use one of
// those could take it.
func FreeAddr(ctx context.Context) (string, error) {
	var err error
	for range 100 {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(10_000+rand.IntN(20_000)))
		var listener net.Listener
		if listener, err = new(net.ListenConfig).Listen(ctx, "tcp", addr); err == nil {
			return addr, listener.Close()
		}
	}
	return "", fmt.Errorf("services: no free address: %w", err)
}
