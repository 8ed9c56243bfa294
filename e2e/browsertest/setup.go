package browsertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/playwright-community/playwright-go"
)

// Setup installs what Find misses: Node.js and a browser with apt-get where this
// is Debian and the user is root, the driver and axe-core with npm, and else
// Playwright's own download of the browser. It tells out what it does. Where
// everything is there it does nothing.
func Setup(ctx context.Context, out io.Writer) (Env, error) {
	s := NewInstaller(out)
	if err := s.installNode(ctx); err != nil {
		return Env{}, err
	}
	if findDriver() == "" || findAxe() == "" {
		if err := s.installDriver(ctx); err != nil {
			return Env{}, err
		}
	}
	if _, ok := findBrowser(); !ok {
		if err := s.installBrowser(ctx); err != nil {
			return Env{}, err
		}
	}
	return Find(ctx)
}

// An Installer gets what is missing on this system, and tells what it runs.
type Installer struct {
	out     io.Writer
	updated bool // apt-get update has run
}

// NewInstaller tells out what it does.
func NewInstaller(out io.Writer) *Installer { return &Installer{out: out} }

func (s *Installer) installNode(ctx context.Context) error {
	_, err := exec.LookPath("npm")
	haveDriver := findDriver() != "" && findAxe() != ""
	if findNode(ctx) != "" && (err == nil || haveDriver) {
		return nil
	}
	if !CanUseApt() {
		return errors.New("no Node.js 18 or later with npm: install it, or set PLAYWRIGHT_NODEJS_PATH")
	}
	return s.Apt(ctx, "nodejs", "npm")
}

func (s *Installer) installDriver(ctx context.Context) error {
	if err := s.Modules(ctx, Dir()); err != nil {
		return err
	}
	// The driver stops on a page error that has no place in a file. The client
	// carries a mend for that, and applies it where it believes to download.
	if err := os.Setenv("PLAYWRIGHT_NODEJS_PATH", findNode(ctx)); err != nil {
		return err
	}
	driver, err := playwright.NewDriver(&playwright.RunOptions{DriverDirectory: findDriver(), Stdout: s.out, Stderr: s.out})
	if err != nil {
		return err
	}
	return driver.DownloadDriver()
}

func (s *Installer) installBrowser(ctx context.Context) error {
	if CanUseApt() && !isUbuntu() {
		return s.Apt(ctx, "chromium-headless-shell", "fonts-inter", "fonts-noto-color-emoji")
	}
	cli := filepath.Join(findDriver(), "package", "cli.js")
	return s.run(ctx, Dir(), findNode(ctx), cli, "install", "chromium-headless-shell")
}

// CanUseApt reports whether Apt works here: this is Debian or Ubuntu and the user is root.
func CanUseApt() bool {
	return isFile("/etc/debian_version") && os.Geteuid() == 0
}

// Modules installs what the lock file in dir names.
func (s *Installer) Modules(ctx context.Context, dir string) error {
	return s.run(ctx, dir, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
}

// Apt installs Debian packages.
func (s *Installer) Apt(ctx context.Context, packages ...string) error {
	const lock = "DPkg::Lock::Timeout=300" // seconds to wait for another apt-get
	if !s.updated {
		if err := s.run(ctx, "", "apt-get", "-o", lock, "update", "-qq"); err != nil {
			return err
		}
		s.updated = true
	}
	return s.run(ctx, "", "apt-get", append([]string{"-o", lock, "install", "-y", "-qq", "--no-install-recommends"}, packages...)...)
}

func (s *Installer) run(ctx context.Context, dir, name string, args ...string) error {
	fmt.Fprintf(s.out, "e2e-setup: %s %v\n", name, args)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, s.out, s.out
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
