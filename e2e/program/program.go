// Package program builds Roster and runs it as a person would, for tests in a
// browser and for screenshots.
package program

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"time"

	"roster/e2e/browsertest"
	"roster/e2e/services"
)

const (
	startTimeout = 30 * time.Second
	stopTimeout  = 10 * time.Second
)

// Build compiles the program into dir and returns its path.
func Build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "roster")
	build := exec.CommandContext(ctx, "go", "build", "-o", path, ".")
	build.Dir = filepath.Dir(browsertest.Dir())
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
}

// Program is a running Roster.
type Program struct {
	// URL is the address that it printed.
	URL string
	cmd *exec.Cmd
}

// Demo starts `roster demo` on a free port and waits until it says where it is.
// Its log goes to stderr.
func Demo(ctx context.Context, path string, stderr io.Writer) (*Program, error) {
	cmd := exec.CommandContext(ctx, path, "demo")
	cmd.Env = append(os.Environ(), "ROSTER_ADDR=127.0.0.1:0")
	said := &announcement{copyTo: io.Discard, url: make(chan string, 1)}
	cmd.Stdout, cmd.Stderr = said, stderr
	return start(cmd, said)
}

// Serve starts `roster serve` on a free port, over the sandbox at the address
// upstream, and waits until it is ready. It keeps nothing, unless further settings,
// each NAME=value, say otherwise: they win. Its log goes to stderr.
func Serve(ctx context.Context, path, upstream string, stderr io.Writer, settings ...string) (*Program, error) {
	addr, err := services.FreeAddr(ctx)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, "serve")
	cmd.Env = append(os.Environ(),
		"ROSTER_ADDR="+addr,
		"ROSTER_TRACK_URL="+upstream+"/api/v9",
		"ROSTER_FOCUS_URL="+upstream+"/focus/api",
		"ROSTER_DATABASE_URL=:memory:",
		"ROSTER_TOGGL_RATE=100", // the sandbox has no pace of its own to keep
		"ROSTER_SECRET_KEYS="+SecretKey(),
	)
	cmd.Env = append(cmd.Env, settings...)
	said := &announcement{copyTo: stderr, url: make(chan string, 1)}
	cmd.Stderr = said
	return start(cmd, said)
}

// SecretKey is a random master key, as its setting takes it.
func SecretKey() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return hex.EncodeToString(key)
}

func start(cmd *exec.Cmd, said *announcement) (*Program, error) {
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopTimeout
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &Program{cmd: cmd}
	select {
	case p.URL = <-said.url:
		return p, nil
	case <-time.After(startTimeout):
		return nil, errors.Join(errors.New("the program did not say where it is"), p.Stop())
	}
}

// Stop ends the program as an operator would, and waits for it.
func (p *Program) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return p.cmd.Wait()
}

// Kill ends the program as a failing machine would: at once, with nothing finished.
func (p *Program) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return err
	}
	_ = p.cmd.Wait() // "signal: killed"
	return nil
}

var printedURL = regexp.MustCompile(`http://[0-9.]+:[0-9]+`)

// An announcement watches what a program prints for the first address in it: the
// demo's greeting, or the line that says that the server is ready.
type announcement struct {
	copyTo io.Writer
	url    chan string // holds one
	once   sync.Once
}

func (a *announcement) Write(text []byte) (int, error) {
	if url := printedURL.Find(text); url != nil {
		a.once.Do(func() { a.url <- string(url) })
	}
	return a.copyTo.Write(text)
}
