// Package program builds Roster and runs it as a person would, for tests in a
// browser and for screenshots.
package program

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"roster/e2e/browsertest"
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

var printedURL = regexp.MustCompile(`http://[0-9.]+:[0-9]+`)

// Demo starts `roster demo` on a free port and waits until it says where it is.
// Its log goes to stderr.
func Demo(ctx context.Context, path string, stderr io.Writer) (*Program, error) {
	cmd := exec.CommandContext(ctx, path, "demo")
	cmd.Env = append(os.Environ(), "ROSTER_ADDR=127.0.0.1:0")
	cmd.Stderr = stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopTimeout
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &Program{cmd: cmd}
	said := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(stdout).ReadString('\n') // an end without a line says nothing
		said <- printedURL.FindString(line)
	}()
	select {
	case p.URL = <-said:
	case <-time.After(startTimeout):
	}
	if p.URL == "" {
		return nil, errors.Join(errors.New("the demo did not say where it is"), p.Stop())
	}
	return p, nil
}

// Stop ends the program as an operator would, and waits for it.
func (p *Program) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return p.cmd.Wait()
}
